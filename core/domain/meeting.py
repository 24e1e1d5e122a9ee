"""A meeting on its day: its seats, who chairs, whether it may decide, and its planned times."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.procedure.bodies import Body, CaseTiming
from core.domain.procedure.membership import Attendance, Attendee, MostMembers, Post
from core.domain.procedure.on_agenda import OnAgenda


class MeetingState(StrEnum):
    """Planned until the first person is marked present, open until somebody closes it.

    A planned one may be cancelled: it is not held, and stays in the calendar with the reason.
    """

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


#: At these nothing more happens: no case goes there, and nothing is recorded.
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


class BookingState(StrEnum):
    """What became of a case on an agenda."""

    BOOKED = "booked"
    HEARD = "heard"
    TABLED = "tabled"
    WITHDRAWN = "withdrawn"


OFF_AGENDA = frozenset({BookingState.TABLED, BookingState.WITHDRAWN})
"""What is still to be seen on an agenda and takes no place on it any more."""


class Presence(StrEnum):
    """Where the person in a seat is."""

    EXPECTED = "expected"
    PRESENT = "present"
    APOLOGIES = "apologies"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sit: ``id`` is None for a name that was typed, who has no account.

    ``outside`` says that they come from outside the authority.
    """

    name: str
    id: int | None = None
    public_id: str = ""
    grade: str = ""
    job: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """How long somebody sat in a seat at one go; ``left_at`` None: until the end, or still."""

    who: Person
    substitute: bool
    arrived_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sat:
    """Everything that one person sat in one seat, stay by stay."""

    seat: Seat
    who: Person
    substitute: bool
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """One post of a body at one meeting, or one holder's place in a post that several hold.

    ``of`` is the account whose place it is in such a post, 0 in every other.
    ``holder`` holds the post on the meeting's date (None: the post is empty); ``sitter`` is who is
    in the seat, a substitute where ``substitute`` is true; ``version`` 0 was never marked.
    ``earlier`` are the stays that ended before the one that began at ``arrived_at``.
    """

    post: Post
    holder: Person | None = None
    sitter: Person | None = None
    substitute: bool = False
    state: Presence = Presence.EXPECTED
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    version: int = 0
    earlier: tuple[Stay, ...] = ()
    of: int = 0

    @property
    def key(self) -> str:
        """What tells it from every other seat of the meeting."""
        return f"{self.post.code}_{self.of}" if self.of else self.post.code

    @property
    def stays(self) -> tuple[Stay, ...]:
        """Every coming and going in this seat, in its order."""
        if self.sitter is None or self.arrived_at is None:
            return self.earlier
        return (*self.earlier, Stay(self.sitter, self.substitute, self.arrived_at, self.left_at))

    @property
    def sat(self) -> tuple[Sat, ...]:
        """Who sat in this seat, each once with all their stays, in the order they first came."""
        found: dict[tuple[int | None, str], Sat] = {}
        for stay in self.stays:
            so_far = found.get(same_person(stay.who))
            stays = (*so_far.stays, stay) if so_far else (stay,)
            found[same_person(stay.who)] = Sat(self, stay.who, stay.substitute, stays)
        attending = self.state in (Presence.PRESENT, Presence.LEFT)
        if self.sitter is not None and attending and same_person(self.sitter) not in found:
            found[same_person(self.sitter)] = Sat(self, self.sitter, self.substitute)
        return tuple(found.values())

    @property
    def away(self) -> Person | None:
        """Who sent apologies: the holder also where a substitute took the seat."""
        if self.state is Presence.APOLOGIES and not self.substitute:
            away = self.sitter
        elif self.substitute or self.state is Presence.APOLOGIES:
            away = self.holder or self.sitter
        else:
            return None
        if away is None or any(same_person(one.who) == same_person(away) for one in self.sat):
            return None
        return away

    @property
    def attendee(self) -> Attendee | None:
        """As the membership rules see it; nobody where the seat is empty."""
        if self.sitter is None:
            return None
        return Attendee(
            name=self.sitter.name,
            post=self.post.code,
            present=self.state in (Presence.PRESENT, Presence.LEFT),
            person="" if self.sitter.id is None else str(self.sitter.id),
            substitute=self.substitute,
            offices=frozenset({self.sitter.grade} if self.sitter.grade else ()),
            left=self.state is Presence.LEFT,
            expected=self.state is Presence.EXPECTED,
            grade=self.sitter.grade,
            grade_of_holder=self.holder.grade if self.holder else "",
            outside=self.sitter.outside,
        )


Somebody = tuple[int | None, str]


def same_person(person: Person) -> Somebody:
    """What two mentions of one person have in common: the account, else the name as typed."""
    return person.id, "" if person.id else person.name.casefold()


def usual_chair(body: Body, attendance: Attendance) -> Attendee | None:
    """Who takes the chair without being named: as the procedure says, else by the posts' order.

    A substitute takes only a chair that no procedure lays down (``takes_chair``), and only where
    nobody is here who holds a post that chairs.
    """
    if body.chairing is not None:
        return body.chairing.usual_chair(attendance)
    for substitutes in (False, True):
        for post in body.order:
            for one in attendance.members_here:
                if (
                    one.post == post.code
                    and stands_in(post, one) is substitutes
                    and takes_chair(post, one)
                ):
                    return one
    return None


def stands_in(post: Post, attendee: Attendee) -> bool:
    """Whether somebody sits in a seat for another; not where it is the case that brings them."""
    return attendee.substitute and not post.from_case


def takes_chair(post: Post, attendee: Attendee) -> bool:
    """Whether somebody in a post that chairs takes the chair by themself: not for its holder.

    The next post in the order does then. But where the procedure does not lay down whose the chair
    is, neither does it say that a substitute cannot sit there: the authority has put them there.
    """
    return not stands_in(post, attendee) or not post.laid_down


def sitting(
    body: Body,
    seats: Iterable[Seat],
    named: int | None,
    leave_given: bool | None,
    agenda: tuple[OnAgenda, ...] = (),
    withdrawn: Collection[Somebody] = (),
) -> Attendance:
    """The attendance with its chair: the usual one, else the person ``named`` where allowed.

    ``named`` is an account's id; ``leave_given`` the recorded decision on going ahead without a
    usual chair, None where none is recorded. Who has ``withdrawn`` from an item takes no part in
    it: who chairs is asked of the others.
    """
    seated = [
        (a, seat.sitter is not None and same_person(seat.sitter) in withdrawn)
        for seat in seats
        if (a := seat.attendee) is not None
    ]
    without = Attendance(
        tuple(a for a, gone in seated if not gone),
        leave_to_proceed=leave_given is True,
        agenda=agenda,
        withdrawn=tuple(a for a, gone in seated if gone),
    )
    chosen = next((a for a in without.members_here if a.person and a.person == str(named)), None)
    usual = usual_chair(body, without)
    if body.chairing is None:
        return replace(without, chair=chosen or usual)
    return replace(without, chair=usual or (chosen if without.leave_to_proceed else None))


def may_take_chair(body: Body, attendance: Attendance) -> tuple[Attendee, ...]:
    """Who of those here can be named chair: nobody while a usual chair takes it by themselves."""
    accounts = tuple(a for a in attendance.members_here if a.person)
    if body.chairing is None:
        return accounts
    if usual_chair(body, attendance) is not None or not attendance.leave_to_proceed:
        return ()
    return tuple(a for a in accounts if body.chairing.may_chair(a))


def too_many(body: Body, attendance: Attendance) -> tuple[Finding, ...]:
    """What the rules on the number of members find: the member who is one too many is refused."""
    return tuple(
        finding
        for rule in body.membership
        if isinstance(rule, MostMembers)
        for finding in rule.findings(attendance)
    )


def kept_out(body: Body, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
    """What the rules have against this very person in this seat: their grade, or their referral."""
    return tuple(
        finding for rule in body.membership for finding in rule.against(attendance, attendee)
    )


def can_withdraw(seats: Iterable[Seat]) -> tuple[Person, ...]:
    """Who can withdraw from an item: whoever is in a seat or holds its post, each once."""
    found: dict[Somebody, Person] = {}
    for seat in seats:
        for person in (seat.sitter, seat.holder):
            if person is not None:
                found.setdefault(same_person(person), person)
    return tuple(found.values())


def in_two_seats(seats: Iterable[Seat]) -> str:
    """The name of somebody who is marked as attending in two seats, else ""."""
    taken: set[Somebody] = set()
    for seat in seats:
        if seat.sitter is None or seat.state not in (Presence.PRESENT, Presence.LEFT):
            continue
        who = same_person(seat.sitter)
        if who in taken:
            return seat.sitter.name
        taken.add(who)
    return ""


def too_soon(held_on: date, on: date) -> tuple[Finding, ...]:
    """What the day ``on`` says to what is only done at a meeting, held on ``held_on``."""
    if held_on <= on:
        return ()
    return (Finding(f"The meeting is on {day(held_on)}: it opens on its day", "meeting-open"),)


def state_findings(state: MeetingState, held_on: date, on: date) -> tuple[Finding, ...]:
    """What the state of a meeting, and its day, say to a decision taken on ``on``."""
    if state not in OVER and (early := too_soon(held_on, on)):
        return early
    match state:
        case MeetingState.CANCELLED:
            return (Finding("The meeting is cancelled: nothing is recorded in it", "meeting-open"),)
        case MeetingState.PLANNED:
            return (Finding("The meeting has not begun: nobody is here yet", "meeting-open"),)
        case MeetingState.CLOSED:
            return (Finding("The meeting is closed: nothing more is recorded", "meeting-open"),)
        case _:
            return ()


def planned_times(
    on: date, starts_at: time, timing: CaseTiming | None, cases: int
) -> tuple[tuple[time, time], ...]:
    """From when to when each case is planned; nothing where no minutes are laid down."""
    if timing is None:
        return ()
    begin = datetime.combine(on, starts_at)
    length = timedelta(minutes=timing.minutes)
    return tuple(
        ((begin + n * length).time(), (begin + (n + 1) * length).time()) for n in range(cases)
    )

"""How a meeting stands: who is there, who chairs, what the rules find, whether it may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.domain import substitutes
from core.domain.chair_order import InOrder, chair_order, out_of_order
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import (
    MeetingState,
    Presence,
    Seat,
    Somebody,
    may_take_chair,
    sitting,
    state_findings,
    too_soon,
    usual_chair,
)
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Attendance, Attendee, Quorum
from core.domain.procedure.on_agenda import OnAgenda
from core.domain.sight import Relation, What, ways
from core.registry import Registry
from core.store import agenda, meetings, seats
from core.store.cases import CaseRow
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.store.withdrawals import Withdrawn
from core.usecases import editions

CLOSED = Finding("The meeting is closed: what was recorded stays as it is")
CANCELLED = Finding("The meeting is cancelled: nothing is recorded in it")


class NoMeeting(LookupError):
    """There is no such meeting among those that the asker sees."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting as it stands: who is there, who chairs, what the rules find, whether it may decide.

    ``findings`` are the membership rules' and, where it has not begun or is closed, one that says
    so; ``quorum`` says in words whether it is quorate. The procedure has the authority's own
    figures of the meeting's date. Four to six queries.
    """

    meeting: MeetingRow
    procedure: Procedure
    body: Body
    seats: tuple[Seat, ...]
    attendance: Attendance
    findings: tuple[Finding, ...]

    @property
    def chair(self) -> Attendee | None:
        return self.attendance.chair

    @property
    def may_decide(self) -> bool:
        return not blocking(self.findings)

    @property
    def membership(self) -> tuple[Finding, ...]:
        """The findings about who is there, without the one about the state."""
        return tuple(f for f in self.findings if f.code != "meeting-open")

    @property
    def quorum(self) -> str:
        if faults := blocking(self.membership):
            return "; ".join(finding.message for finding in faults)
        here = len(self.attendance.members_here)
        members = f"{here} {'member is' if here == 1 else 'members are'} here"
        return f"Quorate: {members}" if self.quorum_rule is not None else members

    @property
    def quorum_rule(self) -> Quorum | None:
        """What the procedure lays down on the quorum; None where it lays down nothing."""
        return next((rule for rule in self.body.membership if isinstance(rule, Quorum)), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """What lacks to the quorum, in words."""
        rule = self.quorum_rule
        return rule.missing(self.attendance) if rule is not None else ()

    @property
    def chair_order(self) -> tuple[InOrder, ...]:
        """Who takes the chair without being named, in the order laid down."""
        return chair_order(self.body, self.seats, self.attendance)

    @property
    def on_hold(self) -> bool:
        """Nobody who usually chairs is here or comes, and nobody gave leave to go ahead."""
        return on_hold(self.meeting.state, self.body, self.seats, self.attendance)

    @property
    def first_in_order(self) -> Attendee | None:
        """Whom the order gives the chair as the meeting stands; None where it gives nobody."""
        return usual_chair(self.body, self.attendance)

    @property
    def candidates(self) -> tuple[Attendee, ...]:
        """Who of those here can be named chair."""
        return may_take_chair(self.body, self.attendance)

    def seat(self, key: str) -> Seat | None:
        """The seat with this key: of a post that one person holds its code."""
        return next((seat for seat in self.seats if seat.key == key), None)


def on_hold(state: str, body: Body, seats: Iterable[Seat], attendance: Attendance) -> bool:
    """Whether a meeting in this state is on hold, with these in its seats.

    One that has not begun is only once a chairing post sent its apologies; one that is cancelled
    never is.
    """
    rule = body.chairing
    if rule is None or state == MeetingState.CANCELLED or not rule.on_hold(attendance):
        return False
    return state != MeetingState.PLANNED or any(
        seat.post.code in rule.posts and seat.state is Presence.APOLOGIES for seat in seats
    )


def standing(scope: Scope, registry: Registry, meeting_id: int) -> Standing:
    """How a meeting stands, by its id; NoMeeting where the asker does not see it."""
    return _standing(scope, registry, meetings.find_by_id(scope, meeting_id))


def standing_of(scope: Scope, registry: Registry, public_id: str) -> Standing:
    """How a meeting stands, by the id in its address; NoMeeting where the asker does not see it."""
    return _standing(scope, registry, meetings.find(scope, public_id))


def _standing(scope: Scope, registry: Registry, meeting: MeetingRow | None) -> Standing:
    if meeting is None:
        raise NoMeeting
    code, edition = meeting.procedure_code, meeting.procedure_edition
    procedure = editions.kept(scope, registry, code, edition, meeting.held_on)
    body = procedure.body(meeting.body_code) if procedure is not None else None
    if procedure is None or body is None:
        raise NoMeeting
    seated, booked = seats.seats(scope, meeting, body), agenda.as_rules_see(scope, meeting.id)
    return reckoned(meeting, procedure, body, seated, scope.on, booked)


def reckoned(
    meeting: MeetingRow,
    procedure: Procedure,
    body: Body,
    seated: tuple[Seat, ...],
    on: date,
    booked: tuple[OnAgenda, ...],
    withdrawn: Collection[Somebody] = (),
) -> Standing:
    """How a meeting would stand on a day with these seats and cases: no query."""
    attendance = sitting(body, seated, meeting.chair_id, meeting.leave_given, booked, withdrawn)
    state = state_findings(MeetingState(meeting.state), meeting.held_on, on)
    rules = (*body.findings(attendance), *substitutes.findings(body, attendance))
    findings = (*state, *rules, *_named(meeting, body, attendance))
    return Standing(meeting, procedure, body, seated, attendance, findings)


def _named(meeting: MeetingRow, body: Body, attendance: Attendance) -> tuple[Finding, ...]:
    """That somebody is named to chair whom the order does not give, with the reason kept."""
    chair = attendance.chair
    if chair is None or not chair.person or chair.person != str(meeting.chair_id):
        return ()
    found = out_of_order(body, attendance, chair)
    if found is None:
        return ()
    why = f"Reason: {meeting.chair_why}" if meeting.chair_why else "No reason is recorded"
    return (replace(found, message=f"{found.message}. {why}"),)


def for_item(now: Standing, withdrawals: Iterable[Withdrawn], on: date) -> Standing:
    """How a meeting stands for one item: without those who are out of it. No query.

    Quorum and chair are asked again of the others; for the next item the meeting stands as before.
    """
    out = frozenset(one.who for one in withdrawals if one.out)
    booked = now.attendance.agenda
    return reckoned(now.meeting, now.procedure, now.body, now.seats, on, booked, out)


def runs(scope: Scope, now: Standing) -> bool:
    """Whether somebody runs this meeting: the administrator, a chairing post, its named chair."""
    return scope.has("panel.administrator") or chairs(scope, now)


def reads_whole(scope: Scope, now: Standing) -> bool:
    """Whether notes and minutes, which can name anybody, are this person's to read.

    They are where the person sees every child, runs the meeting, or holds a post of its body, from
    the agenda's circulation until the minutes are ratified.
    """
    every = scope.everything or Relation.EVERY_CHILD in ways(scope.roles, What.MINUTES)
    posts = (post.code for post in now.body.posts)
    sits = scope.holds(now.meeting.procedure_code, now.body.code, *posts)
    open_to_members = (
        now.meeting.circulated_at is not None
        and now.meeting.ratified_at is None
        and now.meeting.state != MeetingState.CANCELLED
    )
    return every or runs(scope, now) or (sits and open_to_members)


def chairs_body(scope: Scope, procedure_code: str, body: Body) -> bool:
    """Whether the asker holds a post that chairs this very body of this very procedure."""
    posts = (post.code for post in body.posts if post.chairs is not None)
    return scope.holds(procedure_code, body.code, *posts)


def chair_only(scope: Scope, case: CaseRow, body: Body) -> None:
    """Refuse what is the chair's to do to whoever holds no post that chairs the case's body."""
    if not chairs_body(scope, case.procedure_code, body):
        raise Refused(Finding(f"Only who chairs the {body.title} can do this"))


def chairs(scope: Scope, now: Standing) -> bool:
    """Whether somebody holds a post that chairs this body, or is named chair of this meeting."""
    named = now.meeting.chair_id is not None and now.meeting.chair_id == scope.account_id
    return named or chairs_body(scope, now.meeting.procedure_code, now.body)


def begun(scope: Scope, now: Standing, field: str) -> None:
    """Refuse, beside a field, what is only done at the meeting, before the meeting's day."""
    if early := too_soon(now.meeting.held_on, scope.on):
        raise Refused(*(replace(finding, field=field) for finding in early))


def locked(scope: Scope, registry: Registry, public_id: str) -> Standing:
    """How the meeting stands once nobody else can change it; refused once it is over."""
    return _standing(scope, registry, locked_meeting(scope, public_id))


def locked_meeting(scope: Scope, public_id: str) -> MeetingRow:
    """The meeting once nobody else can change it; a closed or cancelled one is refused."""
    found = meetings.find(scope, public_id)
    if found is None:
        raise NoMeeting
    meetings.lock(scope, found.id)
    now = meetings.find(scope, public_id)
    if now is None:
        raise NoMeeting
    if now.state == MeetingState.CLOSED:
        raise Refused(CLOSED)
    if now.state == MeetingState.CANCELLED:
        raise Refused(CANCELLED)
    return now

"""Who sits: posts and who holds them, the attendance of a meeting, and what the rules find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.finding import Finding, Strength
from core.domain.procedure.escalation import Whom
from core.domain.procedure.holding import Holding
from core.domain.procedure.on_agenda import OnAgenda
from core.domain.procedure.on_day import ChildOnDay, Reason
from core.domain.procedure.rule import Rule
from core.domain.staff import GRADES

MEMBER = "member"


@dataclass(frozen=True, kw_only=True)
class Office(Rule):
    """A post of no body, such as a Deputy Director: it decides and approves outside meetings."""


@dataclass(frozen=True, kw_only=True)
class Post(Rule):
    """A seat in a body. ``chairs`` is the order in which posts take the chair (1 first).

    ``laid_down`` is false for a seat of which the procedure speaks without saying whose it is:
    the authority sets that, and the pages say so. ``optional`` is a seat that
    may stay empty, ``several`` one that several people may hold at once. ``from_case`` is whom the
    case itself brings ("the manager of the child's team"): nobody holds such a seat from a day to
    a day; ``whom`` is who that is by what they are to the child, ``roles`` those of whom one comes
    where the child has nobody of their own. ``instead_of`` is the post of which either this or that
    one attends. ``reading`` says what of the post is how we read the procedure; ``chairs_local``
    that the authority has set its place in the order of the chair.
    """

    chairs: int | None = None
    grades: tuple[str, ...] = ()
    sits: str = MEMBER
    laid_down: bool = True
    optional: bool = False
    several: bool = False
    from_case: str = ""
    whom: tuple[Whom, ...] = ()
    roles: tuple[str, ...] = ()
    instead_of: str = ""
    reading: str = ""
    chairs_local: str = ""


@dataclass(frozen=True, kw_only=True)
class Invited(Rule):
    """Somebody who comes for a case and is no member; ``when`` says to which cases.

    To a planning meeting ``asks`` says of a child on its day whether they are invited and why;
    without it they always are. ``whom`` and ``roles`` are as of a post; ``family`` are people
    without an account, named as they are typed. ``rationale``: not inviting them needs a reason on
    the child's file. ``views``: theirs are gained before, or they are told after, where they do
    not come. ``set_here`` says that to which children is set here, not by the procedure.
    ``named_here`` lets an authority give it its own name.
    """

    when: str = ""
    asks: Callable[[ChildOnDay], Reason] | None = None
    whom: tuple[Whom, ...] = ()
    roles: tuple[str, ...] = ()
    family: bool = False
    rationale: bool = False
    views: bool = False
    set_here: bool = False
    named_here: bool = False


@dataclass(frozen=True, slots=True)
class Attendee:
    """One member at one meeting, or absent from it.

    ``post`` is the post's code, or None for somebody invited; ``substitute`` says they stand in
    for its holder; ``offices`` are grades and offices held ("head-of-service"); ``left`` is true
    from the moment they leave; ``expected`` that they are not here yet and sent no apologies.
    ``grade`` is theirs and ``grade_of_holder`` that of who holds the post, "" where not known;
    ``outside`` says that they come from outside the authority.
    """

    name: str
    post: str | None
    present: bool
    person: str = ""
    substitute: bool = False
    offices: frozenset[str] = frozenset()
    left: bool = False
    expected: bool = False
    grade: str = ""
    grade_of_holder: str = ""
    outside: bool = False

    @property
    def here(self) -> bool:
        return self.present and not self.left


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is at a meeting, who chairs it, and the leave given where no usual chair is there.

    ``agenda`` are its cases. Asked for one of them alone, ``withdrawn`` are those who have
    withdrawn from it, whom ``attendees`` then leaves out.
    """

    attendees: tuple[Attendee, ...]
    chair: Attendee | None = None
    leave_to_proceed: bool = False
    agenda: tuple[OnAgenda, ...] = ()
    withdrawn: tuple[Attendee, ...] = ()

    @property
    def members_here(self) -> tuple[Attendee, ...]:
        return tuple(attendee for attendee in self.attendees if attendee.here)

    @property
    def others_here(self) -> tuple[Attendee, ...]:
        """The members here besides the chair."""
        return tuple(a for a in self.members_here if a is not self.chair and a != self.chair)

    def brought_by(self, attendee: Attendee) -> bool:
        """Whether somebody refers a case of the agenda."""
        return any(attendee.person == str(who) for case in self.agenda for who in case.brought_by)


@dataclass(frozen=True, kw_only=True)
class MembershipRule(Rule):
    """A question over an attendance, answered with findings; one over who holds the posts too."""

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        raise TypeError(f"{type(self).__name__} has to say what it finds")

    def of_holders(
        self, posts: tuple[Post, ...], holding: tuple[Holding, ...]
    ) -> tuple[Finding, ...]:
        """What it finds in who holds the posts of its body on a day; nothing unless it says so."""
        return ()

    def against(self, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
        """What it says to somebody in a seat; nothing unless it says so."""
        return ()

    def found(
        self, message: str, strength: Strength = Strength.BLOCKS, field: str = "attendance"
    ) -> Finding:
        return Finding(self.said(message), self.code, self.clauses, strength, field)


@dataclass(frozen=True, kw_only=True)
class Quorum(MembershipRule):
    """The chair and at least so many other members."""

    others: int

    def missing(self, attendance: Attendance) -> tuple[str, ...]:
        """What lacks to the quorum, in words."""
        more = self.others - len(attendance.others_here)
        chair = attendance.chair is not None and attendance.chair.here
        lacking = () if more <= 0 else (f"{more} more {'member' if more == 1 else 'members'}",)
        return lacking if chair else ("a chair", *lacking)

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        faults: list[Finding] = []
        if attendance.chair is None or not attendance.chair.here:
            faults.append(self.found("Not quorate: there is no chair yet", field="chair"))
        others = len(attendance.others_here)
        if others < self.others:
            besides = " besides those who have withdrawn" if attendance.withdrawn else ""
            faults.append(
                self.found(
                    f"Not quorate: the chair and at least {self.others} other members are needed, "
                    f"and {others} other {'member is' if others == 1 else 'members are'} here"
                    f"{besides}"
                )
            )
        return tuple(faults)


@dataclass(frozen=True, kw_only=True)
class MostMembers(MembershipRule):
    """No more than so many members at a meeting, the chair among them.

    Each seat counts once, whoever sat in it one after another, and also when they have left. The
    posts ``in_turn`` take one place in turn (the chair, and who takes the chair's place): who sits
    there once the other has left is not one more. Two of them in the room at once are two.
    """

    most: int
    in_turn: tuple[str, ...] = ()

    def count(self, attendance: Attendance) -> int:
        """How many members sit at the meeting, or have sat there."""
        came = [attendee for attendee in attendance.attendees if attendee.present]
        taking_turns = [attendee for attendee in came if attendee.post in self.in_turn]
        at_once = sum(attendee.here for attendee in taking_turns)
        return len(came) - len(taking_turns) + max(at_once, min(len(taking_turns), 1))

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        count = self.count(attendance)
        if count <= self.most:
            return ()
        return (
            self.found(
                f"At most {self.most} members sit at a meeting, the chair among them: "
                f"{count} are marked as attending"
            ),
        )

    def of_holders(
        self, posts: tuple[Post, ...], holding: tuple[Holding, ...]
    ) -> tuple[Finding, ...]:
        """Counted are those whose seat is a member's: not who sits in the chair's place."""
        seats = {post.code for post in posts if post.sits == MEMBER}
        count = len({one.person for one in holding if one.post in seats})
        if count <= self.most:
            return ()
        message = f"At most {self.most} members sit at a meeting, the chair among them"
        return (self.found(f"{message}: {count} people hold a member’s post", field="who"),)


@dataclass(frozen=True, kw_only=True)
class InternalOnly(MembershipRule):
    """Nobody from outside the authority is a member."""

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        there = (one for one in attendance.attendees if one.here or one.expected)
        return tuple(finding for one in there for finding in self.against(attendance, one))

    def against(self, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
        """What it says to somebody in a seat; who is not here yet is warned of."""
        strength = Strength.WARNS if attendee.expected else Strength.BLOCKS
        return (self._outside(attendee.name, strength),) if attendee.outside else ()

    def of_holders(
        self, posts: tuple[Post, ...], holding: tuple[Holding, ...]
    ) -> tuple[Finding, ...]:
        return tuple(self._outside(one.name) for one in holding if one.outside)

    def _outside(self, name: str, strength: Strength = Strength.BLOCKS) -> Finding:
        message = f"{name} comes from outside: members are from inside the authority only"
        return self.found(message, strength, field="outside")


@dataclass(frozen=True, kw_only=True)
class SameGradeSubstitute(MembershipRule):
    """Who stands in for a member has the grade in which the member holds the post.

    Asked of the seats ``posts`` only, such as those of the core members.
    """

    posts: tuple[str, ...]

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        there = (one for one in attendance.attendees if one.here or one.expected)
        return tuple(finding for one in there for finding in self.against(attendance, one))

    def against(self, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
        """Another grade is refused; of one that is not known it is said so."""
        name, grade, wanted = attendee.name, attendee.grade, attendee.grade_of_holder
        if not attendee.substitute or attendee.post not in self.posts:
            return ()
        if grade and grade == wanted:
            return ()
        if not grade or not wanted:
            whose = "who holds the post" if grade else name
            message = f"{name} is a substitute, and the grade of {whose} is not known"
            return (self.found(message, Strength.WARNS),)
        message = (
            f"{name}, {GRADES.get(grade, grade)}, cannot stand in: a substitute has the grade of "
            f"who holds the post, {GRADES.get(wanted, wanted)}"
        )
        return (self.found(message),)

    def of_holders(
        self, posts: tuple[Post, ...], holding: tuple[Holding, ...]
    ) -> tuple[Finding, ...]:
        return tuple(
            self.found(
                f"The grade of {one.name} is not known: a substitute has the same grade",
                Strength.WARNS,
                "grade",
            )
            for one in holding
            if one.post in self.posts and not one.grade
        )


@dataclass(frozen=True, kw_only=True)
class NotOwnReferral(MembershipRule):
    """A manager who refers a case of the agenda does not sit as a member; a substitute may.

    Managers are those of one of ``grades``, and whoever takes one of the seats ``posts``.
    """

    posts: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        there = (a for a in attendance.attendees if a.here or a.expected)
        return tuple(finding for one in there for finding in self.against(attendance, one))

    def against(self, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
        """What it says to somebody in a seat; who is not here yet is warned of."""
        manager = attendee.post in self.posts or not attendee.offices.isdisjoint(self.grades)
        if not manager or not attendance.brought_by(attendee):
            return ()
        message = (
            f"{attendee.name} refers a case on this agenda, and so does not sit as a member at "
            "this meeting: a substitute may take the seat"
        )
        return (self.found(message, Strength.WARNS if attendee.expected else Strength.BLOCKS),)


@dataclass(frozen=True, kw_only=True)
class ChairedBy(MembershipRule):
    """Only holders of an office chair; first those posts in order; else with leave to proceed.

    ``office`` is whom alone the procedure lets chair; ``posts`` are the posts that chair in their
    order; ``leave_from`` is who decides whether the meeting goes ahead with none of them, asked
    by ``leave_asked_by``.
    """

    office: str
    office_words: str
    posts: tuple[str, ...]
    leave_from: str
    leave_words: str
    leave_asked_by: str = ""

    def may_chair(self, attendee: Attendee) -> bool:
        return self.office in attendee.offices

    def usual_chair(self, attendance: Attendance) -> Attendee | None:
        """The first of the chairing posts whose own holder is here; a substitute does not count."""
        for post in self.posts:
            for attendee in attendance.members_here:
                if attendee.post == post and not attendee.substitute and self.may_chair(attendee):
                    return attendee
        return None

    def still_expected(self, attendance: Attendance) -> bool:
        """Whether a holder of a chairing post can still come and take the chair."""
        return any(
            a.expected and a.post in self.posts and not a.substitute and self.may_chair(a)
            for a in attendance.attendees
        )

    def on_hold(self, attendance: Attendance) -> bool:
        """Each usual chair is away or left, or their posts are empty, and no leave is given."""
        return (
            self.usual_chair(attendance) is None
            and not self.still_expected(attendance)
            and not attendance.leave_to_proceed
        )

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        chair, usual = attendance.chair, self.usual_chair(attendance)
        if self.on_hold(attendance):
            return (self.found(self._why_on_hold(attendance), field="leave"),)
        if chair is None:
            return ()
        if not self.may_chair(chair):
            return (
                self.found(
                    f"{chair.name} cannot chair: only {self.office_words} may", field="chair"
                ),
            )
        if usual is not None and chair != usual:
            return (
                self.found(f"{usual.name} is here and chairs before {chair.name}", field="chair"),
            )
        return ()

    def _why_on_hold(self, attendance: Attendance) -> str:
        """Those who withdrew say why before those who are not here: of the meeting no leave helps.

        Where they have left besides, the meeting is on hold and leave can be recorded for it.
        """
        usual = [
            one
            for one in attendance.withdrawn
            if one.post in self.posts and not one.substitute and self.may_chair(one)
        ]
        if not usual:
            return self.leave_words
        names = " and ".join(one.name for one in usual)
        withdrew = f"{names} {'has' if len(usual) == 1 else 'have'} withdrawn"
        if not any(one.here or one.expected for one in usual):
            away = f"{'is' if len(usual) == 1 else 'are'} not here"
            return f"{withdrew} from this item, and {away}. {self.leave_words}"
        return (
            f"Nobody who usually chairs takes part in this item: {withdrew}. "
            "Table the case for another meeting"
        )

"""A body that meets and decides: its posts, its schedule and its agenda."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain.finding import Finding
from core.domain.procedure.copies import Copy
from core.domain.procedure.membership import (
    Attendance,
    ChairedBy,
    InternalOnly,
    Invited,
    MembershipRule,
    Post,
    SameGradeSubstitute,
)
from core.domain.procedure.rule import Rule
from core.domain.procedure.schedule import Schedule


class AgendaKind(StrEnum):
    """What stands under an agenda item, so that a page knows what to show there."""

    PURPOSE = "purpose"
    STATEMENT = "statement"
    INTRODUCTIONS = "introductions"
    PREVIOUS = "previous"
    CASES = "cases"
    REVIEW = "review"
    OTHER_BUSINESS = "other business"
    NEXT_DATE = "next date"


@dataclass(frozen=True, kw_only=True)
class AgendaItem(Rule):
    """One numbered item; ``text`` is the document's own words where it has some."""

    kind: AgendaKind
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseTiming(Rule):
    """The minutes that a case may take: presenting, discussion, summing up."""

    presenting: int
    discussion: int
    summing_up: int

    @property
    def minutes(self) -> int:
        return self.presenting + self.discussion + self.summing_up


@dataclass(frozen=True, kw_only=True)
class MostCases(Rule):
    """At most so many cases presented at one meeting."""

    most: int

    def findings(self, booked: int) -> tuple[Finding, ...]:
        """What it says to one more case where ``booked`` are on the agenda already."""
        if booked < self.most:
            return ()
        cases = "1 case is" if self.most == 1 else f"{self.most} cases are"
        return (
            Finding(
                self.said(f"The agenda is full: at most {cases} presented at one meeting"),
                self.code,
                self.clauses,
                field="meeting",
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ViewsHeard(Rule):
    """The views of the child, the parents and others are before the chair, in whatever form."""


@dataclass(frozen=True, kw_only=True)
class Body(Rule):
    """A panel or a planning meeting, with what its procedure lays down for it.

    ``of_one_child``: it meets about one child at a time, when that child needs it, and so has no
    calendar of its own. Of any other body without a schedule the authority sets the days.
    ``record`` is the code of the form on which what is said at it is written, "" for none;
    ``copies`` are those to whom that record is sent.
    ``weighs_options`` says that options for permanence are weighed at it and a plan is made.
    """

    schedule: Schedule | None = None
    of_one_child: bool = False
    record: str = ""
    weighs_options: bool = False
    views: ViewsHeard | None = None
    posts: tuple[Post, ...] = ()
    membership: tuple[MembershipRule, ...] = ()
    invited: tuple[Invited, ...] = ()
    copies: tuple[Copy, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    most_cases: MostCases | None = None
    timing: CaseTiming | None = None

    def post(self, code: str) -> Post | None:
        return next((post for post in self.posts if post.code == code), None)

    @property
    def chairing(self) -> ChairedBy | None:
        return next((rule for rule in self.membership if isinstance(rule, ChairedBy)), None)

    @property
    def internal_only(self) -> bool:
        """Whether it is asked of everybody who sits if they come from outside."""
        return any(isinstance(rule, InternalOnly) for rule in self.membership)

    def asks_grade(self, post: Post) -> bool:
        """Whether a substitute in a post is asked for their grade."""
        rules = (rule for rule in self.membership if isinstance(rule, SameGradeSubstitute))
        return bool(post.grades) or any(post.code in rule.posts for rule in rules)

    @property
    def order(self) -> tuple[Post, ...]:
        """The posts that take the chair, in their order."""
        chairing = (post for post in self.posts if post.chairs is not None)
        return tuple(sorted(chairing, key=lambda post: post.chairs or 0))

    @property
    def order_laid_down(self) -> tuple[Post, ...]:
        """Those of them whose place in the order the procedure lays down: the first ones."""
        return tuple(
            post
            for post in self.order
            if post.laid_down and not post.reading and not post.chairs_local
        )

    def findings(self, attendance: Attendance) -> tuple[Finding, ...]:
        """Every finding of every membership rule: none that blocks means the meeting may decide."""
        return tuple(finding for rule in self.membership for finding in rule.findings(attendance))

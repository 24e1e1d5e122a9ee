"""When things are due: deadlines in every form, declared with what they run from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.dated import OF_CASES, Course, Dated, of_record
from core.domain.dates import Period
from core.domain.procedure.rule import Rule


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A limit day worked out from an anchor (core.domain.dated.ANCHORS, or a day of the record).

    ``anchor_words`` say the anchor in a sentence: "becoming looked after". The limit is ``period``
    after or before it; without a period it is the day before. ``by_age`` gives the period by the
    age on the anchor's day, as (under this age, period), the last with None. ``weekday`` (Monday is
    0) is the last such day before, and the working day before that where it is a day off.
    ``latest`` is the code of a deadline that says the latest possible day of the anchor while it
    has not happened: what runs to a review that is not held yet runs to when it must be.
    ``before_next`` are codes of deadlines: the limit is the day before the next of theirs that is
    to come on the anchor's day, or that day itself where one is late.
    ``missing`` says what to enter where the anchor is not known.
    """

    anchor: str
    anchor_words: str
    period: Period | None = None
    direction: Direction = Direction.AFTER
    by_age: tuple[tuple[int | None, Period], ...] = ()
    weekday: int | None = None
    latest: str = ""
    before_next: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Deadline(Rule, Run):
    """A limit day with its reason: a period after or before an anchor, and more.

    ``or_earlier`` are further runs: the earliest day counts. ``met_by`` are the anchors that meet
    it, and nothing else does; ``met_early`` says that one before the anchor meets it too;
    ``meets`` says of one whether it does (of what happened and of the anchor), and ``met_late``
    that one after the limit day does anyway. ``asks_for`` is the code of a body: it asks for a
    meeting of that body about the child, and is met by it.
    ``repeats`` begins it anew from the day on which it was met, ``then`` with these periods in
    their order, the last again and again. It runs ``until`` one of these anchors, and not beyond
    the end of care; with ``beyond_care``, as proceedings go on, up to the 18th birthday.
    ``not_for`` says why it does not concern a child, or "". ``soon`` is the number of days before
    the limit from which the state is "soon". ``set_here`` marks a period that is set here, not by
    the procedure: the authority may set another. ``own`` says that of the kind of entry from which
    it runs only days of the same entry meet and end it. ``since`` is the day from which it counts,
    where that is later than the procedure's. ``stands`` says that what meets it in time must still
    hold on the limit day, and ``there_from`` names the anchor with which it comes. ``asks_entry``
    is the kind of entry of the record in which what it asks is answered.
    """

    or_earlier: tuple[Run, ...] = ()
    met_by: tuple[str, ...] = ()
    met_early: bool = False
    meets: Callable[[Course, Dated, date], bool] | None = None
    met_late: bool = False
    asks_for: str = ""
    repeats: bool = False
    then: tuple[Period, ...] = ()
    then_words: str = ""
    until: tuple[str, ...] = ()
    beyond_care: bool = False
    not_for: Callable[[Course, date], str] | None = None
    soon: int = 3
    set_here: bool = False
    own: bool = False
    since: date | None = None
    stands: bool = False
    there_from: str = ""
    asks_entry: str = ""

    @property
    def of_case(self) -> bool:
        """Whether it is a deadline of a case, not of the child."""
        return self.anchor in OF_CASES

    @property
    def runs_again(self) -> bool:
        """Whether it begins anew from the day on which it was met."""
        return self.repeats or bool(self.then)

    @property
    def meeting(self) -> tuple[str, ...]:
        """Every anchor that meets it."""
        return (*self.met_by, *((f"meeting.{self.asks_for}",) if self.asks_for else ()))

    @property
    def of_record(self) -> bool:
        """Whether it tells of the plan and record: by what it runs from, is met by or ends with."""
        runs = (self.anchor, *(run.anchor for run in self.or_earlier))
        return any(map(of_record, (*runs, *self.meeting, *self.until)))

"""Who acts next for a child: one rule, for the board and for the child's own page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.case import CaseState
from core.domain.dates import day
from core.store.cases_under_way import CaseUnderWay
from core.web import asker

NOBODY = "Nobody"
ACCEPTS = "The chair or a manager"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody who acts: who, what, by when if there is a day, and where that stands.

    ``late``: its day is over on the day as at which it is asked.
    ``note`` is said after it; ``address`` is "" where there is none, or the page is not asked for
    it.
    """

    who: str
    what: str
    due: date | None = None
    address: str = ""
    late: bool = False
    note: str = ""

    @property
    def said(self) -> str:
        """What is to be done, with its day."""
        if self.due is None:
            return self.what
        when = f", late since {day(self.due)}" if self.late else f" by {day(self.due)}"
        return f"{self.what}{when}{self.note}"


NOTHING = Step(NOBODY, "No open action, and nothing is late")


def of_action(
    what: str, owner: str, due: date, on: date, address: str = "", *, waits: bool
) -> Step:
    """An open action as at a day; ``waits``: it is said to be done, and not accepted yet."""
    if waits:
        return Step(ACCEPTS, f"Accept or send back: {what}, said to be done", None, address)
    return Step(owner or NOBODY, what, due, address, late=due < on)


def of_date(
    title: str, due: date, workers: Sequence[str], address: str = "", *, late: bool
) -> Step:
    """A date of the child: it waits for the worker, or for nobody where there is none."""
    note = "" if workers else "; no worker is allocated"
    return Step(", ".join(workers) or NOBODY, title, due, address, late, note)


def of_case(case: CaseUnderWay, address: str = "") -> Step:
    """A case under way: for whom it waits."""
    panel = asker.registry().body_title(case.procedure_code, case.procedure_edition, case.body_code)
    match case.state:
        case CaseState.DRAFT | CaseState.RETURNED:
            what = f"Complete the referral to {panel} and send it"
            return Step(case.referrer or "The referrer", what, None, address)
        case CaseState.SUBMITTED:
            what = f"Accept the referral to {panel}, or send it back"
            return Step("The chair", what, case.coming, address)
        case CaseState.QUEUED:
            what = f"Give the case a place at {panel}: the agenda is full"
            return Step("The chair", what, case.coming, address)
    return Step(panel, "Consider the case", case.coming, address)


def first(
    action: Step | None, late: Step | None, cases: Iterable[Step], ahead: Step | None
) -> Step:
    """Who acts next, of what is open.

    Whose the soonest action to be done is, or for whom the longest late date waits; else who
    accepts what is said to be done; else whoever has the case or the next date, the soonest; a
    case that has no day comes before those that have one.
    """
    if action is not None and action.due is not None:
        if late is None or late.due is None or action.due <= late.due:
            return action
    if late is not None:
        return late
    if action is not None:
        return action
    coming = [*cases, *([ahead] if ahead is not None else [])]
    return min(coming, key=lambda step: step.due or date.min, default=NOTHING)

"""How a row of the board is said: on its page, and in the files that are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.board_views import VIEWS, View
from core.domain.clauses import SET_HERE
from core.domain.dates import day
from core.domain.procedure import Procedure
from core.domain.record.plan import NATIONAL_ONLY, OPTIONS
from core.domain.ssda903_codes import words
from core.store.board_rows import Row
from core.web import acts_next, child_words
from core.web.acts_next import Step, of_action, of_case, of_date

STATES = {
    "none": ("None", "grey"),
    "unknown": ("How far is not recorded", "grey"),
    "provisional": ("Provisional", "yellow"),
    "agreed": ("Agreed", "blue"),
    "achieved": ("Achieved", "green"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is in a saved view, with the clauses of the authority's procedures for it."""

    title: str
    why: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words. ``who`` acts next and does ``what``; "" where there is nothing to say."""

    row: Row
    name: str
    age: str
    since: str
    legal: str
    legal_since: str
    placement: str
    placement_since: str
    plan: str
    state: str
    colour: str
    state_on: str
    match: str
    who: str
    what: str
    reasons: tuple[Reason, ...]


def cited(procedures: Iterable[Procedure]) -> dict[str, tuple[str, ...]]:
    """By the code of a view the clauses on which it stands, in the order of the procedures."""
    found: dict[str, tuple[str, ...]] = {}
    for procedure in procedures:
        for view in procedure.views:
            found[view.code] = (*found.get(view.code, ()), *view.clauses)
    return found


def line(row: Row, on: date, clauses: Mapping[str, tuple[str, ...]], first: str = "") -> Line:
    """A row in words as at a day; the reason of the view that was asked for comes first."""
    state, colour = STATES[row.plan_state]
    step = _next(row, on)
    views = sorted((v for v in VIEWS if row.views & v.bit), key=lambda v: v.code != first)
    return Line(
        row,
        child_words.full_name(row),
        child_words.age(row.born, row.birth_expected, on),
        since(row, on),
        words("LS", row.legal_status) if row.legal_status else "",
        _began(row.legal_since, row.legal_since_known),
        words("PLACE", row.placement) if row.placement else "",
        _began(row.placement_since, row.placement_since_known),
        plan(row.plan),
        state,
        colour,
        day(row.plan_state_on) if row.plan_state_on is not None else "",
        match(row),
        step.who,
        step.said,
        tuple(_reason(view, row, on, clauses) for view in views),
    )


def _reason(view: View, row: Row, on: date, clauses: Mapping[str, tuple[str, ...]]) -> Reason:
    return Reason(view.title, view.why(row, on), clauses.get(view.code, ()))


def since(row: Row, on: date) -> str:
    """How long a child has been looked after: "at least" where the start is not known."""
    days = (on - row.started).days
    said = f"{days:,} day{'' if days == 1 else 's'}"
    return said if row.started_known else f"At least {said}: start not known"


def _began(on: date | None, known: bool) -> str:
    if on is None:
        return ""
    return f"since {day(on)}" if known else f"since before {day(on)}"


def plan(code: str) -> str:
    return OPTIONS.get(code) or NATIONAL_ONLY.get(code) or code


def match(row: Row) -> str:
    """Whether a child in foster care is matched with the current carers; "" for the others."""
    if row.match == "yes":
        return f"Matched {day(row.matched_on)}" if row.matched_on is not None else "Matched"
    return "No match recorded" if row.match == "no" else ""


def _next(row: Row, on: date) -> Step:
    """Who acts next as at a day, and what they do."""
    late, action, ahead = row.late, row.action, row.next
    return acts_next.first(
        of_action(action.what, action.owner, action.due, on, waits=action.waits)
        if action
        else None,
        of_date(late.title, late.on, row.workers, late=True) if late else None,
        (of_case(case) for case in row.cases),
        of_date(ahead.title, ahead.on, row.workers, late=False) if ahead else None,
    )


HEADINGS = (
    "Local id", "Name", "Date of birth", "Age", "Team", "Worker", "Looked after since",
    "Start known", "Days looked after", "Legal status", "Legal status since",
    "Legal status since known", "Placement", "Placement since", "Placement since known", "Plan",
    "State of the plan", "State since", "Next date", "Next date is for",
    "Its clauses", "Late since", "Late is", "Clauses of what is late", "Match", "Matched on",
    "Last PPM", "Last panel", "Actions overdue", "Most often rolled", "Who acts next", "What",
    "Saved views, each with its reason",
)  # fmt: skip

Cell = str | int | date | None


def cells(line: Line, on: date) -> tuple[Cell, ...]:
    """A row as a file has it, under HEADINGS: days as days, numbers as numbers."""
    row, late, ahead = line.row, line.row.late, line.row.next
    return (
        row.local_id, line.name, row.born, _age(line), row.team, ", ".join(row.workers),
        row.started, _known(row.started, row.started_known), (on - row.started).days,
        line.legal, row.legal_since, _known(row.legal_since, row.legal_since_known),
        line.placement, row.placement_since, _known(row.placement_since, row.placement_since_known),
        line.plan, line.state, row.plan_state_on,
        ahead.on if ahead else None, ahead.title if ahead else "",
        ", ".join(ahead.clauses) if ahead else "",
        late.on if late else None, late.title if late else "",
        ", ".join(late.clauses) if late else "",
        {"yes": "yes", "no": "no match recorded"}.get(row.match, "not in foster care"),
        row.matched_on, row.last_planning, row.last_panel, row.overdue, row.rolled,
        line.who, line.what,
        "; ".join(f"{reason.title}: {reason.why} ({_cited(reason)})" for reason in line.reasons),
    )  # fmt: skip


def _age(line: Line) -> Cell:
    """Whole years as a number, so that a spreadsheet puts them in order; else as it is said."""
    return int(line.age) if line.age.isdecimal() else line.age


def _known(on: date | None, known: bool) -> str:
    """Whether the day on which something began is known, beside that day."""
    if on is None:
        return ""
    return "yes" if known else "no: the earliest day in hand"


def _cited(reason: Reason) -> str:
    return ", ".join(reason.clauses) or SET_HERE

"""The saved views of the board: for each a rule that says of a child's row why it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from core.domain.board import FOSTERING, SECTION_20_DAYS
from core.domain.dates import day
from core.domain.record.plan import OPTIONS
from core.domain.ssda903_codes import LONG_TERM_FOSTERING, WITH_PARENTS

REVIEWS, ROLLS = 3, 2
"""At so many reviews the same plan, and an action rolled so often: set here, not by a procedure."""
CARE_ORDERS = frozenset({"C1", "C2"})
FOSTERED_FOR_LONG = frozenset({"long-term-fostering", "connected-fostering"})
MADE = frozenset({"agreed", "achieved"})


class Row(Protocol):
    """What a view looks at of a child's row: the facts of core.domain.board, and the actions."""

    @property
    def started(self) -> date: ...
    @property
    def started_known(self) -> bool: ...
    @property
    def legal_status(self) -> str: ...
    @property
    def legal_since(self) -> date | None: ...
    @property
    def legal_since_known(self) -> bool: ...
    @property
    def section_20_limit(self) -> date | None: ...
    @property
    def placement(self) -> str: ...
    @property
    def plan(self) -> str: ...
    @property
    def plan_state(self) -> str: ...
    @property
    def plan_since(self) -> date | None: ...
    @property
    def plan_reviews(self) -> int | None: ...
    @property
    def match(self) -> str: ...
    @property
    def placement_order(self) -> bool: ...
    @property
    def placement_order_on(self) -> date | None: ...
    @property
    def placed_for_adoption(self) -> bool: ...
    @property
    def second_review(self) -> date | None: ...
    @property
    def second_review_held(self) -> bool: ...
    @property
    def rolled(self) -> int: ...


Why = Callable[[Row, date], str]


@dataclass(frozen=True, slots=True)
class View:
    """A saved view; ``why`` gives its reason for a row as at a day, "" where it is not in it.

    ``bit`` is its place among the views that are kept of a row.
    """

    code: str
    title: str
    about: str
    bit: int
    why: Why


def planned(code: str) -> str:
    """A primary plan in words within a sentence."""
    title = OPTIONS.get(code, "")
    return title[:1].lower() + title[1:] if title else "a plan that is not specified"


def _no_agreed_plan(row: Row, on: date) -> str:
    if row.plan_state in MADE or row.second_review is None or row.second_review >= on:
        return ""
    said = {
        "none": "No plan is recorded",
        "unknown": "Whether the plan is agreed is not recorded",
    }.get(row.plan_state, f"The plan, {planned(row.plan)}, is not agreed")
    if row.second_review_held:
        return f"{said}; the second review was held by {day(row.second_review)}"
    return f"{said}; the last lawful day of the second review was {day(row.second_review)}"


def _not_matched(row: Row, on: date) -> str:
    if row.match != "no" or row.placement not in FOSTERING:
        return ""
    if row.placement in LONG_TERM_FOSTERING:
        said = "In a long-term foster placement"
    elif row.plan in FOSTERED_FOR_LONG and row.plan_state != "none":
        said = f"In foster care with the plan of {planned(row.plan)}"
    else:
        return ""
    return f"{said}; no match with the current carers is recorded"


def _with_parents(row: Row, on: date) -> str:
    if row.placement not in WITH_PARENTS or row.legal_status not in CARE_ORDERS:
        return ""
    order = "a care order" if row.legal_status == "C2" else "an interim care order"
    return f"Placed with parents under {order} that is not discharged{_since(row)}"


def _section_20(row: Row, on: date) -> str:
    if row.section_20_limit is None or row.section_20_limit >= on or row.legal_since is None:
        return ""
    days = (on - row.legal_since).days
    least = "" if row.legal_since_known else "at least "
    return f"Accommodated under section 20 for {least}{days:,} days{_since(row)}"


def _since(row: Row) -> str:
    if row.legal_since is None:
        return ""
    if row.legal_since_known:
        return f", since {day(row.legal_since)}"
    return f", since before {day(row.legal_since)}"


def _not_placed(row: Row, on: date) -> str:
    if not row.placement_order or row.placed_for_adoption:
        return ""
    if row.placement_order_on is None:
        return "There is a placement order, its day not known; the child is not placed for adoption"
    days = (on - row.placement_order_on).days
    return (
        f"Placement order of {day(row.placement_order_on)}, {days:,} days ago; the child is not "
        "placed for adoption"
    )


def _same_plan(row: Row, on: date) -> str:
    if row.plan_state in ("none", "achieved") or (row.plan_reviews or 0) < REVIEWS:
        return ""
    since = f" since {day(row.plan_since)}" if row.plan_since is not None else ""
    return f"The plan has been {planned(row.plan)}{since}, at {row.plan_reviews} reviews"


def _rolled(row: Row, on: date) -> str:
    if row.rolled < ROLLS:
        return ""
    return f"An open action stood overdue at {row.rolled} meetings"


def _start_unknown(row: Row, on: date) -> str:
    if row.started_known:
        return ""
    return (
        "When the child became looked after is not known: the earliest day in hand is "
        f"{day(row.started)}"
    )


VIEWS = (
    View(
        "no-agreed-plan", "No agreed plan past the second review",
        "The second review was held, or had to be by law, and no plan is agreed or achieved",
        1, _no_agreed_plan,
    ),
    View(
        "not-matched", "Long-term fostered and not matched",
        "In long-term foster care, or in foster care with that plan, and no decision that matches "
        "the child with the current carers; the code of a placement is no proof",
        2, _not_matched,
    ),
    View(
        "with-parents", "Placed with parents, order not discharged",
        "Placed with parents under an interim or full care order", 4, _with_parents,
    ),
    View(
        "section-20", "Section 20 over 12 weeks",
        f"Accommodated by agreement in an unbroken run: from day {SECTION_20_DAYS + 1}",
        8, _section_20,
    ),
    View(
        "order-not-placed", "Placement order and not placed",
        "There is a placement order, and the child is not placed for adoption", 16, _not_placed,
    ),
    View(
        "same-plan", "Same plan at three reviews",
        f"The same primary plan at {REVIEWS} reviews or more, and not achieved", 32, _same_plan,
    ),
    View(
        "rolled-twice", "Action rolled twice",
        f"An open action stood overdue at {ROLLS} meetings or more that considered the child",
        64, _rolled,
    ),
    View(
        "start-unknown", "Start unknown",
        "The day on which the child became looked after is not in hand", 128, _start_unknown,
    ),
)  # fmt: skip

BY_CODE: Mapping[str, View] = MappingProxyType({view.code: view for view in VIEWS})


def bits(row: Row, on: date) -> int:
    """The views that a row is in, as at a day, as one number."""
    return sum(view.bit for view in VIEWS if view.why(row, on))

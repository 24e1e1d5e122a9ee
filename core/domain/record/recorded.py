"""An entry of a child's record with what is said of it; which plan is in use, and on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise

from core.domain.dates import london_day
from core.domain.record.plan import STANDS_FOR
from core.domain.record.statements import InUse, Statement, in_use

FIRST = date.min
ALIKE_DAYS = 31


@dataclass(frozen=True)
class Recorded:
    """One entry. ``taken_out_at`` is set where a person took it out: it is history then.

    ``version`` moves with every change; ``parent_id`` is the entry of which this is a part.
    """

    id: int
    public_id: str
    kind: str
    made_at: datetime
    statements: tuple[Statement, ...] = ()
    parent_id: int | None = None
    key: str = ""
    version: int = 1
    taken_out_at: datetime | None = None
    taken_out_by: str = ""
    taken_out_why: str = ""

    @property
    def stands(self) -> bool:
        return self.taken_out_at is None

    @cached_property
    def values(self) -> Mapping[str, InUse]:
        """By field, the value in use and what else is said; a field not recorded is left out."""
        return in_use(self.statements)

    def value(self, field: str) -> str:
        """The value in use, "" where none is recorded."""
        said = self.values.get(field)
        return said.value if said is not None else ""

    def day(self, field: str) -> date | None:
        """The value of a day; None where none is recorded."""
        try:
            return date.fromisoformat(self.value(field))
        except ValueError:
            return None

    @property
    def stated_by_file(self) -> bool:
        return any(not said.typed for said in self.statements)

    @property
    def ended(self) -> bool:
        """Whether a plan, match or other arrangement is over."""
        return self.value("state") == "ended" or bool(self.value("ended_on"))

    @property
    def disagreements(self) -> Mapping[str, tuple[Statement, ...]]:
        """By field, what current sources say that does not agree with the value in use."""
        found = {
            name: tuple(
                said for said in used.disagree if not agree(self.kind, name, said.value, used.value)
            )
            for name, used in self.values.items()
            if used.others
        }
        return {name: said for name, said in found.items() if said}


def agree(kind: str, field: str, one: str, other: str) -> bool:
    """Whether two values can both be true: a file may know only a wider word for a plan."""
    if kind == "plan" and field == "primary":
        return one == other or other in STANDS_FOR.get(one, ()) or one in STANDS_FOR.get(other, ())
    return one == other


def _plan_rank(entry: Recorded) -> tuple[bool, date, int]:
    """Plans with a day of their own by it; then those of lists, which say no day."""
    on = entry.day("identified_on") or entry.day("agreed_on") or entry.day("achieved_on")
    primary = entry.values.get("primary")
    said = primary.statement if primary is not None else None
    as_at = (said.as_at if said is not None else None) or FIRST
    dated = on is not None or (said is not None and said.typed)
    return dated, on or as_at, entry.id


def plans(entries: Iterable[Recorded]) -> list[Recorded]:
    """The plans that stand, the latest first."""
    found = [entry for entry in entries if entry.kind == "plan" and entry.stands]
    return sorted(found, key=lambda plan: (_own(plan), _plan_rank(plan)), reverse=True)


def _own(plan: Recorded) -> bool:
    """Whether it was said of the child's own record, and not of one merged into it."""
    primary = plan.values.get("primary")
    return primary is None or not primary.statement.said_of


def plan_in_use(entries: Iterable[Recorded]) -> Recorded | None:
    """The latest plan that has not ended."""
    return next((plan for plan in plans(entries) if not plan.ended), None)


def plan_otherwise(entries: Iterable[Recorded]) -> Recorded | None:
    """The plan that a file says and that is not the plan in use; None where none disagrees.

    Beside a typed plan it is what the newest file of a kind says on or after the day on which the
    plan was typed, whatever day it gives the plan; beside a file's, a later list without a day.
    """
    listed = plans(entries)
    used = next((plan for plan in listed if not plan.ended), None)
    if used is None:
        return None
    own, since, _ = _plan_rank(used)
    typed = typed_on(used)
    newest = _newest(listed)
    for other in listed:
        dated, as_at, _ = _plan_rank(other)
        primary = other.values.get("primary")
        if other is used or primary is None or not primary.value:
            continue
        said = primary.statement
        if typed is not None and not said.typed:
            later = (said.as_at or FIRST) >= typed and said.as_at == newest[said.format]
        else:
            later = False
        if not later and (dated or not own or as_at < since):
            continue
        if not agree("plan", "primary", primary.value, used.value("primary")):
            return other
    return None


def typed_on(plan: Recorded) -> date | None:
    """The day for which a person typed the plan; None where a file says it."""
    said = plan.values["primary"].statement if "primary" in plan.values else None
    if said is None or not said.typed:
        return None
    return said.as_at or (london_day(said.stated_at) if said.stated_at else FIRST)


def _newest(plans: Iterable[Recorded]) -> dict[str, date]:
    """The last day for which each kind of file says a plan."""
    newest: dict[str, date] = {}
    for plan in plans:
        primary = plan.values.get("primary")
        for said in (primary.statement, *primary.others) if primary is not None else ():
            newest[said.format] = max(newest.get(said.format, FIRST), said.as_at or FIRST)
    return newest


def proceedings_alike(entries: Iterable[Recorded]) -> list[tuple[Recorded, Recorded]]:
    """Proceedings that have not ended, issued so close together that they may be the same."""
    found = sorted(
        (
            (start, entry.id, entry)
            for entry in entries
            if entry.kind == "proceedings" and entry.stands and not entry.ended
            and (start := entry.day("issued_on")) is not None
        ),
        key=lambda one: one[:2],
    )  # fmt: skip
    return [
        (one, other)
        for (since, _, one), (start, _, other) in pairwise(found)
        if (start - since).days <= ALIKE_DAYS
    ]


def plan_state(plan: Recorded) -> str:
    """How far a plan is: as recorded, or as its days tell; "" where neither does."""
    if said := plan.value("state"):
        return said
    days = (("ended", "ended_on"), ("achieved", "achieved_on"), ("agreed", "agreed_on"))
    return next((state for state, field in days if plan.value(field)), "")


def latest(entries: Iterable[Recorded], kind: str, field: str) -> Recorded | None:
    """The entry of a kind that stands with the latest day in a field; one without a day last."""
    found = [entry for entry in entries if entry.kind == kind and entry.stands]
    return max(found, key=lambda entry: (entry.day(field) or FIRST, entry.id), default=None)


def proceedings_on(entries: Iterable[Recorded], on: date) -> bool | None:
    """Whether the child is in recorded proceedings on a day: issued, and no final order yet.

    False where all that were issued by then have ended; None where none are recorded by then.
    """
    issued = False
    for entry in entries:
        start = entry.day("issued_on")
        if entry.kind != "proceedings" or not entry.stands or start is None or start > on:
            continue
        issued = True
        end = entry.day("ended_on")
        if end is None or end > on:
            return True
    return False if issued else None

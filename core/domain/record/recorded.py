"""An entry of a child's record with what is said of it; which plan is in use, and on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from core.domain.dates import london_day
from core.domain.record.listed import values_of
from core.domain.record.plan import STANDS_FOR, UNSPECIFIED
from core.domain.record.statements import InUse, Statement

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
        return values_of(self.kind, self.statements)

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


def _day_rank(plan: Recorded) -> tuple[bool, date, int]:
    """Plans with a day of their own by it; then those of lists, which say no day."""
    on, said = _own_day(plan), _said(plan)
    as_at = (said.as_at if said is not None else None) or FIRST
    return on is not None or typed_on(plan) is not None, on or as_at, plan.id


def _own_day(plan: Recorded) -> date | None:
    """The first of its own days that is recorded: when it was identified, agreed or achieved."""
    return plan.day("identified_on") or plan.day("agreed_on") or plan.day("achieved_on")


def _plan_rank(plan: Recorded) -> tuple[bool, bool, bool, tuple[bool, date, int]]:
    """Plans that say which option it is first; of them those that a person typed, whatever day a
    file gives its plan; of them those of the child's own record, and not of one merged into it;
    then by their days."""
    return _identified(plan), typed_on(plan) is not None, _own(plan), _day_rank(plan)


def plans(entries: Iterable[Recorded]) -> list[Recorded]:
    """The plans that stand, the latest first."""
    found = [entry for entry in entries if entry.kind == "plan" and entry.stands]
    return sorted(found, key=lambda plan: (_own(plan), _day_rank(plan)), reverse=True)


def _said(plan: Recorded) -> Statement | None:
    """The statement from which the plan's option is taken."""
    primary = plan.values.get("primary")
    return primary.statement if primary is not None else None


def _own(plan: Recorded) -> bool:
    """Whether it was said of the child's own record, and not of one merged into it."""
    said = _said(plan)
    return said is None or not said.said_of


def _identified(plan: Recorded) -> bool:
    """Whether it says an option at all: words that nobody knows take no plan's place."""
    return plan.value("primary") not in ("", UNSPECIFIED)


def plan_in_use(entries: Iterable[Recorded]) -> Recorded | None:
    """What a person typed last, else what files say, of the plans that have not ended."""
    return max((plan for plan in plans(entries) if not plan.ended), key=_plan_rank, default=None)


def plan_as_at(entries: Iterable[Recorded], on: date) -> Recorded | None:
    """The plan that was in use on a day, as it is known now: begun by then and not over by then.

    A plan without a day of its own counts from the day for which it was said.
    """
    held = (plan for plan in plans(entries) if begun_on(plan) <= on and not _over_by(plan, on))
    return max(held, key=_plan_rank, default=None)


def begun_on(plan: Recorded) -> date:
    """From when a plan counts: the first of its own days, else the day for which it was said."""
    days = [plan.day(field) for field in ("identified_on", "agreed_on", "achieved_on")]
    own = min(filter(None, days), default=None)
    said = _said(plan)
    return own or typed_on(plan) or (said.as_at if said is not None else None) or FIRST


def before_a_plan(entries: Iterable[Recorded]) -> list[Recorded]:
    """What was said of options while there was no plan: it stands beside the plans that came."""
    return [
        one for one in entries if one.kind == "plan-option" and one.stands and one.parent_id is None
    ]


def _over_by(plan: Recorded, on: date) -> bool:
    """Whether a plan had ended by a day; one that ended on no known day is over."""
    ended = plan.day("ended_on")
    return ended <= on if ended is not None else plan.ended


def plan_otherwise(entries: Iterable[Recorded]) -> Recorded | None:
    """The plan that a file says and that is not the plan in use; None where none disagrees.

    Beside a typed plan it is what the newest file of a kind says on or after the day of that plan,
    or on which it was typed where it has none, whatever day the file gives its own; beside a
    file's, a later list without a day.
    Where the two were said of two records that are one now, it is what the child's own files say
    beside a plan typed of the other, whatever their day, or what was typed of the other.
    """
    listed = plans(entries)
    used = plan_in_use(listed)
    if used is None:
        return None
    own = _own(used)
    typed, (_, since, _) = typed_on(used), _day_rank(used)
    typed = typed and (_own_day(used) or typed)
    last = _said_last(listed) if typed is not None else {}
    for other in listed:
        dated, as_at, _ = _day_rank(other)
        said = _said(other)
        if other is used or said is None or not said.value:
            continue
        later = (
            typed is not None
            and not said.typed
            and ((said.as_at or FIRST) >= typed or _own(other) > own)
            and last.get(said.format) is other
        )
        of_merged = said.typed and typed is not None and own > _own(other) and not other.ended
        if not later and not of_merged and (dated or not own or as_at < since):
            continue
        if _says_otherwise(used, other):
            return other
    return None


def _says_otherwise(used: Recorded, other: Recorded) -> bool:
    """Whether a plan is another option, or names contingencies that a typed plan has not."""
    if not agree("plan", "primary", other.value("primary"), used.value("primary")):
        return True
    spare = other.value("contingencies")
    return bool(spare) and typed_on(used) is not None and spare != used.value("contingencies")


def typed_on(plan: Recorded) -> date | None:
    """The day for which a person typed the plan; None where a file says it."""
    said = _said(plan)
    if said is None or not said.typed:
        return None
    return said.as_at or (london_day(said.stated_at) if said.stated_at else FIRST)


def _said_last(plans: Iterable[Recorded]) -> dict[str, Recorded]:
    """By kind of file, the plan that its newest file gives as the one now, where it gives one."""
    found: dict[str, tuple[tuple[Any, ...], Recorded]] = {}
    for plan in plans:
        primary = plan.values.get("primary")
        ranked = (not _over(plan), _identified(plan), _own(plan), _day_rank(plan))
        for said in (primary.statement, *primary.others) if primary is not None else ():
            rank = (said.as_at or FIRST, *ranked)
            if not said.typed and (said.format not in found or rank > found[said.format][0]):
                found[said.format] = rank, plan
    return {format_: plan for format_, (_, plan) in found.items() if not _over(plan)}


def _over(plan: Recorded) -> bool:
    """Whether a file says that the plan is over; what a person ended, a file may still have."""
    return any(
        not said.typed and (field == "ended_on" or said.value == "ended")
        for field in ("state", "ended_on")
        if field in plan.values
        for said in (plan.values[field].statement, *plan.values[field].others)
    )


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


def over_since(entry: Recorded) -> date | None:
    """From when a plan is over; where its day is not known, from that on which it was said."""
    if (on := entry.day("ended_on")) is not None or entry.value("state") != "ended":
        return on
    said = entry.values["state"].statement
    return said.as_at or (london_day(said.stated_at) if said.stated_at else None)


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

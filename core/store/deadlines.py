"""Deadlines as they are kept, free of today: read with their state on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.dated import Origin
from core.domain.dates import Calendar
from core.domain.due import Due, State
from core.domain.time_left import time_left
from core.registry import Registry
from core.store.calendars import calendar_for, calendar_of
from core.store.database import db
from core.store.deadline_sight import case_seen, plan_seen
from core.store.deadlines_kept import BETWEEN
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Child, DeadlineRow, PanelCase

RUNS = (State.RUNNING, State.SOON, State.LATE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A deadline on a day, for a page: its state, its reason and the time left in words.

    ``missing`` says what is not known and ``enter`` where that is entered (core.domain.dated);
    ``instead_of`` are the clauses that it stands in for. ``code`` is the same for the same thing
    in every procedure; ``key`` tells the child's deadlines apart. ``stopped_on`` is the day from
    which it no longer runs.
    """

    title: str
    state: State
    due: date | None
    why: str
    missing: str
    clauses: tuple[str, ...]
    left: str
    code: str = ""
    procedure: str = ""
    enter: str = ""
    latest: bool = False
    instead_of: tuple[str, ...] = ()
    met_on: date | None = None
    stopped_on: date | None = None
    asks_for: str = ""
    key: tuple[int | None, str, str, int, int] = (None, "", "", 0, 0)


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A kept deadline of a child (and a case, unless ``case_id`` is None) with its rule.

    ``spell`` is the period of care of which it is, counted from 1; ``case_public_id`` is the
    case's in addresses. ``row_id`` tells those of one day apart, in the board's order.
    """

    child_id: int
    case_id: int | None
    procedure_code: str
    what: Due
    spell: int = 0
    case_public_id: str = ""
    row_id: int = field(default=0, compare=False)

    @property
    def code(self) -> str:
        return self.what.rule.code

    @property
    def title(self) -> str:
        return self.what.rule.title

    @property
    def clauses(self) -> tuple[str, ...]:
        return self.what.rule.clauses

    @property
    def anchor(self) -> str:
        return self.what.anchor or self.what.rule.anchor

    @property
    def anchor_date(self) -> date | None:
        return self.what.anchor_date

    @property
    def due(self) -> date | None:
        return self.what.due

    @property
    def met_on(self) -> date | None:
        return self.what.met_on

    @property
    def stopped_on(self) -> date | None:
        return self.what.stopped_on

    @property
    def why(self) -> str:
        return self.what.why

    @property
    def key(self) -> tuple[int | None, str, str, int, int]:
        return self.case_id, self.procedure_code, self.code, self.spell, self.what.run

    def missing(self, on: date) -> str:
        """What to enter so that it can be worked out, or told whether it was met; else ""."""
        return self.what.missing if self.state(on) is State.UNKNOWN else ""

    def state(self, on: date) -> State:
        return self.what.state(on)


def shown(fact: DeadlineFact | Due, on: date, calendar: Calendar) -> Shown:
    """A deadline as the page of a day says it; the clauses stand apart, to be links."""
    what = fact if isinstance(fact, Due) else fact.what
    state = what.state(on)
    left = ""
    if state in RUNS and what.due is not None:
        left = time_left(what.due, on, what.unit, calendar)
    return Shown(
        what.rule.title,
        state,
        what.due,
        what.not_for or (what.reason if what.due else ""),
        what.missing if state is State.UNKNOWN else "",
        what.rule.clauses,
        left,
        code=what.rule.code,
        procedure="" if isinstance(fact, Due) else fact.procedure_code,
        enter=what.enter if state is State.UNKNOWN else "",
        latest=what.latest,
        instead_of=what.instead_of,
        met_on=what.met_on if what.met_on is not None and what.met_on <= on else None,
        stopped_on=what.stopped_on if state is State.STOPPED else None,
        asks_for=what.rule.asks_for,
        key=(None, "", "", 0, 0) if isinstance(fact, Due) else fact.key,
    )


def on_page(scope: Scope, facts: Collection[DeadlineFact], on: date | None = None) -> list[Shown]:
    """Deadlines as the page of a day says them, the scope's unless another is given: one query."""
    on = on or scope.on
    dates = [fact.due for fact in facts if fact.due is not None]
    calendar = calendar_of(scope, (*dates, on)) if dates else calendar_for(())
    return [shown(fact, on, calendar) for fact in facts]


def state_on(on: date) -> sa.ColumnElement[str]:
    """The state on a day in SQL, for lists; the same as ``Due.state``."""
    row = DeadlineRow
    late = sa.case((row.missing != "", State.UNKNOWN.value), else_=State.LATE.value)
    in_time = sa.case(
        (
            sa.and_(row.due_at.is_not(None), row.met_at.is_not(None)),
            row.met_at <= row.due_at,
        ),
        else_=row.met_on <= row.due,
    )
    return sa.case(
        (row.stopped_on <= on, State.STOPPED.value),
        (row.not_for != "", State.NOT_APPLICABLE.value),
        (row.due.is_(None), State.UNKNOWN.value),
        (sa.and_(row.met_on <= on, in_time), State.MET.value),
        (row.met_on <= on, State.MET_LATE.value),
        (row.due < on, late),
        (row.soon_on <= on, State.SOON.value),
        else_=State.RUNNING.value,
    )


def there_on(on: date) -> sa.ColumnElement[bool]:
    """True for the deadlines that are there as at a day."""
    return sa.and_(
        sa.or_(DeadlineRow.begins.is_(None), DeadlineRow.begins <= on),
        sa.or_(DeadlineRow.ends.is_(None), DeadlineRow.ends > on),
    )


def _read(
    scope: Scope, registry: Registry, *conditions: sa.ColumnElement[bool]
) -> list[tuple[str, DeadlineFact]]:
    """Deadlines of the children seen, each with the child's local id: one query."""
    return [(child, fact) for _, child, fact in _read_rows(scope, registry, *conditions)]


def _read_rows(
    scope: Scope, registry: Registry, *conditions: sa.ColumnElement[bool]
) -> list[tuple[int, str, DeadlineFact]]:
    """Deadlines of the children seen, each with its id and the child's local id: one query.

    Of cases and of the plan and record only where the asker sees those (deadline_sight). A row
    whose procedure is no longer installed is left out: without its rule there is nothing to say.
    """
    row = DeadlineRow
    rows = db.session.execute(
        sa.select(
            row.id,
            Child.local_id,
            row.child_id,
            row.case_id,
            row.procedure_code,
            row.procedure_edition,
            row.code,
            row.spell,
            row.run,
            row.anchor,
            row.anchor_date,
            row.due,
            row.due_at,
            row.why,
            row.begins,
            row.ends,
            row.met_on,
            row.met_at,
            row.stopped_on,
            row.missing,
            row.enter,
            row.not_for,
            row.latest,
            row.instead_of,
            row.typed_by,
            row.import_file_id,
            row.import_line,
            row.said_of,
            PanelCase.public_id.label("case_public_id"),
            plan_seen(scope),
        )
        .join(Child, Child.id == row.child_id)
        .outerjoin(PanelCase, PanelCase.id == row.case_id)
        .where(
            sa.func.coalesce(row.authority_id, sa.null()) == scope.authority_id,
            children_seen(scope),
            case_seen(scope, row.case_id),
            *conditions,
        )
        .order_by(Child.local_id, row.due.is_(None), row.due, row.code, row.procedure_code, row.run)
    )
    facts: list[tuple[int, str, DeadlineFact]] = []
    for found in rows:
        fact = _fact(registry, found)
        if fact is not None and (found.plan_seen or not fact.what.rule.of_record):
            facts.append((found.id, found.local_id, fact))
    return facts


def _fact(registry: Registry, row: Any) -> DeadlineFact | None:
    procedure = registry.named(row.procedure_code, row.procedure_edition)
    rule = procedure.deadline(row.code) if procedure else None
    if rule is None:
        return None
    due = Due(
        rule,
        row.anchor_date,
        row.due,
        row.met_on,
        row.stopped_on,
        anchor=row.anchor,
        reason=row.why,
        missing=row.missing,
        enter=row.enter,
        not_for=row.not_for,
        latest=row.latest,
        instead_of=tuple(filter(None, row.instead_of.split(BETWEEN))),
        due_at=row.due_at,
        met_at=row.met_at,
        begins=row.begins,
        ends=row.ends,
        run=row.run,
        origin=Origin(row.import_file_id, row.import_line, row.typed_by, row.said_of),
    )
    case = row.case_public_id or ""
    return DeadlineFact(row.child_id, row.case_id, row.procedure_code, due, row.spell, case, row.id)


def of_case(scope: Scope, registry: Registry, case_id: int) -> list[DeadlineFact]:
    """The deadlines of a case, each once although it is kept for every child of it.

    Where it stopped for one child, that of another with whom the case goes on.
    """
    codes: dict[str, DeadlineFact] = {}
    for _, fact in _read(scope, registry, DeadlineRow.case_id == case_id):
        first = codes.setdefault(fact.code, fact)
        if first.what.stopped_on is not None and fact.what.stopped_on is None:
            codes[fact.code] = fact
    return list(codes.values())


def of_child(
    scope: Scope, registry: Registry, child_id: int, on: date | None = None
) -> list[DeadlineFact]:
    """The deadlines of a child and of the child's cases that are there on a day.

    The scope's day, unless another is given: who sees them goes by the scope's. The soonest first;
    of one thing (``code``) the strictest first, the others after it.
    """
    there = there_on(on or scope.on)
    facts = [fact for _, fact in _read(scope, registry, DeadlineRow.child_id == child_id, there)]
    return stricter_first(facts)


def every(scope: Scope, registry: Registry, child_id: int) -> list[DeadlineFact]:
    """Every deadline that is kept of a child, of periods of care that are over too: one query."""
    return [fact for _, fact in _read(scope, registry, DeadlineRow.child_id == child_id)]


def of_children(
    scope: Scope, registry: Registry, child_ids: Collection[int], on: date | None = None
) -> dict[int, list[DeadlineFact]]:
    """The deadlines of some children that are there on a day, by child: one query.

    The scope's day, unless another is given: who sees them goes by the scope's.
    """
    found: dict[int, list[DeadlineFact]] = {}
    for _, fact in _read(
        scope, registry, DeadlineRow.child_id.in_(sorted(child_ids)), there_on(on or scope.on)
    ):
        found.setdefault(fact.child_id, []).append(fact)
    return found


def of_ids(scope: Scope, registry: Registry, ids: Collection[int]) -> dict[int, DeadlineFact]:
    """Those of these deadlines that the asker sees, by their ids: one query."""
    if not ids:
        return {}
    found = _read_rows(scope, registry, DeadlineRow.id.in_(sorted(ids)))
    return {deadline_id: fact for deadline_id, _, fact in found}


def stricter_first(facts: list[DeadlineFact]) -> list[DeadlineFact]:
    """By their days, with what several procedures say of one thing together."""
    first: dict[tuple[int | None, str, int], date] = {}
    for fact in facts:
        key = (fact.case_id, fact.code, fact.what.turn)
        first[key] = min(first.get(key, date.max), fact.due or date.max)
    return sorted(
        facts,
        key=lambda f: (
            first[f.case_id, f.code, f.what.turn], f.code, f.what.turn, f.due or date.max
        ),
    )  # fmt: skip


def as_at(
    scope: Scope, registry: Registry, child_local_id: str | None = None
) -> list[dict[str, Any]]:
    """Every deadline on the scope's day, in the shape of the command ``deadlines``.

    Dates are ISO text. What had not begun by that day is left out.
    """
    conditions = [there_on(scope.on)]
    if child_local_id is not None:
        conditions.append(Child.local_id == child_local_id)
    return [
        {
            "child": child,
            "code": fact.code,
            "clauses": list(fact.clauses),
            "title": fact.title,
            "anchor": fact.anchor,
            "anchor_date": fact.anchor_date.isoformat() if fact.anchor_date else None,
            "due": fact.due.isoformat() if fact.due else None,
            "state": str(fact.state(scope.on)),
            "why": fact.why,
            "missing": fact.missing(scope.on) or None,
        }
        for child, fact in _read(scope, registry, *conditions)
    ]

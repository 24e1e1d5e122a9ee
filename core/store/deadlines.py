"""Deadlines as stored, free of today: written when their anchor is known, read with their state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from core.domain.dates import LONDON, day
from core.domain.procedure import Procedure
from core.domain.procedure.timetable import Due, State
from core.domain.time_left import time_left
from core.registry import Registry
from core.store.calendars import calendar_for
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import Child, DeadlineRow, PanelCase


@dataclass(frozen=True, slots=True)
class Shown:
    """A deadline on a day, for a page: its state, its reason and the time left in words."""

    title: str
    state: State
    due: date | None
    why: str
    missing: str
    clauses: tuple[str, ...]
    left: str


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A stored deadline of a child (and a case, unless ``case_id`` is None) with its rule."""

    child_id: int
    case_id: int | None
    procedure_code: str
    what: Due

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
        return self.what.rule.anchor

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
    def missing(self) -> str:
        """What to enter so that the deadline can be worked out; "" where it is known."""
        return "" if self.due else self.what.rule.missing or "the date it runs from is not known"

    def state(self, on: date) -> State:
        return self.what.state(on)

    def shown(self, on: date) -> Shown:
        return shown(self.what, on)


def shown(what: Due, on: date) -> Shown:
    """A deadline as the page of a day says it; the clauses stand apart, to be links."""
    rule = what.rule
    if what.due is None or what.anchor_date is None:
        why, left, missing = "", "", rule.missing or "the date it runs from is not known"
    else:
        why = f"{rule.period} {rule.direction} {rule.anchor_words} on {day(what.anchor_date)}"
        calendar = calendar_for((what.due, on))
        left, missing = time_left(what.due, on, rule.period.unit, calendar), ""
    state = what.state(on)
    if state not in (State.RUNNING, State.SOON, State.LATE):
        left = ""
    return Shown(rule.title, state, what.due, why, missing, rule.clauses, left)


def put(
    scope: Scope, child_ids: Iterable[int], case_id: int | None, due: Due, procedure: Procedure
) -> None:
    """Write one deadline for each of these children, within the transaction under way.

    Those of the same case and code for other children go. A met or stopped day that is stored
    stays, unless ``due`` brings one.
    """
    wanted = set(child_ids)
    key = _key(scope, case_id, due.rule.code)
    if case_id is None:
        key = sa.and_(key, DeadlineRow.child_id.in_(wanted))
    dates: dict[str, Any] = {
        "procedure_code": procedure.code,
        "procedure_edition": procedure.edition,
        "anchor": due.rule.anchor,
        "anchor_date": due.anchor_date,
        "due": due.due,
    }
    dates |= {"met_on": due.met_on} if due.met_on else {}
    dates |= {"stopped_on": due.stopped_on} if due.stopped_on else {}
    there = db.session.execute(
        sa.select(DeadlineRow.child_id, DeadlineRow.met_on, DeadlineRow.stopped_on).where(key)
    ).all()
    kept = {"met_on": there[0].met_on, "stopped_on": there[0].stopped_on} if there else {}
    have = {row.child_id for row in there}
    if gone := have - wanted:
        db.session.execute(sa.delete(DeadlineRow).where(key, DeadlineRow.child_id.in_(gone)))
    if have & wanted:
        db.session.execute(sa.update(DeadlineRow).where(key).values(**dates))
    new = [
        {
            "authority_id": scope.authority_id,
            "child_id": child_id,
            "case_id": case_id,
            "code": due.rule.code,
            **(kept if case_id is not None else {}),
            **dates,
        }
        for child_id in sorted(wanted - have)
    ]
    if new:
        db.session.execute(sa.insert(DeadlineRow), new)


def meet(scope: Scope, case_id: int, code: str, on: date | None) -> None:
    """Say on which day a case's deadline was met; None where it runs again."""
    db.session.execute(sa.update(DeadlineRow).where(_key(scope, case_id, code)).values(met_on=on))


def stop(scope: Scope, case_id: int, code: str, on: date) -> None:
    """Say from which day a case's deadline no longer runs."""
    db.session.execute(
        sa.update(DeadlineRow).where(_key(scope, case_id, code)).values(stopped_on=on)
    )


def _key(scope: Scope, case_id: int | None, code: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        DeadlineRow.authority_id == scope.authority_id,
        DeadlineRow.case_id == case_id if case_id is not None else DeadlineRow.case_id.is_(None),
        DeadlineRow.code == code,
    )


def _read(
    scope: Scope, registry: Registry, *conditions: sa.ColumnElement[bool]
) -> list[tuple[str, DeadlineFact]]:
    """Deadlines of the children seen, each with the child's local id: one query.

    A row whose procedure is no longer installed is left out: without its rule there is nothing
    to say of it.
    """
    rows = db.session.execute(
        sa.select(
            Child.local_id,
            DeadlineRow.child_id,
            DeadlineRow.case_id,
            DeadlineRow.procedure_code,
            DeadlineRow.procedure_edition,
            DeadlineRow.code,
            DeadlineRow.anchor_date,
            DeadlineRow.due,
            DeadlineRow.met_on,
            DeadlineRow.stopped_on,
        )
        .join(Child, Child.id == DeadlineRow.child_id)
        .outerjoin(PanelCase, PanelCase.id == DeadlineRow.case_id)
        .where(DeadlineRow.authority_id == scope.authority_id, children_seen(scope), *conditions)
        .order_by(Child.local_id, DeadlineRow.due.is_(None), DeadlineRow.due, DeadlineRow.id)
    )
    facts: list[tuple[str, DeadlineFact]] = []
    for row in rows:
        procedure = registry.named(row.procedure_code, row.procedure_edition)
        rule = procedure.deadline(row.code) if procedure else None
        if rule is None:
            continue
        due = Due(rule, row.anchor_date, row.due, row.met_on, row.stopped_on)
        facts.append(
            (row.local_id, DeadlineFact(row.child_id, row.case_id, row.procedure_code, due))
        )
    return facts


def of_case(scope: Scope, registry: Registry, case_id: int) -> list[DeadlineFact]:
    """The deadlines of a case, each once although it is stored for every child of it."""
    codes: dict[str, DeadlineFact] = {}
    rows = _read(scope, registry, DeadlineRow.case_id == case_id, cases_seen(scope))
    for _, fact in rows:
        codes.setdefault(fact.code, fact)
    return list(codes.values())


def of_child(scope: Scope, registry: Registry, child_id: int) -> list[DeadlineFact]:
    """The deadlines of a child and of the cases in which the child is, soonest first."""
    return [fact for _, fact in _read(scope, registry, DeadlineRow.child_id == child_id)]


def as_at(
    scope: Scope, registry: Registry, child_local_id: str | None = None
) -> list[dict[str, Any]]:
    """Every deadline on the scope's day, in the shape of the command ``deadlines``.

    Dates are ISO text. A case that was opened after that day had no deadline yet.
    """
    end = datetime.combine(scope.on + timedelta(days=1), time(), LONDON)
    opened = PanelCase.opened_at < end.astimezone(UTC).replace(tzinfo=None)
    conditions = [sa.or_(DeadlineRow.case_id.is_(None), opened)]
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
            "missing": fact.missing or None,
        }
        for child, fact in _read(scope, registry, *conditions)
    ]

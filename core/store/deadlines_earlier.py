"""What kept deadlines said before a fact was corrected: of one child, or by one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.procedure.timetable import Deadline
from core.registry import Registry
from core.store.database import db
from core.store.deadline_sight import case_seen, plan_seen
from core.store.deadlines import there_on
from core.store.deadlines_kept import KEYED, Key, key_of
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.sources import same
from core.store.tables import Account, Child, DeadlineEarlier, DeadlinePeriod, DeadlineRow


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a deadline said until ``until`` (UTC), and by whose change it says otherwise since.

    ``by`` is "" where nobody's form changed it: an import by the command, or other rules.
    """

    due: date
    anchor_date: date | None
    why: str
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a change moved: when it was due, and when it is now (None: not known)."""

    title: str
    was: date
    now: date | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A deadline that is not there any more, with what it said, the last first."""

    title: str
    clauses: tuple[str, ...]
    said: tuple[Earlier, ...]


def of_child(scope: Scope, child_id: int) -> dict[Key, list[Earlier]]:
    """The earlier values of a child's deadlines by what tells these apart, the last first.

    Of a child whom the caller has seen, and of deadlines that are shown already: one query. What
    went and came back saying the same is none.
    """
    now = DeadlineRow
    found: dict[Key, list[Earlier]] = {}
    back: set[Key] = set()
    columns = (*(getattr(now, name) for name in KEYED), now.due, now.anchor_date)
    for *key, due, anchor_date, earlier in _read(scope, child_id, columns, _still_there(scope)):
        told = found.setdefault(key_of(key), [])
        same = (earlier.due, earlier.anchor_date) == (due, anchor_date)
        if same and not told and key_of(key) not in back:
            back.add(key_of(key))
        else:
            told.append(earlier)
    return {key: told for key, told in found.items() if told}


def gone(scope: Scope, registry: Registry, child_id: int) -> list[Gone]:
    """The dated deadlines of a child that went as a fact did, those that the asker sees: one query.

    The one that went last is first. A rule that is no longer installed is left out: without it
    there is nothing to say.
    """
    was = DeadlineEarlier
    own = (was.case_id, was.period, was.procedure_code, was.code, was.run)
    conditions = (
        ~sa.exists().where(_still_there(scope)).correlate(DeadlineEarlier),
        children_seen(scope),
        case_seen(scope, was.case_id),
    )
    found: dict[tuple[object, ...], tuple[Deadline, list[Earlier]]] = {}
    for *key, sees_plan, earlier in _read(
        scope, child_id, (*own, plan_seen(scope)), None, *conditions
    ):
        rule = _rule(registry, key[2], key[3])
        if rule is not None and (sees_plan or not rule.of_record):
            found.setdefault(tuple(key), (rule, []))[1].append(earlier)
    return [Gone(rule.title, rule.clauses, tuple(said)) for rule, said in found.values()]


def _rule(registry: Registry, procedure: str, code: str) -> Deadline | None:
    """A rule by its code, of whichever edition has it."""
    editions = (one.procedure for one in registry if one.procedure.code == procedure)
    return next((rule for one in editions if (rule := one.deadline(code)) is not None), None)


def _still_there(scope: Scope) -> sa.ColumnElement[bool]:
    """Where a kept deadline is the one that said something else earlier: by its period's start."""
    was, now, period = DeadlineEarlier, DeadlineRow, DeadlinePeriod
    starts = (
        sa.select(period.start)
        .where(
            period.authority_id == scope.authority_id,
            period.child_id == now.child_id,
            period.spell == now.spell,
        )
        .correlate(now)
        .scalar_subquery()
    )
    return sa.and_(
        now.authority_id == was.authority_id,
        now.child_id == was.child_id,
        sa.func.coalesce(now.case_id, 0) == sa.func.coalesce(was.case_id, 0),
        now.procedure_code == was.procedure_code,
        now.code == was.code,
        now.run == was.run,
        sa.or_(was.period.is_(None), was.period == starts),
    )


def _read(
    scope: Scope,
    child_id: int,
    columns: Iterable[Any],
    still: sa.ColumnElement[bool] | None,
    *conditions: sa.ColumnElement[bool],
) -> Iterator[list[Any]]:
    """Some columns with the earlier value of each, of a child: the last first."""
    was = DeadlineEarlier
    query = (
        sa.select(*columns, was.due, was.anchor_date, was.why, was.replaced_at, Account.name)
        .select_from(was)
        .join(Child, Child.id == was.child_id)
        .outerjoin(Account, same(Account, was.replaced_by))
        .where(was.authority_id == scope.authority_id, was.child_id == child_id, *conditions)
        .order_by(was.replaced_at.desc(), was.id.desc())
    )
    if still is not None:
        query = query.join(DeadlineRow, still)
    for *own, due, anchor_date, why, until, by in db.session.execute(query):
        yield [*own, Earlier(due, anchor_date, why, until, by or "")]


def moved_by(scope: Scope, registry: Registry, child_id: int) -> list[Moved]:
    """The deadlines of a child that the asker's request moved, the soonest first: one query.

    Those alone that the asker sees today; one that is not there, or was never dated, has not moved.
    """
    if scope.moment is None:
        return []
    return sorted(
        _moved(scope, registry, child_id, scope.moment), key=lambda one: one.now or date.max
    )


def _moved(scope: Scope, registry: Registry, child_id: int, at: datetime) -> Iterator[Moved]:
    was, now = DeadlineEarlier, DeadlineRow
    for was_due, now_due, code, edition, rule_code, sees_plan in db.session.execute(
        sa.select(
            was.due, now.due, now.procedure_code, now.procedure_edition, now.code, plan_seen(scope)
        )
        .select_from(was)
        .join(now, _still_there(scope))
        .join(Child, Child.id == was.child_id)
        .where(
            was.authority_id == scope.authority_id,
            was.child_id == child_id,
            was.replaced_at == at,
            was.replaced_by == scope.account_id,
            now.not_for == "",
            there_on(scope.on),
            children_seen(scope),
            case_seen(scope, now.case_id),
        )
    ):
        procedure = registry.named(code, edition)
        rule = procedure.deadline(rule_code) if procedure is not None else None
        if rule is None or was_due is None or was_due == now_due:
            continue
        if sees_plan or not rule.of_record:
            yield Moved(rule.title, was_due, now_due)

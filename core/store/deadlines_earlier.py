"""What kept deadlines said before a fact was corrected: of one child, or by one change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.registry import Registry
from core.store.database import db
from core.store.deadline_sight import case_seen, plan_seen
from core.store.deadlines import there_on
from core.store.deadlines_kept import KEYED, Key
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.sources import same
from core.store.tables import Account, Child, DeadlineEarlier, DeadlineRow


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


def of_child(scope: Scope, child_id: int) -> dict[Key, list[Earlier]]:
    """The earlier values of a child's deadlines by what tells these apart, the last first.

    Of a child whom the caller has seen, and of deadlines that are shown already: one query.
    """
    row = DeadlineEarlier
    found: dict[Key, list[Earlier]] = {}
    for *key, due, anchor_date, why, until, by in db.session.execute(
        sa.select(
            *(getattr(row, name) for name in KEYED),
            row.due,
            row.anchor_date,
            row.why,
            row.replaced_at,
            Account.name,
        )
        .outerjoin(Account, same(Account, row.replaced_by))
        .where(row.authority_id == scope.authority_id, row.child_id == child_id)
        .order_by(row.replaced_at.desc(), row.id.desc())
    ):
        found.setdefault(_key(key), []).append(Earlier(due, anchor_date, why, until, by or ""))
    return found


def _key(columns: list[Any]) -> Key:
    child_id, case_id, procedure, code, spell, run = columns
    return child_id, case_id, procedure, code, spell, run


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
        .join(
            now,
            sa.and_(
                now.authority_id == was.authority_id,
                now.child_id == was.child_id,
                sa.func.coalesce(now.case_id, 0) == sa.func.coalesce(was.case_id, 0),
                now.procedure_code == was.procedure_code,
                now.code == was.code,
                now.spell == was.spell,
                now.run == was.run,
            ),
        )
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

"""The approvals of plans that wait for somebody of a role, of the children whom they see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.domain.record.plan import PLAN_APPROVAL
from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, Child
from core.store.tables.record import Entry, EntryStatement


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An approval that was asked for and is not answered: whose, of which child."""

    entry_id: int
    public_id: str
    child_id: int
    child_public_id: str
    given_name: str
    family_name: str
    local_id: str
    role: str

    @property
    def name(self) -> str:
        return child_name(self.given_name, self.family_name, self.local_id)


ROW = (
    Entry.id,
    Entry.public_id,
    Child.id,
    Child.public_id,
    Child.given_name,
    Child.family_name,
    Child.local_id,
)


def waiting(scope: Scope, roles: Collection[str]) -> list[WaitingRow]:
    """Every approval without an answer that one of these roles gives, the longest first: one query.

    None of a plan that is over. Whether the plan still needs it is not asked here, so that no live
    one falls off behind others.
    """
    if not roles:
        return []
    plan, role, end = aliased(Entry), aliased(EntryStatement), aliased(EntryStatement)
    over = sa.exists().where(
        end.authority_id == scope.authority_id,
        end.entry_id == plan.id,
        end.field == "ended_on",
        end.value != "",
        end.value <= scope.on.isoformat(),
        end.replaced_at.is_(None),
    )
    answered = sa.exists().where(
        EntryStatement.authority_id == scope.authority_id,
        EntryStatement.entry_id == Entry.id,
        EntryStatement.field == "answer",
        EntryStatement.replaced_at.is_(None),
    )
    rows = db.session.execute(
        sa.select(*ROW, role.value)
        .join(Child, Child.id == Entry.child_id)
        .join(plan, plan.id == Entry.parent_id)
        .join(role, sa.and_(role.entry_id == Entry.id, role.field == "role"))
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.kind == PLAN_APPROVAL.code,
            Entry.taken_out_at.is_(None),
            plan.taken_out_at.is_(None),
            role.replaced_at.is_(None),
            role.value.in_(sorted(roles)),
            ~answered,
            ~over,
            children_seen(scope, What.PLAN),
        )
        .order_by(Entry.id)
    )
    return [WaitingRow(*row) for row in rows]


def refused_to(scope: Scope) -> list[WaitingRow]:
    """The approvals that the asker asked for and that were refused, the last first: one query."""
    if scope.account_id is None:
        return []
    plan, role, asked = aliased(Entry), aliased(EntryStatement), aliased(EntryStatement)
    refused = sa.exists().where(
        EntryStatement.authority_id == scope.authority_id,
        EntryStatement.entry_id == Entry.id,
        EntryStatement.field == "answer",
        EntryStatement.value == "refused",
        EntryStatement.replaced_at.is_(None),
    )
    rows = db.session.execute(
        sa.select(*ROW, role.value)
        .join(Child, Child.id == Entry.child_id)
        .join(plan, plan.id == Entry.parent_id)
        .join(role, sa.and_(role.entry_id == Entry.id, role.field == "role"))
        .join(asked, sa.and_(asked.entry_id == Entry.id, asked.field == "asked_on"))
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.kind == PLAN_APPROVAL.code,
            Entry.taken_out_at.is_(None),
            plan.taken_out_at.is_(None),
            role.replaced_at.is_(None),
            asked.replaced_at.is_(None),
            asked.typed_by == scope.account_id,
            refused,
            children_seen(scope, What.PLAN),
        )
        .order_by(Entry.id.desc())
    )
    return [WaitingRow(*row) for row in rows]


def names(scope: Scope, account_ids: Collection[int]) -> dict[int, str]:
    """The names of some accounts: one query, none where nobody is named."""
    if not account_ids:
        return {}
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(
            Account.authority_id == scope.authority_id, Account.id.in_(sorted(account_ids))
        )
    )
    return {row.id: row.name for row in rows}

"""What waits for somebody and is to be reminded of: actions due soon, minutes not ratified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.meeting import MeetingState
from core.domain.procedure.notices import ToWhom
from core.store import action_states, notice_keys
from core.store.action_closed import kept_from_owner
from core.store.database import db
from core.store.notice_people import Recipient
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, AccountRole, Action, Meeting, Notice

MOST = 500
"""So many are read at once, of those that nobody was reminded of: the next round has the rest."""


@dataclass(frozen=True, slots=True)
class ActionWaiting:
    """An open action of somebody with an account, and its case where it has one."""

    id: int
    public_id: str
    owner: Recipient
    due: date
    case_id: int | None


@dataclass(frozen=True, slots=True)
class MinutesWaiting:
    """A closed meeting whose minutes are not ratified, with who is named its chair."""

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    chair_id: int | None


def actions(scope: Scope, until: date) -> list[ActionWaiting]:
    """The open actions due from today up to a day, of those who have an account: one query.

    Those of which the owner was reminded for that day are left out before they are counted.
    """
    rows = db.session.execute(
        sa.select(
            Action.id,
            Action.public_id,
            Account.id.label("owner_id"),
            Account.name,
            Account.active,
            Action.due,
            Action.case_id,
        )
        .join(Account, Account.id == Action.owner_id)
        .where(
            Action.authority_id == scope.authority_id,
            Account.authority_id == scope.authority_id,
            action_states.undone_on(scope.on),
            sa.not_(kept_from_owner(scope.on)),
            Action.due.between(scope.on, until),
            _not_reminded(scope, notice_keys.of_action()),
        )
        .order_by(Action.due, Action.id)
        .limit(MOST)
    )
    return [
        ActionWaiting(
            row.id,
            row.public_id,
            _recipient(row.owner_id, row.name, row.active, ToWhom.OWNER),
            row.due,
            row.case_id,
        )
        for row in rows
    ]


def minutes(scope: Scope, since: date) -> list[MinutesWaiting]:
    """The closed meetings held since a day whose minutes are not ratified: one query.

    Those of which somebody was reminded are left out before they are counted.
    """
    rows = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.chair_id,
        )
        .where(
            Meeting.authority_id == scope.authority_id,
            sa.not_(Meeting.of_one_child),
            Meeting.state == MeetingState.CLOSED,
            Meeting.ratified_at.is_(None),
            Meeting.held_on >= since,
            _not_reminded(scope, notice_keys.of_minutes()),
        )
        .order_by(Meeting.held_on, Meeting.id)
        .limit(MOST)
    )
    return [MinutesWaiting(*row) for row in rows]


def _not_reminded(scope: Scope, key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """True where none of the core's own notices of this key is kept."""
    return ~sa.exists().where(Notice.authority_id == scope.authority_id, Notice.key == key)


def with_role(scope: Scope, role: str) -> list[Recipient]:
    """Who has a role today, suspended accounts among them: one query."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.active)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.authority_id == scope.authority_id,
            AccountRole.authority_id == scope.authority_id,
            AccountRole.role == role,
            held(AccountRole, scope.on),
        )
        .order_by(Account.id)
    )
    return [
        _recipient(row.id, row.name, row.active, ToWhom.AUTHORITY_ADMINISTRATOR) for row in rows
    ]


def accounts(scope: Scope, ids: set[int]) -> dict[int, Recipient]:
    """Those who are named chair of a meeting, by their account's id: one query."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.active).where(
            Account.authority_id == scope.authority_id, Account.id.in_(ids)
        )
    )
    return {row.id: _recipient(row.id, row.name, row.active, ToWhom.CHAIR) for row in rows}


def _recipient(account_id: int, name: str, active: bool, relation: str) -> Recipient:
    why = "" if active else f"{name} has left or is suspended"
    return Recipient(account_id, name, relation, why)

"""What is done to messages that could not go: changed one by one, or let wait anew all at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from core.domain.sending import Fault, MessageState
from core.store.database import db
from core.store.outbox_read import over
from core.store.scope import Scope
from core.store.tables import Account, Message


def mend(scope: Scope, public_id: str, *states: str, **values: object) -> bool:
    """Change a message that is in one of these states, in the transaction under way."""
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.authority_id == scope.authority_id,
            Message.public_id == public_id,
            Message.state.in_(states),
        )
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def address_now(scope: Scope, public_id: str) -> tuple[str, str] | None:
    """Name and address that the person of a message has now; None where they have left."""
    row = db.session.execute(
        sa.select(Account.name, Account.email)
        .join(Message, Message.account_id == Account.id)
        .where(
            Message.authority_id == scope.authority_id,
            Message.public_id == public_id,
            Account.authority_id == scope.authority_id,
            Account.active,
        )
    ).first()
    return (row[0], row[1]) if row else None


def mend_all(scope: Scope, faults: Collection[str], at: datetime) -> list[str]:
    """Let what was given up for one of these faults wait anew, in the transaction under way.

    To the name and address that each person has now; who has left is left out, and what a meeting
    that is over was to be told of. Gives public ids.
    """
    mine = (
        Account.id == Message.account_id,
        Account.authority_id == Message.authority_id,
        Account.active,
    )
    return list(
        db.session.scalars(
            sa.update(Message)
            .where(
                Message.authority_id == scope.authority_id,
                Message.state == MessageState.FAILED,
                Message.fault.in_(list(faults)),
                sa.exists().where(*mine),
                sa.not_(over(scope.on)),
            )
            .values(
                state=MessageState.WAITING,
                tries=0,
                fault=Fault.NONE,
                held_up_since=None,
                not_before=at,
                failed_at=None,
                to_name=sa.select(Account.name).where(*mine).scalar_subquery(),
                address=sa.select(Account.email).where(*mine).scalar_subquery(),
            )
            .returning(Message.public_id)
            .execution_options(synchronize_session=False)
        )
    )


def given_up(scope: Scope, faults: Collection[str]) -> int:
    """How many messages were given up for one of these faults, and are still to go: one query."""
    query = sa.select(sa.func.count()).where(
        Message.authority_id == scope.authority_id,
        Message.state == MessageState.FAILED,
        Message.fault.in_(list(faults)),
        sa.not_(over(scope.on)),
    )
    return int(db.session.execute(query).scalar_one())

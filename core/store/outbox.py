"""The outbox: what is to go out, put there in the transaction that makes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.sending import MADE_HERE, MessageState
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Message

MOST_IN_A_STATEMENT = 1000
"""So many letters are asked about at once: a database takes only so many values."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one account; it names no child, in its subject, body and calendar alike.

    ``key`` says what it is of: a second with the same key is not put there. ``not_before`` is the
    moment (UTC) from which it may go out, None for at once.
    """

    key: str
    kind: str
    account_id: int
    subject: str
    body: str
    not_before: datetime | None = None
    meeting_id: int | None = None
    case_id: int | None = None
    calendar: str = ""
    method: str = ""


def put(scope: Scope, letters: Iterable[Letter], at: datetime) -> int:
    """Put letters into the outbox, in the transaction under way; gives how many were new.

    Who is suspended or has left gets none.
    """
    by_key = {letter.key: letter for letter in letters}
    keys = list(by_key)
    return sum(
        _put(scope, {key: by_key[key] for key in keys[start : start + MOST_IN_A_STATEMENT]}, at)
        for start in range(0, len(keys), MOST_IN_A_STATEMENT)
    )


def _put(scope: Scope, by_key: Mapping[str, Letter], at: datetime) -> int:
    """Put so many letters as a database asks about at once."""
    there = set(
        db.session.scalars(
            sa.select(Message.key).where(
                Message.authority_id == scope.authority_id, Message.key.in_(by_key)
            )
        )
    )
    accounts = {
        row.id: row
        for row in db.session.execute(
            sa.select(Account.id, Account.name, Account.email).where(
                Account.authority_id == scope.authority_id,
                Account.active,
                Account.id.in_({letter.account_id for letter in by_key.values()}),
            )
        )
    }
    new = [
        {
            "authority_id": scope.authority_id,
            "key": letter.key,
            "kind": letter.kind,
            "account_id": letter.account_id,
            "meeting_id": letter.meeting_id,
            "case_id": letter.case_id,
            "to_name": accounts[letter.account_id].name,
            "address": accounts[letter.account_id].email,
            "subject": letter.subject,
            "body": letter.body,
            "calendar": letter.calendar,
            "method": letter.method,
            "message_id": f"<{secrets.token_hex(16)}{MADE_HERE}",
            "state": "waiting",
            "not_before": letter.not_before or at,
            "queued_at": at,
        }
        for letter in by_key.values()
        if letter.key not in there and letter.account_id in accounts
    ]
    if new:
        db.session.execute(sa.insert(Message), new)
    return len(new)


def put_lately(
    scope: Scope, kind: str, account_ids: Iterable[int], since: datetime
) -> dict[int, int]:
    """How many messages of a kind were put there for each of these since a moment: one query."""
    rows = db.session.execute(
        sa.select(Message.account_id, sa.func.count())
        .where(
            Message.authority_id == scope.authority_id,
            Message.kind == kind,
            Message.account_id.in_(sorted(set(account_ids))),
            Message.queued_at >= since,
        )
        .group_by(Message.account_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def still_waiting(scope: Scope, kind: str) -> dict[int, tuple[int, str]]:
    """The latest message of a kind that waits, with its text, by account: one query."""
    rows = db.session.execute(
        sa.select(Message.account_id, Message.id, Message.body)
        .where(
            Message.authority_id == scope.authority_id,
            Message.kind == kind,
            Message.state == MessageState.WAITING,
            Message.tries == 0,
        )
        .order_by(Message.id)
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}


def reword(scope: Scope, message_id: int, subject: str, body: str) -> bool:
    """Say something else in a message that has not been under way; False where it has."""
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.authority_id == scope.authority_id,
            Message.id == message_id,
            Message.state == MessageState.WAITING,
            Message.tries == 0,
        )
        .values(subject=subject, body=body)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]

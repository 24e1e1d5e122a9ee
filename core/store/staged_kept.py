"""Documents in stages as they are written: texts and sayings are only ever added to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.procedure.stages import Asked
from core.domain.staged import Said, State
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.staged import DocumentRow
from core.store.tables import StagedAnswer, StagedDocument, StagedInvitee, StagedText


def add(scope: Scope, words: str, digest: str, at: datetime, **values: Any) -> tuple[int, str]:
    """Add a document with the first version of its text; gives its id and public id."""
    made = db.session.execute(
        sa.insert(StagedDocument)
        .values(
            authority_id=scope.authority_id,
            number=1,
            state=State.WRITTEN,
            since=at,
            started_at=at,
            started_by=scope.account_id,
            **values,
        )
        .returning(StagedDocument.id, StagedDocument.public_id)
    ).one()
    add_text(scope, made.id, 1, words, digest, at)
    return made.id, made.public_id


def add_text(
    scope: Scope, document_id: int, number: int, words: str, digest: str, at: datetime
) -> None:
    """Add a version of a text, in the transaction under way."""
    db.session.execute(
        sa.insert(StagedText).values(
            authority_id=scope.authority_id,
            document_id=document_id,
            number=number,
            words=words,
            hash=digest,
            at=at,
            by=scope.account_id,
        )
    )


def add_saying(
    scope: Scope, document_id: int, number: int, said: Said, at: datetime, **values: Any
) -> None:
    """Add what was said of a text, in the transaction under way."""
    db.session.execute(
        sa.insert(StagedAnswer).values(
            authority_id=scope.authority_id,
            document_id=document_id,
            number=number,
            said=said,
            at=at,
            by=scope.account_id,
            **values,
        )
    )


def save(scope: Scope, row: DocumentRow, asks: Iterable[Asked] = (), **values: Any) -> bool:
    """Save against the version seen, in the transaction under way; false where it has moved on."""
    named = "".join(f"{one}," for one in asks)
    done = db.session.execute(
        sa.update(StagedDocument)
        .where(
            StagedDocument.authority_id == scope.authority_id,
            StagedDocument.id == row.id,
            StagedDocument.version == row.version,
        )
        .values(version=row.version + 1, waits_for=f",{named}" if named else "", **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def invite(scope: Scope, document_id: int, account_id: int) -> None:
    """Invite somebody to a document from today, in the transaction under way."""
    values = {"since": scope.on, "until": None, "invited_by": scope.account_id}
    mine = (
        StagedInvitee.authority_id == scope.authority_id,
        StagedInvitee.document_id == document_id,
        StagedInvitee.account_id == account_id,
    )
    done = db.session.execute(sa.update(StagedInvitee).where(*mine).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            sa.insert(StagedInvitee).values(
                authority_id=scope.authority_id,
                document_id=document_id,
                account_id=account_id,
                **values,
            )
        )


def end_invitations(scope: Scope, document_id: int, account_id: int | None = None) -> int:
    """End today the invitations to a document, or that of one person; gives how many."""
    done = db.session.execute(
        sa.update(StagedInvitee)
        .where(
            StagedInvitee.authority_id == scope.authority_id,
            StagedInvitee.document_id == document_id,
            sa.true() if account_id is None else StagedInvitee.account_id == account_id,
            held(StagedInvitee, scope.on),
        )
        .values(until=scope.on)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]

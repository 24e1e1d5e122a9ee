"""The changes of a meeting as the audit keeps them: moved, cancelled, its theme swapped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AuditRow


@dataclass(frozen=True, slots=True)
class Row:
    """One change; ``at`` is UTC without a zone."""

    did: str
    at: datetime
    by: str
    why: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def of_meeting(scope: Scope, public_id: str, dids: Collection[str], most: int = 50) -> list[Row]:
    """The changes of these kinds of one meeting, the latest first: one query.

    The caller has found the meeting among those that the asker sees.
    """
    rows = db.session.execute(
        sa.select(
            AuditRow.did,
            AuditRow.at,
            sa.func.coalesce(Account.name, ""),
            AuditRow.why,
            AuditRow.before,
            AuditRow.after,
        )
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "meeting",
            AuditRow.subject_id == public_id,
            AuditRow.did.in_(dids),
        )
        .order_by(AuditRow.id.desc())
        .limit(most)
    )
    return [
        Row(did, at, by, why, before or {}, after or {}) for did, at, by, why, before, after in rows
    ]

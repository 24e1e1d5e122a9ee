"""Who holds a post of a body, or an office: now, before and to come."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.store.database import db
from core.store.directory import Held
from core.store.scope import Scope
from core.store.tables import Account, PostHolder


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post, held it or will hold it."""

    public_id: str
    name: str
    held: Held


def holders(scope: Scope, procedure: str, body: str, post: str) -> list[Holder]:
    """Everybody who holds, held or will hold a post (an office, where ``body`` is "")."""
    rows = db.session.execute(
        sa.select(
            Account.public_id, Account.name, PostHolder.id, PostHolder.since, PostHolder.until
        )
        .join(Account, Account.id == PostHolder.account_id)
        .where(
            PostHolder.authority_id == scope.authority_id,
            PostHolder.procedure_code == procedure,
            PostHolder.body_code == body,
            PostHolder.post_code == post,
        )
        .order_by(PostHolder.since, PostHolder.id)
    )
    return [
        Holder(public_id, name, Held(key, (procedure, body, post), since, until))
        for public_id, name, key, since, until in rows
    ]

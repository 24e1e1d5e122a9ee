"""Authorities: found by code, made, and held while their record changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Authority


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    id: int
    code: str
    name: str
    record_version: int
    demo: bool


def by_code(code: str) -> AuthorityRow | None:
    row = db.session.execute(
        sa.select(
            Authority.id, Authority.code, Authority.name, Authority.record_version, Authority.demo
        ).where(Authority.code == code)
    ).first()
    return AuthorityRow(*row) if row else None


def code_of(scope: Scope) -> str:
    """The code of the asker's authority."""
    return db.session.execute(
        sa.select(Authority.code).where(Authority.id == scope.authority_id)
    ).scalar_one()


def every() -> list[AuthorityRow]:
    return [
        AuthorityRow(*row)
        for row in db.session.execute(
            sa.select(
                Authority.id,
                Authority.code,
                Authority.name,
                Authority.record_version,
                Authority.demo,
            ).order_by(Authority.code)
        )
    ]


def kept_since(scope: Scope) -> date | None:
    """The day from which the authority's meetings are recorded here; None where it is not known."""
    query = sa.select(Authority.kept_since).where(Authority.id == scope.authority_id)
    return db.session.execute(query).scalar_one()


def add(code: str, slug: str, name: str, since: date, *, demo: bool) -> int:
    """Add an authority, in the transaction under way; gives its id.

    Its meetings are recorded here from ``since`` on.
    """
    values = {"code": code, "slug": slug, "name": name, "kept_since": since, "demo": demo}
    made = sa.insert(Authority).values(values)
    return int(db.session.execute(made.returning(Authority.id)).scalar_one())


def lock(scope: Scope) -> int:
    """Let nobody else pass here for this authority until the transaction ends.

    Whoever changes the record of its children, or its staff, passes here first; so does an import
    that is applied. Others may still add rows that point at the authority, as nearly every row
    does. Gives the version of the record, which stays as it is while the lock is held.
    """
    held = (
        sa.select(Authority.record_version)
        .where(Authority.id == scope.authority_id)
        .with_for_update(key_share=True)
    )
    return int(db.session.execute(held).scalar_one())

"""Authorities: found by code, with the procedures each has enabled on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Authority, EnabledProcedure


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


def enabled(scope: Scope, on: date | None = None) -> list[tuple[str, date]]:
    """The codes of the procedures enabled on a day, in order, each with the day it began."""
    return [
        (code, since)
        for code, since in db.session.execute(
            sa.select(EnabledProcedure.code, EnabledProcedure.since)
            .where(
                EnabledProcedure.authority_id == scope.authority_id,
                held(EnabledProcedure, on or scope.on),
            )
            .order_by(EnabledProcedure.position)
        )
    ]

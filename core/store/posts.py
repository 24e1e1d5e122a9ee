"""Who holds a post of a body, or an office: now, before and to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.procedure.holding import Holding
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held, lasts_beyond
from core.store.tables import Account, PostHolder


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post held: of which procedure and body ("" for an office), by whom, from when until when.

    The grade of ``holding`` is that of the account where the post names none; ``own_grade`` is the
    one that the post names. ``remind_on`` is the day from which the end of the term is reminded of.
    """

    id: int
    procedure: str
    body: str
    holding: Holding
    job: str
    own_grade: str
    remind_on: date | None

    @property
    def what(self) -> tuple[str, str, str]:
        return self.procedure, self.body, self.holding.post


def _held(*conditions: sa.ColumnElement[bool]) -> list[PostHeld]:
    rows: Any = db.session.execute(
        sa.select(
            PostHolder.id,
            PostHolder.procedure_code,
            PostHolder.body_code,
            PostHolder.post_code,
            PostHolder.since,
            PostHolder.until,
            PostHolder.grade,
            PostHolder.service,
            PostHolder.outside,
            PostHolder.remind_on,
            Account.public_id,
            Account.name,
            Account.job,
            Account.grade.label("account_grade"),
            Account.active,
        )
        .join(Account, Account.id == PostHolder.account_id)
        .where(*conditions)
        .order_by(PostHolder.since, PostHolder.id)
    )
    return [
        PostHeld(
            row.id,
            row.procedure_code,
            row.body_code,
            Holding(
                row.post_code,
                row.public_id,
                row.name,
                row.since,
                row.until,
                row.grade or row.account_grade,
                row.service,
                row.outside,
                not row.active,
            ),
            row.job,
            row.grade,
            row.remind_on,
        )
        for row in rows
    ]


def _of(scope: Scope, procedure: str, body: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        PostHolder.authority_id == scope.authority_id,
        PostHolder.procedure_code == procedure,
        PostHolder.body_code == body,
    )


def of_post(scope: Scope, procedure: str, body: str, post: str) -> list[PostHeld]:
    """Everybody who holds, held or will hold a post (an office, where ``body`` is "")."""
    return _held(*_of(scope, procedure, body), PostHolder.post_code == post)


def of_body(scope: Scope, procedure: str, body: str) -> list[PostHeld]:
    """Everybody who holds, held or will hold a post of a body, the earliest first."""
    return _held(*_of(scope, procedure, body))


def on_day(scope: Scope, on: date) -> list[PostHeld]:
    """Everybody who holds a post or an office of the authority on a day."""
    return _held(PostHolder.authority_id == scope.authority_id, held(PostHolder, on))


def lasting(scope: Scope) -> list[PostHeld]:
    """Everybody who holds a post or an office on the scope's day or later."""
    return _held(PostHolder.authority_id == scope.authority_id, lasts_beyond(PostHolder, scope.on))


def add(
    scope: Scope,
    account_id: int,
    what: tuple[str, str, str],
    since: date,
    until: date | None,
    **more: Any,
) -> None:
    """Have somebody hold a post (procedure, body, post), in the transaction under way.

    ``more`` are its other columns: grade, service, outside, remind_on.
    """
    procedure, body, post = what
    db.session.execute(
        sa.insert(PostHolder).values(
            authority_id=scope.authority_id,
            procedure_code=procedure,
            body_code=body,
            post_code=post,
            account_id=account_id,
            since=since,
            until=until,
            **more,
        )
    )


def change(scope: Scope, row_id: int, **values: Any) -> None:
    """Change how a post is held, in the transaction under way; the caller holds the lock."""
    db.session.execute(
        sa.update(PostHolder)
        .where(PostHolder.authority_id == scope.authority_id, PostHolder.id == row_id)
        .values(**values)
    )


def holdings(rows: Iterable[PostHeld]) -> tuple[Holding, ...]:
    """The rows as the rules see them."""
    return tuple(row.holding for row in rows)

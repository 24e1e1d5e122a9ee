"""Cover: who stands in for a colleague who is away, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held, lasts_beyond
from core.store.tables import Account, Cover, Placing

MOST = 100


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One cover: who is away, who stands in, and the day on which it ends by itself."""

    id: int
    public_id: str
    away_id: int
    away: str
    away_public_id: str
    covered_by_id: int
    covered_by: str
    covered_by_public_id: str
    since: date
    until: date | None
    why: str

    def now(self, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until > on)


def _covers(*conditions: sa.ColumnElement[bool], most: int | None = MOST) -> list[CoverRow]:
    away, by = aliased(Account), aliased(Account)
    rows: Any = db.session.execute(
        sa.select(
            Cover.id,
            Cover.public_id,
            Cover.away_id,
            away.name,
            away.public_id,
            Cover.covered_by_id,
            by.name,
            by.public_id,
            Cover.since,
            Cover.until,
            Cover.why,
        )
        .join(away, away.id == Cover.away_id)
        .join(by, by.id == Cover.covered_by_id)
        .where(*conditions)
        .order_by(Cover.since.desc(), Cover.id.desc())
        .limit(most)
    )
    return [CoverRow(*row) for row in rows]


def _lasting(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(Cover.authority_id == scope.authority_id, lasts_beyond(Cover, scope.on))


def of_account(scope: Scope, account_id: int) -> list[CoverRow]:
    """Every cover for somebody or by them, the latest first."""
    return _covers(
        Cover.authority_id == scope.authority_id,
        sa.or_(Cover.away_id == account_id, Cover.covered_by_id == account_id),
    )


def lasting_beyond(scope: Scope, account_id: int, day: date) -> list[CoverRow]:
    """Every cover for somebody or by them that lasts on some day from this one on."""
    return _covers(
        Cover.authority_id == scope.authority_id,
        sa.or_(Cover.away_id == account_id, Cover.covered_by_id == account_id),
        lasts_beyond(Cover, day),
        most=None,
    )


def arranged_by(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the accounts for whom the asker may arrange a cover.

    Who administers the authority may for everybody, everybody else as ``of_their_own``.
    """
    if scope.has("authority.administrator"):
        return Account.authority_id == scope.authority_id
    return of_their_own(scope)


def of_their_own(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the asker's own account, and for those who work in a team that they manage."""
    ways = [Account.id == scope.account_id]
    if scope.has("team.manager"):
        mine = sa.select(Placing.team_id).where(
            Placing.authority_id == scope.authority_id,
            Placing.account_id == scope.account_id,
            Placing.team_id.is_not(None),
            held(Placing, scope.on),
        )
        ways.append(
            Account.id.in_(
                sa.select(Placing.account_id).where(
                    Placing.authority_id == scope.authority_id,
                    Placing.team_id.in_(mine),
                    held(Placing, scope.on),
                )
            )
        )
    return sa.and_(Account.authority_id == scope.authority_id, sa.or_(*ways))


def may_be_away(scope: Scope) -> list[tuple[str, str]]:
    """(public id, name) of everybody active for whom the asker may arrange a cover, by name."""
    rows = db.session.execute(
        sa.select(Account.public_id, Account.name)
        .where(arranged_by(scope), Account.active)
        .order_by(Account.name, Account.id)
    )
    return [(row.public_id, row.name) for row in rows]


def account_id(
    scope: Scope, public_id: str, among: sa.ColumnElement[bool] | None = None
) -> int | None:
    """The id of an active account; with ``among`` only one of those, as ``arranged_by`` says."""
    found = sa.select(Account.id).where(
        Account.authority_id == scope.authority_id, Account.public_id == public_id, Account.active
    )
    return db.session.scalar(found if among is None else found.where(among))


def lasting(scope: Scope) -> list[CoverRow]:
    """The covers of today and to come that the asker arranges, or in which they stand in."""
    seen = sa.select(Account.id).where(arranged_by(scope))
    return _covers(
        _lasting(scope),
        sa.or_(Cover.away_id.in_(seen), Cover.covered_by_id == scope.account_id),
    )


def find(scope: Scope, public_id: str) -> CoverRow | None:
    """A cover that the asker may end: one that they may arrange."""
    seen = sa.select(Account.id).where(arranged_by(scope))
    rows = _covers(_lasting(scope), Cover.public_id == public_id, Cover.away_id.in_(seen))
    return rows[0] if rows else None


def overlapping(
    scope: Scope, away_id: int, covered_by_id: int, since: date, until: date
) -> CoverRow | None:
    """A cover of the same two people that shares a day with this one."""
    rows = _covers(
        Cover.authority_id == scope.authority_id,
        Cover.away_id == away_id,
        Cover.covered_by_id == covered_by_id,
        Cover.since < until,
        sa.or_(Cover.until.is_(None), sa.and_(Cover.until > since, Cover.until > Cover.since)),
    )
    return rows[0] if rows else None


def add(scope: Scope, away_id: int, covered_by_id: int, since: date, until: date, why: str) -> str:
    """Add a cover, in the transaction under way; gives its public id."""
    made = sa.insert(Cover).values(
        authority_id=scope.authority_id,
        away_id=away_id,
        covered_by_id=covered_by_id,
        since=since,
        until=until,
        why=why,
    )
    return str(db.session.execute(made.returning(Cover.public_id)).scalar_one())


def end(scope: Scope, cover_ids: list[int]) -> None:
    """End covers on the scope's day, in the transaction under way; one to come never begins."""
    db.session.execute(
        sa.update(Cover)
        .where(Cover.authority_id == scope.authority_id, Cover.id.in_(cover_ids))
        .values(until=sa.case((Cover.since > scope.on, Cover.since), else_=scope.on))
    )

"""Those whom files name and nobody has matched to an account, and the matches that people made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store.database import db
from core.store.matching import Key
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, Child, KnownAs, StatedWorker

PAGE = 50
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody whom files name and nobody has matched; ``id`` is that of one of the rows.

    ``children`` is how many children they are named for, by relation.
    """

    id: int
    said: str
    email: str
    staff_number: str
    children: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Matched:
    """A match that a person has made."""

    id: int
    said: str
    email: str
    staff_number: str
    account: str
    account_public_id: str
    matched_at: datetime
    matched_by: str


@dataclass(frozen=True, slots=True)
class NamedFor:
    """A child for whom somebody is named, whom the asker sees."""

    public_id: str
    given_name: str
    family_name: str
    local_id: str
    relation: str
    as_at: date


def _open(scope: Scope) -> list[sa.ColumnElement[bool]]:
    return [
        StatedWorker.authority_id == scope.authority_id,
        StatedWorker.account_id.is_(None),
        StatedWorker.ended_at.is_(None),
    ]


_KEY = (StatedWorker.said, StatedWorker.email, StatedWorker.staff_number)


def how_many(scope: Scope) -> int:
    """How many people are to be matched."""
    groups = sa.select(*_KEY).where(*_open(scope)).group_by(*_KEY).subquery()
    return int(db.session.execute(sa.select(sa.func.count()).select_from(groups)).scalar_one())


def unmatched(scope: Scope, page: int = 1) -> tuple[list[Unmatched], int]:
    """One page of those to be matched, by name, and how many there are: three queries."""
    count = how_many(scope)
    page = min(page, max(1, -(-count // PAGE)))
    rows = db.session.execute(
        sa.select(sa.func.min(StatedWorker.id), *_KEY)
        .where(*_open(scope))
        .group_by(*_KEY)
        .order_by(*_KEY)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    counted = _children(scope, [(row[1], row[2], row[3]) for row in rows])
    found = [Unmatched(*row, counted.get((row[1], row[2], row[3]), {})) for row in rows]
    return found, count


def one(scope: Scope, row_id: int) -> Unmatched | None:
    """Somebody to be matched, by the id of any row that names them."""
    row = db.session.execute(
        sa.select(*_KEY).where(*_open(scope), StatedWorker.id == row_id)
    ).first()
    if row is None:
        return None
    key = (row[0], row[1], row[2])
    return Unmatched(row_id, *key, _children(scope, [key]).get(key, {}))


def _children(scope: Scope, keys: Sequence[Key]) -> dict[Key, dict[str, int]]:
    """How many children each is named for, by relation."""
    found: dict[Key, dict[str, int]] = {}
    if not keys:
        return found
    rows = db.session.execute(
        sa.select(
            *_KEY,
            StatedWorker.relation,
            sa.func.count(sa.distinct(StatedWorker.child_id)),
        )
        .where(*_open(scope), StatedWorker.said.in_({said for said, _, _ in keys}))
        .group_by(*_KEY, StatedWorker.relation)
        .order_by(StatedWorker.relation.desc())
    )
    for said, email, number, relation, count in rows:
        found.setdefault((said, email, number), {})[relation] = count
    return found


def named_for(scope: Scope, key: Key) -> list[NamedFor]:
    """The first children for whom somebody is named, those whom the asker sees."""
    said, email, number = key
    rows = db.session.execute(
        sa.select(
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            StatedWorker.relation,
            StatedWorker.as_at,
        )
        .join(Child, Child.id == StatedWorker.child_id)
        .where(
            *_open(scope),
            StatedWorker.said == said,
            StatedWorker.email == email,
            StatedWorker.staff_number == number,
            children_seen(scope),
        )
        .order_by(Child.family_name, Child.given_name, Child.id)
        .limit(SHOWN)
    )
    return [NamedFor(*row) for row in rows]


def matches(scope: Scope, page: int = 1) -> tuple[list[Matched], int]:
    """One page of the matches that people have made, the latest first, and how many there are."""
    count = int(
        db.session.execute(
            sa.select(sa.func.count()).where(KnownAs.authority_id == scope.authority_id)
        ).scalar_one()
    )
    by = aliased(Account)
    page = min(page, max(1, -(-count // PAGE)))
    rows = db.session.execute(
        sa.select(
            KnownAs.id,
            KnownAs.said,
            KnownAs.email,
            KnownAs.staff_number,
            Account.name,
            Account.public_id,
            KnownAs.matched_at,
            sa.func.coalesce(by.name, ""),
        )
        .join(Account, Account.id == KnownAs.account_id)
        .outerjoin(by, by.id == KnownAs.matched_by)
        .where(KnownAs.authority_id == scope.authority_id)
        .order_by(KnownAs.matched_at.desc(), KnownAs.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Matched(*row) for row in rows], count

"""Those whom files name and nobody has matched to an account, and the matches that people made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store import action_states
from core.store.database import db
from core.store.matching import Key
from core.store.paging import pages_of
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, Action, Child, KnownAs, StatedWorker

PAGE = 50
SHOWN = 20
ADDRESS = re.compile(r"a?[0-9]{1,10}")
MOST_ID = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody whom files name and nobody has matched.

    ``address`` stands for one of the rows that name them: a number, or "a" and an action's.
    ``children`` is for how many children they are named, by relation; ``actions`` how many open
    actions of imported trackers are theirs.
    """

    address: str
    said: str
    email: str
    staff_number: str
    children: Mapping[str, int]
    actions: int = 0


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


def _owned(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """The open actions of imported trackers whose owner is a name and nobody's account."""
    return [
        Action.authority_id == scope.authority_id,
        Action.owner_id.is_(None),
        Action.import_file_id.is_not(None),
        action_states.still_open(),
        Action.owner_name != "",
    ]


_KEY = (StatedWorker.said, StatedWorker.email, StatedWorker.staff_number)


def _groups(scope: Scope) -> sa.Subquery:
    """Everybody to be matched: (said, email, number, a row, an action, how many actions)."""
    no_words = sa.literal("")
    named = sa.select(
        StatedWorker.said.label("said"),
        StatedWorker.email.label("email"),
        StatedWorker.staff_number.label("number"),
        StatedWorker.id.label("row"),
        sa.cast(sa.null(), sa.Integer).label("action"),
    ).where(*_open(scope))
    owned = sa.select(
        Action.owner_name, no_words, no_words, sa.cast(sa.null(), sa.Integer), Action.id
    ).where(*_owned(scope))
    every = named.union_all(owned).subquery()
    return (
        sa.select(
            every.c.said,
            every.c.email,
            every.c.number,
            sa.func.min(every.c.row).label("row"),
            sa.func.min(every.c.action).label("action"),
            sa.func.count(every.c.action).label("actions"),
        )
        .group_by(every.c.said, every.c.email, every.c.number)
        .subquery()
    )


def how_many(scope: Scope) -> int:
    """How many people are to be matched."""
    query = sa.select(sa.func.count()).select_from(_groups(scope))
    return int(db.session.execute(query).scalar_one())


def unmatched(scope: Scope, page: int = 1) -> tuple[list[Unmatched], int]:
    """One page of those to be matched, by name, and how many there are: three queries."""
    count = how_many(scope)
    page = min(page, pages_of(count, PAGE))
    groups = _groups(scope)
    rows = db.session.execute(
        sa.select(groups)
        .order_by(groups.c.said, groups.c.email, groups.c.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    counted = _children(scope, [(row.said, row.email, row.number) for row in rows])
    return [_one(row, counted) for row in rows], count


def _one(row: Any, counted: Mapping[Key, Mapping[str, int]]) -> Unmatched:
    key = (row.said, row.email, row.number)
    address = f"a{row.action}" if row.row is None else str(row.row)
    return Unmatched(address, *key, counted.get(key, {}), row.actions)


def one(scope: Scope, address: str) -> Unmatched | None:
    """Somebody to be matched, by the address of any row or action that names them."""
    number = int(address.removeprefix("a")) if ADDRESS.fullmatch(address) else MOST_ID + 1
    if number > MOST_ID:
        return None
    found: Any
    if address.startswith("a"):
        found = sa.select(Action.owner_name, sa.literal(""), sa.literal("")).where(
            *_owned(scope), Action.id == number
        )
    else:
        found = sa.select(*_KEY).where(*_open(scope), StatedWorker.id == number)
    key = db.session.execute(found).first()
    if key is None:
        return None
    groups = _groups(scope)
    row = db.session.execute(
        sa.select(groups).where(
            groups.c.said == key[0], groups.c.email == key[1], groups.c.number == key[2]
        )
    ).one()
    said = (key[0], key[1], key[2])
    return replace(_one(row, _children(scope, [said])), address=address)


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
    page = min(page, pages_of(count, PAGE))
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

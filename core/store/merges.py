"""Two records of one child: what each holds, which were merged, and which may be of one child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from core.domain.naming import child_name
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import (
    Account,
    CaseChild,
    Child,
    ChildMerge,
    Entry,
    Episode,
    NamedAccess,
    Paper,
    Review,
)

LIKELY_MOST = 50


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records, with what it holds, to be compared before they are merged."""

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    sex: str
    upn: str
    version: int
    counts: Mapping[str, int]

    @property
    def name(self) -> str:
        return child_name(self.given_name, self.family_name, self.local_id)


#: The columns of a side, in the order of its fields.
_SIDE = (
    Child.id,
    Child.public_id,
    Child.local_id,
    Child.given_name,
    Child.family_name,
    Child.born,
    Child.birth_expected,
    Child.sex,
    Child.upn,
    Child.version,
)


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One merge of a child's record: the local id merged into it, by whom, when and why."""

    public_id: str
    merged_local_id: str
    made_at: datetime
    made_by: str
    why: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str


def side(scope: Scope, *, public_id: str = "", local_id: str = "") -> Side | None:
    """A record by public or local id, where the asker sees it; a merged one is not there."""
    which = Child.public_id == public_id if public_id else Child.local_id == local_id
    row = db.session.execute(
        sa.select(*_SIDE).where(children_seen(scope), which, Child.merged_into_id.is_(None))
    ).first()
    if row is None:
        return None
    facts: Any = (*row, _counts(scope, row.id))
    return Side(*facts)


def _counts(scope: Scope, child_id: int) -> dict[str, int]:
    tables: tuple[tuple[str, type[Any]], ...] = (
        ("episodes", Episode),
        ("reviews", Review),
        ("entries in the record", Entry),
        ("cases", CaseChild),
        ("papers", Paper),
    )
    counted = sa.select(
        *(
            sa.select(sa.func.count())
            .where(table.authority_id == scope.authority_id, table.child_id == child_id)
            .scalar_subquery()
            for _, table in tables
        )
    )
    found = db.session.execute(counted).one()
    return {name: int(number) for (name, _), number in zip(tables, found, strict=True)}


def kept_public_id(scope: Scope, public_id: str) -> str | None:
    """Where the record is that a merged one went into, if the asker sees it."""
    merged = orm.aliased(Child)
    return db.session.scalar(
        sa.select(Child.public_id)
        .join(
            merged,
            sa.and_(merged.merged_into_id == Child.id, merged.authority_id == Child.authority_id),
        )
        .where(children_seen(scope), merged.public_id == public_id)
    )


def public_id_of(scope: Scope, child_id: int) -> str:
    """The public id of a child of the authority, whoever sees it."""
    return str(
        db.session.scalar(
            sa.select(Child.public_id).where(
                Child.authority_id == scope.authority_id, Child.id == child_id
            )
        )
    )


def closed_alike(scope: Scope, one: Side, other: Side) -> bool:
    """Whether both records are open, or both are closed in the same way."""
    found = db.session.scalars(
        sa.select(Child.closed_to)
        .where(Child.authority_id == scope.authority_id, Child.id.in_([one.id, other.id]))
        .distinct()
    ).all()
    return len(found) == 1


def named_alike(scope: Scope, one: Side, other: Side) -> bool:
    """Whether the same people are named today to see both records."""
    rows = db.session.execute(
        sa.select(NamedAccess.child_id, NamedAccess.account_id).where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id.in_([one.id, other.id]),
            held(NamedAccess, scope.on),
        )
    ).all()
    of_one, of_other = (
        {account_id for child_id, account_id in rows if child_id == side.id}
        for side in (one, other)
    )
    return of_one == of_other


def has_merged(scope: Scope, child_id: int) -> bool:
    """Whether another record has been merged into this one and stands so."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Child.authority_id == scope.authority_id, Child.merged_into_id == child_id
                )
            )
        )
    )


def of_child(scope: Scope, child_id: int) -> list[MergeRow]:
    """The merges into a child's record, the latest first, undone ones among them."""
    maker, undoer = orm.aliased(Account), orm.aliased(Account)
    rows = db.session.execute(
        sa.select(
            ChildMerge.public_id,
            Child.local_id,
            ChildMerge.made_at,
            sa.func.coalesce(maker.name, ""),
            ChildMerge.why,
            ChildMerge.undone_at,
            sa.func.coalesce(undoer.name, ""),
            ChildMerge.undone_why,
        )
        .join(Child, Child.id == ChildMerge.merged_id)
        .outerjoin(maker, maker.id == ChildMerge.made_by)
        .outerjoin(undoer, undoer.id == ChildMerge.undone_by)
        .where(ChildMerge.authority_id == scope.authority_id, ChildMerge.kept_id == child_id)
        .order_by(ChildMerge.id.desc())
    )
    return [MergeRow(*row) for row in rows]


def alike(scope: Scope, public_id: str) -> list[str]:
    """Local ids of other records that the asker sees with this one's names and day of birth."""
    one = orm.aliased(Child)
    rows = db.session.scalars(
        sa.select(Child.local_id)
        .join(
            one,
            sa.and_(
                one.authority_id == Child.authority_id,
                one.id != Child.id,
                one.born == Child.born,
                sa.func.lower(one.family_name) == sa.func.lower(Child.family_name),
                sa.func.lower(one.given_name) == sa.func.lower(Child.given_name),
            ),
        )
        .where(children_seen(scope), one.public_id == public_id)
        .order_by(Child.local_id)
        .limit(5)
    )
    return list(rows)


def likely(scope: Scope) -> list[tuple[str, tuple[Side, ...]]]:
    """Records that may be of one child, in groups, each with its reason.

    At most LIKELY_MOST groups; only of children whom the asker sees.
    """
    seen = [children_seen(scope), Child.merged_into_id.is_(None)]
    name = (sa.func.lower(Child.given_name), sa.func.lower(Child.family_name))
    same_name = (
        sa.select(sa.func.min(Child.id))
        .where(*seen, Child.born.is_not(None), Child.family_name != "")
        .group_by(Child.born, *name)
        .having(sa.func.count() > 1)
        .limit(LIKELY_MOST)
    )
    same_upn = (
        sa.select(sa.func.min(Child.id))
        .where(*seen, sa.func.length(Child.upn) == 13)
        .group_by(Child.upn)
        .having(sa.func.count() > 1)
        .limit(LIKELY_MOST)
    )
    found: dict[frozenset[int], tuple[str, tuple[Side, ...]]] = {}
    for reason, first in (
        ("The same unique pupil number", same_upn),
        ("The same name and date of birth", same_name),
    ):
        for group in _groups(seen, list(db.session.scalars(first)), by_upn="pupil" in reason):
            found.setdefault(frozenset(one.id for one in group), (reason, group))
    return list(found.values())[:LIKELY_MOST]


def _groups(seen: list[Any], firsts: list[int], *, by_upn: bool) -> list[tuple[Side, ...]]:
    if not firsts:
        return []
    first = orm.aliased(Child)
    same = (
        Child.upn == first.upn
        if by_upn
        else sa.and_(
            Child.born == first.born,
            sa.func.lower(Child.given_name) == sa.func.lower(first.given_name),
            sa.func.lower(Child.family_name) == sa.func.lower(first.family_name),
        )
    )
    rows = db.session.execute(
        sa.select(first.id, *_SIDE)
        .join(first, sa.and_(same, first.authority_id == Child.authority_id))
        .where(*seen, first.id.in_(firsts))
        .order_by(first.id, Child.id)
    )
    groups: dict[int, list[Side]] = {}
    for of, *values in rows:
        facts: Any = (*values, {})
        groups.setdefault(of, []).append(Side(*facts))
    return [tuple(group) for group in groups.values() if len(group) > 1]

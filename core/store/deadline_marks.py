"""Children whose deadlines are still to be worked out anew: now, or later by the worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store import bulk
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Authority, CaseChild, Child, DeadlineMark

TOUCHED = "children and cases whose dates changed in the transaction under way"
Touched = dict[int, tuple[Scope, set[int], set[int]]]


def touched(scope: Scope, child_ids: Iterable[int]) -> None:
    """Something dated of these children changed: worked out anew as the transaction ends."""
    _of(scope)[1].update(child_ids)


def touched_case(scope: Scope, case_id: int) -> None:
    """Something dated of a case changed, or which children it has."""
    _of(scope)[2].add(case_id)


def _of(scope: Scope) -> tuple[Scope, set[int], set[int]]:
    found: Touched = db.session.info.setdefault(TOUCHED, {})
    return found.setdefault(scope.authority_id, (scope, set(), set()))


def take() -> Iterator[tuple[Scope, set[int]]]:
    """Whose dates changed, authority by authority, and no longer."""
    found: Touched = db.session.info.pop(TOUCHED, {})
    for scope, children, cases in found.values():
        if cases:
            children |= set(
                db.session.scalars(
                    sa.select(CaseChild.child_id).where(
                        CaseChild.authority_id == scope.authority_id,
                        CaseChild.case_id.in_(sorted(cases)),
                    )
                )
            )
        yield scope, children


def forget() -> None:
    db.session.info.pop(TOUCHED, None)


def mark(scope: Scope, child_ids: Collection[int], at: datetime) -> None:
    """Leave these children to the worker, in the transaction under way.

    A mark that is there stays, and is held: whoever works that child out takes the mark away
    before reading anything, so that either they see what this transaction changes, or the mark is
    set anew. The asker is who caused it, unless somebody did before.
    """
    ids = sorted(child_ids)
    for start in range(0, len(ids), bulk.BATCH):
        _mark(scope, at, Child.id.in_(ids[start : start + bulk.BATCH]), scope.account_id)


def mark_again(scope: Scope, caused: Mapping[int, int | None], at: datetime) -> None:
    """Leave children to the worker once more, each with whose change it was."""
    for child_id, by in sorted(caused.items()):
        _mark(scope, at, Child.id == child_id, by)


def mark_all(scope: Scope, at: datetime) -> None:
    """Mark every child of the authority, in the transaction under way, as ``mark`` does."""
    _mark(scope, at, Child.merged_into_id.is_(None), scope.account_id)


def _mark(scope: Scope, at: datetime, which: sa.ColumnElement[bool], by: int | None) -> None:
    columns = ["authority_id", "child_id", "marked_at", "marked_by"]
    to_mark = sa.select(
        Child.authority_id,
        Child.id,
        sa.literal(at, sa.DateTime()),
        sa.cast(sa.literal(by, sa.Integer()), sa.Integer()),
    ).where(Child.authority_id == scope.authority_id, which)
    kind = db.session.get_bind().dialect.name
    insert = (postgresql.insert if kind == "postgresql" else sqlite.insert)(DeadlineMark)
    db.session.execute(
        insert.from_select(columns, to_mark.order_by(Child.id)).on_conflict_do_update(
            index_elements=columns[:2], set_={"marked_at": DeadlineMark.marked_at}
        )
    )


_WAITING = sa.select(sa.func.count()).where(
    DeadlineMark.authority_id == sa.bindparam("authority_id")
)


def waiting(scope: Scope) -> int:
    """How many children of the authority wait."""
    return int(db.session.execute(_WAITING, {"authority_id": scope.authority_id}).scalar_one())


def waits(scope: Scope, child_id: int) -> bool:
    """Whether a child's deadlines are being worked out."""
    found = sa.select(DeadlineMark.id).where(
        DeadlineMark.authority_id == scope.authority_id, DeadlineMark.child_id == child_id
    )
    return db.session.execute(found).first() is not None


def next_ones(scope: Scope, most: int) -> list[int]:
    """The children who wait longest; the caller holds the authority's lock."""
    return list(
        db.session.scalars(
            sa.select(DeadlineMark.child_id)
            .where(DeadlineMark.authority_id == scope.authority_id)
            .order_by(DeadlineMark.id)
            .limit(most)
        )
    )


def done(scope: Scope, child_ids: Collection[int]) -> dict[int, int | None]:
    """Take away the marks of these children, whose record the caller holds and reads after this.

    Gives by child whose change had them marked: None for nobody's form.
    """
    theirs = (
        DeadlineMark.authority_id == scope.authority_id,
        DeadlineMark.child_id.in_(sorted(child_ids)),
    )
    # In the order in which they are set, so that two transactions never wait for each other.
    marked = sa.select(DeadlineMark.child_id, DeadlineMark.marked_by)
    held = marked.where(*theirs).order_by(DeadlineMark.child_id).with_for_update()
    caused = {row.child_id: row.marked_by for row in db.session.execute(held)}
    if caused:
        db.session.execute(sa.delete(DeadlineMark).where(*theirs))
    return caused


def authorities_waiting(rules: str) -> list[int]:
    """The authorities of which children wait, or whose deadlines are of other rules: one query."""
    marked = sa.select(DeadlineMark.authority_id)
    query = sa.select(Authority.id).where(
        sa.or_(Authority.deadlines_under != rules, Authority.id.in_(marked))
    )
    return list(db.session.scalars(query.order_by(Authority.id)))


def worked_out_under(scope: Scope) -> str:
    """Which rules the kept deadlines of the authority were worked out under."""
    query = sa.select(Authority.deadlines_under).where(Authority.id == scope.authority_id)
    return db.session.execute(query).scalar_one()


def now_under(scope: Scope, rules: str) -> None:
    db.session.execute(
        sa.update(Authority).where(Authority.id == scope.authority_id).values(deadlines_under=rules)
    )

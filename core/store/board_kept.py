"""The board as it is kept: how children stand over time, and their rows of one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.board import Span, Standing
from core.store import bulk, record_summary
from core.store.board_statement import COLUMNS, board_on
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Action, Authority, BoardRow, BoardSpan, CaseChild

STANDING = tuple(field.name for field in fields(Standing))
SPAN = ("child_id", "since", "until", *STANDING)


def put(scope: Scope, child_ids: Iterable[int], found: Mapping[int, tuple[Span, ...]]) -> None:
    """Have exactly these spans of these children, and their rows anew, in the transaction under
    way. Four statements a batch, two of them only where something changed."""
    for batch in batches(sorted(set(child_ids))):
        stored = _stored(scope, batch)
        wanted = {child_id: _rows(child_id, found.get(child_id, ())) for child_id in batch}
        changed = [child_id for child_id in batch if stored.get(child_id, []) != wanted[child_id]]
        if changed:
            db.session.execute(
                sa.delete(BoardSpan).where(
                    BoardSpan.authority_id == scope.authority_id, BoardSpan.child_id.in_(changed)
                )
            )
            new = (
                ((scope.authority_id,), dict(zip(SPAN, row, strict=True)))
                for child_id in changed
                for row in wanted[child_id]
            )
            bulk.insert(BoardSpan, new, ("authority_id",))
        row_anew(scope, batch)


def _rows(child_id: int, spans: Iterable[Span]) -> list[tuple[Any, ...]]:
    return [(child_id, one.since, one.until, *astuple(one.standing)) for one in spans]


def _stored(scope: Scope, ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in db.session.execute(
        sa.select(*(getattr(BoardSpan, name) for name in SPAN))
        .where(BoardSpan.authority_id == scope.authority_id, BoardSpan.child_id.in_(ids))
        .order_by(BoardSpan.child_id, BoardSpan.since)
    ):
        found.setdefault(row.child_id, []).append(tuple(row))
    return found


def row_anew(scope: Scope, child_ids: Iterable[int]) -> None:
    """Work out the rows of these children as at the scope's day, in the transaction under way.

    Three statements a batch. The rows are everybody's: who does not see all of a child's cases is
    shown another, worked out as it is asked for (core.store.board).
    """
    whole = Scope.of_authority(scope.authority_id, scope.on)
    columns = ["authority_id", "worked_on", *COLUMNS]
    for batch in batches(sorted(set(child_ids))):
        record_summary.lock(scope, batch)
        db.session.execute(
            sa.delete(BoardRow).where(
                BoardRow.authority_id == scope.authority_id, BoardRow.child_id.in_(batch)
            )
        )
        rows = board_on(whole, scope.on, lambda child: child.in_(batch), coming=True).subquery()  # noqa: B023
        db.session.execute(
            sa.insert(BoardRow).from_select(
                columns,
                sa.select(
                    sa.literal(scope.authority_id, sa.Integer()),
                    sa.literal(scope.on, sa.Date()),
                    *(rows.c[name] for name in COLUMNS),
                ).order_by(rows.c.child_id),
            )
        )


def of_actions(scope: Scope, action_ids: Iterable[int]) -> set[int]:
    """The children whom these actions concern: one query a batch."""
    found: set[int] = set()
    for batch in batches(sorted(set(action_ids))):
        of_case = (
            sa.select(CaseChild.child_id)
            .join(Action, Action.case_id == CaseChild.case_id)
            .where(Action.authority_id == scope.authority_id, Action.id.in_(batch))
        )
        of_tracker = sa.select(Action.child_id).where(
            Action.authority_id == scope.authority_id,
            Action.id.in_(batch),
            Action.child_id.is_not(None),
        )
        found |= set(db.session.scalars(sa.union(of_case, of_tracker)))
    return found


def _moved_on(scope: Scope) -> tuple[sa.Select[Any], ...]:
    """The rows that may say something else on the scope's day than they did, each by an index."""
    own = sa.select(BoardRow.child_id).where(BoardRow.authority_id == scope.authority_id)
    on: date = scope.on
    return (
        own.where(BoardRow.changes_on <= on),
        own.where(BoardRow.same_to < on),
        own.where(BoardRow.worked_on > on),
    )


def is_of(scope: Scope) -> bool:
    """Whether the kept rows are right for the scope's day: one query."""
    moved = [sa.exists(query) for query in _moved_on(scope)]
    return not db.session.execute(sa.select(sa.or_(*moved))).scalar_one()


def moved_on(scope: Scope, most: int) -> list[int]:
    """Children whose rows are to be worked out for the scope's day, so many at most."""
    found: set[int] = set()
    for query in _moved_on(scope):
        if len(found) < most:
            found |= set(db.session.scalars(query.limit(most - len(found))))
    return sorted(found)


def authorities_behind(on: date) -> list[int]:
    """The authorities with rows that may say something else on a day than they did: one query."""
    found = [
        sa.exists(query.where(BoardRow.authority_id == Authority.id))
        for query in (
            sa.select(BoardRow.id).where(BoardRow.changes_on <= on),
            sa.select(BoardRow.id).where(BoardRow.same_to < on),
            sa.select(BoardRow.id).where(BoardRow.worked_on > on),
        )
    ]
    return list(db.session.scalars(sa.select(Authority.id).where(sa.or_(*found))))

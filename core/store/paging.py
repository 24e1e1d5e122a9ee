"""Lists of which a page is shown at a time, or the first so many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa

from core.store.database import db

T = TypeVar("T")


class Some(list[T]):
    """The first of what was asked for; ``more`` is how many there are beyond these.

    ``many`` says that there may be more than ``more``, which is as far as they were counted.
    """

    def __init__(self, rows: Iterable[T] = (), more: int = 0, *, many: bool = False) -> None:
        super().__init__(rows)
        self.more, self.many = more, many


def pages_of(total: int, size: int) -> int:
    """How many pages a list has: one, where there is nothing in it."""
    return max(1, -(-total // size))


def first(query: sa.Select[*tuple[Any, ...]], most: int) -> Some[Any]:
    """The first so many rows of a query: one statement, and one that counts where there are more.

    Whose they are is in the query, so that nobody's own falls off behind what is another's.
    """
    rows = db.session.execute(query.limit(most + 1)).all()
    if len(rows) <= most:
        return Some(rows)
    whole = query.order_by(None).with_only_columns(sa.literal(1), maintain_column_froms=True)
    total = db.session.execute(sa.select(sa.func.count()).select_from(whole.subquery()))
    return Some(rows[:most], total.scalar_one() - most)

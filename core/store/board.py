"""The board: every child looked after one row, filtered and in order, as at a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.domain.board_views import BY_CODE, VIEWS
from core.registry import Registry
from core.store import board_kept
from core.store.board_rows import Row, rows_of
from core.store.board_sight import closed, on_board, partly_seen, seen, sees_every_child
from core.store.board_statement import COLUMNS, board_on
from core.store.database import db
from core.store.paging import pages_of
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Allocation, BoardRow, Child

PAGE = 50
AT_ONCE = 500
"""So many rows of an export are read at a time."""
FEW = 1_000
"""So many rows are found by what is asked of them and then put in order; more are read in their
order until the page is full."""


class Sort(StrEnum):
    """What the board can be put in order by; the values stand in addresses."""

    NAME = "name"
    AGE = "age"
    SINCE = "since"
    PLAN = "plan"
    NEXT = "next"
    LATE = "late"
    MATCH = "match"
    PLANNING = "ppm"
    PANEL = "panel"
    OVERDUE = "overdue"
    ROLLED = "rolled"


#: By which column each is.
SORTED = {
    Sort.AGE: "born",
    Sort.SINCE: "started",
    Sort.PLAN: "plan_state_on",
    Sort.NEXT: "next_due",
    Sort.LATE: "late_due",
    Sort.MATCH: "matched_on",
    Sort.PLANNING: "last_planning",
    Sort.PANEL: "last_panel",
    Sort.OVERDUE: "overdue",
    Sort.ROLLED: "rolled",
}


#: Said as a number of days or years, kept as the day on which it began: few are a late day.
COUNTED_SINCE = frozenset({Sort.AGE, Sort.SINCE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted and in which order; None, "" and False mean any.

    ``view`` is the code of a saved view. ``born_from`` and ``born_to`` are both included.
    """

    view: str = ""
    team_id: int | None = None
    worker_id: int | None = None
    legal_status: str = ""
    plan_state: str = ""
    late: bool = False
    born_from: date | None = None
    born_to: date | None = None
    sort: Sort = Sort.LATE
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, how many there are in all, and how many of them are in each view.

    ``in_views`` counts by the code of a view, whichever is asked for, with the other filters.
    ``page`` counts from 1.
    """

    rows: tuple[Row, ...]
    total: int
    in_views: dict[str, int]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the rows of a day are read from: the kept ones, or the statement itself.

    ``conditions`` are those of every row that is seen; ``closed``, if given, says of a child the
    contrary of one more: kept apart, because few are counted sooner than nearly all.
    """

    on: date
    columns: Any
    conditions: tuple[sa.ColumnElement[bool], ...]
    closed: sa.ColumnElement[bool] | None = None

    @property
    def all_conditions(self) -> list[sa.ColumnElement[bool]]:
        return [*self.conditions, *(() if self.closed is None else (sa.not_(self.closed),))]


def _source(scope: Scope, on: date) -> _Source:
    """The rows that the asker is to see as at a day: two queries to find out which.

    The kept ones where they are of that day, and for children of whom the asker does not see
    every case those of the statement; else the statement for all: always right, only slower.
    """
    today = on == scope.on and board_kept.is_of(scope)
    if not today:
        rows = board_on(scope, on, lambda child: child.in_(seen(scope))).subquery("board")
        return _Source(on, rows.c, ())
    partly = partly_seen(scope)
    kept = BoardRow.__table__.c
    here = (kept.authority_id == scope.authority_id, kept.there)
    if not partly and not scope.everything and sees_every_child(scope):
        return _Source(on, kept, here, kept.child_id.in_(closed(scope)))
    own = (*here, on_board(scope, kept.child_id))
    if not partly:
        return _Source(on, kept, own)
    whole = sa.select(*(kept[name] for name in COLUMNS)).where(*own, kept.child_id.not_in(partly))
    theirs = board_on(
        scope,
        on,
        lambda child: sa.and_(child.in_(partly), child.in_(seen(scope))),
    )
    both = sa.union_all(
        whole.with_only_columns(*(kept[name] for name in COLUMNS)),
        theirs,
    ).subquery("board")
    return _Source(on, both.c, ())


def page(scope: Scope, registry: Registry, wanted: Wanted, on: date) -> Page:
    """The page of rows that is wanted, or the last one there is: eleven queries at most."""
    source = _source(scope, on)
    counts = _counts(source, _asked(scope, source, wanted))
    in_views = _by_view(counts)
    total = in_views[wanted.view] if wanted.view else sum(counts.values())
    pages = pages_of(total, PAGE)
    number = min(wanted.page, pages)
    first = (number - 1) * PAGE
    ids = _page_ids(scope, source, wanted, counts, total, first) if total else []
    return Page(
        rows_of(scope, registry, source.columns, source.all_conditions, ids, on),
        total,
        in_views,
        number,
        pages,
    )


def every(
    scope: Scope, registry: Registry, wanted: Wanted, on: date, most: int
) -> tuple[list[str], Iterator[Row], bool]:
    """So many rows that are wanted at most, in their order, read some at a time; whose they are,
    by their public ids; and whether there are more."""
    source = _source(scope, on)
    conditions = [*source.all_conditions, *_asked(scope, source, wanted), *_of_view(source, wanted)]
    found = _read(source, conditions, _parts(scope, source, wanted), most + 1)
    ids = found[:most]

    def rows() -> Iterator[Row]:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            yield from rows_of(scope, registry, source.columns, source.all_conditions, some, on)

    names: list[str] = []
    for start in range(0, len(ids), 10 * AT_ONCE):
        some = ids[start : start + 10 * AT_ONCE]
        names += db.session.scalars(sa.select(Child.public_id).where(Child.id.in_(some)))
    return names, rows(), len(found) > most


def view_counts(scope: Scope) -> dict[str, int]:
    """How many children whom the asker sees are in each saved view today, by its code.

    Three queries, of which one reads an index of the kept rows.
    """
    return _by_view(_counts(_source(scope, scope.on), []))


def _counts(source: _Source, asked: list[sa.ColumnElement[bool]]) -> dict[int, int]:
    """How many rows have each number of views: one query."""
    views = source.columns.views
    seen = [*source.conditions, *asked]
    query: Any = sa.select(views, sa.func.count()).where(*seen).group_by(views)
    if source.closed is not None:
        fewer = sa.select(views, -sa.func.count()).where(*seen, source.closed).group_by(views)
        query = sa.union_all(query, fewer)
    found: Counter[int] = Counter()
    for number, count in db.session.execute(query):
        found[number] += count
    return found


def _by_view(counts: dict[int, int]) -> dict[str, int]:
    return {
        view.code: sum(count for number, count in counts.items() if number & view.bit)
        for view in VIEWS
    }


def _unindexed(column: Any) -> Any:
    """The same value, for which SQLite looks in no index: it would take that of a filter, and put
    all that it finds in order, where fifty rows in their order are wanted. PostgreSQL, which knows
    how many rows there are, reads it as the column."""
    return sa.func.coalesce(column, sa.null())


def _asked(
    scope: Scope, source: _Source, wanted: Wanted, by: Callable[[Any], Any] = lambda column: column
) -> list[sa.ColumnElement[bool]]:
    """What is asked of every row, the view aside; ``by`` is how a column is read."""
    row = source.columns
    found: list[sa.ColumnElement[bool]] = []
    if wanted.legal_status:
        found.append(by(row.legal_status) == wanted.legal_status)
    if wanted.plan_state:
        found.append(by(row.plan_state) == wanted.plan_state)
    if wanted.late:
        found.append(by(row.late_due).is_not(None))
    if wanted.born_from is not None:
        found.append(by(row.born) >= wanted.born_from)
    if wanted.born_to is not None:
        found.append(by(row.born) <= wanted.born_to)
    if wanted.team_id is not None:
        of_team = sa.select(Child.id).where(
            Child.authority_id == scope.authority_id, Child.team_id == wanted.team_id
        )
        found.append(row.child_id.in_(of_team))
    if wanted.worker_id is not None:
        of_worker = sa.select(Allocation.child_id).where(
            Allocation.authority_id == scope.authority_id,
            Allocation.account_id == wanted.worker_id,
            Allocation.relation == "worker",
            held(Allocation, source.on),
        )
        found.append(row.child_id.in_(of_worker))
    return found


def _of_view(source: _Source, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    if not wanted.view:
        return []
    return [source.columns.views.op("&")(BY_CODE[wanted.view].bit) != 0]


def _page_ids(
    scope: Scope, source: _Source, wanted: Wanted, counts: dict[int, int], total: int, first: int
) -> list[int]:
    """The children of one page, in their order; ``total`` is how many there are in all.

    Few are found by what is asked of them, and many in their order, each by its index: from the
    end where that is nearer.
    """
    row = source.columns
    seen = [*source.conditions, *(() if source.closed is None else (sa.not_(source.closed),))]
    if total <= FEW:
        conditions = [*seen, *_asked(scope, source, wanted)]
        if wanted.view:
            bit = BY_CODE[wanted.view].bit
            conditions.append(row.views.in_(sorted(n for n in counts if n & bit)))
        parts = _parts(scope, source, wanted, _unindexed)
    else:
        asked = _asked(scope, source, wanted, _unindexed)
        conditions = [*seen, *asked, *_of_view(source, wanted)]
        parts = _parts(scope, source, wanted)
    most = min(PAGE, total - first)
    if first <= total // 2:
        return _read(source, conditions, parts, most, first)
    backwards = [
        replace(one, order=[(column, not down) for column, down in one.order])
        for one in reversed(parts)
    ]
    return _read(source, conditions, backwards, most, total - first - most)[::-1]


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that come after those of the part before: of which children, and by which columns,
    each with whether downwards."""

    of: tuple[sa.ColumnElement[bool], ...]
    order: list[tuple[Any, bool]]
    by_name: bool = False


def _parts(
    scope: Scope, source: _Source, wanted: Wanted, by: Callable[[Any], Any] = lambda column: column
) -> list[_Part]:
    """The order that is wanted: those of whom its day is not known last, ties in one order."""
    row, down = source.columns, wanted.descending
    if wanted.sort is Sort.NAME:
        names = (Child.family_name, Child.given_name, Child.local_id)
        here = Child.authority_id == scope.authority_id
        return [_Part((here,), [(name, down) for name in names], by_name=True)]
    column = by(row[SORTED[wanted.sort]])
    down = down != (wanted.sort in COUNTED_SINCE)
    known = [(column, down), (row.child_id, down)]
    if wanted.sort in (Sort.OVERDUE, Sort.ROLLED):
        return [_Part((), known)]
    return [
        _Part((column.is_not(None),), known),
        _Part((column.is_(None),), [(row.child_id, False)]),
    ]


def _read(
    source: _Source,
    conditions: list[sa.ColumnElement[bool]],
    parts: list[_Part],
    most: int,
    skipped: int = 0,
) -> list[int]:
    """So many ids at most, after so many that are skipped: a query for each part that is reached,
    and one more for each that is skipped whole."""
    row, ids = source.columns, list[int]()
    for number, part in enumerate(parts, 1):
        query = sa.select(row.child_id).where(*conditions, *part.of)
        if part.by_name:
            query = query.join(Child, Child.id == row.child_id)
        order = [column.desc() if down else column for column, down in part.order]
        page = query.order_by(*order).limit(most - len(ids)).offset(skipped)
        found = list(db.session.scalars(page))
        ids += found
        if len(ids) == most or number == len(parts):
            break
        if skipped and not found:
            count = sa.select(sa.func.count()).select_from(query.subquery())
            skipped -= db.session.execute(count).scalar_one()
        else:
            skipped = 0
    return ids

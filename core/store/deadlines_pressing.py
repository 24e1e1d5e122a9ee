"""The deadlines that press: late or soon, of the children with whom somebody works."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from core.domain.due import State
from core.domain.naming import child_name
from core.domain.sight import What
from core.registry import Registry
from core.store import deadlines
from core.store.agenda import AgendaChild
from core.store.database import db
from core.store.deadlines import DeadlineFact, there_on
from core.store.scope import Scope
from core.store.sight import children_seen, working_with
from core.store.tables import Account, Child, DeadlineRow

#: Up to so many children are asked for by their ids; of more, the deadlines are read by their days.
FEW = 500
#: Beyond so many nobody is told how many more there are.
COUNTED = 1_000
#: Written into the statement, so that the index of what is still open is found to fit it.
NOTHING: sa.ColumnElement[str] = sa.literal_column("''")

T = TypeVar("T")
Rule = tuple[str, str]
Conditions = tuple[sa.ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """The children with whom the asker works, or a colleague for whom they stand in.

    ``accounts`` says of each whose they are, the asker's own first; it is None where they are over
    ``FEW``, and is then asked for the few that are shown.
    """

    ways: tuple[tuple[int | None, sa.ColumnElement[bool]], ...]
    accounts: Mapping[int, int | None] | None

    @property
    def nobody(self) -> bool:
        return not self.ways or self.accounts == {}

    def deadlines(self) -> sa.ColumnElement[bool]:
        """True for the deadlines of these children."""
        if self.accounts is not None:
            return DeadlineRow.child_id.in_(sorted(self.accounts))
        return _of_children(sa.or_(*(condition for _, condition in self.ways)))


@dataclass(frozen=True, slots=True)
class Pressing:
    """One deadline with its child; ``away`` is the colleague for whom the asker stands in."""

    fact: DeadlineFact
    child: AgendaChild
    away: str = ""


@dataclass(frozen=True, slots=True)
class Untold:
    """A child of whom dates cannot be worked out or told: which rules, and what is missing."""

    child: AgendaChild
    rules: tuple[Rule, ...]
    missing: tuple[str, ...]
    away: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What was found, ``start`` beyond the first; ``more`` are those after it.

    ``many`` says that there are more than ``more``, which is as far as they were counted.
    """

    rows: tuple[T, ...]
    more: int = 0
    many: bool = False


def whose(scope: Scope) -> Whose:
    """The children with whom the asker works today: one query."""
    ways = tuple(working_with(scope, What.PLAN))
    if not ways:
        return Whose((), {})
    rows = _accounts(ways, most=2 * FEW + 1)
    if len(rows) > 2 * FEW or len({row[0] for row in rows}) > FEW:
        return Whose(ways, None)
    return Whose(ways, _first(scope, rows))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them are asked for: in these states, so many of them from ``start`` on."""

    most: int
    start: int = 0
    states: tuple[State, ...] = (State.LATE, State.SOON)


def pressing(
    scope: Scope, registry: Registry, of: Whose, *wanted: Wanted
) -> tuple[Found[Pressing], ...]:
    """Of these children what is wanted, the soonest first; the queries do not grow with them."""
    if of.nobody:
        return tuple(Found(()) for _ in wanted)
    return _pressing(scope, registry, (of.deadlines(),), of, wanted)


def asking(
    scope: Scope, registry: Registry, rules: Collection[Rule], *wanted: Wanted
) -> tuple[Found[Pressing], ...]:
    """The same of every child whom the asker sees, and of these rules alone."""
    if not rules:
        return tuple(Found(()) for _ in wanted)
    conditions = (
        DeadlineRow.code.in_(sorted({code for _, code in rules})),
        DeadlineRow.procedure_code.in_(sorted({procedure for procedure, _ in rules})),
        _of_children(children_seen(scope, What.PLAN)),
    )
    return _pressing(scope, registry, conditions, None, wanted)


def _pressing(
    scope: Scope,
    registry: Registry,
    conditions: Conditions,
    of: Whose | None,
    wanted: tuple[Wanted, ...],
) -> tuple[Found[Pressing], ...]:
    furthest = max((r.soon for e in registry for r in e.procedure.deadlines), default=0)
    last = scope.on + timedelta(days=furthest)
    there = (*_open(scope, of), DeadlineRow.due <= last, *conditions)
    which = [_ids(scope, one, there) for one in wanted]
    facts = deadlines.of_ids(scope, registry, [id for ids, _ in which for id in ids])
    named = _named(scope, {fact.child_id for fact in facts.values()})
    away = _away(scope, of, named)
    return tuple(
        Found(
            tuple(
                Pressing(fact, named[fact.child_id], away.get(fact.child_id, ""))
                for fact in (facts[id] for id in ids if id in facts)
                if fact.child_id in named
            ),
            more,
            more >= COUNTED,
        )
        for ids, more in which
    )


def _ids(scope: Scope, wanted: Wanted, conditions: Conditions) -> tuple[list[int], int]:
    """The ids of the deadlines that are wanted, the soonest first, and how many more there are."""
    start, most = wanted.start, wanted.most
    which = [_in_state(state, scope.on) for state in wanted.states]
    where = (sa.or_(*which), *conditions)
    ordered = (
        sa.select(DeadlineRow.id)
        .where(*where)
        .order_by(DeadlineRow.due, DeadlineRow.child_id, DeadlineRow.id)
    )
    ids = list(db.session.scalars(ordered.offset(start).limit(most + 1)))
    if len(ids) <= most:
        return ids, 0
    counted = sa.select(DeadlineRow.id).where(*where).limit(start + most + COUNTED)
    return ids[:most], (db.session.scalar(_count(counted)) or 0) - start - most


def _in_state(state: State, on: date) -> sa.ColumnElement[bool]:
    """True for what is late or soon, of what ``_open`` leaves; written so that an index fits."""
    if state is State.LATE:
        return sa.and_(DeadlineRow.due < on, DeadlineRow.missing == NOTHING)
    return sa.and_(DeadlineRow.due >= on, DeadlineRow.soon_on <= on)


def untold(scope: Scope, of: Whose, *, most: int) -> Found[Untold]:
    """Of which of these children dates are not known, a row a child: four queries at most."""
    if of.nobody:
        return Found(())
    rows = db.session.execute(
        sa.select(
            DeadlineRow.child_id,
            DeadlineRow.procedure_code,
            DeadlineRow.code,
            DeadlineRow.missing,
        )
        .where(
            *_open(scope, of),
            sa.or_(
                DeadlineRow.due.is_(None),
                sa.and_(DeadlineRow.due < scope.on, DeadlineRow.missing != NOTHING),
            ),
            of.deadlines(),
        )
        .limit(COUNTED)
    ).all()
    by_child: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.procedure_code, row.code)):
        by_child.setdefault(row.child_id, []).append(row)
    shown = sorted(by_child)[:most]
    named = _named(scope, shown)
    away = _away(scope, of, named)
    found = tuple(
        Untold(
            named[child_id],
            tuple(dict.fromkeys((row.procedure_code, row.code) for row in by_child[child_id])),
            tuple(dict.fromkeys(row.missing for row in by_child[child_id])),
            away.get(child_id, ""),
        )
        for child_id in shown
        if child_id in named
    )
    return Found(found, len(by_child) - len(shown), len(rows) == COUNTED)


def _open(scope: Scope, of: Whose | None) -> Conditions:
    """What is there today, concerns the child, and was not met; of a case, its own page says it.

    What is known to be met later (a birthday) waits for nobody.
    """
    here: Any = DeadlineRow.authority_id
    case: Any = DeadlineRow.case_id
    if of is not None and of.accounts is not None:
        # Written so that only the index of the children fits: SQLite would take another.
        here, case = (sa.func.coalesce(column, sa.null()) for column in (here, case))
    return (
        here == scope.authority_id,
        DeadlineRow.met_on.is_(None),
        DeadlineRow.not_for == NOTHING,
        case.is_(None),
        sa.or_(DeadlineRow.stopped_on.is_(None), DeadlineRow.stopped_on > scope.on),
        there_on(scope.on),
    )


def _of_children(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Asked of the one child of each deadline: the few that are read, not every child."""
    return (
        sa.exists()
        .where(Child.id == DeadlineRow.child_id, condition)
        .correlate(DeadlineRow.__table__)
    )


def _count(rows: Any) -> Any:
    return sa.select(sa.func.count()).select_from(rows.subquery())


def _accounts(
    ways: Iterable[tuple[int | None, sa.ColumnElement[bool]]],
    among: Collection[int] | None = None,
    most: int | None = None,
) -> list[tuple[int, int | None]]:
    only = () if among is None else (Child.id.in_(sorted(among)),)
    each = [
        sa.select(Child.id, sa.literal(account_id, sa.BigInteger)).where(condition, *only)
        for account_id, condition in ways
    ]
    return [(row[0], row[1]) for row in db.session.execute(sa.union_all(*each).limit(most))]


def _first(scope: Scope, rows: Iterable[tuple[int, int | None]]) -> dict[int, int | None]:
    """Whose each child is: the asker's own, else that of the first colleague."""
    found: dict[int, int | None] = {}
    for child_id, account_id in rows:
        if child_id not in found or account_id == scope.account_id:
            found[child_id] = account_id
    return found


def _away(scope: Scope, of: Whose | None, children: Collection[int]) -> dict[int, str]:
    """By child, the colleague for whom the asker stands in; nobody where it is their own."""
    if of is None or not scope.covers or not children:
        return {}
    accounts = of.accounts
    if accounts is None:
        accounts = _first(scope, _accounts(of.ways, among=children))
    theirs = {child: accounts.get(child) for child in children}
    others = {one for one in theirs.values() if one is not None and one != scope.account_id}
    if not others:
        return {}
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(
            Account.authority_id == scope.authority_id, Account.id.in_(sorted(others))
        )
    )
    names = {row.id: row.name for row in rows}
    return {child: names[one] for child, one in theirs.items() if one in names}


def _named(scope: Scope, child_ids: Collection[int]) -> dict[int, AgendaChild]:
    """Those of these children of whom the asker sees the plan, by their ids."""
    if not child_ids:
        return {}
    rows = db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            Child.born,
        ).where(Child.id.in_(sorted(child_ids)), children_seen(scope, What.PLAN))
    )
    return {
        row.id: AgendaChild(
            row.public_id, child_name(row.given_name, row.family_name, row.local_id), row.born
        )
        for row in rows
    }

"""The register: a page of the children whom the asker sees, filtered, searched and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.paging import pages_of
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import Account, Allocation, CareSummary, Child, Team

PAGE = 50


class Sort(StrEnum):
    """What the register can be put in order by; the values stand in addresses."""

    NAME = "name"
    LOCAL_ID = "local-id"
    AGE = "age"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which children are wanted and in which order; None or empty means any.

    ``base_placements`` and ``placements`` are code sets: the first is compared with the lasting
    placement, the second with the place where the child is now. ``born_from`` and ``born_to`` are
    both included. Every one of ``words`` must be found in a name, the local id or the UPN.
    """

    status: str | None = None
    legal_status: str | None = None
    base_placements: frozenset[str] = frozenset()
    placements: frozenset[str] = frozenset()
    team_id: int | None = None
    worker_id: int | None = None
    born_from: date | None = None
    born_to: date | None = None
    flagged: bool = False
    words: tuple[str, ...] = ()
    sort: Sort = Sort.NAME
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One child of the register. Codes are "" and dates None where nothing is recorded."""

    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    team: str
    status: str
    became_looked_after: date | None
    became_looked_after_known: bool
    ceased: date | None
    legal_status: str
    placement: str
    base_placement: str
    latest_review: date | None
    flags: str
    workers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """One page of rows, with how many children there are in all; ``page`` counts from 1."""

    rows: tuple[RegisterRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A team or a worker to filter by; ``key`` stands in the address."""

    id: int
    key: str
    name: str


def register(scope: Scope, wanted: Wanted) -> Register:
    """The page of children that is wanted, or the last one where there are fewer: four queries."""
    from_summary, conditions = _conditions(scope, wanted)
    counted = sa.select(sa.func.count()).select_from(_source(from_summary)).where(*conditions)
    total = db.session.execute(counted).scalar_one()
    pages = pages_of(total, PAGE)
    page = min(wanted.page, pages)
    order, ordered_by_summary = _order(wanted)
    ids = list(
        db.session.scalars(
            sa.select(Child.id)
            .select_from(_source(from_summary or ordered_by_summary))
            .where(*conditions)
            .order_by(*order)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        )
    )
    return Register(_rows(scope, ids), total, page, pages)


def teams(scope: Scope) -> list[Choice]:
    """The teams of the authority, by name."""
    rows = db.session.execute(
        sa.select(Team.id, Team.name)
        .where(
            Team.authority_id == scope.authority_id,
            sa.or_(Team.until.is_(None), Team.until > scope.on),
        )
        .order_by(Team.name, Team.id)
    )
    return [Choice(row.id, str(row.id), row.name) for row in rows]


def workers(scope: Scope) -> list[Choice]:
    """Everybody in the authority to whom a child has been allocated as worker, by name."""
    allocated = sa.exists().where(
        Allocation.authority_id == scope.authority_id,
        Allocation.account_id == Account.id,
        Allocation.relation == "worker",
    )
    rows = db.session.execute(
        sa.select(Account.id, Account.public_id, Account.name)
        .where(Account.authority_id == scope.authority_id, allocated)
        .order_by(Account.name, Account.id)
    )
    return [Choice(row.id, row.public_id, row.name) for row in rows]


def _source(with_summary: bool) -> Any:
    """Children; with their summaries only where a condition or the order needs them."""
    if not with_summary:
        return Child
    return sa.outerjoin(
        Child,
        CareSummary,
        sa.and_(CareSummary.authority_id == Child.authority_id, CareSummary.child_id == Child.id),
    )


def _conditions(scope: Scope, wanted: Wanted) -> tuple[bool, list[sa.ColumnElement[bool]]]:
    """The conditions on the rows, and whether any of them asks the summary."""
    care: list[sa.ColumnElement[bool]] = []
    if wanted.status is not None:
        care.append(CareSummary.status == wanted.status)
    if wanted.legal_status is not None:
        care.append(CareSummary.legal_status == wanted.legal_status)
    if wanted.base_placements:
        care.append(CareSummary.base_placement.in_(sorted(wanted.base_placements)))
    if wanted.placements:
        care.append(CareSummary.placement.in_(sorted(wanted.placements)))
    if wanted.flagged:
        care.append(CareSummary.flags != "")
    own: list[sa.ColumnElement[bool]] = [children_seen(scope), Child.merged_into_id.is_(None)]
    if wanted.team_id is not None:
        own.append(Child.team_id == wanted.team_id)
    if wanted.worker_id is not None:
        own.append(
            Child.id.in_(
                sa.select(Allocation.child_id).where(
                    Allocation.authority_id == scope.authority_id,
                    Allocation.account_id == wanted.worker_id,
                    Allocation.relation == "worker",
                    held(Allocation, scope.on),
                )
            )
        )
    if wanted.born_from is not None:
        own.append(Child.born >= wanted.born_from)
    if wanted.born_to is not None:
        own.append(Child.born <= wanted.born_to)
    own += [_says(word) for word in wanted.words]
    return bool(care), own + care


def _says(word: str) -> sa.ColumnElement[bool]:
    """True where a name, the local id or the UPN has this word within it, in capitals or not.

    SQLite's ``lower`` knows ASCII only; a word with other letters is tried in each writing.
    """
    written = [word] if word.isascii() else [word, word.lower(), word.upper(), word.title()]
    return sa.or_(
        *(
            column.icontains(form, autoescape=True)
            for column in (Child.family_name, Child.given_name, Child.local_id, Child.upn)
            for form in dict.fromkeys(written)
        )
    )


def _order(wanted: Wanted) -> tuple[list[Any], bool]:
    """The order, children of whom it is not known last; whether it needs the summary.

    Youngest first is the latest birth first.
    """
    down = wanted.descending

    def way(column: Any, backwards: bool = down) -> Any:
        return column.desc() if backwards else column.asc()

    names = [Child.family_name, Child.given_name, Child.local_id]
    match wanted.sort:
        case Sort.NAME:
            return [way(column) for column in names], False
        case Sort.LOCAL_ID:
            return [way(Child.local_id)], False
        case Sort.AGE:
            return [Child.born.is_(None), way(Child.born, not down), Child.local_id], False
        case Sort.SINCE:
            since = CareSummary.became_looked_after
            return [since.is_(None), way(since), Child.local_id], True


def _rows(scope: Scope, ids: Sequence[int]) -> tuple[RegisterRow, ...]:
    """The rows of these children, in the order of their ids: two queries."""
    found: dict[int, RegisterRow] = {}
    query = (
        sa.select(
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
            Team.name.label("team"),
            CareSummary.status,
            CareSummary.became_looked_after,
            CareSummary.became_looked_after_known,
            CareSummary.ceased,
            CareSummary.legal_status,
            CareSummary.placement,
            CareSummary.base_placement,
            CareSummary.latest_review,
            CareSummary.flags,
        )
        .select_from(_source(True))
        .outerjoin(Team, sa.and_(Team.authority_id == Child.authority_id, Team.id == Child.team_id))
        .where(Child.authority_id == scope.authority_id, Child.id.in_(ids))
    )
    for row in db.session.execute(query):
        found[row.id] = RegisterRow(
            row.public_id,
            row.local_id,
            row.given_name,
            row.family_name,
            row.born,
            row.birth_expected,
            row.team or "",
            row.status or "",
            row.became_looked_after,
            bool(row.became_looked_after_known),
            row.ceased,
            row.legal_status or "",
            row.placement or "",
            row.base_placement or "",
            row.latest_review,
            row.flags or "",
        )
    names: dict[int, list[str]] = {}
    allocated = (
        sa.select(Allocation.child_id, Account.name)
        .join(Account, Account.id == Allocation.account_id)
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.child_id.in_(ids),
            Allocation.relation == "worker",
            held(Allocation, scope.on),
        )
        .order_by(Allocation.since.desc(), Account.name)
    )
    for child_id, name in db.session.execute(allocated):
        names.setdefault(child_id, []).append(name)
    return tuple(
        replace(found[child_id], workers=tuple(names.get(child_id, ()))) for child_id in ids
    )

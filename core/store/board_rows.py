"""Rows of the board as pages and files want them: names, deadlines, actions and workers beside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.registry import Registry
from core.store import cases_under_way
from core.store.cases_under_way import CaseUnderWay
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, Action, Allocation, Child, DeadlineRow, Team


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a row: its title and clauses by its rule, and the day."""

    title: str
    on: date
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """The soonest open action of a row: what, whose, and the day.

    ``waits``: it is said to be done, and nobody has accepted that.
    """

    what: str
    owner: str
    due: date
    waits: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A child's row; the facts as in core.domain.board.Standing, the views as one number.

    ``cases`` are those under way, where who acts next may hang on them: see ``rows_of``.
    """

    child_id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    birth_expected: bool
    team: str
    born: date | None
    started: date
    started_known: bool
    legal_status: str
    legal_since: date | None
    legal_since_known: bool
    section_20_limit: date | None
    placement: str
    placement_since: date | None
    placement_since_known: bool
    plan: str
    plan_state: str
    plan_state_on: date | None
    plan_since: date | None
    plan_reviews: int | None
    match: str
    matched_on: date | None
    placement_order: bool
    placement_order_on: date | None
    placed_for_adoption: bool
    second_review: date | None
    second_review_held: bool
    last_planning: date | None
    last_panel: date | None
    next_id: int | None
    late_id: int | None
    overdue: int
    rolled: int
    action_id: int | None
    views: int
    next: Due | None = None
    late: Due | None = None
    action: Act | None = None
    workers: tuple[str, ...] = ()
    cases: tuple[CaseUnderWay, ...] = ()

    @property
    def pressed(self) -> bool:
        """Whether something is late or to be done by an action's day: that goes before any case."""
        return self.late is not None or (self.action is not None and not self.action.waits)


NAMES = frozenset({"public_id", "local_id", "given_name", "family_name", "birth_expected"})
READ = tuple(field.name for field in fields(Row) if field.default is MISSING)
"""What is read of a row at once, as Row begins."""


def rows_of(
    scope: Scope,
    registry: Registry,
    row: Any,
    conditions: Collection[sa.ColumnElement[bool]],
    ids: Sequence[int],
    on: date,
) -> tuple[Row, ...]:
    """The rows of these children in the order of their ids: six queries at most.

    ``row`` are the columns of the kept rows, or of the statement, and ``conditions`` are theirs.
    Cases are those of today: how far one was on an earlier day is not kept.
    """
    theirs: dict[str, Any] = {name: getattr(Child, name) for name in NAMES}
    theirs["team"] = sa.func.coalesce(Team.name, "").label("team")
    query = (
        sa.select(*(theirs[name] if name in theirs else row[name] for name in READ))
        .select_from(row.child_id.table)
        .join(Child, Child.id == row.child_id)
        .outerjoin(Team, sa.and_(Team.authority_id == Child.authority_id, Team.id == Child.team_id))
        .where(*conditions, row.child_id.in_(ids))
    )
    found: dict[int, Any] = {one.child_id: one for one in db.session.execute(query)}
    here = [found[child_id] for child_id in ids if child_id in found]
    dues = _dues(scope, registry, [i for one in here for i in (one.next_id, one.late_id)])
    acts = _acts(scope, [one.action_id for one in here], on)
    workers = _workers(scope, ids, on)
    rows = []
    for one in here:
        due = (dues.get(one.next_id), dues.get(one.late_id))
        beside = (*due, acts.get(one.action_id), tuple(workers.get(one.child_id, ())))
        rows.append(Row(*(*one, *beside)))
    free = [one.child_id for one in rows if not one.pressed] if on == scope.on else []
    cases = cases_under_way.under_way(scope, free)
    return tuple(
        replace(one, cases=tuple(cases[one.child_id])) if one.child_id in cases else one
        for one in rows
    )


def _of(scope: Scope, table: Any) -> sa.ColumnElement[bool]:
    """True for the rows of the authority; written so that SQLite takes the index of the ids."""
    return sa.func.coalesce(table.authority_id, 0) == scope.authority_id


def _dues(scope: Scope, registry: Registry, ids: list[int | None]) -> dict[int, Due]:
    """The deadlines of these ids; one whose procedure is not installed has its code for a title."""
    row = DeadlineRow
    query = sa.select(row.id, row.procedure_code, row.procedure_edition, row.code, row.due).where(
        _of(scope, row), row.id.in_([i for i in ids if i])
    )
    found = {}
    for row_id, code, edition, rule_code, day in db.session.execute(query):
        procedure = registry.named(code, edition)
        rule = procedure.deadline(rule_code) if procedure is not None else None
        title, clauses = (rule.title, rule.clauses) if rule is not None else (rule_code, ())
        found[row_id] = Due(title, day or date.max, clauses)
    return found


def _acts(scope: Scope, ids: list[int | None], on: date) -> dict[int, Act]:
    act = Action
    query = sa.select(act.id, act.what, act.owner_name, act.due, act.done_on).where(
        _of(scope, act), act.id.in_([i for i in ids if i])
    )
    return {
        row_id: Act(what, owner, due, done_on is not None and done_on <= on)
        for row_id, what, owner, due, done_on in db.session.execute(query)
    }


def _workers(scope: Scope, ids: Sequence[int], on: date) -> dict[int, list[str]]:
    """To whom each child was allocated on a day, by name."""
    found: dict[int, list[str]] = {}
    for child_id, name in db.session.execute(
        sa.select(Allocation.child_id, Account.name)
        .join(Account, Account.id == Allocation.account_id)
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.child_id.in_(ids),
            Allocation.relation == "worker",
            held(Allocation, on),
        )
        .order_by(Allocation.child_id, Account.name)
    ):
        found.setdefault(child_id, []).append(name)
    return found

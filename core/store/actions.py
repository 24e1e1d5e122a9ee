"""Actions as lists and pages show them, and their saving against the version seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain import action as domain
from core.domain.sight import What
from core.store import items
from core.store.database import db
from core.store.items import ItemChild
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Action,
    Booking,
    Child,
    Decision,
    ImportFile,
    Meeting,
    PanelCase,
)
from core.store.withdrawn_sight import takes_part

PAGE = 50


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action: of a decision, or of a child where it came from an authority's own tracker.

    ``case_seen`` is false where the asker owns it and does not see its case; what is of a decision
    is None or "" for one that came from a tracker, whose ``file``, ``line`` and day are given.
    ``booking_public_id`` is None for who withdrew from the item too.
    """

    id: int
    public_id: str
    version: int
    what: str
    owner_id: int | None
    owner: str
    due: date
    first_due: date
    due_why: str
    progress: str
    done_on: date | None
    done_words: str
    case_id: int | None
    case_public_id: str | None
    booking_public_id: str | None
    decided_on: date | None
    body_code: str | None
    procedure_code: str | None
    procedure_edition: str | None
    child_id: int | None
    as_at: date | None
    file: str | None
    line: int | None
    case_seen: bool

    def state(self, on: date) -> domain.ActionState:
        return domain.state(self.due, self.done_on, on)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions a list is to show."""

    mine: bool = True
    done: bool = False
    late: bool = False
    page: int = 1


def _actions(scope: Scope) -> Any:
    """The actions of the asker and those they stand in for, and of what they see."""
    seen = sa.exists().where(PanelCase.id == Action.case_id, cases_seen(scope)).correlate(Action)
    of_child = sa.exists().where(Child.id == Action.child_id, children_seen(scope, What.CASES))
    return (
        sa.select(
            Action.id,
            Action.public_id,
            Action.version,
            Action.what,
            Action.owner_id,
            Action.owner_name,
            Action.due,
            Action.first_due,
            Action.due_why,
            Action.progress,
            Action.done_on,
            Action.done_words,
            Action.case_id,
            sa.select(PanelCase.public_id).where(PanelCase.id == Action.case_id).scalar_subquery(),
            sa.case((takes_part(scope), Booking.public_id)),
            Decision.decided_on,
            Meeting.body_code,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Action.child_id,
            Action.as_at,
            ImportFile.name,
            Action.import_line,
            seen.label("case_seen"),
        )
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Booking, Booking.id == Decision.booking_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(ImportFile, ImportFile.id == Action.import_file_id)
        .where(
            Action.authority_id == scope.authority_id,
            sa.or_(Action.owner_id.in_(scope.stands_for), seen, of_child.correlate(Action)),
        )
    )


def _row(values: Iterable[Any]) -> ActionRow:
    *rest, case_seen = values
    facts: tuple[Any, ...] = (*rest, bool(case_seen))
    return ActionRow(*facts)


def listed(scope: Scope, wanted: Wanted) -> tuple[list[ActionRow], int]:
    """One page of actions, soonest due first (done ones newest first), and how many there are."""
    query = _actions(scope)
    if wanted.mine:
        query = query.where(Action.owner_id.in_(scope.stands_for))
    if wanted.late:
        query = query.where(Action.done_on.is_(None), Action.due < scope.on)
    elif wanted.done:
        query = query.where(Action.done_on.is_not(None))
    else:
        query = query.where(Action.done_on.is_(None))
    count = db.session.execute(
        sa.select(sa.func.count()).select_from(query.subquery())
    ).scalar_one()
    order = Action.done_on.desc() if wanted.done and not wanted.late else Action.due
    rows = db.session.execute(
        query.order_by(order, Action.id).limit(PAGE).offset((wanted.page - 1) * PAGE)
    )
    return [_row(row) for row in rows], count


def find(scope: Scope, public_id: str) -> ActionRow | None:
    row = db.session.execute(_actions(scope).where(Action.public_id == public_id)).first()
    return _row(row) if row else None


def children_of(scope: Scope, rows: Iterable[ActionRow]) -> Mapping[int, list[ItemChild]]:
    """The children whom the asker sees, by the action's id: two queries at most."""
    rows = list(rows)
    of_case: dict[int, list[ItemChild]] = defaultdict(list)
    case_ids = {row.case_id for row in rows if row.case_seen and row.case_id is not None}
    for child in items.children(scope, case_ids) if case_ids else ():
        of_case[child.case_id].append(child)
    child_ids = {row.child_id for row in rows if row.child_id is not None}
    seen = {child.id: child for child in items.children_of_ids(scope, child_ids)}
    found: dict[int, list[ItemChild]] = {}
    for row in rows:
        own = [seen[row.child_id]] if row.child_id in seen else []
        found[row.id] = [*of_case.get(row.case_id or 0, ()), *own]
    return found


def save(scope: Scope, action_id: int, seen: int, values: Mapping[str, Any]) -> bool:
    """Save against the version seen, in the transaction under way; false where it has moved on."""
    done = db.session.execute(
        sa.update(Action)
        .where(
            Action.authority_id == scope.authority_id,
            Action.id == action_id,
            Action.version == seen,
            Action.done_on.is_(None),
        )
        .values(version=seen + 1, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]

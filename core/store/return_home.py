"""Steps of a return home whose day was moved, of the children whom one sees."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.home_drift import moved_steps
from core.domain.naming import child_name
from core.domain.record.going_home import HOME_OPTIONS, RETURN_HOME_DELAY
from core.domain.record.plan import PLAN_STEP
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Child
from core.store.tables.record import Entry, EntryStatement


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A step that is not done and was moved so many times: whose, what it is, and since when."""

    public_id: str
    name: str
    what: str
    moved: int
    since: date | None


def moved(scope: Scope) -> list[MovedRow]:
    """The steps of a return home that were moved, with no delay raised now: two queries at most."""
    whole, names = aliased(Entry), {}
    children: set[int] = set()
    entries: set[int] = set()
    for child_id, public_id, given, family, local, step, plan in db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            Entry.id,
            whole.id,
        )
        .select_from(Entry)
        .join(Child, Child.id == Entry.child_id)
        .join(whole, whole.id == Entry.parent_id)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.kind == PLAN_STEP.code,
            Entry.taken_out_at.is_(None),
            whole.taken_out_at.is_(None),
            _goes_home(whole.id),
            _times_said() > 1,
            children_seen(scope, What.PLAN, What.CHANGE),
        )
        .order_by(Child.id, Entry.id)
    ):
        names[child_id] = (public_id, child_name(given, family, local))
        children.add(child_id)
        entries |= {step, plan}
    return [
        MovedRow(*names[child_id], one.step.value("what"), one.moved, one.since)
        for child_id, recorded in _recorded(scope, children, entries)
        for one in moved_steps(recorded)
    ]


def _goes_home(plan_id: sa.SQLColumnExpression[int]) -> sa.Exists:
    """Whether some source says of a plan that it is a return home."""
    said = aliased(EntryStatement)
    return sa.exists().where(
        said.entry_id == plan_id,
        said.field == "primary",
        said.value.in_(sorted(HOME_OPTIONS)),
        said.replaced_at.is_(None),
    )


def _times_said() -> sa.ScalarSelect[int]:
    """How often a day was said of a step: moved at all it was said twice."""
    said = aliased(EntryStatement)
    return (
        sa.select(sa.func.count())
        .where(said.entry_id == Entry.id, said.field == "due_on", said.value != "")
        .correlate(Entry)
        .scalar_subquery()
    )


def _recorded(
    scope: Scope, child_ids: Collection[int], entry_ids: Collection[int]
) -> Iterator[tuple[int, list[Recorded]]]:
    """By child these entries, and every delay of a return home, with all that was ever said."""
    if not child_ids:
        return
    said = EntryStatement
    rows = db.session.execute(
        sa.select(
            Entry.child_id,
            Entry.id,
            Entry.public_id,
            Entry.kind,
            Entry.made_at,
            Entry.parent_id,
            said.id,
            said.field,
            said.value,
            said.format,
            said.as_at,
            said.stated_at,
            said.replaced_at,
            said.said_of,
        )
        .join(said, said.entry_id == Entry.id)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.taken_out_at.is_(None),
            Entry.child_id.in_(sorted(child_ids)),
            sa.or_(Entry.id.in_(sorted(entry_ids)), Entry.kind == RETURN_HOME_DELAY.code),
        )
        .order_by(Entry.child_id, Entry.id, said.id)
    )
    for child_id, of_child in groupby(rows, lambda row: int(row[0])):
        found = []
        for entry, statements in groupby(of_child, lambda row: tuple(row[1:6])):
            number, public_id, kind, made_at, parent = entry
            spoken = tuple(_statement(*row[6:]) for row in statements)
            found.append(Recorded(number, public_id, kind, made_at, spoken, parent))
        yield child_id, found


def _statement(number: int, field: str, value: str, form: str, *rest: Any) -> Statement:
    as_at, stated_at, replaced_at, said_of = rest
    return Statement(
        number,
        field,
        value,
        format=form,
        as_at=as_at,
        stated_at=stated_at,
        replaced_at=replaced_at,
        said_of=said_of,
    )

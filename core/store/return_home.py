"""Steps of a return home whose day was moved again and again, of the children whom one sees."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.domain.record.going_home import HOME_OPTIONS, RETURN_HOME_DELAY
from core.domain.record.plan import PLAN_STEP
from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Child
from core.store.tables.record import Entry, EntryStatement, RecordSummary

MOVED = 2


@dataclass(frozen=True, slots=True)
class MovedStep:
    """A step that is not done and was moved so many times: whose, and what it is."""

    public_id: str
    name: str
    what: str
    moved: int


def moved(scope: Scope) -> list[MovedStep]:
    """Every step of a return home that was moved twice, with no delay raised: one query."""
    whole, what = aliased(Entry), aliased(EntryStatement)
    times = (
        sa.select(sa.func.count())
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.entry_id == Entry.id,
            EntryStatement.field == "due_on",
            EntryStatement.value != "",
            EntryStatement.replaced_at.is_not(None),
        )
        .correlate(Entry)
        .scalar_subquery()
    )
    delay = aliased(Entry)
    raised = sa.exists().where(
        delay.authority_id == scope.authority_id,
        delay.child_id == Child.id,
        delay.kind == RETURN_HOME_DELAY.code,
        delay.taken_out_at.is_(None),
        ~_said(delay.id, "ended_on"),
    )
    rows = db.session.execute(
        sa.select(
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            what.value,
            times,
        )
        .select_from(Entry)
        .join(Child, Child.id == Entry.child_id)
        .join(whole, whole.id == Entry.parent_id)
        .join(RecordSummary, RecordSummary.child_id == Child.id)
        .join(what, sa.and_(what.entry_id == Entry.id, what.field == "what"))
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.kind == PLAN_STEP.code,
            Entry.taken_out_at.is_(None),
            whole.taken_out_at.is_(None),
            what.replaced_at.is_(None),
            RecordSummary.plan.in_(sorted(HOME_OPTIONS)),
            ~_said(Entry.id, "done_on"),
            ~_said(whole.id, "ended_on"),
            ~raised,
            times >= MOVED,
            children_seen(scope, What.PLAN, What.CHANGE),
        )
        .order_by(Child.id, Entry.id)
    )
    return [MovedStep(p, child_name(g, f, local), said, n) for p, g, f, local, said, n in rows]


def _said(entry_id: sa.SQLColumnExpression[int], field: str) -> sa.Exists:
    """Whether something stands of a field of an entry."""
    said = aliased(EntryStatement)
    return sa.exists().where(
        said.entry_id == entry_id, said.field == field, said.replaced_at.is_(None)
    )

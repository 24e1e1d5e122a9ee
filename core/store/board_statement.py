"""The board as at a day, as one statement: spans, deadlines and actions of children put together.

It is always right. Its result for the day that is kept stands in ``board_row`` (board_kept).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain import board_views
from core.domain.board import FOSTERING
from core.domain.board_views import CARE_ORDERS, FOSTERED_FOR_LONG, MADE, REVIEWS, ROLLS
from core.domain.dates import at_clock
from core.domain.ssda903_codes import LONG_TERM_FOSTERING, WITH_PARENTS
from core.store import action_states
from core.store.deadline_sight import case_seen
from core.store.earliest import earliest, later
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Action,
    ActionRoll,
    BoardRow,
    BoardSpan,
    CaseChild,
    Child,
    DeadlineRow,
    Decision,
    PanelCase,
)
from core.store.tables.board import Stood

Of = Callable[[Any], sa.ColumnElement[bool]]
"""Which children: a condition on a column of their ids."""

FACTS = tuple(name for name in Stood.__annotations__)
OWN = (
    "child_id", "changes_on", "same_to", "there", "born", "next_due", "next_id", "late_due",
    "late_id", "overdue", "rolled", "action_id", "views",
)  # fmt: skip
COLUMNS = (*OWN, *FACTS)
_MORE = 1_000_000_000
"""Added to an id it has ten digits: then it can stand behind its day as text, and be ordered."""


def board_on(scope: Scope, on: date, of: Of, *, coming: bool = False) -> sa.Select[Any]:
    """A row for each of some children who is looked after on a day, by the names of COLUMNS.

    Deadlines and actions are those of cases that the asker sees. With ``coming`` also those who
    are looked after from a later day on alone: their rows are not ``there``.
    """
    span = BoardSpan
    due = _deadlines(scope, on, of).subquery("due")
    acts = _actions(scope, on, of).subquery("acts")
    rolled = sa.func.coalesce(acts.c.rolled, 0)
    changes = earliest(span.until, due.c.changes_on, acts.c.changes_on)
    if coming:
        changes = sa.case((span.since > on, span.since), else_=changes)
    own = {
        "child_id": span.child_id,
        "changes_on": changes,
        "same_to": earliest(
            due.c.same_to,
            acts.c.same_to,
            sa.case((span.section_20_limit >= on, span.section_20_limit)),
            sa.case((span.second_review >= on, span.second_review)),
        ),
        "there": sa.case((span.since <= on, sa.true()), else_=sa.false()),
        "born": Child.born,
        "next_due": due.c.next_due,
        "next_id": _id(due.c.next_key),
        "late_due": due.c.late_due,
        "late_id": _id(due.c.late_key),
        "overdue": sa.func.coalesce(acts.c.overdue, 0),
        "rolled": rolled,
        "action_id": _id(acts.c.action_key),
        "views": views_of(span, rolled, on),
    }
    columns = [own[name].label(name) for name in OWN] + [getattr(span, name) for name in FACTS]
    return (
        sa.select(*columns)
        .join(Child, sa.and_(Child.authority_id == span.authority_id, Child.id == span.child_id))
        .outerjoin(due, due.c.child_id == span.child_id)
        .outerjoin(acts, acts.c.child_id == span.child_id)
        .where(
            span.authority_id == scope.authority_id,
            Child.merged_into_id.is_(None),
            of(span.child_id),
            sa.or_(span.until.is_(None), span.until > on),
            _first_of_its_child(on) if coming else span.since <= on,
        )
    )


def _first_of_its_child(on: date) -> sa.ColumnElement[bool]:
    """True for the span of a day, or the next one after it."""
    earlier = aliased(BoardSpan)
    return ~sa.exists().where(
        earlier.child_id == BoardSpan.child_id,
        earlier.since < BoardSpan.since,
        sa.or_(earlier.until.is_(None), earlier.until > on),
    )


def _key(day: Any, row_id: Any) -> sa.ColumnElement[str]:
    """A day and the id of its row as one text that is in the order of the days."""
    return sa.cast(day, sa.Text()) + ":" + sa.cast(row_id + _MORE, sa.Text())


def _first(undone: Any, is_open: Any, value: Any) -> sa.ColumnElement[Any]:
    """The least value of what is still to be done; where nothing is, of what is open."""
    return sa.func.coalesce(
        sa.func.min(sa.case((undone, value))), sa.func.min(sa.case((is_open, value)))
    )


def _id(key: Any) -> sa.ColumnElement[int]:
    """The id out of what ``_key`` made."""
    return sa.cast(sa.func.substr(key, 12), sa.BigInteger()) - _MORE


def _deadlines(scope: Scope, on: date, of: Of) -> Any:
    """By child the next deadline to come and the one that has been late longest."""
    row = DeadlineRow
    begun = sa.or_(row.begins.is_(None), row.begins <= on)
    to_come = sa.and_(begun, row.due >= on)
    late = sa.and_(begun, row.due < on, row.missing == "")
    key = _key(row.due, row.id)
    return (
        sa.select(
            row.child_id,
            sa.func.min(sa.case((to_come, row.due))).label("next_due"),
            sa.func.min(sa.case((to_come, key))).label("next_key"),
            sa.func.min(sa.case((late, row.due))).label("late_due"),
            sa.func.min(sa.case((late, key))).label("late_key"),
            sa.func.min(sa.case((to_come, row.due))).label("same_to"),
            sa.func.min(
                earliest(
                    later(row.begins, on),
                    later(row.ends, on),
                    later(row.stopped_on, on),
                    later(row.met_on, on),
                )
            ).label("changes_on"),
        )
        .where(
            # Written so that only the index of the children fits: SQLite would take another.
            sa.func.coalesce(row.authority_id, 0) == scope.authority_id,
            of(row.child_id),
            row.due.is_not(None),
            row.not_for == "",
            sa.or_(row.ends.is_(None), row.ends > on),
            sa.or_(row.stopped_on.is_(None), row.stopped_on > on),
            sa.or_(row.met_on.is_(None), row.met_on > on),
            case_seen(scope, row.case_id),
        )
        .group_by(row.child_id)
    )


def _actions(scope: Scope, on: date, of: Of) -> sa.Select[Any]:
    """By child how many open actions are overdue, how often one rolled, and the soonest.

    Open is what is neither accepted nor ended; it is overdue only while nobody said it is done. The
    soonest is one that is still to be done, else one that waits for acceptance.
    """
    pairs = _pairs(scope, on, of).subquery("of_child")
    act = Action
    made = sa.func.coalesce(Decision.decided_on, act.as_at)
    begun = sa.or_(made.is_(None), made <= on)
    is_open = sa.and_(action_states.open_on(on), begun)
    undone = sa.and_(action_states.undone_on(on), begun)
    rolls = (
        sa.select(sa.func.count())
        .where(ActionRoll.action_id == act.id, ActionRoll.on <= on)
        .scalar_subquery()
    )
    return (
        sa.select(
            pairs.c.child_id,
            sa.func.sum(sa.case((sa.and_(undone, act.due < on), 1), else_=0)).label("overdue"),
            sa.func.max(sa.case((is_open, rolls), else_=0)).label("rolled"),
            _first(undone, is_open, _key(act.due, act.id)).label("action_key"),
            sa.func.min(sa.case((sa.and_(undone, act.due >= on), act.due))).label("same_to"),
            sa.func.min(
                earliest(
                    later(act.accepted_on, on),
                    later(act.ended_on, on),
                    later(act.done_on, on),
                    later(made, on),
                )
            ).label("changes_on"),
        )
        .select_from(pairs)
        .join(act, act.id == pairs.c.action_id)
        .outerjoin(Decision, Decision.id == act.decision_id)
        .where(act.authority_id == scope.authority_id)
        .group_by(pairs.c.child_id)
    )


def _pairs(scope: Scope, on: date, of: Of) -> sa.CompoundSelect[Any]:
    """Each action with each child whom it concerns: of its case, or whom a tracker names."""
    after = at_clock(on + timedelta(days=1), time())
    seen: sa.ColumnElement[bool] = sa.true()
    if not scope.everything:
        seen = CaseChild.case_id.in_(sa.select(PanelCase.id).where(cases_seen(scope)))
    of_case = (
        sa.select(CaseChild.child_id.label("child_id"), Action.id.label("action_id"))
        .join(Action, Action.case_id == CaseChild.case_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            of(CaseChild.child_id),
            sa.or_(CaseChild.withdrawn_at.is_(None), CaseChild.withdrawn_at >= after),
            seen,
        )
    )
    of_tracker = sa.select(Action.child_id, Action.id).where(
        sa.func.coalesce(Action.authority_id, 0) == scope.authority_id, of(Action.child_id)
    )
    return sa.union_all(of_case, of_tracker)


def in_view(code: str, row: Any, rolled: Any, on: date) -> sa.ColumnElement[bool]:
    """The condition of a saved view; the same as its ``why`` in core.domain.board_views."""
    match code:
        case "no-agreed-plan":
            return sa.and_(row.plan_state.not_in(sorted(MADE)), row.second_review < on)
        case "not-matched":
            return sa.and_(
                row.match == "no",
                row.placement.in_(sorted(FOSTERING)),
                sa.or_(
                    row.placement.in_(sorted(LONG_TERM_FOSTERING)),
                    sa.and_(row.plan.in_(sorted(FOSTERED_FOR_LONG)), row.plan_state != "none"),
                ),
            )
        case "with-parents":
            return sa.and_(
                row.placement.in_(sorted(WITH_PARENTS)), row.legal_status.in_(sorted(CARE_ORDERS))
            )
        case "section-20":
            return sa.and_(row.section_20_limit < on, row.legal_since.is_not(None))
        case "order-not-placed":
            return sa.and_(row.placement_order, sa.not_(row.placed_for_adoption))
        case "same-plan":
            return sa.and_(row.plan_state.not_in(("none", "achieved")), row.plan_reviews >= REVIEWS)
        case "rolled-twice":
            return sa.and_(sa.true(), rolled >= ROLLS)
        case "start-unknown":
            return sa.and_(sa.not_(row.started_known))
    raise KeyError(code)


def views_of(row: Any, rolled: Any, on: date) -> sa.ColumnElement[int]:
    """The saved views that a row is in, as one number."""
    parts = [
        sa.case((in_view(view.code, row, rolled, on), view.bit), else_=0)
        for view in board_views.VIEWS
    ]
    total: sa.ColumnElement[int] = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


assert set(COLUMNS) <= {column.name for column in BoardRow.__table__.columns}

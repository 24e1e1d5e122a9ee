"""What waits for a person: their open actions, imports to apply, meetings to run and to sit in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.domain.action import Did
from core.domain.case import EDITABLE
from core.domain.meeting import OVER, MeetingState, Presence
from core.store import action_states
from core.store.action_closed import kept_from
from core.store.agenda import AgendaChild, children
from core.store.database import db
from core.store.items import children_of_ids
from core.store.meetings import meetings_seen
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import sits_in
from core.store.tables import (
    Action,
    ActionNote,
    Amendment,
    Attendance,
    Decision,
    ImportRun,
    Meeting,
    PanelCase,
)

MOST = 50

#: Bodies, each by the code of its procedure and its own; None for every one.
Bodies = Collection[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An open action of the asker's; ``children`` are those they see (none where they see none).

    ``away`` is the colleague whose it is and for whom the asker stands in, "" for their own.
    ``sent_back`` is what somebody said is still to be done as they last sent it back, "" where
    nobody has.
    """

    public_id: str
    what: str
    due: date
    due_why: str
    case_id: int | None
    away: str = ""
    sent_back: str = ""
    children: tuple[AgendaChild, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadyImport:
    public_id: str
    asked_at: datetime
    year: int | None


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str
    ratified: bool = False


def own_actions(scope: Scope) -> Some[OwnAction]:
    """What the asker and those whom they cover have still to do, soonest first."""
    sent_back = (
        sa.select(ActionNote.words)
        .where(ActionNote.action_id == Action.id, ActionNote.kind == Did.SENT_BACK)
        .order_by(ActionNote.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = first(
        sa.select(
            Action.public_id,
            Action.what,
            Action.due,
            Action.due_why,
            Action.case_id,
            sa.case((Action.owner_id == scope.account_id, ""), else_=Action.owner_name),
            sa.func.coalesce(sent_back, ""),
            Action.child_id,
        )
        .where(
            Action.authority_id == scope.authority_id,
            Action.owner_id.in_(scope.stands_for),
            sa.not_(kept_from(scope)),
            action_states.undone_on(scope.on),
        )
        .order_by(Action.due, Action.id),
        MOST,
    )
    whose = children_of_actions(scope, ((row.case_id, row.child_id) for row in rows))
    found: list[tuple[Any, ...]] = [(*row[:-1], whose[row.case_id, row.child_id]) for row in rows]
    return Some((OwnAction(*facts) for facts in found), rows.more)


def children_of_actions(
    scope: Scope, actions: Iterable[tuple[int | None, int | None]]
) -> dict[tuple[int | None, int | None], tuple[AgendaChild, ...]]:
    """The children whom the asker sees, by an action's case and child: two queries at most."""
    pairs = set(actions)
    of_case = children(scope, sorted({case for case, _ in pairs if case})) if pairs else {}
    of_tracker = {
        child.id: AgendaChild(child.public_id, child.name, child.born)
        for child in children_of_ids(scope, {child for _, child in pairs if child})
    }
    return {
        (case, child): (
            *of_case.get(case or 0, ()),
            *((of_tracker[child],) if child in of_tracker else ()),
        )
        for case, child in pairs
    }


def ready_imports(scope: Scope) -> Some[ReadyImport]:
    """Imports that were read and wait to be applied."""
    rows = first(
        sa.select(ImportRun.public_id, ImportRun.asked_at, ImportRun.year)
        .where(ImportRun.authority_id == scope.authority_id, ImportRun.state == "ready")
        .order_by(ImportRun.asked_at, ImportRun.id),
        MOST,
    )
    return Some((ReadyImport(*row) for row in rows), rows.more)


def _meetings(scope: Scope, *which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.state,
            Meeting.ratified_at.is_not(None),
        )
        .where(meetings_seen(scope), *which)
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
    )


def _first(scope: Scope, *which: sa.ColumnElement[bool]) -> Some[OwnMeeting]:
    rows = first(_meetings(scope, *which), MOST)
    return Some((OwnMeeting(*row) for row in rows), rows.more)


def _next(scope: Scope, most: int, *which: sa.ColumnElement[bool]) -> list[OwnMeeting]:
    """The next so many meetings that fulfil these conditions too."""
    to_come = (Meeting.held_on >= scope.on, Meeting.state.not_in(OVER))
    rows = db.session.execute(_meetings(scope, *to_come, *which).limit(most))
    return [OwnMeeting(*row) for row in rows]


def of_bodies(bodies: Bodies, table: Any = Meeting) -> sa.ColumnElement[bool]:
    """True for the meetings of these bodies, or for the cases."""
    if bodies is None:
        return sa.true()
    each = (
        sa.and_(table.procedure_code == procedure, table.body_code == body)
        for procedure, body in sorted(bodies)
    )
    return sa.or_(sa.false(), *each)


def to_close(scope: Scope, bodies: Bodies) -> Some[OwnMeeting]:
    """Meetings of these bodies that are open and have begun, or went by and never opened."""
    return _first(
        scope,
        of_bodies(bodies),
        sa.or_(
            sa.and_(Meeting.state == MeetingState.OPEN, Meeting.held_on <= scope.on),
            sa.and_(Meeting.state == MeetingState.PLANNED, Meeting.held_on < scope.on),
        ),
    )


def to_ratify(scope: Scope, bodies: Bodies) -> Some[OwnMeeting]:
    """Closed meetings of these bodies whose minutes nobody has ratified, or were amended since.

    Those of which an action lacks something cannot be ratified: they are to be completed first.
    """
    lacking = (
        sa.exists()
        .where(
            Decision.meeting_id == Meeting.id,
            Action.decision_id == Decision.id,
            Action.ended_on.is_(None),
            action_states.lacks_something(),
        )
        .correlate(Meeting)
    )
    amended = sa.exists().where(Amendment.meeting_id == Meeting.id, Amendment.issue.is_(None))
    return _first(
        scope,
        of_bodies(bodies),
        Meeting.state == MeetingState.CLOSED,
        sa.or_(sa.and_(Meeting.ratified_at.is_(None), ~lacking), amended),
    )


def over(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the meetings that are closed, cancelled or gone by: no referral goes there."""
    return sa.or_(Meeting.state.in_(OVER), Meeting.held_on < scope.on)


def chair_away(
    scope: Scope, chairing: Mapping[tuple[str, str], Collection[str]]
) -> Some[OwnMeeting]:
    """Meetings that may be on hold, of these bodies, each with the posts that chair it.

    They are open, or to come with apologies sent from such a post, and nothing is decided.
    """
    each = [
        sa.and_(
            of_bodies([body]),
            sa.or_(
                Meeting.state == MeetingState.OPEN,
                sa.and_(
                    Meeting.state == MeetingState.PLANNED,
                    Meeting.held_on >= scope.on,
                    sa.exists().where(
                        Attendance.authority_id == scope.authority_id,
                        Attendance.meeting_id == Meeting.id,
                        Attendance.post_code.in_(sorted(posts)),
                        Attendance.state == Presence.APOLOGIES,
                    ),
                ),
            ),
        )
        for body, posts in sorted(chairing.items())
    ]
    return _first(scope, Meeting.leave_given.is_(None), sa.or_(sa.false(), *each))


def held_already(scope: Scope) -> dict[int, OwnMeeting]:
    """By the id of each referral that the asker still writes: the meeting it asks for, if over."""
    rows = db.session.execute(
        sa.select(PanelCase.id, PanelCase.meeting_id)
        .join(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.referrer_id.in_(scope.stands_for),
            PanelCase.state.in_(EDITABLE),
            over(scope),
        )
    ).all()
    asked_for = {row.meeting_id for row in rows}
    found = (
        {
            row.id: OwnMeeting(*row)
            for row in db.session.execute(_meetings(scope, Meeting.id.in_(asked_for)))
        }
        if asked_for
        else {}
    )
    return {row.id: found[row.meeting_id] for row in rows if row.meeting_id in found}


def next_meetings(scope: Scope, most: int = 3) -> list[OwnMeeting]:
    """The next meetings of the authority's bodies."""
    return _next(scope, most)


def own_meetings(scope: Scope, most: int = 3) -> list[OwnMeeting]:
    """The next meetings in which the asker sits."""
    return _next(scope, most, sits_in(scope))

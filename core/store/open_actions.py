"""Open actions of the children on an agenda, carried to the next meeting of any body."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain import action as domain
from core.domain.meeting import BookingState
from core.store import action_states
from core.store.action_notes import times_moved, times_rolled
from core.store.actions import case_seen, child_seen
from core.store.database import db
from core.store.meetings import MeetingRow
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.store.tables import Action, Booking, CaseChild, Decision, Meeting

DAYS = frozenset({"due", "first_due", "done_on", "decided_on", "as_at"})


@dataclass(frozen=True, slots=True)
class Carried:
    """An action that was open when a meeting came to its child, as it stood then.

    What is of a decision is "" or None for one that came from a tracker. ``of_case`` is the case of
    the agenda with whose child it is.
    """

    of_case: int
    id: int
    public_id: str
    what: str
    done_means: str
    owner: str
    due: date
    first_due: date
    progress: str
    done_on: date | None
    done_words: str
    rolled: int
    moved: int
    decided_on: date | None
    body_code: str
    procedure_code: str
    procedure_edition: str
    as_at: date | None

    def state(self, on: date) -> domain.ActionState:
        return domain.state(self.due, on, done_on=self.done_on)


def of_cases(
    scope: Scope, meeting: MeetingRow, case_ids: Collection[int]
) -> Mapping[int, tuple[Carried, ...]]:
    """The actions carried to a meeting that the asker sees, by its cases: one query.

    Of a closed meeting they are as they stood when it was closed: of those, and of what stood so,
    what the asker sees.
    """
    if not case_ids:
        return {}
    frozen = (meeting.carried or {}).get("open")
    if frozen is None:
        found = _open(scope, meeting, case_ids)
    else:
        kept = [Carried(**_facts(one)) for one in frozen if one["of_case"] in case_ids]
        seen = set(
            db.session.scalars(
                sa.select(Action.id).where(
                    Action.authority_id == scope.authority_id,
                    Action.id.in_({one.id for one in kept}),
                    sa.or_(case_seen(scope), child_seen(scope)),
                )
            )
        )
        found = [one for one in kept if one.id in seen]
    by_case: dict[int, tuple[Carried, ...]] = {}
    for one in found:
        by_case[one.of_case] = (*by_case.get(one.of_case, ()), one)
    return by_case


def of_planning(scope: Scope, row: PlanningRow) -> tuple[Carried, ...]:
    """The actions that are open when a planning meeting comes to its child: one query."""
    return tuple(_open(scope, row, [row.case_id]))


@dataclass(frozen=True, slots=True)
class Made:
    """An action that a planning meeting made, as it stands now."""

    public_id: str
    what: str
    owner: str
    due: date
    done_on: date | None


def made_at(scope: Scope, row: PlanningRow) -> tuple[Made, ...]:
    """The actions that a planning meeting made, soonest due first: one query."""
    rows = db.session.execute(
        sa.select(Action.public_id, Action.what, Action.owner_name, Action.due, Action.done_on)
        .join(Decision, Decision.id == Action.decision_id)
        .where(
            Action.authority_id == scope.authority_id,
            Decision.meeting_id == row.id,
            sa.or_(case_seen(scope), child_seen(scope)),
        )
        .order_by(Action.due, Action.id)
    )
    return tuple(Made(*made) for made in rows)


def freeze(scope: Scope, meeting: MeetingRow | PlanningRow) -> list[dict[str, Any]]:
    """What was carried to a meeting, for the whole authority, to keep as it is closed."""
    whole = Scope.of_authority(scope.authority_id, scope.on)
    booked = db.session.scalars(
        sa.select(Booking.case_id).where(
            Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting.id
        )
    )
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(one).items()
        }
        for one in _open(whole, meeting, set(booked))
    ]


def overdue(scope: Scope, meeting: MeetingRow | PlanningRow) -> dict[int, tuple[str, date]]:
    """The actions that stood overdue on the meeting's day, of children whom it considered.

    By id: the public id and the due day. A case that was tabled or withdrawn was not considered.
    """
    whole = Scope.of_authority(scope.authority_id, scope.on)
    heard = db.session.scalars(
        sa.select(Booking.case_id).where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting.id,
            Booking.state == BookingState.HEARD,
        )
    )
    return {
        one.id: (one.public_id, one.due)
        for one in _open(whole, meeting, set(heard))
        if one.state(meeting.held_on) == domain.ActionState.LATE
    }


def _open(
    scope: Scope, meeting: MeetingRow | PlanningRow, case_ids: Collection[int]
) -> list[Carried]:
    """Open on the meeting's day, and not made at it or later; soonest due first."""
    booked, earlier = aliased(CaseChild), aliased(CaseChild)
    of_child = sa.or_(
        Action.child_id == booked.child_id,
        sa.exists().where(
            earlier.authority_id == Action.authority_id,
            earlier.case_id == Action.case_id,
            earlier.child_id == booked.child_id,
            earlier.withdrawn_at.is_(None),
        ),
    )
    rows = db.session.execute(
        sa.select(
            booked.case_id,
            Action.id,
            Action.public_id,
            Action.what,
            Action.done_means,
            Action.owner_name,
            Action.due,
            Action.first_due,
            Action.progress,
            Action.done_on,
            Action.done_words,
            times_rolled(),
            times_moved(),
            Decision.decided_on,
            sa.func.coalesce(Meeting.body_code, ""),
            sa.func.coalesce(Meeting.procedure_code, ""),
            sa.func.coalesce(Meeting.procedure_edition, ""),
            Action.as_at,
        )
        .select_from(booked)
        .join(Action, sa.and_(Action.authority_id == booked.authority_id, of_child))
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .where(
            booked.authority_id == scope.authority_id,
            booked.case_id.in_(case_ids),
            booked.withdrawn_at.is_(None),
            sa.or_(
                Decision.id.is_(None),
                sa.and_(Decision.meeting_id != meeting.id, Decision.decided_on <= meeting.held_on),
            ),
            action_states.open_on(meeting.held_on),
            sa.or_(case_seen(scope), child_seen(scope)),
        )
        .order_by(booked.case_id, Action.due, Action.id)
    )
    found: dict[tuple[int, int], Carried] = {}
    for row in rows:
        facts: tuple[Any, ...] = tuple(row)
        found.setdefault((row[0], row[1]), Carried(*facts))
    return list(found.values())


def _facts(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in DAYS and value else value
        for name, value in kept.items()
    }

"""Actions that wait for others than their owner: to be accepted, to be completed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.meeting import MeetingState
from core.store import action_states, actions
from core.store.actions import ActionRow, Wanted, case_seen, child_seen, of_child
from core.store.meetings import meetings_seen
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import managed
from core.store.tables import Action, Decision, Meeting

MOST = 50

#: Bodies, each by the code and edition of its procedure and its own code; None for every one.
Bodies = Collection[tuple[str, str, str]] | None


@dataclass(frozen=True, slots=True)
class ToComplete:
    """A closed meeting whose minutes cannot be ratified yet, and how many actions stand against."""

    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    count: int


def to_accept(scope: Scope, bodies: Bodies) -> Some[ActionRow]:
    """What is said to be done and the asker may accept, the longest ago first.

    They see it, it is not theirs and somebody else said it; and it is of a body that they chair,
    or of a child of the team or service that they manage.
    """
    directs = () if bodies is None else (sa.or_(of_child(managed(scope)), _of(bodies)),)
    return actions.some(
        scope,
        Wanted(whose="all", show="said"),
        Action.done_on.expression,
        MOST,
        action_states.still_open(),
        sa.or_(case_seen(scope), child_seen(scope)),
        sa.or_(Action.owner_id.is_(None), Action.owner_id.not_in(scope.stands_for)),
        sa.or_(Action.said_by.is_(None), Action.said_by != scope.account_id),
        *directs,
    )


def to_complete(scope: Scope, bodies: Bodies) -> Some[ToComplete]:
    """The meetings of these bodies whose actions lack something, the earliest first."""
    of_meeting = (
        Meeting.id,
        Meeting.public_id,
        Meeting.procedure_code,
        Meeting.procedure_edition,
        Meeting.body_code,
        Meeting.held_on,
    )
    query: sa.Select[Any] = (
        sa.select(*of_meeting[1:], sa.func.count())
        .select_from(Action)
        .join(Decision, Decision.id == Action.decision_id)
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .where(
            Action.authority_id == scope.authority_id,
            Action.ended_on.is_(None),
            action_states.lacks_something(),
            sa.not_(Meeting.of_one_child),
            Meeting.state == MeetingState.CLOSED,
            Meeting.ratified_at.is_(None),
            meetings_seen(scope),
            sa.true() if bodies is None else _of(bodies),
        )
        .group_by(*of_meeting)
        .order_by(Meeting.held_on, Meeting.id)
    )
    rows = first(query, MOST)
    return Some((ToComplete(*row) for row in rows), rows.more)


def _of(bodies: Collection[tuple[str, str, str]]) -> ColumnElement[bool]:
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                Meeting.procedure_code == code,
                Meeting.procedure_edition == edition,
                Meeting.body_code == body,
            )
            for code, edition, body in sorted(bodies)
        ),
    )

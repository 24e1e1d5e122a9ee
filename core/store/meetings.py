"""Meetings as they are found: one by its id, held while it is changed, and its notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.domain.meeting import OVER, MeetingState
from core.domain.sight import Relation, relations
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import sits_in
from core.store.tables import Account, AuditRow, Decision, Meeting


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting; ``version`` is that of its notes, moments are UTC without a zone.

    ``carried`` is what core.store.carried froze at the close, and anew at the ratification;
    ``moved_from`` the day on which it was to be before it was last moved.
    """

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str
    chair_id: int | None
    leave_given: bool | None
    leave_by: str
    leave_asked_by: str
    leave_on: date | None
    leave_reason: str
    statement_read_at: datetime | None
    statement_read_by: str
    other_business: str
    closed_at: datetime | None
    version: int
    carried: Mapping[str, Any] | None = None
    circulated_at: datetime | None = None
    circulated_by: str = ""
    ratified_at: datetime | None = None
    ratified_by: str = ""
    theme: str = ""
    moved_from: date | None = None
    moved_why: str = ""
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    cancelled_why: str = ""
    chair_why: str = ""


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The meeting after another: where and when."""

    public_id: str
    held_on: date
    starts_at: time
    place: str


@dataclass(frozen=True, slots=True)
class Locked:
    """A meeting that nobody else can change until the transaction under way ends."""

    id: int
    held_on: date
    state: str


def meetings_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings with an agenda that the asker sees.

    Who sees children only through agendas sees only the meetings of bodies in which they sit;
    anybody else sees every meeting of the authority (and in it the cases that are theirs to see).
    One about one child is seen with its case alone (core.store.planning).
    """
    own = sa.and_(Meeting.authority_id == scope.authority_id, sa.not_(Meeting.of_one_child))
    if scope.everything or relations(scope.roles) - {Relation.AGENDA}:
        return own
    return sa.and_(own, sits_in(scope))


def find(scope: Scope, public_id: str) -> MeetingRow | None:
    """A meeting that the asker sees, by the id in its address."""
    return _one(scope, Meeting.public_id == public_id)


def find_by_id(scope: Scope, meeting_id: int) -> MeetingRow | None:
    return _one(scope, Meeting.id == meeting_id)


def _one(scope: Scope, which: ColumnElement[bool]) -> MeetingRow | None:
    circulated, ratified, cancelled = aliased(Account), aliased(Account), aliased(Account)
    row = db.session.execute(
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
            Meeting.chair_id,
            Meeting.leave_given,
            Meeting.leave_by,
            Meeting.leave_asked_by,
            Meeting.leave_on,
            Meeting.leave_reason,
            Meeting.statement_read_at,
            sa.func.coalesce(Account.name, ""),
            Meeting.other_business,
            Meeting.closed_at,
            Meeting.version,
            Meeting.carried,
            Meeting.circulated_at,
            sa.func.coalesce(circulated.name, ""),
            Meeting.ratified_at,
            sa.func.coalesce(ratified.name, ""),
            Meeting.theme,
            Meeting.moved_from,
            Meeting.moved_why,
            Meeting.cancelled_at,
            sa.func.coalesce(cancelled.name, ""),
            Meeting.cancelled_why,
            Meeting.chair_why,
        )
        .outerjoin(Account, Account.id == Meeting.statement_read_by)
        .outerjoin(circulated, circulated.id == Meeting.circulated_by)
        .outerjoin(ratified, ratified.id == Meeting.ratified_by)
        .outerjoin(
            cancelled,
            sa.and_(
                cancelled.id == Meeting.cancelled_by,
                cancelled.authority_id == Meeting.authority_id,
            ),
        )
        .where(which, meetings_seen(scope))
    ).first()
    if row is None:
        return None
    facts: list[Any] = list(row)
    return MeetingRow(*facts)


def next_after(scope: Scope, meeting: MeetingRow) -> NextMeeting | None:
    """The next meeting of the same body that stands."""
    row = db.session.execute(
        sa.select(Meeting.public_id, Meeting.held_on, Meeting.starts_at, Meeting.place)
        .where(
            meetings_seen(scope),
            Meeting.procedure_code == meeting.procedure_code,
            Meeting.body_code == meeting.body_code,
            Meeting.held_on > meeting.held_on,
            Meeting.state != MeetingState.CANCELLED,
        )
        .order_by(Meeting.held_on)
        .limit(1)
    ).first()
    return NextMeeting(*row) if row else None


def has_decided(scope: Scope, meeting_id: int) -> bool:
    """Whether anything is decided at a meeting, seen by the asker or not."""
    return bool(
        db.session.execute(
            sa.select(
                sa.exists().where(
                    Decision.authority_id == scope.authority_id, Decision.meeting_id == meeting_id
                )
            )
        ).scalar()
    )


def lock(scope: Scope, meeting_id: int | None) -> Locked | None:
    """Hold a meeting until the transaction under way ends: changes to one come one at a time.

    Gives its day and its state as they are once it is held; None where there is no such meeting.
    """
    row = db.session.execute(
        sa.select(Meeting.id, Meeting.held_on, Meeting.state)
        .where(Meeting.authority_id == scope.authority_id, Meeting.id == meeting_id)
        .with_for_update()
    ).first()
    return Locked(*row) if row else None


def change(
    scope: Scope, meeting_id: int, values: dict[str, Any], *only_if: ColumnElement[bool]
) -> bool:
    """Change a meeting in the transaction under way; False where a condition no longer holds."""
    done = db.session.execute(
        sa.update(Meeting)
        .where(Meeting.authority_id == scope.authority_id, Meeting.id == meeting_id, *only_if)
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def save_business(scope: Scope, meeting_id: int, text: str, seen: int) -> bool:
    """Save the notes against the version seen; False where somebody else saved first."""
    return change(
        scope,
        meeting_id,
        {"other_business": text, "version": seen + 1},
        Meeting.version == seen,
        Meeting.state.not_in(OVER),
    )


def last_noted(scope: Scope, public_id: str) -> tuple[str, datetime | None]:
    """Who saved the notes of a meeting last, and when."""
    row = db.session.execute(
        sa.select(Account.name, AuditRow.at)
        .select_from(AuditRow)
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "meeting",
            AuditRow.subject_id == public_id,
            AuditRow.did == "note business",
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    return (row[0] or "", row[1]) if row else ("", None)

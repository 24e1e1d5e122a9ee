"""What became of a case: its decisions, and who changed what when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.outcomes import OutcomeRow, of_decisions
from core.store.scope import Scope
from core.store.tables import Account, AuditRow, Booking, Decision, Meeting
from core.store.withdrawn_sight import takes_part


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a case as the audit has it; ``at`` is UTC."""

    at: datetime
    who: str
    did: str
    after: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision on a case as it was recorded, with the date by which the case returns."""

    id: int
    public_id: str
    decided_on: date
    rationale: str
    chair_name: str
    return_by: date | None
    return_on: date | None
    outcomes: tuple[OutcomeRow, ...]


def changes(scope: Scope, case_public_id: str, *, most: int = 200) -> list[Change]:
    """The latest changes of a case, newest first; looks at it are left out. One query."""
    rows = db.session.execute(
        sa.select(AuditRow.at, Account.name, AuditRow.did, AuditRow.after, AuditRow.why)
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "case",
            AuditRow.subject_id == case_public_id,
            AuditRow.did != "look",
        )
        .order_by(AuditRow.id.desc())
        .limit(most)
    )
    return [Change(at, who or "", did, after or {}, why) for at, who, did, after, why in rows]


def last_change(scope: Scope, case_public_id: str, did: str) -> Change | None:
    """The latest change of one kind."""
    return next((c for c in changes(scope, case_public_id) if c.did == did), None)


def decisions(scope: Scope, case_id: int) -> list[DecisionMade]:
    """The decisions on a case, newest first: two queries."""
    rows = db.session.execute(
        sa.select(
            Decision.id,
            Decision.public_id,
            Decision.decided_on,
            Decision.rationale,
            Decision.chair_name,
            Decision.return_by,
            Meeting.held_on,
        )
        .outerjoin(Meeting, Meeting.id == Decision.return_meeting_id)
        .where(Decision.authority_id == scope.authority_id, Decision.case_id == case_id)
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    ).all()
    made = of_decisions(scope, [row.id for row in rows])
    return [DecisionMade(*row, outcomes=tuple(made.get(row.id, ()))) for row in rows]


@dataclass(frozen=True, slots=True)
class Booked:
    """A place on an agenda that a case has or had; ``withdrew``: the asker withdrew from it."""

    public_id: str
    held_on: date
    state: str
    why: str
    withdrew: bool


def bookings(scope: Scope, case_id: int) -> list[Booked]:
    """The agendas on which a case stands or stood, latest meeting first."""
    rows = db.session.execute(
        sa.select(
            Booking.public_id,
            Meeting.held_on,
            Booking.state,
            Booking.why,
            sa.not_(takes_part(scope)),
        )
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(Booking.authority_id == scope.authority_id, Booking.case_id == case_id)
        .order_by(Meeting.held_on.desc())
    )
    return [Booked(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]

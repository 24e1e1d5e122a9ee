"""Minutes as they were issued: what keeps them from being ratified, their issues and amendments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.action import lacks
from core.domain.meeting import Presence
from core.store import action_states
from core.store.actions import case_seen
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Action,
    Amendment,
    Attendance,
    Decision,
    Meeting,
    MinutesIssue,
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """An action of a meeting that lacks something; not seen, it has neither id nor words."""

    public_id: str
    what: str
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """One part of ratified minutes said otherwise; ``issue`` is None until it is reissued."""

    public_id: str
    decision_id: int | None
    part: str
    before: str
    after: str
    why: str
    made_at: datetime
    made_by: str
    issue: int | None


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the minutes: 1 is as ratified."""

    number: int
    issued_at: datetime
    issued_by: str
    why: str


def lacking(scope: Scope, meeting_id: int) -> list[Lacking]:
    """The actions made at a meeting, and not ended, that lack an owner or what done means.

    Every one of them, seen by the asker or not: one query.
    """
    rows = db.session.execute(
        sa.select(
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.done_means,
            case_seen(scope).label("seen"),
        )
        .join(Decision, Decision.id == Action.decision_id)
        .where(
            Action.authority_id == scope.authority_id,
            Decision.meeting_id == meeting_id,
            Action.ended_on.is_(None),
            action_states.lacks_something(),
        )
        .order_by(Action.id)
    )
    found = []
    for row in rows:
        missing = tuple(lacks(row.owner_name, row.done_means))
        if row.seen:
            found.append(Lacking(row.public_id, row.what, missing))
        else:
            found.append(Lacking("", "", missing))
    return found


def issue(scope: Scope, meeting_id: int, number: int, at: datetime, why: str = "") -> None:
    """Keep that the minutes were issued, in the transaction under way."""
    db.session.execute(
        sa.insert(MinutesIssue).values(
            authority_id=scope.authority_id,
            meeting_id=meeting_id,
            number=number,
            issued_at=at,
            issued_by=scope.account_id,
            why=why,
        )
    )


def issues(scope: Scope, meeting_id: int) -> list[Issue]:
    """The issues of a meeting's minutes, the first one first."""
    rows = db.session.execute(
        sa.select(
            MinutesIssue.number,
            MinutesIssue.issued_at,
            sa.func.coalesce(Account.name, ""),
            MinutesIssue.why,
        )
        .outerjoin(Account, Account.id == MinutesIssue.issued_by)
        .where(
            MinutesIssue.authority_id == scope.authority_id, MinutesIssue.meeting_id == meeting_id
        )
        .order_by(MinutesIssue.number)
    )
    return [Issue(*row) for row in rows]


def amendments(
    scope: Scope, *, meeting_id: int | None = None, decision_ids: Collection[int] = ()
) -> list[Amended]:
    """What was amended, in the order in which it was: of decisions, or of a meeting's own parts.

    Of decisions the caller has looked whether the asker sees them.
    """
    which: sa.ColumnElement[bool] = Amendment.decision_id.in_(decision_ids)
    if meeting_id is not None:
        which = sa.and_(Amendment.meeting_id == meeting_id, Amendment.decision_id.is_(None))
    rows = db.session.execute(
        sa.select(
            Amendment.public_id,
            Amendment.decision_id,
            Amendment.part,
            Amendment.before,
            Amendment.after,
            Amendment.why,
            Amendment.made_at,
            sa.func.coalesce(Account.name, ""),
            Amendment.issue,
        )
        .outerjoin(Account, Account.id == Amendment.made_by)
        .where(Amendment.authority_id == scope.authority_id, which)
        .order_by(Amendment.id)
    )
    return [Amended(*row) for row in rows]


def waiting(scope: Scope, meeting_id: int) -> int:
    """How many amendments of a meeting's minutes are in no issue yet."""
    return int(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Amendment)
            .where(
                Amendment.authority_id == scope.authority_id,
                Amendment.meeting_id == meeting_id,
                Amendment.issue.is_(None),
            )
        )
        or 0
    )


def amend(scope: Scope, values: Mapping[str, Any], at: datetime) -> None:
    """Keep an amendment, in the transaction under way."""
    made = {"authority_id": scope.authority_id, "made_at": at, "made_by": scope.account_id}
    db.session.execute(sa.insert(Amendment).values(**made, **values))


def put_in_issue(scope: Scope, meeting_id: int, number: int) -> None:
    """Say with which issue the amendments that wait went out, in the transaction under way."""
    db.session.execute(
        sa.update(Amendment)
        .where(
            Amendment.authority_id == scope.authority_id,
            Amendment.meeting_id == meeting_id,
            Amendment.issue.is_(None),
        )
        .values(issue=number)
    )


def readers(scope: Scope, meeting_id: int) -> list[int]:
    """The accounts that got the minutes: who was there or sent apologies, and who ratified them."""
    there = db.session.scalars(
        sa.select(Attendance.account_id)
        .where(
            Attendance.authority_id == scope.authority_id,
            Attendance.meeting_id == meeting_id,
            Attendance.account_id.is_not(None),
            Attendance.state != Presence.EXPECTED,
        )
        .order_by(Attendance.id)
    )
    ratified = db.session.scalar(
        sa.select(Meeting.ratified_by).where(
            Meeting.authority_id == scope.authority_id, Meeting.id == meeting_id
        )
    )
    return list(dict.fromkeys(one for one in (*there, ratified) if one is not None))

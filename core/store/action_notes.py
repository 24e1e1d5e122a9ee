"""What was said of actions and the meetings at which they rolled: read, and added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.action import Did
from core.store import board_marks
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Action, ActionNote, ActionRoll, Meeting


@dataclass(frozen=True, slots=True)
class Note:
    """One thing said or done; ``at`` is None and ``by`` "" where that is not known."""

    did: str
    at: datetime | None
    by: str
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A meeting at which an action stood overdue: of which body, on which day, due when."""

    procedure_code: str
    procedure_edition: str
    body_code: str
    on: date
    due: date


def of_action(scope: Scope, action_id: int) -> list[Note]:
    """Everything said of an action, the latest first."""
    rows = db.session.execute(
        sa.select(
            ActionNote.kind,
            ActionNote.at,
            sa.func.coalesce(Account.name, ""),
            ActionNote.words,
            ActionNote.before,
            ActionNote.after,
        )
        .outerjoin(Account, Account.id == ActionNote.by)
        .where(ActionNote.authority_id == scope.authority_id, ActionNote.action_id == action_id)
        .order_by(ActionNote.id.desc())
    )
    return [Note(*row) for row in rows]


def says_already(scope: Scope, action_id: int, words: str) -> bool:
    """Whether the asker's latest note of progress on an action says just this."""
    latest = db.session.scalar(
        sa.select(ActionNote.words)
        .where(
            ActionNote.authority_id == scope.authority_id,
            ActionNote.action_id == action_id,
            ActionNote.kind == Did.PROGRESS,
            ActionNote.by == scope.account_id,
        )
        .order_by(ActionNote.id.desc())
        .limit(1)
    )
    return latest == words


def rolls(scope: Scope, action_id: int) -> list[Roll]:
    """The meetings at which an action stood overdue, the latest first."""
    rows = db.session.execute(
        sa.select(
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            ActionRoll.on,
            ActionRoll.due,
        )
        .join(Meeting, Meeting.id == ActionRoll.meeting_id)
        .where(ActionRoll.authority_id == scope.authority_id, ActionRoll.action_id == action_id)
        .order_by(ActionRoll.on.desc(), ActionRoll.id.desc())
    )
    return [Roll(*row) for row in rows]


def times_rolled() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(ActionRoll)
        .where(ActionRoll.action_id == Action.id, ActionRoll.authority_id == Action.authority_id)
        .correlate(Action)
        .scalar_subquery()
    )


def times_moved() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(ActionNote)
        .where(
            ActionNote.action_id == Action.id,
            ActionNote.authority_id == Action.authority_id,
            ActionNote.kind == Did.MOVED,
        )
        .correlate(Action)
        .scalar_subquery()
    )


def add(
    scope: Scope,
    action_id: int,
    did: Did,
    words: str,
    at: datetime,
    *,
    before: str = "",
    after: str = "",
) -> None:
    """Add a note to an action, in the transaction under way."""
    add_many(scope, [action_id], did, words, at, before=before, after=after)


def add_many(
    scope: Scope,
    action_ids: Iterable[int],
    did: Did,
    words: str,
    at: datetime,
    *,
    before: str = "",
    after: str = "",
) -> None:
    """Add the same note to several actions, in the transaction under way."""
    rows = [
        {
            "authority_id": scope.authority_id,
            "action_id": action_id,
            "kind": str(did),
            "at": at,
            "by": scope.account_id,
            "words": words,
            "before": before[:200],
            "after": after[:200],
        }
        for action_id in action_ids
    ]
    if rows:
        db.session.execute(sa.insert(ActionNote), rows)


def roll(scope: Scope, meeting_id: int, on: date, overdue: Collection[tuple[int, date]]) -> None:
    """Keep that these actions, each with its due day, stood overdue at a meeting."""
    rows = [
        {
            "authority_id": scope.authority_id,
            "action_id": action_id,
            "meeting_id": meeting_id,
            "on": on,
            "due": due,
        }
        for action_id, due in overdue
    ]
    if rows:
        db.session.execute(sa.insert(ActionRoll), rows)
        board_marks.acted(scope, [action_id for action_id, _ in overdue])

"""The board as it is kept and as the statement has it, for tests that hold the two equal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House

from core.domain.board import Span, Standing
from core.store import board_kept, board_marks
from core.store.board_statement import COLUMNS, board_on
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Action, ActionRoll, BoardRow, Child

Rows = dict[int, dict[str, Any]]


def kept(house: House) -> Rows:
    """The kept rows of children who are looked after, by child."""
    query = sa.select(*(getattr(BoardRow, name) for name in COLUMNS)).where(BoardRow.there)
    return _by_child(query)


def as_at(house: House, on: date) -> Rows:
    """The rows that the statement has as at a day, by child."""
    scope = Scope.of_authority(house.authority_id, on)
    return _by_child(board_on(scope, on, lambda child: child.is_not(None)))


def _by_child(query: sa.Select[Any]) -> Rows:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in db.session.execute(query)]
    db.session.rollback()
    return {row["child_id"]: row for row in rows}


#: What of a row is only about when it is to be worked out again.
WHEN = ("changes_on", "same_to")


def said(rows: Rows) -> Rows:
    """Rows without when they are to be worked out again."""
    return {
        child_id: {name: value for name, value in row.items() if name not in WHEN}
        for child_id, row in rows.items()
    }


def today(house: House) -> Scope:
    return Scope.of_authority(house.authority_id, house.today)


def stands(house: House, child_id: int, standing: Standing, since: date = date(2024, 1, 2)) -> None:
    """Have a child stand on the board as a test says, whatever is recorded."""
    with writing():
        board_kept.put(today(house), [child_id], {child_id: (Span(since, None, standing),)})


def acts(house: House, child_id: int, due: date, rolled: Iterable[int] = (), **more: Any) -> int:
    """Have an action of a child, as trackers bring them, that stood overdue at these meetings."""
    with writing():
        made = sa.insert(Action).values(
            authority_id=house.authority_id,
            child_id=child_id,
            kind="tracker",
            owner_name="Osric Plume",
            what="Ask the carers",
            due=due,
            first_due=due,
            **more,
        )
        action_id: int = db.session.execute(made.returning(Action.id)).scalar_one()
        for meeting_id in rolled:
            db.session.execute(
                sa.insert(ActionRoll).values(
                    authority_id=house.authority_id,
                    action_id=action_id,
                    meeting_id=meeting_id,
                    on=due,
                    due=due,
                )
            )
        board_marks.acted(today(house), [action_id])
    return action_id


def ids(house: House) -> list[int]:
    found = list(db.session.scalars(sa.select(Child.id).order_by(Child.id)))
    db.session.rollback()
    return found


__all__ = ["AT", "acts", "as_at", "ids", "kept", "said", "stands", "today"]

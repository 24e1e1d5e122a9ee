"""A panel that decided something: a child, its case, and the actions that were made, for tests."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from builders.house import House
from builders.sitting import book, sit, who

from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import Action, Meeting
from core.usecases import circulation, meetings
from core.usecases.decision import record_decision

FIRST, SECOND = date(2026, 11, 23), date(2026, 12, 15)
ROW = "action-0001-abcd"


def registry(house: House) -> Registry:
    found = house.app.extensions["permanence"].registry
    assert isinstance(found, Registry)
    return found


def heard(
    house: House,
    child_id: int,
    on: date,
    *,
    done_means: str = "The school has it in writing",
    owner: str = "legal",
    due: date = date(2026, 12, 1),
    acts: bool = True,
) -> tuple[str, str, str]:
    """A meeting that heard the child's case: its public id, its item's, and the action's.

    Of a meeting without an action (``acts``) that is "".
    """
    meeting_id, _ = house.meeting(on, state="open")
    sit(house, meeting_id)
    item, _ = book(house, meeting_id, (child_id,))
    typed = {"outcome-continue-care-plan.chosen": "yes", "rationale": "Because of drift"}
    if acts:
        typed |= {
            f"{ROW}.what": "Write to the school",
            f"{ROW}.owner": who(house, owner),
            f"{ROW}.due": due.isoformat(),
            f"{ROW}.done-means": done_means,
        }
    places = {Place.named(name): value for name, value in typed.items()}
    record_decision(house.scope("panel.chair"), registry(house), item, places, {}, at(on))
    meeting = db.session.scalar(sa.select(Meeting.public_id).where(Meeting.id == meeting_id))
    action = db.session.scalar(sa.select(Action.public_id).order_by(Action.id.desc()).limit(1))
    db.session.rollback()
    return str(meeting), item, str(action) if acts else ""


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12)


def close(house: House, meeting: str, on: date) -> None:
    meetings.close(house.scope("panel.chair"), meeting, at(on))


def ratify(house: House, meeting: str, on: date) -> None:
    circulation.ratify(house.scope("panel.chair"), meeting, at(on))


def of(public_id: str, *columns: str) -> tuple[object, ...]:
    """The columns of an action as they stand."""
    named = [getattr(Action, name) for name in columns]
    row = db.session.execute(sa.select(*named).where(Action.public_id == public_id)).one()
    db.session.rollback()
    return tuple(row)


def put(public_id: str, **values: object) -> None:
    """Set columns of an action as they would be after some time."""
    with writing():
        db.session.execute(sa.update(Action).where(Action.public_id == public_id).values(**values))

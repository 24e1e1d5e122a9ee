"""Disputes and late actions made as people make them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House

from core.domain.dispute import Opening
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import Action
from core.usecases import disputing, escalating

DUE = date(2026, 11, 20)  # a Friday
EVER = datetime(2020, 1, 1)  # since when an answer holds: every one does


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry  # type: ignore[no-any-return]


def disputed(house: House, child: str, words: str = "Two reviews with no plan") -> str:
    """A dispute that the reviewing officer opens today; gives its public id."""
    opening = Opening("drift", words)
    made = disputing.open_dispute(house.scope("iro"), registry(house), child, opening, AT)
    db.session.remove()
    return made


def late_action(
    house: House, child: int | None, owner: str | None = "social.worker", **more: Any
) -> str:
    """An action of a tracker that was due on the Friday; gives its public id."""
    values = {
        "authority_id": house.authority_id,
        "child_id": child,
        "kind": "task",
        "what": "Write to the court",
        "owner_id": house.accounts[owner] if owner else None,
        "owner_name": "An owner",
        "due": DUE,
        "first_due": DUE,
    } | more
    with writing():
        made = sa.insert(Action).values(**values).returning(Action.public_id)
        return str(db.session.execute(made).scalar_one())


def go_through(house: House, on: date) -> None:
    """What the worker does of late actions on a day, which is today from then on."""
    house.turn_to(on)
    scope = house.whole.of_authority(house.authority_id, on)
    while escalating.escalate(scope, registry(house), AT.replace(day=on.day, month=on.month)):
        pass

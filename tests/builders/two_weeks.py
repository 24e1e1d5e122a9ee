"""An authority that follows the two-week standard, and children whose plans are tracked there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from builders.acted import registry
from builders.house import AT, SINCE, House
from builders.with_law import with_law

from core.domain.care_typing import EPISODE
from core.store import enabled
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import EnabledProcedure
from core.usecases.care import save_row
from core.usecases.record import correct
from core.usecases.record_new import add

PLAN = {"primary": "sgo", "contingencies": "adoption", "identified_on": "2026-09-10"}


def two_week(folder: Path, url: str, today: date) -> Iterator[House]:
    """The house, with PPM2 followed in the place of the ten-week standard."""
    for app in with_law(folder, url):
        yield follows_two_weeks(House(app, today))


def follows_two_weeks(house: House) -> House:
    with writing():
        ten_weeks = EnabledProcedure.code == "PPM10"
        db.session.execute(sa.delete(EnabledProcedure).where(ten_weeks))
        enabled.add(house.whole, "PPM2", 5, SINCE, "", AT)
    return house


def whole(house: House) -> Scope:
    """The scope of the whole authority, today."""
    return Scope.of_authority(house.authority_id, house.today)


def in_care(
    house: House,
    local_id: str = "0101",
    name: str = "Orlin",
    since: date = date(2026, 9, 1),
    status: str = "V2",
    **more: object,
) -> tuple[int, str]:
    """A child whose care began on a day, under one status; the id and the public id."""
    made = house.child(local_id, name, became_looked_after=since, **more)  # type: ignore[arg-type]
    values = {
        "decom": since.isoformat(), "rne": "S", "ls": status, "cin": "N1", "place": "U6",
        "place_provider": "PR1", "dec": "", "rec": "",
    }  # fmt: skip
    save_row(whole(house), made[1], EPISODE, None, values, "As the file says", True, AT)
    return made


def said(house: House, child: str, kind: str, role: str = "team.manager", **values: str) -> str:
    """An entry of a child's record as somebody types it; its public id."""
    return add(house.scope(role), child, kind, values, AT).public_id


def met(house: House, child: str, on: str = "2026-09-14") -> str:
    return said(house, child, "earlier-meeting", meeting="ppm", held_on=on)


def planned(house: House, child: str, **more: str) -> str:
    return said(house, child, "plan", **{**PLAN, **more})


def step(house: House, child: str, whole: str, what: str, due: str, **more: str) -> str:
    """A step of the plan ``whole``; ``plan`` says of which of the two it is."""
    values = {"what": what, "due_on": due, **more}
    manager, rules = house.scope("team.manager"), registry(house)
    added = add(manager, child, "plan-step", values, AT, part_of=whole, registry=rules)
    return added.public_id


def moved(house: House, entry: str, due: str) -> None:
    """Move the day of a step, as its form does."""
    from core.store import record

    scope = house.scope("team.manager")
    child = record.child_of_entry(scope, entry)
    assert child is not None
    (one,) = [e for e in record.entries(scope, child.id) if e.public_id == entry]
    db.session.rollback()
    seen = {"due_on": one.values["due_on"].statement.id}
    correct(scope, entry, {"due_on": due}, seen, "It cannot be done by then", AT)

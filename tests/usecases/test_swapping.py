"""Weeks of a rotation: cancelled, so that the cohorts move on; swapped, so that they stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import moot
from builders.agenda import book, case
from builders.house import House
from conftest import PLUGINS, TODAY, settings
from flask import Flask

import plugins.bcp
from core.app import create_app
from core.domain.finding import Moved, Refused
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import AuditRow, Meeting
from core.usecases import cancelling, changed, swapping
from core.usecases.calendar import Dates, make_dates, propose
from core.usecases.cancelling import Cancel

AT = datetime(2026, 11, 23, 9, 0)
ADMIN = "panel.administrator"
FIRST = date(2026, 12, 3)
BCP = "BCP:permanence-panel"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    known = {**PLUGINS, "toyshire": moot, "bcp": plugins.bcp}
    made = create_app(settings(tmp_path, database_url), known)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    """The authority of the five cohorts, with seven weeks planned."""
    made = House(app, TODAY, "BCP", "bcp")
    weeks(made, FIRST, 7)
    return made


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def weeks(house: House, first: date, count: int) -> None:
    kept = frozenset(first + timedelta(weeks=n) for n in range(count))
    dates = Dates(BCP, first, max(kept), time(13, 30), keep=kept)
    scope = house.scope(ADMIN)
    seen = propose(scope, registry(house), dates).mark
    make_dates(scope, registry(house), dates, seen, AT)


def planned(*, also: str = "planned") -> list[str]:
    rows = db.session.execute(
        sa.select(Meeting.theme)
        .where(Meeting.state.in_(("planned", also)))
        .order_by(Meeting.held_on)
    )
    found = [theme.removeprefix("cohort-") for theme in rows.scalars()]
    db.session.rollback()
    return found


def of_week(number: int) -> tuple[int, str]:
    row = db.session.execute(
        sa.select(Meeting.id, Meeting.public_id).where(
            Meeting.held_on == FIRST + timedelta(weeks=number)
        )
    ).one()
    db.session.rollback()
    return row.id, row.public_id


def circulate(number: int) -> None:
    with writing():
        db.session.execute(
            sa.update(Meeting)
            .where(Meeting.held_on == FIRST + timedelta(weeks=number))
            .values(circulated_at=AT)
        )


def cancel(house: House, number: int) -> None:
    cancel, public_id = Cancel("The building is shut."), of_week(number)[1]
    scope = house.scope(ADMIN)
    seen = cancelling.preview(scope, registry(house), public_id, cancel).mark
    cancelling.cancel_meeting(scope, registry(house), public_id, cancel, seen, AT)


def swap(house: House, one: int, other: int, seen: str | None = None) -> None:
    scope, mine, theirs = house.scope(ADMIN), of_week(one)[1], of_week(other)[1]
    if seen is None:
        seen = swapping.preview(scope, mine, theirs, "Holidays").mark
    swapping.swap_themes(scope, mine, theirs, "Holidays", seen, AT)


@pytest.mark.clause("BCP-4.1", "BCP-5.6")
def test_weeks_are_planned_with_the_five_cohorts_in_turn(house: House) -> None:
    assert planned() == ["1", "2", "3", "4", "5", "1", "2"]
    weeks(house, FIRST + timedelta(weeks=7), 3)
    assert planned()[-3:] == ["3", "4", "5"]


@pytest.mark.clause("BCP-5.6")
def test_a_cancelled_week_moves_its_cohort_and_every_later_one_by_a_week(house: House) -> None:
    cancel(house, 1)
    assert planned() == ["1", "2", "3", "4", "5", "1"]
    weeks(house, FIRST + timedelta(weeks=7), 2)
    assert planned()[-2:] == ["2", "3"]
    (after,) = db.session.execute(
        sa.select(AuditRow.after).where(AuditRow.did == "cancel meeting")
    ).scalars()
    db.session.rollback()
    assert after["themes"]["2026-12-17"] == "cohort-3 to cohort-2"


@pytest.mark.clause("BCP-5.6")
def test_a_circulated_list_never_moves(house: House) -> None:
    circulate(2)
    cancel(house, 1)
    assert planned() == ["1", "3", "2", "4", "5", "1"]


@pytest.mark.clause("BCP-5.6")
def test_a_swap_persists_past_a_cancelled_week(house: House) -> None:
    swap(house, 2, 3)
    assert planned() == ["1", "2", "4", "3", "5", "1", "2"]
    cancel(house, 0)
    assert planned() == ["1", "2", "4", "3", "5", "1"]


def test_cases_booked_on_a_week_whose_cohort_changes_are_told(house: House) -> None:
    meeting_id, _ = of_week(3)
    child, _ = house.child()
    book(house, meeting_id, case(house, child, meeting_id)[0])
    scope = house.scope(ADMIN)
    changes = swapping.preview(scope, of_week(2)[1], of_week(3)[1], "Holidays")
    told = cancelling.preview(scope, registry(house), of_week(2)[1], Cancel("Snow"))
    db.session.rollback()
    words = ["1 case is booked for 24 December 2026: look whether they stay there"]
    assert [says.message for says in changes.of_meeting] == words
    assert [says.message for says in told.of_meeting] == words
    assert told.left == "cohort-2"


def test_the_page_of_changes_keeps_which_cohort_had_no_meeting(house: House) -> None:
    scope, (_, meeting) = house.scope(ADMIN), of_week(2)
    seen = cancelling.preview(scope, registry(house), meeting, Cancel("Snow"))
    db.session.rollback()
    cancelling.cancel_meeting(scope, registry(house), meeting, Cancel("Snow"), seen.mark, AT)
    (kept,) = changed.of_meeting(scope, meeting)
    db.session.rollback()
    assert kept.left == seen.left == "cohort-2"
    page = " ".join(house.client(ADMIN).get(f"/meetings/{meeting}/changes").text.split())
    assert "Cohort 2" in page and "it comes first when later dates are made" in page


def test_a_swap_that_somebody_else_made_meanwhile_is_looked_at_again(house: House) -> None:
    scope = house.scope(ADMIN)
    seen = swapping.preview(scope, of_week(2)[1], of_week(3)[1], "Holidays").mark
    db.session.rollback()
    swap(house, 3, 4)
    with pytest.raises(Moved):
        swap(house, 2, 3, seen)
    assert planned() == ["1", "2", "3", "5", "4", "1", "2"]


@pytest.mark.parametrize("other", ["", "nowhere"])
def test_a_swap_needs_another_meeting_of_the_rotation_and_a_reason(
    house: House, other: str
) -> None:
    with pytest.raises(Refused) as caught:
        swapping.preview(house.scope(ADMIN), of_week(2)[1], other, " ")
    assert [f.field for f in caught.value.findings] == ["with", "why"]
    circulate(3)
    with pytest.raises(Refused, match="circulated"):
        swap(house, 2, 3)
    with pytest.raises(Refused):
        swap(house, 2, 2)


def test_a_body_without_themes_cancels_without_any(app: Flask) -> None:
    toy = House(app, TODAY, "TOY", "toyshire")
    _, public_id = toy.meeting(FIRST)
    toy.meeting(FIRST + timedelta(weeks=1))
    changes = cancelling.preview(toy.scope(ADMIN), registry(toy), public_id, Cancel("Snow"))
    db.session.rollback()
    assert (changes.themes, changes.left) == ((), "")

"""Making a body's dates: shown first, days off kept or skipped, themes in turn, once and whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import moot
from builders.house import House
from conftest import PLUGINS, TODAY, settings
from flask import Flask

from core.app import create_app
from core.domain.finding import Moved, Refused
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import AuditRow, Meeting
from core.usecases import days_off
from core.usecases.adding_meeting import NewMeeting, add_meeting, preview
from core.usecases.calendar import Dates, Proposal, bodies, make_dates, propose

AT = datetime(2026, 11, 23, 9, 0)
ADMIN = "panel.administrator"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, database_url), {**PLUGINS, "toyshire": moot})
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def toy(app: Flask) -> House:
    return House(app, TODAY, "TOY", "toyshire")


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def proposed(house: House, dates: Dates) -> Proposal:
    found = propose(house.scope(ADMIN), registry(house), dates)
    db.session.rollback()
    return found


def made(house: House, dates: Dates, seen: str = "") -> Proposal:
    seen = seen or proposed(house, dates).mark
    return make_dates(house.scope(ADMIN), registry(house), dates, seen, AT)


def held(body: str = "permanence-panel") -> list[tuple[date, str, time, str]]:
    rows = db.session.execute(
        sa.select(Meeting.held_on, Meeting.theme, Meeting.starts_at, Meeting.place)
        .where(Meeting.body_code == body)
        .order_by(Meeting.held_on, Meeting.id)
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


FORTNIGHTLY = Dates(
    "BEX:permanence-panel", date(2026, 12, 11), date(2027, 1, 22), time(9, 30), "Room 4"
)


@pytest.mark.clause("BEX-1.12")
def test_a_fortnight_leaves_those_there_are_and_skips_a_day_off_unless_it_is_kept(
    house: House,
) -> None:
    house.meeting(date(2026, 12, 11))
    shown = proposed(house, FORTNIGHTLY)
    assert [(day.on, day.made, day.why_not, day.off) for day in shown.days] == [
        (date(2026, 12, 11), False, "There already", ""),
        (date(2026, 12, 25), False, "", "Christmas Day"),
        (date(2027, 1, 8), True, "", ""),
        (date(2027, 1, 22), True, "", ""),
    ]
    made(house, FORTNIGHTLY)
    assert [row[0] for row in held()] == [
        date(2026, 12, 11), date(2027, 1, 8), date(2027, 1, 22),
    ]  # fmt: skip
    made(house, replace(FORTNIGHTLY, keep=frozenset({date(2026, 12, 25)})))
    assert [row[0] for row in held()][1] == date(2026, 12, 25)
    with pytest.raises(Refused) as caught:
        made(house, FORTNIGHTLY)
    assert caught.value.findings[0].field == "dates"
    assert held()[2][2:] == (time(9, 30), "Room 4")


def test_a_day_off_that_the_authority_adds_is_named_and_skipped(house: House) -> None:
    admin = house.scope("authority.administrator")
    days_off.add(admin, date(2027, 1, 8), "Election count in the hall", AT)
    shown = proposed(house, FORTNIGHTLY)
    assert [(d.off, d.made) for d in shown.days if d.on == date(2027, 1, 8)] == [
        ("Election count in the hall", False)
    ]


def test_dates_made_by_somebody_else_meanwhile_are_shown_before_any_is_made(house: House) -> None:
    seen = proposed(house, FORTNIGHTLY).mark
    house.meeting(date(2027, 1, 8))
    with pytest.raises(Moved) as caught:
        made(house, FORTNIGHTLY, seen)
    assert [day.why_not for day in caught.value.now.days][2] == "There already"
    assert len(held()) == 1


def test_nth_weekdays_come_from_the_procedure_with_its_place_as_a_default(toy: House) -> None:
    dates = Dates("TOY:toy-moot", date(2026, 12, 1), date(2027, 2, 28), time(14, 0), "The Old Mill")
    shown = made(toy, dates)
    assert [day.on for day in shown.made] == [
        date(2026, 12, 3), date(2026, 12, 17), date(2027, 1, 7), date(2027, 1, 21),
        date(2027, 2, 4), date(2027, 2, 18),
    ]  # fmt: skip
    assert shown.findings == ()


def test_another_weekday_than_the_procedures_is_the_authoritys_and_says_so(toy: House) -> None:
    dates = Dates("TOY:toy-moot", date(2026, 12, 1), date(2026, 12, 31), time(14, 0), "Hall",
                  weekday=1)  # fmt: skip
    shown = proposed(toy, dates)
    assert [day.on for day in shown.made] == [date(2026, 12, 1), date(2026, 12, 15)]
    (finding,) = shown.findings
    assert finding.message.endswith("Set by the authority: the weekday and the place")
    assert finding.clauses == ("TOY-1",)


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ({"every_weeks": 3, "weekday": 4}, [date(2026, 12, 4), date(2027, 1, 15)]),
        ({"nth": (-1,), "weekday": 4}, [date(2027, 1, 29)]),
        ({"nth": (-1,)}, [date(2026, 12, 29), date(2027, 1, 26)]),
    ],
)
def test_where_a_procedure_lays_no_days_down_the_authority_chooses(
    toy: House, more: dict, days: list[date]
) -> None:
    dates = Dates("TOY:toy-gathering", date(2026, 12, 1), date(2027, 1, 31), time(9, 0), **more)
    assert [day.on for day in proposed(toy, dates).made] == days


@pytest.mark.parametrize("more", [{}, {"every_weeks": 2, "nth": (1,)}])
def test_without_one_shape_nothing_is_proposed(toy: House, more: dict) -> None:
    dates = Dates("TOY:toy-gathering", date(2026, 12, 1), date(2027, 1, 31), time(9, 0), **more)
    with pytest.raises(Refused) as caught:
        proposed(toy, dates)
    assert [finding.field for finding in caught.value.findings] == ["shape"]


def test_themes_go_in_turn_and_a_skipped_week_takes_none(toy: House) -> None:
    dates = Dates("TOY:toy-round", date(2026, 12, 9), date(2027, 1, 6), time(13, 0))
    add_themes = {"keep": frozenset({date(2026, 12, 30)})}
    assert [(d.on.day, d.theme) for d in proposed(toy, dates).days] == [
        (9, "toy-young"), (16, "toy-middling"), (23, "toy-old"), (30, "toy-young"),
        (6, "toy-middling"),
    ]  # fmt: skip
    admin = toy.scope("authority.administrator")
    days_off.add(admin, date(2026, 12, 30), "The mill is shut", AT)
    assert [d.theme for d in proposed(toy, dates).days] == [
        "toy-young", "toy-middling", "toy-old", "", "toy-young",
    ]  # fmt: skip
    seen = proposed(toy, dates).mark
    with pytest.raises(Moved):
        made(toy, replace(dates, **add_themes), seen)
    made(toy, dates)
    later = Dates("TOY:toy-round", date(2027, 1, 13), date(2027, 1, 20), time(13, 0))
    assert [d.theme for d in proposed(toy, later).days] == ["toy-middling", "toy-old"]
    assert [d.theme for d in proposed(toy, replace(later, theme="toy-old")).days] == [
        "toy-old", "toy-young",
    ]  # fmt: skip
    with pytest.raises(Refused) as caught:
        proposed(toy, replace(later, theme="toy-ancient"))
    assert caught.value.findings[0].field == "theme"


def test_a_body_of_another_authoritys_procedure_is_not_offered(house: House) -> None:
    assert [meets.key for meets in bodies(house.scope(ADMIN), registry(house))] == [
        "BEX:permanence-panel"
    ]
    db.session.rollback()
    with pytest.raises(Refused):
        proposed(house, replace(FORTNIGHTLY, body="TOY:toy-moot"))


def test_the_audit_says_which_dates_were_made_how_and_with_which_themes(toy: House) -> None:
    made(toy, Dates("TOY:toy-round", date(2026, 12, 9), date(2026, 12, 16), time(13, 0)))
    after = db.session.execute(
        sa.select(AuditRow.after).where(AuditRow.did == "make dates")
    ).scalar_one()
    db.session.rollback()
    assert after["how"] == "every week on a Wednesday"
    assert after["themes"] == {"2026-12-09": "toy-young", "2026-12-16": "toy-middling"}


def test_a_single_meeting_is_added_with_what_is_found_on_its_day(house: House) -> None:
    new = NewMeeting("BEX:permanence-panel", date(2026, 12, 28), time(10, 0), "Room 4")
    found = preview(house.scope(ADMIN), registry(house), new)
    db.session.rollback()
    words = [says.message for says in found.says]
    assert words[0].startswith("Monday 28 December 2026 is a day off: Boxing Day")
    assert any("by 22 December 2026" in said for said in words)
    assert any(said.startswith("Nobody holds") for said in words)
    add_meeting(house.scope(ADMIN), registry(house), new, AT)
    assert held() == [(date(2026, 12, 28), "", time(10, 0), "Room 4")]
    with pytest.raises(Refused) as caught:
        add_meeting(house.scope(ADMIN), registry(house), new, AT)
    assert caught.value.findings[0].field == "on"


def test_on_the_day_of_a_cancelled_meeting_a_single_one_can_be_added(house: House) -> None:
    house.meeting(date(2026, 12, 10), "cancelled")
    shown = proposed(house, replace(FORTNIGHTLY, first=date(2026, 12, 10)))
    assert shown.days[0].why_not == "Cancelled: it stays so"
    new = NewMeeting("BEX:permanence-panel", date(2026, 12, 10), time(10, 0))
    add_meeting(house.scope(ADMIN), registry(house), new, AT)
    assert len(held()) == 2
    with writing(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Meeting).values(state="planned"))


def test_no_meeting_is_added_in_the_past_or_with_a_theme_that_is_not_there(toy: House) -> None:
    new = NewMeeting("TOY:toy-moot", date(2026, 11, 22), time(10, 0), "x" * 201, "toy-young")
    with pytest.raises(Refused) as caught:
        add_meeting(toy.scope(ADMIN), registry(toy), new, AT)
    assert [f.field for f in caught.value.findings] == ["on", "place", "theme"]

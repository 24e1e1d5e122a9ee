"""The calendar, and the pages on which a body's days are made, moved, cancelled and swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import moot
from builders.agenda import book, case
from builders.house import House
from conftest import COMPILED, PLUGINS, TODAY, OwnContext, settings
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import plugins.somerset
from core.app import create_app
from core.store.database import db, writing
from core.store.tables import Child, Meeting, PanelCase

ADMIN = "panel.administrator"
PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 10)
DATES = {
    "body": "BEX:permanence-panel",
    "first-day": "11", "first-month": "12", "first-year": "2026",
    "until-day": "22", "until-month": "1", "until-year": "2027",
    "starts-at": "2.30pm",
    "place": "Room 4",
}  # fmt: skip
MOVE = {
    "on-day": "10", "on-month": "12", "on-year": "2026", "starts-at": "10:00", "place": "",
    "why": "The hall is flooded.",
}  # fmt: skip


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    known = {**PLUGINS, "toyshire": moot, "somerset": plugins.somerset}
    made = create_app(settings(tmp_path, database_url), known)
    made.testing = True
    made.test_client_class = OwnContext
    made.jinja_env.bytecode_cache = COMPILED
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def browser(house: House, role: str = ADMIN) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(role)


def seen_of(answer: TestResponse) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', answer.text)
    assert found is not None
    return found[1]


def fetched(column: object, *where: object) -> object:
    value = db.session.execute(sa.select(column).where(*where)).scalar()
    db.session.rollback()
    return value


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


@pytest.mark.clause("BEX-1.12", "SOM-9")
def test_dates_are_looked_at_first_and_a_day_off_is_kept_with_a_tick(house: House) -> None:
    house.meeting(date(2026, 12, 11))
    client = browser(house)
    looked = client.post("/meetings/dates", data=DATES)
    said = words(looked.text)
    assert "2 new dates to make" in said and "There already" in said
    assert "1 date falls on a day off" in said and "Christmas Day left out" in said
    assert fetched(sa.func.count(), Meeting.id > 0) == 1
    kept = {**DATES, "keep": "2026-12-25", "seen": seen_of(looked), "do": "make"}
    assert client.post("/meetings/dates", data=kept).status_code == 303
    said = words(client.get("/meetings").text)
    assert "3 dates are made. 1 was left out." in said
    assert "at 14:30, Room 4" in said and "Friday 25 December 2026" in said


def test_dates_that_were_not_looked_at_are_shown_and_not_made(house: House) -> None:
    answer = browser(house).post("/meetings/dates", data={**DATES, "do": "make"})
    assert answer.status_code == 422 and "as it stands now" in answer.text
    assert fetched(sa.func.count(), Meeting.id > 0) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first-day": "31", "first-month": "2"}, "must be a real date"),
        ({"first-day": "", "first-month": "", "first-year": ""}, "Enter the first date"),
        ({"until-year": "2025"}, "The last date is before the first"),
        ({"until-year": "2031"}, "two years at most"),
        ({"starts-at": "noonish"}, "Enter a time of day"),
        ({"place": "x" * 201}, "200 characters"),
        ({"body": "TOY:permanence-panel"}, "Choose the body"),
    ],
)
def test_bad_dates_are_refused_beside_the_field(
    house: House, wrong: dict[str, str], said: str
) -> None:
    answer = browser(house).post("/meetings/dates", data={**DATES, **wrong})
    assert answer.status_code == 422 and said in answer.text
    assert "Room 4" in answer.text or "place" in wrong
    assert fetched(sa.func.count(), Meeting.id > 0) == 0


def test_a_body_is_chosen_first_and_its_form_asks_what_its_procedure_does_not_say(
    app: Flask,
) -> None:
    toy = House(app, TODAY, "TOY", "toyshire")
    client = browser(toy)
    said = client.get("/meetings/dates").text
    assert "Toyshire Moot" in said and "Toyshire Gathering" in said and "first-day" not in said
    form = client.get("/meetings/dates?body=TOY:toy-moot").text
    assert "The Old Mill" in form and 'name="shape"' not in form and 'name="theme"' not in form
    assert re.search(r'<option value="3" selected[^>]*>\s*Thursday', form)
    form = client.get("/meetings/dates?body=TOY:toy-gathering").text
    assert 'name="shape"' in form and "Not laid down by the procedure" in form
    typed = {**DATES, "body": "TOY:toy-gathering"}
    for wrong, field in (
        ({}, "Choose how often"),
        ({"shape": "weeks", "every-weeks": "0"}, "Enter a number of weeks"),
        ({"shape": "nth"}, "Choose at least one week"),
    ):
        answer = client.post("/meetings/dates", data={**typed, **wrong})
        assert answer.status_code == 422 and field in answer.text
    answer = client.post(
        "/meetings/dates", data={**typed, "shape": "nth", "nth": ["2", "-1"], "weekday": "4"}
    )
    said = words(answer.text)
    assert "2nd and last friday of each month" in said.lower()
    assert "Friday 11 December 2026" in said and "Friday 8 January 2027" in said
    assert re.search(r'value="-1"[^>]* checked', answer.text)


@pytest.mark.clause("SOM-9")
def test_somersets_normal_days_and_place_stand_in_the_form_and_may_be_others(app: Flask) -> None:
    client = browser(House(app, TODAY, "SOM", "somerset"))
    form = client.get("/meetings/dates").text
    assert "Normally fortnightly on Thursdays" in form and "SOM-9" in form
    assert 'value="County Hall, Taunton"' in form
    assert re.search(r'<option value="3" selected[^>]*>\s*Thursday', form)
    typed = {**DATES, "body": "SOM:permanence-panel", "place": "County Hall, Taunton"}
    said = words(client.post("/meetings/dates", data={**typed, "weekday": "3"}).text)
    assert "Thursday 17 December 2026" in said and "Thursday 31 December 2026" in said
    assert "Set by the authority" not in said
    said = words(client.post("/meetings/dates", data={**typed, "weekday": "0"}).text)
    assert "Set by the authority: the weekday" in said


def test_themes_are_shown_in_turn_and_in_the_calendar_by_which_it_can_be_filtered(
    app: Flask,
) -> None:
    toy = House(app, TODAY, "TOY", "toyshire")
    client = browser(toy)
    typed = {**DATES, "body": "TOY:toy-round", "theme": "toy-middling"}
    looked = client.post("/meetings/dates", data=typed)
    assert "Wednesday 16 December 2026 : Middling" in words(looked.text)
    client.post("/meetings/dates", data={**typed, "seen": seen_of(looked), "do": "make"})
    rows = words(client.get("/meetings?theme=toy-old").text)
    assert "Wednesday 23 December 2026" in rows and "Wednesday 16 Dec" not in rows
    both = client.get("/meetings?body=TOY:toy-round&theme=toy-old").text
    assert re.search(r'<option value="toy-old" selected', both)
    assert "No meeting is to come that fits" in words(client.get("/meetings?state=moved").text)


def test_filters_and_pages_are_kept_in_the_address(house: House) -> None:
    for week in range(25):
        house.meeting(PANEL + timedelta(weeks=week), "cancelled" if week % 5 == 0 else "planned")
    client = browser(house, "inspector")
    first = client.get("/meetings?body=BEX:permanence-panel").text
    assert "next=2" in first and "body=BEX" in first[first.index("next=2") - 80 :]
    last = words(client.get("/meetings?body=BEX:permanence-panel&next=2").text)
    assert "Thursday 20 May 2027" in last and "Thursday 3 December 2026" not in last
    gone = client.get("/meetings?state=cancelled").text
    assert gone.count('role="rowheader"') == 5
    assert client.get("/meetings?state=nonsense&next=x&body=:&theme=x").status_code == 200


def test_the_calendar_shows_what_was_moved_or_cancelled_and_why(house: House) -> None:
    house.meeting(PANEL)
    moved, _ = house.meeting(NEXT)
    gone, _ = house.meeting(date(2026, 12, 17), "cancelled")
    with writing():
        db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == moved)
            .values(moved_from=date(2026, 12, 8), moved_why="Snow")
        )
        db.session.execute(
            sa.update(Meeting).where(Meeting.id == gone).values(cancelled_why="Nobody can come")
        )
    said = words(browser(house, "inspector").get("/meetings").text)
    assert "Moved from 8 December 2026 : Snow" in said
    assert "Cancelled Why: Nobody can come" in said


def test_a_meeting_is_moved_once_what_changes_was_looked_at(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child()
    case(house, child, meeting_id, "draft")
    client = browser(house)
    page = client.get(f"/meetings/{meeting}").text
    assert f"/meetings/{meeting}/move" in page and f"/meetings/{meeting}/cancel" in page
    form = client.get(f"/meetings/{meeting}/move").text
    assert "It is on Thursday 3 December 2026 now" in form
    looked = client.post(f"/meetings/{meeting}/move", data=MOVE)
    said = words(looked.text)
    assert "now by 7 December 2026, and was by 30 November 2026" in said
    assert "Orlin Thistlewick" in said and "BEX-1.6" in said
    done = client.post(
        f"/meetings/{meeting}/move", data={**MOVE, "seen": seen_of(looked), "do": "move"}
    )
    assert done.status_code == 303 and done.location.endswith(f"/meetings/{meeting}/changes")
    said = words(client.get(done.location).text)
    assert "The meeting is moved." in said and "Orlin Thistlewick" in said
    assert "Date: 10 December 2026 it was 3 December 2026" in said
    said = words(client.get(f"/meetings/{meeting}").text)
    assert "Moved from 3 December 2026: The hall is flooded." in said


def test_a_move_keeps_what_was_typed_when_it_is_refused(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    client = browser(house)
    answer = client.post(f"/meetings/{meeting}/move", data={**MOVE, "why": " ", "place": "Room 12"})
    assert answer.status_code == 422 and "Say why the meeting is moved" in answer.text
    assert "Room 12" in answer.text and 'value="10"' in answer.text
    stale = client.post(f"/meetings/{meeting}/move", data={**MOVE, "do": "move", "seen": "0"})
    assert stale.status_code == 422 and "as it stands now" in stale.text
    assert seen_of(stale) and fetched(Meeting.held_on) == PANEL


def test_a_meeting_is_cancelled_and_each_case_goes_where_the_form_says(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, next_public = house.meeting(NEXT)
    ids = []
    for number in (1, 2):
        child, _ = house.child(f"010{number}", f"Ada{number}", "Quillfeather")
        made = case(house, child, meeting_id)
        book(house, meeting_id, made[0], number)
        ids.append(made)
    client = browser(house)
    typed = {"why": "Nobody can come.", "rule": next_public, f"case-{ids[1][1]}": "wait"}
    looked = client.post(f"/meetings/{meeting}/cancel", data=typed)
    said = words(looked.text)
    assert "On the agenda of Thursday 10 December 2026" in said
    assert "Waits for a place at the meeting of Thursday 10 December 2026" in said
    done = client.post(
        f"/meetings/{meeting}/cancel", data={**typed, "seen": seen_of(looked), "do": "cancel"}
    )
    assert done.status_code == 303
    assert fetched(PanelCase.state, PanelCase.id == ids[0][0]) == "booked"
    assert fetched(PanelCase.state, PanelCase.id == ids[1][0]) == "queued"
    said = words(client.get(f"/meetings/{meeting}").text)
    assert "Why it is cancelled Nobody can come." in said and "Nothing is recorded in it" in said
    assert "Close the meeting" not in said and "Circulate the agenda" not in said
    assert "Move this meeting" not in said and "Minutes (Word)" not in said
    for again in ("move", "cancel"):
        assert "is cancelled already" in client.get(f"/meetings/{meeting}/{again}").text
        data = {**MOVE, **typed, "do": again, "seen": "0"}
        assert client.post(f"/meetings/{meeting}/{again}", data=data).status_code == 422
    case_page = words(client.get(f"/cases/{ids[1][1]}").text)
    assert "Its meeting was cancelled. Waits for a place" in case_page


def test_a_full_agenda_is_refused_beside_the_case(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, next_public = house.meeting(NEXT)
    made = []
    for number in range(6):
        child, _ = house.child(f"010{number}", f"Ada{number}", "Quillfeather")
        on = next_id if number else meeting_id
        made.append(case(house, child, on))
        book(house, on, made[-1][0], number)
    first = made[0][1]
    answer = browser(house).post(
        f"/meetings/{meeting}/cancel", data={"why": "Snow", "rule": next_public}
    )
    assert answer.status_code == 422
    assert f'href="#case-{first}"' in answer.text and "The agenda is full" in answer.text
    assert 'value="cancel"' not in answer.text


def test_themes_are_swapped_and_a_meeting_without_one_says_so(app: Flask) -> None:
    toy = House(app, TODAY, "TOY", "toyshire")
    client = browser(toy)
    typed = {**DATES, "body": "TOY:toy-round"}
    looked = client.post("/meetings/dates", data=typed)
    client.post("/meetings/dates", data={**typed, "seen": seen_of(looked), "do": "make"})
    on = {n: fetched(Meeting.public_id, Meeting.held_on == date(2026, 12, n)) for n in (16, 23)}
    assert "Swap its theme" in client.get(f"/meetings/{on[16]}").text
    url = f"/meetings/{on[16]}/theme"
    assert "It considers now: Young." in words(client.get(url).text)
    assert client.post(url, data={"why": ""}).status_code == 422
    swap = {"with": on[23], "why": "A holiday"}
    looked = client.post(url, data=swap)
    assert "16 December 2026 : Middling instead of Young" in words(looked.text)
    done = client.post(url, data={**swap, "seen": seen_of(looked), "do": "swap"})
    assert "Theme swapped" in client.get(done.location).text
    assert fetched(Meeting.theme, Meeting.public_id == on[23]) == "toy-young"
    _, without = toy.meeting(PANEL)
    assert "This meeting has no theme." in client.get(f"/meetings/{without}/theme").text
    assert client.post(f"/meetings/{without}/theme", data=swap).status_code == 422


def test_a_single_meeting_is_added_once_its_day_was_looked_at(house: House) -> None:
    client = browser(house)
    typed = {k: v for k, v in MOVE.items() if k != "why"} | {"starts-at": "9am", "place": "Hall"}
    looked = client.post("/meetings/add", data=typed)
    assert "Thursday 10 December 2026 at 9am, Hall" in words(looked.text)
    assert "by 7 December 2026" in words(looked.text)
    done = client.post("/meetings/add", data={**typed, "do": "add"})
    assert done.status_code == 303
    assert client.get(done.location).status_code == 200
    again = client.post("/meetings/add", data={**typed, "do": "add"})
    assert again.status_code == 422 and "meets on 10 December 2026 already" in again.text
    assert client.post("/meetings/add", data={"on-day": "31"}).status_code == 422


@pytest.mark.parametrize(
    ("place", "closed_to", "adding", "moving"),
    [
        ("Orlin’s home, 5 High St", "", False, True),
        ("The home of Orlin Thistlewick", "", True, True),
        ("The home of Orlin Thistlewick", "sealed", False, False),
        ("Thistle Hall", "", False, False),
    ],
)
def test_a_place_that_names_a_child_is_said_before_to_who_sees_that_child(
    house: House, place: str, closed_to: str, adding: bool, moving: bool
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    book(house, meeting_id, case(house, house.child()[0], meeting_id)[0])
    with writing():
        db.session.execute(sa.update(Child).values(closed_to=closed_to))
    client, said = browser(house), "This place names a child: messages and calendars leave it out"
    typed = {k: v for k, v in DATES.items() if k == "body"} | MOVE | {"place": place}
    assert (said in client.post("/meetings/add", data=typed).text) is adding
    looked = client.post(f"/meetings/{meeting}/move", data=typed)
    assert "What changes" in looked.text
    assert (said in looked.text) is moving


def test_a_reason_that_names_a_child_on_the_agenda_is_said_before(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    book(house, meeting_id, case(house, house.child()[0], meeting_id)[0])
    client, said = browser(house), "This reason names a child, and everybody who sees the meeting"
    for form, typed in (("move", MOVE), ("cancel", {})):
        for why, named in (("The hall is let", False), ("For Orlin Thistlewick", True)):
            looked = client.post(f"/meetings/{meeting}/{form}", data={**typed, "why": why})
            assert "What changes" in looked.text
            assert (said in looked.text) is named


FORMS = ("dates", "add", "{}/move", "{}/cancel", "{}/theme")


@pytest.mark.parametrize("role", ["panel.chair", "social.worker", "inspector"])
def test_only_who_administers_the_panel_makes_and_changes_meetings(house: House, role: str) -> None:
    _, meeting = house.meeting(PANEL)
    client = browser(house, role)
    page = client.get("/meetings").text
    assert "Make dates" not in page and "Add a single meeting" not in page
    assert "Move this meeting" not in client.get(f"/meetings/{meeting}").text
    for form in FORMS:
        assert client.get(f"/meetings/{form.format(meeting)}").status_code == 404
        assert client.post(f"/meetings/{form.format(meeting)}", data=MOVE).status_code == 404
    assert client.get(f"/meetings/{meeting}/changes").status_code == 200
    assert browser(house, "authority.administrator").get("/meetings").status_code == 404


def test_another_authoritys_meeting_is_not_found_and_stays(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    other = browser(House(house.app, house.today, "TOY", "toyshire"))
    for form in (*FORMS[2:], "{}/changes"):
        assert other.get(f"/meetings/{form.format(meeting)}").status_code == 404
    for form in FORMS[2:]:
        assert other.post(f"/meetings/{form.format(meeting)}", data=MOVE).status_code == 404
    assert fetched(Meeting.held_on) == PANEL


def test_a_case_that_is_not_yours_to_see_is_counted_and_never_named(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    child, _ = house.child()
    made = case(house, child, meeting_id)
    book(house, meeting_id, made[0])
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
    client = browser(house)
    form = client.get(f"/meetings/{meeting}/cancel").text
    assert "1 other case goes as the others" in form and made[1] not in form
    looked = client.post(f"/meetings/{meeting}/cancel", data={"why": "Snow", "rule": "wait"})
    assert "1 other case changes that you do not see" in looked.text
    data = {"why": "Snow", "rule": "wait", "seen": seen_of(looked), "do": "cancel"}
    done = client.post(f"/meetings/{meeting}/cancel", data=data)
    said = client.get(done.location).text
    assert "1 other case that you do not see" in said
    assert "Thistlewick" not in said and made[1] not in said

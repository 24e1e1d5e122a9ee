"""Planning meetings about one child: booked, moved, called off, and all of them in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders.house import AT, House
from builders.planned_meetings import KEY, booked, held
from builders.queries import counted
from builders.reading import get, words
from builders.two_weeks import in_care
from builders.with_law import with_law
from flask import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WHEN = {"on-day": "3", "on-month": "12", "on-year": "2026", "at": "10.30", "place": "Room 4"}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


def test_a_meeting_that_a_date_asks_for_is_booked_from_the_child(house: House) -> None:
    _, child = house.child()
    form = words(get(house, f"/children/{child}/planning/new"))
    assert "Book a planning meeting" in form
    client = house.client("social.worker")
    made = client.post(f"/children/{child}/planning/new", data={"body": KEY, **WHEN})
    assert made.status_code == 303
    page = words(get(house, made.location))
    assert "3 December 2026 at 10:30, Room 4" in page and "Booked" in page
    journey = words(get(house, f"/children/{child}/planning"))
    assert "3 December 2026" in journey and "Permanence planning meeting (PPM)" in journey
    twice = client.post(f"/children/{child}/planning/new", data={"body": KEY, **WHEN})
    assert twice.status_code == 422
    assert "One is booked for 3 December 2026 already: move that one" in twice.text


@pytest.mark.parametrize("asked", [KEY, "BEX/permanence-planning-meeting"])
def test_the_meeting_that_a_date_asks_for_is_chosen_whoever_sets_its_day(
    house: House, asked: str
) -> None:
    _, child = house.child()
    form = get(house, f"/children/{child}/planning/new?body={asked}")
    assert re.search(rf'value="{KEY}"[^>]*checked', form)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on-day": ""}, "must include a day"),
        ({"on-day": "31", "on-month": "2"}, "must be a real date"),
        ({"at": "soon"}, "Enter a time of day"),
        ({"on-year": "2031"}, "Choose a day within a year"),
        ({"on-year": "2021"}, "more than a year ago"),
        ({"place": "x" * 201}, "A place can be 200 characters long"),
        ({"body": "PPM10/none"}, "Choose a meeting of a procedure"),
        ({"why": "Kept as typed" + "x" * 400}, "must be 400 characters or fewer"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_kept(
    house: House, typed: dict[str, str], said: str
) -> None:
    _, child = house.child()
    client = house.client("social.worker")
    given = {"body": KEY, **WHEN, "why": "Kept as typed", **typed}
    refused = client.post(f"/children/{child}/planning/new", data=given)
    assert refused.status_code == 422
    assert said in refused.text and "Kept as typed" in refused.text


def test_a_booked_meeting_is_moved_and_called_off_with_the_reason(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, date(2026, 12, 3), AT)
    client = house.client("team.manager")
    address = f"/planning-meetings/{meeting}"
    lacks = client.post(f"{address}/move", data={**WHEN, "on-day": "4", "seen": "1"})
    assert lacks.status_code == 422 and "Say why it is moved" in lacks.text
    moved = client.post(
        f"{address}/move", data={**WHEN, "on-day": "4", "why": "School play", "seen": "1"}
    )
    assert moved.status_code == 303
    page = words(get(house, address))
    assert "4 December 2026" in page and "Moved from 3 December 2026: School play" in page
    assert client.post(f"{address}/call-off", data={"off-why": " ", "seen": "1"}).status_code == 422
    off = {"off-why": "Not needed", "seen": "2"}
    assert client.post(f"{address}/call-off", data=off).status_code == 303
    journey = words(get(house, f"/children/{child}/planning"))
    assert "Called off: Not needed" in journey
    late = client.post(f"{address}/move", data={**WHEN, "why": "Again", "seen": "2"})
    assert late.status_code == 422
    assert "Somebody else has called this meeting off: Not needed" in late.text
    assert client.get(f"{address}/move").status_code == 404
    again = booked(house, child, date(2026, 12, 10), AT)
    assert again != meeting


def test_a_meeting_that_weighs_no_options_has_no_page_of_them(house: House) -> None:
    _, child = house.child()
    final = "PPM10/final-care-planning-meeting"
    meeting = booked(house, child, date(2026, 12, 3), AT, key=final)
    address = f"/planning-meetings/{meeting}"
    client = house.client("team.manager")
    assert client.get(address).status_code == 200
    for page in ("options", "live/options"):
        assert client.get(f"{address}/{page}").status_code == 404
    assert client.post(f"{address}/options", data={"plan-primary": "cao"}).status_code == 404


def test_a_meeting_says_how_far_it_is_and_each_of_its_pages_what_it_is(house: House) -> None:
    _, child = house.child()
    _, other = house.child("0102", "Wren")
    _, third = house.child("0103", "Ode")
    for whose, on, said in (
        (child, date(2026, 11, 23), "Today"),
        (other, date(2026, 11, 24), "Booked"),
        (third, date(2026, 11, 20), "Not closed yet"),
    ):
        address = f"/planning-meetings/{booked(house, whose, on, AT)}"
        assert f"at 10:30, Room 4 {said}" in words(get(house, address))
        assert said in words(get(house, f"/children/{whose}/planning"))
    for page, heading in (("people", "People"), ("afterwards", "Afterwards"), ("record", "Record"),
                          ("views", "Papers and views")):  # fmt: skip
        text = get(house, f"{address}/{page}")
        assert f'<h1 class="govuk-heading-l">{heading}</h1>' in text
        assert "Ode Thistlewick: Permanence planning meeting (PPM)" in words(text)


def test_of_two_who_change_a_meeting_at_once_the_second_is_told(house: House) -> None:
    meeting = booked(house, house.child()[1], date(2026, 12, 3), AT)
    address = f"/planning-meetings/{meeting}"
    first, second = house.client("team.manager"), house.client("social.worker")
    for client in (first, second):
        assert 'name="seen" value="1"' in client.get(f"{address}/move").text
    first.post(f"{address}/move", data={**WHEN, "on-day": "4", "why": "School play", "seen": "1"})
    told = "Somebody else changed this meeting first: it is now on 4 December 2026 at 10:30"
    typed = {**WHEN, "on-day": "7", "why": "The mother works", "seen": "1"}
    late = second.post(f"{address}/move", data=typed)
    assert late.status_code == 422 and told in words(late.text) and "School play" in late.text
    assert "The mother works" in late.text and 'name="seen" value="2"' in late.text
    late = second.post(f"{address}/call-off", data={"off-why": "No need", "seen": "1"})
    assert late.status_code == 422 and told in words(late.text) and "No need" in late.text
    assert "4 December 2026" in words(get(house, address))


def test_it_has_no_place_among_the_panels(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, date(2026, 12, 3), AT)
    assert "Orlin" not in get(house, "/meetings", "panel.administrator")
    assert meeting not in get(house, "/meetings", "panel.administrator")
    client = house.client("panel.chair")
    assert client.get(f"/meetings/{meeting}").location.endswith(f"/planning-meetings/{meeting}")
    assert "planning meeting" not in words(get(house, "/", "panel.chair")).casefold()


@pytest.mark.parametrize("role", ["panel.member", "legal", "adoption", "authority.administrator"])
def test_who_does_not_see_the_child_finds_nothing(house: House, role: str) -> None:
    _, child = house.child()
    meeting = booked(house, child, date(2026, 12, 3), AT)
    client = house.client(role)
    for address in (
        f"/children/{child}/planning",
        f"/children/{child}/planning/new",
        f"/planning-meetings/{meeting}",
        f"/planning-meetings/{meeting}/move",
        f"/meetings/{meeting}",
    ):
        answer = client.get(address)
        assert answer.status_code == 404 and "Orlin" not in answer.text, address
    assert client.post(f"/planning-meetings/{meeting}/call-off").status_code == 404


def test_the_queries_do_not_grow_with_the_meetings(house: House) -> None:
    _, child = house.child()
    client = house.client("social.worker")

    def off() -> None:
        meeting = booked(house, child, date(2026, 12, 3), AT)
        client.post(f"/planning-meetings/{meeting}/call-off", data={"off-why": "No", "seen": "1"})

    off()
    client.get(f"/children/{child}/planning")
    one = counted(lambda: client.get(f"/children/{child}/planning"))
    for _ in range(5):
        off()
    assert counted(lambda: client.get(f"/children/{child}/planning")) == one


@pytest.mark.clause("PPM10-3")
def test_a_meeting_later_than_due_needs_a_reason_which_stands_with_it(house: House) -> None:
    _, child = in_care(house, since=date(2026, 9, 21))
    held(house, child, date(2026, 11, 23), AT)
    client, address = house.client("social.worker"), f"/children/{child}/planning/new"
    late = {"body": KEY, **WHEN, "on-day": "10", "on-month": "4", "on-year": "2027"}
    refused = client.post(address, data=late)
    said = "Say why it is held later than due: it is due by 1 February 2027"
    assert refused.status_code == 422 and 'value="2027"' in refused.text
    assert f"{said} (Why: PPM10-3" in words(refused.text)
    made = client.post(address, data={**late, "why": "The mother is away"})
    assert made.status_code == 303
    stands = r"Later than due It is due by 1 February 2027 \(\s?PPM10-3\s?\) ?, because: "
    overview = made.location.removesuffix("/people")
    for page in (overview, f"/children/{child}/planning"):
        assert re.search(stands + "The mother is away", words(get(house, page))), page
    move = f"{overview}/move"
    again = client.post(move, data={**late, "on-day": "12", "seen": "1"})
    assert again.status_code == 422 and "it is due by 1 February 2027" in again.text
    client.post(move, data={**late, "on-day": "12", "why": "She comes back then", "seen": "1"})
    assert re.search(stands + "She comes back then", words(get(house, overview)))
    in_time = {**late, "on-day": "1", "on-month": "2", "why": "Sooner", "seen": "2"}
    assert client.post(move, data=in_time).status_code == 303
    assert "Later than due" not in words(get(house, overview))


def test_a_meeting_that_is_late_already_is_booked_without_more_and_says_so(house: House) -> None:
    _, child = in_care(house, since=date(2026, 8, 3))
    held(house, child, date(2026, 9, 1), AT)
    client = house.client("social.worker")
    made = client.post(f"/children/{child}/planning/new", data={"body": KEY, **WHEN})
    assert made.status_code == 303
    overview = made.location.removesuffix("/people")
    assert "Later than due It is due by 10 November 2026" in words(get(house, overview))

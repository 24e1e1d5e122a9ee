"""The queue on its pages: the meeting, the calendar, the case, and what needs whom."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.referred import accepted, full, needs_the_panel, submitted, typed_care
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import Booking

CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"
PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 17)

pytestmark = pytest.mark.clause("BEX-1.13")


@pytest.fixture(autouse=True)
def browsers(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


def needs(house: House, role: str) -> list[str]:
    page = html.unescape(house.client(role).get("/").text)
    return [" ".join(w.split()) for w in re.findall(r'app-need__what">(.*?)</h\d>', page, re.S)]


@pytest.fixture
def waiting(house: House) -> tuple[int, str, list[str]]:
    """A full agenda with two behind it, of whom the first has a deadline that breaks."""
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    full(house, meeting)
    made = []
    for number, name in enumerate(("Wren", "Xanthe")):
        _, child = house.child(f"080{number}", name, "Fogbottom")
        made.append(accepted(house, meeting, child)[0])
        if not number:
            needs_the_panel(house, child)
    return meeting_id, meeting, made


def test_the_chair_is_told_before_accepting_that_it_waits(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    full(house, meeting)
    case = submitted(house, meeting, house.child("0801", "Wren", "Fogbottom")[1])
    chair = house.client(CHAIR)
    page = text(chair, f"/cases/{case}")
    assert "5 of 5 cases are booked" in page and "it is first in the queue" in page
    assert "Accept into the queue" in page
    answer = chair.post(f"/cases/{case}/accept", follow_redirects=True)
    assert "Accepted: in the queue behind the agenda of 3 December 2026, number 1" in answer.text
    page = text(house.client(WORKER), f"/cases/{case}")
    assert "It is first in the queue behind the agenda of 3 December 2026" in page
    assert "Accepted, and waits for a place on the agenda" in page


def test_the_meeting_and_the_calendar_show_who_waits_and_whose_deadline_breaks(
    house: House, waiting: tuple[int, str, list[str]]
) -> None:
    _, meeting, _ = waiting
    for role in (CHAIR, ADMIN, WORKER):
        for address in (f"/meetings/{meeting}", "/meetings"):
            page = text(house.client(role), address)
            assert "in the order in which the chair accepted them" in page
            assert "If it waits for 17 December 2026, these break only because of that:" in page
            assert "28 days from the start of the residential placement on 12 November" in page
            assert "A hearing by this body meets this deadline." in page
            assert "No deadline of theirs breaks because it waits for 17 December 2026." in page


@pytest.mark.parametrize(
    ("began", "kind"),
    [(date(2026, 10, 1), "late today"), (date(2026, 11, 1), "passes before this meeting")],
)
def test_what_is_not_kept_whether_it_waits_or_not_is_set_apart(
    house: House, began: date, kind: str
) -> None:
    _, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    full(house, meeting)
    _, child = house.child("0801", "Wren", "Fogbottom")
    case, _ = accepted(house, meeting, child)
    typed_care(house, child, began, place="K2")
    for role, address in ((CHAIR, f"/meetings/{meeting}"), (WORKER, f"/cases/{case}")):
        page = text(house.client(role), address)
        assert kind.capitalize() in page and "Residential placement before panel" in page
        assert "No deadline of theirs breaks because it waits" in page
        assert "Not kept whether it waits or not" in page
    for role in (CHAIR, WORKER):
        page = text(house.client(role), "/")
        assert f"({kind})" in page and "What breaks" not in page


def test_the_first_page_says_it_to_chair_administrator_and_referrer(
    house: House, waiting: tuple[int, str, list[str]]
) -> None:
    for role in (CHAIR, ADMIN):
        assert "2 cases wait for a place at the Permanence Panel of 3 December 2026" in needs(
            house, role
        )
    own = needs(house, WORKER)
    assert "Wren Fogbottom waits for a place at the Permanence Panel of 3 December 2026" in own
    page = text(house.client(WORKER), "/")
    assert "it is second in the queue" in page
    assert "28 days from the start of the residential placement" in page
    assert needs(house, "inspector") == []
    assert waiting


def test_a_free_place_is_offered_to_the_first_by_one_click(
    house: House, waiting: tuple[int, str, list[str]]
) -> None:
    meeting_id, meeting, made = waiting
    chair, address = house.client(CHAIR), f"/meetings/{meeting}/queue"
    assert "Put it on the agenda" not in text(chair, f"/meetings/{meeting}")
    full_still = chair.post(address, data={"case": made[0]})
    assert full_still.status_code == 422 and "the place is taken" in full_still.text
    with writing():
        first = sa.select(sa.func.min(Booking.id)).where(Booking.meeting_id == meeting_id)
        db.session.execute(
            sa.update(Booking).where(Booking.id == first.scalar_subquery()).values(state="tabled")
        )
    page = text(chair, f"/meetings/{meeting}")
    assert "A place is free." in page and "Put it on the agenda: Wren Fogbottom" in page
    assert "Put it on the agenda" not in text(house.client(ADMIN), f"/meetings/{meeting}")
    other = chair.post(address, data={"case": made[1], f"why-{made[1]}": ""})
    assert other.status_code == 422
    assert "Say why this case is taken before Wren Fogbottom" in html.unescape(other.text)
    assert f'id="why-{made[1]}-error"' in other.text
    assert chair.post(address, data={"case": made[0]}).status_code == 303
    page = text(chair, f"/meetings/{meeting}")
    assert "A place is free" not in page and "Number 1" in page


@pytest.mark.parametrize("role", [ADMIN, WORKER, "inspector", "panel.member", "team.manager"])
def test_only_who_chairs_gives_places(
    house: House, waiting: tuple[int, str, list[str]], role: str
) -> None:
    _, meeting, made = waiting
    answer = house.client(role).post(f"/meetings/{meeting}/queue", data={"case": made[0]})
    assert answer.status_code == 404


def test_another_authority_finds_no_queue(
    house: House, waiting: tuple[int, str, list[str]]
) -> None:
    _, meeting, made = waiting
    other = House(house.app, house.today, "TOY", "toyshire")
    answer = other.client(CHAIR).post(f"/meetings/{meeting}/queue", data={"case": made[0]})
    assert answer.status_code == 404
    assert "Fogbottom" not in other.client(CHAIR).get("/meetings").text


@pytest.mark.parametrize("case", ["", "nobody", "x" * 5_000])
def test_a_case_that_is_none_of_the_queue_is_refused(
    house: House, waiting: tuple[int, str, list[str]], case: str
) -> None:
    _, meeting, _ = waiting
    answer = house.client(CHAIR).post(f"/meetings/{meeting}/queue", data={"case": case})
    assert answer.status_code == 422 and "does not wait for a place" in answer.text


def test_who_waits_moves_on_as_the_meeting_closes_and_it_is_said(
    house: House, waiting: tuple[int, str, list[str]]
) -> None:
    meeting_id, meeting, _ = waiting
    house.turn_to(PANEL)
    with writing():
        db.session.execute(
            sa.update(Booking).where(Booking.meeting_id == meeting_id).values(state="heard")
        )
    answer = house.client(ADMIN).post(f"/meetings/{meeting}/close", follow_redirects=True)
    assert "2 cases in the queue moved on to the meeting of 17 December 2026." in answer.text
    page = text(house.client(CHAIR), "/meetings")
    assert "5 places are free for the first who waits." in page

"""The page of days off: bank holidays of a year, and the days that the authority adds."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders import agenda
from builders.house import AT, House
from builders.queries import counted
from builders.walks import offered
from flask.testing import FlaskClient

from core.store import days_off
from core.store.database import db, writing
from core.store.tables import Meeting

PAGE = "/admin/days-off"
CLOSED = {"on-day": "29", "on-month": "12", "on-year": "2026", "title": "Offices closed"}


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@pytest.mark.parametrize("role", ["panel.administrator", "authority.administrator"])
def test_a_day_is_added_listed_and_taken_out(bexley: House, role: str) -> None:
    client = bexley.client(role)
    answer = client.post(PAGE, data=CLOSED)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?year=2026")
    page = client.get(answer.location).get_data(as_text=True)
    assert "Tuesday" in page and "29 December 2026" in page and "Offices closed" in page
    (to,) = [action for action, _ in offered(page, PAGE) if action.endswith("/take-out")]
    assert client.post(to).status_code == 303
    assert client.post(to).status_code == 404
    assert "Taken out again" in client.get(PAGE).get_data(as_text=True)
    assert days_off.standing(bexley.whole) == frozenset()
    db.session.rollback()


def test_the_bank_holidays_of_a_year_are_there_with_their_names(bexley: House) -> None:
    client = bexley.client("panel.administrator")
    page = client.get(f"{PAGE}?year=2022").get_data(as_text=True)
    assert "Days off in 2022" in page
    assert "State Funeral of Queen Elizabeth II" in page
    assert "Your authority has added no day in 2022" in page
    assert f'href="{PAGE}?year=2021"' in page and f'href="{PAGE}?year=2023"' in page


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "²", "-1", "9" * 5000])
def test_a_year_that_is_none_is_this_one(bexley: House, year: str) -> None:
    answer = bexley.client("panel.administrator").get(PAGE, query_string={"year": year})
    assert answer.status_code == 200
    assert "Days off in 2026" in answer.get_data(as_text=True)


@pytest.mark.parametrize("year", [1990, 2100])
def test_the_first_and_the_last_year_have_a_page(bexley: House, year: int) -> None:
    page = bexley.client("panel.administrator").get(f"{PAGE}?year={year}")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**CLOSED, "on-day": "25"}, "on"),
        ({**CLOSED, "on-day": "31", "on-month": "2"}, "on"),
        ({**CLOSED, "title": ""}, "title"),
        ({**CLOSED, "title": "w" * 50_000}, "title"),
        ({}, "on"),
    ],
)
def test_a_fault_is_beside_its_field_and_what_was_typed_stays(
    bexley: House, typed: dict[str, str], field: str
) -> None:
    answer = bexley.client("panel.administrator").post(PAGE, data=typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'href="#{field}"' in page
    if typed.get("title"):
        assert f'value="{typed["title"]}"' in page
    assert days_off.standing(bexley.whole) == frozenset()
    db.session.rollback()


def words(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


@pytest.fixture
def met(bexley: House) -> str:
    """A meeting with a case booked on the day that is to be off; its public id."""
    child_id, _ = bexley.child()
    meeting_id, public_id = bexley.meeting(date(2026, 12, 29))
    case_id, _ = agenda.case(bexley, child_id, meeting_id)
    agenda.book(bexley, meeting_id, case_id)
    return public_id


def test_a_meeting_on_the_day_is_named_and_stays(bexley: House, met: str) -> None:
    client = bexley.client("panel.administrator")
    assert "On a day off of the authority" not in words(client, f"/meetings/{met}")
    answer = client.post(PAGE, data=CLOSED)
    assert answer.status_code == 303
    page = words(client, answer.location)
    assert (
        "29 December 2026 is a day off, and a meeting is planned for it, as the table says: "
        "it stays until it is moved. What is due is being worked out again."
    ) in page
    row = page.partition("Offices closed")[2].partition("</td>")[0]
    assert f'Planned for it: <a class="govuk-link" href="/meetings/{met}">' in row
    assert "Permanence Panel at 10:00" in row and "1 case booked" in row
    assert "On a day off of the authority" in words(client, f"/meetings/{met}")
    assert words(client, "/meetings").count("On a day off of the authority") == 1


def test_two_meetings_on_the_day_are_counted(bexley: House, met: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.public_id == met).values(body_code="another")
        )
    bexley.meeting(date(2026, 12, 29))
    client = bexley.client("panel.administrator")
    answer = client.post(PAGE, data=CLOSED)
    page = words(client, answer.location)
    assert "and 2 meetings are planned for it, as the table says: they stay until moved" in page
    assert page.count("Planned for it") == 2
    assert "no cases booked" in page


def test_a_meeting_that_is_over_or_cancelled_is_not_on_a_day_off(bexley: House, met: str) -> None:
    with writing():
        db.session.execute(sa.update(Meeting).values(state="cancelled", cancelled_at=AT))
    client = bexley.client("panel.administrator")
    client.post(PAGE, data=CLOSED)
    page = words(client, f"{PAGE}?year=2026")
    assert "29 December 2026 is a day off. What is due" in page
    assert "Planned for it" not in page
    for address in ("/meetings", f"/meetings/{met}"):
        assert "On a day off of the authority" not in words(client, address)


def test_who_does_not_see_meetings_is_told_of_them_without_a_link(bexley: House, met: str) -> None:
    client = bexley.client("authority.administrator")
    client.post(PAGE, data=CLOSED)
    page = words(client, f"{PAGE}?year=2026")
    assert "Planned for it: Permanence Panel at 10:00, 1 case booked" in page
    assert met not in page and "Thistlewick" not in page


def test_another_authoritys_meetings_are_not_named(bexley: House, met: str) -> None:
    other = House(bexley.app, bexley.today, "TOY", "toyshire").client("panel.administrator")
    other.post(PAGE, data=CLOSED)
    page = words(other, f"{PAGE}?year=2026")
    assert "Offices closed" in page and "Planned for it" not in page


def test_the_queries_do_not_grow_with_the_days_and_meetings(bexley: House) -> None:
    client = bexley.client("panel.administrator")
    client.post(PAGE, data=CLOSED)
    bexley.meeting(date(2026, 12, 29))
    words(client, PAGE)
    few = counted(lambda: words(client, PAGE))
    for number in (21, 22, 23, 24):
        with writing():
            days_off.add(bexley.whole, date(2026, 12, number), "Closed", AT)
        bexley.meeting(date(2026, 12, number))
    assert counted(lambda: words(client, PAGE)) <= few


def test_an_inspector_reads_and_changes_nothing(bexley: House) -> None:
    bexley.client("panel.administrator").post(PAGE, data=CLOSED)
    client = bexley.client("inspector")
    page = client.get(PAGE).get_data(as_text=True)
    assert "Offices closed" in page
    assert not [action for action, _ in offered(page, PAGE) if "days-off" in action]
    assert client.post(PAGE, data=CLOSED).status_code == 404


@pytest.mark.parametrize("role", ["social.worker", "panel.chair", "head.of.service"])
def test_nobody_else_has_the_page(bexley: House, role: str) -> None:
    assert bexley.client(role).get(PAGE).status_code == 404


def test_another_authority_takes_none_of_ours_out(bexley: House) -> None:
    bexley.client("panel.administrator").post(PAGE, data=CLOSED)
    (row,) = days_off.between(bexley.whole, date(2026, 12, 29), date(2026, 12, 29))
    db.session.rollback()
    other = House(bexley.app, bexley.today, "TOY", "toyshire").client("panel.administrator")
    assert other.post(f"/days-off/{row.public_id}/take-out").status_code == 404
    assert "Offices closed" not in other.get(PAGE).get_data(as_text=True)
    assert days_off.standing(bexley.whole) == {date(2026, 12, 29)}
    db.session.rollback()

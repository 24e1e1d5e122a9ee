"""What needs me: the dates that are late and soon, of whose children, and how many are shown."""

from __future__ import annotations

import html as markup
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.dates_kept import dated
from builders.house import SINCE, House
from builders.queries import counted

from core.store import deadlines_pressing
from core.store.database import db, writing
from core.store.tables import AuditRow, Child, Cover

WORKS = ("social.worker", "team.manager", "case.supervisor", "service.manager", "iro")


def page(house: House, role: str, address: str = "/") -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == 200, address
    return markup.unescape(answer.text)


def lines(html: str) -> list[str]:
    found = re.findall(r'<h\d class="app-need__what">(.*?)</h\d>', html, re.S)
    return [" ".join(words.split()) for words in found]


def headings(html: str) -> list[str]:
    found = re.findall(r'<h2 class="govuk-heading-m app-needs__when"[^>]*>(.*?) <span', html)
    return [" ".join(words.split()) for words in found]


@pytest.mark.clause("BEX-1.4.b")
def test_who_works_with_a_child_has_its_dates_soonest_first_with_their_clause(house: House) -> None:
    child_id, child = house.child()
    dated(house, child_id, "first-ppm", house.today + timedelta(days=5))
    dated(house, child_id, "plan-agreed", house.today - timedelta(days=2), why="the second review")
    for role in WORKS:
        html = page(house, role)
        assert lines(html) == [
            "Permanence plan agreed by the second review: Orlin Thistlewick",
            "First permanence planning meeting: Orlin Thistlewick",
        ], role
        assert headings(html) == ["Late", "In the next 7 days"]
        assert "4 weeks from becoming looked after." in html and "/clauses/BEX-1.4.b" in html
        assert f"/children/{child}" in html and f"/children/{child}/record#plan" in html
    for role in ("panel.chair", "legal", "inspector", "authority.administrator", "adoption"):
        assert "Thistlewick" not in page(house, role), role
    looks = sa.select(AuditRow.after).where(AuditRow.subject == "list", AuditRow.did == "look")
    assert all(child in row["children"] for row in db.session.scalars(looks))
    db.session.rollback()


def test_nobody_elses_children_are_there(house: House) -> None:
    mine, _ = house.child("0101", team="Quill team")
    closed, _ = house.child("0102", "Bryn", "Quillfeather")
    theirs, _ = house.child("0103", "Ada", "Quillfeather", worker=None, iro=None, team="none")
    other = House(house.app, house.today, "TOY", "toyshire")
    foreign, _ = other.child("0104", "Wren", "Quillfeather")
    for child_id in (mine, closed, theirs):
        dated(house, child_id, "first-ppm", house.today)
    dated(other, foreign, "first-ppm", house.today)
    with writing():
        closing = sa.update(Child).where(Child.id == closed).values(closed_to="restricted")
        db.session.execute(closing)
    for role in WORKS:
        html = page(house, role)
        assert lines(html) == ["First permanence planning meeting: Orlin Thistlewick"], role
        assert headings(html) == ["Today"] and "Quillfeather" not in html


def test_only_what_is_late_or_soon_today_is_there(house: House) -> None:
    child_id, _ = house.child()
    today = house.today
    day = timedelta(days=1)
    dated(house, child_id, "first-ppm", today - day, met_on=today - 9 * day, run=1)
    dated(house, child_id, "first-ppm", today - day, stopped_on=today, run=2)
    dated(house, child_id, "first-ppm", today - day, not_for="It is not for them", run=3)
    dated(house, child_id, "first-ppm", today + 20 * day, run=4)
    dated(house, child_id, "first-ppm", today - day, ends=today, run=5)
    dated(house, child_id, "first-ppm", today + day, begins=today + day, run=6)
    assert not lines(page(house, "social.worker"))
    dated(house, child_id, "first-ppm", today - day, stopped_on=today + day, run=7)
    dated(house, child_id, "first-ppm", today + 7 * day, run=8)
    assert headings(page(house, "social.worker")) == ["Late", "In the next 7 days"]


def test_what_is_not_known_is_one_line_a_child_after_what_has_a_date(house: House) -> None:
    child_id, child = house.child()
    dated(house, child_id, "plan-agreed", house.today + timedelta(days=9))
    missing = "the day on which the child became looked after is not known"
    dated(house, child_id, "first-ppm", None, missing=missing)
    ago = house.today - timedelta(days=3)
    dated(house, child_id, "residential-reviewed", ago, missing="no meeting is recorded")
    html = page(house, "social.worker")
    assert headings(html) == ["Later", "No date"]
    assert lines(html)[1] == "2 dates not known: Orlin Thistlewick"
    assert "The day on which the child became looked after is not known" in html
    assert f'/children/{child}/dates"' in html and "Enter what is missing" in html


def test_the_administrator_has_what_asks_for_a_meeting_and_no_more(house: House) -> None:
    child_id, _ = house.child()
    dated(house, child_id, "first-ppm", house.today)
    dated(house, child_id, "residential-reviewed", house.today + timedelta(days=1))
    dated(house, child_id, "plan-agreed", house.today)
    assert lines(page(house, "panel.administrator")) == [
        "First permanence planning meeting: Orlin Thistlewick",
        "Residential placement before panel: Orlin Thistlewick",
    ]


@pytest.mark.clause("BEX-1.4.b")
def test_a_planning_meeting_leads_to_the_form_that_meets_it(house: House) -> None:
    child_id, child = house.child()
    dated(house, child_id, "first-ppm", house.today)
    form = f"/children/{child}/record/add/earlier-meeting?meeting=ppm"
    for role in (*WORKS, "panel.administrator"):
        for address in ("/", "/due"):
            html = page(house, role, address)
            assert "Enter the permanence planning meeting<" in html and form in html, role
        chosen = re.search(r'<input[^>]*value="ppm"[^>]*>', page(house, role, form))
        assert chosen and "checked" in chosen[0], role


def test_a_date_of_a_panel_says_who_refers_to_who_cannot(house: House) -> None:
    child_id, child = house.child()
    dated(house, child_id, "residential-reviewed", house.today)
    who = "a manager of theirs or the reviewing officer refers"
    html = page(house, "panel.administrator")
    assert who in html and f'href="/children/{child}"' in html and ">Open the child<" in html
    html = page(house, "social.worker")
    assert "Refer to the panel<" in html and who not in html


@pytest.mark.parametrize("address", ["/", "/due"])
def test_a_date_that_a_case_under_way_is_for_leads_to_that_case(house: House, address: str) -> None:
    child_id, child = house.child()
    other_id, _ = house.child("0102", "Perrin")
    for one in (child_id, other_id):
        dated(house, one, "residential-reviewed", house.today)
    _, over = case(house, child_id, None, "withdrawn")
    _, draft = case(house, child_id, None, "draft")
    html = page(house, "social.worker", address)
    assert html.count("Open the case under way<") == 1 and f'href="/cases/{draft}"' in html
    assert "The case under way is for it: its referral is begun and not sent yet." in html
    assert html.count("Refer to the panel<") == 1, "of the other child"
    _, sent = case(house, child_id, None, "submitted")
    for role in ("social.worker", "panel.administrator"):
        html = page(house, role, address)
        assert f'href="/cases/{sent}"' in html and "waits for the chair" in html
        assert over not in html


def test_what_waits_for_a_colleague_who_is_away_says_so(house: House) -> None:
    child_id, _ = house.child()
    dated(house, child_id, "first-ppm", house.today)
    house.account("social.worker", email="second.worker@bexley.example", team="Another team")
    assert not lines(page(house, "second.worker"))
    with writing():
        db.session.execute(
            sa.insert(Cover).values(
                authority_id=house.authority_id,
                away_id=house.accounts["social.worker"],
                covered_by_id=house.accounts["second.worker"],
                since=SINCE,
                until=house.today + timedelta(days=2),
            )
        )
    html = page(house, "second.worker")
    assert lines(html) == ["First permanence planning meeting: Orlin Thistlewick"]
    assert "For Social Worker Of Bexley, who is away. 4 weeks" in html
    assert "who is away" not in page(house, "social.worker")


@pytest.mark.parametrize("few", [500, 1])
def test_what_is_long_late_does_not_hide_what_is_soon(
    house: House, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(deadlines_pressing, "FEW", few)
    today = house.today
    for number in range(5):
        child_id, _ = house.child(f"02{number:02}", f"Ada{number}", "Quillfeather")
        for run in range(1, 12):
            dated(house, child_id, "first-ppm", today - timedelta(days=run + number), run=run)
        dated(house, child_id, "first-ppm", today + timedelta(days=number), run=20)
    html = page(house, "team.manager")
    assert headings(html) == ["Late", "Today", "In the next 7 days"]
    assert len(lines(html)) == 25 and "35 more dates are late" in html and 'href="/due"' in html
    first, second = page(house, "team.manager", "/due"), page(house, "team.manager", "/due?page=2")
    assert len(lines(first)) == 50 and "10 more dates are late or soon" in first
    assert len(lines(second)) == 10 and "Next page" not in second
    client = house.client("team.manager")
    assert {client.get(f"/due?page={n}").status_code for n in ("0", "x", "-1", "9999")} == {404}


@pytest.mark.parametrize("few", [500, 1])
@pytest.mark.parametrize("role", ["social.worker", "team.manager", "panel.administrator"])
def test_the_queries_do_not_grow_with_children_or_dates(
    house: House, monkeypatch: pytest.MonkeyPatch, few: int, role: str
) -> None:
    monkeypatch.setattr(deadlines_pressing, "FEW", few)

    def fill(numbers: range) -> None:
        for number in numbers:
            child_id, _ = house.child(f"03{number:02}", f"Ada{number}", "Quillfeather")
            dated(house, child_id, "first-ppm", house.today)
            dated(house, child_id, "residential-reviewed", house.today - timedelta(days=1))
            dated(house, child_id, "plan-agreed", None, missing="no review is recorded")

    client = house.client(role)
    fill(range(2))
    client.get("/")
    before = counted(lambda: client.get("/"))
    fill(range(2, 9))
    assert counted(lambda: client.get("/")) == before <= 37


def test_one_kind_is_shown_alone_and_its_address_is_kept(house: House) -> None:
    child_id, _ = house.child()
    dated(house, child_id, "first-ppm", house.today)
    house.meeting(date(2026, 11, 19), "open")
    client = house.client("panel.administrator")
    whole = client.get("/").text
    assert 'href="/?kind=dates"' in whole and 'href="/?kind=meetings"' in whole
    some = client.get("/?kind=meetings").text
    assert lines(some) == ["Close the Permanence Panel of 19 November 2026"]
    assert "1 thing needs you: meetings" in some
    block = client.get("/?kind=dates", headers={"HX-Request": "true"}).text
    assert "<html" not in block and len(lines(block)) == 1
    assert client.get("/?kind=nothing").status_code == 404
    none = client.get("/?kind=imports").text
    assert "Nothing of this kind waits for you" in none and not lines(none)

"""A child's dates: what is late, due, met and not known with why, today and on any day asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.queries import counted
from builders.reading import get, part, words
from builders.with_law import returned, with_law
from flask import Flask

from core.store import deadline_marks
from core.store.database import db, writing
from core.store.tables import Allocation, AuditRow, DeadlineRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "a2b3c4d5e6f7g8"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    """Looked after since 1 October 2026 by a return, first reviewed on 26 October."""
    _, public_id = house.child(became_looked_after=None)
    returned(house, "01/10/2026", reviews=("26/10/2026",))
    return public_id


@pytest.mark.clause("BEX-1.4.b")
@pytest.mark.clause("CPPCR-33-1")
def test_a_child_page_says_each_date_with_its_why_its_clause_and_where_a_law_was_seen(
    house: House, child: str
) -> None:
    html = get(house, f"/children/{child}")
    late = part(html, "Late")
    assert (
        "First permanence planning meeting Late by 29 October 2026: 4 weeks from becoming looked "
        "after on 1 October 2026 (BEX-1.4.b) In place of PPM10-2" in late
    )
    due = part(html, "Due")
    assert (
        "Second review Running by 26 January 2027: 3 months from the first review on "
        "26 October 2026 (CPPCR-33-1) seen in the legislation" in due
    )
    assert "Dates met and over (" in html
    met = words(html[html.index("Dates met and over") :])
    assert "(CPPCR-33-1) seen in the legislation ; met on 26 October 2026" in met
    assert "being worked out" not in html


@pytest.mark.clause("BEX-0.2")
def test_the_latest_possible_day_is_said_to_be_one(house: House, child: str) -> None:
    due = part(get(house, f"/children/{child}"), "Due")
    assert (
        "Permanence plan agreed by the second review Running at the latest by 26 January 2027: on "
        "the day of the second review, which is due by 26 January 2027 (BEX-0.2)" in due
    )


def test_one_missing_fact_is_one_line_with_all_that_waits_for_it_and_a_link(house: House) -> None:
    _, child = house.child(became_looked_after=None)
    returned(house, "01/10/2026", rne="P")
    html = get(house, f"/children/{child}")
    unknown = part(html, "Not known")
    missing = "the day on which the child became looked after: the earliest day in hand is"
    assert unknown.count(missing) == 1
    line = unknown[unknown.index(missing) :]
    assert "Enter the day on which the child became looked after Waiting for it:" in line
    for waits in ("First permanence planning meeting (BEX-1.4.b)", "First review (CPPCR-33-1)"):
        assert waits in line
    assert f'href="/children/{child}/care/episode"' in html
    assert "Not known" in get(house, f"/children/{child}/dates")
    read = get(house, f"/children/{child}", "inspector")
    assert part(read, "Not known").count(missing) == 1
    assert "/care/episode" not in read and "/record/add/" not in read


def test_what_is_missing_leads_to_the_form_that_enters_it(house: House, child: str) -> None:
    html = get(house, f"/children/{child}")
    unknown = part(html, "Not known")
    assert "No care plan is recorded" in unknown and "Enter the care plan" in unknown
    links = re.findall(r'href="([^"]+)"[^>]*>Enter ', html)
    add = f"/children/{child}/record/add"
    assert {link.partition("?")[0] for link in links} == {f"{add}/assessment", f"{add}/proceedings"}
    for link in links:
        form = get(house, link)
        if what := link.partition("?what=")[2]:
            assert f'value="{what}" checked' in form or f'value="{what}" selected' in form


def test_a_day_is_asked_in_the_address_and_the_page_answers_as_at_it(
    house: House, child: str
) -> None:
    here = f"/children/{child}/dates"
    before = get(house, f"{here}?on=2026-10-23")
    assert "As it stands on 23 October 2026" in words(before) and "Show today" in before
    assert part(before, "Late") == ""
    due = part(before, "Due")
    assert "First permanence planning meeting Soon by 29 October 2026" in due
    later = get(house, f"{here}?on=2027-02-01")
    assert "Second review Late by 26 January 2027" in part(later, "Late")
    assert "No date" not in later
    nothing = get(house, f"{here}?on=2026-09-30")
    assert "Nothing is late, due or unknown on this day" in words(nothing)
    assert "First review" not in words(nothing)


def test_three_boxes_lead_to_an_address_with_the_day_in_it(house: House, child: str) -> None:
    here = f"/children/{child}/dates"
    answer = house.client("social.worker").get(f"{here}?on-day=1&on-month=2&on-year=2027")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{here}?on=2027-02-01")
    today = house.client("social.worker").get(f"{here}?on-day=23&on-month=11&on-year=2026")
    assert today.headers["Location"] == here


@pytest.mark.parametrize(
    ("query", "fault", "kept"),
    [
        ("on-day=31&on-month=2&on-year=2027", "must be a real date", 'value="31"'),
        ("on-day=&on-month=2&on-year=2027", "must include a day", 'value="2027"'),
        ("on-day=1&on-month=1&on-year=1066", "in the years 1900 to 2100", 'value="1066"'),
        ("on=yesterday", "must be a real date", ""),
        ("on=9999-01-01", "must be in the years 1900 to 2100", ""),
    ],
)
def test_a_day_that_is_none_is_refused_beside_its_boxes_and_kept(
    house: House, child: str, query: str, fault: str, kept: str
) -> None:
    html = get(house, f"/children/{child}/dates?{query}", status=422)
    assert "There is a problem" in html and fault in html and kept in html
    assert 'href="#on"' in html and 'id="on-error"' in html
    assert "<title>Error: Dates of Orlin Thistlewick – Permanence</title>" in html


def test_each_date_says_what_it_runs_from_with_its_source_and_the_words_of_its_clause(
    house: House, child: str
) -> None:
    page = words(get(house, f"/children/{child}/dates"))
    assert (
        "Runs from becoming looked after, 1 October 2026. Imported from episodes.csv, line 2, "
        "as at 23 November 2026" in page
    )
    assert "Runs from the first review, 26 October 2026. Imported from reviews.csv, line 2" in page
    assert "CPPCR-33-1 (seen in the legislation): " in page
    assert f'href="/children/{child}/care#review"' in get(house, f"/children/{child}/dates")


def test_what_does_not_apply_says_why(house: House, child: str) -> None:
    boxes = {"day": "2", "month": "10", "year": "2026", "seen": "0"}
    entry = {f"fact-approved_on-{part}": box for part, box in boxes.items()}
    answer = house.client("social.worker").post(
        f"/children/{child}/record/add/temporary-approval", data=entry
    )
    assert answer.status_code == 303, words(answer.get_data(as_text=True))
    html = get(house, f"/children/{child}/dates")
    found = part(html, "Does not apply")
    assert "Not applicable the approval of 2 October 2026 has not been extended (CPPCR-25)" in found
    assert "Typed by Social Worker Of Bexley on 23 November 2026" in found
    assert "CPPCR-25" not in get(house, f"/children/{child}")


def test_who_administers_sees_the_dates_of_care_and_none_of_the_plan_and_record(
    house: House, child: str
) -> None:
    for address in (f"/children/{child}", f"/children/{child}/dates"):
        html = get(house, address, "authority.administrator")
        assert "Second review" in html
        for title in ("planning meeting", "Care plan", "plan agreed", "assessment"):
            assert title not in html


def test_dates_are_for_who_sees_the_child_also_on_a_day_when_they_did_not(
    house: House, child: str
) -> None:
    here = f"/children/{child}/dates"
    with writing():
        db.session.execute(sa.update(Allocation).values(since=date(2026, 11, 1)))
    assert "First review" in get(house, f"{here}?on=2026-10-20")
    for role in ("panel.member", "legal"):
        get(house, here, role, 404)
        get(house, f"{here}?on=yesterday", role, 404)
    get(house, f"/children/{NOBODY}/dates", status=404)
    other = House(house.app, house.today, "TOY", "toyshire")
    get(other, here, "panel.chair", 404)


def test_a_look_at_the_dates_is_noted_with_the_day_that_was_asked(house: House, child: str) -> None:
    get(house, f"/children/{child}/dates?on=2026-10-20")
    row = db.session.scalars(sa.select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert row is not None and (row.did, row.subject, row.subject_id) == ("look", "child", child)
    assert {"page": "dates", "on": "2026-10-20"}.items() <= dict(row.after or row.detail).items()


def test_dates_that_wait_to_be_worked_out_say_so_and_those_kept_are_shown(
    house: House, child: str
) -> None:
    child_id = db.session.scalars(sa.select(DeadlineRow.child_id)).first()
    with writing():
        deadline_marks.mark(house.whole, [child_id], datetime(2026, 11, 23, 9))
    for address in (f"/children/{child}", f"/children/{child}/dates"):
        html = get(house, address)
        assert "The dates of this child are being worked out" in words(html)
        assert f'href="{address}">Show the page again' in html
        assert "Second review" in html


def test_many_dates_take_no_more_queries_than_a_few(house: House, child: str) -> None:
    clients = [house.client("social.worker")]
    addresses = (f"/children/{child}", f"/children/{child}/dates")
    for address in addresses:
        clients[0].get(address)
    few = [counted(lambda a=address: clients[0].get(a)) for address in addresses]
    with writing():
        row = dict(db.session.execute(sa.select(DeadlineRow.__table__)).mappings().first() or {})
        del row["id"]
        rows = [{**row, "run": run} for run in range(100, 300)]
        db.session.execute(sa.insert(DeadlineRow), rows)
    many = [counted(lambda a=address: clients[0].get(a)) for address in addresses]
    assert many == few
    assert few[1] <= 20, few

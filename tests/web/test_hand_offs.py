"""What is with whom: who sees it, filtered and counted, exported; and what has long been open."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders.handed_on import answered, referred
from builders.house import House
from builders.merged import apart, merge
from builders.queries import counted
from builders.reading import get, words
from openpyxl import load_workbook

from core.store.database import db, writing
from core.store.tables import OnwardReferral
from core.web import sheet_files

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


def test_a_child_is_referred_from_their_page_and_stands_there_and_in_the_ledger(
    house: House,
) -> None:
    _, child = house.child()
    assert "Refer to another body" in get(house, f"/children/{child}")
    client = house.client("social.worker")
    typed = {"forum": "case-management-review", "asked": "Is the plan safe?"}
    on = {"made_on-day": "20", "made_on-month": "11", "made_on-year": "2026"}
    refused = client.post(f"/children/{child}/refer-on", data=typed)
    assert refused.status_code == 422 and "Is the plan safe?" in refused.text
    long = client.post(f"/children/{child}/refer-on", data={**typed, **on, "asked": "x" * 20_001})
    assert long.status_code == 422 and "This question is too long: at most 20,000" in long.text
    made = client.post(f"/children/{child}/refer-on", data={**typed, **on})
    assert made.status_code == 303
    page = words(get(house, made.location))
    assert "Is the plan safe?" in page and "by Social Worker Of Bexley" in page
    assert "Case Management Review (CMR)" in words(get(house, f"/children/{child}"))
    ledger = words(get(house, "/onward"))
    assert "1 referral" in ledger and "Orlin Thistlewick" in ledger
    assert "3 days 1 working" in ledger


def test_the_ledger_is_filtered_sorted_and_counted_by_whom_it_is_with(house: House) -> None:
    child_id, _ = house.child()
    old = referred(house, child_id, made_on=date(2026, 9, 1))
    new = referred(house, child_id, "adoption-team", date(2026, 11, 20))
    with writing():
        db.session.execute(
            sa.update(OnwardReferral)
            .where(OnwardReferral.public_id == new)
            .values(answered_on=date(2026, 11, 22), answer_code="begun", answer="Begun")
        )
    html = get(house, "/onward")
    assert old in html and new not in html and "Long" in html
    assert "Resource panel: 1, the oldest since 1 September 2026" in words(html)
    answered = get(house, "/onward?show=answered")
    assert new in answered and old not in answered
    assert "Family finding has begun" in answered
    both = get(house, "/onward?show=all&sort=newest")
    assert both.index(new) < both.index(old)
    assert old not in get(house, "/onward?show=all&forum=adoption-team")
    assert "There are none" in get(house, "/onward?forum=nobody")


def test_it_is_for_who_sees_the_child_s_cases_and_nobody_else(house: House) -> None:
    child_id, _ = house.child("0999", "Sable", worker=None, iro=None, team="Far team")
    made = referred(house, child_id)
    for role in ("social.worker", "iro", "panel.member", "legal"):
        assert made not in get(house, "/onward", role)
        assert house.client(role).get(f"/onward/{made}").status_code == 404
        assert "Sable" not in get(house, "/onward/list.csv", role)
    assert made in get(house, "/onward", "panel.administrator")
    assert house.client("authority.administrator").get("/onward").status_code == 404
    assert house.client("inspector").post(f"/onward/{made}", data={}).status_code == 404
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    assert made not in get(other, "/onward", "panel.chair")
    assert other.client("panel.chair").get(f"/onward/{made}").status_code == 404


def test_it_is_exported_with_the_day_as_at_which_it_is(house: House) -> None:
    child_id, _ = house.child()
    referred(house, child_id)
    answer = house.client("iro").get("/onward/list.xlsx")
    rows = list(load_workbook(BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert rows[0][0] == "What is with whom, as at 23 November 2026: open"
    assert rows[2][:2] == ("resource panel", "Orlin Thistlewick") and rows[2][4:6] == (21, 15)
    assert "Orlin Thistlewick" in get(house, "/onward/list.csv", "iro")
    assert house.client("iro").get("/onward/list.pdf").status_code == 404


def test_the_export_is_read_some_at_a_time_and_says_where_it_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Abe", "Bea", "Cat", "Dan", "Eve"]
    for number, name in enumerate(names):
        referred(house, house.child(f"0{number}", name)[0])

    def rows() -> list[tuple[Any, ...]]:
        content = BytesIO(house.client("head.of.service").get("/onward/list.xlsx").data)
        return list(load_workbook(content).active.values)  # type: ignore[union-attr]

    monkeypatch.setattr(sheet_files, "AT_ONCE", 2)
    assert [row[1].split()[0] for row in rows()[2:]] == names
    monkeypatch.setattr(sheet_files, "MOST", 3)
    assert rows()[1][0] == "The first 3 rows: there are more. Filter the list to have the others"
    assert [row[1].split()[0] for row in rows()[3:]] == names[:3]


def test_an_answer_corrected_says_that_the_record_still_has_the_earlier_one(house: House) -> None:
    child_id, _ = house.child()
    made = referred(house, child_id, "agency-decision-maker")
    first = answered(house, made, "should-be-placed", "", 1)
    assert "It is in the record as the agency decision for adoption" in first
    for version, code in enumerate(("sent-back", "should-not-be-placed"), 2):
        page = answered(house, made, code, "More is needed", version)
        assert "The record still has the earlier one" in page
        assert "the record was not changed with it" in page
        assert "in the record as" not in page


def test_what_is_wrong_with_an_answer_stands_in_the_order_of_the_page(house: House) -> None:
    child_id, _ = house.child()
    made = referred(house, child_id)
    refused = house.client("social.worker").post(f"/onward/{made}", data={"version": "1"})
    assert refused.status_code == 422
    day, answer = (refused.text.index(one) for one in ("The date of the answer", "Choose the ans"))
    assert day < answer


def test_which_answer_was_given_is_said_with_its_words_and_once(house: House) -> None:
    child_id, child = house.child()
    made = referred(house, child_id)
    answered(house, made, "not-agreed", "Not before the review", 1)
    said = "Not agreed: Not before the review"
    assert said in words(get(house, f"/children/{child}"))
    timeline = words(get(house, f"/children/{child}/timeline"))
    assert "Resource panel: Not agreed. Not before the review" in timeline
    assert "With the resource panel; answered" in timeline and f"answered: {said}" not in timeline
    closed = words(get(house, f"/children/{child}/timeline", "authority.administrator"))
    assert "Not before the review" not in closed
    begun = referred(house, child_id, "adoption-team")
    answered(house, begun, "begun", "", 1)
    listed = get(house, "/onward/list.csv?show=answered")
    assert said in listed and listed.count("Family finding has begun") == 1
    assert "answered, adoption team" in get(
        house, "/onward/list.csv?show=answered&forum=adoption-team"
    )


def test_what_has_long_been_open_needs_who_brought_it(house: House) -> None:
    child_id, _ = house.child()
    # 20 working days before 23 November is 26 October: only what was made before it is longer.
    referred(house, child_id, "adoption-team", date(2026, 10, 26))
    assert "for its answer" not in get(house, "/")
    made = referred(house, child_id, made_on=date(2026, 10, 23))
    home = words(get(house, "/"))
    assert "Ask the resource panel for its answer on Orlin Thistlewick" in home
    assert "21 working days ago" in home and "set here" in home
    assert made not in get(house, "/", "iro")
    assert "Ask for the answer to 1 referral" in get(house, "/", "panel.administrator")


def test_the_queries_of_the_ledger_do_not_grow(house: House) -> None:
    client = house.client("panel.administrator")
    child_id, _ = house.child()
    referred(house, child_id)
    few = counted(lambda: client.get("/onward"))
    for number in range(12):
        referred(house, house.child(f"02{number:02}", f"Sib{number}")[0])
    assert counted(lambda: client.get("/onward")) == few <= 20


def test_a_referral_moves_with_a_merged_record_and_back(house: House) -> None:
    (kept, kept_public), (gone, gone_public) = house.child(), house.child("0102", "Orlin")
    referred(house, gone)
    merge(house, (kept_public, gone_public))

    def whose() -> int | None:
        found = db.session.scalar(sa.select(OnwardReferral.child_id))
        db.session.rollback()
        return found

    assert whose() == kept
    apart(house, (kept_public, gone_public), datetime(2026, 11, 23, 12, 0))
    assert whose() == gone

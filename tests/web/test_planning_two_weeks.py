"""A planning meeting under the two-week standard: its people, its papers, and before care."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.reading import get, words
from builders.two_weeks import in_care, two_week

from core.store.database import db
from core.store.tables import Notice
from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "PPM2/permanence-planning-meeting"
ON = date(2026, 12, 3)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    yield from two_week(tmp_path, database_url, date(2026, 11, 23))


@pytest.mark.clause("PPM2-5.1", "PPM2-5.2", "PPM2-5.5")
def test_who_attends_and_who_is_invited_stand_with_their_clauses(house: House) -> None:
    _, child = in_care(house)
    plan = {"primary": "adoption", "contingencies": "sgo", "identified_on": "2026-10-02"}
    record_new.add(house.scope("social.worker"), child, "plan", plan, AT)
    meeting = booked(house, child, ON, AT, key=KEY)
    page = words(get(house, f"/planning-meetings/{meeting}/people"))
    assert "Fostering social worker or fostering duty Attends" in page
    assert "Adoption Attends Attends. A colleague from adoption attends every meeting" in page
    assert "The Adoption Service Invited Adoption is a likely plan, and aged 7 on the day" in page
    assert "The authority’s solicitor Not known" in page
    options = words(get(house, f"/planning-meetings/{meeting}/options"))
    assert "Age on the day of the meeting 7 Born on" in options
    court = {"issued_on": "2026-10-05", "application": "care-order"}
    record_new.add(house.scope("social.worker"), child, "proceedings", court, AT)
    page = words(get(house, f"/planning-meetings/{meeting}/people"))
    assert "The authority’s solicitor Invited Care proceedings are open" in page


@pytest.mark.clause("PPM2-5.3")
def test_the_reviewing_officer_is_asked_and_the_notice_to_them_is_kept(house: House) -> None:
    _, child = in_care(house)
    meeting = booked(house, child, ON, AT, key=KEY)
    client = house.client("social.worker")
    assert client.post(f"/planning-meetings/{meeting}/people/ask-everybody").status_code == 303
    page = words(get(house, f"/planning-meetings/{meeting}/people"))
    assert "Asked Iro Of Bexley" in page
    assert "Notice to the reviewing officer" in page
    kept = db.session.scalars(sa.select(Notice.rule_code)).all()
    assert "meeting-notice" in kept


@pytest.mark.clause("PPM2-6.1")
def test_each_paper_has_its_day_or_there_is_none(house: House) -> None:
    _, child = in_care(house)
    meeting = booked(house, child, ON, AT, key=KEY)
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}"
    page = words(client.get(f"{address}/views").text)
    assert "Pre-proceedings plan: dated" in page and "PPM2-6.1" in page
    for choice in ("There is one, with its day", "There is none", "Not yet"):
        assert choice in page
    papers = f"{address}/views/papers"
    given = {"care-plan-on-day": "1", "care-plan-on-month": "11",
             "care-plan-on-year": "2026", "court-statements-none": "yes"}  # fmt: skip
    assert client.post(papers, data=given).status_code == 303
    check = words(client.get(f"{address}/close").text)
    assert "Assessments: neither its day nor that there is none is said" in check
    assert "Care plan: neither" not in check and "Court statements: neither" not in check
    twice = "Care plan: its day is entered, and also that it is not there"
    more = {**given, "care-plan-none": "yes", "assessments-none": "not-yet"}
    refused = client.post(papers, data=more)
    assert refused.status_code == 422 and f"{twice}: say one of them" in words(refused.text)
    assert twice not in words(client.get(f"{address}/views").text)
    alone = {"care-plan-none": "yes", "care-plan-none-seen": "0"}
    kept = client.post(f"{address}/record/field?field=care-plan-none", data=alone)
    assert kept.status_code == 200 and twice in words(kept.text)
    assert twice in words(client.get(f"{address}/views").text)
    check = words(client.get(f"{address}/close").text)
    assert "Care plan: its day is entered, and also that it is not there" in check
    assert "Assessments: it is not there yet" in check
    record = docx.Document(BytesIO(client.get(f"{address}/record.docx").data))
    said = "\n".join(one.text for one in record.paragraphs)
    assert "Assessments: not yet" in said and "Court statements: none" in said


@pytest.mark.clause("PPM2-6.1")
def test_a_paper_s_day_that_cannot_be_is_told_beside_it_on_the_page_of_papers(house: House) -> None:
    _, child = in_care(house)
    meeting = booked(house, child, ON, AT, key=KEY)
    client = house.client("social.worker")
    papers = f"/planning-meetings/{meeting}/views/papers"
    given = {"care-plan-on-day": "31", "care-plan-on-month": "2", "care-plan-on-year": "2026",
             "assessments-on-day": "1", "assessments-on-month": "11",
             "assessments-on-year": "2026"}  # fmt: skip
    wrong = client.post(papers, data=given)
    assert wrong.status_code == 422
    assert "<title>Error: Papers and views" in " ".join(wrong.text.split())
    assert 'href="#care-plan-on"' in wrong.text and 'id="care-plan-on-error"' in wrong.text
    assert 'value="31"' in wrong.text and "Care plan: this date must be a real date" in wrong.text
    kept = client.get(f"/planning-meetings/{meeting}/views").text
    assert 'value="11"' in kept and 'value="31"' not in kept
    ahead = {"care-plan-on-day": "1", "care-plan-on-month": "1", "care-plan-on-year": "2090"}
    for answer in (
        client.post(papers, data=ahead),
        client.post(
            f"/planning-meetings/{meeting}/record/field?field=care-plan-on",
            data={**ahead, "care-plan-on-seen": "0"},
        ),
    ):
        assert answer.status_code == 422 and "Care plan: this day has not come yet" in answer.text
    assert "2090" not in client.get(f"/planning-meetings/{meeting}/views").text
    assert house.client("panel.member").post(papers, data=ahead).status_code == 404


@pytest.mark.clause("PPM2-2.2")
def test_a_child_who_is_not_looked_after_yet_has_a_planning_meeting(house: House) -> None:
    _, child = house.child("0202", "Wren", status="", became_looked_after=None, legal_status="",
                           placement="")  # fmt: skip
    meeting = booked(house, child, ON, AT, key=KEY)
    page = words(get(house, f"/planning-meetings/{meeting}"))
    early = "Pre-proceedings planning The child is not looked after on the day of the meeting"
    assert early in page
    journey = words(get(house, f"/children/{child}/planning"))
    assert "3 December 2026" in journey


@pytest.mark.clause("PPM2-4.1")
def test_family_finding_is_due_at_once_for_a_relinquished_child_with_a_provisional_plan(
    house: House,
) -> None:
    _, child = in_care(house)
    worker = house.scope("social.worker")
    plan = {"primary": "adoption", "state": "provisional", "identified_on": "2026-10-02"}
    record_new.add(worker, child, "plan", plan, AT)
    assert "Family finding" not in words(get(house, f"/children/{child}/dates", "social.worker"))
    record_new.add(worker, child, "adoption", {"relinquished": "yes"}, AT)
    page = words(get(house, f"/children/{child}/dates", "social.worker"))
    assert "Family finding for a relinquished child" in page
    assert "becoming the plan of a relinquished child on 23 November 2026 (PPM2-4.1)" in page


@pytest.mark.clause("PPM2-2.8")
def test_a_review_typed_late_leaves_no_date_late_for_ever(house: House) -> None:
    _, child = in_care(house, since=date(2025, 9, 1))
    worker = house.scope("social.worker")
    record_new.add(worker, child, "adoption", {"placement_order_on": "2026-01-16"}, AT)
    review = {"reviewed_on": "2026-11-22", "why_not": "No match", "viable": "may-not-be"}
    record_new.add(worker, child, "placement-order-review", review, AT)
    page = words(get(house, f"/children/{child}/dates", "social.worker"))
    assert "by 22 May 2027" in page and "by 21 May 2027" in page
    assert "Late by 16 July 2026" not in page and "by 22 November 2026" not in page


@pytest.mark.clause("PPM2-2.2")
@pytest.mark.parametrize("status", ["", "no episodes"])
def test_every_page_and_the_record_say_that_it_is_pre_proceedings_planning(
    house: House, status: str
) -> None:
    _, child = house.child("0202", "Wren", status=status, became_looked_after=None,
                           legal_status="", placement="")  # fmt: skip
    meeting = booked(house, child, ON, AT, key=KEY)
    client, address = house.client("social.worker"), f"/planning-meetings/{meeting}"
    pages = [f"{address}{part}" for part in ("", "/people", "/record", "/options")]
    for page in (*pages, f"/children/{child}/planning"):
        assert "Pre-proceedings planning" in words(client.get(page).text), page
    files = (f"{address}/record.docx", f"/children/{child}/planning/record.docx")
    for file in files:
        record = docx.Document(BytesIO(client.get(file).data))
        said = "\n".join(one.text for one in record.paragraphs)
        assert "Planning: pre-proceedings: not looked after on that day" in said, file
    issued = {"issued_on": "2026-11-02"}
    record_new.add(house.scope("social.worker"), child, "proceedings", issued, AT)
    for page in (*pages, f"/children/{child}/planning"):
        assert "Pre-proceedings planning" not in words(client.get(page).text), page

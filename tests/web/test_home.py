"""What needs me: each role's own lines, soonest first, and nothing that is not theirs."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.agenda import AT, book, case, decide
from builders.house import House
from flask.testing import FlaskClient
from sqlalchemy import event

from core.store.database import db, writing
from core.store.tables import (
    Amendment,
    Attendance,
    AuditRow,
    DeadlineRow,
    ImportRun,
    Meeting,
    Paper,
    PaperVersion,
)


def browser(house: House, role: str) -> FlaskClient:
    return house.client(role)


def needs(html: str) -> list[str]:
    found = re.findall(r'<h\d class="app-need__what">(.*?)</h\d>', html, re.S)
    return [" ".join(words.split()) for words in found]


def due(house: House, child_id: int, case_id: int, on: date) -> None:
    with writing():
        db.session.execute(
            sa.insert(DeadlineRow).values(
                authority_id=house.authority_id,
                child_id=child_id,
                case_id=case_id,
                procedure_code=house.code,
                procedure_edition="",
                code="referral-received",
                anchor_date=date(2026, 12, 3),
                due=on,
            )
        )


@pytest.mark.parametrize("role", ["social.worker", "inspector", "panel.chair", "legal"])
def test_with_nothing_waiting_it_says_so_kindly(house: House, role: str) -> None:
    html = browser(house, role).get("/").text
    assert "Nothing waits for you today" in html and not needs(html)


@pytest.mark.clause("BEX-1.6")
def test_a_referrer_has_their_drafts_and_those_sent_back_with_why(house: House) -> None:
    meeting_id, _ = house.meeting()
    first, child = house.child("0101", "Ada", "Quillfeather")
    second, _ = house.child("0102", "Bryn", "Quillfeather")
    draft_id, draft = case(house, first, meeting_id, "draft")
    back_id, back = case(house, second, meeting_id, "returned")
    due(house, first, draft_id, date(2026, 11, 30))
    due(house, second, back_id, date(2026, 11, 19))
    html = browser(house, "social.worker").get("/").text
    assert needs(html) == [
        "Mend the referral of Bryn Quillfeather",
        "Finish the referral of Ada Quillfeather",
    ]
    assert "3 working days before the panel on 3 December 2026" in html
    assert f"/cases/{back}" in html and f"/cases/{draft}/referral" in html
    assert "/clauses/BEX-1.6" in html and "Late" in html
    looks = sa.select(AuditRow.after).where(AuditRow.subject == "list", AuditRow.did == "look")
    assert [child in row["children"] for row in db.session.scalars(looks)] == [True]
    db.session.rollback()
    assert not needs(browser(house, "iro").get("/").text)


@pytest.mark.clause("BEX-1.10")
def test_the_chair_has_referrals_to_accept(house: House) -> None:
    meeting_id, _ = house.meeting()
    child_id, _ = house.child()
    _, submitted = case(house, child_id, meeting_id, "submitted")
    html = browser(house, "panel.chair").get("/").text
    assert needs(html) == ["Accept, return or defer the referral of Orlin Thistlewick"]
    assert f"/cases/{submitted}" in html
    house.account("head.of.service", email="other.head@bexley.example")
    assert not needs(browser(house, "other.head").get("/").text)


@pytest.mark.clause("BEX-1.18")
def test_the_administrator_has_papers_imports_and_meetings_to_close(house: House) -> None:
    meeting_id, meeting = house.meeting()
    _, gone = house.meeting(date(2026, 11, 19), "open")
    child_id, _ = house.child()
    case(house, child_id, meeting_id, "draft")
    with writing():
        db.session.execute(
            sa.insert(ImportRun).values(
                authority_id=house.authority_id,
                state="ready",
                asked_at=AT,
                changed_at=AT,
                year=2026,
                counts={},
            )
        )
    html = browser(house, "panel.administrator").get("/").text
    assert needs(html) == [
        "Close the Permanence Panel of 19 November 2026",
        "Apply or discard the import for 2026",
        "Papers for the Permanence Panel on 3 December 2026",
    ]
    assert "0 with the chair, 1 not in yet" in html
    assert f"/meetings/{gone}" in html and f"/meetings/{meeting}#item-cases" in html
    assert not needs(browser(house, "panel.member").get("/").text)


def test_everybody_has_their_own_open_actions_and_the_meetings_they_sit_in(house: House) -> None:
    before_id, _ = house.meeting(date(2026, 11, 19), "closed", circulated=True)
    _, meeting = house.meeting()
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, before_id, "heard")
    booking_id, _ = book(house, before_id, case_id, state="heard")
    decide(
        house,
        before_id,
        case_id,
        booking_id,
        date(2026, 11, 19),
        action="Ring the aunt",
        owner="adoption",
        due=date(2026, 11, 20),
    )
    html = browser(house, "adoption").get("/").text
    assert needs(html) == ["Ring the aunt: Orlin Thistlewick"] and "Late" in html
    assert f"/meetings/{meeting}" in html and "Meetings that you sit in" in html
    assert not needs(browser(house, "social.worker").get("/").text)


def test_another_authority_needs_nothing_of_this_one(house: House) -> None:
    meeting_id, _ = house.meeting()
    child_id, _ = house.child()
    case(house, child_id, meeting_id, "submitted")
    other = House(house.app, house.today, "TOY", "toyshire")
    for role in ("panel.administrator", "panel.chair", "social.worker"):
        html = browser(other, role).get("/").text
        assert not needs(html) and "Thistlewick" not in html


def test_the_queries_do_not_grow_with_what_waits(house: House) -> None:
    meeting_id, _ = house.meeting()
    counted: list[str] = []

    def fill(numbers: range) -> None:
        for number in numbers:
            child_id, _ = house.child(f"03{number:02}", f"Ada{number}", "Quillfeather")
            case(house, child_id, meeting_id, "submitted")
            case(house, child_id, meeting_id, "draft")

    def queries() -> int:
        counted.clear()
        assert client.get("/").status_code == 200
        return len(counted)

    fill(range(2))
    client = browser(house, "panel.administrator")
    event.listen(db.engine, "before_cursor_execute", lambda *a: counted.append(str(a[2])))
    before = queries()
    fill(range(2, 9))
    assert queries() == before <= 34


@pytest.mark.clause("BEX-1.10")
def test_a_referral_whose_meeting_is_over_is_never_out_of_sight(house: House) -> None:
    gone_id, _ = house.meeting(date(2026, 11, 19), "closed")
    child_id, _ = house.child()
    _, submitted = case(house, child_id, gone_id, "submitted")
    for role, what in (
        ("panel.chair", "Return or defer the referral of Orlin Thistlewick"),
        ("panel.administrator", "Ask the chair to return or defer the referral of Orlin"),
    ):
        html = browser(house, role).get("/").text
        assert any(line.startswith(what) for line in needs(html))
        assert f"/cases/{submitted}" in html and "over" in html


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_a_referral_still_written_for_a_meeting_held_asks_for_another(
    house: House, state: str
) -> None:
    gone_id, _ = house.meeting(date(2026, 11, 19), "closed")
    child_id, _ = house.child()
    case(house, child_id, gone_id, state)
    html = browser(house, "social.worker").get("/").text
    assert "The Permanence Panel of 19 November 2026 has been held: choose another" in html
    assert len(needs(html)) == 1


@pytest.mark.clause("BEX-1.11")
def test_a_meeting_on_hold_stands_before_who_decides_and_who_asks(house: House) -> None:
    meeting_id, meeting = house.meeting(house.today, "open")
    house.meeting(date(2026, 12, 3))
    line = "The Permanence Panel of 23 November 2026 is on hold"
    assert line not in needs(browser(house, "deputy.director").get("/").text)
    with writing():
        for post in ("chair", "vice-chair"):
            db.session.execute(
                sa.insert(Attendance).values(
                    authority_id=house.authority_id,
                    meeting_id=meeting_id,
                    post_code=post,
                    account_id=house.accounts["panel.chair"],
                    name="Somebody",
                    state="apologies",
                )
            )
    for role, to_do in (
        ("deputy.director", "Decide whether it goes ahead"),
        ("adoption", "Ask the Deputy Director whether it goes ahead"),
    ):
        html = browser(house, role).get("/").text
        assert line in needs(html) and to_do in html
        assert f"/meetings/{meeting}#leave" in html and "/clauses/BEX-1.11" in html
    assert line not in needs(browser(house, "legal").get("/").text)
    with writing():
        db.session.execute(sa.update(Meeting).values(leave_given=True))
    assert line not in needs(browser(house, "deputy.director").get("/").text)


def test_minutes_wait_for_the_chair_and_the_administrator_asks_for_them(house: House) -> None:
    _, meeting = house.meeting(date(2026, 11, 19), "closed", circulated=True)
    other = House(house.app, house.today, "TOY", "toyshire")
    for role, what in (
        ("panel.chair", "Ratify the minutes of the Permanence Panel of 19 November 2026"),
        ("panel.administrator", "Ask the chair to ratify the minutes of the Permanence Panel of"),
    ):
        html = browser(house, role).get("/").text
        assert [line for line in needs(html) if "minutes" in line][0].startswith(what)
        assert "No day is laid down by which they are ratified" in html
        assert f"/meetings/{meeting}#ratify" in html
        assert not needs(browser(other, role).get("/").text)
    for role in ("social.worker", "panel.member", "inspector"):
        assert not needs(browser(house, role).get("/").text)
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=AT))
    assert not needs(browser(house, "panel.chair").get("/").text)


def test_minutes_that_were_amended_wait_for_the_chair_until_they_are_reissued(house: House) -> None:
    meeting_id, meeting = house.meeting(date(2026, 11, 19), "closed", circulated=True)
    amended = {"meeting_id": meeting_id, "part": "business", "before": "A", "after": "B"}
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=AT))
        made = sa.insert(Amendment).values(
            authority_id=house.authority_id, why="It was misheard", made_at=AT, **amended
        )
        db.session.execute(made)
    for role, what in (
        ("panel.chair", "Reissue the minutes of the Permanence Panel of 19 November 2026"),
        ("panel.administrator", "Ask the chair to reissue the minutes of the Permanence Panel of"),
    ):
        html = browser(house, role).get("/").text
        assert [line for line in needs(html) if "minutes" in line][0].startswith(what)
        assert f"/meetings/{meeting}" in html and "Ratify" not in html
    assert not needs(browser(house, "panel.member").get("/").text)
    with writing():
        db.session.execute(sa.update(Amendment).values(issue=2))
    assert not needs(browser(house, "panel.chair").get("/").text)


@pytest.mark.clause("BEX-1.6")
def test_papers_are_signed_by_who_answers_and_chased_by_who_administers(house: House) -> None:
    meeting_id, meeting = house.meeting()
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id, "booked")
    book(house, meeting_id, case_id)
    waiting_id, _ = house.child("0102", "Ada", "Quillfeather")
    case(house, waiting_id, meeting_id, "draft")
    own = {"authority_id": house.authority_id}
    with writing():
        paper = db.session.execute(
            sa.insert(Paper)
            .values(
                **own,
                case_id=case_id,
                kind="decision",
                title="The decision",
                answers_id=house.accounts["social.worker"],
            )
            .returning(Paper.id, Paper.public_id)
        ).one()
        db.session.execute(
            sa.insert(PaperVersion).values(
                **own, paper_id=paper.id, number=1, name="decision.docx", added_at=AT
            )
        )
    html = browser(house, "social.worker").get("/").text
    assert "Sign The decision, or say that it is signed" in needs(html)
    assert "Its case is heard on 3 December 2026" in html
    assert f"/papers/{paper.public_id}" in html
    html = browser(house, "panel.administrator").get("/").text
    assert "To chase: Ada Quillfeather from Social Worker Of Bexley" in html
    assert "To be signed: The decision by Social Worker Of Bexley" in html
    assert f"/meetings/{meeting}#item-cases" in html
    assert not any("Sign " in line for line in needs(browser(house, "iro").get("/").text))
    with writing():
        db.session.execute(sa.update(Paper).values(signed_at=AT))
    assert "The decision" not in browser(house, "social.worker").get("/").text

"""Disputes on their pages: opened, answered and ended, and where they show, to whom."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.dates_kept import dated
from builders.disputed import disputed, late_action
from builders.house import House
from builders.queries import counted

from core.store import disputes
from core.store.database import db
from core.store.tables import AuditRow, Dispute


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.turn_to(date(2026, 11, 23))
    return house


def seen(house: House, role: str, address: str) -> str:
    answer = house.client(role).get(address)
    db.session.rollback()
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


@pytest.mark.clause("BCP-1.6")
def test_it_is_opened_on_the_childs_page_and_shows_there_and_at_panel(house: House) -> None:
    child_id, child = house.child()
    meeting_id, meeting = house.meeting()
    case_id, _ = case(house, child_id, meeting_id)
    _, item = book(house, meeting_id, case_id)
    officer = house.client("iro")
    assert "Open a dispute" in seen(house, "iro", f"/children/{child}")
    assert "Open a dispute" not in seen(house, "team.manager", f"/children/{child}")
    typed = {"about": "drift", "words": "Two reviews with no plan", "action": "", "deadline": ""}
    made = officer.post(f"/children/{child}/disputes", data=typed)
    db.session.rollback()
    assert made.status_code == 303
    page = seen(house, "team.manager", made.headers["Location"])
    assert "Two reviews with no plan" in page
    assert "answer due by" in page
    assert "30 November 2026" in page
    assert "set here, not by the procedure" in page
    for address in (f"/children/{child}", f"/items/{item}", f"/meetings/{meeting}"):
        assert "Dispute: open" in seen(house, "panel.chair", address), address
    assert "Answer the dispute on Orlin Thistlewick" in seen(house, "team.manager", "/")
    assert "Two reviews with no plan" in seen(house, "inspector", "/disputes")


def test_what_was_typed_is_kept_where_it_is_refused(house: House) -> None:
    _, child = house.child()
    officer = house.client("iro")
    typed = {"about": "", "words": "Two reviews with no plan"}
    answer = officer.post(f"/children/{child}/disputes", data=typed)
    assert answer.status_code == 422
    assert "Two reviews with no plan" in answer.get_data(as_text=True)
    assert "Choose what the dispute is about" in answer.get_data(as_text=True)
    made = disputed(house, child)
    manager = house.client("team.manager")
    said = {"version": "1", "answer": "By Friday", "on-day": "24", "on-month": "11"}
    answer = manager.post(f"/disputes/{made}/answer", data=said | {"on-year": "2026"})
    assert answer.status_code == 422
    assert "By Friday" in answer.get_data(as_text=True)
    assert "must be today or in the past" in answer.get_data(as_text=True)


def test_answered_and_ended_two_at_once(house: House) -> None:
    _, child = house.child()
    made = disputed(house, child)
    on = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    manager, officer = house.client("team.manager"), house.client("iro")
    said = {"version": "1", "answer": "By Friday"} | on
    assert manager.post(f"/disputes/{made}/answer", data=said).status_code == 303
    db.session.rollback()
    late = officer.post(
        f"/disputes/{made}", data={"version": "1", "what": "resolved", "outcome": "Agreed"}
    )
    assert late.status_code == 422
    text = late.get_data(as_text=True)
    assert "Somebody else changed this dispute" in text
    assert "By Friday" in text
    assert "Agreed" in text
    db.session.rollback()
    assert "Say how the dispute on Orlin Thistlewick goes on" in seen(house, "iro", "/")
    again = {"version": "2", "what": "resolved", "outcome": "Agreed"}
    assert officer.post(f"/disputes/{made}", data=again).status_code == 303
    assert "Resolved on" in seen(house, "iro", f"/disputes/{made}")
    assert made in seen(house, "iro", "/disputes?show=ended")
    assert made not in seen(house, "iro", "/disputes")


def test_nobody_else_writes(house: House) -> None:
    _, child = house.child()
    made = disputed(house, child)
    for role in ("service.manager", "panel.chair", "head.of.service"):
        answer = house.client(role).post(f"/disputes/{made}/answer", data={"version": "1"})
        assert answer.status_code == 404, role
    assert house.client("legal").get(f"/disputes/{made}").status_code == 404
    db.session.rollback()
    assert db.session.scalar(sa.select(Dispute.version)) == 1


def test_a_look_at_a_dispute_is_audited(house: House) -> None:
    _, child = house.child()
    made = disputed(house, child)
    seen(house, "team.manager", f"/disputes/{made}")
    looks = sa.select(AuditRow.after).where(AuditRow.subject_id == child, AuditRow.did == "look")
    assert {"page": "dispute"} in db.session.scalars(looks).all()


def test_the_queries_of_the_list_do_not_grow_with_it(house: House) -> None:
    _, first = house.child()
    disputed(house, first)
    scope = house.scope("panel.chair")
    few = counted(lambda: disputes.listed(scope))
    for number in range(6):
        disputed(house, house.child(f"02{number}")[1])
    assert counted(lambda: disputes.listed(scope)) == few


def test_who_answers_while_it_goes_further_keeps_their_words(house: House) -> None:
    _, child = house.child()
    made = disputed(house, child)
    further = {"version": "1", "what": "next", "outcome": "Nobody answered"}
    assert house.client("iro").post(f"/disputes/{made}", data=further).status_code == 303
    db.session.rollback()
    on = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    said = {"version": "1", "answer": "By Friday"} | on
    late = house.client("team.manager").post(f"/disputes/{made}/answer", data=said)
    assert late.status_code == 422
    text = late.get_data(as_text=True)
    assert "Somebody else changed this dispute" in text and "By Friday" in text


def test_what_is_open_already_is_shown_and_refused_with_what_was_typed(house: House) -> None:
    child_id, child = house.child()
    made = disputed(house, child)
    assert f"/disputes/{made}" in seen(house, "iro", f"/children/{child}/disputes/new")
    officer, address = house.client("iro"), f"/children/{child}/disputes"
    again = officer.post(address, data={"about": "drift", "words": "Two reviews, no plan"})
    assert again.status_code == 422
    assert "A dispute on this child about the same is open" in again.text
    assert "Two reviews, no plan" in again.text and 'href="#about"' in again.text
    db.session.rollback()
    action = late_action(house, child_id)
    typed = {"about": "date", "words": "It is late", "deadline": action}
    wrong = officer.post(address, data=typed)
    assert wrong.status_code == 422
    assert "Choose a date of the child that is late or to come" in wrong.text
    db.session.rollback()
    about = {"about": "action", "deadline": "", "action": action}
    assert officer.post(address, data=typed | about).status_code == 303


def test_what_is_about_an_action_shows_on_its_page_to_those_who_see_the_dispute(
    house: House,
) -> None:
    child_id, child = house.child()
    action = late_action(house, child_id, owner="legal")
    other = late_action(house, child_id)
    typed = {"about": "action", "words": "It is late", "deadline": "", "action": action}
    made = house.client("iro").post(f"/children/{child}/disputes", data=typed)
    db.session.rollback()
    address = made.headers["Location"]
    for role in ("iro", "team.manager", "panel.chair"):
        page = seen(house, role, f"/actions/{action}")
        assert "Dispute: open" in page and f'href="{address}"' in page, role
        assert "social worker and the team manager" in page
        assert "Dispute: open" not in seen(house, role, f"/actions/{other}")
    unseen = seen(house, "legal", f"/actions/{action}")
    assert "Write to the court" in unseen
    assert "Dispute: open" not in unseen and address not in unseen
    end = {"version": "1", "what": "withdrawn", "outcome": "It was done"}
    ended = house.client("iro").post(address, data=end)
    db.session.rollback()
    assert ended.status_code == 303
    assert "Dispute: open" not in seen(house, "iro", f"/actions/{action}")


def test_what_is_about_an_action_or_a_date_says_which(house: House) -> None:
    child_id, child = house.child()
    officer, address = house.client("iro"), f"/children/{child}/disputes"
    form = seen(house, "iro", f"{address}/new")
    assert 'value="drift"' in form and 'value="action"' not in form and 'value="date"' not in form
    for about in ("action", "date"):
        typed = {"about": about, "words": "It is late"}
        none = officer.post(address, data=typed)
        assert none.status_code == 422 and 'href="#about"' in none.text, about
        db.session.rollback()
    late_action(house, child_id)
    dated(house, child_id, "plan-agreed", date(2026, 11, 2))
    form = seen(house, "iro", f"{address}/new")
    assert 'value="action"' in form and 'value="date"' in form
    for about, field in (("action", "action"), ("date", "deadline")):
        which = officer.post(address, data={"about": about, "words": "It is late"})
        assert which.status_code == 422 and f'href="#{field}"' in which.text, about
        assert "It is late" in which.text
        db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Dispute)) == 0


def test_a_stage_outside_the_authority_is_the_officers_from_its_first_day(house: House) -> None:
    _, child = house.child()
    made = disputed(house, child)
    line = "Take the dispute on Orlin Thistlewick outside the authority"
    for version in range(1, 5):
        assert line not in seen(house, "iro", "/")
        further = {"version": str(version), "what": "next", "outcome": "Nobody answered"}
        assert house.client("iro").post(f"/disputes/{made}", data=further).status_code == 303
        db.session.rollback()
    home = seen(house, "iro", "/")
    assert line in home and "A referral to CAFCASS" in home
    assert f"/disputes/{made}#answer-it" in home
    assert line not in seen(house, "team.manager", "/")
    page = seen(house, "iro", f"/disputes/{made}")
    assert page.count("It was not answered; the time to answer it was not over.") == 4
    on = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    said = {"version": "5", "name": "CAFCASS", "answer": "Taken up"} | on
    answered = house.client("iro").post(f"/disputes/{made}/answer", data=said)
    assert answered.status_code == 303
    db.session.rollback()
    page = seen(house, "iro", f"/disputes/{made}")
    assert "the reviewing officer is told" not in page
    home = seen(house, "iro", "/")
    assert line not in home and "Say how the dispute on Orlin Thistlewick goes on" in home

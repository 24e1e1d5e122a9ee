"""Approvals on the pages: each role, the wrong person, what was typed, the first page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from builders.house import House
from builders.planned import (
    AT,
    HOME,
    MEMBER,
    both_standards,
    covers,
    entry,
    in_care,
    planned,
    ready,
)
from builders.planned_meetings import booked
from builders.reckoned import up_to_date

from core.store import record
from core.store.database import db
from core.usecases.record import correct
from core.usecases.record_new import add


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return both_standards(house)


def seen(house: House, role: str, address: str, status: int = 200) -> str:
    answer = house.client(role).get(address)
    db.session.rollback()
    assert answer.status_code == status, (role, address)
    return words(answer.get_data(as_text=True))


def words(page: str) -> str:
    """What a page says, without its markup."""
    said = " ".join(re.sub("<[^>]*>", " ", page).split())
    return re.sub(r" ([.,:;)])", r"\1", said.replace("( ", "("))


def sent(house: House, role: str, address: str, data: dict[str, str], status: int = 303) -> str:
    answer = house.client(role).post(address, data=data)
    db.session.rollback()
    assert answer.status_code == status, (role, address, answer.status_code)
    return answer.get_data(as_text=True)


def young(house: House) -> tuple[str, str]:
    """A child of 5 whose plan is long-term fostering; gives the child and the plan."""
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    plan = planned(
        house, child, "long-term-fostering", contingencies="sgo", primary_words="Settled there"
    )
    return child, plan


def test_a_plan_that_lacks_its_approval_says_so_on_every_page_and_who_asked_is_told(
    house: House,
) -> None:
    child, plan = young(house)
    at_child, at_record = f"/children/{child}", f"/children/{child}/record"
    waits = "Provisional: waits for the head of service’s approval (PPM10-A.under7.no)"
    for address in (at_child, at_record, f"/record/{plan}", f"{at_child}/approvals"):
        assert waits in seen(house, "social.worker", address), address

    sent(house, "social.worker", f"{at_child}/approvals", {"rule": "fostering-young"})
    page = house.client("head.of.service").get(f"{at_child}/approvals").get_data(as_text=True)
    db.session.rollback()
    found = re.search(r'action="/record/(\w+)/approval"', page)
    assert found is not None
    said = {"version": "1", f"answer-{found[1]}": "refused", f"why-{found[1]}": "Try the aunt."}
    sent(house, "head.of.service", f"/record/{found[1]}/approval", said)

    refused = "Not approved by the head of service on"
    for address in (at_child, at_record, f"/record/{plan}", f"{at_child}/approvals"):
        text = seen(house, "social.worker", address)
        assert refused in text and waits not in text, address
    meeting = booked(house, child, date(2026, 12, 3), AT, key="PPM2/permanence-planning-meeting")
    assert refused in seen(house, "social.worker", f"/planning-meetings/{meeting}/options")
    first = seen(house, "social.worker", "/")
    assert "Not approved: Long-term fostering under 7" in first and "Try the aunt." in first
    assert "Not approved: Long-term" not in seen(house, "team.manager", "/")

    sent(house, "social.worker", f"{at_child}/approvals", {"rule": "fostering-young"})
    assert "Not approved: Long-term fostering" not in seen(house, "social.worker", "/")


def test_an_older_plan_recorded_as_agreed_without_its_approval_is_not_shown_as_agreed(
    house: House,
) -> None:
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    values = {
        "primary": "long-term-fostering", "contingencies": "sgo", "primary_words": "Settled",
        "identified_on": "2026-09-01", "state": "agreed", "agreed_on": "2026-09-23",
        "agreed_by": "The review",
    }  # fmt: skip
    plan = add(house.scope("social.worker"), child, "plan", values, AT).public_id
    db.session.rollback()
    up_to_date(house)
    recorded = "Recorded as agreed on 23 September 2026; the approval of the head of service"
    for address in (f"/children/{child}", f"/children/{child}/record", f"/record/{plan}"):
        text = seen(house, "social.worker", address)
        assert recorded in text and "Provisional" in text, address
    assert "Agreed agreed on" not in seen(house, "social.worker", f"/children/{child}")
    text = seen(house, "social.worker", f"/children/{child}/approvals")
    assert recorded in text and "It does not count as agreed" in text
    text = seen(house, "social.worker", f"/children/{child}/timeline")
    assert "Plan recorded as agreed, without the approval that it needs" in text


@pytest.mark.clause("PPM10-A.under7.no")
def test_the_worker_asks_and_the_head_of_service_answers(house: House) -> None:
    child, plan = young(house)
    address = f"/children/{child}/approvals"
    page = seen(house, "social.worker", address)
    assert "It cannot be agreed on 23 November 2026, because:" in page
    assert "the head of service has to approve it before it is agreed (PPM10-A.under7.no)" in page
    assert "Ask for the approval" in page and "To be asked for" in page
    edit = house.client("social.worker").get(f"/record/{plan}/correct")
    db.session.rollback()
    agreed = form(edit.get_data(as_text=True)) | {
        "fact-state": "agreed", "fact-agreed_by": "The meeting", "fact-agreed_on-day": "20",
        "fact-agreed_on-month": "11", "fact-agreed_on-year": "2026", "reason": "It is agreed",
    }  # fmt: skip
    refused = sent(house, "social.worker", f"/record/{plan}/correct", agreed, 422)
    assert "has to approve it before it is agreed" in refused
    assert "PPM10-A.under7.no" in refused and 'value="The meeting"' in refused
    asked = {"rule": "fostering-young", "words-fostering-young": "He is settled"}
    sent(house, "social.worker", address, asked)
    first = seen(house, "head.of.service", "/")
    assert "Approve or not: Long-term fostering under 7: Orlin Thistlewick" in first
    assert "Asked for by Social Worker Of Bexley on 23 November 2026" in first
    assert "He is settled" in first and "PPM10-A.under7.no" in first
    assert "Approve or not" not in seen(house, "assistant.director", "/")
    page = house.client("head.of.service").get(address).get_data(as_text=True)
    (entry_id,) = re.findall(r'action="/record/(\w+)/approval"', page)
    there = f"/record/{entry_id}/approval"
    empty = {"version": "1", f"why-{entry_id}": "Only words"}
    again = sent(house, "head.of.service", there, empty, 422)
    assert "Choose whether you approve it" in again and "Only words" in again
    given = {"version": "1", f"answer-{entry_id}": "given", f"why-{entry_id}": "He is settled."}
    for stale in ("", "7"):
        old = sent(house, "head.of.service", there, {**given, "version": stale}, 422)
        assert "This page was out of date, and nothing was saved" in old
        assert "Somebody else" not in old and old.count("He is settled.") == 1
    out = house.client("social.worker").get(f"/record/{entry_id}/take-out")
    db.session.rollback()
    assert out.status_code == 404
    for role in ("social.worker", "team.manager", "iro", "panel.chair", "assistant.director"):
        sent(house, role, there, given, 404)
    sent(house, "head.of.service", there, given)
    page = seen(house, "social.worker", address)
    assert "Approved by Head Of Service Of Bexley on 23 November 2026: He is settled." in page
    assert "Nothing that the procedures ask for is missing" in page
    assert "Approve or not" not in seen(house, "head.of.service", "/")
    assert "with Special guardianship order. Approved with this rationale: Settled there" in page
    assert "has changed since" not in page
    late = sent(house, "head.of.service", there, {**given, f"why-{entry_id}": "Anew"}, 422)
    assert "Somebody else answered this just now" in late and "Anew" in late
    sent(house, "social.worker", f"/record/{plan}/correct", agreed)
    assert "Agreed" in seen(house, "social.worker", address)


def test_an_approval_stands_beside_a_reworded_rationale_and_both_are_shown(house: House) -> None:
    child, plan = young(house)
    address = f"/children/{child}/approvals"
    sent(house, "social.worker", address, {"rule": "fostering-young"})
    page = house.client("head.of.service").get(address).get_data(as_text=True)
    (entry_id,) = re.findall(r'action="/record/(\w+)/approval"', page)
    assert "Put with this rationale: Settled there" in words(page)
    said = {"version": "1", f"answer-{entry_id}": "given", f"why-{entry_id}": "It is right."}
    sent(house, "head.of.service", f"/record/{entry_id}/approval", said)

    edit = house.client("social.worker").get(f"/record/{plan}/correct")
    db.session.rollback()
    reworded = form(edit.get_data(as_text=True)) | {
        "fact-primary_words": "They have known him since birth", "reason": "Said better",
    }  # fmt: skip
    sent(house, "social.worker", f"/record/{plan}/correct", reworded)

    page = seen(house, "social.worker", address)
    assert "Approved with this rationale: Settled there" in page
    changed = "The rationale has changed since. It is now: They have known him since birth"
    assert changed in page
    assert "Nothing that the procedures ask for is missing" in page


def form(page: str) -> dict[str, str]:
    """What the form of an entry holds: its fields, and what was seen of each."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        chosen = "checked" in tag or not re.search(r'type="(radio|checkbox)"', tag)
        if name and chosen:
            found[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)<', page):
        found[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        picked = re.search(r'value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    found.pop("csrf_token", None)
    return found


def test_who_does_not_see_the_child_finds_no_page(house: House) -> None:
    child, _ = young(house)
    address = f"/children/{child}/approvals"
    for role in ("panel.member", "legal", "authority.administrator"):
        seen(house, role, address, 404)
        sent(house, role, address, {"rule": "fostering-young"}, 404)
    assert "Ask for the approval" not in seen(house, "inspector", address)
    assert "Ask for the approval" not in seen(house, "panel.chair", address)
    for role in ("inspector", "panel.chair", "panel.administrator"):
        sent(house, role, address, {"rule": "fostering-young"}, 404)


@pytest.mark.clause("PPM2-3.2", "PPM2-3.4", "PPM2-3.7")
def test_a_return_home_shows_what_is_there_and_what_is_missing(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    planned(house, child, "return-home")
    address = f"/children/{child}/approvals"
    page = seen(house, "social.worker", address)
    assert "no member of the household recorded" in page
    assert "(PPM2-3.2)" in page and "(PPM2-3.4)" in page
    entry(house, child, "return-home", {**HOME, "parent_support": ""})
    entry(house, child, "household-check", {**MEMBER, "result": "", "dbs_on": ""})
    page = seen(house, "social.worker", address)
    assert "Detailed, done on 20 October 2026" in page and "no check recorded" in page
    assert "Services and support that the parents might need after not recorded" in page
    assert "Ascertained on 21 October 2026" in page
    cousin = {
        "name": "Wen Nettlefold", "relation": "Cousin", "unchecked": "too-young",
        "unchecked_why": "Four, as the aunt says",
    }  # fmt: skip
    entry(house, child, "household-check", cousin)
    page = seen(house, "social.worker", address)
    assert "(Cousin): no check, too young: Four, as the aunt says" in page
    mother = {
        "name": "Ada Crabtree", "relation": "mother", "which": "parenting",
        "asked_on": "2026-03-02",
    }  # fmt: skip
    entry(house, child, "expert-assessment", mother)
    again = {**mother, "asked_on": "2026-06-01", "why_another": "She has moved"}
    entry(house, child, "expert-assessment", again)
    page = seen(house, "social.worker", address)
    assert "2 assessments of Ada Crabtree; another because: She has moved" in page


@pytest.mark.clause("PPM2-3.5")
def test_a_delay_is_seen_in_two_stages_with_when_the_second_is_open(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    plan = planned(house, child, "return-home")
    late = {"what": "Rehabilitation plan", "due_on": "2026-10-05"}
    add(house.scope("social.worker"), child, "plan-step", late, AT, part_of=plan)
    db.session.rollback()
    up_to_date(house)
    first = seen(house, "iro", "/")
    assert "Drift of a return home raised by the reviewing officer: Orlin Thistlewick" in first
    assert "28 days from a step of the return home that was due on 5 October 2026" in first
    assert "Enter a delay of a return home" in first
    raised = {"raised_on": "2026-11-10", "plan_words": "Weekly meetings"}
    entry(house, child, "return-home-delay", raised, "iro")
    up_to_date(house)
    page = seen(house, "iro", f"/children/{child}/approvals")
    assert "If it continues, by 24 November 2026: 10 working days from raising the delay" in page
    assert "set here, not by the procedure" in page and "Weekly meetings" in page
    dates = seen(house, "iro", f"/children/{child}/dates")
    assert "Delay of a return home escalated to the team manager, where it continues" in dates


@pytest.mark.clause("PPM2-3.5")
def test_a_step_that_was_moved_twice_is_raised_by_the_reviewing_officer(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    plan = planned(house, child, "return-home")
    scope = house.scope("social.worker")
    what = {"what": "Overnight stay", "due_on": "2026-12-01"}
    step = add(scope, child, "plan-step", what, AT, part_of=plan).public_id
    db.session.rollback()
    for on in ("2026-12-08", "2026-12-15"):
        assert "A return home drifts" not in seen(house, "iro", "/")
        there = record.entries(scope, child_id, "plan-step")
        used = there[0].values["due_on"].statement.id
        db.session.rollback()
        correct(scope, step, {"due_on": on}, {"due_on": used}, "Not ready", AT)
        db.session.rollback()
    page = seen(house, "iro", "/")
    assert "A return home drifts: Orlin Thistlewick" in page
    assert "“Overnight stay” was moved 2 times and is not done" in page
    assert "A return home drifts" not in seen(house, "social.worker", "/")
    raised = {"raised_on": "2026-11-10", "plan_words": "Weekly meetings"}
    entry(house, child, "return-home-delay", raised, "iro")
    assert "A return home drifts" not in seen(house, "iro", "/")
    assert "A delay of a return home goes on" not in seen(house, "iro", "/")
    house.turn_to(date(2026, 11, 26))
    up_to_date(house)
    goes_on = "A delay of a return home goes on: Orlin Thistlewick"
    assert goes_on in seen(house, "iro", "/")
    assert goes_on not in seen(house, "social.worker", "/")


@pytest.mark.clause("PPM2-3.5")
def test_only_steps_of_the_return_home_itself_are_raised_and_none_twice(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    plan = planned(house, child, "return-home")
    scope = house.scope("social.worker")

    def moved_twice(**values: str) -> None:
        given = {"what": "Overnight stay", "due_on": "2026-12-01", **values}
        step = add(scope, child, "plan-step", given, AT, part_of=plan).public_id
        for on in ("2026-12-08", "2026-12-15"):
            there = record.entries(scope, child_id, "plan-step")
            used = next(one for one in there if one.public_id == step).values["due_on"]
            db.session.rollback()
            seen_then = {"due_on": used.statement.id}
            correct(scope, step, {"due_on": on}, seen_then, "Not ready", AT)
        db.session.rollback()

    moved_twice(what="Match", plan="contingency")
    assert "A return home drifts" not in seen(house, "iro", "/")
    moved_twice()
    assert "“Overnight stay” was moved 2 times" in seen(house, "iro", "/")
    over = {"raised_on": "2026-11-23", "plan_words": "Weekly meetings", "ended_on": "2026-11-23"}
    entry(house, child, "return-home-delay", over, "iro")
    assert "A return home drifts" not in seen(house, "iro", "/")


@pytest.mark.clause("PPM2-2.7")
def test_the_chair_lets_a_booking_go_ahead_and_it_is_shown(house: House) -> None:
    _, child = house.child()
    planned(house, child, "adoption", contingencies="sgo")
    address = f"/children/{child}/approvals"
    there = f"{address}/decision-maker"
    page = seen(house, "social.worker", address)
    assert "Adoption is an option since 1 October 2026." in page
    assert "No permanence planning meeting was held since adoption became an option" in page
    assert "Let it go ahead" not in page
    for role in ("social.worker", "iro", "panel.member"):
        sent(house, role, there, {"lift-why": "Now"}, 404)
    assert "Let it go ahead" in seen(house, "team.manager", address)
    asked = {
        "forum": "agency-decision-maker", "asked": "Should the child be placed?",
        "made_on-day": "23", "made_on-month": "11", "made_on-year": "2026",
    }  # fmt: skip
    refused = sent(house, "social.worker", f"/children/{child}/refer-on", asked, 422)
    assert "since adoption became an option on 1 October 2026" in refused
    assert "Should the child be placed?" in refused and "PPM2-2.7" in refused
    assert f"/children/{child}/approvals#decision-maker" in refused
    assert "Say why it goes ahead" in sent(house, "panel.chair", there, {"lift-why": ""}, 422)
    before = {**asked, "made_on-day": "9"}
    refused = sent(house, "social.worker", f"/children/{child}/refer-on", before, 422)
    assert f"/children/{child}/approvals?on=2026-11-09#decision-maker" in refused
    then = seen(house, "panel.chair", f"{address}?on=2026-11-09")
    assert "For a referral of 9 November 2026, as at that day." in then
    for never in ("2026-11-24", "yesterday", "0001-01-01"):
        assert "For a referral of" not in seen(house, "panel.chair", f"{address}?on={never}")
        typed = {"lift-why": "The court", "on": never}
        assert "must be today or in the past" in sent(house, "panel.chair", there, typed, 422)
    for too_few in ("x", "The court"):
        typed = {"lift-why": too_few}
        assert "in some words" in sent(house, "panel.chair", there, typed, 422)
    sent(house, "panel.chair", there, {"lift-why": "The court has set a date"})
    late = words(sent(house, "team.manager", there, {"lift-why": "A day is set now"}, 422))
    assert "Panel Chair Of Bexley has let it go ahead already, on 23 November 2026" in late
    assert "What you typed A day is set now" in late
    page = seen(house, "social.worker", address)
    assert "as Panel Chair Of Bexley decided on 23 November 2026: The court has set a date" in page
    record_page = seen(house, "social.worker", f"/children/{child}/record")
    assert "The court has set a date" in record_page
    assert "Add a booking that the chair lets go ahead" not in record_page
    answer = house.client("social.worker").post(f"/children/{child}/refer-on", data=asked)
    db.session.rollback()
    assert answer.status_code == 303
    referral = seen(house, "iro", answer.location)
    assert "It goes ahead all the same, as Panel Chair Of Bexley decided on" in referral
    assert "The court has set a date" in referral


@pytest.mark.clause("PPM2-3.3")
def test_who_stands_in_sees_for_whom_and_answers(house: House) -> None:
    child_id, child = house.child(born=date(2010, 11, 20))
    in_care(house, child_id)
    planned(house, child, "return-home")
    ready(house, child)
    address = f"/children/{child}/approvals"
    sent(house, "team.manager", address, {"rule": "home-accommodated"})
    covers(house, "assistant.director", "deputy.director")
    first = seen(house, "deputy.director", "/")
    assert "For Assistant Director Of Bexley, who is away." in first
    assert "The child is 16 on 23 November 2026, accommodated under section 20" in first


@pytest.mark.clause("PPM2-2.8")
def test_a_review_after_a_placement_order_is_asked_for_where_it_is_due(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "E1", date(2026, 8, 20))
    entry(house, child, "contact", {"name": "Ada Crabtree", "relation": "Mother"})
    up_to_date(house)
    first = seen(house, "social.worker", "/")
    assert "why the child is not placed: Orlin Thistlewick" in first
    assert "Enter a review after the placement order" in first
    assert "Enter a review after the placement order" in seen(
        house, "social.worker", f"/children/{child}/dates"
    )
    answered = {"reviewed_on": "2026-11-20", "why_not": "No match", "viable": "may-not-be"}
    entry(house, child, "placement-order-review", answered)
    up_to_date(house)
    dates = seen(house, "social.worker", f"/children/{child}/dates")
    assert "Permanence planning meeting, as adoption may not be viable" in dates
    assert "19 February 2027" in dates

"""The options page of a planning meeting: what is chosen there, in place or without a script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import toyshire
from builders import reading
from builders.elsewhere import other_authorities
from builders.house import AT, House
from builders.planned_meetings import booked as book
from builders.planned_meetings import closed
from builders.with_law import with_law
from conftest import TODAY
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.domain.finding import Strength
from core.domain.record.plan import OPTIONS
from core.store import answers, planning, record
from core.store.database import db
from core.usecases.planning_options import options_of
from core.usecases.record_new import add

HTMX = {"HX-Request": "true"}
ON = date(2026, 12, 3)


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    return house.child(born=date(2020, 1, 20))


def booked(house: House, child: tuple[int, str], on: date = ON, role: str = "social.worker") -> str:
    """Book a planning meeting; gives the address of its options."""
    return f"/planning-meetings/{book(house, child[1], on, AT, role=role)}/options"


def words(page: TestResponse) -> str:
    return reading.words(html.unescape(page.text))


def stored(house: House, address: str) -> dict[str, str]:
    row = planning.find(house.whole, address.split("/")[2])
    assert row is not None
    given = {str(p): a.value for p, a in answers.load(house.whole, row.case_id).items()}
    db.session.rollback()
    return {name: value for name, value in given.items() if value}


def listed(page: TestResponse) -> list[str]:
    """The options that the page lists, in their order."""
    return re.findall(r'class="app-option" id="option-([a-z-]+)"', page.text)


def save_field(client: FlaskClient, address: str, name: str, data: dict[str, Any]) -> TestResponse:
    return client.post(f"{address}/field?field={name}", data=data, headers=HTMX)


ALWAYS = ["return-home", "return-home-supervision-order"]
MAY_BE = ["connected-fostering", "sgo", "cao", "care-order-to-sgo-cao"]
IS_NOT = ["adoption", "long-term-fostering", "connected-fostering-to-sgo"]
GRAN = {
    "person-name": "Ode Fennimore", "person-relation": "Grandmother",
    "person-identified_on-day": "1", "person-identified_on-month": "11",
    "person-identified_on-year": "2026", "person-how": "family-meeting",
}  # fmt: skip


def rule_out(
    client: FlaskClient, house: House, child: tuple[int, str], address: str, **more: Any
) -> TestResponse:
    """Rule out the last connected person that is recorded."""
    people = record.entries(house.whole, child[0], "connected-person")
    db.session.rollback()
    one = people[-1].public_id
    data = {
        f"out-{one}-ruled_out_on-day": "20", f"out-{one}-ruled_out_on-month": "11",
        f"out-{one}-ruled_out_on-year": "2026", f"out-{one}-ruled_out_why": "She withdrew",
    }  # fmt: skip
    data |= {f"out-{one}-{name}": value for name, value in more.pop("data", {}).items()}
    return client.post(
        f"{address.removesuffix('/options')}/connected-people/{one}/rule-out", data=data, **more
    )


@pytest.mark.clause("PPM10-A.under7.maybe", "PPM10-A.under7.no", "PPM10-A.1", "PPM10-A.0")
def test_the_page_lists_exactly_the_cell_and_changes_as_everybody_is_ruled_out(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    page = client.get(address)
    assert page.status_code == 200
    assert listed(page) == ALWAYS + MAY_BE
    said = words(page)
    assert "May be an option Nobody has been identified yet" in said
    assert "Age on the day of the meeting 6" in said
    assert "Under 7: connected person care may be an option" in said
    assert "/clauses/PPM10-A.under7.maybe" in page.text
    assert "Another option, outside the guide at this age" in said
    people = address.replace("/options", "/connected-people")
    assert client.post(people, data=GRAN).status_code == 303
    page = client.get(address)
    assert "1 of 1 identified is not ruled out" in words(page)
    assert listed(page) == ALWAYS + MAY_BE
    done = rule_out(client, house, child, address)
    assert done.status_code == 303 and done.headers["Location"].endswith("/options#connected")
    page = client.get(address)
    assert listed(page) == ALWAYS + IS_NOT
    assert "Is not an option Everybody identified is ruled out" in words(page)
    assert "Ruled out on 20 November 2026: She withdrew" in words(page)
    needs = "It cannot be agreed without a clear rationale and the head of service’s approval"
    assert needs in words(page)


def test_with_a_script_the_options_change_in_place(house: House, child: tuple[int, str]) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    people = address.replace("/options", "/connected-people")
    answer = client.post(people, data=GRAN, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="connected"')
    assert "Ode Fennimore, Grandmother" in answer.text
    answer = rule_out(client, house, child, address, headers=HTMX)
    assert listed(answer) == ALWAYS + IS_NOT
    assert re.findall(r'id="([a-z]+)"[^>]* hx-swap-oob="true"', answer.text) == [
        "placed", "options", "plan", "lacking",
    ]  # fmt: skip
    assert "Ruled out" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_ruling_out_needs_both_the_day_and_why(
    house: House, child: tuple[int, str], headers: dict[str, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    client.post(address.replace("/options", "/connected-people"), data=GRAN)
    lacking = {"ruled_out_why": ""}
    answer = rule_out(client, house, child, address, data=lacking, headers=headers)
    assert answer.status_code == 422
    assert "Say why" in words(answer) and 'value="20"' in answer.text
    impossible = {"ruled_out_on-day": "31", "ruled_out_on-month": "2"}
    answer = rule_out(client, house, child, address, data=impossible, headers=headers)
    assert answer.status_code == 422
    assert "must be a real date" in words(answer) and "She withdrew" in answer.text
    assert listed(client.get(address)) == ALWAYS + MAY_BE
    nothing = dict.fromkeys(("ruled_out_on-day", "ruled_out_on-month", "ruled_out_on-year"), "")
    answer = rule_out(client, house, child, address, data=nothing | lacking, headers=headers)
    assert answer.status_code == 422


def test_who_was_ruled_out_can_be_let_in_again(house: House, child: tuple[int, str]) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    client.post(address.replace("/options", "/connected-people"), data=GRAN)
    rule_out(client, house, child, address)
    page = client.get(address)
    seen = dict(re.findall(r'name="out-\w+-(ruled_out_\w+-seen)" value="(\d+)"', page.text))
    assert "0" not in seen.values()
    nothing = dict.fromkeys(
        ["ruled_out_on-day", "ruled_out_on-month", "ruled_out_on-year", "ruled_out_why"], ""
    )
    answer = rule_out(client, house, child, address, data=nothing | seen)
    assert answer.status_code == 303
    assert listed(client.get(address)) == ALWAYS + MAY_BE


def test_a_person_needs_a_name_and_keeps_what_was_typed(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    people = address.replace("/options", "/connected-people")
    answer = client.post(people, data={**GRAN, "person-name": ""})
    assert answer.status_code == 422
    assert 'href="#person-name"' in answer.text and 'value="Grandmother"' in answer.text
    answer = client.post(people, data={**GRAN, "person-identified_on-year": "2036"})
    assert answer.status_code == 422 and 'value="2036"' in answer.text
    assert "must be today or in the past" in answer.text


@pytest.mark.clause("PPM10-A.1")
def test_nothing_of_the_cell_is_supported_before_reunification_was_considered(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    name = "option-sgo-conclusion"
    refused = save_field(client, address, name, {name: "supported", f"{name}-seen": "0"})
    assert refused.status_code == 422
    assert "Say first that return to the parents was considered" in words(refused)
    assert stored(house, address) == {}
    home = "option-return-home-conclusion"
    assert save_field(client, address, home, {home: "supported"}).status_code == 200
    for field, value in (("reunification", "yes"), ("reunification-why", "Not safe in time")):
        assert save_field(client, address, field, {field: value}).status_code == 200
    assert save_field(client, address, name, {name: "supported"}).status_code == 200
    assert stored(house, address) == {
        "option-return-home-conclusion": "supported",
        "reunification": "yes",
        "reunification-why": "Not safe in time",
        name: "supported",
    }


def test_what_can_be_the_plan_follows_in_place_from_what_came_of_the_options(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    name = "option-sgo-conclusion"
    answer = save_field(client, address, name, {name: "ruled-out"})
    assert answer.status_code == 200 and 'id="plan"' in answer.text
    offered = re.findall(r'name="plan-primary" type="radio" value="([a-z-]+)"', answer.text)
    assert offered == [*ALWAYS, "connected-fostering", "cao", "care-order-to-sgo-cao"]
    assert 'id="options"' not in answer.text  # What is being typed among them is left alone.
    why = "option-sgo-why"
    answer = save_field(client, address, why, {why: "Nobody asks for it"})
    assert 'id="plan"' not in answer.text and 'id="lacking"' in answer.text


WHOLE = {
    "reunification": "yes",
    "reunification-why": "Not safe within his time",
    "family-meeting-why-not": "The family asked for none",
    "option-cao-conclusion": "supported",
    "option-cao-why": "His aunt asks for it",
    "option-sgo-conclusion": "considered",
    "option-sgo-why": "If the aunt wants it later",
    "plan-primary": "cao",
    "plan-contingencies": "sgo",
    "plan-step-0001-abcd.plan": "primary",
    "plan-step-0001-abcd.what": "Assess the aunt",
    "plan-step-0001-abcd.who": "Una",
    "plan-step-0001-abcd.due_on-day": "20",
    "plan-step-0001-abcd.due_on-month": "12",
    "plan-step-0001-abcd.due_on-year": "2026",
}


@pytest.mark.clause("PPM10-A.2", "PPM10-A.3", "PPM2-2.6")
def test_without_a_script_everything_is_saved_at_once_and_what_is_lacking_is_said(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    said = words(client.get(address))
    assert "No family network meeting is recorded: record the day, or say why not" in said
    assert "Return to the child’s parents is considered in every case" in said
    alone = {k: v for k, v in WHOLE.items() if k != "plan-contingencies"}
    assert client.post(address, data=alone).status_code == 303
    said = words(client.get(address))
    assert "A plan has a contingency: choose one at least (Why: PPM10-A.2)" in said
    assert client.post(address, data=WHOLE).status_code == 303
    said = words(client.get(address))
    assert "A plan has a contingency: choose" not in said
    assert "The contingency plan has no step with a day (a reminder)" in said
    given = stored(house, address)
    assert given["plan-step-0001-abcd.due_on"] == "2026-12-20"
    assert given["plan-primary"] == "cao" and given["plan-contingencies"] == "sgo"


def test_what_cannot_be_said_is_shown_again_beside_its_field_and_the_rest_is_saved(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    wrong = {**WHOLE, "option-cao-conclusion": "ruled-out", "plan-primary": "cao"}
    answer = client.post(address, data=wrong)
    assert answer.status_code == 422
    assert 'href="#plan-primary"' in answer.text
    assert "Child arrangements order (CAO) is ruled out: it cannot be the plan" in words(answer)
    given = stored(house, address)
    assert "plan-primary" not in given and given["plan-contingencies"] == "sgo"


@pytest.mark.clause("PPM10-A.0")
def test_another_option_is_named_outside_the_cell_with_its_rationale(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    added = client.post(address, data={"add": "outside"})
    assert added.status_code == 303
    page = client.get(added.headers["Location"])
    (row,) = set(re.findall(r'id="(outside-0001-\w{4})"', page.text))
    offered = re.findall(
        rf'name="{re.escape(row)}.option" type="radio" value="([a-z-]+)"', page.text
    )
    assert "adoption" in offered and set(offered).isdisjoint(ALWAYS + MAY_BE)
    data = {
        **WHOLE, f"{row}.option": "adoption", f"{row}.conclusion": "considered",
        f"{row}.why": "Nobody else may be found", "plan-contingencies": "adoption",
    }  # fmt: skip
    client.post(address, data=data)
    page = client.get(address)
    assert "adoption" not in listed(page)
    assert "Adoption: it needs a clear rationale (Why: PPM10-A.0)" in words(page)
    client.post(address, data={**data, f"{row}.rationale": "The aunt is ill"})
    assert "it needs a clear rationale (Why" not in words(client.get(address))
    client.post(address, data={"remove": row, f"{row}.option": "", f"{row}.option-seen": "1"})


def test_a_birthday_before_the_next_meeting_is_announced_with_what_it_changes(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    said = words(client.get(address))
    assert (
        "On 20 January 2027, before the next meeting (by 11 February 2027), Orlin Thistlewick "
        "turns 7. From then the options are those of “7 to 10”."
    ) in said
    assert "Special guardianship order (SGO) is no longer among them" in said
    assert (
        "Special guardianship order (SGO) with the existing foster carer is then among them" in said
    )
    later = house.child("0102", born=date(2020, 2, 12))
    other = booked(house, later)
    assert "turns 7" not in words(client.get(other))
    written = {"next-on-day": "12", "next-on-month": "4", "next-on-year": "2027"}
    client.post(other.replace("/options", "/record"), data=written)
    assert "On 12 February 2027, before the next meeting (by 12 April 2027)" in words(
        client.get(other)
    )
    client.post(address.replace("/options", "/connected-people"), data=GRAN)
    rule_out(client, house, child, address)
    said = words(client.get(address))
    needs = "no longer needs a clear rationale and the head of service’s approval"
    assert f"Long-term fostering {needs}" in said


def test_the_long_term_fostering_of_a_child_under_7_awaits_the_head_of_service(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    client.post(address.replace("/options", "/connected-people"), data=GRAN)
    rule_out(client, house, child, address)
    chosen = {
        **{k: v for k, v in WHOLE.items() if not k.startswith(("option", "plan-c", "plan-p"))},
        "option-long-term-fostering-conclusion": "supported",
        "option-long-term-fostering-why": "He has settled",
        "option-long-term-fostering-rationale": "He asks to stay",
        "option-adoption-conclusion": "considered",
        "option-adoption-why": "If the carers move",
        "plan-primary": "long-term-fostering",
        "plan-contingencies": "adoption",
    }
    assert client.post(address, data=chosen).status_code == 303
    said = words(client.get(address))
    assert "cannot be agreed without the head of service’s approval" in said
    row = planning.find(house.whole, address.split("/")[2])
    assert row is not None
    with house.app.app_context():
        options = options_of(house.whole, house.app.extensions["permanence"].registry, row)
    waits = [f for f in options.lacking() if f.strength is Strength.IN_PRINCIPLE]
    assert [f.clauses for f in waits] == [("PPM10-A.under7.no",)]
    assert not any(f.blocks for f in options.lacking({"long-term-fostering"}))


def test_two_people_write_different_fields_and_one_field_asks_whose(
    house: House, child: tuple[int, str]
) -> None:
    address = booked(house, child)
    first, second = house.client("social.worker"), house.client("team.manager")
    save_field(first, address, "option-cao-why", {"option-cao-why": "Hers"})
    assert (
        save_field(second, address, "option-sgo-why", {"option-sgo-why": "His"}).status_code == 200
    )
    clash = save_field(second, address, "option-cao-why", {"option-cao-why": "His"})
    assert clash.status_code == 422 and "Keep theirs" in clash.text
    assert stored(house, address) == {"option-cao-why": "Hers", "option-sgo-why": "His"}


def test_who_does_not_work_with_the_child_reads_and_changes_nothing(
    house: House, child: tuple[int, str]
) -> None:
    address = booked(house, child)
    page = house.client("inspector").get(address)
    assert page.status_code == 200
    assert "<textarea" not in page.text and 'value="yes">Save' not in page.text
    assert house.client("inspector").post(address, data=WHOLE).status_code == 404
    elsewhere = house.child("0199", worker=None, iro=None, team="No such team")
    at = booked(house, elsewhere, role="deputy.director").removesuffix("/options")
    worker = house.client("social.worker")
    for path in ("options", "options/field?field=plan-primary", "connected-people"):
        assert worker.post(f"{at}/{path}", data=WHOLE).status_code == 404
    assert worker.get(f"{at}/options").status_code == 404


def test_what_was_said_last_time_stands_beside_each_option(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    plan = add(scope, child[1], "plan", {"primary": "sgo", "identified_on": "2026-10-01"}, AT)
    for on, conclusion in (("2026-10-01", "considered"), ("2026-11-01", "supported")):
        entry = {"option": "sgo", "conclusion": conclusion, "why": "The aunt", "considered_on": on}
        add(scope, child[1], "plan-option", entry, AT, part_of=plan.public_id)
    said = words(house.client("social.worker").get(booked(house, child)))
    assert "On 1 November 2026: supported. The aunt" in said
    assert "On 1 October 2026" not in said


def test_a_field_that_there_is_not_is_not_found(house: House, child: tuple[int, str]) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    assert save_field(client, address, "no-such-field", {}).status_code == 404
    people = address.replace("/options", "/connected-people")
    assert client.post(f"{people}/nobody/rule-out").status_code == 404


@pytest.mark.clause("PPM2-2.6")
def test_without_a_matrix_the_options_are_said_not_to_be_laid_down(
    tmp_path: Path, database_url: str
) -> None:
    with other_authorities(tmp_path, database_url) as made:
        house = House(made, TODAY, "SOM", "somerset")
        child = house.child()
        meeting = book(house, child[1], ON, AT, key="PPM2/permanence-planning-meeting")
        client, address = house.client("social.worker"), f"/planning-meetings/{meeting}/options"
        page = client.get(address)
        assert page.status_code == 200
        assert listed(page) == [code for code in OPTIONS if code != "other"]
        folded = '<details class="govuk-details"><summary class="govuk-details__summary">'
        flat = re.sub(r">\s+<", "><", page.text)
        assert (
            flat.count(f'{folded}<span class="govuk-details__summary-text">Weigh it')
            == len(OPTIONS) - 1
        )
        said = words(page)
        assert "Options by age Not laid down by the procedure" in said
        assert "These options are not laid down by the procedure." in said
        assert "Reunification first" not in said
        chosen = {k: v for k, v in WHOLE.items() if k.startswith(("option", "plan"))}
        assert client.post(address, data=chosen).status_code == 303
        page = client.get(address)
        assert len(re.findall(r'<details class="govuk-details" open>', page.text)) == 2
        said = words(page)
        assert "The contingency plan has no step with a day (a reminder) (Why: PPM2-2.6)" in said
        step = {
            "plan-step-0002-abcd.plan": "contingency",
            "plan-step-0002-abcd.what": "Ask the aunt",
            "plan-step-0002-abcd.due_on-day": "21",
            "plan-step-0002-abcd.due_on-month": "12",
            "plan-step-0002-abcd.due_on-year": "2026",
        }
        assert client.post(address, data=step).status_code == 303
        assert "has no step with a day" not in words(client.get(address))


def test_another_authority_s_ages_columns_and_own_options_are_its_plugin_s(
    tmp_path: Path, database_url: str
) -> None:
    for made in with_law(tmp_path, database_url, toyshire=toyshire):
        house = House(made, TODAY, "TOY", "toyshire")
        child = house.child(born=date(2017, 5, 4))
        meeting = book(house, child[1], ON, AT, key="TOY/permanence-planning-meeting")
        client, address = house.client("social.worker"), f"/planning-meetings/{meeting}/options"
        page = client.get(address)
        assert listed(page) == ["staying-put"]
        offered = re.findall(r'name="options-column" type="radio" value="([a-z]+)"', page.text)
        assert offered == ["somebody", "already"]
        saved = save_field(client, address, "options-column", {"options-column": "already"})
        assert saved.status_code == 200
        assert listed(saved) == ["sgo", "staying-put"]
        said = words(client.get(address))
        assert "To stay with them for good" in said
        assert "Named by the authority’s own procedure. Why? TOY-6" in said
        assert "Another option" not in said and "Reunification first" not in said
        assert "Options of Under 10 The child lives with them already" in said


def test_an_answer_is_taken_back_with_the_last_of_its_choices(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child)
    assert client.post(address, data=WHOLE).status_code == 303
    page = client.get(address).text
    for name, text in (
        ("option-cao-conclusion", "Not weighed yet"),
        ("reunification", "Not said yet"),
        ("plan-primary", "None is chosen yet"),
    ):
        choice = re.search(
            rf'name="{name}" type="radio" value=""[^>]*>\s*<label[^>]*>\s*{text}', page
        )
        assert choice is not None and "checked" not in choice[0], name
        saved = save_field(client, address, name, {name: "", f"{name}-seen": "1"})
        assert saved.status_code == 200, name
    given = stored(house, address)
    assert {"option-cao-conclusion", "reunification", "plan-primary"}.isdisjoint(given)
    assert not re.search(r'type="radio" value=""[^>]* checked', client.get(address).text)
    assert given["option-cao-why"] == "His aunt asks for it"


def test_what_the_last_meeting_said_stands_beside_the_questions(
    house: House, child: tuple[int, str]
) -> None:
    client, address = house.client("social.worker"), booked(house, child, date(2026, 11, 20))
    assert client.post(address, data=WHOLE).status_code == 303
    closed(house, address.split("/")[2], AT)
    plan = add(
        house.scope("social.worker"), child[1], "plan",
        {"primary": "cao", "identified_on": "2026-11-20"}, AT,
    )  # fmt: skip
    entry = {"option": "adoption", "conclusion": "considered", "why": "If nobody is found",
             "considered_on": "2026-11-20"}  # fmt: skip
    add(house.scope("social.worker"), child[1], "plan-option", entry, AT, part_of=plan.public_id)
    page = client.get(booked(house, child))
    said = words(page)
    last = "Last time, on 20 November 2026:"
    assert f"{last} considered. Not safe within his time" in said
    assert f"{last} The family asked for none" in said
    plans = "Child arrangements order (CAO); contingency: Special guardianship order (SGO)"
    assert f"{last} {plans}" in said
    assert f"{last} Assess the aunt (Una, by 20 December 2026)" in said
    assert "not listed here: Adoption: still considered, on 20 November 2026. If" in said
    assert not re.search(r'type="radio" value="[a-z-]+"[^>]* checked', page.text)


def test_a_save_that_frees_what_was_refused_says_so(house: House, child: tuple[int, str]) -> None:
    client, address = house.client("social.worker"), booked(house, child)

    def said(name: str, value: str) -> str:
        return save_field(client, address, name, {name: value}).headers["HX-Trigger"]

    assert "tryAgain" not in said("option-sgo-conclusion", "supported")
    assert "tryAgain" not in said("reunification", "yes")
    assert "tryAgain" in said("reunification-why", "Not safe within his time")
    assert "tryAgain" not in said("option-sgo-why", "The aunt")
    assert "tryAgain" in said("option-sgo-conclusion", "supported")
    assert "tryAgain" in said("plan-primary", "sgo")

"""A planning meeting from its booking to its place in the record: written, checked and closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.reading import get, words
from builders.with_law import with_law
from flask import Flask
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 11, 23)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    return house.child()[1]


@pytest.fixture
def meeting(house: House, child: str) -> str:
    return booked(house, child, ON, AT)


def attend(client: FlaskClient, meeting: str) -> None:
    """Ask everybody who is known, say why the carers are not, and mark all as having come."""
    address = f"/planning-meetings/{meeting}/people"
    client.post(f"{address}/ask-everybody")
    client.post(
        f"{address}/leave-out", data={"line": "foster-carers", "why-foster-carers": "They move"}
    )
    page = client.get(address).text
    marks = {}
    for key, seen in re.findall(r'name="seen-(\w+)" value="(\d+)"', page):
        marks |= {f"seen-{key}": seen, f"came-{key}": "present", f"mode-{key}": "in-person"}
    assert client.post(f"{address}/came", data=marks).status_code == 303


OPTIONS = {
    "reunification": "yes",
    "reunification-why": "Both parents were assessed",
    "family-meeting-why-not": "The family did not agree to one",
    "option-connected-fostering-conclusion": "supported",
    "option-connected-fostering-why": "Her aunt was assessed",
    "option-cao-conclusion": "considered",
    "option-cao-why": "Later, if the aunt wishes",
    "plan-primary": "connected-fostering",
    "plan-contingencies": "cao",
    "plan-step-0001-abcd.plan": "primary",
    "plan-step-0001-abcd.what": "Approve the aunt",
    "plan-step-0001-abcd.due_on-day": "1",
    "plan-step-0001-abcd.due_on-month": "2",
    "plan-step-0001-abcd.due_on-year": "2027",
    "plan-step-0002-abcd.plan": "contingency",
    "plan-step-0002-abcd.what": "Ask the aunt about an order",
    "plan-step-0002-abcd.due_on-day": "1",
    "plan-step-0002-abcd.due_on-month": "3",
    "plan-step-0002-abcd.due_on-year": "2027",
}


def written(house: House, client: FlaskClient, meeting: str, **more: str) -> None:
    saved = client.post(f"/planning-meetings/{meeting}/options", data=OPTIONS)
    assert saved.status_code == 303, words(saved.text)[:2500]
    page = client.get(f"/planning-meetings/{meeting}/record?row=action-0001-abcd").text
    worker = re.search(r'value="(\w+)"[^>]*>\s*Social Worker Of Bexley', page)
    assert worker is not None
    record = {
        "progress": "The aunt came forward",
        "discussion": "Her wish to stay near school",
        "rationale": "She knows her aunt best",
        "agreed": "The aunt is the plan",
        "action-0001-abcd.what": "Write the assessment",
        "action-0001-abcd.owner": worker[1],
        "action-0001-abcd.due-day": "10",
        "action-0001-abcd.due-month": "12",
        "action-0001-abcd.due-year": "2026",
        "action-0001-abcd.done-means": "It is signed",
        **more,
    }
    saved = client.post(f"/planning-meetings/{meeting}/record", data=record)
    assert saved.status_code == 303, words(saved.text)[:2500]


LATER = (("day", "10"), ("month", "2"), ("year", "2027"))


def chair_of(client: FlaskClient, meeting: str) -> str:
    page = client.get(f"/planning-meetings/{meeting}/close").text
    found = re.search(r'value="(\w+)"[^>]*checked', page)
    assert found is not None, words(page)
    return found[1]


@pytest.mark.clause("PPM10-1", "PPM10-4", "PPM10-A.2")
def test_what_was_written_is_in_the_record_once_the_meeting_is_closed(
    house: House, child: str, meeting: str
) -> None:
    client = house.client("team.manager")
    address = f"/planning-meetings/{meeting}"
    empty = client.post(f"{address}/close")
    assert empty.status_code == 422
    said = words(empty.text)
    assert "Say who chaired" in said and "Not answered: What was decided" in said
    attend(client, meeting)
    written(house, client, meeting)
    check = words(client.get(f"{address}/close").text)
    assert "Nothing stands against closing it" in check
    done = client.post(f"{address}/close", data={"chair": chair_of(client, meeting)})
    assert done.status_code == 303, words(done.text)
    record = words(get(house, f"/children/{child}/record"))
    assert "Fostering by a connected person" in record and "Approve the aunt" in record
    assert "Her aunt was assessed" in record
    page = words(get(house, f"/children/{child}"))
    assert "Write the assessment" in page
    again = client.post(f"{address}/record", data={"discussion": "Too late"})
    assert again.status_code == 422 and "is over" in words(again.text)
    assert "What you wrote was not saved" in again.text and "Too late" in again.text
    held = words(get(house, address))
    assert "Chaired by Team Manager Of Bexley" in held
    assert "Connected person foster care Otherwise: Child arrangements order" in held


def test_who_closes_a_meeting_second_is_told_and_keeps_what_they_wrote(
    house: House, meeting: str
) -> None:
    client = house.client("team.manager")
    attend(client, meeting)
    written(house, client, meeting)
    typed = {"chair": chair_of(client, meeting), "chair-why": "The manager was ill"}
    assert client.post(f"/planning-meetings/{meeting}/close", data=typed).status_code == 303
    second = client.post(f"/planning-meetings/{meeting}/close", data=typed)
    assert second.status_code == 422
    said = words(second.text)
    assert "This meeting is over" in said and "The manager was ill" in said
    assert "Close the meeting" not in said and "How the meeting stands now" in said


@pytest.mark.clause("PPM10-A.2")
def test_a_plan_without_a_contingency_is_refused(house: House, meeting: str) -> None:
    client = house.client("team.manager")
    attend(client, meeting)
    written(house, client, meeting)
    page = client.get(f"/planning-meetings/{meeting}/options").text
    seen = re.search(r'name="plan-contingencies-seen" value="(\d+)"', page)
    assert seen is not None
    gone = {"plan-contingencies": "", "plan-contingencies-seen": seen[1]}
    assert client.post(f"/planning-meetings/{meeting}/options", data=gone).status_code == 303
    chair = chair_of(client, meeting)
    refused = client.post(f"/planning-meetings/{meeting}/close", data={"chair": chair})
    assert refused.status_code == 422
    said = words(refused.text)
    assert "A plan has a contingency: choose one at least" in said and "PPM10-A.2" in said


@pytest.mark.clause("PPM10-4")
def test_the_team_manager_chairs_else_it_is_said_why_not(house: House, meeting: str) -> None:
    client = house.client("team.manager")
    attend(client, meeting)
    written(house, client, meeting)
    page = client.get(f"/planning-meetings/{meeting}/close").text
    guests = re.findall(r'name="chair"[^>]*value="(\w+)"', page)
    usual = chair_of(client, meeting)
    other = next(guest for guest in guests if guest != usual)
    address = f"/planning-meetings/{meeting}/close"
    refused = client.post(address, data={"chair": other})
    assert refused.status_code == 422
    assert "Team manager chairs: say why somebody else did" in words(refused.text)
    long = client.post(address, data={"chair": other, "chair-why": "x" * 2_001})
    assert long.status_code == 422 and "must be 2,000 characters or fewer" in long.text
    done = client.post(address, data={"chair": other, "chair-why": "The manager was ill"})
    assert done.status_code == 303


@pytest.mark.clause("PPM10-7", "PPM10-8")
def test_the_next_meeting_opens_with_the_last_and_carries_its_actions(
    house: House, child: str, meeting: str
) -> None:
    client = house.client("team.manager")
    attend(client, meeting)
    written(house, client, meeting)
    client.post(f"/planning-meetings/{meeting}/close", data={"chair": chair_of(client, meeting)})
    house.turn_to(date(2027, 1, 25))
    following = booked(house, child, date(2027, 1, 25), AT)
    page = words(get(house, f"/planning-meetings/{following}/record"))
    assert "Last time: 23 November 2026" in page and "Her wish to stay near school" in page
    assert "Write the assessment" in page and "First due 10 December 2026" in page
    assert "stood overdue at 0 meetings" in page
    attend(client, following)
    due = {f"action-0001-abcd.due-{part}": said for part, said in LATER}
    written(house, client, following, agreed="As before", **due)
    closed = client.post(
        f"/planning-meetings/{following}/close", data={"chair": chair_of(client, following)}
    )
    assert closed.status_code == 303, words(closed.text)
    third = booked(house, child, date(2027, 3, 1), AT)
    page = words(get(house, f"/planning-meetings/{third}/record"))
    assert "stood overdue at 1 meeting" in page


def test_what_a_colleague_writes_comes_to_the_page_that_is_open(house: House, meeting: str) -> None:
    worker, manager = house.client("social.worker"), house.client("team.manager")
    address = f"/planning-meetings/{meeting}"
    asks = f"{address}/live/record?discussion-seen=0&rationale-seen=0"
    assert worker.get(asks).status_code == 204
    manager.post(f"{address}/record", data={"discussion": "Said by the manager"})
    answer = worker.get(asks)
    assert answer.status_code == 200
    assert "Said by the manager" in answer.text and "by Team Manager Of Bexley" in answer.text
    assert 'id="discussion-field"' in answer.text and "rationale-field" not in answer.text
    assert worker.get(f"{address}/live/record?discussion-seen=1").status_code == 204
    clash = worker.post(f"{address}/record", data={"discussion": "Mine", "discussion-seen": "0"})
    assert clash.status_code == 422
    assert "Said by the manager" in clash.text and "Mine" in clash.text
    manager.post(f"{address}/record", data={"action-0001-abcd.what": "A row that is new"})
    told = worker.get(f"{address}/live/record?discussion-seen=1&action-0002-hhhh.what-seen=0")
    assert "Added just now by Team Manager Of Bexley: action 2" in words(told.text)
    assert "A row that is new" in told.text and "beforeend:#action-rows" in told.text
    shows = "discussion-seen=1&action-0001-abcd.what-seen=1"
    assert worker.get(f"{address}/live/record?{shows}").status_code == 204
    seen = {"remove": "action-0001-abcd", "action-0001-abcd.what-seen": "1"}
    assert manager.post(f"{address}/record", data=seen).status_code == 303
    gone = worker.get(f"{address}/live/record?{shows}").text
    assert '<fieldset id="action-0001-abcd" hx-swap-oob="delete">' in gone


def test_the_options_page_gets_what_follows_from_what_a_colleague_said(
    house: House, meeting: str
) -> None:
    worker, manager = house.client("social.worker"), house.client("team.manager")
    address = f"/planning-meetings/{meeting}"
    page = worker.get(f"{address}/options").text
    shows = "&".join(
        f"{name}={value}"
        for name, value in re.findall(r'name="([\w.-]+-(?:seen|showing))" value="(\w+)"', page)
    )
    asks = f"{address}/live/options?{shows}"
    assert worker.get(asks).status_code == 204
    said = {
        "reunification": "yes",
        "reunification-why": "Not safe",
        "option-cao-conclusion": "ruled-out",
        "option-cao-why": "Nobody asks for one",
    }
    assert manager.post(f"{address}/options", data=said).status_code == 303
    answer = worker.get(asks).text
    assert 'id="option-cao-conclusion-field"' in answer
    assert 'id="option-connected-fostering-why-field"' not in answer
    assert 'id="plan"' in answer and 'id="options"' not in answer and 'id="connected"' not in answer
    person = {"person-name": "Ode Fennimore", "person-relation": "Aunt", "person-how": "",
              "person-identified_on-day": "1", "person-identified_on-month": "11",
              "person-identified_on-year": "2026"}  # fmt: skip
    assert manager.post(f"{address}/connected-people", data=person).status_code == 303
    answer = worker.get(asks).text
    assert 'id="connected"' in answer and "Ode Fennimore" in answer and 'id="options"' not in answer


def test_a_page_left_open_is_told_that_the_meeting_is_over(house: House, meeting: str) -> None:
    worker = house.client("social.worker")
    address = f"/planning-meetings/{meeting}"
    assert worker.get(f"{address}/live/record").status_code == 204
    worker.post(f"{address}/call-off", data={"off-why": "Not needed", "seen": "1"})
    for page in ("record", "options"):
        answer = worker.get(f"{address}/live/{page}")
        assert answer.status_code == 286 and "has been called off" in words(answer.text)


def test_a_page_left_open_keeps_nobody_signed_in(house: House, meeting: str) -> None:
    worker = house.client("social.worker")
    address = f"/planning-meetings/{meeting}"
    assert "Set-Cookie" in worker.get(f"{address}/record").headers
    assert "Set-Cookie" not in worker.get(f"{address}/live/record?discussion-seen=0").headers


@pytest.mark.clause("PPM2-5.4")
def test_views_are_recorded_in_any_form_with_a_file(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/views"
    assert "No view is recorded" in words(client.get(address).text)
    view = {
        "fact-whose": "child", "fact-whose-seen": "0", "fact-how": "drawn", "fact-how-seen": "0",
        "fact-words": "A house with her aunt", "fact-words-seen": "0", "fact-said_on-seen": "0",
        "fact-said_on-day": "20", "fact-said_on-month": "11", "fact-said_on-year": "2026",
    }  # fmt: skip
    lacking = client.post(address, data={**view, "fact-words": ""})
    assert lacking.status_code == 422 and "What was said" in lacking.text
    assert client.post(address, data=view).status_code == 303
    page = client.get(address).text
    assert "A house with her aunt" in page and "No view is recorded" not in page
    found = re.search(r"/views/(\w+)/file", page)
    assert found is not None
    none = client.post(f"{address}/{found[1]}/file", data={})
    assert none.status_code == 422 and "Choose a file" in none.text
    png = (Path(__file__).parents[2] / "docs/images/panel.png").read_bytes()
    given = {"files": (BytesIO(png), "drawing.png")}
    kept = client.post(f"{address}/{found[1]}/file", data=given)
    assert kept.status_code == 303, words(kept.text)
    assert "Open its file" in client.get(address).text


@pytest.mark.clause("PPM10-1")
def test_options_weighed_where_no_plan_was_chosen_are_in_the_record_and_at_the_next_meeting(
    house: House, child: str, meeting: str
) -> None:
    client = house.client("team.manager")
    attend(client, meeting)
    written(house, client, meeting)
    address = f"/planning-meetings/{meeting}"
    for name in ("plan-primary", "plan-contingencies"):
        nothing = {name: "", f"{name}-seen": "1"}
        assert client.post(f"{address}/options/field?field={name}", data=nothing).status_code == 200
    done = client.post(f"{address}/close", data={"chair": chair_of(client, meeting)})
    assert done.status_code == 303, words(done.text)
    page = client.get(f"/children/{child}/record").text
    said = words(page)
    assert "No plan is recorded" in said
    assert "Options considered before there was a plan" in said and "Her aunt was assessed" in said
    entry = re.search(r'href="(/record/\w+)">Fostering by a connected person', page)
    assert entry is not None
    assert client.get(entry[1]).status_code == 200
    assert client.get(f"{entry[1]}/correct").status_code == 200
    later = booked(house, child, date(2026, 12, 3), AT)
    options = words(get(house, f"/planning-meetings/{later}/options"))
    assert "On 23 November 2026: supported. Her aunt was assessed" in options


def next_on(day: str, month: str, year: str) -> dict[str, str]:
    return {"next-on-day": day, "next-on-month": month, "next-on-year": year}


@pytest.mark.clause("PPM10-3")
def test_a_next_meeting_later_than_laid_down_is_told_at_its_field_and_before_closing(
    house: House, meeting: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}"
    said = "The next meeting is later than laid down: it is due by 1 February 2027, 10 weeks after"
    client.post(f"{address}/record", data=next_on("1", "2", "2027"))
    for page in ("record", "close"):
        assert said not in words(get(house, f"{address}/{page}"))
    late = client.post(
        f"{address}/record/field?field=next-on",
        data={**next_on("2", "2", "2027"), "next-on-seen": "1"},
        headers={"HX-Request": "true"},
    )
    assert late.status_code == 200 and said in words(late.text) and "PPM10-3" in late.text
    assert said in late.headers["HX-Trigger"]
    for page in ("record", "close"):
        shown = words(get(house, f"{address}/{page}"))
        assert (
            f"{said} this one (Why: PPM10-3 )" in shown
            or f"{said} this one (Why: PPM10-3)" in shown
        )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (("1", "1", "2090"), "within a year of this one: choose a day up to 23 November 2027"),
        (("23", "11", "2026"), "after this one: choose a day after 23 November 2026"),
        (("1", "3", "2026"), "after this one: choose a day after 23 November 2026"),
    ],
)
def test_a_next_meeting_that_cannot_be_is_refused_and_stays_typed(
    house: House, meeting: str, day: tuple[str, str, str], said: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/record"
    refused = client.post(address, data={**next_on(*day), "discussion": "All were heard"})
    assert refused.status_code == 422 and said in words(refused.text)
    assert f'value="{day[2]}"' in refused.text
    alone = client.post(f"{address}/field?field=next-on", data=next_on(*day))
    assert alone.status_code == 422 and said in words(alone.text)
    kept = get(house, address)
    assert f'value="{day[2]}"' not in kept and "All were heard" in kept

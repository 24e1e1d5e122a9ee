"""Two people at once on an action: the second is told beside what they used, or that it is over."""

from __future__ import annotations

import re

import pytest
from builders.acted import FIRST, heard
from builders.house import House

DAY = {"due-day": "14", "due-month": "12", "due-year": "2026", "move_why": "Chair moves it"}


@pytest.fixture
def action(house: House) -> str:
    house.app.config["WTF_CSRF_ENABLED"] = False
    child_id, _ = house.child()
    return f"/actions/{heard(house, child_id, FIRST)[2]}"


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def second(house: House, address: str, role: str = "panel.chair", **typed: str) -> str:
    """What somebody reads who is refused because another was first: as the first version stood."""
    answer = house.client(role).post(address, data={"version": "1"} | typed)
    assert answer.status_code == 422
    return answer.text


def first(house: House, address: str, role: str, **typed: str) -> None:
    answer = house.client(role).post(address, data={"version": "1"} | typed)
    assert answer.status_code == 303


def test_a_day_that_another_moved_is_said_beside_the_day_with_what_was_typed(
    house: House, action: str
) -> None:
    theirs = DAY | {"due-day": "10", "move_why": "Manager moves it"}
    first(house, f"{action}/day", "team.manager", **theirs)
    page = second(house, f"{action}/day", **DAY)
    assert 'href="#due"' in page and 'id="due-error"' in page
    assert 'id="progress-error"' not in page
    assert "Move the day to 14 December 2026 Chair moves it" in text(page)
    assert "from 1 December 2026 to 10 December 2026: Manager moves it" in text(page)
    assert "The school has it in writing</textarea>" in page, "what other forms say stays"


@pytest.mark.parametrize(
    ("form", "field", "typed", "yours"),
    [
        ("owner", "owner", {"owner": "nobody", "hand_why": "Ill"}, "Hand it on Ill"),
        ("end", "end_why", {"end_why": "Gone"}, "End it Gone"),
        ("done-means", "done_means", {"done_means": "Rung"}, "What done looks like Rung"),
    ],
)
def test_each_form_says_beside_itself_that_another_was_first(
    house: House, action: str, form: str, field: str, typed: dict[str, str], yours: str
) -> None:
    first(house, action, "legal", progress="Rung up")
    if form == "owner":
        page = house.client("panel.chair").get(action).text
        typed = typed | {"owner": re.findall(r'<option value="(\w+)"', page)[0]}
    page = second(house, f"{action}/{form}", **typed)
    assert f'href="#{field}"' in page and f'id="{field}-error"' in page
    if form == "owner":
        assert re.search("Yours Hand it on to [A-Z].* Ill", text(page))
    else:
        assert f"Yours {yours}" in text(page)


def test_an_acceptance_of_what_was_sent_back_is_said_to_be_over(house: House, action: str) -> None:
    first(house, action, "legal", done="yes", done_words="Sent")
    sent = {"version": "2", "back_words": "No answer came"}
    assert house.client("team.manager").post(f"{action}/sent-back", data=sent).status_code == 303
    page = second(house, f"{action}/acceptance", version="2")
    said = "changed while you were typing: you can no longer accept that it is done"
    assert said in text(page) and "can be saved too" not in page
    assert "Yours Accept that it is done" in text(page) and 'href="#progress"' not in page


def test_a_day_of_what_is_ended_or_said_done_is_said_to_be_over(house: House, action: str) -> None:
    first(house, action, "legal", done="yes", done_words="Sent")
    page = second(house, f"{action}/day", **DAY)
    assert "said to be done already: you can no longer move its day" in text(page)
    assert "Yours Move the day to 14 December 2026 Chair moves it" in text(page)

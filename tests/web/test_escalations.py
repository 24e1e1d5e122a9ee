"""The escalation of a late action on its pages and on the first page."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.disputed import EVER, go_through, late_action
from builders.house import House
from builders.queries import counted

from core.store import escalated
from core.store.database import db, writing
from core.store.tables import Action, Allocation, EscalationAnswer

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


def seen(house: House, role: str, address: str, status: int = 200) -> str:
    answer = house.client(role).get(address)
    db.session.rollback()
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub("<[^>]*>", "", page).split())


def test_who_was_told_is_asked_on_the_first_page_and_answers(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    assert "Late since 20 November 2026: Write to the court" in seen(house, "team.manager", "/")
    assert "Late since 20 November" not in seen(house, "service.manager", "/")
    address = f"/actions/{action}/escalation"
    page = seen(house, "team.manager", address)
    assert "The team manager of the child" in page
    assert "3 working days (set here, not by the procedure) after it was due" in page
    assert "What comes if it is not done" in page
    (stage,) = re.findall(r'name="stage" value="(\w+)"', page)
    manager = house.client("team.manager")
    empty = manager.post(f"{address}/answer", data={"stage": stage, f"answer-{stage}": ""})
    assert empty.status_code == 422
    assert "Enter what happens next" in empty.get_data(as_text=True)
    sent = manager.post(f"{address}/answer", data={"stage": stage, f"answer-{stage}": "I write it"})
    assert sent.status_code == 303
    assert "I write it" in seen(house, "iro", address)
    assert "Late since 20 November" not in seen(house, "team.manager", "/")
    assert "The team manager of the child" in seen(house, "iro", f"/actions/{action}")


def test_a_stage_says_the_day_it_was_reached_and_the_day_it_was_told_where_they_differ(
    house: House,
) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, date(2026, 12, 15))
    days = "eached on 25 November 2026, told on 15 December 2026"
    page = words(seen(house, "team.manager", f"/actions/{action}/escalation"))
    assert f"The team manager of the child: r{days}" in page
    assert f"R{days}: Team Manager Of Bexley" in words(seen(house, "iro", f"/actions/{action}"))
    first = words(seen(house, "team.manager", "/"))
    assert f"It came to you as: The team manager of the child, r{days}. " in first


def test_a_stage_that_was_told_on_the_day_it_was_reached_says_one_day(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    page = words(seen(house, "team.manager", f"/actions/{action}/escalation"))
    assert "The team manager of the child: 25 November 2026" in page
    page = words(seen(house, "iro", f"/actions/{action}"))
    assert "25 November 2026: Team Manager Of Bexley" in page
    first = words(seen(house, "team.manager", "/"))
    assert "It came to you on 25 November 2026 as: The team manager of the child. " in first


def test_it_is_paused_with_a_reason_shown_with_who_and_ended(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    address = f"/actions/{action}/escalation"
    manager = house.client("team.manager")
    day = {"until-day": "27", "until-month": "11", "until-year": "2026"}
    refused = manager.post(f"{address}/pause", data=day | {"why": ""})
    assert refused.status_code == 422
    assert 'value="27"' in refused.get_data(as_text=True)
    assert manager.post(f"{address}/pause", data=day | {"why": "At court"}).status_code == 303
    db.session.rollback()
    page = seen(house, "social.worker", address)
    assert re.search("Paused.*At court", page, re.DOTALL)
    assert "End the pause" not in page
    assert house.client("social.worker").post(f"{address}/pause", data=day).status_code == 404
    (pause,) = re.findall(r'name="pause" value="(\w+)"', seen(house, "panel.chair", address))
    ended = house.client("panel.chair").post(f"{address}/pause/end", data={"pause": pause})
    assert ended.status_code == 303
    assert "ended on" in seen(house, "team.manager", address)


def test_a_late_action_stands_once_on_the_first_page_of_its_owner(house: House) -> None:
    child, _ = house.child()
    late_action(house, child)
    go_through(house, WEDNESDAY)
    page = seen(house, "social.worker", "/?kind=actions")
    assert page.count('class="app-need"') == 1 and "Write to the court" in page
    everything = seen(house, "social.worker", "/")
    assert "Late since 20 November" not in everything, "it is theirs already"


def test_what_came_to_a_manager_is_late_and_not_to_read(house: House) -> None:
    child, _ = house.child()
    late_action(house, child)
    go_through(house, WEDNESDAY)
    page = seen(house, "team.manager", "/?kind=escalations-and-disputes")
    assert re.findall(r'id="when-\d">(\w+)', page) == ["Late"]
    assert "It came to you on 25 November 2026 as: The team manager of the child" in page


@pytest.mark.parametrize("over", ["accepted_on", "ended_on"])
def test_of_an_action_that_is_over_nobody_is_asked_and_nothing_is_paused(
    house: House, over: str
) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    address = f"/actions/{action}/escalation"
    open_page = seen(house, "team.manager", address)
    (stage,) = re.findall(r'name="stage" value="(\w+)"', open_page)
    assert "What comes if it is not done" in open_page and "Pause it" in open_page
    with writing():
        values = {over: WEDNESDAY, "version": Action.version + 1}
        db.session.execute(sa.update(Action).where(Action.public_id == action).values(values))
    page = seen(house, "team.manager", address)
    assert "no stage comes any more" in page and "It was not answered." in page
    for gone in ("What comes if it is not done", "Pause it", 'name="stage"'):
        assert gone not in page
    manager = house.client("team.manager")
    day = {"until-day": "27", "until-month": "11", "until-year": "2026", "why": "At court"}
    paused = manager.post(f"{address}/pause", data=day)
    said = manager.post(f"{address}/answer", data={"stage": stage, f"answer-{stage}": "I write"})
    for refused in (paused, said):
        assert refused.status_code == 422
        assert "nobody is asked about it any more" in refused.get_data(as_text=True)


def test_the_administrator_is_told_of_an_empty_post_until_it_is_filled(house: House) -> None:
    child, _ = house.child(iro=None)
    action = late_action(house, child)
    go_through(house, date(2026, 12, 4))
    page = seen(house, "authority.administrator", "/")
    assert "The child has no reviewing officer (IRO): allocate one" in page
    assert "Thistlewick" not in page
    assert "1 late action came to nobody" in page
    with writing():
        own = {"authority_id": house.authority_id, "child_id": child, "relation": "iro"}
        filled = sa.insert(Allocation).values(
            **own, account_id=house.accounts["iro"], since=date(2026, 12, 4)
        )
        db.session.execute(filled)
    assert "came to nobody" not in seen(house, "authority.administrator", "/")
    go_through(house, date(2026, 12, 7))
    assert "came to nobody" not in seen(house, "authority.administrator", "/")
    assert "Late since 20 November 2026: Write to the court" in seen(house, "iro", "/")
    stages = seen(house, "iro", f"/actions/{action}/escalation")
    assert re.search(r"Told: Iro Of Bexley on <time [^>]*>7 December 2026", stages)
    assert 'name="stage"' in stages and "allocate one" not in stages


def test_who_does_not_see_the_action_sees_no_escalation(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    seen(house, "legal", f"/actions/{action}/escalation", 404)


def test_the_queries_of_what_waits_do_not_grow_with_it(house: House) -> None:
    child, _ = house.child(iro=None)

    def both(many: int, on: date) -> int:
        for _ in range(many):
            late_action(house, child)
        go_through(house, on)
        manager, whole = house.scope("team.manager"), house.scope("authority.administrator")
        return counted(lambda: (escalated.to_answer(manager, EVER), escalated.unheld(whole, EVER)))

    few = both(1, date(2026, 12, 4))
    assert both(6, date(2026, 12, 7)) == few


def test_of_two_who_pause_it_the_second_keeps_their_reason(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    address = f"/actions/{action}/escalation/pause"
    day = {"until-day": "27", "until-month": "11", "until-year": "2026"}
    first = house.client("team.manager").post(address, data=day | {"why": "At court"})
    assert first.status_code == 303
    db.session.rollback()
    second = house.client("panel.chair").post(address, data=day | {"why": "The owner is ill"})
    assert second.status_code == 422
    text = second.get_data(as_text=True)
    assert "It is paused already" in text and "The owner is ill" in text and "At court" in text


def test_an_answer_that_holds_no_longer_is_asked_anew_where_it_was_given(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    address = f"/actions/{action}/escalation"
    (stage,) = re.findall(r'name="stage" value="(\w+)"', seen(house, "team.manager", address))
    data = {"stage": stage, f"answer-{stage}": "I write it"}
    assert house.client("team.manager").post(f"{address}/answer", data=data).status_code == 303
    with writing():
        db.session.execute(sa.update(EscalationAnswer).values(at=datetime(2026, 11, 25, 12)))
    house.turn_to(date(2026, 12, 2))
    assert "Late since 20 November" not in seen(house, "team.manager", "/")
    house.turn_to(date(2026, 12, 3))
    page = " ".join(seen(house, "team.manager", "/").split())
    assert "Late since 20 November 2026: Write to the court: Orlin Thistlewick" in page
    assert "It was answered on 25 November 2026, which holds for 5 working days (set here" in page
    page = seen(house, "team.manager", address)
    assert "the action is late still: who was told says anew" in page
    assert "What happens next?" in page and "Say more" not in page
    page = seen(house, "team.manager", f"/actions/{action}")
    assert ", answered, and asked anew" in page and "Answer it, or see its stages" in page

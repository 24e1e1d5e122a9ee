"""Open actions at the next meeting that considers the child: carried, and rolled where overdue."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.acted import FIRST, SECOND, at, close, heard, of, put, ratify, registry
from builders.house import House
from sqlalchemy.exc import IntegrityError

from core.domain.finding import Refused
from core.store import meetings, open_actions
from core.store.database import db
from core.store.tables import ActionRoll, Decision, Message, MinutesIssue
from core.usecases import action as doing
from core.usecases import amending
from core.usecases.amending import TextMoved


def carried(house: House, meeting: str, role: str = "panel.chair") -> list[str]:
    scope = house.scope(role)
    found = meetings.find(scope, meeting)
    assert found is not None
    case = db.session.scalar(sa.select(Decision.case_id).where(Decision.meeting_id == found.id))
    there = open_actions.of_cases(scope, found, [case or 0])
    db.session.rollback()
    return [one.public_id for of_case in there.values() for one in of_case]


def rolls() -> list[tuple[date, date]]:
    found = db.session.execute(sa.select(ActionRoll.on, ActionRoll.due)).all()
    db.session.rollback()
    return [(on, due) for on, due in found]


@pytest.mark.clause("BCP-2")
def test_an_open_action_is_carried_to_the_next_meeting_and_rolls_once_there(house: House) -> None:
    child_id, _ = house.child()
    first, _, action = heard(house, child_id, FIRST)
    assert carried(house, first) == []
    close(house, first, FIRST)
    assert rolls() == []
    second, _, _ = heard(house, child_id, SECOND, acts=False)
    assert carried(house, second) == [action]
    close(house, second, SECOND)
    assert rolls() == [(SECOND, date(2026, 12, 1))]
    put(action, accepted_on=SECOND, due=date(2027, 1, 1))
    assert carried(house, second) == [action], "a closed meeting stays as it was"


@pytest.mark.parametrize(
    "values",
    [
        {"due": SECOND},
        {"done_on": SECOND},
        {"accepted_on": SECOND, "done_on": SECOND},
        {"ended_on": SECOND},
    ],
)
def test_what_is_not_overdue_on_the_day_does_not_roll(
    house: House, values: dict[str, date]
) -> None:
    child_id, _ = house.child()
    _, _, action = heard(house, child_id, FIRST)
    put(action, **values)
    second, _, _ = heard(house, child_id, SECOND, acts=False)
    close(house, second, SECOND)
    assert rolls() == []


def test_another_childs_actions_are_not_carried(house: House) -> None:
    child_id, _ = house.child()
    other, _ = house.child(local_id="00999")
    heard(house, child_id, FIRST)
    second, _, _ = heard(house, other, SECOND, acts=False)
    assert carried(house, second) == []


@pytest.mark.parametrize("means", ["", " \n\t", "\u00a0 \u2003"])
def test_minutes_are_not_ratified_while_an_action_lacks_what_done_looks_like(
    house: House, means: str
) -> None:
    child_id, _ = house.child()
    meeting, _, action = heard(house, child_id, FIRST, done_means="")
    put(action, done_means=means)
    close(house, meeting, FIRST)
    with pytest.raises(Refused, match="lacks what done looks like") as refused:
        ratify(house, meeting, FIRST)
    assert [one.field for one in refused.value.findings] == [f"action-{action}"]
    chair, words = house.scope("panel.chair"), "The school has it in writing"
    doing.say_done_means(chair, registry(house), action, words, 1, at(FIRST))
    ratify(house, meeting, FIRST)
    assert db.session.scalar(sa.select(MinutesIssue.number)) == 1
    db.session.rollback()
    with pytest.raises(Refused, match="not yours"):
        doing.say_done_means(chair, registry(house), action, "Otherwise", 2, at(FIRST))
    assert of(action, "done_means") == (words,)


def test_minutes_are_not_ratified_while_an_action_lacks_an_owner_by_whatever_blanks(
    house: House,
) -> None:
    child_id, _ = house.child()
    meeting, _, action = heard(house, child_id, FIRST)
    put(action, owner_name="  \u00a0", owner_id=None)
    close(house, meeting, FIRST)
    with pytest.raises(Refused, match="lacks an owner"):
        ratify(house, meeting, FIRST)
    put(action, owner_name="Somebody")
    ratify(house, meeting, FIRST)


def test_no_action_is_kept_without_a_date(house: House) -> None:
    child_id, _ = house.child()
    _, _, action = heard(house, child_id, FIRST)
    for column in ("due", "first_due"):
        with pytest.raises(IntegrityError):
            put(action, **{column: None})
        db.session.rollback()


def amend(house: House, item: str, seen: str, text: str, why: str = "It was misheard") -> None:
    chair = house.scope("panel.chair")
    amending.amend(chair, registry(house), item, "rationale", seen, text, why, at(SECOND))


def test_ratified_minutes_are_amended_beside_what_was_recorded_and_reissued(house: House) -> None:
    child_id, _ = house.child()
    meeting, item, _ = heard(house, child_id, FIRST)
    close(house, meeting, FIRST)
    was = "Because of drift"
    with pytest.raises(Refused, match="not yours"):
        amend(house, item, was, "Because of delay")
    ratify(house, meeting, FIRST)
    house.turn_to(SECOND)
    with pytest.raises(Refused, match="Enter why"):
        amend(house, item, was, "Because of delay", why="")
    with pytest.raises(Refused, match="as it was"):
        amend(house, item, was, was)
    amend(house, item, was, "Because of delay")
    with pytest.raises(TextMoved) as moved:
        amend(house, item, was, "Because of both")
    assert moved.value.now == "Because of delay"
    assert db.session.scalar(sa.select(Decision.rationale)) == was
    db.session.rollback()
    chair = house.scope("panel.chair")
    assert amending.reissue(chair, registry(house), meeting, "A word", at(SECOND)) == 2
    with pytest.raises(Refused, match="Nothing was amended"):
        amending.reissue(chair, registry(house), meeting, "Again", at(SECOND))
    letters = db.session.execute(sa.select(Message.account_id, Message.subject, Message.body)).all()
    db.session.rollback()
    assert {one.account_id for one in letters} == {
        house.accounts["adoption"], house.accounts["panel.member"],
    }  # fmt: skip
    assert all("reissued" in one.subject and "Thistlewick" not in one.body for one in letters)


def test_who_does_not_run_the_meeting_amends_nothing(house: House) -> None:
    child_id, _ = house.child()
    meeting, item, _ = heard(house, child_id, FIRST)
    close(house, meeting, FIRST)
    ratify(house, meeting, FIRST)
    for role in ("deputy.director", "social.worker", "inspector"):
        scope = house.scope(role)
        assert amending.of_item(scope, registry(house), item, "rationale") is None
        assert amending.of_meeting(scope, registry(house), meeting) is None
        db.session.rollback()

"""A dispute of a reviewing officer: opened, answered, taken further, ended; and who may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.domain.dispute import Answer, Opening
from core.domain.finding import Refused
from core.registry import Registry
from core.store import disputes
from core.store.database import db, writing
from core.store.disputes import DisputeRow, StageRow
from core.store.tables import Allocation, AuditRow, Cover, Message
from core.usecases import disputing
from core.usecases.disputing import DisputeMoved

MONDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 30)
OPENING = Opening("drift", "Two reviews with no plan. I ask for one by Christmas")


@pytest.fixture
def house(house: House) -> House:
    house.turn_to(MONDAY)
    return house


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry  # type: ignore[no-any-return]


def opened(house: House, child: str, opening: Opening = OPENING, role: str = "iro") -> str:
    return disputing.open_dispute(house.scope(role), registry(house), child, opening, AT)


def one(house: House, public_id: str, role: str = "iro") -> tuple[DisputeRow, list[StageRow]]:
    scope = house.scope(role)
    row = disputes.find(scope, public_id)
    assert row is not None
    stages = disputes.stages(scope, row.id)
    db.session.rollback()
    return row, stages


def answer(house: House, public_id: str, role: str = "team.manager", **more: Any) -> None:
    values: dict[str, Any] = {"name": "A manager", "on": house.today, "words": "By Friday"} | more
    seen = values.pop("seen", None) or one(house, public_id)[0].version
    disputing.answer(house.scope(role), public_id, Answer(**values), seen, AT)


def decide(house: House, public_id: str, what: str, words: str = "As agreed", **more: Any) -> None:
    role, seen = more.get("role", "iro"), more.get("seen") or one(house, public_id)[0].version
    disputing.decide(house.scope(role), registry(house), public_id, what, words, seen, AT)


@pytest.mark.clause("BCP-1.6")
def test_it_goes_through_its_stages_in_order_each_with_its_days(house: House) -> None:
    _, child = house.child()
    made = opened(house, child)
    row, (stage,) = one(house, made)
    assert (row.opened_on, row.whole_by, row.state(MONDAY)) == (
        MONDAY,
        date(2026, 12, 21),
        "open",
    )
    assert [name.partition(" Of")[0] for _, name in stage.told] == [
        "Social Worker",
        "Team Manager",
    ]
    assert (stage.due, stage.why) == (
        NEXT_MONDAY,
        "5 working days (set here, not by the procedure) after it began on 23 November 2026",
    )
    answer(house, made)
    assert one(house, made)[0].state(MONDAY) == "answered"
    decide(house, made, "next", "Friday is too late")
    for stage_code, told in (
        ("service-manager", ["Service Manager"]),
        ("head-of-service", ["Head Of Service"]),
        ("director", ["Assistant Director", "Deputy Director"]),
        ("cafcass", []),
    ):
        now = one(house, made)[1][-1]
        assert now.stage == stage_code
        assert [name.rpartition(" Of ")[0] for _, name in now.told] == told
        if stage_code != "cafcass":
            decide(house, made, "next", "No answer")
    with pytest.raises(Refused, match="Choose what happens now"):
        decide(house, made, "next")
    decide(house, made, "resolved", "The plan is agreed")
    row, stages = one(house, made)
    assert (row.ended_how, row.outcome, row.state(MONDAY)) == (
        "resolved",
        "The plan is agreed",
        "resolved",
    )
    assert [s.moved_words for s in stages] == ["Friday is too late", *["No answer"] * 3, ""]
    did = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.subject == "dispute").order_by(AuditRow.id)
    )
    assert list(did) == [
        "open dispute",
        "answer dispute",
        *["take dispute further"] * 4,
        "end dispute",
    ]
    said = db.session.execute(sa.select(Message.subject, Message.body)).all()
    assert len(said) == 2 + 1 + 1 + 1 + 2
    assert all("Thistlewick" not in row.subject + row.body for row in said)


def test_only_the_childs_own_officer_opens_one_or_who_covers_them(house: House) -> None:
    child_id, child = house.child(iro=None)
    for role in ("iro", "team.manager", "head.of.service"):
        with pytest.raises(Refused, match="opened by the child’s reviewing officer"):
            opened(house, child, role=role)
    other = house.account("iro", "other.iro@bexley.example")
    own = {"authority_id": house.authority_id, "since": date(2026, 1, 1)}
    with writing():
        db.session.execute(
            sa.insert(Allocation).values(**own, child_id=child_id, account_id=other, relation="iro")
        )
        db.session.execute(
            sa.insert(Cover).values(
                **own, away_id=other, covered_by_id=house.accounts["iro"], why="On leave"
            )
        )
    assert opened(house, child)


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (Opening("", "Words"), "Choose what the dispute is about"),
        (Opening("drift", " "), "Enter what is in dispute"),
        (Opening("drift", "Words", action="nosuch"), "Choose an action"),
    ],
)
def test_what_is_no_dispute_is_refused(house: House, opening: Opening, said: str) -> None:
    _, child = house.child()
    with pytest.raises(Refused, match=said):
        opened(house, child, opening)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"on": None}, "Enter the day"),
        ({"on": date(2026, 11, 24)}, "today or in the past"),
        ({"on": date(2026, 11, 20)}, "on or after 23 November 2026"),
        ({"words": ""}, "Enter the answer"),
        ({"name": " "}, "Enter who answered"),
    ],
)
def test_what_is_no_answer_is_refused(house: House, values: dict[str, Any], said: str) -> None:
    _, child = house.child()
    made = opened(house, child)
    with pytest.raises(Refused, match=said):
        answer(house, made, **values)


def test_who_is_not_asked_does_not_answer_and_nobody_else_decides(house: House) -> None:
    _, child = house.child()
    made = opened(house, child)
    with pytest.raises(Refused, match="not put to you"):
        answer(house, made, "head.of.service")
    with pytest.raises(Refused, match="Only the child’s reviewing officer"):
        decide(house, made, "resolved", role="team.manager")
    answer(house, made, "iro", name="Their manager, on the telephone")
    assert one(house, made)[1][0].answered_name == "Their manager, on the telephone"
    with pytest.raises(Refused, match="has answered this stage already"):
        answer(house, made)


def test_of_two_at_once_the_second_is_told_and_nothing_is_overwritten(house: House) -> None:
    _, child = house.child()
    made = opened(house, child)
    seen = one(house, made)[0].version
    answer(house, made, seen=seen, words="First")
    with pytest.raises(DisputeMoved):
        answer(house, made, "social.worker", seen=seen, words="Second")
    assert one(house, made)[1][0].answer == "First"
    decide(house, made, "withdrawn")
    with pytest.raises(DisputeMoved):
        decide(house, made, "resolved")
    assert one(house, made)[0].ended_how == "withdrawn"


def test_it_is_late_once_its_day_has_gone_by_and_waits_for_the_officer(house: House) -> None:
    _, child = house.child()
    made = opened(house, child)
    assert one(house, made)[0].state(NEXT_MONDAY) == "open"
    house.turn_to(date(2026, 12, 1))
    assert one(house, made)[0].state(house.today) == "late"
    waits = disputes.to_decide(house.scope("iro"))
    db.session.rollback()
    assert [row.public_id for row in waits] == [made]


def test_where_nobody_holds_a_post_the_stage_says_so(house: House) -> None:
    _, child = house.child(worker=None)
    _, (stage,) = one(house, opened(house, child))
    assert stage.nobody == "The child has no social worker: allocate one"


def test_who_does_not_see_the_childs_cases_sees_no_dispute(house: House) -> None:
    _, child = house.child()
    made = opened(house, child)
    for role, sees in (("inspector", True), ("panel.chair", True), ("legal", False)):
        assert (disputes.find(house.scope(role), made) is not None) is sees, role
    assert disputes.find(house.scope("authority.administrator"), made) is None
    db.session.rollback()

"""A dispute of a reviewing officer: opened, answered, taken further, ended; and who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.disputed import late_action
from builders.house import AT, SINCE, House
from builders.standards import STANDARD, with_standards

from core.domain.dispute import Answer, Opening
from core.domain.finding import Refused
from core.domain.procedure.escalation import DISPUTES, Whom, set_here
from core.registry import Registry
from core.store import disputes, enabled
from core.store.database import db, writing
from core.store.disputes import DisputeRow, StageRow
from core.store.tables import Allocation, AuditRow, Cover, DeadlineRow, EnabledProcedure, Message
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


def dated(house: House, child_id: int, code: str, due: date, **more: Any) -> None:
    """A date of a child by a rule of the authority's own procedure."""
    of = {"procedure_code": house.code, "procedure_edition": "", "code": code, "due": due}
    with writing():
        own = {"authority_id": house.authority_id, "child_id": child_id}
        db.session.execute(sa.insert(DeadlineRow).values(**own, **of, **more))


def test_its_message_says_the_day_by_which_it_is_to_be_answered(house: House) -> None:
    _, child = house.child()
    opened(house, child)
    body = db.session.scalars(sa.select(Message.body)).first() or ""
    db.session.rollback()
    assert "To be answered by 30 November 2026: 5 working days (set here, not by the" in body
    assert "from today" not in body


def test_it_goes_on_by_the_procedure_under_which_it_was_opened(house: House) -> None:
    _, child = house.child()
    before = opened(house, child)
    stages = set_here(
        ("complaint", "A complaint", (Whom.TEAM_MANAGER,), 5),
        ("board", "The board", (Whom.HEAD_OF_SERVICE,), 5),
    )
    own = replace(DISPUTES, stages=stages)
    with_standards(house, replace(STANDARD, code="OWN", authority="BEX", bodies=(), disputes=own))
    with writing():
        enabled.add(house.whole, "OWN", 2, SINCE, "", AT)
    since = opened(house, child, Opening("plan", "There is no plan"))
    assert one(house, since)[0].procedure_code == "OWN"
    decide(house, before, "next", "No answer")
    assert one(house, before)[0].procedure_code == "BEX"
    assert one(house, before)[1][-1].stage == "service-manager"
    with writing():
        followed = EnabledProcedure.code == "OWN"
        db.session.execute(sa.update(EnabledProcedure).where(followed).values(until=MONDAY))
    decide(house, since, "next", "No answer")
    assert [stage.stage for stage in one(house, since)[1]] == ["complaint", "board"]


def test_a_stage_that_is_called_otherwise_since_is_not_the_last(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child = house.child()
    made = opened(house, child)
    first, *rest = DISPUTES.stages
    renamed = replace(DISPUTES, stages=(replace(first, code="at-first"), *rest))
    monkeypatch.setattr(disputing, "disputes_under", lambda procedure: renamed)
    decide(house, made, "next", "No answer")
    assert one(house, made)[1][-1].stage == "at-first"
    decide(house, made, "next", "No answer")
    assert one(house, made)[1][-1].stage == "service-manager"


def test_it_is_about_an_action_of_this_child_that_is_not_done(house: House) -> None:
    child_id, child = house.child()
    other_id, _ = house.child("0102", "Perrin")
    own = late_action(house, child_id)
    others = late_action(house, other_id)
    done = late_action(house, child_id, done_on=MONDAY)
    for action in (others, done):
        with pytest.raises(Refused, match="Choose an action of the child") as refused:
            opened(house, child, Opening("action", "Words", action=action))
        assert [finding.field for finding in refused.value.findings] == ["action"]
    made = opened(house, child, Opening("action", "Words", action=own))
    found = disputes.action(house.scope("iro"), one(house, made)[0].action_id)
    db.session.rollback()
    assert found is not None and found.public_id == own


def test_it_is_about_a_date_of_this_child_that_is_late_or_to_come(house: House) -> None:
    child_id, child = house.child()
    other_id, _ = house.child("0102", "Perrin")
    met = {"met_on": date(2026, 3, 1)}
    dated(house, child_id, "first-ppm", date(2026, 3, 2), **met)
    dated(house, child_id, "plan-agreed", date(2026, 11, 2))
    dated(house, child_id, "residential-reviewed", date(2026, 11, 4), missing="the day of panel")
    dated(house, child_id, "proceedings-reviewed", date(2027, 1, 4))
    dated(house, other_id, "plan-agreed", date(2026, 11, 3))
    found = disputing.dates(house.scope("iro"), registry(house), child_id)
    late = "Permanence plan agreed by the second review, due by 2 November 2026"
    assert list(found.values()) == [
        f"{late} (late)",
        "Residential placement before panel, due by 4 November 2026 (not known whether it was met)",
        "Panel has reviewed the care plan by week 10 of proceedings, due by 4 January 2027"
        " (to come)",
    ]
    db.session.rollback()
    action = late_action(house, child_id)
    others = "Permanence plan agreed by the second review, due by 3 November 2026"
    was_met = "First permanence planning meeting, due by 2 March 2026"
    for deadline in (others, was_met, action, "Any words"):
        with pytest.raises(Refused, match="Choose a date of the child") as refused:
            opened(house, child, Opening("date", "Words", deadline=deadline))
        assert [finding.field for finding in refused.value.findings] == ["deadline"]
    made = opened(house, child, Opening("date", "Words", deadline=late))
    assert one(house, made)[0].deadline == late


def test_a_second_press_opens_one_and_names_it(house: House) -> None:
    child_id, child = house.child()
    made = opened(house, child)
    said = "opened on 23 November 2026 by Iro Of Bexley, at this stage: Informally"
    with pytest.raises(Refused, match=said):
        opened(house, child)
    opened(house, child, Opening("plan", "Another thing"))
    for words in ("One thing", "Another thing"):
        opened(house, child, Opening("other", words))
    with pytest.raises(Refused, match="about the same is open"):
        opened(house, child, Opening("other", "One thing"))
    decide(house, made, "withdrawn")
    assert opened(house, child), "the first has ended"

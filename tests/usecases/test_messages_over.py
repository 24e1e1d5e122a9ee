"""Messages of actions, disputes and cases that wait as what they say stops being true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.disputed import DUE, disputed, go_through, late_action, registry
from builders.house import AT, House
from builders.queries import counted

from core.domain.dispute import Answer
from core.store import escalations, outbox, outbox_sending
from core.store.database import db, writing
from core.store.message_closed import CLOSED
from core.store.notice_messages import NOT_SO
from core.store.outbox import Letter
from core.store.tables import Action, CaseChild, Child, Message, NamedAccess
from core.usecases import actions_passed, disputing, escalating

MONDAY = date(2026, 11, 23)
ON = AT.replace(day=23, hour=9)
NAMED = "head.of.service"
WAITS, OVER, SHUT = ("waiting", ""), ("stopped", NOT_SO), ("stopped", CLOSED)


def looked(house: House) -> list[tuple[str, str]]:
    """What becomes of the messages as they are about to be sent, oldest first."""
    with writing():
        db.session.execute(sa.update(Message).values(not_before=ON))
        outbox_sending.stop_needless(ON)
    rows = db.session.execute(sa.select(Message.state, Message.said).order_by(Message.id)).all()
    db.session.rollback()
    return [(state, said) for state, said in rows]


def shut(house: House, child: int, *roles: str) -> None:
    """Close a child's record to all but these, who are named for it."""
    own = {"authority_id": house.authority_id, "child_id": child}
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child).values(closed_to="sealed"))
        for role in roles:
            named = {"account_id": house.accounts[role], "since": date(2026, 1, 1)}
            db.session.execute(sa.insert(NamedAccess).values(**own, **named))


def change(public_id: str, **values: object) -> None:
    with writing():
        db.session.execute(sa.update(Action).where(Action.public_id == public_id).values(**values))


def put(house: House, kind: str, body: str, role: str = "social.worker", **more: object) -> None:
    with writing():
        letter = Letter(f"{kind} {role} {body}", kind, house.accounts[role], "It is", body, **more)  # type: ignore[arg-type]
        outbox.put(house.whole, [letter], AT)


def pass_on(house: House, *public_ids: str) -> None:
    with writing():
        to = house.accounts["social.worker"]
        actions_passed.tell(house.whole, dict(enumerate(public_ids)), to, AT)


def test_an_escalation_that_holds_goes(house: House) -> None:
    late_action(house, house.child()[0])
    go_through(house, MONDAY)
    assert looked(house) == [WAITS]


@pytest.mark.parametrize(
    "changed",
    [
        {"done_on": MONDAY},
        {"ended_on": MONDAY},
        {"accepted_on": MONDAY},
        {"due": date(2026, 11, 27)},
    ],
)
def test_an_escalation_of_an_action_done_ended_accepted_or_moved_is_stopped(
    house: House, changed: dict[str, object]
) -> None:
    child, _ = house.child()
    first, _ = late_action(house, child), late_action(house, child)
    go_through(house, MONDAY)
    change(first, **changed)
    assert looked(house) == [OVER, WAITS]


def test_an_escalation_that_its_person_has_answered_is_stopped_and_no_other_stage(
    house: House,
) -> None:
    action = late_action(house, house.child()[0])
    go_through(house, date(2026, 11, 25))
    action_id = db.session.scalars(sa.select(Action.id)).one()
    owner = escalations.of_action(house.whole, action_id)[0]
    db.session.rollback()
    escalating.answer(house.scope("social.worker"), action, owner.public_id, "It is under way", AT)
    assert looked(house) == [OVER, WAITS]


def test_an_escalation_of_a_record_closed_meanwhile_goes_to_those_named_alone(
    house: House,
) -> None:
    child, _ = house.child()
    late_action(house, child)
    go_through(house, date(2026, 11, 25))
    shut(house, child, "team.manager")
    assert looked(house) == [SHUT, WAITS]


def test_an_escalation_of_a_case_with_a_child_closed_meanwhile_is_stopped(house: House) -> None:
    child, other = house.child()[0], house.child("0102", "Ada")[0]
    case_id, _ = case(house, child, None)
    with writing():
        own = {"authority_id": house.authority_id, "case_id": case_id}
        db.session.execute(sa.insert(CaseChild).values(**own, child_id=other))
    late_action(house, None, case_id=case_id)
    go_through(house, MONDAY)
    shut(house, other)
    assert looked(house) == [SHUT]


def test_one_message_of_many_late_actions_goes_while_one_of_them_holds(house: House) -> None:
    child, other = house.child()[0], house.child("0102", "Ada")[0]
    made = [late_action(house, child) for _ in range(6)] + [late_action(house, other)]
    go_through(house, MONDAY)
    assert len(looked(house)) == 6, "five each by itself, and one of the rest"
    shut(house, other)
    assert looked(house)[-1] == WAITS
    change(made[5], done_on=MONDAY)
    assert looked(house) == [WAITS] * 5 + [OVER]


def test_of_many_late_actions_all_closed_meanwhile_nothing_is_told(house: House) -> None:
    child, _ = house.child()
    for _ in range(7):
        late_action(house, child)
    go_through(house, MONDAY)
    shut(house, child)
    assert looked(house) == [SHUT] * 6


def test_what_became_of_an_action_of_a_record_closed_meanwhile_is_not_told(house: House) -> None:
    child, _ = house.child()
    first, second = late_action(house, child), late_action(house, None)
    put(house, "action", f"It was ended.\n\n/actions/{first}\n")
    put(house, "action", f"It was ended.\n\n/actions/{second}\n")
    put(house, "action", f"It was ended.\n\n/actions/{first}\n", NAMED)
    shut(house, child, NAMED)
    assert looked(house) == [SHUT, WAITS, WAITS]


def test_actions_handed_on_in_one_message_are_told_of_while_one_of_them_is_open_to_who_has_them(
    house: House,
) -> None:
    child, other = house.child()[0], house.child("0102", "Ada")[0]
    first, second, third = (late_action(house, one) for one in (child, child, other))
    pass_on(house, first, second)
    pass_on(house, second, third)
    shut(house, child)
    assert looked(house) == [SHUT, WAITS]


@pytest.mark.parametrize("kind", ["notice", "action"])
def test_what_is_about_a_case_with_a_closed_child_is_stopped(house: House, kind: str) -> None:
    child, other = house.child()[0], house.child("0102", "Ada")[0]
    closed, open_one = case(house, child, None), case(house, other, None)
    for case_id, public_id in (closed, open_one):
        put(house, kind, f"/cases/{public_id}\n", case_id=case_id)
    put(house, kind, "/cases/named\n", NAMED, case_id=closed[0])
    shut(house, child, NAMED)
    assert looked(house) == [SHUT, WAITS, WAITS]


def decided(what: str) -> Callable[[House, str], None]:
    def act(house: House, made: str) -> None:
        disputing.decide(house.scope("iro"), registry(house), made, what, "It is settled", 1, AT)

    return act


def answered(house: House, made: str) -> None:
    said = Answer("A manager", MONDAY, "The plan comes on Friday")
    disputing.answer(house.scope("team.manager"), made, said, 1, AT)


@pytest.mark.parametrize(
    ("then", "found"),
    [
        (decided("withdrawn"), [OVER] * 2),
        (decided("resolved"), [OVER] * 2),
        (answered, [OVER, OVER, WAITS]),
        (decided("next"), [OVER, OVER, WAITS]),
    ],
)
def test_a_dispute_that_is_over_answered_or_gone_further_waits_for_nobody(
    house: House, then: Callable[[House, str], None], found: list[tuple[str, str]]
) -> None:
    house.turn_to(MONDAY)
    made = disputed(house, house.child()[1])
    assert looked(house) == [WAITS] * 2, "the social worker and the team manager"
    then(house, made)
    assert looked(house)[: len(found)] == found


def test_the_officer_is_told_of_an_answer_until_the_dispute_is_over(house: House) -> None:
    house.turn_to(MONDAY)
    made = disputed(house, house.child()[1])
    said = Answer("A manager", MONDAY, "The plan comes on Friday")
    disputing.answer(house.scope("team.manager"), made, said, 1, AT)
    assert looked(house) == [OVER, OVER, WAITS]
    disputing.decide(house.scope("iro"), registry(house), made, "resolved", "It is so", 2, AT)
    assert looked(house) == [OVER] * 3


def test_a_dispute_on_a_record_closed_meanwhile_goes_to_those_named_alone(house: House) -> None:
    house.turn_to(MONDAY)
    child, public_id = house.child()
    disputed(house, public_id)
    shut(house, child, "team.manager")
    assert sorted(looked(house)) == [SHUT, WAITS]


def test_no_more_is_asked_for_more_messages(house: House) -> None:
    child, _ = house.child()
    late_action(house, child)
    go_through(house, MONDAY)
    shut(house, child)

    def look() -> None:
        with writing():
            outbox_sending.stop_needless(ON)

    few = counted(look)
    for _ in range(30):
        put(house, "action", f"/actions/{late_action(house, child, due=DUE)}\n")
    assert counted(look) == few

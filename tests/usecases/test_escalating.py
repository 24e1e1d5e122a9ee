"""Late actions taken to those who answer for them: day by day, once, told, answered and paused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.acted import heard
from builders.agenda import case
from builders.disputed import DUE, go_through, late_action, registry
from builders.house import AT, House
from builders.queries import counted

from core.domain.finding import Refused
from core.store import escalations, outbox
from core.store.database import db, writing
from core.store.tables import (
    Account,
    Action,
    AuditRow,
    CaseChild,
    Child,
    DayOff,
    Escalation,
    Message,
)
from core.usecases import escalating, local_figures

MONDAY, WEDNESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 27)


def change(house: House, public_id: str, **values: Any) -> None:
    with writing():
        db.session.execute(sa.update(Action).where(Action.public_id == public_id).values(**values))


def action_id(public_id: str) -> int:
    found = sa.select(Action.id).where(Action.public_id == public_id)
    return int(db.session.execute(found).scalar_one())


def reached(house: House, public_id: str) -> list[tuple[str, date, tuple[str, ...]]]:
    """The stages of an action: which, on which day, and the names of those who were told."""
    scope = house.whole
    found = escalations.of_action(scope, action_id(public_id))
    db.session.rollback()
    return [
        (one.stage, one.reached_on, tuple(who.name.partition(" Of ")[0] for who in one.told))
        for one in found
    ]


def test_each_stage_comes_on_its_working_day_and_once(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, DUE)
    assert reached(house, action) == []
    go_through(house, date(2026, 11, 22))
    assert reached(house, action) == [], "the first working day after is the Monday"
    go_through(house, MONDAY)
    assert reached(house, action) == [("owner", MONDAY, ("An owner",))]
    go_through(house, WEDNESDAY)
    go_through(house, WEDNESDAY)
    go_through(house, date(2026, 12, 4))
    assert reached(house, action) == [
        ("owner", MONDAY, ("An owner",)),
        ("team-manager", WEDNESDAY, ("Team Manager",)),
        ("service-manager", FRIDAY, ("Service Manager",)),
        ("iro", date(2026, 12, 4), ("Iro",)),
    ]
    go_through(house, date(2026, 12, 7))
    assert len(reached(house, action)) == 4
    rows = db.session.execute(sa.select(Message.subject, Message.body)).all()
    assert len(rows) == 4
    assert all("Thistlewick" not in row.subject + row.body for row in rows)
    assert all("Write to the court" not in row.subject + row.body for row in rows)
    assert all(f"\n/actions/{action}/escalation\n" in row.body for row in rows)
    audited = db.session.scalars(sa.select(AuditRow.subject_id).where(AuditRow.did == "escalate"))
    assert list(audited) == [action] * 4


def test_bank_holidays_and_the_authoritys_days_off_do_not_count(house: House) -> None:
    child, _ = house.child()
    due = date(2026, 12, 23)  # Christmas Day is a Friday, and Monday 28 December stands in
    action = late_action(house, child, due=due)
    with writing():
        off = {"authority_id": house.authority_id, "on": date(2026, 12, 24), "title": "Closed"}
        db.session.execute(sa.insert(DayOff).values(**off, added_at=AT))
    go_through(house, date(2026, 12, 28))
    assert reached(house, action) == []
    go_through(house, date(2026, 12, 29))
    assert [one[:2] for one in reached(house, action)] == [("owner", date(2026, 12, 29))]


def test_a_moved_due_day_begins_anew(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    change(house, action, due=FRIDAY)
    go_through(house, date(2026, 11, 30))
    assert [one[:2] for one in reached(house, action)] == [
        ("owner", MONDAY),
        ("team-manager", WEDNESDAY),
        ("owner", date(2026, 11, 30)),
    ]


def test_said_done_stops_it_and_sent_back_it_goes_on(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, MONDAY)
    change(house, action, done_on=MONDAY)
    go_through(house, WEDNESDAY)
    assert [one[0] for one in reached(house, action)] == ["owner"]
    change(house, action, done_on=None)
    go_through(house, date(2026, 11, 26))
    assert [one[:2] for one in reached(house, action)] == [
        ("owner", MONDAY),
        ("team-manager", WEDNESDAY),
    ]
    change(house, action, ended_on=date(2026, 11, 26))
    go_through(house, date(2026, 12, 4))
    assert len(reached(house, action)) == 2


def test_an_owner_who_has_left_is_passed_over_on_that_day(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    with writing():
        gone = sa.update(Account).where(Account.id == house.accounts["social.worker"])
        db.session.execute(gone.values(active=False))
    go_through(house, MONDAY)
    assert reached(house, action) == [
        ("owner", MONDAY, ()),
        ("team-manager", MONDAY, ("Team Manager",)),
    ]
    said = db.session.scalars(sa.select(Escalation.nobody).order_by(Escalation.id)).all()
    assert said == ["An owner has left: give it another owner", ""]


def test_where_nobody_holds_the_post_it_says_so_and_goes_on_in_its_time(house: House) -> None:
    child, _ = house.child(iro=None)
    action = late_action(house, child)
    go_through(house, date(2026, 12, 4))
    assert reached(house, action)[-1] == ("iro", date(2026, 12, 4), ())
    said = db.session.scalars(sa.select(Escalation.nobody).where(Escalation.stage == "iro")).all()
    assert said == ["The child has no reviewing officer (IRO): allocate one"]


def test_paused_no_stage_comes_and_its_days_do_not_count(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, MONDAY)
    manager = house.scope("team.manager")
    escalating.pause(
        manager, registry(house), action, date(2026, 11, 26), "The court has moved it", AT
    )
    go_through(house, WEDNESDAY)
    assert [one[0] for one in reached(house, action)] == ["owner"]
    go_through(house, date(2026, 12, 1))
    assert reached(house, action)[-1][:2] == ("team-manager", date(2026, 12, 1)), (
        "Monday to Thursday were paused: Friday, Monday and Tuesday count"
    )


def test_a_pause_ended_by_hand_counts_again_from_that_day(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, MONDAY)
    escalating.pause(
        house.scope("team.manager"), registry(house), action, FRIDAY, "The court has moved it", AT
    )
    house.turn_to(date(2026, 11, 24))
    which = action_id(action)
    row = escalations.pauses(house.whole, [which])[which][0]
    db.session.rollback()
    chair = house.scope("panel.chair")
    escalating.end_pause(chair, registry(house), action, row.public_id, AT)
    with pytest.raises(Refused, match="ended already"):
        escalating.end_pause(chair, registry(house), action, row.public_id, AT)
    go_through(house, date(2026, 11, 26))
    assert reached(house, action)[-1][:2] == ("team-manager", date(2026, 11, 26))


@pytest.mark.parametrize(
    ("until", "why", "said"),
    [
        (date(2026, 12, 22), "A reason", "21 December 2026 or earlier"),
        (date(2026, 11, 22), "A reason", "today or later"),
        (None, "A reason", "Enter the last day"),
        (FRIDAY, "  ", "Enter why"),
    ],
)
def test_what_is_no_pause_is_refused(house: House, until: date | None, why: str, said: str) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    with pytest.raises(Refused, match=said):
        escalating.pause(house.scope("team.manager"), registry(house), action, until, why, AT)


def test_who_does_not_answer_for_it_does_not_pause_it_and_nobody_twice(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    with pytest.raises(Refused, match="not yours to pause"):
        escalating.pause(
            house.scope("social.worker"), registry(house), action, FRIDAY, "A reason", AT
        )
    escalating.pause(
        house.scope("service.manager"), registry(house), action, FRIDAY, "A reason", AT
    )
    with pytest.raises(Refused, match="paused already"):
        escalating.pause(
            house.scope("panel.chair"), registry(house), action, FRIDAY, "A reason", AT
        )


def test_the_owner_does_not_pause_it_nor_a_manager_who_has_nothing_to_do_with_it(
    house: House,
) -> None:
    child, _ = house.child()
    other, _ = house.child("0102")
    elsewhere = house.account("team.manager", "elsewhere@bexley.example", team="Reed team")
    owned = late_action(house, child, owner="team.manager")
    not_seen = late_action(house, other, owner="elsewhere")
    assert elsewhere == house.accounts["elsewhere"]
    for who, action in (("team.manager", owned), ("elsewhere", not_seen)):
        with pytest.raises(Refused, match="not yours to pause"):
            escalating.pause(house.scope(who), registry(house), action, FRIDAY, "A reason", AT)


def test_who_chairs_another_body_does_not_pause_it(house: House) -> None:
    child, _ = house.child()
    _, _, action = heard(house, child, DUE, due=DUE, owner="legal")
    house.account("panel.chair", "another.chair@bexley.example")
    with pytest.raises(Refused, match="not yours to pause"):
        chair = house.scope("another.chair")
        escalating.pause(chair, registry(house), action, FRIDAY, "A reason", AT)
    chair = house.scope("panel.chair")
    escalating.pause(chair, registry(house), action, FRIDAY, "A reason", AT)


def test_who_was_told_answers_and_nobody_else(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, WEDNESDAY)
    stage = db.session.scalar(
        sa.select(Escalation.public_id).where(Escalation.stage == "team-manager")
    )
    db.session.rollback()
    with pytest.raises(Refused, match="not put to you"):
        escalating.answer(house.scope("service.manager"), action, stage or "", "I shall see", AT)
    manager = house.scope("team.manager")
    with pytest.raises(Refused, match="Enter what happens next"):
        escalating.answer(manager, action, stage or "", " ", AT)
    escalating.answer(manager, action, stage or "", "I write it on Friday", AT)
    assert escalating.answer(manager, action, stage or "", "It is written", AT)
    next_day = AT + timedelta(days=1)
    assert not escalating.answer(manager, action, stage or "", "It is written", next_day)
    answers = escalations.of_action(house.whole, action_id(action))[1].answers
    assert [one.words for one in answers] == ["I write it on Friday", "It is written"]


def test_killed_in_the_middle_nothing_is_told_twice_or_not_at_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, _ = house.child()
    made = [late_action(house, child) for _ in range(5)]
    monkeypatch.setattr(escalating, "BATCH", 2)
    put, calls = outbox.put, iter((False, True, False, False, False))

    def killed(*arguments: Any) -> int:
        if next(calls):
            raise KeyboardInterrupt
        return put(*arguments)

    monkeypatch.setattr(outbox, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        go_through(house, MONDAY)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2
    go_through(house, MONDAY)
    assert [len(reached(house, action)) for action in made] == [1] * 5
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 5


def test_nobody_is_written_to_in_the_night(house: House) -> None:
    child, _ = house.child()
    for _ in range(7):
        late_action(house, child)
    house.turn_to(MONDAY)
    scope = house.whole.of_authority(house.authority_id, MONDAY)
    escalating.escalate(scope, registry(house), AT.replace(hour=0, minute=0))
    goes = set(db.session.scalars(sa.select(Message.not_before)))
    assert goes == {AT.replace(hour=7, minute=0)}


def test_several_children_of_one_case_tell_each_person_once(house: House) -> None:
    (first, _), (second, _) = house.child(), house.child("0102", "Perrin")
    meeting, _ = house.meeting()
    case_id, _ = case(house, first, meeting)
    with writing():
        db.session.execute(
            sa.insert(CaseChild).values(
                authority_id=house.authority_id, case_id=case_id, child_id=second
            )
        )
    action = late_action(house, None, case_id=case_id)
    go_through(house, WEDNESDAY)
    assert reached(house, action)[-1] == ("team-manager", WEDNESDAY, ("Team Manager",))


def test_an_authority_sets_other_days(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    admin = house.scope("authority.administrator")
    key = "BEX//late-action/team-manager"
    seen = local_figures.standing(admin, registry(house), key).seen
    local_figures.set_figure(
        admin, registry(house), key, "2", date(2026, 11, 1), "As agreed", seen, AT
    )
    go_through(house, date(2026, 11, 24))
    assert reached(house, action)[-1][:2] == ("team-manager", date(2026, 11, 24))
    why = db.session.scalar(sa.select(Escalation.why).where(Escalation.stage == "team-manager"))
    assert why == (
        "2 working days (set by the authority, instead of 3) after it was due on 20 November 2026"
    )


def test_an_authority_sets_another_longest_pause(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    admin = house.scope("authority.administrator")
    key = "BEX//late-action/longest-pause"
    seen = local_figures.standing(admin, registry(house), key).seen
    local_figures.set_figure(
        admin, registry(house), key, "2", date(2026, 11, 1), "As agreed", seen, AT
    )
    go_through(house, MONDAY)
    manager = house.scope("team.manager")
    said = (
        "25 November 2026 or earlier: 2 working days at most .set by the authority, instead of 20"
    )
    with pytest.raises(Refused, match=said):
        escalating.pause(manager, registry(house), action, FRIDAY, "A reason", AT)
    escalating.pause(manager, registry(house), action, WEDNESDAY, "A reason", AT)


def test_a_restricted_child_is_told_of_only_to_those_who_are_named(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
    go_through(house, date(2026, 12, 4))
    assert [names for _, _, names in reached(house, action)] == [(), (), (), ()]


def test_the_queries_of_a_batch_do_not_grow_with_it(house: House) -> None:
    child, _ = house.child()

    def one_day(on: date, many: int) -> int:
        for _ in range(many):
            late_action(house, child)
        return counted(lambda: go_through(house, on))

    few = one_day(MONDAY, 2)
    assert one_day(MONDAY.replace(day=24), 40) <= few + 1


def test_of_many_late_actions_nobody_gets_more_than_a_few_messages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalating, "BATCH", 10)
    child, _ = house.child()
    late = {late_action(house, child) for _ in range(45)}
    go_through(house, date(2026, 12, 11))  # every stage has passed
    rows = db.session.execute(
        sa.select(Message.account_id, Message.body).where(Message.key.contains("escalation"))
    ).all()
    db.session.rollback()
    for person in {row.account_id for row in rows}:
        bodies = [row.body for row in rows if row.account_id == person]
        assert len(bodies) == 6
        told = {action for action in late if any(f"/actions/{action}/" in one for one in bodies)}
        assert told == late
    assert len(db.session.scalars(sa.select(Escalation.id)).all()) == 4 * len(late)

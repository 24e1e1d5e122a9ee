"""Who came to a stage of a late action after it was recorded is told, once; and in the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.disputed import EVER, go_through, late_action
from builders.house import House
from builders.queries import counted

from core.domain.procedure.escalation import LADDER, Whom, set_here
from core.store import escalated, escalations, late_actions
from core.store.database import db, writing
from core.store.tables import Account, Action, Allocation, DayOff, Escalation, Message
from core.usecases import escalating

LAST_STAGE, DAY_AFTER, LATER = date(2026, 12, 4), date(2026, 12, 7), date(2026, 12, 8)


def allocate(house: House, child: int, role: str, relation: str) -> None:
    with writing():
        db.session.execute(
            sa.insert(Allocation).values(
                authority_id=house.authority_id,
                child_id=child,
                account_id=house.accounts[role],
                relation=relation,
                since=date(2026, 1, 1),
            )
        )


def leaves(house: House, role: str) -> None:
    with writing():
        gone = sa.update(Account).where(Account.id == house.accounts[role])
        db.session.execute(gone.values(active=False))


def told(house: House, action: str, stage: str) -> list[tuple[str, date]]:
    """Who was told at a stage of an action, and when."""
    action_id = db.session.scalar(sa.select(Action.id).where(Action.public_id == action)) or 0
    found = escalations.of_action(house.whole, action_id)
    db.session.rollback()
    (one,) = (reached for reached in found if reached.stage == stage)
    return [(who.name.partition(" Of ")[0], who.told_on) for who in one.told]


def nobody(stage: str) -> str:
    said = db.session.scalar(sa.select(Escalation.nobody).where(Escalation.stage == stage))
    db.session.rollback()
    return said or ""


def sent_to(house: House, role: str) -> list[str]:
    to = sa.select(Message.body).where(Message.account_id == house.accounts[role])
    found = list(db.session.scalars(to))
    db.session.rollback()
    return found


def test_a_post_that_is_filled_hears_of_the_stage_that_came_to_nobody(house: House) -> None:
    child, _ = house.child(iro=None)
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    assert told(house, action, "iro") == [] and sent_to(house, "iro") == []
    allocate(house, child, "iro", "iro")
    go_through(house, DAY_AFTER)
    assert told(house, action, "iro") == [("Iro", DAY_AFTER)]
    assert nobody("iro") == ""
    (said,) = sent_to(house, "iro")
    assert "it came to this stage on 4 December 2026" in said
    assert f"/actions/{action}/escalation" in said and "Thistlewick" not in said
    (waits,) = escalated.to_answer(house.scope("iro"), EVER)
    assert waits.public_id == action
    db.session.rollback()
    go_through(house, LATER)
    assert told(house, action, "iro") == [("Iro", DAY_AFTER)]
    assert len(sent_to(house, "iro")) == 1


def test_whoever_comes_after_one_who_left_unanswered_is_told(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    leaves(house, "team.manager")
    go_through(house, DAY_AFTER)
    assert nobody("team-manager") == "Nobody is the team manager of Quill team: give the team one"
    house.account("team.manager", "next.manager@bexley.example")
    go_through(house, LATER)
    assert told(house, action, "team-manager")[1:] == [("Team Manager", LATER)]
    assert nobody("team-manager") == ""
    assert len(sent_to(house, "next.manager")) == 1


def test_a_second_manager_beside_one_who_was_told_is_not_told_anew(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    house.account("team.manager", "next.manager@bexley.example")
    go_through(house, DAY_AFTER)
    assert len(told(house, action, "team-manager")) == 1


def test_of_a_stage_that_is_answered_nobody_else_is_told(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    stage = db.session.scalar(
        sa.select(Escalation.public_id).where(Escalation.stage == "team-manager")
    )
    db.session.rollback()
    manager = house.scope("team.manager")
    escalating.answer(manager, action, stage or "", "I write it", datetime(2026, 12, 4, 10, 0))
    leaves(house, "team.manager")
    house.account("team.manager", "next.manager@bexley.example")
    go_through(house, DAY_AFTER)
    assert len(told(house, action, "team-manager")) == 1


def test_the_owner_who_takes_it_over_from_one_who_left_is_told(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    leaves(house, "social.worker")
    go_through(house, LAST_STAGE)
    assert told(house, action, "owner") == []
    with writing():
        given = {"owner_id": house.accounts["legal"], "owner_name": "Another owner"}
        db.session.execute(sa.update(Action).where(Action.public_id == action).values(**given))
    go_through(house, DAY_AFTER)
    assert told(house, action, "owner") == [("Another owner", DAY_AFTER)]
    assert nobody("owner") == ""


def test_it_goes_out_in_the_morning(house: House) -> None:
    child, _ = house.child()
    for _ in range(8):
        late_action(house, child)
    house.turn_to(date(2026, 11, 23))
    scope = house.whole.of_authority(house.authority_id, house.today)
    registry = house.app.extensions["permanence"].registry
    while escalating.escalate(scope, registry, datetime(2026, 11, 23, 0, 1)):
        pass
    goes = set(db.session.scalars(sa.select(Message.not_before)))
    assert goes == {datetime(2026, 11, 23, 7, 0)}


def test_every_late_action_that_came_to_nobody_is_counted(house: House) -> None:
    house.account("team.manager", "far.manager@bexley.example", team="Far team")
    child, public_id = house.child(iro=None)
    other, _ = house.child("0102", "Perrin", team="Far team")
    late_action(house, other)
    for _ in range(60):
        late_action(house, child)
    leaves(house, "far.manager")
    leaves(house, "service.manager")
    go_through(house, LAST_STAGE)
    found = escalated.unheld(house.scope("authority.administrator"), EVER)
    assert [(one.words.partition(":")[0], one.actions, one.child_public_id) for one in found] == [
        ("Nobody is the service manager of Care service", 61, ""),
        ("The child has no reviewing officer (IRO)", 60, public_id),
        ("Nobody is the team manager of Far team", 1, ""),
    ]
    db.session.rollback()


def test_what_a_stage_is_called_does_not_say_to_whom_it_goes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (Whom.SOCIAL_WORKER, Whom.IRO)
    stages = set_here(("owner", "Its owner", (Whom.OWNER,), 1), ("informal", "Both", both, 3))
    rule = replace(LADDER, stages=stages)
    monkeypatch.setattr(escalating, "ladder_of", lambda procedure: rule)
    child, public_id = house.child(worker=None, iro=None)
    late_action(house, child)
    go_through(house, LAST_STAGE)
    administrator = house.scope("authority.administrator")
    found = {(one.words, one.actions) for one in escalated.unheld(administrator, EVER)}
    assert found == {
        ("The child has no social worker: allocate one", 1),
        ("The child has no reviewing officer (IRO): allocate one", 1),
    }
    db.session.rollback()
    allocate(house, child, "iro", "iro")
    (one,) = escalated.unheld(administrator, EVER)
    assert (one.words.partition(":")[0], one.child_public_id) == (
        "The child has no social worker",
        public_id,
    )
    db.session.rollback()


def test_posts_beyond_the_first_are_counted_and_none_that_is_held_takes_a_place(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (Whom.SOCIAL_WORKER, Whom.IRO)
    stages = set_here(("owner", "Its owner", (Whom.OWNER,), 1), ("informal", "Both", both, 3))
    rule = replace(LADDER, stages=stages)
    monkeypatch.setattr(escalating, "ladder_of", lambda procedure: rule)
    for number in range(60):
        child, _ = house.child(f"{number:04}", iro=None)
        late_action(house, child)
    go_through(house, LAST_STAGE)
    administrator = house.scope("authority.administrator")
    found = escalated.unheld(administrator, EVER)
    assert (len(found), found.more, found.many) == (50, 10, False)
    assert {one.words.partition(":")[0] for one in found} == {
        "The child has no reviewing officer (IRO)"
    }
    db.session.rollback()
    assert counted(lambda: escalated.unheld(administrator, EVER)) <= 6
    page = house.client("authority.administrator").get("/").text
    assert "10 more posts that nobody holds kept late actions from somebody" in page
    monkeypatch.setattr(escalated, "ASKED", 110)
    found = escalated.unheld(administrator, EVER)
    assert (len(found), found.more, found.many) == (50, 5, True)
    db.session.rollback()
    page = house.client("authority.administrator").get("/").text
    assert "At least 5 more posts that nobody holds kept" in page
    monkeypatch.setattr(escalated, "ASKED", 40)
    page = house.client("authority.administrator").get("/").text
    assert "There may be more posts that nobody holds" in page


def test_the_first_page_says_when_it_came_to_who_asks_the_longest_ago_first(house: House) -> None:
    child, _ = house.child(iro=None)
    other, _ = house.child("0102", "Perrin", iro="iro")
    came_later, came_first = late_action(house, child), late_action(house, other)
    go_through(house, LAST_STAGE)
    allocate(house, child, "iro", "iro")
    go_through(house, DAY_AFTER)
    found = escalated.to_answer(house.scope("iro"), EVER)
    assert [(one.public_id, one.told_on) for one in found] == [
        (came_first, LAST_STAGE),
        (came_later, DAY_AFTER),
    ]
    db.session.rollback()
    page = house.client("iro").get("/").text
    assert ", told on 7 December 2026" in " ".join(page.split())


def asked(house: House, role: str) -> list[str]:
    """The stages of which somebody is asked on their first page today."""
    scope = house.scope(role)
    found = [one.title for one in escalated.to_answer(scope, late_actions.answers_since(scope))]
    db.session.rollback()
    return found


def answers(house: House, action: str, role: str, stage: str, on: date) -> None:
    which = db.session.scalar(sa.select(Escalation.public_id).where(Escalation.stage == stage))
    db.session.rollback()
    at = datetime(on.year, on.month, on.day, 10)
    escalating.answer(house.scope(role), action, which or "", "She asks them", at)


def test_an_answer_holds_for_five_working_days_and_then_all_who_were_told_are_asked_anew(
    house: House,
) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    title = "The team manager of the child"
    answers(house, action, "team.manager", "team-manager", LAST_STAGE)
    assert asked(house, "team.manager") == []
    last = date(2026, 12, 11)  # a Friday, five working days after the Friday
    go_through(house, last)
    assert asked(house, "team.manager") == []
    monday = date(2026, 12, 14)
    house.turn_to(monday)
    assert asked(house, "team.manager") == [title]
    answers(house, action, "team.manager", "team-manager", monday)
    assert asked(house, "team.manager") == []


def test_of_an_answer_that_holds_no_longer_whoever_came_since_is_told(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, LAST_STAGE)
    answers(house, action, "team.manager", "team-manager", LAST_STAGE)
    leaves(house, "team.manager")
    house.account("team.manager", "next.manager@bexley.example")
    go_through(house, date(2026, 12, 11))
    assert len(told(house, action, "team-manager")) == 1
    go_through(house, date(2026, 12, 14))
    assert told(house, action, "team-manager")[1:] == [("Team Manager", date(2026, 12, 14))]


def test_days_off_do_not_count_for_an_answer(house: House) -> None:
    with writing():
        off = {"authority_id": house.authority_id, "on": date(2026, 12, 9), "title": "Closed"}
        db.session.execute(sa.insert(DayOff).values(**off, added_at=datetime(2026, 1, 1)))
    house.turn_to(date(2026, 12, 14))
    found = late_actions.answers_since(house.scope("team.manager"))
    assert found == datetime(2026, 12, 4), "the Friday before, and London is at UTC in winter"

"""The core's own reminders: an action due soon, minutes that wait, a term that ends; each once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import BODY, House
from builders.sitting import book

from core.store import notice_waiting
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Account, Action, Meeting, Message, Notice, NoticeCopy, PostHolder
from core.usecases import own_notices

AT = datetime(2026, 11, 23, 9, 0)
WORKER = "social.worker"


def work(house: House, on: date | None = None) -> None:
    own_notices.work_on(Scope.of_authority(house.authority_id, on or house.today), AT)


def messages(house: House) -> list[Any]:
    rows = db.session.execute(
        sa.select(Message.to_name, Message.subject, Message.body).order_by(Message.id)
    ).all()
    db.session.rollback()
    return list(rows)


def action(house: House, due: date, **more: object) -> int:
    meeting_id, _ = house.meeting(date(2026, 11, 2), state="closed")
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.id == meeting_id).values(ratified_at=AT)
        )
    _, case_id = book(house, meeting_id, (house.child()[0],))
    values = {
        "owner_id": house.accounts[WORKER],
        "owner_name": "Social Worker",
        "case_id": case_id,
        "kind": "task",
        "what": "Ask Orlin Thistlewick what he wants",
        "due": due,
        "first_due": due,
        **more,
    }
    with writing():
        return int(
            db.session.execute(
                sa.insert(Action)
                .values(authority_id=house.authority_id, **values)
                .returning(Action.id)
            ).scalar_one()
        )


def test_the_owner_is_reminded_three_days_before_an_action_is_due_and_again_of_another_day(
    house: House,
) -> None:
    action_id = action(house, date(2026, 11, 27))
    work(house)
    assert messages(house) == []
    work(house, date(2026, 11, 24))
    work(house, date(2026, 11, 25))
    (told,) = messages(house)
    assert told.to_name == "Social Worker Of Bexley"
    assert told.subject == "An action of yours is due by 27 November 2026"
    assert "/actions/" in told.body and "Thistlewick" not in told.subject + told.body
    with writing():
        db.session.execute(
            sa.update(Action).where(Action.id == action_id).values(due=date(2026, 12, 4))
        )
    work(house, date(2026, 12, 1))
    assert len(messages(house)) == 2
    reason = db.session.scalar(sa.select(Notice.reason))
    assert reason is not None and "set here, not by the procedure" in reason


@pytest.mark.parametrize("kept", ["done_on", "ended_on", "accepted_on"])
def test_nobody_is_reminded_of_what_is_done_or_ended(house: House, kept: str) -> None:
    action(house, date(2026, 11, 24), **{kept: date(2026, 11, 20)})
    work(house)
    assert messages(house) == []


def test_an_owner_who_has_left_is_said_and_not_written_to(house: House) -> None:
    action(house, date(2026, 11, 24))
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts[WORKER]).values(active=False)
        )
    work(house)
    row = db.session.execute(sa.select(Notice.state, Notice.why)).one()
    assert (row.state, row.why) == ("nobody", "Social Worker Of Bexley has left or is suspended")
    assert messages(house) == []


def test_the_chair_is_reminded_of_minutes_three_working_days_after_the_meeting(
    house: House,
) -> None:
    house.meeting(date(2026, 11, 19), state="closed")
    work(house)
    assert messages(house) == []
    work(house, date(2026, 11, 24))
    work(house, date(2026, 11, 30))
    (told,) = messages(house)
    assert told.to_name == "Panel Chair Of Bexley"
    assert (
        told.subject == "Minutes of the Permanence Panel on Thursday 19 November 2026 wait for you"
    )


def test_the_administrators_are_reminded_of_a_term_that_ends(house: House) -> None:
    with writing():
        db.session.execute(
            sa.update(PostHolder)
            .where(PostHolder.body_code == BODY, PostHolder.post_code == "adoption")
            .values(until=date(2026, 12, 10))
        )
    work(house)
    work(house, date(2026, 11, 30))
    (told,) = messages(house)
    assert told.to_name == "Authority Administrator Of Bexley"
    assert told.subject == "A term in the Permanence Panel ends on 9 December 2026"
    relations = db.session.scalars(sa.select(NoticeCopy.relation)).all()
    assert list(relations) == ["authority-administrator"]


def test_of_more_actions_than_are_read_at_once_each_is_reminded_of(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_waiting, "MOST", 2)
    more(house, action(house, date(2026, 11, 24)), 4)
    counts = []
    for _ in range(4):
        work(house)
        counts.append(len(messages(house)))
    assert counts == [2, 4, 5, 5]
    assert len(db.session.scalars(sa.select(Notice.key).distinct()).all()) == 5


def test_of_more_minutes_than_are_read_at_once_each_is_reminded_of(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_waiting, "MOST", 2)
    for number in range(3):
        house.meeting(date(2026, 11, 9 + number), state="closed")
    counts = []
    for _ in range(3):
        work(house)
        counts.append(len(messages(house)))
    assert counts == [2, 3, 3]


def more(house: House, like: int, count: int) -> None:
    """Further actions like one."""
    same = db.session.execute(sa.select(Action).where(Action.id == like)).scalar_one()
    kept = {
        "authority_id": same.authority_id, "owner_id": same.owner_id, "due": same.due,
        "owner_name": same.owner_name, "case_id": same.case_id, "kind": same.kind,
        "what": same.what, "first_due": same.first_due,
    }  # fmt: skip
    db.session.rollback()
    with writing():
        db.session.execute(sa.insert(Action), [kept for _ in range(count)])


def test_an_owner_of_many_actions_gets_one_message_with_the_path_of_each(house: House) -> None:
    more(house, action(house, date(2026, 11, 24)), 30)
    work(house)
    work(house)
    (told,) = messages(house)
    assert told.subject == "31 actions of yours are due soon"
    assert told.body.count("\n/actions/") == 31 and "Thistlewick" not in told.body
    assert len(db.session.scalars(sa.select(Notice.id)).all()) == 31
    went = db.session.execute(sa.select(NoticeCopy.message_id).distinct()).all()
    assert len(went) == 1 and went[0][0] is not None

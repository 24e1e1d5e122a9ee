"""Notices that wait in the outbox as what they say is not so any more, and nobody is to be told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.noticed import (
    AT,
    FIVE_BEFORE,
    PANEL,
    booked,
    messages,
    rows,
    stand,
    work,
)
from builders.queries import counted
from builders.referred import submitted
from builders.sitting import book
from conftest import TODAY, settings

import plugins.bcp
from core.app import create_app
from core.store import inviting, notice_messages, notice_waiting, outbox_sending
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Action, Child, Meeting, Message
from core.usecases import circulation, noticing, own_notices

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STOPPED = ("stopped", notice_messages.NOT_SO)
WORKER, OTHER = "social.worker", "iro"


def states() -> list[tuple[str, str]]:
    found = db.session.execute(sa.select(Message.state, Message.said).order_by(Message.id)).all()
    db.session.rollback()
    return [(state, said) for state, said in found]


def to_state(case: str, state: str) -> None:
    with writing():
        db.session.execute(
            sa.text("UPDATE panel_case SET state = :state WHERE public_id = :case"),
            {"case": case, "state": state},
        )


def test_a_referral_submitted_while_its_reminder_waits_is_not_reminded_of(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    case = submitted(house, meeting, house.child()[1])
    to_state(case, "returned")
    work(house, FIVE_BEFORE, datetime(2026, 11, 26, 0, 5))
    assert [state for state, _ in states()] == ["waiting"]
    to_state(case, "submitted")
    work(house, FIVE_BEFORE, datetime(2026, 11, 26, 6, 55))
    why = "the referral was submitted, or asks for another meeting"
    assert states() == [("stopped", f"Not sent: {why}")]
    assert stand(house, "papers-due") == [("notice", "sent")]
    on_the_day = Scope.of_authority(house.authority_id, FIVE_BEFORE)
    assert not noticing.bring_up_to_date(on_the_day, AT)


@ONE_KIND
def test_an_agenda_circulated_while_its_reminder_waits_is_not_asked_for(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(settings(tmp_path, database_url), {"bcp": plugins.bcp})
    app.testing = True
    with app.app_context():
        house = House(app, TODAY, "BCP", "bcp")
        meeting_id, meeting = house.meeting(date(2026, 12, 3))
        book(house, meeting_id, (house.child()[0],))
        house.turn_to(date(2026, 11, 30))
        work(house)
        circulation.circulate(
            house.scope("panel.administrator"), meeting, datetime(2026, 11, 30, 6, 0)
        )
        work(house)
        assert states()[0] == ("stopped", "Not sent: the agenda is circulated already")
        assert {state for state, _ in states()[1:]} == {"waiting"}
        db.session.remove()
        db.engine.dispose()


@ONE_KIND
def test_what_waits_as_the_day_of_its_meeting_goes_by_does_not_go_and_what_failed_stays(
    house: House,
) -> None:
    booked(house)
    work(house, FIVE_BEFORE)
    with writing():
        failed = sa.update(Message).where(Message.to_name.startswith("Team"))
        db.session.execute(failed.values(state="failed", said="550 No such user"))
    work(house, PANEL)
    assert [state for state, _ in states()] == ["waiting", "failed"]
    house.turn_to(PANEL + timedelta(days=1))
    work(house)
    gone_by = ("stopped", "Not sent: the meeting’s day has gone by")
    assert states() == [gone_by, ("failed", "550 No such user")]
    assert not noticing.bring_up_to_date(house.whole, AT)
    assert counted(lambda: noticing.bring_up_to_date(house.whole, AT)) <= 8


@ONE_KIND
def test_of_a_cancelled_meeting_that_no_procedure_follows_nothing_goes(house: House) -> None:
    meeting_id, _, _ = booked(house)
    work(house, FIVE_BEFORE)
    with writing():
        db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting_id)
            .values(state="cancelled", cancelled_at=AT + timedelta(hours=1), procedure_code="GONE")
        )
    work(house)
    assert {state for state, _ in states()} == {"waiting"}
    assert inviting.waits_of_cancelled(house.whole)
    with writing():
        stopped = inviting.stop_of_cancelled(house.whole, AT)
    assert [len(names) for names in stopped.values()] == [2]
    assert not inviting.waits_of_cancelled(house.whole)


@ONE_KIND
def test_cancelled_after_its_day_nothing_of_it_goes_and_nobody_is_told_that_it_is_off(
    house: House,
) -> None:
    booked(house)
    work(house, FIVE_BEFORE)
    with writing():
        db.session.execute(
            sa.update(Meeting).values(state="cancelled", cancelled_at=AT + timedelta(days=20))
        )
    house.turn_to(PANEL + timedelta(days=1))
    work(house)
    off = ("stopped", inviting.CANCELLED)
    assert states() == [off, off] and stand(house) == [("notice", "sent")]


def remind(house: House, on: date | None = None) -> None:
    scope = Scope.of_authority(house.authority_id, on or house.today)
    own_notices.work_on(scope, AT)


def action(house: House, number: int = 0) -> int:
    with writing():
        return int(
            db.session.execute(
                sa.insert(Action)
                .values(
                    authority_id=house.authority_id,
                    owner_id=house.accounts[WORKER],
                    owner_name="Social Worker",
                    kind="task",
                    what=f"Ask the school, {number}",
                    due=date(2026, 11, 24),
                    first_due=date(2026, 11, 24),
                )
                .returning(Action.id)
            ).scalar_one()
        )


def change(action_id: int, **values: object) -> None:
    with writing():
        db.session.execute(sa.update(Action).where(Action.id == action_id).values(**values))


def to_be_sent() -> list[tuple[str, str]]:
    """What stands in the outbox once the sender has looked for what is to go no more."""
    with writing():
        outbox_sending.stop_needless(AT)
    return states()


@pytest.mark.parametrize(
    "changed",
    [
        {"done_on": date(2026, 11, 23)},
        {"ended_on": date(2026, 11, 23)},
        {"due": date(2026, 12, 24)},
    ],
)
def test_an_action_done_ended_or_moved_while_its_reminder_waits_is_not_reminded_of(
    house: House, changed: dict[str, object]
) -> None:
    first, _ = action(house), action(house, 1)
    remind(house)
    assert to_be_sent() == [("waiting", ""), ("waiting", "")]
    change(first, **changed)
    assert to_be_sent() == [STOPPED, ("waiting", "")]


def test_of_a_record_closed_to_the_owner_while_the_reminder_waits_nobody_is_reminded(
    house: House,
) -> None:
    child_id, _ = house.child()
    of_child, _ = action(house), action(house, 1)
    change(of_child, child_id=child_id)
    remind(house)
    assert to_be_sent() == [("waiting", ""), ("waiting", "")]
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.id == child_id).values(closed_to="restricted")
        )
    assert to_be_sent() == [STOPPED, ("waiting", "")]


def test_an_action_handed_on_is_reminded_of_to_whose_it_is_now(house: House) -> None:
    handed = action(house)
    remind(house)
    change(handed, owner_id=house.accounts[OTHER])
    remind(house)
    remind(house)
    assert to_be_sent() == [STOPPED, ("waiting", "")]
    assert messages(house)[1][0] == "Iro Of Bexley"


@ONE_KIND
def test_one_message_of_many_actions_goes_while_one_of_them_is_to_do(house: House) -> None:
    numbers = [action(house, number) for number in range(7)]
    remind(house)
    for one in numbers[:-1]:
        change(one, done_on=date(2026, 11, 23))
    assert to_be_sent() == [("waiting", "")]
    change(numbers[-1], done_on=date(2026, 11, 23))
    assert to_be_sent() == [STOPPED]


@ONE_KIND
def test_minutes_ratified_while_their_reminder_waits_are_not_reminded_of(house: House) -> None:
    house.meeting(date(2026, 11, 12), state="closed")
    remind(house)
    assert to_be_sent() == [("waiting", "")]
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=AT))
    assert to_be_sent() == [STOPPED]


def test_what_was_reminded_of_is_known_however_the_database_writes_days(house: House) -> None:
    action(house)
    remind(house)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL datestyle TO 'SQL, DMY'"))
    assert notice_waiting.actions(house.whole, date(2026, 11, 30)) == []
    db.session.rollback()


@ONE_KIND
def test_only_terms_are_asked_whether_they_were_told_already(house: House) -> None:
    remind(house)
    none = counted(lambda: remind(house))
    action(house)
    remind(house)
    assert counted(lambda: remind(house)) == none and len(rows(house, "action-due")) == 1

"""An action until it is done: who may do what with it, and that every word of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from builders.acted import FIRST, at, heard, of, put, registry
from builders.house import House
from builders.sitting import who

from core.domain.action import ActionState, Progress
from core.domain.finding import Refused
from core.store import action_notes, actions
from core.store.database import db, writing
from core.store.tables import Account, ActionNote, Message
from core.usecases import action as doing
from core.usecases.action_moved import ActionMoved

AT = at(FIRST)


@pytest.fixture
def action(house: House) -> str:
    child_id, _ = house.child()
    return heard(house, child_id, FIRST)[2]


def done(house: House, action: str, seen: int = 1, role: str = "legal") -> None:
    said = Progress("", True, "The letter is sent")
    doing.save_action(house.scope(role), registry(house), action, said, seen, AT)


def row(house: House, action: str, role: str = "panel.administrator") -> actions.ActionRow:
    found = actions.find(house.scope(role), action)
    db.session.rollback()
    assert found is not None
    return found


def notes(house: House, action: str) -> list[tuple[str, str, str]]:
    found = action_notes.of_action(house.scope("legal"), row(house, action).id)
    db.session.rollback()
    return [(one.did, one.by, one.words) for one in found]


def test_notes_are_added_to_and_the_latest_stands_in_lists(house: House, action: str) -> None:
    for seen, words in enumerate(("Rung", "Rung again"), 1):
        doing.save_action(house.scope("legal"), registry(house), action, Progress(words), seen, AT)
    assert [words for _, _, words in notes(house, action)] == ["Rung again", "Rung"]
    assert of(action, "progress") == ("Rung again",)


def test_a_note_that_says_what_one_s_latest_says_is_not_kept_again(
    house: House, action: str
) -> None:
    def say(role: str, words: str, *done: object) -> bool:
        progress, seen = Progress(words, *done), row(house, action).version  # type: ignore[arg-type]
        return doing.save_action(house.scope(role), registry(house), action, progress, seen, AT)

    assert say("legal", "Rung") and not say("legal", " Rung ")
    assert row(house, action).version == 2
    assert not doing.save_action(
        house.scope("legal"), registry(house), action, Progress("Rung"), 1, AT
    ), "an older page says nothing of a clash"
    assert say("team.manager", "Rung") and say("legal", "Rung again") and say("legal", "Rung")
    assert say("legal", "Rung", True, "She comes")
    assert notes(house, action)[0][0] == "said-done"
    assert [words for did, _, words in notes(house, action) if did == "progress"] == [
        "Rung",
        "Rung again",
        "Rung",
        "Rung",
    ]


def test_it_is_done_once_somebody_else_accepts_that(house: House, action: str) -> None:
    done(house, action)
    found = row(house, action)
    assert found.state(date(2027, 1, 1)) is ActionState.SAID and found.waits
    with pytest.raises(Refused, match="not yours"):
        doing.accept(house.scope("legal"), registry(house), action, "", 2, AT)
    doing.accept(house.scope("head.of.service"), registry(house), action, "Seen", 2, AT)
    assert row(house, action).state(FIRST) is ActionState.DONE
    assert [did for did, _, _ in notes(house, action)] == ["accepted", "said-done"]


@pytest.mark.parametrize("role", ["panel.chair", "panel.administrator", "team.manager"])
def test_who_keeps_the_tracker_or_manages_the_child_accepts(
    house: House, action: str, role: str
) -> None:
    done(house, action)
    doing.accept(house.scope(role), registry(house), action, "", 2, AT)
    assert of(action, "accepted_by") == (house.accounts[role],)


def test_an_owner_accepts_nothing_of_their_own_whatever_their_role(
    house: House, action: str
) -> None:
    put(action, owner_id=house.accounts["panel.administrator"])
    done(house, action, role="panel.administrator")
    administrator = house.scope("panel.administrator")
    with pytest.raises(Refused, match="not yours"):
        doing.accept(administrator, registry(house), action, "", 2, AT)
    with pytest.raises(Refused, match="not yours"):
        doing.end(administrator, registry(house), action, "Why not", 2, AT)
    assert of(action, "accepted_on", "ended_on") == (None, None)


def test_what_is_sent_back_is_open_again_and_keeps_what_was_said(house: House, action: str) -> None:
    done(house, action)
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="Say what is still to be done"):
        doing.send_back(chair, registry(house), action, " ", 2, AT)
    doing.send_back(chair, registry(house), action, "No answer came", 2, AT)
    assert of(action, "done_on", "said_by", "done_words") == (None, None, "")
    assert [words for _, _, words in notes(house, action)] == [
        "No answer came", "The letter is sent",
    ]  # fmt: skip
    letter = db.session.execute(sa.select(Message.subject, Message.body)).one()
    db.session.rollback()
    assert letter.subject == "An action was sent back" and f"/actions/{action}" in letter.body
    assert "Thistlewick" not in letter.body and "school" not in letter.body


def test_a_day_is_moved_by_another_than_the_owner_with_a_reason_and_counted(
    house: House, action: str
) -> None:
    to = date(2026, 12, 10)
    with pytest.raises(Refused, match="not yours"):
        doing.move(house.scope("legal"), registry(house), action, to, "Ill", 1, AT)
    manager = house.scope("team.manager")
    for day, why, wrong in (
        (None, "Ill", "Enter the new day"),
        (date(2026, 11, 22), "Ill", "today or later"),
        (date(2026, 12, 1), "Ill", "already"),
        (date(2062, 12, 10), "Ill", "must be 18 February 2027 or earlier: 60 working days"),
        (to, "  ", "Enter why the day is moved"),
    ):
        with pytest.raises(Refused, match=wrong):
            doing.move(manager, registry(house), action, day, why, 1, AT)
    doing.move(manager, registry(house), action, to, "Ill", 1, AT)
    found = row(house, action)
    assert (found.due, found.first_due, found.moved) == (to, date(2026, 12, 1), 1)
    note = db.session.execute(sa.select(ActionNote.before, ActionNote.after)).one()
    db.session.rollback()
    assert tuple(note) == ("2026-12-01", "2026-12-10")


def test_it_is_handed_on_from_an_owner_who_has_left(house: House, action: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["legal"]).values(active=False)
        )
    assert row(house, action).without_owner
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="Choose who has it"):
        doing.hand_on(chair, registry(house), action, who(house, "legal"), "Left", 1, AT)
    to = who(house, "social.worker")
    doing.hand_on(chair, registry(house), action, to, "Left", 1, AT)
    assert of(action, "owner_id") == (house.accounts["social.worker"],)
    assert not row(house, action).without_owner


def test_it_is_ended_with_a_reason_and_nothing_is_done_with_it_then(
    house: House, action: str
) -> None:
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="Enter why"):
        doing.end(chair, registry(house), action, "", 1, AT)
    doing.end(chair, registry(house), action, "The child moved away", 1, AT)
    assert row(house, action).state(FIRST) is ActionState.ENDED
    with pytest.raises(Refused):
        done(house, action, seen=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda h, a: doing.end(h.scope("panel.chair"), registry(h), a, "Gone", 1, AT),
        lambda h, a: doing.save_action(h.scope("legal"), registry(h), a, Progress("Rung"), 1, AT),
    ],
)
def test_who_comes_second_is_refused_with_what_stands(
    house: House, action: str, change: Callable[[House, str], None]
) -> None:
    doing.save_action(
        house.scope("panel.administrator"), registry(house), action, Progress("Rung"), 1, AT
    )
    with pytest.raises(ActionMoved):
        change(house, action)


def test_strangers_to_the_child_do_nothing_with_it(house: House, action: str) -> None:
    for role in ("iro", "deputy.director", "panel.member"):
        with pytest.raises(Refused, match="not yours"):
            doing.save_action(house.scope(role), registry(house), action, Progress("Mine"), 1, AT)


def test_what_done_looks_like_stays_once_it_is_said_done_and_can_be_said_where_it_lacks(
    house: House, action: str
) -> None:
    done(house, action)
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="not yours"):
        doing.say_done_means(chair, registry(house), action, "A telephone call", 2, AT)
    doing.accept(chair, registry(house), action, "", 2, AT)
    with pytest.raises(Refused, match="not yours"):
        doing.say_done_means(chair, registry(house), action, "A telephone call", 3, AT)
    assert of(action, "done_means") == ("The school has it in writing",)
    put(action, done_means=" ")
    doing.say_done_means(chair, registry(house), action, "A telephone call", 3, AT)
    assert of(action, "done_means") == ("A telephone call",), "its minutes wait for it"


def test_what_done_looks_like_is_not_noted_where_it_is_what_stands(
    house: House, action: str
) -> None:
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="This is what it says already"):
        said = "The school has it in writing "
        doing.say_done_means(chair, registry(house), action, said, 1, AT)
    assert notes(house, action) == [] and of(action, "version") == (1,)

"""What minutes say of the actions that their meeting made: as they stand, then as ratified."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pytest
import sqlalchemy as sa
from builders.acted import FIRST, SECOND, at, close, heard, put, ratify, registry
from builders.house import House
from builders.sitting import who

from core.store import actions, items
from core.store.database import db
from core.store.tables import Meeting
from core.usecases import action as doing
from core.usecases import amending, papers

MEANS = "The school has it in writing"
DECIDED = ("Write to the school", "Not said", "Legal Of Bexley", "1 December 2026", "Not yet.")
COMPLETE = ("Write to the school", MEANS, "Team Manager Of Bexley", "7 December 2026", "Not yet.")


def rows(house: House, meeting: str) -> list[tuple[str, ...]]:
    """The actions of a meeting's minutes, a row each."""
    made = papers.minutes(house.scope("panel.chair"), registry(house), meeting, at(SECOND))
    db.session.rollback()
    assert made is not None
    tables = docx.Document(BytesIO(made[1])).tables
    found = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    return [tuple(cells) for cells in found if cells[0] == "Write to the school"]


def seen(house: House, action: str) -> int:
    row = actions.find(house.scope("panel.chair"), action)
    db.session.rollback()
    assert row is not None
    return row.version


def hand_on(house: House, action: str, to: str) -> None:
    chair, why = house.scope("panel.chair"), "It is theirs"
    version = seen(house, action)
    doing.hand_on(chair, registry(house), action, who(house, to), why, version, at(FIRST))


def move(house: House, action: str, to: date) -> None:
    chair, why = house.scope("panel.chair"), "The head is away"
    version = seen(house, action)
    doing.move(chair, registry(house), action, to, why, version, at(FIRST))


def complete(house: House, action: str) -> None:
    """What done looks like, another owner and another day, after the meeting was closed."""
    chair = house.scope("panel.chair")
    version = seen(house, action)
    doing.say_done_means(chair, registry(house), action, MEANS, version, at(FIRST))
    hand_on(house, action, "team.manager")
    move(house, action, date(2026, 12, 7))


@pytest.fixture
def held(house: House) -> tuple[str, str, str]:
    """A closed meeting, its item and its action, which lacks what done looks like."""
    child_id, _ = house.child()
    meeting, item, action = heard(house, child_id, FIRST, done_means="")
    close(house, meeting, FIRST)
    return meeting, item, action


def test_minutes_say_an_action_as_it_stands_until_they_are_ratified(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, _, action = held
    assert rows(house, meeting) == [DECIDED]
    complete(house, action)
    assert rows(house, meeting) == [COMPLETE]


def test_ratified_and_reissued_minutes_say_an_action_as_it_stood_when_they_were_ratified(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, item, action = held
    complete(house, action)
    ratify(house, meeting, FIRST)
    assert rows(house, meeting) == [COMPLETE]
    hand_on(house, action, "legal")
    move(house, action, date(2026, 12, 21))
    assert rows(house, meeting) == [COMPLETE]
    chair = house.scope("panel.chair")
    seen, text = "Because of drift", "Because of delay"
    amending.amend(
        chair, registry(house), item, "rationale", seen, text, "It was misheard", at(SECOND)
    )
    amending.reissue(chair, registry(house), meeting, "A word", at(SECOND))
    assert rows(house, meeting) == [COMPLETE]


def test_an_action_that_was_ended_before_the_minutes_were_ratified_is_said_so(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, _, action = held
    put(action, ended_on=SECOND, ended_why="The school has closed")
    ended = "Ended without being done on 15 December 2026: The school has closed"
    assert [row[-1] for row in rows(house, meeting)] == [ended]
    ratify(house, meeting, SECOND)
    assert [row[-1] for row in rows(house, meeting)] == [ended]


def test_what_was_done_after_the_close_is_not_in_the_minutes_of_the_meeting(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, _, action = held
    complete(house, action)
    put(action, done_on=SECOND, done_words="Sent", progress="Half written")
    assert rows(house, meeting) == [COMPLETE]
    ratify(house, meeting, SECOND)
    assert rows(house, meeting) == [COMPLETE]


def test_minutes_ratified_of_a_meeting_that_kept_nothing_at_its_close_are_kept_from_then(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, _, action = held
    db.session.execute(sa.update(Meeting).values(carried=sa.null()))
    db.session.commit()
    complete(house, action)
    ratify(house, meeting, FIRST)
    hand_on(house, action, "legal")
    assert rows(house, meeting) == [COMPLETE]


def test_the_items_page_and_the_decisions_document_say_what_the_ratified_minutes_say(
    house: House, held: tuple[str, str, str]
) -> None:
    meeting, item, action = held
    complete(house, action)
    ratify(house, meeting, FIRST)
    page = house.client("panel.chair").get(f"/items/{item}").text
    assert "Changed since the minutes were ratified" not in page
    hand_on(house, action, "legal")
    move(house, action, date(2026, 12, 21))
    page = house.client("panel.chair").get(f"/items/{item}").text
    assert "Team Manager Of Bexley, by 7 December 2026" in page and f"Done means: {MEANS}" in page
    assert "Changed since the minutes were ratified: Legal Of Bexley, by " in page
    scope = house.scope("panel.chair")
    row = items.find(scope, item)
    assert row is not None
    child = items.children(scope, [row.case_id])[0]
    made = papers.decision_document(scope, registry(house), row, child, at(SECOND))
    db.session.rollback()
    assert made is not None
    said = "\n".join(p.text for p in docx.Document(BytesIO(made[1])).paragraphs)
    assert "Owner: Team Manager Of Bexley, by 7 December 2026" in said

"""The migrations of actions, messages, notices, packs and the board, down and up with rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from builders.acted import FIRST, heard, put
from builders.filled import fill
from builders.house import House
from flask_migrate import downgrade, upgrade

from core.store.database import Base, db, writing
from core.store.tables import Action, Authority, OnwardReferral, Paper

NEW = (
    "action_note", "action_roll", "minutes_issue", "amendment", "message", "invitation",
    "escalation", "escalation_told", "escalation_answer", "escalation_pause", "escalation_day",
    "dispute", "dispute_stage", "dispute_told", "notice", "notice_copy", "paper_reading",
    "form_reading", "minutes_reading", "question", "board_span", "board_row", "staged_document",
    "staged_text", "staged_answer", "staged_invitee",
)  # fmt: skip
DONE = date(2026, 11, 28)


@pytest.fixture
def rows(house: House) -> Iterator[House]:
    """An action said to be done, referrals by a decision and by a person, a paper, all the new."""
    child, _ = house.child()
    _, _, action = heard(house, child, FIRST)
    put(action, progress="The school is asked", done_on=DONE, done_words="It has it in writing")
    with writing():
        db.session.execute(sa.delete(Base.metadata.tables["board_row"]))
        action_row = db.session.execute(sa.select(Action.decision_id, Action.case_id)).one()
        said = {"authority_id": house.authority_id, "forum": "adm", "made_on": FIRST}
        of_decision = {"decision_id": action_row.decision_id, "case_id": action_row.case_id}
        for of, words in ((of_decision, "by a decision"), ({"child_id": child}, "by a person")):
            made = sa.insert(OnwardReferral).values(**said, **of, forum_words=words)
            db.session.execute(made)
    fill(house.authority_id, ("paper", *NEW))
    yield house
    db.session.rollback()
    upgrade()  # Also where the test failed half way: others use the same database.


def counts() -> dict[str, int]:
    tables = Base.metadata.tables
    found = {
        name: db.session.execute(sa.select(sa.func.count()).select_from(tables[name])).scalar_one()
        for name in NEW
    }
    db.session.rollback()
    return found


def what_stays() -> list[Any]:
    """Of actions, referrals and papers what was there before these migrations."""
    found = [
        db.session.execute(
            sa.select(Action.what, Action.due, Action.progress, Action.done_on, Action.done_words)
        ).all(),
        db.session.execute(
            sa.select(OnwardReferral.forum_words, OnwardReferral.made_on).where(
                OnwardReferral.decision_id.is_not(None)
            )
        ).all(),
        db.session.execute(sa.select(Paper.public_id, Paper.version)).all(),
    ]
    db.session.rollback()
    return found


def differences() -> list[Any]:
    """Where the tables of the database are not those of the code, indexes of conditions aside."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_each_table_has_a_row_and_what_was_there_before_comes_back(rows: House) -> None:
    assert min(counts().values()) >= 1
    before, as_made = what_stays(), differences()
    assert all(before)
    downgrade(revision="0007")
    there = set(sa.inspect(db.engine).get_table_names())
    assert there.isdisjoint(NEW)
    words = db.session.scalars(sa.text("SELECT forum_words FROM onward_referral")).all()
    db.session.rollback()
    assert words == ["by a decision"], "the table before cannot hold one that a person made"
    upgrade()
    assert what_stays() == before
    assert differences() == as_made
    noted = db.session.execute(sa.text("SELECT kind, words, at FROM action_note ORDER BY id")).all()
    assert noted == [
        ("progress", "The school is asked", None),
        ("said-done", "It has it in writing", None),
    ]
    # What was only said to be done counts as accepted then: acceptance was not kept.
    assert db.session.execute(sa.select(Action.accepted_on, Action.done_means)).all() == [
        (DONE, "")
    ]
    assert db.session.scalar(sa.select(Authority.deadlines_under)) == ""
    db.session.rollback()
    assert {name for name, count in counts().items() if count} == {"action_note"}

"""A document goes through its stages: who may do what, two at once, sent back, voided, filed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.reckoned import registry
from builders.staged import (
    STAGES,
    STEP_OF,
    TEXT,
    answered,
    asked,
    complete,
    corrected,
    following,
    held,
    invited,
    proceedings,
    row_of,
    sent_back,
    started,
)

from core.domain.finding import Refused
from core.domain.staged import AUTHOR, State
from core.store import staged
from core.store.database import db, writing
from core.store.tables import (
    AccountRole,
    AuditRow,
    Child,
    Cover,
    NamedAccess,
    StagedAnswer,
    StagedText,
)
from core.usecases import approving
from core.usecases.staged import DocumentMoved, TextMoved, people

MONDAY = date(2026, 11, 23)
FINAL = STAGES
LATER = AT + timedelta(hours=1)


@pytest.fixture
def house(house: House) -> House:
    house.turn_to(MONDAY)
    return following(house)


def write(house: House, made: str, text: str, seen: int, role: str = "social.worker") -> bool:
    done = approving.write(house.scope(role), registry(house), made, text, seen, LATER)
    db.session.remove()
    return done


def file(house: House, made: str, on: date | None = MONDAY, role: str = "social.worker") -> None:
    number = row_of(house, made).number
    approving.file(house.scope(role), registry(house), made, on, "", number, LATER)
    db.session.remove()


@pytest.mark.clause("PPM10-11")
def test_it_goes_through_every_stage_in_order_and_only_then_is_filed(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    with pytest.raises(Refused, match="has not approved this text") as early:
        file(house, made)
    assert [finding.code for finding in early.value.findings] == list(STEP_OF.values())
    invited(house, made)
    asked(house, made)
    for role in ("iro", "legal", "head.of.service"):
        with pytest.raises(DocumentMoved, match="is not asked for now"):
            answered(house, made, role)
    answered(house, made, "team.manager", "Clear, and thorough")
    with pytest.raises(DocumentMoved):
        answered(house, made, "head.of.service")
    answered(house, made, "legal")
    with pytest.raises(Refused) as half:
        file(house, made)
    assert [finding.code for finding in half.value.findings] == [
        "reviewing-officer",
        "head-of-service",
    ]
    answered(house, made, "iro")
    answered(house, made, "head.of.service")
    assert held(house, made).now.state is State.COMPLETE
    file(house, made)
    row = row_of(house, made)
    assert (row.state, row.filed_on) == (State.FILED, MONDAY)
    for again in (lambda: write(house, made, "Another", 1), lambda: file(house, made)):
        with pytest.raises(DocumentMoved, match="filed with the court already"):
            again()
    did = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.subject_id == made).order_by(AuditRow.id)
    ).all()
    assert did == [
        "start document",
        "invite to document",
        "ask for approval",
        "approve document",
        "review document",
        "review document",
        "approve document",
        "file document",
    ]


@pytest.mark.clause("PPM10-11")
def test_changed_text_voids_what_was_approved_and_both_texts_are_kept(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    complete(house, made)
    assert write(house, made, f"{TEXT}, with time with his mother", 1)
    one = held(house, made)
    assert one.now.state is State.WRITTEN and one.now.done == {}
    with pytest.raises(Refused):
        file(house, made)
    texts = db.session.scalars(sa.select(StagedText.words).order_by(StagedText.number)).all()
    db.session.rollback()
    assert texts == [TEXT, f"{TEXT}, with time with his mother"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StagedAnswer)) == 5
    with pytest.raises(DocumentMoved, match="The text has been changed"):
        answered(house, made, "team.manager", seen=1)
    assert not write(house, made, f"{TEXT}, with time with his mother", 2)


@pytest.mark.clause("PPM10-11")
def test_it_is_sent_back_with_words_to_its_author_or_to_an_earlier_step(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)
    asked(house, made)
    answered(house, made, "team.manager")
    with pytest.raises(Refused, match="Say why it goes back"):
        sent_back(house, made, "legal", "team-manager", " ")
    with pytest.raises(Refused, match="Choose to whom"):
        sent_back(house, made, "legal", "head-of-service", "Why")
    sent_back(house, made, "legal", "team-manager", "The threshold is not set out")
    assert held(house, made).now.stage == ("team-manager",)
    answered(house, made, "team.manager")
    sent_back(house, made, "iro", AUTHOR, "Orlin’s own words are missing")
    one = held(house, made)
    assert one.now.state is State.WRITTEN
    assert [said.words for said in one.sayings if said.to] == [
        "The threshold is not set out",
        "Orlin’s own words are missing",
    ]
    assert [row.public_id for row in staged.needing(house.scope("social.worker"))] == [made]


def test_only_who_is_asked_answers_and_only_who_works_with_the_child_writes(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    asked(house, made)
    for role in ("service.manager", "social.worker", "head.of.service"):
        with pytest.raises(Refused, match="Only the manager of the child’s team"):
            answered(house, made, role, step="team-manager")
    for role in ("inspector", "panel.member", "legal"):
        with pytest.raises(Refused):
            write(house, made, "Not mine to write", 1, role)
    with pytest.raises(Refused, match="no such step"):
        answered(house, made, "team.manager", step="nobody")
    other = house.account("team.manager", "other.manager@bexley.example", team="Another team")
    house.accounts["other"] = other
    with pytest.raises(Refused):
        answered(house, made, "other", step="team-manager")


def test_a_legal_colleague_sees_the_document_they_are_invited_to_and_no_more(house: House) -> None:
    child_id, child = house.child()
    made = started(house, child)
    legal = house.scope("legal")
    assert staged.find(legal, made) is None
    who = invited(house, made)
    with pytest.raises(Refused, match="invited already"):
        invited(house, made)
    assert staged.find(house.scope("legal"), made) is not None
    db.session.rollback()
    assert house.client("legal").get(f"/children/{child}").status_code == 404
    db.session.rollback()
    approving.end_invitation(house.scope("social.worker"), registry(house), made, who, AT)
    assert staged.find(house.scope("legal"), made) is None
    db.session.rollback()
    one = row_of(house, made)
    nobody = people(house.scope("social.worker"), one, held(house, made).stages).nobody
    assert list(nobody.values()) == ["No legal colleague is invited to it yet: invite one"]
    invited(house, made)
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child_id).values(closed_to="sealed"))
    assert staged.find(house.scope("legal"), made) is None
    assert staged.find(house.scope("social.worker"), made) is None
    with writing():
        for role in ("legal", "team.manager"):
            db.session.execute(
                sa.insert(NamedAccess).values(
                    authority_id=house.authority_id,
                    child_id=child_id,
                    account_id=house.accounts[role],
                    since=SINCE,
                )
            )
    row = staged.find(house.scope("legal"), made)
    assert row is not None
    there = people(house.scope("team.manager"), row, FINAL)
    db.session.rollback()
    found = {who: len(names) for who, names in there.of.items()}
    assert found == {"team-manager": 1, "iro": 0, "legal": 1, "head-of-service": 0}


@pytest.mark.clause("PPM10-11")
def test_who_lost_the_legal_role_is_invited_no_more(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)
    one = row_of(house, made)
    assert [who.name for who in staged.invitees(house.scope("social.worker"), one.id)]
    with writing():
        db.session.execute(
            sa.update(AccountRole)
            .where(AccountRole.account_id == house.accounts["legal"])
            .values(until=MONDAY)
        )
    assert staged.invitees(house.scope("social.worker"), one.id) == []
    there = people(house.scope("social.worker"), one, FINAL)
    db.session.rollback()
    assert there.of["legal"] == {}
    assert "No legal colleague is invited to it yet: invite one" in there.nobody.values()


def test_two_change_one_text_at_once_and_nobodys_words_are_lost(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    assert write(house, made, "The worker’s text", 1)
    with pytest.raises(TextMoved) as moved:
        write(house, made, "The manager’s text", 1, "team.manager")
    assert (moved.value.now, moved.value.number) == ("The worker’s text", 2)
    db.session.remove()
    assert not write(house, made, TEXT, 1, "team.manager"), (
        "what was left as it was changes nothing"
    )
    assert write(house, made, "Both texts", moved.value.number, "team.manager")
    assert row_of(house, made).number == 3


def test_two_review_side_by_side_at_once_and_both_are_kept(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)
    asked(house, made)
    answered(house, made, "team.manager")
    seen = row_of(house, made).number
    answered(house, made, "legal", seen=seen)
    answered(house, made, "iro", seen=seen)
    assert held(house, made).now.stage == ("head-of-service",)
    with pytest.raises(DocumentMoved, match="is not asked for now"):
        answered(house, made, "iro", seen=seen)


def test_who_stands_in_answers_in_a_colleagues_place_and_it_is_said(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    asked(house, made)
    stand_in = house.account("team.manager", "stand.in@bexley.example", team="Another team")
    house.accounts["stand.in"] = stand_in
    with writing():
        db.session.execute(
            sa.insert(Cover).values(
                authority_id=house.authority_id,
                away_id=house.accounts["team.manager"],
                covered_by_id=stand_in,
                since=SINCE,
                until=None,
                why="On leave",
            )
        )
    answered(house, made, "stand.in", step="team-manager")
    (said,) = [one for one in held(house, made).sayings if one.step]
    assert said.stands_for == "Team Manager Of Bexley"


def test_one_of_these_proceedings_is_begun_once(house: House) -> None:
    _, child = house.child()
    court = proceedings(house, child)
    first = started(house, child, of=court)
    with pytest.raises(Refused, match="is under way"):
        started(house, child, of=court)
    assert first != started(house, child)
    same_day = proceedings(house, child, application="placement-order")
    assert first != started(house, child, of=same_day)
    corrected(house, court, issued_on="2026-09-14")
    with pytest.raises(Refused, match="is under way"):
        started(house, child, of=court)
    complete(house, first)
    file(house, first)
    assert started(house, child, of=court)
    with pytest.raises(Refused, match="Write the text"):
        started(house, child, " ")
    with pytest.raises(Refused, match="not recorded any more"):
        started(house, child, of="gone")
    with pytest.raises(Refused, match="No procedure that is followed"):
        approving.start(
            house.scope("social.worker"), registry(house), child, "gone", "Text", "", AT
        )


def test_what_waits_is_told_to_whom_it_waits_for(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)

    def waits() -> set[str]:
        found = {
            role
            for role in (*STEP_OF, "service.manager", "panel.chair", "social.worker")
            if [one.public_id for one in staged.needing(house.scope(role))] == [made]
        }
        db.session.rollback()
        return found  # fmt: skip

    assert waits() == set()
    asked(house, made)
    assert waits() == {"team.manager"}
    answered(house, made, "team.manager")
    assert waits() == {"iro", "legal"}
    answered(house, made, "iro")
    assert waits() == {"legal"}
    answered(house, made, "legal")
    assert waits() == {"head.of.service"}
    answered(house, made, "head.of.service")
    assert waits() == {"social.worker"}
    assert [one.state for one in staged.needing(house.scope("social.worker"))] == [State.COMPLETE]


def test_a_text_that_is_changed_on_its_way_waits_for_its_author(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    worker = house.scope("social.worker")
    write(house, made, "Written on before it is asked for", 1)
    assert not staged.needing(worker)
    asked(house, made)
    write(house, made, "Changed while the team manager has it", 2)
    (waiting,) = staged.needing(worker)
    assert (waiting.state, waiting.was_sent_back) == (State.WRITTEN, False)
    assert not staged.needing(house.scope("team.manager"))
    db.session.rollback()
    asked(house, made)
    sent_back(house, made, "team.manager", AUTHOR, "The threshold is missing")
    assert [one.was_sent_back for one in staged.needing(worker)] == [True]
    db.session.rollback()


def test_a_day_of_filing_before_the_last_approval_is_refused(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    complete(house, made)
    for on in (date(2026, 11, 22), date(2026, 11, 24), None):
        with pytest.raises(Refused):
            file(house, made, on)
    assert datetime.combine(MONDAY, AT.time()) == AT
    file(house, made)


def test_what_is_given_up_stays_and_another_can_be_begun(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)
    asked(house, made)
    rules, worker = registry(house), house.scope("social.worker")
    with pytest.raises(Refused, match="Say why"):
        approving.give_up(worker, rules, made, " ", 1, LATER)
    with pytest.raises(Refused, match="Who works with the child"):
        approving.give_up(house.scope("inspector"), rules, made, "Why", 1, LATER)
    approving.give_up(worker, rules, made, "Begun for the wrong child", 1, LATER)
    assert held(house, made).now.state is State.GIVEN_UP
    assert row_of(house, made).state is State.GIVEN_UP
    with pytest.raises(DocumentMoved, match="given up already"):
        answered(house, made, "team.manager")
    with pytest.raises(DocumentMoved, match="given up already"):
        write(house, made, "Another", 1)
    for role in ("team.manager", "social.worker", "legal"):
        assert staged.needing(house.scope(role)) == []
    assert staged.find(house.scope("legal"), made) is None
    db.session.rollback()
    assert started(house, child) != made

"""The papers of a meeting as they come from the record: whom they name, and for whom."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pytest
import sqlalchemy as sa
from builders.house import House
from builders.sitting import AT, HELD, book, sit, who
from docx.oxml.ns import qn

from core.domain.procedure.forms import Place
from core.store import items
from core.store.database import db, writing
from core.store.tables import Attendance, Meeting, PanelCase
from core.usecases import papers
from core.usecases.decision import record_decision
from core.usecases.declaration import declare

TYPED = {
    "outcome-care-planning-review.chosen": "yes",
    "outcome-refer-mother.chosen": "yes",
    "outcome-refer-mother.person-name": "Maud Wisp",
    "outcome-refer-legal-planning.chosen": "yes",
    "outcome-refer-legal-planning.force": "decision significant-harm",
    "action-0001-abcd.what": "Write to the school",
    "action-0001-abcd.due": "2026-12-20",
    "agreed": "One more thing\nAnd another",
    "discussion": "Two paragraphs\n\nof discussion",
    "rationale": "Because of <drift> & delay",
    "return-by": "2026-12-10",
}


@pytest.fixture
def held(house: House) -> tuple[str, str]:
    """A meeting with a case decided and one that the worker does not see: item, meeting."""
    child_id, _ = house.child(born=date(2019, 11, 25))
    other_id, _ = house.child(local_id="0102", given_name="Pim", worker=None)
    meeting_id, meeting = house.meeting(HELD, state="open")
    house.meeting(date(2026, 12, 3))
    sit(house, meeting_id)
    answers = {"criteria": "drift", "sought": "Agree the plan", "worker": "Wilf Q", "team": "Quill"}
    item, _ = book(house, meeting_id, (child_id,), answers=answers)
    unseen, unseen_case = book(house, meeting_id, (other_id,), position=2)
    with writing():
        db.session.execute(
            sa.update(PanelCase).where(PanelCase.id == unseen_case).values(referrer_id=None)
        )
        db.session.execute(
            sa.insert(Attendance).values(
                authority_id=house.authority_id,
                meeting_id=meeting_id,
                post_code="legal",
                account_id=house.accounts["legal"],
                name="Legal Of Bexley",
                state="apologies",
            )
        )
    scope = house.scope("panel.administrator")
    registry = house.app.extensions["permanence"].registry
    member = items.members(scope, meeting_id)[0].id
    declare(scope, registry, item, member, "I know the school", AT)
    owner = who(house, "team.manager")
    typed = TYPED | {
        "outcome-care-planning-review.owner": owner,
        "action-0001-abcd.owner": owner,
    }
    record_decision(
        scope,
        house.app.extensions["permanence"].registry,
        item,
        {Place.named(name): value for name, value in typed.items()},
        {},
        AT,
    )
    with writing():
        db.session.execute(
            sa.update(Meeting)
            .where(Meeting.id == meeting_id)
            .values(statement_read_at=AT, other_business="Biscuits & tea")
        )
    return item, meeting


def texts(content: bytes) -> str:
    body = docx.Document(BytesIO(content)).element.body
    return "\n".join(
        "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    )


def taken(house: House, role: str, meeting: str) -> tuple[str, str]:
    made = papers.minutes(
        house.scope(role), house.app.extensions["permanence"].registry, meeting, AT
    )
    assert made is not None
    return made[0], texts(made[1])


def ordered(text: str, *wanted: str) -> bool:
    at = 0
    for want in wanted:
        at = text.find(want, at)
        if at < 0:
            raise AssertionError(want)
        at += len(want)
    return True


def test_the_minutes_say_who_what_and_why_in_order(house: House, held: tuple[str, str]) -> None:
    name, text = taken(house, "panel.chair", held[1])
    assert name == "minutes-2026-11-23.docx"
    assert ordered(
        text,
        "Chair: Panel Chair Of Bexley",
        "Present",
        "Apologies",
        "Legal Of Bexley, Legal representative",
        "1. Purpose of panel",
        "The statement was read at 10:30",
        "4. Review of previous recommendations and decisions",
        "5. Case presentations",
        "Orlin Thistlewick, aged 6",
        "Agree the plan",
        "I know the school",
        "Two paragraphs",
        "of discussion",
        "Recommendation: Multi-agency care planning review",
        "Decision, on the ground of safeguarding from significant harm: Legal planning",
        "One more thing",
        "And another",
        "Because of <drift> & delay",
        "Hold a multi-agency",
        "Team Manager Of Bexley",
        "7 December 2026",
        "Write to the school",
        "20 December 2026",
        "A referral was made.",
        "by 10 December 2026, on the agenda of 3 December 2026",
        "Pim Thistlewick",
        "Not yet heard.",
        "6. Review of panel",
        "Biscuits & tea",
        "8. Next date and adjournment",
        "3 December 2026.",
    )
    assert "Maud" not in text


def test_a_copy_for_somebody_who_sees_one_case_names_no_other_child(
    house: House, held: tuple[str, str]
) -> None:
    _, text = taken(house, "social.worker", held[1])
    assert "Orlin" in text
    assert "Pim" not in text
    assert "1 further case is not in this copy" in text


def test_the_next_minutes_go_through_the_decision_and_the_returning_case(
    house: House, held: tuple[str, str]
) -> None:
    following = db.session.execute(
        sa.select(Meeting.public_id).where(Meeting.held_on == date(2026, 12, 3))
    ).scalar_one()
    db.session.rollback()
    _, text = taken(house, "panel.chair", following)
    assert ordered(
        text,
        "4. Review of previous recommendations and decisions",
        "Orlin Thistlewick: decided on 23 November 2026",
        "Hold a multi-agency",
        "Orlin Thistlewick, aged 7",
        "Returns by 10 December 2026",
        "5. Case presentations",
    )


def test_another_authority_gets_no_minutes(house: House, held: tuple[str, str]) -> None:
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    registry = house.app.extensions["permanence"].registry
    assert papers.minutes(other.scope("panel.chair"), registry, held[1], AT) is None
    assert papers.minutes(house.scope("panel.chair"), registry, "nothing", AT) is None


@pytest.mark.clause("BEX-A.B")
def test_part_b_is_filled_from_the_recorded_decision(house: House, held: tuple[str, str]) -> None:
    scope = house.scope("social.worker")
    registry = house.app.extensions["permanence"].registry
    item = items.find(scope, held[0])
    assert item is not None
    child = items.children(scope, [item.case_id])[0]
    made = papers.decision_document(scope, registry, item, child, AT)
    assert made is not None
    assert "Orlin" not in made[0] and made[0].endswith(".docx")
    text = texts(made[1])
    assert ordered(
        text,
        "Orlin Thistlewick",
        "Wilf Q",
        "Quill",
        "One more thing",
        "Write to the school",
        "☒ Care plan review meeting",
        "☒ Refer to LPM",
        "☒ Refer to Pause",
        "10 December 2026",
        "Because of <drift> & delay",
        "Panel Chair Of Bexley",
    )
    assert "Maud" not in text


def test_an_item_without_a_decision_has_no_document(house: House) -> None:
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open")
    public_id, _ = book(house, meeting_id, (child_id,))
    scope = house.scope("panel.chair")
    item = items.find(scope, public_id)
    assert item is not None
    child = items.children(scope, [item.case_id])[0]
    registry = house.app.extensions["permanence"].registry
    assert papers.decision_document(scope, registry, item, child, AT) is None

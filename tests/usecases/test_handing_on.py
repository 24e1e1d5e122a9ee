"""Referring to another body and its answer: what is refused, and the fact that comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import House

from core.domain.finding import Refused
from core.domain.forums import Records
from core.domain.record import KINDS
from core.registry import Registry
from core.store import onward, onward_ledger, record
from core.store.database import db, writing
from core.store.onward_ledger import Wanted
from core.store.tables import AdoptionDecision, AuditRow, CaseChild, OnwardReferral
from core.usecases import editions
from core.usecases.handing_on import (
    Asked,
    ReferredAlready,
    forums_of,
    hand_on_case,
    hand_on_child,
)
from core.usecases.onward import AnswerMoved, Typed, record_answer

AT = datetime(2026, 11, 23, 10, 30)
MADE, TODAY = date(2026, 11, 10), date(2026, 11, 20)


def forums(house: House) -> list[object]:
    registry: Registry = house.app.extensions["permanence"].registry
    found = forums_of(editions.followed(house.scope("iro"), registry, house.today))
    db.session.rollback()
    return found  # type: ignore[return-value]


def hand_on(
    house: House, child: str, forum: str, role: str = "social.worker", asked: str = "Look at it"
) -> str:
    said = Asked(forum, MADE, asked)
    return hand_on_child(house.scope(role), forums(house), child, said, AT)  # type: ignore[arg-type]


def entry(house: House, child_id: int, kind: str) -> dict[str, str]:
    (found,) = record.entries(house.scope("iro"), child_id, kind)
    db.session.rollback()
    return {code: used.value for code, used in found.values.items()}


@pytest.mark.clause("BEX-1.22")
def test_a_child_is_referred_to_case_management_review_and_is_there_until_it_answers(
    house: House,
) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, "case-management-review")
    scope = house.scope("iro")
    rows, total = onward_ledger.listed(scope, Wanted())
    assert (total, rows[0].forum_words) == (1, "Case Management Review (CMR)")
    assert rows[0].cited == ("BEX-1.22",) and rows[0].made_by == "Social Worker Of Bexley"
    db.session.rollback()
    typed = Typed(TODAY, "advice", "Ask the court for directions.")
    assert record_answer(scope, made, typed, 1, AT) is Records.DECISION
    assert onward_ledger.listed(scope, Wanted())[1] == 0
    assert onward_ledger.listed(scope, Wanted(show="answered"))[1] == 1
    db.session.rollback()
    assert entry(house, child_id, "decision-elsewhere") == {
        "body": "case-management-review",
        "decided_on": "2026-11-20",
        "decision": "Advice or direction given. Ask the court for directions.",
    }


@pytest.mark.clause("BEX-1.23.b")
def test_the_decision_maker_s_answer_is_the_one_decision_for_adoption(house: House) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, "agency-decision-maker")
    scope = house.scope("iro")
    typed = Typed(TODAY, "should-be-placed", "")
    assert record_answer(scope, made, typed, 1, AT) is Records.ADOPTION_DECISION
    (row,) = db.session.execute(
        sa.select(AdoptionDecision.decided_on, AdoptionDecision.typed_by, AdoptionDecision.why)
    ).all()
    db.session.rollback()
    assert row[:2] == (TODAY, house.accounts["iro"])
    assert row.why.startswith("Answer of Agency Decision Maker")
    # Said a second time of the same day, by another referral, it stays one.
    again = hand_on(house, child, "agency-decision-maker")
    record_answer(scope, again, typed, 1, AT)
    assert db.session.scalar(sa.select(sa.func.count(AdoptionDecision.id))) == 1
    db.session.rollback()


@pytest.mark.clause("BEX-1.23.c")
@pytest.mark.clause("BEX-1.23.d")
@pytest.mark.clause("BEX-1.23.e")
@pytest.mark.parametrize(
    ("forum", "code", "kind", "values"),
    [
        (
            "legal-planning-meeting",
            "determined-pre-proceedings",
            "gateway",
            {"held_on": "2026-11-20", "meeting": "lpm", "determination": "pre-proceedings"},
        ),
        ("adoption-team", "begun", "adoption", {"family_finding_on": "2026-11-20"}),
        ("resource-panel", "agreed", "decision-elsewhere", {"body": "resource-panel"}),
    ],
)
def test_each_answer_comes_back_as_its_fact(
    house: House, forum: str, code: str, kind: str, values: dict[str, str]
) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, forum)
    record_answer(house.scope("iro"), made, Typed(TODAY, code, "As asked."), 1, AT)
    found = entry(house, child_id, kind)
    assert {name: found[name] for name in values} == values
    assert set(found) <= set(KINDS[kind].by_code)


@pytest.mark.parametrize("code", ["sent-back", "withdrawn"])
def test_sent_back_and_withdrawn_close_it_and_record_nothing(house: House, code: str) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, "resource-panel")
    scope = house.scope("iro")
    with pytest.raises(Refused, match="Say why: .* needs it"):
        record_answer(scope, made, Typed(TODAY, code, " "), 1, AT)
    record_answer(scope, made, Typed(TODAY, code, "Costs are missing."), 1, AT)
    assert record.entries(scope, child_id) == []
    assert onward_ledger.listed(scope, Wanted())[1] == 0
    db.session.rollback()
    # Once the panel has answered after all, that answer does come into the record.
    assert record_answer(scope, made, Typed(TODAY, "agreed", "Funded."), 2, AT) is Records.DECISION


def test_an_answer_corrected_leaves_what_the_record_says_to_be_corrected_there(
    house: House,
) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, "resource-panel")
    scope = house.scope("iro")
    record_answer(scope, made, Typed(TODAY, "agreed", "Funded."), 1, AT)
    with pytest.raises(AnswerMoved):
        record_answer(scope, made, Typed(TODAY, "not-agreed", "No."), 1, AT)
    changed = record_answer(scope, made, Typed(TODAY, "agreed-in-part", "Half."), 2, AT)
    assert changed is Records.NOTHING
    assert entry(house, child_id, "decision-elsewhere")["decision"] == "Agreed. Funded."
    row = onward.find(scope, made)
    assert row is not None and (row.answer_code, row.answer) == ("agreed-in-part", "Half.")
    audited = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.subject == "onward referral").order_by(AuditRow.id)
    ).all()
    db.session.rollback()
    assert audited == ["answer", "answer"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (Typed(date(2026, 11, 9), "agreed", "x"), "on or after 10 November 2026"),
        (Typed(date(2027, 1, 1), "agreed", "x"), "today or in the past"),
        (Typed(None, "agreed", "x"), "is missing"),
        (Typed(TODAY, "", "x"), "Choose the answer"),
        (Typed(TODAY, "should-be-placed", "x"), "Choose the answer"),
        (Typed(TODAY, "agreed", "x", "w" * 201), "200 characters"),
    ],
)
def test_what_is_wrong_with_an_answer_is_refused_and_nothing_is_recorded(
    house: House, typed: Typed, fault: str
) -> None:
    child_id, child = house.child()
    made = hand_on(house, child, "resource-panel")
    with pytest.raises(Refused, match=fault):
        record_answer(house.scope("iro"), made, typed, 1, AT)
    assert record.entries(house.scope("iro"), child_id) == []
    db.session.rollback()


def test_of_siblings_those_chosen_get_the_fact(house: House) -> None:
    (one, one_public), (two, _) = house.child(), house.child("0102", "Maren")
    meeting, _ = house.meeting()
    case_id, case_public = case(house, one, meeting)
    with writing():
        db.session.execute(
            sa.insert(CaseChild).values(
                authority_id=house.authority_id, case_id=case_id, child_id=two
            )
        )
    book(house, meeting, case_id)
    scope = house.scope("iro")
    said = Asked("resource-panel", MADE, "Fund both")
    made = hand_on_case(scope, forums(house), case_public, said, AT)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Choose the children"):
        record_answer(scope, made, Typed(TODAY, "agreed", "Yes"), 1, AT)
    record_answer(scope, made, Typed(TODAY, "agreed", "Yes", children=[one_public]), 1, AT)
    assert len(record.entries(scope, one)) == 1 and record.entries(scope, two) == []
    db.session.rollback()


def test_what_is_wrong_with_a_referral_is_refused(house: House) -> None:
    _, child = house.child()
    scope = house.scope("social.worker")
    for asked, fault in (
        (Asked("", MADE, "x"), "Choose to whom"),
        (Asked("complex-cases-panel", MADE, "x"), "Choose to whom"),
        (Asked("resource-panel", MADE, "  "), "Enter what is asked"),
        (Asked("resource-panel", None, "x"), "is missing"),
        (Asked("resource-panel", date(2027, 1, 1), "x"), "today or in the past"),
    ):
        with pytest.raises(Refused, match=fault):
            hand_on_child(scope, forums(house), child, asked, AT)  # type: ignore[arg-type]
    other = house.child("0999", worker=None, team="Other team")[1]
    with pytest.raises(Refused, match="not yours"):
        hand_on(house, other, "resource-panel")
    assert db.session.scalar(sa.select(sa.func.count(OnwardReferral.id))) == 0
    db.session.rollback()


def test_a_second_press_refers_once_and_names_the_one_that_is_open(house: House) -> None:
    _, child = house.child()
    _, other = house.child("0102", "Perrin")
    made = hand_on(house, child, "resource-panel")
    said = "referred to the .* already, on 10 November 2026 by Social Worker Of Bexley"
    with pytest.raises(Refused, match=said) as refused:
        hand_on(house, child, "resource-panel")
    assert refused.value.findings[0].field == "forum"
    assert hand_on(house, child, "adoption-team")
    assert hand_on(house, other, "resource-panel")
    typed = Typed(TODAY, "not-agreed", "Not before the review")
    record_answer(house.scope("iro"), made, typed, 1, AT)
    assert hand_on(house, child, "resource-panel"), "the first is answered"


def test_what_a_case_asks_of_a_body_its_child_asks_not_a_second_time_unsaid(house: House) -> None:
    child_id, child = house.child()
    meeting_id, _ = house.meeting()
    _, public_id = case(house, child_id, meeting_id)
    said = Asked("resource-panel", MADE, "Look at it")
    of_case = hand_on_case(house.scope("social.worker"), forums(house), public_id, said, AT)  # type: ignore[arg-type]
    asked = replace(said, on=TODAY)
    with pytest.raises(ReferredAlready, match="already, on 10 November 2026") as refused:
        hand_on_child(house.scope("social.worker"), forums(house), child, asked, AT)  # type: ignore[arg-type]
    assert (refused.value.public_id, refused.value.may_ask) == (of_case, True)
    with pytest.raises(ReferredAlready) as again:
        hand_on_child(house.scope("social.worker"), forums(house), child, said, AT)  # type: ignore[arg-type]
    assert not again.value.may_ask, "the same day is the same press"


def test_a_case_is_referred_to_a_body_once_a_day(house: House) -> None:
    child_id, _ = house.child()
    meeting_id, _ = house.meeting()
    _, public_id = case(house, child_id, meeting_id)
    who, there = house.scope("social.worker"), forums(house)

    def refer(on: date, *, another: bool = False) -> str:
        said = Asked("resource-panel", on, "Look at it", another=another)
        return hand_on_case(who, there, public_id, said, AT)  # type: ignore[arg-type]

    assert refer(MADE)
    with pytest.raises(Refused, match="already, on 10 November 2026"):
        refer(MADE)
    with pytest.raises(Refused, match="already, on 10 November 2026"):
        refer(TODAY)
    assert refer(TODAY, another=True)
    with pytest.raises(Refused, match="already, on 20 November 2026"):
        refer(TODAY, another=True)

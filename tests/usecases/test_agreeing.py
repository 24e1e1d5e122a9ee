"""Agreeing a plan: refused by every procedure that is followed, where a person types it."""

from __future__ import annotations

from datetime import date

import pytest
from builders.house import House
from builders.planned import AGREED, AT, PLAN, agree, both_standards, entry, in_care, planned, ready
from builders.reckoned import registry

from core.domain.finding import Refused
from core.domain.record import KINDS
from core.store import record, record_stated
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.usecases.record import correct, use_file
from core.usecases.record_new import add


@pytest.fixture
def house(house: House) -> House:
    return both_standards(house)


def refused(refusal: pytest.ExceptionInfo[Refused]) -> dict[str, str | None]:
    return {one.code: one.field for one in refusal.value.findings}


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {clause for one in refusal.value.findings for clause in one.clauses}


@pytest.mark.clause("PPM2-3.2", "PPM2-3.4")
def test_a_plan_is_said_to_be_approved_at_a_meeting_as_it_is_said_to_be_agreed(
    house: House,
) -> None:
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id)
    more = {"contingencies": "sgo", "primary_words": "Settled there"}
    plan = planned(house, child, "long-term-fostering", **more)

    def said(plan: str, why: str = "") -> list[str]:
        try:
            correct(
                house.scope("social.worker"), plan, {"approved_on": "2026-11-20"},
                {"approved_on": 0}, why, AT, registry=registry(house),
            )  # fmt: skip
        except Refused as refusal:
            return [finding.message for finding in refusal.findings]
        finally:
            db.session.rollback()
        return []

    approval, meeting = said(plan)
    assert "the head of service has to approve it" in approval
    assert meeting.startswith("No planning meeting is recorded as held on 20 November 2026")
    assert said(plan, "The minutes say so") == [approval]

    other_id, other = house.child("0102", born=date(2012, 5, 4))
    in_care(house, other_id)
    plan = planned(house, other, "long-term-fostering", **more)
    assert said(plan) == [meeting]
    entry(house, other, "earlier-meeting", {"meeting": "ppm", "held_on": "2026-11-20"})
    assert said(plan) == []


def test_a_return_home_is_not_agreed_before_all_of_it_is_there(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    plan = planned(house, child, "return-home")
    with pytest.raises(Refused) as refusal:
        agree(house, plan)
    assert refused(refusal) == {
        "assessed-for-home": "primary",
        "household-checked": "primary",
        "home-considered": "primary",
    }
    assert clauses(refusal) == {"PPM2-3.2", "PPM2-3.4"}
    ready(house, child)
    assert agree(house, plan) == 3


@pytest.mark.clause("PPM2-3.2")
def test_a_plan_that_is_typed_as_agreed_at_once_is_asked_the_same(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    values = {"primary": "return-home", **PLAN, **AGREED}
    with pytest.raises(Refused):
        entry(house, child, "plan", values)
    achieved = {**PLAN, "primary": "return-home", "state": "achieved", "achieved_on": "2026-11-01"}
    with pytest.raises(Refused):
        entry(house, child, "plan", achieved)
    ready(house, child)
    assert entry(house, child, "plan", values)


@pytest.mark.clause("PPM2-3.2")
def test_what_was_agreed_and_is_over_is_history(house: House) -> None:
    _, child = house.child()
    values = {"primary": "return-home", **PLAN, **AGREED, "ended_on": "2026-11-21"}
    assert entry(house, child, "plan", {**values, "state": "ended"})


@pytest.mark.clause("PPM10-A.2")
def test_an_agreed_plan_has_a_contingency(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id, "C2")
    with pytest.raises(Refused) as refusal:
        entry(house, child, "plan", {"primary": "sgo", **AGREED})
    assert refused(refusal) == {"contingency-named": "contingencies"}
    assert clauses(refusal) == {"PPM10-A.2"}
    assert entry(house, child, "plan", {"primary": "sgo", "contingencies": "cao", **AGREED})


@pytest.mark.clause("PPM10-A.2")
def test_another_primary_plan_is_agreed_anew_and_other_words_are_not(house: House) -> None:
    child_id, child = house.child(born=date(2015, 5, 4))
    in_care(house, child_id, "C2")
    plan = planned(house, child, "sgo")
    agree(house, plan)
    (one,) = record.entries(house.scope("social.worker"), child_id, "plan")
    db.session.rollback()
    assert agree(house, plan) == 0
    scope = house.scope("social.worker")
    seen = {"primary": one.values["primary"].statement.id}
    with pytest.raises(Refused) as refusal:
        correct(
            scope, plan, {"primary": "return-home"}, seen, "Now home", one.made_at,
            registry=registry(house),
        )  # fmt: skip
    db.session.rollback()
    assert "assessed-for-home" in refused(refusal)
    words = {"emotional": "Attached to the carers"}
    assert correct(
        scope, plan, words, {"emotional": 0}, "", one.made_at, registry=registry(house)
    ) == 1  # fmt: skip


@pytest.mark.clause("PPM2-3.3")
def test_an_unknown_legal_status_at_16_is_a_finding_to_resolve(house: House) -> None:
    child_id, child = house.child(born=date(2010, 11, 20))
    plan = planned(house, child, "return-home")
    ready(house, child)
    with pytest.raises(Refused) as refusal:
        agree(house, plan)
    assert refused(refusal) == {"status-known": "primary"}
    in_care(house, child_id, "V2")
    with pytest.raises(Refused) as refusal:
        agree(house, plan)
    assert refused(refusal) == {"home-accommodated": "primary"}
    assert agree(house, plan, agreed_on="2026-11-19")  # 15 on that day


@pytest.mark.clause("PPM2-3.7")
def test_a_second_assessment_of_the_mother_is_refused_without_a_reason(house: House) -> None:
    _, child = house.child()
    first = {
        "name": "Ada Crabtree", "relation": "mother", "which": "parenting",
        "asked_on": "2026-03-02",
    }  # fmt: skip
    entry(house, child, "expert-assessment", first)
    second = {**first, "asked_on": "2026-06-01"}
    with pytest.raises(Refused) as refusal:
        entry(house, child, "expert-assessment", second)
    assert refused(refusal) == {"another-assessment": "why_another"}
    assert entry(house, child, "expert-assessment", {**second, "why_another": "The court asks"})


@pytest.mark.clause("PPM2-3.5")
@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"plan_words"}),
        ({"plan_words": "Meet weekly"}, set()),
        ({"plan_words": "Meet weekly", "escalated_on": "2026-11-16"}, {"viable", "review_words"}),
        ({"plan_words": "Meet", "viable": "yes"}, {"escalated_on", "review_words"}),
        (
            {"plan_words": "M", "escalated_on": "2026-10-30", "viable": "no", "review_words": "W"},
            {"escalated_on"},
        ),
        (
            {"plan_words": "M", "escalated_on": "2026-11-16", "viable": "no", "review_words": "W"},
            set(),
        ),
    ],
)
def test_the_two_stages_of_a_delay_each_with_what_they_need(
    house: House, values: dict[str, str], fields: set[str]
) -> None:
    _, child = house.child()
    asked = {"raised_on": "2026-11-02", **values}
    if not fields:
        assert entry(house, child, "return-home-delay", asked, "iro")
        return
    with pytest.raises(Refused) as refusal:
        entry(house, child, "return-home-delay", asked, "iro")
    assert {one.field for one in refusal.value.findings} == fields


@pytest.mark.parametrize("kind", ["plan-approval", "adoption-booking-lifted"])
def test_what_somebody_approves_nobody_types(house: House, kind: str) -> None:
    _, child = house.child()
    with pytest.raises(Refused, match="nobody types this"):
        add(house.scope("head.of.service"), child, kind, {}, AT)
    db.session.rollback()


@pytest.mark.clause("PPM10-A.under7.no")
def test_what_a_file_says_is_not_used_where_it_could_not_be_agreed(house: House) -> None:
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    key = KINDS["plan"].key_of(PLAN)
    rows = [
        StatedRow(child_id, "plan", key, code, value, "tracker", date(2026, 10, 1), line=2)
        for code, value in (("primary", "long-term-fostering"), *PLAN.items())
    ]
    with writing():
        record_stated.put(house.whole, rows, AT)
    plan = planned(house, child, "connected-fostering", contingencies="sgo")
    assert agree(house, plan)
    scope = house.scope("social.worker")
    (one,) = record.entries(scope, child_id, "plan")
    db.session.rollback()
    seen = one.values["primary"].statement.id
    with pytest.raises(Refused) as refusal:
        use_file(scope, plan, "primary", seen, "As the list", AT, registry=registry(house))
    db.session.rollback()
    assert "PPM10-A.under7.no" in clauses(refusal)
    (one,) = record.entries(scope, child_id, "plan")
    db.session.rollback()
    assert one.value("primary") == "connected-fostering"

"""Approving a plan in person: who may, what voids it, and what waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.planned import (
    AGREED,
    AT,
    HOME,
    PLAN,
    agree,
    both_standards,
    covers,
    entry,
    in_care,
    planned,
    ready,
)
from builders.planned_meetings import held
from builders.reckoned import registry

from core.domain.finding import Refused
from core.store import plan_approvals, record, return_home
from core.store.database import db, writing
from core.store.tables import AuditRow
from core.usecases import plan_approving
from core.usecases.plan_approving import State
from core.usecases.record import EntryMoved, correct, put_back, take_out

ACCOMMODATED, YOUNG = "home-accommodated", "fostering-young"


@pytest.fixture
def house(house: House) -> House:
    return both_standards(house)


def at_16(house: House) -> tuple[int, str, str]:
    """A young person of 16 under section 20 whose return home waits for its approval."""
    child_id, child = house.child(born=date(2010, 11, 20))
    in_care(house, child_id)
    plan = planned(house, child, "return-home")
    ready(house, child)
    return child_id, child, plan


def ask(house: House, child: str, rule: str = ACCOMMODATED, role: str = "social.worker") -> str:
    try:
        return plan_approving.ask(house.scope(role), registry(house), child, rule, "All agree", AT)
    finally:
        db.session.rollback()


def answer(house: House, public_id: str, role: str, given: str = "given", seen: int = 1) -> None:
    try:
        plan_approving.answer(
            house.scope(role), registry(house), public_id, seen, given, "It is right", AT
        )
    finally:
        db.session.rollback()


def states(house: House, child: str) -> list[State]:
    scope = house.scope("social.worker")
    found = record.child(scope, child)
    assert found is not None
    _, _, steps = plan_approving.of_child(scope, registry(house), found)
    db.session.rollback()
    return [step.state for step in steps]


def approved_on(house: House, child_id: int) -> str:
    (plan,) = record.entries(house.whole, child_id, "plan")
    db.session.rollback()
    return plan.value("approved_on")


def waits(house: House, role: str) -> list[str]:
    found = plan_approving.waiting(house.scope(role), registry(house))
    db.session.rollback()
    return [one.row.public_id for one in found]


@pytest.mark.clause("PPM2-3.3")
def test_the_assistant_director_approves_and_then_it_is_agreed(house: House) -> None:
    child_id, child, plan = at_16(house)
    assert states(house, child) == [State.TO_ASK]
    asked = ask(house, child)
    assert ask(house, child, role="team.manager") == asked  # it is asked once
    assert states(house, child) == [State.ASKED]
    assert waits(house, "assistant.director") == [asked] and waits(house, "head.of.service") == []
    for role in ("social.worker", "team.manager", "head.of.service", "deputy.director"):
        with pytest.raises(Refused):
            answer(house, asked, role)
    with pytest.raises(Refused, match="has to approve it"):
        agree(house, plan)
    answer(house, asked, "assistant.director")
    assert states(house, child) == [State.GIVEN] and waits(house, "assistant.director") == []
    (kept,) = record.entries(house.scope("iro"), child_id, "plan-approval")
    db.session.rollback()
    assert kept.value("answered_by") == "Assistant Director Of Bexley"
    assert (kept.value("answered_on"), kept.value("words")) == ("2026-11-23", "It is right")
    with pytest.raises(Refused, match="approved already"):
        ask(house, child)
    assert agree(house, plan)
    done = db.session.scalars(sa.select(AuditRow.did).order_by(AuditRow.id)).all()
    db.session.rollback()
    assert {"ask for approval", "approve"} <= set(done)


@pytest.mark.clause("PPM2-2.3")
def test_a_plan_that_waited_since_its_meeting_is_approved_once_the_approval_is_given(
    house: House,
) -> None:
    child_id, child, _ = at_16(house)
    answer(house, ask(house, child), "assistant.director")
    assert approved_on(house, child_id) == ""  # No meeting has made it.
    other_id, other = house.child("0102", "Wren", born=date(2010, 11, 20))
    in_care(house, other_id)
    planned(house, other, "return-home")
    ready(house, other)
    held(house, other, date(2026, 11, 19), AT, key="PPM2/permanence-planning-meeting")
    asked = ask(house, other)
    assert approved_on(house, other_id) == ""
    answer(house, asked, "assistant.director")
    assert approved_on(house, other_id) == "2026-11-23"


@pytest.mark.clause("PPM2-3.2")
def test_an_approval_alone_does_not_approve_what_is_not_assessed(house: House) -> None:
    child_id, child = house.child(born=date(2010, 11, 20))
    in_care(house, child_id)
    planned(house, child, "return-home")
    held(house, child, date(2026, 11, 19), AT, key="PPM2/permanence-planning-meeting")
    answer(house, ask(house, child), "assistant.director")
    assert approved_on(house, child_id) == ""


@pytest.mark.clause("PPM2-3.3")
def test_an_agreed_plan_is_not_put_back_past_what_stands_against_it(house: House) -> None:
    child_id, child, plan = at_16(house)
    answer(house, ask(house, child), "assistant.director")
    assert agree(house, plan)
    scope, rules = house.scope("social.worker"), registry(house)
    for kind in ("plan", "return-home"):
        (one,) = record.entries(scope, child_id, kind)
        db.session.rollback()
        take_out(scope, one.public_id, one.version, "It is another child’s", AT)
    gone = {one.kind: one for one in record.entries(scope, child_id)}
    db.session.rollback()
    with pytest.raises(Refused, match="assess"):
        put_back(scope, plan, gone["plan"].version, AT, registry=rules)
    db.session.rollback()
    put_back(scope, gone["return-home"].public_id, gone["return-home"].version, AT, registry=rules)
    put_back(scope, plan, gone["plan"].version, AT, registry=rules)


@pytest.mark.clause("PPM2-3.3")
def test_what_was_refused_can_be_asked_for_anew_and_the_refusal_stays(house: House) -> None:
    _, child, plan = at_16(house)
    asked = ask(house, child)
    answer(house, asked, "assistant.director", "refused")
    assert states(house, child) == [State.REFUSED, State.TO_ASK]
    with pytest.raises(Refused):
        agree(house, plan)
    again = ask(house, child)
    assert again != asked and states(house, child) == [State.REFUSED, State.ASKED]
    answer(house, again, "assistant.director")
    assert agree(house, plan)


@pytest.mark.clause("PPM10-A.under7.no")
def test_another_primary_plan_voids_an_approval(house: House) -> None:
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    plan = planned(
        house, child, "long-term-fostering", contingencies="sgo", primary_words="Settled there"
    )
    asked = ask(house, child, YOUNG)
    assert waits(house, "head.of.service") == [asked]
    (one,) = [e for e in record.entries(house.scope("iro"), child_id, "plan") if e.stands]
    db.session.rollback()
    seen = {"primary": one.values["primary"].statement.id}
    scope = house.scope("social.worker")
    correct(scope, plan, {"primary": "adoption"}, seen, "Too young", AT, registry=registry(house))
    assert states(house, child) == [] or states(house, child) == [State.VOID]
    assert waits(house, "head.of.service") == []
    with pytest.raises(Refused, match="another one now, Adoption"):
        answer(house, asked, "head.of.service")


@pytest.mark.clause("PPM10-A.under7.no")
def test_an_approval_of_an_age_that_is_over_is_not_needed(house: House) -> None:
    child_id, child = house.child(born=date(2019, 11, 24))
    in_care(house, child_id, "C2")
    planned(house, child, "long-term-fostering", contingencies="sgo", primary_words="Settled")
    ask(house, child, YOUNG)
    assert len(waits(house, "head.of.service")) == 1
    house.turn_to(date(2026, 11, 24))  # the 7th birthday
    assert states(house, child) == [State.NOT_NEEDED] and waits(house, "head.of.service") == []


@pytest.mark.clause("PPM10-A.under7.no")
def test_a_new_plan_is_asked_for_anew(house: House) -> None:
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    words = {"contingencies": "sgo", "primary_words": "Settled"}
    planned(house, child, "long-term-fostering", **words)
    answer(house, ask(house, child, YOUNG), "head.of.service")
    entry(
        house, child, "plan", {"primary": "long-term-fostering", "identified_on": "2026-11-22",
                               **words},
    )  # fmt: skip
    assert states(house, child) == [State.TO_ASK]


def correcting(house: House, child_id: int, plan: str, **values: str) -> None:
    """Change fields of a plan as who saw it as it stands."""
    (one,) = [e for e in record.entries(house.whole, child_id, "plan") if e.public_id == plan]
    seen = {c: one.values[c].statement.id if c in one.values else 0 for c in values}
    db.session.rollback()
    scope = house.scope("social.worker")
    correct(scope, plan, values, seen, "It is so now", AT, registry=registry(house))
    db.session.rollback()


@pytest.mark.clause("PPM10-A.under7.no")
@pytest.mark.parametrize(
    "changes",
    [
        ({"contingencies": "adoption"},),
        ({"primary": "adoption"}, {"primary": "long-term-fostering"}),
    ],
)
def test_an_approval_is_of_the_plan_that_was_put(
    house: House, changes: tuple[dict[str, str], ...]
) -> None:
    """Other contingencies, or another plan meanwhile: it is asked for anew."""
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    words = {"contingencies": "sgo", "primary_words": "Settled there"}
    plan = planned(house, child, "long-term-fostering", **words)
    answer(house, ask(house, child, YOUNG), "head.of.service")
    assert states(house, child) == [State.GIVEN]
    correcting(house, child_id, plan, primary_words="The carers offered")
    assert states(house, child) == [State.GIVEN]  # said otherwise, it is the same plan
    for values in changes:
        correcting(house, child_id, plan, **values)
    assert states(house, child) == [State.VOID, State.TO_ASK]
    with pytest.raises(Refused, match="has to approve it"):
        agree(house, plan)
    asked = ask(house, child, YOUNG)
    correcting(house, child_id, plan, contingencies="sgo-existing-carer")
    assert waits(house, "head.of.service") == []
    with pytest.raises(Refused, match="has been changed since"):
        answer(house, asked, "head.of.service")
    answer(house, ask(house, child, YOUNG), "head.of.service")
    assert agree(house, plan)


@pytest.mark.clause("PPM10-A.under7.no")
def test_an_approval_of_which_only_the_option_was_kept_is_of_that_option(house: House) -> None:
    """Approvals of before say neither contingencies nor why: what was given stands."""
    child_id, child = house.child(born=date(2021, 5, 4))
    in_care(house, child_id, "C2")
    words = {"contingencies": "sgo", "primary_words": "Settled there"}
    plan = planned(house, child, "long-term-fostering", **words)
    worker = house.scope("social.worker")
    (whole,) = record.entries(worker, child_id, "plan")
    before = {"rule": YOUNG, "role": "head.of.service", "option": "long-term-fostering",
              "answer": "given", "answered_on": "2026-11-20"}  # fmt: skip
    with writing():
        entry_id, _ = record.add(worker, child_id, "plan-approval", "before", whole.id, AT)
        record.state(worker, child_id, entry_id, before, AT)
    assert states(house, child) == [State.GIVEN]
    assert agree(house, plan)


@pytest.mark.clause("PPM2-3.3")
def test_a_return_home_that_is_planned_once_more_is_approved_anew(house: House) -> None:
    child_id, child, plan = at_16(house)
    answer(house, ask(house, child), "assistant.director")
    assert agree(house, plan)
    correcting(house, child_id, plan, state="achieved", achieved_on="2026-11-23")
    assert states(house, child) == [State.GIVEN]
    house.turn_to(date(2026, 12, 14))
    later = {"considered_on": "2026-12-01", "assessed_on": "2026-12-10", "wishes_on": "2026-12-10"}
    entry(house, child, "return-home", {**HOME, **later})
    again = {**PLAN, **AGREED, "identified_on": "2026-12-14", "agreed_on": "2026-12-14"}
    with pytest.raises(Refused, match="has to approve it"):
        entry(house, child, "plan", {"primary": "return-home", **again})


@pytest.mark.clause("PPM2-3.3")
def test_who_stands_in_answers_under_both_names(house: House) -> None:
    child_id, child, plan = at_16(house)
    asked = ask(house, child)
    assert waits(house, "deputy.director") == []
    covers(house, "assistant.director", "deputy.director")
    assert waits(house, "deputy.director") == [asked]
    answer(house, asked, "deputy.director")
    (kept,) = record.entries(house.scope("iro"), child_id, "plan-approval")
    db.session.rollback()
    assert kept.value("answered_by") == (
        "Deputy Director Of Bexley, who stands in for Assistant Director Of Bexley"
    )
    assert agree(house, plan)


def test_what_is_void_hides_nothing_that_waits(house: House) -> None:
    child_id, child, plan = at_16(house)
    worker = house.scope("social.worker")
    (whole,) = [e for e in record.entries(worker, child_id, "plan") if e.public_id == plan]
    void = {"rule": ACCOMMODATED, "role": "assistant.director", "option": "adoption"}
    with writing():
        for number in range(25):
            entry_id, _ = record.add(worker, child_id, "plan-approval", str(number), whole.id, AT)
            record.state(worker, child_id, entry_id, void, AT)
    assert waits(house, "assistant.director") == []
    asked = ask(house, child)
    assert waits(house, "assistant.director") == [asked]
    roles = ("assistant.director",)
    assert len(plan_approvals.waiting(house.scope(roles[0]), roles)) == 26
    correct(worker, plan, {"ended_on": "2026-11-22"}, {}, "It is over", AT)
    db.session.rollback()
    assert plan_approvals.waiting(house.scope(roles[0]), roles) == []


@pytest.mark.clause("PPM2-3.5")
def test_every_step_that_was_moved_twice_is_told_of(house: House) -> None:
    child_id, _, plan = at_16(house)
    worker = house.scope("social.worker")
    (whole,) = [e for e in record.entries(worker, child_id, "plan") if e.public_id == plan]
    with writing():
        for number in range(25):
            step = {"what": f"Step {number}"}
            entry_id, _ = record.add(worker, child_id, "plan-step", str(number), whole.id, AT)
            for on in ("2026-12-01", "2026-12-08", "2026-12-15"):
                record.state(worker, child_id, entry_id, {**step, "due_on": on}, AT)
    assert len(return_home.moved(house.scope("iro"))) == 25
    db.session.rollback()


def test_two_who_answer_at_once_do_not_overwrite_each_other(house: House) -> None:
    child_id, child, _ = at_16(house)
    asked = ask(house, child)
    answer(house, asked, "assistant.director")
    with pytest.raises(EntryMoved):
        answer(house, asked, "assistant.director", "refused")
    (kept,) = record.entries(house.scope("iro"), child_id, "plan-approval")
    db.session.rollback()
    assert kept.value("answer") == "given"


def test_an_answer_needs_words_and_stays_in_the_record(house: House) -> None:
    _, child, _ = at_16(house)
    asked = ask(house, child)
    scope = house.scope("assistant.director")
    with pytest.raises(Refused) as refusal:
        plan_approving.answer(scope, registry(house), asked, 1, "", "  ", AT)
    db.session.rollback()
    assert {one.field for one in refusal.value.findings} == {f"answer-{asked}", f"why-{asked}"}
    with pytest.raises(Refused, match="stays in the record"):
        take_out(house.scope("social.worker"), asked, 1, "Not wanted", AT)
    db.session.rollback()


def test_nothing_is_asked_for_that_is_not_needed(house: House) -> None:
    _, child = house.child(born=date(2015, 5, 4))
    with pytest.raises(Refused, match="No plan is recorded"):
        ask(house, child)
    planned(house, child, "sgo")
    for rule in (ACCOMMODATED, YOUNG, "nothing"):
        with pytest.raises(Refused, match="does not need"):
            ask(house, child, rule)

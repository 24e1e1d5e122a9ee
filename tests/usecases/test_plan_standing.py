"""A plan is agreed once it is recorded so and every approval asked of it was given, not before."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.planned import AGREED, AT, PLAN, both_standards, in_care
from builders.reckoned import registry

from core.store import record
from core.store.courses import dates_of
from core.store.database import db
from core.store.tables import BoardSpan
from core.usecases import plan_approving, plan_standing, reckoning
from core.usecases.plan_standing import HowFar
from core.usecases.record import correct
from core.usecases.record_new import add

YOUNG = "fostering-young"
WHY = {"primary_words": "The carers want to keep them until 18"}


@pytest.fixture
def house(house: House) -> House:
    return both_standards(house)


def child_of_six(house: House, **more: str) -> tuple[int, str]:
    """A child of 6 of whom a file or an older record says long-term fostering, as told."""
    child_id, child = house.child(born=date(2020, 3, 2))
    in_care(house, child_id)
    values = {"primary": "long-term-fostering", **PLAN, **WHY, "contingencies": "sgo", **more}
    add(house.scope("social.worker"), child, "plan", values, AT)
    reckon(house, child_id)
    return child_id, child


def reckon(house: House, child_id: int) -> None:
    reckoning.again(house.whole, registry(house), [child_id], AT)
    db.session.commit()


def answered(house: House, child_id: int, child: str, given: str) -> None:
    asked = plan_approving.ask(
        house.scope("social.worker"), registry(house), child, YOUNG, "All agree", AT
    )
    db.session.rollback()
    plan_approving.answer(
        house.scope("head.of.service"), registry(house), asked, 1, given, "As I see it", AT
    )
    db.session.rollback()
    reckon(house, child_id)


def listed(house: House, child_id: int) -> tuple[str, date | None]:
    """How far the plan is where lists read it."""
    row = record.summary(house.scope("social.worker"), child_id)
    assert row is not None
    db.session.rollback()
    return row.plan_state, row.plan_agreed_on


def on_the_board(house: House, child_id: int) -> str:
    said = db.session.scalars(
        sa.select(BoardSpan.plan_state)
        .where(BoardSpan.child_id == child_id)
        .order_by(BoardSpan.since.desc())
    ).first()
    db.session.rollback()
    return str(said)


def how(house: House, child_id: int) -> HowFar:
    found = plan_standing.of_plan(house.scope("social.worker"), registry(house), child_id)
    db.session.rollback()
    assert found is not None
    return found


def test_a_plan_recorded_as_agreed_without_its_approval_counts_as_provisional(
    house: House,
) -> None:
    child_id, _ = child_of_six(house, **AGREED)

    assert listed(house, child_id) == ("provisional", None)
    assert on_the_board(house, child_id) == "provisional"
    assert how(house, child_id) == HowFar(
        "provisional",
        None,
        (
            "Recorded as agreed on 20 November 2026; the approval of the head of service that "
            "PPM10-A.under7.no asks for is not recorded: provisional",
        ),
    )


def test_it_is_agreed_once_the_approval_is_given(house: House) -> None:
    """From the day of the approval on: recorded as agreed before, it was provisional until then."""
    child_id, child = child_of_six(house, **AGREED)

    answered(house, child_id, child, "given")

    today = house.scope("head.of.service").on
    assert today > date(2026, 11, 20)
    assert listed(house, child_id) == ("agreed", today)
    assert on_the_board(house, child_id) == "agreed"
    assert how(house, child_id) == HowFar("agreed", today)
    scope = house.scope("social.worker")
    entries = record.entries(scope, child_id)
    days = plan_standing.agreed_days(scope, registry(house), child_id, entries)
    db.session.rollback()
    assert list(days.values()) == [today]


def test_one_approved_before_it_was_agreed_is_agreed_from_its_own_day(house: House) -> None:
    child_id, child = child_of_six(house, state="provisional")
    answered(house, child_id, child, "given")
    (plan,) = record.entries(house.whole, child_id, "plan")
    later = date(2026, 11, 25)
    house.turn_to(later)
    seen = {"state": plan.values["state"].statement.id, "agreed_on": 0, "agreed_by": 0}
    values = {"state": "agreed", "agreed_on": later.isoformat(), "agreed_by": "The review"}
    correct(
        house.scope("social.worker"), plan.public_id, values, seen, "Agreed", AT,
        registry=registry(house),
    )  # fmt: skip
    reckon(house, child_id)

    assert listed(house, child_id) == ("agreed", later)
    assert how(house, child_id) == HowFar("agreed", later)


def test_it_is_not_agreed_where_the_approval_is_refused(house: House) -> None:
    child_id, child = child_of_six(house, **AGREED)

    answered(house, child_id, child, "refused")

    assert listed(house, child_id) == ("provisional", None)
    (words,) = how(house, child_id).words
    today = house.scope("head.of.service").on
    assert words.startswith(f"Not approved by the head of service on {today.day} ")
    assert words.endswith(": provisional (PPM10-A.under7.no)")


def test_a_provisional_plan_says_for_whom_it_waits(house: House) -> None:
    child_id, _ = child_of_six(house, state="provisional")

    assert how(house, child_id).words == (
        "Provisional: waits for the head of service’s approval (PPM10-A.under7.no)",
    )


def test_one_agreed_at_seven_needs_no_approval(house: House) -> None:
    child_id, child = house.child(born=date(2019, 3, 2))
    in_care(house, child_id)
    values = {"primary": "long-term-fostering", **PLAN, **AGREED, "contingencies": "sgo"}
    add(house.scope("social.worker"), child, "plan", values, AT)
    reckon(house, child_id)

    assert listed(house, child_id) == ("agreed", date(2026, 11, 20))


def test_what_was_agreed_without_its_approval_meets_no_deadline(house: House) -> None:
    child_id, _ = child_of_six(house, **AGREED)
    known = dates_of(house.whole, [child_id])[child_id]
    followed = reckoning.editions.of(house.whole, registry(house)).followed
    db.session.rollback()

    (plan,) = plan_standing.as_it_counts(known, followed, date(2026, 11, 20)).entries

    assert plan.day("agreed_on") is None
    assert plan.day("identified_on") == date(2026, 10, 1)


def test_the_approval_meets_deadlines_from_its_day_and_the_plan_begins_as_recorded(
    house: House,
) -> None:
    child_id, child = child_of_six(house, **{**AGREED, "identified_on": ""})
    answered(house, child_id, child, "given")
    known = dates_of(house.whole, [child_id])[child_id]
    followed = reckoning.editions.of(house.whole, registry(house)).followed
    db.session.rollback()

    counted = plan_standing.as_it_counts(known, followed, date(2026, 11, 23)).entries

    (plan,) = (one for one in counted if one.kind == "plan")
    assert plan.day("agreed_on") == date(2026, 11, 23)
    assert plan.day("identified_on") == date(2026, 11, 20)

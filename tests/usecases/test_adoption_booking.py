"""The agency decision maker: a planning meeting comes before, or the chair says why not."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.planned import AT, both_standards, entry, planned
from builders.reckoned import registry
from builders.sitting import HELD, sit
from builders.sitting import book as put_on

from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.domain.procedure.forums import Forum
from core.store import answers, items, record
from core.store.database import db
from core.store.tables import AuditRow
from core.usecases import adoption_booking
from core.usecases.decision import record_decision
from core.usecases.handing_on import Asked, hand_on_child

ADM = Forum(code="agency-decision-maker", clauses=(), title="agency decision maker")
TODAY = date(2026, 11, 23)


def book(house: House, child: str, on: date = TODAY, role: str = "social.worker") -> str:
    asked = Asked("agency-decision-maker", on, "Should the child be placed?")
    try:
        return hand_on_child(house.scope(role), [ADM], child, asked, AT, registry=registry(house))
    finally:
        db.session.rollback()


def met(house: House, child: str, on: str) -> None:
    entry(house, child, "earlier-meeting", {"meeting": "ppm", "held_on": on})


def lift(
    house: House,
    child: str,
    role: str,
    why: str = "The court has set a date",
    on: date = TODAY,
) -> None:
    try:
        adoption_booking.lift(house.scope(role), registry(house), child, on, why, AT)
    finally:
        db.session.rollback()


@pytest.mark.clause("PPM2-2.7")
def test_no_booking_without_a_meeting_since_adoption_became_an_option(house: House) -> None:
    both_standards(house)
    _, child = house.child()
    with pytest.raises(Refused, match="not recorded as an option"):
        book(house, child)
    planned(house, child, "adoption", contingencies="sgo")  # from 1 October
    met(house, child, "2026-09-30")
    with pytest.raises(Refused) as refusal:
        book(house, child)
    (found,) = refusal.value.findings
    assert found.clauses == ("PPM2-2.7",) and found.field == "forum"
    assert "since adoption became an option on 1 October 2026" in found.message
    met(house, child, "2026-11-20")
    with pytest.raises(Refused):
        book(house, child, date(2026, 11, 19))
    assert book(house, child)


@pytest.mark.clause("PPM2-2.7")
def test_the_chair_lifts_it_with_a_reason_that_is_kept(house: House) -> None:
    both_standards(house)
    child_id, child = house.child()
    planned(house, child, "adoption", contingencies="sgo")
    for role in ("social.worker", "iro", "panel.administrator"):
        with pytest.raises(Refused, match="The chair alone"):
            lift(house, child, role)
    with pytest.raises(Refused, match="Say why"):
        lift(house, child, "panel.chair", " ")
    lift(house, child, "panel.chair")
    (kept,) = record.entries(house.scope("iro"), child_id, "adoption-booking-lifted")
    db.session.rollback()
    assert kept.value("why") == "The court has set a date"
    assert kept.value("lifted_by") == "Panel Chair Of Bexley"
    assert "(PPM2-2.7)" in kept.value("said") and kept.value("since") == "2026-10-01"
    assert book(house, child)
    done = db.session.scalars(sa.select(AuditRow.did).order_by(AuditRow.id)).all()
    db.session.rollback()
    assert "let the booking go ahead" in done
    with pytest.raises(Refused, match="Panel Chair Of Bexley has let it go ahead already"):
        lift(house, child, "team.manager")


@pytest.mark.clause("PPM2-2.7")
def test_an_authority_that_does_not_follow_the_standard_is_not_stopped(house: House) -> None:
    _, child = house.child()
    assert book(house, child)


@pytest.mark.clause("PPM2-2.7")
def test_a_decision_of_a_panel_refers_nobody_before_a_planning_meeting(house: House) -> None:
    both_standards(house)
    child_id, child = house.child()
    meeting_id, _ = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id)
    item, case_id = put_on(house, meeting_id, (child_id,))
    outcome = {"outcome-refer-agency-decision-maker.chosen": "yes", "rationale": "It is time"}

    def decide() -> None:
        scope = house.scope("panel.administrator")
        booking = items.find(scope, item)
        assert booking is not None
        stored = answers.load(scope, case_id, booking.id)
        said = {Place.named(name): value for name, value in outcome.items()}
        seen = {place: answer.version for place, answer in stored.items()}
        try:
            record_decision(scope, registry(house), item, said, seen, AT)
        finally:
            db.session.rollback()

    with pytest.raises(Refused) as refusal:
        decide()
    (found,) = refusal.value.findings
    assert found.field == "outcomes" and found.clauses == ("PPM2-2.7",)
    # The decision is recorded after the meeting: what came since lifts nothing of that day.
    house.turn_to(date(2026, 11, 27))
    planned(house, child, "adoption", contingencies="sgo", identified_on="2026-11-25")
    met(house, child, "2026-11-26")
    with pytest.raises(Refused, match="as at 23 November 2026"):
        decide()
    with pytest.raises(Refused, match="Nothing stands against"):
        lift(house, child, "head.of.service", on=date(2026, 11, 27))
    with pytest.raises(Refused, match="today or in the past"):
        lift(house, child, "head.of.service", on=date(2026, 11, 28))
    lift(house, child, "head.of.service", on=HELD)
    (kept,) = record.entries(house.whole, child_id, "adoption-booking-lifted")
    db.session.rollback()
    assert kept.value("referred_on") == HELD.isoformat() and not kept.value("since")
    decide()


@pytest.mark.clause("PPM2-2.7")
@pytest.mark.parametrize("role", ["team.manager", "service.manager"])
def test_who_chairs_planning_meetings_lifts_it_too(house: House, role: str) -> None:
    both_standards(house)
    child_id, child = house.child()
    planned(house, child, "adoption", contingencies="sgo")
    lift(house, child, role)
    assert book(house, child)


@pytest.mark.clause("PPM2-2.7", "PPM10-10")
def test_a_final_care_planning_meeting_is_no_planning_meeting(house: House) -> None:
    both_standards(house)
    _, child = house.child()
    planned(house, child, "adoption", contingencies="sgo")
    values = {"meeting": "final-care-planning", "held_on": "2026-11-20"}
    entry(house, child, "earlier-meeting", values)
    with pytest.raises(Refused, match="since adoption became an option"):
        book(house, child)

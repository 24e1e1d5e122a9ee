"""The agency decision maker: a planning meeting comes before, or the chair says why not."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.planned import AT, both_standards, entry, planned
from builders.reckoned import registry

from core.domain.finding import Refused
from core.domain.procedure.forums import Forum
from core.store import record
from core.store.database import db
from core.store.tables import AuditRow
from core.usecases import adoption_booking
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


def lift(house: House, child: str, role: str, why: str = "The court has set a date") -> None:
    try:
        adoption_booking.lift(house.scope(role), registry(house), child, why, AT)
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
    for role in ("social.worker", "team.manager", "panel.administrator"):
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
    with pytest.raises(Refused, match="Nothing stands against"):
        lift(house, child, "panel.chair")


@pytest.mark.clause("PPM2-2.7")
def test_an_authority_that_does_not_follow_the_standard_is_not_stopped(house: House) -> None:
    _, child = house.child()
    assert book(house, child)

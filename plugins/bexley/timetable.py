"""When Bexley's panel meets, when its papers are due, and what is due of each child."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.schedule import Schedule
from core.domain.procedure.timetable import Deadline, Direction

FORTNIGHTLY = Schedule(
    code="panel-days",
    clauses=("BEX-1.12",),
    title="Every fortnight",
    every_weeks=2,
)

REFERRAL_RECEIVED = Deadline(
    code="referral-received",
    clauses=("BEX-1.6", "BEX-1.18"),
    title="Referral with the panel administrator",
    anchor="panel-date",
    anchor_words="the panel",
    period=Period(3, Unit.WORKING_DAYS),
    direction=Direction.BEFORE,
    met_by=("submitted",),
    missing="no panel has been chosen for this referral",
)

FIRST_MEETING = Deadline(
    code="first-ppm",
    clauses=("BEX-1.4.b",),
    title="First permanence planning meeting",
    anchor="became-looked-after",
    anchor_words="becoming looked after",
    period=Period(4, Unit.WEEKS),
    asks_for="permanence-planning-meeting",
    soon=7,
)

PLAN_AGREED = Deadline(
    code="plan-agreed",
    clauses=("BEX-0.2",),
    title="Permanence plan agreed by the second review",
    anchor="second-review",
    anchor_words="the second review",
    latest="review-2",
    met_by=("plan.agreed_on",),
    met_early=True,
    stands=True,
    soon=14,
)

PROCEEDINGS_REVIEWED = Deadline(
    code="proceedings-reviewed",
    clauses=("BEX-1.4.f",),
    title="Panel has reviewed the care plan by week 10 of proceedings",
    anchor="proceedings.care-issued",
    anchor_words="the issue of proceedings",
    period=Period(10, Unit.WEEKS),
    asks_for="permanence-panel",
    until=("proceedings.care-ended",),
    own=True,
    soon=14,
)

RESIDENTIAL_REVIEWED = Deadline(
    code="residential-reviewed",
    clauses=("BEX-1.1.e",),
    title="Residential placement before panel",
    anchor="residential-placement",
    anchor_words="the start of the residential placement",
    period=Period(28, Unit.DAYS),
    asks_for="permanence-panel",
    until=("residential-placement-ended",),
    own=True,
    soon=7,
)

DEADLINES = (
    REFERRAL_RECEIVED,
    FIRST_MEETING,
    PLAN_AGREED,
    PROCEEDINGS_REVIEWED,
    RESIDENTIAL_REVIEWED,
)

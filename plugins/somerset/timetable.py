"""When a child comes to the adoption review list, and what is due before and after a panel."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.timetable import Deadline, Direction

SIX_MONTHS = Period(6, Unit.MONTHS)
WEEKS_AHEAD = 14

DEADLINES = (
    Deadline(
        code="adoption-no-match",
        clauses=("SOM-3.7.a",),
        title="Match after a placement order",
        anchor="placement-order",
        anchor_words="the placement order",
        period=SIX_MONTHS,
        # A placement says that there was a match by then.
        met_by=("adoption.matched_on", "placed-for-adoption"),
        met_early=True,
        until=("placement-order-ended", "adoption.order_on"),
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="adoption-no-application",
        clauses=("SOM-3.7.b",),
        title="Application to adopt after the placement",
        anchor="placed-for-adoption",
        anchor_words="the placement for adoption",
        period=SIX_MONTHS,
        met_by=("adoption.application_on",),
        until=("placement-for-adoption-ended", "placement-order-ended", "adoption.order_on"),
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="papers-received",
        clauses=("SOM-7.1",),
        title="Reports with the panel administrator, where assessments are presented",
        anchor="meeting-date",
        anchor_words="the panel",
        period=Period(2, Unit.WEEKS),
        direction=Direction.BEFORE,
    ),
    Deadline(
        code="booking-notice",
        clauses=("SOM-7.8",),
        title="Booking e-mail to the social worker and team manager",
        anchor="meeting-date",
        anchor_words="the panel",
        period=Period(7, Unit.WORKING_DAYS),
        direction=Direction.BEFORE,
    ),
    Deadline(
        code="notes-ratified",
        clauses=("SOM-10.2",),
        title="Notes produced, and ratified by the chair",
        anchor="meeting-date",
        anchor_words="the panel",
        period=Period(5, Unit.WORKING_DAYS),
        met_by=("ratified",),
    ),
)

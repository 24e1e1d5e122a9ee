"""What the terms of reference have by the second review, and when the panel's agenda goes out."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.timetable import Deadline, Direction, Run

MONDAY = 0
FOUR_MONTHS = Period(4, Unit.MONTHS)
BECAME, BECOMING = "became-looked-after", "becoming looked after"
WEEKS_AHEAD = 14

DEADLINES = (
    Deadline(
        code="review-2",
        clauses=("BCP-1.1",),
        title="Second review",
        anchor=BECAME,
        anchor_words=BECOMING,
        period=FOUR_MONTHS,
        met_by=("second-review",),
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="plan-identified",
        clauses=("BCP-1.1",),
        title="Permanence plan identified",
        anchor=BECAME,
        anchor_words=BECOMING,
        period=FOUR_MONTHS,
        or_earlier=(
            Run(anchor="second-review", anchor_words="the second review", latest="review-2"),
        ),
        met_by=("plan.identified",),
        met_early=True,
        stands=True,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="agenda-circulated",
        clauses=("BCP-4.2",),
        title="Agenda circulated",
        anchor="meeting-date",
        anchor_words="the panel",
        weekday=MONDAY,
        direction=Direction.BEFORE,
        met_by=("circulated",),
    ),
    Deadline(
        code="actions-available",
        clauses=("BCP-6.2",),
        title="Actions made available",
        anchor="meeting-date",
        anchor_words="the panel",
        period=Period(3, Unit.WORKING_DAYS),
    ),
)

"""When Bexley's panel meets and when its papers are due (1.6, 1.12, 1.18)."""

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

DEADLINES = (REFERRAL_RECEIVED,)

"""Who is told of a permanence planning meeting, as far as the record knows who they are (5.3)."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.notices import Notice, ToWhom
from core.domain.procedure.timetable import Direction

# The fostering and family finding social workers are not people of the record yet.
TWO_WEEK = (
    Notice(
        code="meeting-notice",
        clauses=("PPM2-5.3",),
        title="Notice to the reviewing officer",
        anchor="meeting-date",
        anchor_words="the meeting",
        period=Period(5, Unit.WORKING_DAYS),
        direction=Direction.BEFORE,
        to=(ToWhom.REVIEWING_OFFICER,),
        set_here=True,
        subject="{body} on {on}: you are invited",
        text="A {body} about a child with whom you work is on {on} at {at}. You are invited.",
    ),
)

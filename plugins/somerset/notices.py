"""What Somerset's administrator sends before a panel: the booking e-mail, and what is due (7.1)."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.notices import Notice, ToWhom
from core.domain.procedure.timetable import Direction

BOOKING = Notice(
    code="booking-notice",
    clauses=("SOM-7.8",),
    title="Booking e-mail to the social worker and team manager",
    anchor="deadline.booking-notice",
    anchor_words="the day of the booking e-mail",
    to=(ToWhom.SOCIAL_WORKER, ToWhom.TEAM_MANAGER),
    subject="{body} on {on}: please attend",
    text=(
        "A case with which you work is booked for the {body} on {on}, which begins at {at}. "
        "Please attend, in person or by conference call."
    ),
)

PAPERS_DUE = Notice(
    code="papers-due",
    clauses=("SOM-7.1",),
    title="Papers for the panel are due soon",
    anchor="deadline.papers-received",
    anchor_words="the day by which the papers are due",
    period=Period(2, Unit.WORKING_DAYS),
    direction=Direction.BEFORE,
    to=(ToWhom.SOCIAL_WORKER,),
    set_here=True,
    subject="Papers for the {body} on {on} are due by {day}",
    text=(
        "A case with which you work is booked for the {body} on {on}. Where assessments are "
        "presented, its papers are to be with the panel administrator by {day}."
    ),
)

NOTICES = (BOOKING, PAPERS_DUE)

"""Who is told before a panel: that a referral is due, that a case is booked, what the agenda is."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.notices import Each, Notice, ToWhom
from core.domain.procedure.timetable import Direction

REFERRAL_DUE = Notice(
    code="papers-due",
    clauses=("BEX-1.6", "BEX-1.18"),
    title="Referral due soon",
    anchor="deadline.referral-received",
    anchor_words="the day by which referrals are due",
    period=Period(2, Unit.WORKING_DAYS),
    direction=Direction.BEFORE,
    each=Each.REFERRAL,
    to=(ToWhom.REFERRER,),
    set_here=True,
    subject="A referral to the {body} on {on} is due by {day}",
    text=(
        "A referral that you have begun asks for the {body} on {on} and is not submitted. It is to "
        "be with the panel administrator by {day}."
    ),
)

BOOKED = Notice(
    code="booking-notice",
    clauses=("BEX-1.14",),
    title="Case booked: the social worker or team manager presents it",
    anchor="meeting-date",
    anchor_words="the panel",
    period=Period(5, Unit.WORKING_DAYS),
    direction=Direction.BEFORE,
    to=(ToWhom.SOCIAL_WORKER, ToWhom.TEAM_MANAGER, ToWhom.REFERRER),
    set_here=True,
    subject="{body} on {on}: a case of yours is booked",
    text=(
        "A case with which you work is booked for the {body} on {on}, which begins at {at}. The "
        "social worker or team manager gives a summary and says what is sought."
    ),
)

AGENDA = Notice(
    code="agenda-circulated",
    clauses=("BEX-1.18",),
    title="Agenda circulated to the members",
    anchor="circulated",
    anchor_words="the circulation of the agenda",
    each=Each.MEETING,
    to=(ToWhom.MEMBERS,),
    set_here=True,
    subject="Agenda of the {body} on {on}",
    text="The agenda of the {body} on {on} at {at} is circulated, with {asked} on it.",
)

NOTICES = (REFERRAL_DUE, BOOKED, AGENDA)

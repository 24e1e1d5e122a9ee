"""The notices that every authority has, set here and not by a procedure: what waits for somebody.

They cite no clause. Each goes once for what it is about, and again where its day is another.
"""

from __future__ import annotations

from datetime import date

from core.domain.clauses import SET_HERE
from core.domain.dates import Calendar, Period, Unit, day
from core.domain.notice_days import NoticeDay
from core.domain.procedure import Procedure
from core.domain.procedure.notices import Each, Notice, ToWhom
from core.domain.procedure.timetable import Direction
from core.domain.reckoning import due_from

ACTION_DAYS = 3

ACTION_DUE = Notice(
    code="action-due",
    clauses=(),
    title="Action due soon",
    anchor="meeting-date",
    anchor_words="the day by which the action is due",
    period=Period(ACTION_DAYS, Unit.DAYS),
    direction=Direction.BEFORE,
    to=(ToWhom.OWNER,),
    set_here=True,
    subject="An action of yours is due by {day}",
    text="An action that a meeting gave you is due by {day}. Say there that it is done once it is.",
)

MINUTES_WAITING = Notice(
    code="minutes-waiting",
    clauses=(),
    title="Minutes wait to be ratified",
    anchor="meeting-date",
    anchor_words="the meeting",
    period=Period(3, Unit.WORKING_DAYS),
    each=Each.MEETING,
    to=(ToWhom.CHAIR,),
    set_here=True,
    subject="Minutes of the {body} on {on} wait for you",
    text="The minutes of the {body} on {on} are not ratified yet.",
)

TERM_ENDING = Notice(
    code="term-ending",
    clauses=(),
    title="A term in a post ends",
    anchor="meeting-date",
    anchor_words="the last day of the term",
    to=(ToWhom.ADMINISTRATOR,),
    set_here=True,
    subject="A term in the {body} ends on {day}",
    text="The term of somebody who holds a post of the {body} ends on {day}, and nobody follows.",
)

OWN = (ACTION_DUE, MINUTES_WAITING, TERM_ENDING)


def action_day(due: date) -> NoticeDay:
    """When the owner of an action is reminded of the day by which it is due."""
    on = Calendar().before(due, Period(ACTION_DAYS, Unit.DAYS))
    return NoticeDay(on, due, f"{ACTION_DAYS} days before it is due on {day(due)} ({SET_HERE})")


def minutes_day(procedure: Procedure, held_on: date, calendar: Calendar) -> NoticeDay:
    """When the chair is reminded: the working day before ratifying is due, else 3 after it."""
    for rule in procedure.deadlines:
        if "ratified" in rule.met_by and rule.anchor == "meeting-date":
            due = due_from(rule, held_on, calendar).due
            if due is not None:
                on = calendar.working_days(due, -1)
                reason = f"the working day before they are to be ratified, on {day(due)}"
                return NoticeDay(on, held_on, f"{reason} ({SET_HERE})")
    on = calendar.working_days(held_on, 3)
    reason = f"3 working days from the meeting on {day(held_on)} ({SET_HERE})"
    return NoticeDay(on, held_on, reason)

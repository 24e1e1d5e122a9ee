"""The notices that every authority has, set here and not by a procedure: what waits for somebody.

They cite no clause. Each goes once for what it is about; of an action and of a term it goes again
where their day is another, of an action also where somebody else has it.
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

ACTION_PERIOD, MINUTES_PERIOD = Period(3, Unit.DAYS), Period(3, Unit.WORKING_DAYS)

ACTION_DUE = Notice(
    code="action-due",
    clauses=(),
    title="Action due soon",
    anchor="action-due",
    anchor_words="the day by which the action is due",
    period=ACTION_PERIOD,
    direction=Direction.BEFORE,
    to=(ToWhom.OWNER,),
    set_here=True,
    subject="An action of yours is due by {day}",
    text="An action of yours is due by {day}. Say there that it is done once it is.",
)

MINUTES_WAITING = Notice(
    code="minutes-waiting",
    clauses=(),
    title="Minutes wait to be ratified",
    anchor="meeting-date",
    anchor_words="the meeting",
    period=MINUTES_PERIOD,
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
    anchor="term-end",
    anchor_words="the last day of the term",
    to=(ToWhom.AUTHORITY_ADMINISTRATOR,),
    set_here=True,
    subject="A term in the {body} ends on {day}",
    text="The term of somebody who holds a post of the {body} ends on {day}, and nobody follows.",
)

#: What keeps each from going twice; the store asks for these before it reads what waits.
ACTION_KEYS, MINUTES_KEYS = f"own/{ACTION_DUE.code}/a", f"own/{MINUTES_WAITING.code}/m"


def action_key(action_id: int, due: date, owner_id: int) -> str:
    """Whom an action is reminded of for a day, once."""
    return f"{ACTION_KEYS}{action_id}/{due.isoformat()}/{owner_id}"


def action_day(due: date) -> NoticeDay:
    """When the owner of an action is reminded of the day by which it is due."""
    on = Calendar().before(due, ACTION_PERIOD)
    return NoticeDay(on, due, f"{ACTION_PERIOD} before it is due on {day(due)} ({SET_HERE})")


def actions_until(on: date) -> date:
    """The last day of which actions are reminded of on a day."""
    return Calendar().after(on, ACTION_PERIOD)


def minutes_day(procedure: Procedure, held_on: date, calendar: Calendar) -> NoticeDay:
    """When the chair is reminded: the working day before it is due, else 3 after the meeting."""
    for rule in procedure.deadlines:
        if "ratified" in rule.met_by and rule.anchor == "meeting-date":
            due = due_from(rule, held_on, calendar).due
            if due is not None:
                on = calendar.working_days(due, -1)
                reason = f"the working day before they are to be ratified, on {day(due)}"
                return NoticeDay(on, held_on, f"{reason} ({SET_HERE})")
    on = calendar.after(held_on, MINUTES_PERIOD)
    reason = f"{MINUTES_PERIOD} from the meeting on {day(held_on)} ({SET_HERE})"
    return NoticeDay(on, held_on, reason)

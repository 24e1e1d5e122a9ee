"""What the page of one meeting shows, put together from how it stands and what is on its agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from core.domain import booked as rules
from core.domain.dates import day, london_day
from core.domain.due import Due
from core.domain.finding import Finding
from core.domain.meeting import (
    OFF_AGENDA,
    OVER,
    BookingState,
    MeetingState,
    Seat,
    planned_times,
    same_person,
    too_soon,
)
from core.domain.paper import Of
from core.domain.staff import GRADES
from core.store import agenda, carried, case_lists, meetings, outbox_read, seats, withdrawals
from core.store import papers as filed
from core.store.agenda import AgendaCase
from core.store.scope import Scope
from core.usecases import attended, pack
from core.usecases.chairing import leave_deciders
from core.usecases.standing import Standing, chairs, for_item, reads_whole, runs
from core.web import amending, carried_shown, dispute_shown, hearing_shown, notices_shown, pages
from core.web.access import ACCESS
from core.web.meeting_due import due_of_meeting
from core.web.meeting_forms import label
from core.web.rules_here import calendar_here, days_off_here


@dataclass(frozen=True, slots=True)
class Presented:
    """A case under its agenda item, with when it is planned, where the procedure gives minutes.

    ``up`` and ``down`` say whether it can be moved among those still to hear.
    """

    case: AgendaCase
    number: int
    planned: tuple[time, time] | None
    up: bool = False
    down: bool = False


@dataclass(frozen=True, slots=True)
class AtItem:
    """How a meeting stands for an item from which somebody withdrew.

    ``chair`` is who chairs it, where that is not who chairs the meeting; ``faults`` say what speaks
    against deciding it, and not against the meeting itself; that nobody chairs is said of both.
    """

    names: tuple[str, ...]
    chair: str
    faults: tuple[Finding, ...]


def papers_due(now: Standing) -> Due | None:
    """When the papers of a meeting are due, where its procedure says so."""
    held_on = now.meeting.held_on
    return rules.papers_due(now.procedure, held_on, calendar_here((held_on,)))


def title(now: Standing) -> str:
    on = now.meeting.held_on
    return f"{now.body.title or 'Meeting'}, {on:%A} {day(on)}"


def may_run(scope: Scope, now: Standing) -> bool:
    """Whether the forms of the meeting are this person's: the role and the post together."""
    return ACCESS["meetings.attend"].allows(scope.roles) and runs(scope, now)


def may_order(scope: Scope, now: Standing) -> bool:
    return ACCESS["meetings.order"].allows(scope.roles) and chairs(scope, now)


def circulating(scope: Scope, now: Standing) -> bool:
    """Whether this person can circulate the agenda now."""
    waits = now.meeting.circulated_at is None and now.meeting.state not in OVER
    return waits and ACCESS["meetings.circulate"].allows(scope.roles)


def changing(scope: Scope, now: Standing) -> bool:
    """Whether this person can move or cancel the meeting: while it is still to come."""
    to_come = now.meeting.state == MeetingState.PLANNED and now.meeting.held_on >= scope.on
    return to_come and ACCESS["meeting_changes.move"].allows(scope.roles)


def ratifying(scope: Scope, now: Standing) -> bool:
    """Whether this person can ratify the minutes now: who chairs, once the meeting is closed."""
    waits = now.meeting.ratified_at is None and now.meeting.state == MeetingState.CLOSED
    return waits and ACCESS["meetings.ratify"].allows(scope.roles) and chairs(scope, now)


def _sees_pack(scope: Scope, now: Standing) -> bool:
    """Whether this person is to read the pack: not of a cancelled meeting, whose cases left."""
    cancelled = now.meeting.state == MeetingState.CANCELLED
    role = ACCESS["pack.page"].allows(scope.roles)
    return role and not cancelled and pack.may_read(scope, now)


def shown(scope: Scope, now: Standing) -> dict[str, Any]:
    """The page's context; notes which children it shows. The queries do not grow with the cases."""
    meeting = now.meeting
    closed = meeting.state in OVER
    running = may_run(scope, now)
    booked = agenda.bookings(scope, meeting)
    today, earlier = carried.decided(scope, meeting)
    waiting, missing = case_lists.waiting(scope, meeting.id), case_lists.missing(scope, meeting.id)
    presented = _presented(now, [b for b in booked if b.item == agenda.CASES])
    returning = [b for b in booked if b.item == agenda.PREVIOUS]
    shown_children = _shown_children(booked, [*today, *earlier], [*waiting, *missing])
    told, of_cases = notices_shown.of_meeting(scope, now.procedure, now.body, meeting.id)
    pages.listed("the page of a meeting", shown_children, "meeting", meeting.public_id)
    return {
        "now": now,
        "meeting": meeting,
        "title": title(now),
        "papers": papers_due(now),
        "day_off": not closed and meeting.held_on in days_off_here(),
        "notices": told,
        "notices_of_cases": of_cases,
        "due_of_meeting": due_of_meeting(scope, now),
        "closed": closed,
        "changing": changing(scope, now),
        "running": running and not closed,
        "ordering": may_order(scope, now) and not closed,
        "sees_all": reads_whole(scope, now),
        "sees_pack": _sees_pack(scope, now),
        "sees_papers": filed.owner_id(scope, Of.MEETING, meeting.public_id) is not None,
        "disputes": dispute_shown.of_children(
            child.public_id for b in booked if not b.withdrew for child in b.children
        ),
        "presented": [p for p in presented if p.case.seen or p.case.withdrew],
        "hidden": sum(not p.case.seen and not p.case.withdrew for p in presented),
        "withdrew": any(b.withdrew for b in booked),
        "at_item": _at_items(scope, now),
        "booked": sum(p.case.state not in OFF_AGENDA for p in presented),
        "returning": [b for b in returning if b.seen or b.withdrew],
        "hidden_returning": sum(not b.seen and not b.withdrew for b in returning),
        "carried": carried_shown.of_cases(
            scope, meeting, [b.case_id for b in booked if b.seen and b.state not in OFF_AGENDA]
        ),
        "today": today,
        "earlier": earlier,
        "waiting": waiting,
        "missing": missing,
        "next_meeting": meetings.next_after(scope, meeting),
        "people": seats.people(scope) if running and not closed else [],
        "deciders": leave_deciders(scope, now) if running and now.on_hold else (),
        "label": label,
        "swapped": pages.wants_block(),
        "typed": {},
        "clashes": {},
        "on_day": london_day(meeting.closed_at) if meeting.closed_at else scope.on,
        "present": attended.present(now.seats, meeting.held_on),
        "apologies": attended.apologies(now.seats),
        "grades": [{"value": code, "text": words} for code, words in GRADES.items()],
        "stays": {
            seat.key: [attended.stay_words(stay, meeting.held_on) for stay in seat.stays]
            for seat in now.seats
        },
        "times": {seat.key: _times(seat, meeting.held_on) for seat in now.seats},
        "told": outbox_read.told_of_meeting(scope, meeting.id),
        "circulating": circulating(scope, now),
        "ratifying": ratifying(scope, now),
        "early": too_soon(meeting.held_on, scope.on) if not closed else (),
        **amending.of_meeting(scope, now),
        **hearing_shown.of_meeting(scope, now),
    }


def _at_items(scope: Scope, now: Standing) -> dict[int, AtItem]:
    """How it stands for each item from which somebody is out, by the booking's id: one query."""
    found = {}
    for booking_id, rows in withdrawals.of_meeting(scope, now.meeting.id).items():
        out = tuple(one.name for one in rows if one.out)
        if out:
            here = for_item(now, rows, scope.on)
            chair = here.chair.name if here.chair and here.chair != now.chair else ""
            faults = tuple(
                f
                for f in here.membership
                if f.blocks and (f.field == "leave" or f not in now.findings)
            )
            found[booking_id] = AtItem(out, chair, faults)
    return found


def _presented(now: Standing, booked: list[AgendaCase]) -> list[Presented]:
    to_hear = [case for case in booked if case.state not in OFF_AGENDA]
    times = planned_times(now.meeting.held_on, now.meeting.starts_at, now.body.timing, len(to_hear))
    moving = [case.id for case in to_hear if case.state == BookingState.BOOKED]
    made = [
        Presented(
            case,
            n,
            times[n - 1] if times else None,
            case.id in moving[1:],
            case.id in moving[:-1],
        )
        for n, case in enumerate(to_hear, 1)
    ]
    gone = [case for case in booked if case.state in OFF_AGENDA]
    return made + [Presented(case, 0, None) for case in gone]


def _times(seat: Seat, held_on: date) -> str:
    """When the person in a seat was there."""
    who = seat.sitter
    mine = (s for s in seat.sat if who is not None and same_person(s.who) == same_person(who))
    return "".join(attended.times(one, held_on) for one in mine)


def note_minutes(scope: Scope, now: Standing) -> None:
    """Note whom the minutes of a meeting name to this person."""
    today, earlier = carried.decided(scope, now.meeting)
    booked = agenda.bookings(scope, now.meeting)
    for public_id in _shown_children(booked, today, earlier):
        pages.looked_at("child", public_id, on="the minutes of a meeting")


def _shown_children(*shown_lists: Any) -> list[str]:
    found = {child.public_id for rows in shown_lists for row in rows for child in row.children}
    return sorted(found)

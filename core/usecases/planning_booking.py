"""A planning meeting about one child: booked, moved to another day, and called off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.meeting import BookingState, MeetingState
from core.domain.planning_people import seen_until
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.winning import winning
from core.domain.reason import reason_as_kept, reason_fault, reason_given
from core.domain.sight import What
from core.registry import Registry
from core.store import (
    audit,
    authorities,
    children,
    invitees,
    meetings,
    planning,
    planning_guests,
)
from core.store.children import ChildRow
from core.store.database import writing
from core.store.deadlines import DeadlineFact
from core.store.planning import NewPlanning, PlanningRow
from core.store.scope import Scope
from core.usecases import editions, noticing, planning_due
from core.usecases.day_and_place import place_faults
from core.usecases.editions import Editions
from core.usecases.planning_due import could_be_kept

NOT_YOURS = Finding("This child is not here, or a planning meeting is not yours to book")
NOT_HERE = Finding("This meeting is not here any more, or is not yours to change")
OVER = Finding("This meeting is over: what was written at it stays as it is")
BACK, AHEAD = relativedelta(years=1), relativedelta(years=1)
"""How long ago a meeting that was not booked can have been, and how far ahead one is booked."""
WHY_MOST = 400
LATER = "Say why it is held later than due"
MOVED, MOVED_LATER = "Say why it is moved", "Say why it is moved, and to later than due"
CALLED_OFF = "Say why it is called off"


def titled(body: Body | None) -> str:
    """What a meeting of a body about one child is called, also where the body is gone."""
    return body.title if body is not None and body.title else "Planning meeting"


class MeetingMoved(Moved[PlanningRow]):
    """Somebody else has moved the meeting, called it off or closed it since the page was shown."""

    def __init__(self, now: PlanningRow) -> None:
        if now.state == MeetingState.CANCELLED:
            message = f"Somebody else has called this meeting off: {now.cancelled_why}"
        else:
            when = f"{day(now.held_on)} at {now.starts_at:%H:%M}"
            place = f", {now.place}" if now.place else ""
            why = f" ({now.moved_why})" if now.moved_why else ""
            message = f"Somebody else changed this meeting first: it is now on {when}{place}{why}"
        super().__init__(now, message)


@dataclass(frozen=True, slots=True)
class PlanningBody:
    """A body that meets about one child, with the procedure of which it is."""

    procedure: Procedure
    body: Body

    @property
    def key(self) -> str:
        return f"{self.procedure.code}/{self.body.code}"

    @property
    def title(self) -> str:
        return titled(self.body)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A meeting to book, or the day to which one is moved. ``on`` and ``at`` are None as typed."""

    on: date | None
    starts_at: time | None
    place: str = ""
    why: str = ""


def bodies(scope: Scope, registry: Registry, on: date) -> tuple[PlanningBody, ...]:
    """The bodies of what the authority follows on a day that meet about one child: two queries."""
    followed = editions.followed(scope, registry, on)
    return tuple(
        PlanningBody(won.procedure, won.rule)
        for won in winning(followed, Body)
        if won.rule.of_one_child
    )


def body_of(
    scope: Scope, registry: Registry, row: PlanningRow, rules: Editions | None = None
) -> PlanningBody:
    """The body of a planning meeting, under the edition that it keeps; Refused where it is gone.

    ``rules`` are those of the authority where they are read already.
    """
    rules = rules or editions.with_figures(scope, registry)
    kept = rules.kept(row.procedure_code, row.procedure_edition, row.held_on)
    body = kept.body(row.body_code) if kept is not None else None
    if kept is None or body is None:
        raise Refused(Finding(f"The procedure {row.procedure_code} is not installed any more"))
    return PlanningBody(kept, body)


def child_to_plan(scope: Scope, public_id: str) -> ChildRow | None:
    """The child, where the asker works with them and so may book a meeting about them."""
    child = children.child(scope, public_id)
    may = child is not None and children.may_change(scope, public_id, What.CASES)
    return child if may else None


def book(
    scope: Scope,
    registry: Registry,
    child_public_id: str,
    key: str,
    wanted: Wanted,
    at: datetime,
) -> str:
    """Book a planning meeting about a child; gives its public id.

    ``key`` names the procedure and the body. A day that has gone by is taken too: the record of a
    meeting that was held without having been booked. Refused, beside its fields, where one of that
    body is booked already.
    """
    with writing():
        authorities.lock(scope)
        child = child_to_plan(scope, child_public_id)
        if child is None:
            raise Refused(NOT_YOURS)
        findings = list(_faults(wanted, child, scope.on))
        meets = None
        if wanted.on is not None:
            offered = bodies(scope, registry, wanted.on)
            meets = next((one for one in offered if one.key == key), None)
            if meets is None:
                message = "Choose a meeting of a procedure that is followed on that day"
                findings.append(Finding(message, field="body"))
        if meets is not None and (there := planning.planned(scope, child.id, meets.body.code)):
            message = f"One is booked for {day(there[1])} already: move that one"
            findings.append(Finding(message, field="on"))
        late = None
        if meets is not None:
            late = could_be_kept(scope, registry, child.id, meets.body.code, wanted.on)
        findings += _why_faults(wanted.why, "", LATER, late)
        if findings or meets is None or wanted.on is None or wanted.starts_at is None:
            raise Refused(*findings)
        new = NewPlanning(
            meets.procedure.code,
            meets.procedure.edition,
            meets.body.code,
            meets.body.record,
            wanted.on,
            wanted.starts_at,
            wanted.place,
            reason_as_kept(wanted.why),
        )
        meeting_id, public_id = planning.book(scope, child.id, new, at)
        noticing.follow(scope, registry, [meeting_id], at)
        after = {
            "child": child.public_id,
            "body": meets.key,
            "on": wanted.on.isoformat(),
            "starts at": f"{wanted.starts_at:%H:%M}",
            "place": wanted.place,
        }
        audit.changed(
            scope, at, "book planning meeting", "meeting", public_id, after=after, why=new.why
        )
        audit.changed(
            scope,
            at,
            "book planning meeting",
            "child",
            child.public_id,
            after={"meeting": public_id, "on": wanted.on.isoformat()},
        )
    return public_id


def move(
    scope: Scope, registry: Registry, public_id: str, wanted: Wanted, seen: int, at: datetime
) -> None:
    """Hold a booked meeting on another day, at another time or place, with the reason.

    ``seen`` is the version that the page showed. The meeting and its case then keep the edition
    that is followed on the new day, and who was asked sees it until four weeks after that.
    """
    with writing():
        row = _as_seen(scope, public_id, seen)
        if row.state != MeetingState.PLANNED:
            raise Refused(Finding("It has begun or is over: its day stays"))
        child = children.child(scope, row.child_public_id)
        if child is None:
            raise Refused(NOT_HERE)
        findings = list(_faults(wanted, child, scope.on))
        same = (wanted.on, wanted.starts_at, wanted.place)
        if same == (row.held_on, row.starts_at, row.place):
            findings.append(Finding("Enter another day, time or place", field="on"))
        late = None
        if wanted.on != row.held_on:
            late = could_be_kept(scope, registry, row.child_id, row.body_code, wanted.on)
        faults = list(_why_faults(wanted.why, MOVED, MOVED_LATER, late))
        if faults:
            raise Refused(*findings, *faults)
        edition = _edition_on(scope, registry, row, wanted.on)
        if wanted.on is not None and edition is None:
            message = f"The procedure of this meeting is not followed on {day(wanted.on)}"
            findings.append(Finding(message, field="on"))
        if findings or wanted.on is None or wanted.starts_at is None or edition is None:
            raise Refused(*findings)
        values = {
            "held_on": wanted.on,
            "starts_at": wanted.starts_at,
            "place": wanted.place,
            "moved_why": reason_as_kept(wanted.why),
            "procedure_edition": edition.edition,
        }
        if wanted.on != row.held_on:
            values["moved_from"] = row.held_on
        _change(scope, row, values)
        planning.move_case(scope, row, edition.edition)
        asked = [
            guest.account_id
            for guest in planning_guests.of_meeting(scope, row.id)
            if guest.invited and guest.account_id is not None
        ]
        invitees.last_until(scope, row.case_id, asked, seen_until(wanted.on))
        noticing.follow(scope, registry, [row.id], at)
        audit.changed(
            scope,
            at,
            "move planning meeting",
            "meeting",
            public_id,
            before=_said(row.held_on, row.starts_at, row.place),
            after=_said(wanted.on, wanted.starts_at, wanted.place),
            why=reason_as_kept(wanted.why),
        )


def call_off(
    scope: Scope, registry: Registry, public_id: str, why: str, seen: int, at: datetime
) -> None:
    """Call a booked meeting off: it stays in the child's record with the reason."""
    with writing():
        row = _as_seen(scope, public_id, seen)
        if not row.open:
            raise Refused(Finding("It is over already: what was recorded stays"))
        why = reason_given(why, asked=CALLED_OFF, most=WHY_MOST)
        values = {
            "state": MeetingState.CANCELLED,
            "cancelled_at": at,
            "cancelled_by": scope.account_id,
            "cancelled_why": why,
        }
        _change(scope, row, values)
        planning.settle(
            scope,
            row,
            BookingState.WITHDRAWN,
            CaseState.WITHDRAWN,
            withdrawn_at=at,
            withdrawal_why=why,
        )
        invitees.end_on(scope, row.case_id, scope.on)
        noticing.follow(scope, registry, [row.id], at)
        audit.changed(
            scope,
            at,
            "call off planning meeting",
            "meeting",
            public_id,
            before={"state": row.state},
            after={"state": MeetingState.CANCELLED},
            why=why,
        )


def held_row(scope: Scope, public_id: str) -> PlanningRow:
    """The meeting, held until the transaction ends, for whoever works with its child."""
    row = planning.find(scope, public_id)
    if row is None or child_to_plan(scope, row.child_public_id) is None:
        raise Refused(NOT_HERE)
    meetings.lock(scope, row.id)
    row = planning.find(scope, public_id)
    if row is None:
        raise Refused(NOT_HERE)
    return row


def open_row(scope: Scope, public_id: str) -> PlanningRow:
    """The same where what is said at the meeting can still be written; refused once it is over."""
    row = held_row(scope, public_id)
    if not row.open:
        raise Refused(OVER)
    return row


def _as_seen(scope: Scope, public_id: str, seen: int) -> PlanningRow:
    """The meeting held to be changed, as the page showed it; refused with how it is now."""
    row = held_row(scope, public_id)
    if row.version != seen:
        raise MeetingMoved(row)
    return row


def _change(scope: Scope, row: PlanningRow, values: dict[str, Any]) -> None:
    meetings.change(scope, row.id, {**values, "version": row.version + 1})


def _edition_on(
    scope: Scope, registry: Registry, row: PlanningRow, on: date | None
) -> Procedure | None:
    """The edition of the meeting's procedure that is followed on a day, where it has this body."""
    if on is None:
        return None
    followed = editions.followed(scope, registry, on)
    found = next((one for one in followed if one.code == row.procedure_code), None)
    return found if found is not None and found.body(row.body_code) is not None else None


def _faults(wanted: Wanted, child: ChildRow, today: date) -> Iterator[Finding]:
    """What is wrong with a day, a time and a place, each beside its field."""
    if wanted.on is None:
        yield Finding("Enter the day of the meeting", field="on")
    elif wanted.on < today - BACK:
        message = "A meeting of more than a year ago is recorded as one held outside this system"
        yield Finding(message, field="on")
    elif wanted.on > today + AHEAD:
        message = f"Choose a day within a year, up to {day(today + AHEAD)}"
        yield Finding(message, field="on")
    elif child.born is not None and not child.birth_expected and wanted.on < child.born - BACK:
        yield Finding(f"The child was born on {day(child.born)}: choose a later day", field="on")
    if wanted.starts_at is None:
        yield Finding("Enter when it begins, such as 10:30", field="at")
    yield from place_faults(wanted.place)


def _why_faults(why: str, asked: str, later: str, late: DeadlineFact | None) -> Iterator[Finding]:
    """What is wrong with a reason, which a day later than due needs: then ``later`` asks for it."""
    if late is not None:
        asked = planning_due.asked(late, later)
    if fault := reason_fault(why, asked=asked, most=WHY_MOST):
        yield replace(fault, clauses=late.clauses) if late is not None else fault


def _said(on: date, starts_at: time, place: str) -> dict[str, str]:
    return {"on": on.isoformat(), "starts at": f"{starts_at:%H:%M}", "place": place}

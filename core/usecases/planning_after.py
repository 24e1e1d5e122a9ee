"""After a planning meeting: its record put on file, copies sent, and the parents told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.dates import Calendar, day
from core.domain.due import Due
from core.domain.finding import Finding, Refused
from core.domain.meeting_due import of_meeting
from core.domain.planning_after import (
    IN_APP,
    OTHERWISE,
    CopyLine,
    Sent,
    copied_on,
    copy_lines,
    of_line,
)
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import (
    accounts,
    audit,
    courses,
    meetings,
    outbox,
    planning,
    planning_copies,
    planning_guests,
    responsible,
)
from core.store.database import writing
from core.store.outbox import Letter
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_booking import PlanningBody, body_of, held_row
from core.usecases.planning_child import as_recorded
from core.usecases.planning_people import NAME_MOST, GuestMoved

KIND = "planning copy"
NOT_HELD = "The meeting is not closed yet: its record is not whole"
FUTURE = "This day has not come yet"
TAKEN_BACK = "Say why it is not on file"
SUBJECT = "The record of a planning meeting is there for you to read"
BODY = "The record of a planning meeting is sent to you. It is here to read, and to download:"


@dataclass(frozen=True, slots=True)
class Copies:
    """One line of those who get the record: whom the child's record gives, and what was sent."""

    line: CopyLine
    people: Mapping[int, str]
    sent: tuple[Sent, ...]


def copies(scope: Scope, row: PlanningRow, meets: PlanningBody) -> tuple[Copies, ...]:
    """Everybody who gets the record of a meeting, with what was sent to them."""
    if not meets.body.copies:
        return ()
    dates = courses.dates_of(scope, [row.child_id]).get(row.child_id)
    child = as_recorded(dates, row) if dates is not None else None
    sent = planning_copies.of_meeting(scope, row.id)
    who = responsible.answering(scope, [row.child_id]).get(row.child_id)
    return tuple(
        Copies(line, who.of(line.whom) if who is not None else {}, of_line(sent, line))
        for line in copy_lines(meets.body, child)
    )


def due(
    row: PlanningRow, meets: PlanningBody, found: Collection[Copies], calendar: Calendar
) -> tuple[Due, ...]:
    """What is due of a meeting that was held, with when it was done."""
    lines = [one.line for one in found]
    sent = [copy for one in found for copy in one.sent]
    return of_meeting(
        meets.procedure,
        row.held_on,
        calendar,
        filed_on=row.filed_on,
        copied_on=copied_on(lines, sent),
    )


def put_on_file(scope: Scope, public_id: str, on: date | None, at: datetime) -> None:
    """Tick that the record of a meeting is on the child's file, since which day, and by whom."""
    with writing():
        row = held_to_follow(scope, public_id)
        if row.filed_on is not None:
            who = f" by {row.filed_by}" if row.filed_by else ""
            message = f"It is ticked already: on file since {day(row.filed_on)}{who}"
            raise Refused(Finding(message, field="filed"))
        on = said_after(scope, row, on, "filed", "the day on which it was put on file")
        meetings.change(scope, row.id, {"filed_on": on, "filed_by": scope.account_id})
        after = {"on file": on.isoformat()}
        audit.changed(scope, at, "file planning record", "meeting", public_id, after=after)


def take_off_file(scope: Scope, public_id: str, why: str, at: datetime) -> None:
    """Take the tick back, with the reason: the record is not on file."""
    with writing():
        row = held_to_follow(scope, public_id)
        if row.filed_on is None:
            raise Refused(Finding("It is not ticked", field="back"))
        why = reason_given(why, field="back", asked=TAKEN_BACK)
        meetings.change(scope, row.id, {"filed_on": None, "filed_by": None})
        before = {"on file": row.filed_on.isoformat(), "by": row.filed_by}
        did = "take back filing of planning record"
        audit.changed(scope, at, did, "meeting", public_id, before=before, after={}, why=why)


def send(
    scope: Scope, registry: Registry, public_id: str, code: str, who: str, at: datetime
) -> str:
    """Send the record to a colleague in the app; gives their name.

    The message names no child and holds the address of the meeting, which they must see.
    """
    field = f"who-{code}"
    with writing():
        row = held_to_follow(scope, public_id)
        one = _line(scope, registry, row, code, field)
        able = accounts.colleagues(scope, tuple(one.people))
        if not one.people or not any(colleague.public_id == who for colleague in able):
            able = accounts.colleagues(scope, roles=one.line.roles)
        account = next((colleague for colleague in able if colleague.public_id == who), None)
        if account is None:
            raise Refused(Finding("Choose to whom it is sent", field=field))
        before = [copy for copy in one.sent if copy.how == IN_APP and copy.account_id == account.id]
        if before:
            message = f"{account.name} was sent it in the app on {day(before[-1].sent_on)} already"
            raise Refused(Finding(message, field=field))
        theirs = accounts.scope_of(scope, account.id, scope.on)
        if planning.find(replace(theirs, moment=at), public_id) is None:
            message = f"{account.name} does not see this meeting: send it to them otherwise"
            raise Refused(Finding(message, field=field))
        key = f"planning copy {public_id} {code} {account.id} {len(one.sent)}"
        letter = Letter(
            key=key,
            kind=KIND,
            account_id=account.id,
            subject=SUBJECT,
            body=f"{BODY}\n\n/planning-meetings/{public_id}\n",
            meeting_id=row.id,
            case_id=row.case_id,
        )
        if not outbox.put(scope, [letter], at):
            raise Refused(Finding(f"{account.name} could not be sent it", field=field))
        _write(scope, row, one.line, account.id, account.name, IN_APP, scope.on, at)
    return account.name


def sent_otherwise(
    scope: Scope,
    registry: Registry,
    public_id: str,
    code: str,
    name: str,
    how: str,
    on: date | None,
    at: datetime,
) -> None:
    """Write down that the record was sent to somebody outside the app: how, and on which day."""
    with writing():
        row = held_to_follow(scope, public_id)
        one = _line(scope, registry, row, code, f"name-{code}")
        findings = []
        name = " ".join(name.split())
        if not name:
            findings.append(Finding("Enter to whom it was sent", field=f"name-{code}"))
        elif len(name) > NAME_MOST:
            findings.append(Finding(f"At most {NAME_MOST} characters", field=f"name-{code}"))
        if how not in OTHERWISE:
            findings.append(Finding("Choose how it was sent", field=f"how-{code}"))
        try:
            on = said_after(scope, row, on, f"on-{code}", "the day on which it was sent")
        except Refused as refusal:
            findings += refusal.findings
        if findings or on is None:
            raise Refused(*findings)
        _write(scope, row, one.line, None, name, how, on, at)


def tell(
    scope: Scope, public_id: str, guest: str, seen: int, on: date | None, at: datetime
) -> None:
    """Write down when somebody was told of the meeting after it, or take that back with no day."""
    with writing():
        row = held_to_follow(scope, public_id)
        every = planning_guests.of_meeting(scope, row.id)
        mine = next((one for one in every if one.public_id == guest), None)
        if mine is None:
            raise Refused(Finding("They are not on the list any more", field="told"))
        field = f"told-{guest}"
        if on is not None or mine.told_on is None:
            on = said_after(scope, row, on, field, "the day on which they were told")
        if mine.version != seen or not planning_guests.change(scope, mine, {"told_on": on}):
            raise GuestMoved(mine)
        after = {"guest": guest, "told on": on.isoformat() if on else ""}
        before = {"told on": mine.told_on.isoformat() if mine.told_on else ""}
        did = "tell of planning meeting"
        audit.changed(scope, at, did, "meeting", public_id, before=before, after=after)


def held_to_follow(scope: Scope, public_id: str) -> PlanningRow:
    """The meeting, held until the transaction ends; Refused while it is not closed."""
    row = held_row(scope, public_id)
    if not row.held:
        raise Refused(Finding(NOT_HELD))
    return row


def _line(scope: Scope, registry: Registry, row: PlanningRow, code: str, field: str) -> Copies:
    found = copies(scope, row, body_of(scope, registry, row))
    one = next((one for one in found if one.line.code == code), None)
    if one is None:
        raise Refused(Finding("Nobody of this kind gets this record", field=field))
    return one


def said_after(scope: Scope, row: PlanningRow, on: date | None, field: str, words: str) -> date:
    """A day on which something was done after the meeting; Refused for one that cannot be."""
    if on is None:
        raise Refused(Finding(f"Enter {words}", field=field))
    if on > scope.on:
        raise Refused(Finding(FUTURE, field=field))
    if on < row.held_on:
        message = f"The meeting was on {day(row.held_on)}: enter that day or a later one"
        raise Refused(Finding(message, field=field))
    return on


def _write(
    scope: Scope,
    row: PlanningRow,
    line: CopyLine,
    account_id: int | None,
    name: str,
    how: str,
    on: date,
    at: datetime,
) -> None:
    planning_copies.add(scope, row.id, line.code, account_id, name, how, on, at)
    after = {"to": line.code, "how": how, "on": on.isoformat(), "clauses": list(line.clauses)}
    audit.changed(scope, at, "send planning record", "meeting", row.public_id, after=after)

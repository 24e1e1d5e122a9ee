"""Cancelling a meeting: each of its cases goes somewhere, its theme goes to the next meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.domain.case import EDITABLE, CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.meeting import BookingState, MeetingState
from core.domain.preview import AGAIN
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.rotation import cancelled as rotation_without
from core.domain.what_changes import Kind, Says
from core.registry import Registry
from core.store import (
    agenda,
    audit,
    authorities,
    booked,
    cases,
    decisions,
    items,
    meeting_days,
    meetings,
    queues,
)
from core.store.booked import BookedCase
from core.store.database import writing
from core.store.meeting_days import ToCome
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import noticing
from core.usecases.changes import (
    CaseChange,
    Changes,
    ThemeChange,
    booked_on,
    case_changes,
    due_moved,
    hold,
    passing,
    to_change,
)
from core.usecases.rechecked import Cases, cases_of, findings_on
from core.usecases.who_sits import on_booking

ASKED = "Say why the meeting is cancelled"
WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Cancel:
    """Why a meeting is cancelled, and where its cases go.

    ``rule`` holds for all: "wait" for the next meeting, or the public id of another; ``each`` is
    what holds for one case in its place, by the case's public id.
    """

    why: str
    rule: str = WAIT
    each: Mapping[str, str] = field(default_factory=dict)

    def of(self, case: BookedCase) -> str:
        return self.each.get(case.case_public_id) or self.rule


@dataclass(frozen=True, slots=True)
class Goes:
    """Where a case goes: ``booked`` on the agenda of a meeting, else only asking for it.

    ``meeting`` is None where there is none to go to.
    """

    meeting: ToCome | None
    booked: bool
    words: str


def others(scope: Scope, meeting: MeetingRow) -> list[ToCome]:
    """The other meetings of its body to which a case can go, soonest first: one query."""
    found = meeting_days.to_come(scope, meeting.procedure_code, meeting.body_code)
    return [other for other in found if other.id != meeting.id]


def preview(scope: Scope, registry: Registry, public_id: str, cancel: Cancel) -> Changes:
    """What cancelling would change; ``faults`` are what stands against it.

    Raises NoMeeting and Refused as ``to_change``.
    """
    return _changes(scope, registry, to_change(scope, public_id), cancel)[0]


def cancel_meeting(
    scope: Scope, registry: Registry, public_id: str, cancel: Cancel, seen: str, at: datetime
) -> Changes:
    """Cancel a planned meeting and send each of its cases on.

    Refused with what stands against it; ``Moved`` where it would change something else now than
    what was ``seen`` (the mark of the preview).
    """
    with writing():
        authorities.lock(scope)
        to_come = others(scope, to_change(scope, public_id))
        meeting = hold(scope, public_id, *(other.id for other in to_come))
        changes, goes = _changes(scope, registry, meeting, cancel)
        if changes.faults:
            raise Refused(*changes.faults)
        if changes.mark != seen:
            raise Moved(changes, AGAIN)
        why = reason_as_kept(cancel.why)
        rows = cases_of(scope, meeting).rows
        queued = _queued_at(scope, meeting, rows, at)
        for row in rows:
            _send(scope, meeting, row, goes[_place(row)], queued.get(row.case_id), why, at)
        for change in changes.themes:
            meetings.change(scope, change.id, {"theme": change.after})
        values = {
            "state": MeetingState.CANCELLED,
            "cancelled_at": at,
            "cancelled_by": scope.account_id,
            "cancelled_why": why,
        }
        meetings.change(scope, meeting.id, values)
        booked.touch(scope, meeting.id)
        met = (meeting.id, *(other.id for other in to_come))
        noticing.follow(scope, registry, met, at)
        audit.changed(
            scope,
            at,
            "cancel meeting",
            "meeting",
            public_id,
            before={"state": meeting.state, "on": meeting.held_on.isoformat()},
            after={"state": MeetingState.CANCELLED, **changes.kept()},
            why=why,
        )
    return changes


def _changes(
    scope: Scope, registry: Registry, meeting: MeetingRow, cancel: Cancel
) -> tuple[Changes, dict[tuple[int, bool], Goes]]:
    """What would change, and where each case would go."""
    to_come, faults = others(scope, meeting), []
    if wrong := reason_fault(cancel.why, asked=ASKED):
        faults.append(wrong)
    public_ids = {other.public_id for other in to_come}
    if cancel.rule != WAIT and cancel.rule not in public_ids:
        faults.append(Finding("Choose where the cases go", field="rule"))
    found = cases_of(scope, meeting)
    goes = {_place(row): _goes(meeting, to_come, row, cancel.of(row)) for row in found.rows}
    before = findings_on(scope, registry, found, meeting.held_on)
    after = list(before)
    for target in {g.meeting.id: g.meeting for g in goes.values() if g.meeting}.values():
        there = [n for n, row in enumerate(found.rows) if goes[_place(row)].meeting == target]
        rows = tuple(_as_there(found.rows[n], goes[_place(found.rows[n])]) for n in there)
        sent = replace(found, rows=rows)
        now = findings_on(scope, registry, sent, target.held_on, target.cases)
        for n, item in zip(there, now, strict=True):
            after[n] = replace(item, booking_id=found.rows[n].booking_id)
    words = {row.case_id: goes[_place(row)].words for row in found.rows}
    days = {meeting.held_on, *(g.meeting.held_on for g in goes.values() if g.meeting)}
    booked = [row for row in found.rows if goes[_place(row)].booked and row.item == agenda.CASES]
    more = _due_there(scope, registry, found, goes)
    for row in booked:
        sits = _who_sits(scope, registry, row, goes[_place(row)].meeting)
        more[row.case_id] = (*sits, *more[row.case_id])
    changed = case_changes(found, before, after, words, more, *sorted(days))
    faults += [fault for change in changed for fault in _against(change, goes)]
    themes, left = _themes(meeting, to_come)
    return Changes(meeting, booked_on(themes), changed, themes, left, tuple(faults)), goes


def _place(row: BookedCase) -> tuple[int, bool]:
    """A case on the agenda, and the same one that asks for the meeting, are two."""
    return row.case_id, row.booking_id is not None


def _goes(meeting: MeetingRow, to_come: list[ToCome], row: BookedCase, rule: str) -> Goes:
    """Where one case goes by a rule; what was sent back for review is booked wherever it goes."""
    chosen = next((other for other in to_come if other.public_id == rule), None)
    returns = row.booking_id is not None and row.item != agenda.CASES
    after = next((other for other in to_come if other.held_on > meeting.held_on), None)
    target = chosen or after
    if target is None:
        if row.state in EDITABLE:
            return Goes(None, False, "Asks for no meeting: its referrer chooses another")
        if returns:
            return Goes(None, False, "Has no meeting to return to")
        waits = "the chair" if row.state == CaseState.SUBMITTED else "a place"
        return Goes(None, False, f"Waits for {waits}: no later meeting is made")
    on = f"{target.held_on:%A} {day(target.held_on)}"
    if returns:
        return Goes(target, True, f"Returns on {on}")
    if row.booking_id is not None and chosen is not None:
        return Goes(target, True, f"On the agenda of {on}")
    if row.state in EDITABLE:
        return Goes(target, False, f"Not in yet: asks for {on}")
    waits = "the chair" if row.state == CaseState.SUBMITTED else "a place"
    return Goes(target, False, f"Waits for {waits} at the meeting of {on}")


def _as_there(row: BookedCase, goes: Goes) -> BookedCase:
    """A case as the rules of the other meeting see it."""
    return row if goes.booked else replace(row, booking_id=None)


def _against(change: CaseChange, goes: Mapping[tuple[int, bool], Goes]) -> list[Finding]:
    """What stands against sending a case there: no room, or nowhere to return to."""
    item = change.item
    where = goes[item.case_id, item.booking_id is not None]
    at = f"case-{change.public_id}" if item.seen else "rule"
    if where.meeting is None and item.booking_id is not None and item.item != agenda.CASES:
        message = "A case returns to this meeting, and no later one is made: make a date first"
        return [Finding(message, field=at)]
    if not where.booked or item.item != agenda.CASES:
        return []
    return [
        Finding(f"{item.names or 'A case'}: {says.message}", says.code, says.clauses, field=at)
        for says in change.says
        if says.blocks
    ]


def _due_there(
    scope: Scope, registry: Registry, found: Cases, goes: Mapping[tuple[int, bool], Goes]
) -> dict[int, tuple[Says, ...]]:
    """By case: when what is not in yet is due now, and what passes before it is heard there."""
    to = {row.case_id: goes[_place(row)].meeting for row in found.rows}
    days = {case_id: meeting.held_on if meeting else None for case_id, meeting in to.items()}
    not_in = {on: due_moved(scope, registry, found, on)[1] for on in set(days.values()) if on}
    passes = passing(scope, registry, found, days)
    return {
        case_id: (*(not_in[on].get(case_id, ()) if on else ()), *passes[case_id])
        for case_id, on in days.items()
    }


def _who_sits(
    scope: Scope, registry: Registry, row: BookedCase, target: ToCome | None
) -> tuple[Says, ...]:
    """Who may not sit at the other meeting once the case is on its agenda."""
    found = on_booking(scope, registry, target.id if target else None, row.case_id)
    return tuple(Says(Kind.NEW, one.message, one.clauses, one.code) for one in found)


def _themes(meeting: MeetingRow, to_come: list[ToCome]) -> tuple[tuple[ThemeChange, ...], str]:
    """The themes of the later meetings, each moved on by one."""
    own = meeting_days.ToCome(
        meeting.id, meeting.public_id, meeting.held_on, meeting.starts_at, meeting.state,
        meeting.theme, meeting.circulated_at is not None, 0,
    )  # fmt: skip
    change = rotation_without([one.as_themed for one in (own, *to_come)], meeting.id)
    by_id = {other.id: other for other in to_come}
    return (
        tuple(
            ThemeChange(one.id, one.public_id, one.held_on, one.theme, theme, one.cases)
            for meeting_id, theme in change.themes
            if (one := by_id[meeting_id])
        ),
        change.left,
    )


def _queued_at(
    scope: Scope, meeting: MeetingRow, rows: Iterable[BookedCase], at: datetime
) -> dict[int, datetime]:
    """Since when the cases of the agenda wait: before the queue behind it, in their order on it."""
    presented = [row for row in rows if row.booking_id is not None and row.item == agenda.CASES]
    behind = queues.of_meetings(Scope.of_authority(scope.authority_id, scope.on), [meeting.id]).get(
        meeting.id, ()
    )
    first = min((one.queued_at for one in behind if one.queued_at), default=at)
    return {
        row.case_id: first - timedelta(seconds=len(presented) - n)
        for n, row in enumerate(presented)
    }


def _send(
    scope: Scope,
    meeting: MeetingRow,
    row: BookedCase,
    goes: Goes,
    queued_at: datetime | None,
    why: str,
    at: datetime,
) -> None:
    """Send one case on; what was booked stays on the cancelled agenda, off it, with the reason."""
    target = goes.meeting
    if row.booking_id is not None:
        gone = f"Cancelled: {goes.words}. {why}"[:400]
        if not items.settle(scope, row.booking_id, BookingState.TABLED, gone):
            raise Refused(Finding("A case was settled by somebody else just now: look again"))
    if goes.booked and target is not None:
        came = f"From the cancelled meeting of {day(meeting.held_on)}: {why}"[:400]
        items.book(scope, target.id, row.case_id, row.item, came, row.decision_id)
        if row.decision_id is not None:
            decisions.returns_to(scope, row.decision_id, target.id)
    if row.item == agenda.CASES:
        _ask_for(scope, row, goes, queued_at)
    audit.changed(
        scope,
        at,
        "meeting cancelled",
        "case",
        row.case_public_id,
        before={"on": meeting.held_on.isoformat(), "state": row.state},
        after={"goes": goes.words, "on": target.held_on.isoformat() if target else ""},
        why=why,
    )


def _ask_for(scope: Scope, row: BookedCase, goes: Goes, queued_at: datetime | None) -> None:
    """The referral is for the other meeting now; what the chair accepted waits for a place there.

    Without another meeting it stays with the cancelled one until there is one, or until the chair
    defers it.
    """
    whole = Scope.of_authority(scope.authority_id, scope.on)
    case = cases.case_by_public_id(whole, row.case_public_id, lock=True)
    if case is None:
        raise Refused(Finding("A case is no longer here: look again"))
    values: dict[str, object] = {}
    if goes.meeting is not None:
        values["meeting_id"] = goes.meeting.id
    elif row.state in EDITABLE:
        values["meeting_id"] = None
    if goes.booked:
        values |= {"state": CaseState.BOOKED, "queued_at": None}
    elif row.booking_id is not None:
        values |= {"state": CaseState.QUEUED, "queued_at": queued_at}
    if values and not cases.move(whole, case.id, case.version, **values):
        raise Refused(Finding("Somebody else changed a case first: look again"))

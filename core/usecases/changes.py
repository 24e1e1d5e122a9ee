"""What a change of a meeting changes, put together to be shown before it and kept after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.domain import booked as rules
from core.domain import posts as holding
from core.domain.case import EDITABLE
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.meeting import MeetingState, Presence, kept_out, sitting
from core.domain.preview import mark_of
from core.domain.procedure.bodies import Body
from core.domain.queue import Waiting, breaks
from core.domain.what_changes import Kind, Says, compared
from core.registry import Registry
from core.store import agenda, booked, deadlines, meetings, posts, seats
from core.store.calendars import calendar_of
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.rechecked import Cases, ItemFindings
from core.usecases.standing import NoMeeting


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case of which something changes: ``goes`` says where to, "" where it stays.

    ``names`` are those of all its children, whom the asker may not see: they stand in no audit.
    """

    item: ItemFindings
    public_id: str
    says: tuple[Says, ...]
    goes: str = ""
    names: tuple[str, ...] = ()

    @property
    def unnamed(self) -> tuple[Says, ...]:
        """What it says without the names of its children."""
        found = self.says
        for name in self.names:
            found = tuple(
                replace(says, message=says.message.replace(name, "One of the children"))
                for says in found
            )
        return found


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """A meeting whose theme changes, by the codes of the themes; ``cases`` are booked on it."""

    id: int
    public_id: str
    held_on: date
    before: str
    after: str
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a change of one meeting changes; nothing is left out of it.

    ``of_meeting`` is about the meeting itself: days, posts, who answered. ``left`` is a theme that
    has no meeting any more. ``faults`` are what stands against it, each at its field.
    """

    meeting: MeetingRow
    of_meeting: tuple[Says, ...] = ()
    cases: tuple[CaseChange, ...] = ()
    themes: tuple[ThemeChange, ...] = ()
    left: str = ""
    faults: tuple[Finding, ...] = ()

    @property
    def seen(self) -> tuple[CaseChange, ...]:
        """The changes of the cases that the asker sees."""
        return tuple(change for change in self.cases if change.item.seen)

    @property
    def hidden(self) -> int:
        """How many cases change that the asker does not see."""
        return len(self.cases) - len(self.seen)

    @property
    def mark(self) -> str:
        """Tells whether the same would be shown now."""
        meeting = self.meeting
        cases = [(c.public_id, c.goes, c.says) for c in self.cases]
        place = (meeting.held_on, meeting.starts_at, meeting.place, meeting.state, meeting.theme)
        return mark_of(place, self.of_meeting, cases, self.themes, self.left)

    def kept(self) -> dict[str, Any]:
        """As the audit keeps it, without anybody's name but those of who sits."""
        return {
            "checks": [_kept(says) for says in self.of_meeting],
            "themes": {t.held_on.isoformat(): f"{t.before} to {t.after}" for t in self.themes},
            "left": self.left,
            "cases": [
                {
                    "case": c.public_id,
                    "goes": c.goes,
                    "checks": [_kept(says) for says in c.unnamed],
                }
                for c in self.cases
            ],
        }


def _kept(says: Says) -> dict[str, str]:
    return {"is": str(says.kind), "says": says.message, "clauses": " ".join(says.clauses)}


def of_kept(kept: Mapping[str, Any]) -> Says:
    """One thing that changed, as the audit has kept it."""
    return Says(Kind(kept["is"]), kept["says"], tuple(kept["clauses"].split()))


def to_change(scope: Scope, public_id: str) -> MeetingRow:
    """A meeting that can still be moved, cancelled or given another theme.

    NoMeeting where the asker does not see it; Refused once it is open, over or cancelled.
    """
    meeting = meetings.find(scope, public_id)
    if meeting is None:
        raise NoMeeting
    words = {
        MeetingState.OPEN: "The meeting has begun",
        MeetingState.CLOSED: "The meeting is closed",
        MeetingState.CANCELLED: "The meeting is cancelled already",
    }
    if meeting.state in words:
        raise Refused(Finding(f"{words[MeetingState(meeting.state)]}: it stays as it is"))
    if meeting.held_on < scope.on:
        raise Refused(Finding(f"The meeting of {day(meeting.held_on)} is over: it stays as it is"))
    return meeting


def hold(scope: Scope, public_id: str, *others: int) -> MeetingRow:
    """Let nobody else change a meeting, its cases and ``others`` (ids) until the transaction ends.

    Cases are held before meetings, as everywhere; then the meeting is read again.
    """
    meeting = to_change(scope, public_id)
    booked.lock(scope, [row.case_id for row in booked.of_meeting(scope, meeting.id)])
    for meeting_id in sorted({meeting.id, *others}):
        meetings.lock(scope, meeting_id)
    return to_change(scope, public_id)


def case_changes(
    cases: Cases,
    before: Iterable[ItemFindings],
    after: Iterable[ItemFindings],
    goes: Mapping[int, str],
    more: Mapping[int, tuple[Says, ...]],
    *days: date,
) -> tuple[CaseChange, ...]:
    """The cases of which something changes; both findings are in the order of the cases."""
    found = []
    for row, then, now in zip(cases.rows, before, after, strict=True):
        said = compared(then.findings, now.findings, *days)
        says = (*more.get(row.case_id, ()), *said, *_needs_no_leave(then, now))
        where = goes.get(row.case_id, "")
        if says or where:
            names = _names(cases, row.case_id)
            found.append(CaseChange(now, row.case_public_id, says, where, names))
    return tuple(found)


def _needs_no_leave(then: ItemFindings, now: ItemFindings) -> tuple[Says, ...]:
    """What the chair had heard all the same, and what is found no more."""
    still = (*now.findings, *now.lifted)
    return tuple(one for one in compared(then.lifted, still) if one.kind is Kind.GONE)


def _names(cases: Cases, case_id: int) -> tuple[str, ...]:
    """Every name that a finding in a case may say, the longest first: one may hold another."""
    seen, known = cases.children.get(case_id, ()), cases.records.children.get(case_id, ())
    names = {child.name for child in seen} | {child.name for child in known}
    return tuple(sorted(filter(None, names), key=lambda name: (-len(name), name)))


def due_moved(
    scope: Scope, registry: Registry, cases: Cases, on: date
) -> tuple[tuple[Says, ...], dict[int, tuple[Says, ...]]]:
    """What is due of the meeting, where its day moves; and of each case that is not in yet."""
    meeting = cases.meeting
    rules_of = editions.of(scope, registry)
    calendar = calendar_of(scope, (meeting.held_on, on))
    due: list[dict[str, tuple[date, str, tuple[str, ...]]]] = []
    for when in (meeting.held_on, on):
        edition = rules_of.in_force(meeting.procedure_code, when)
        dated = rules.dated_by(edition, when, calendar) if edition else ()
        due.append({rule.code: (by, rule.title, rule.clauses) for rule, by in dated})
    of_meeting = []
    for code, (by, title, clauses) in due[1].items():
        was = due[0].get(code)
        if was is None or was[0] != by:
            words = f", and was by {day(was[0])}" if was else ""
            says = f"{title or code}: now by {day(by)}{words}"
            of_meeting.append(Says(Kind.MOVED, says, clauses, code))
    received = next((s for s in of_meeting if s.code in rules.PAPERS), None)
    not_in: dict[int, tuple[Says, ...]] = {
        row.case_id: (Says(Kind.MOVED, f"Not in yet. {received.message}", received.clauses),)
        for row in cases.rows
        if received is not None and row.state in EDITABLE
    }
    return tuple(of_meeting), not_in


def passing(
    scope: Scope, registry: Registry, cases: Cases, days: Mapping[int, date | None]
) -> dict[int, tuple[Says, ...]]:
    """By case, the deadlines of its children that pass before the day on which it is heard now.

    Those alone that a hearing by the body meets, and that the meeting as it was would have met.
    ``days`` are those days by case, None where there is none. Of a case that the asker sees not of
    children whom they do not see. One query.
    """
    meeting = cases.meeting
    whole = Scope.of_authority(scope.authority_id, scope.on)
    seen = {row.case_id: row.seen for row in cases.rows}
    children = {
        case_id: [
            child
            for child in cases.records.children.get(case_id, ())
            if not seen[case_id]
            or child.public_id in {one.public_id for one in cases.children.get(case_id, ())}
        ]
        for case_id in days
    }
    dues = deadlines.of_children(whole, registry, {c.id for row in children.values() for c in row})
    found = {}
    for case_id, on in days.items():
        until = "before the new meeting" if on else "unless a meeting is made in time"
        found[case_id] = tuple(
            Says(Kind.NEW, f"{one.who}: {one.title} passes {until}, {one.why}", one.clauses)
            for child in children[case_id]
            for one in breaks(
                child.name,
                (fact.what for fact in dues.get(child.id, ())),
                meeting.body_code,
                meeting.held_on,
                on,
                scope.on,
            )
            if one.kind is Waiting.WAITS
        )
    return found


def booked_on(themes: Iterable[ThemeChange]) -> tuple[Says, ...]:
    """That cases are booked on meetings whose theme changes."""
    return tuple(
        Says(
            Kind.NEW,
            f"{change.cases} {'case is' if change.cases == 1 else 'cases are'} booked for "
            f"{day(change.held_on)}: look whether they stay there",
        )
        for change in themes
        if change.cases
    )


def who_sits(scope: Scope, meeting: MeetingRow, body: Body, on: date) -> tuple[Says, ...]:
    """What is found in the holders of the posts on another day; whose answers were for this one."""
    held = [row.holding for row in posts.of_body(scope, meeting.procedure_code, meeting.body_code)]
    then, now = (
        (*holding.findings(body, held, when), *_kept_out(scope, meeting, body, when))
        for when in (meeting.held_on, on)
    )
    answered = [
        Says(Kind.MOVED, f"{who} {what} on {day(meeting.held_on)}: ask again")
        for seat in seats.seats(scope, meeting, body)
        for who, what in (
            (seat.away.name if seat.away else "", "cannot be there"),
            (seat.sitter.name if seat.sitter and seat.substitute else "", "stands in"),
        )
        if who and (seat.state is Presence.APOLOGIES or seat.substitute)
    ]
    return (*compared(then, now, meeting.held_on, on), *answered)


def _kept_out(scope: Scope, meeting: MeetingRow, body: Body, on: date) -> list[Finding]:
    """Who of those that would sit on a day may not, because of what stands on the agenda."""
    seated = seats.seats(scope, replace(meeting, held_on=on), body)
    there = sitting(body, seated, None, None, agenda.as_rules_see(scope, meeting.id))
    expected = (one for one in there.attendees if one.here or one.expected)
    return [finding for one in expected for finding in kept_out(body, there, one)]

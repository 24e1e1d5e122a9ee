"""What is to be told of meetings as they stand, by the notices of their procedures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.dates import Calendar, london_day
from core.domain.meeting import BookingState, MeetingState
from core.domain.notice_days import NoticeDay, notice_day
from core.domain.notice_plan import (
    Gone,
    KeptNotice,
    NoticePlan,
    Subject,
    WantedNotice,
    plan,
    subjects,
)
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.notices import Each, Notice, Told
from core.registry import Registry
from core.store import notice_sources, notices
from core.store.calendars import calendar_of
from core.store.notice_sources import CaseToTell, MeetingToTell
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.editions import Editions

#: For how long after a meeting what is told after it is still looked for.
AFTERWARDS = timedelta(days=60)
CANCELLED = "the meeting was cancelled"
WHY_GONE: Mapping[str, str] = {
    BookingState.WITHDRAWN: "the case was withdrawn from the agenda",
    BookingState.TABLED: "the case goes to another meeting",
    BookingState.HEARD: "the case was heard",
}
TOLD_TO = frozenset({BookingState.WITHDRAWN, BookingState.TABLED})


@dataclass(frozen=True, slots=True)
class Ruled:
    """A meeting with the procedure and body by which notices about it go, and its cases."""

    meeting: MeetingToTell
    procedure: Procedure
    body: Body
    cases: Sequence[CaseToTell]

    def case(self, booking_id: int | None, case_id: int | None) -> CaseToTell | None:
        """The booking, or the referral that asks for the meeting."""
        return next(
            (
                one
                for one in self.cases
                if (one.about.booking_id, one.about.case_id) == (booking_id, case_id)
            ),
            None,
        )

    @property
    def booked(self) -> int:
        return sum(one.state == BookingState.BOOKED for one in self.cases)


@dataclass(frozen=True, slots=True)
class Looked:
    """What notices say of meetings: the meetings with their rules, and what is to change."""

    ruled: Mapping[int, Ruled]
    kept: Sequence[KeptNotice]
    plan: NoticePlan
    calendar: Calendar

    @property
    def meetings(self) -> frozenset[int]:
        """The meetings of which something changes."""
        ids = {new.wanted.about.meeting_id for new in self.plan.new if new.wanted is not None}
        changed = {notice_id for notice_id, _ in self.plan.stopped}
        changed |= {notice_id for notice_id, *_ in self.plan.redated}
        changed |= set(self.plan.over)
        changed |= {new.follows for new in self.plan.new if new.follows is not None}
        keys = {row.key for row in self.kept if row.id in changed}
        return frozenset(ids | {meeting_of(key) for key in keys})


def meeting_of(key: str) -> int:
    """The meeting of a notice, by its key (``Subject.key``)."""
    return int(key.split("/")[2].removeprefix("m"))


def look(
    scope: Scope,
    registry: Registry,
    meeting_ids: Collection[int] | None = None,
    *,
    lock: bool = False,
) -> Looked:
    """What is to be told of these meetings, or of all that matter still: six queries."""
    since = scope.on - AFTERWARDS
    found = notice_sources.meetings(scope, since, meeting_ids, lock=lock)
    followed = editions.with_figures(scope, registry)
    cases = notice_sources.cases(scope, [one.id for one in found]) if found else {}
    ruled = {one.id: row for one in found if (row := _ruled(followed, one, cases.get(one.id, ())))}
    calendar = calendar_of(scope, (scope.on, *(one.held_on for one in found)))
    kept = notices.kept(scope, ruled) if ruled else []
    wanted = {want.key: want for one in ruled.values() for want in _wanted(one, calendar, scope.on)}
    gone = {
        row.key: why
        for row in kept
        if row.key not in wanted and (why := _gone(ruled, row, scope.on))
    }
    return Looked(ruled, kept, plan(wanted, kept, gone, scope.on), calendar)


def _ruled(followed: Editions, meeting: MeetingToTell, cases: Sequence[CaseToTell]) -> Ruled | None:
    """None where the procedure is not installed any more, and nothing can be told by it."""
    code, edition = meeting.procedure_code, meeting.procedure_edition
    procedure = followed.kept(code, edition, meeting.held_on)
    body = procedure.body(meeting.body_code) if procedure is not None else None
    if procedure is None or body is None:
        return None
    return Ruled(meeting, procedure, body, cases)


def day_of(one: Ruled, rule: Notice, calendar: Calendar) -> NoticeDay | None:
    """When a notice about a meeting goes, and why; None where it has no day yet."""
    meeting = one.meeting
    return notice_day(
        one.procedure,
        rule,
        meeting.held_on,
        calendar,
        circulated_at=meeting.circulated_at,
        ratified_at=meeting.ratified_at,
    )


def _wanted(one: Ruled, calendar: Calendar, on: date) -> Iterator[WantedNotice]:
    meeting = one.meeting
    if meeting.state == MeetingState.CANCELLED:
        return
    there = [case for case in one.cases if case.state == BookingState.BOOKED]
    there += [case for case in one.cases if case.about.booking_id is None]
    items = {case.about: case.item for case in there}
    for rule in one.procedure.notices:
        found = day_of(one, rule, calendar)
        if found is None or _gone_by(meeting, found.on, on):
            continue
        for about in subjects(rule.each, items, Subject(meeting.id)):
            if rule.each is Each.MEETING and not one.booked:
                continue
            if rule.not_for is not None and rule.not_for(_told(meeting, items.get(about, ""), on)):
                continue
            yield WantedNotice(
                about.key(one.procedure.code, rule.code),
                rule,
                one.procedure.code,
                one.procedure.edition,
                about,
                meeting.held_on,
                found.on,
                found.reason,
            )


def _gone_by(meeting: MeetingToTell, due: date, on: date) -> bool:
    """Whether a meeting is over for what was to be told up to its day, or what follows is old."""
    if due <= meeting.held_on:
        return meeting.held_on < on
    return due < on - AFTERWARDS


def _told(meeting: MeetingToTell, item: str, on: date) -> Told:
    circulated = meeting.circulated_at
    return Told(on, meeting.held_on, london_day(circulated) if circulated else None, item)


def _gone(ruled: Mapping[int, Ruled], row: KeptNotice, on: date) -> Gone | None:
    """Why a notice that is kept is not wanted any more; None where its rule says so itself."""
    one = ruled[meeting_of(row.key)]
    rule = one.procedure.notice(row.key.split("/")[1])
    ahead = one.meeting.held_on >= on
    if one.meeting.state == MeetingState.CANCELLED:
        return Gone(CANCELLED, tell=ahead)
    if not ahead and row.due <= row.held_on:
        return Gone("the meeting’s day has gone by", tell=False)
    if rule is None:
        return Gone("the procedure does not lay it down any more", tell=False)
    if rule.each is Each.CASE:
        case = next((c for c in one.cases if c.about.key(*_rule(row)) == row.key), None)
        if case is None:
            return Gone("the case is on the agenda anew", tell=False)
        if case.state in WHY_GONE:
            return Gone(WHY_GONE[BookingState(case.state)], tell=ahead and case.state in TOLD_TO)
    elif rule.each is Each.REFERRAL:
        return Gone("the referral was submitted, or asks for another meeting", tell=False)
    elif not one.booked and rule.not_for is None:
        return Gone("no case is on the agenda", tell=False)
    return Gone(rule.not_for_words or "it is not due any more", tell=False)


def _rule(row: KeptNotice) -> tuple[str, str]:
    procedure, rule, *_ = row.key.split("/")
    return procedure, rule

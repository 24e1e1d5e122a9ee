"""The notices of a case or a meeting, for its page: what, to whom, on which day, why, how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.notice_plan import NoticeKind, NoticeState
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.notices import to_words
from core.domain.sending import MessageState
from core.store import notices, outbox_read
from core.store.notice_people import People, Recipient
from core.store.notices import Copy, NoticeRow
from core.store.scope import Scope
from core.usecases.noticing import asked
from core.web import notices_late
from core.web.notices_late import Late

#: The state of a message in the outbox, in words about the notice.
MESSAGE_WORDS: Mapping[str, str] = {
    "waiting": "in the outbox, to go from",
    "sending": "being sent, from",
    "sent": "sent on",
    "failed": "not delivered on",
    "stopped": "stopped on",
}
STATES: Mapping[NoticeState, tuple[str, str]] = {
    NoticeState.TO_COME: ("To come", "blue"),
    NoticeState.SENT: ("Sent", "green"),
    NoticeState.NOBODY: ("Not sent", "red"),
    NoticeState.STOPPED: ("Not sent", "grey"),
}
COUNTED: Mapping[NoticeState, str] = {
    NoticeState.TO_COME: "to come",
    NoticeState.SENT: "in the outbox or sent",
    NoticeState.NOBODY: "not sent, as there was nobody to send to",
    NoticeState.STOPPED: "not sent any more",
}
KINDS: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: "",
    NoticeKind.MOVED: "moved",
    NoticeKind.CALLED_OFF: "called off",
}

AGAIN = "again, since the meeting moved"


@dataclass(frozen=True, slots=True)
class WentTo:
    """One to whom a notice went, or goes as it is now; ``words`` say how far it is, or why not."""

    name: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """A notice as a page shows it; ``late`` where it is after its day.

    ``at_once``: it tells anew what was told before the meeting moved, and its day had gone by then.
    """

    title: str
    kind: str
    state: str
    colour: str
    due: date
    reason: str
    clauses: tuple[str, ...]
    to: str
    went: tuple[WentTo, ...]
    now: bool
    why: str
    late: Late | None
    at_once: bool
    sent_at: datetime | None


def of_case(scope: Scope, procedure: Procedure, body: Body, case_id: int) -> list[NoticeShown]:
    """The notices of a case that the asker sees, soonest first; the queries do not grow."""
    return _shown(scope, procedure, body, notices.of_case(scope, case_id))


def of_meeting(
    scope: Scope, procedure: Procedure, body: Body, meeting_id: int
) -> tuple[list[NoticeShown], str]:
    """The notices of a meeting itself, and in words how those of its cases stand."""
    rows = notices.of_meeting(scope, meeting_id)
    own = [row for row in rows if row.case_id is None]
    count = Counter(row.state for row in rows if row.case_id is not None)
    said = ", ".join(f"{count[one]} {words}" for one, words in COUNTED.items() if count[one])
    return _shown(scope, procedure, body, own), said


def _shown(
    scope: Scope, procedure: Procedure, body: Body, rows: Iterable[NoticeRow]
) -> list[NoticeShown]:
    there = list(rows)
    if not there:
        return []
    copies = notices.copies(scope, [row.id for row in there])
    rules = {row.id: procedure.notice(row.rule) for row in there}
    coming = [
        (row, rule)
        for row in there
        if row.state is NoticeState.TO_COME
        and row.kind is NoticeKind.NOTICE
        and (rule := rules[row.id]) is not None
    ]
    asking = {
        row.id: asked(procedure.code, body, rule, row.case_id, row.booking_id)
        for row, rule in coming
    }
    people = People(scope, asking.values()) if asking else None
    shown = outbox_read.shown_only(scope, copies) if copies else {}
    moved = notices_late.moved_here(there)
    found = []
    for row in there:
        now: list[Recipient] = []
        if people is not None and row.id in asking:
            now = people.of(asking[row.id])
        mine, only = copies.get(row.id, []), shown.get(row.id, set())
        late = notices_late.late(row, mine, scope.on, row.id in moved, only)
        found.append(_one(row, mine, now, late, only))
    return found


def _how_far(one: Copy, shown: Collection[int | None]) -> str:
    if one.message == MessageState.SENT and one.account_id in shown:
        return "shown here on"
    return MESSAGE_WORDS.get(one.message, one.message) or f"{one.name}: not sent any more"


def _was_sent(one: Copy, shown: Collection[int | None]) -> bool:
    return one.message == MessageState.SENT and one.account_id not in shown


def _none_goes(copies: Sequence[Copy]) -> bool:
    """Whether all that was put into the outbox was stopped, and reached nobody."""
    queued = [one for one in copies if not one.why and one.message]
    return bool(queued) and all(
        one.message == MessageState.STOPPED and not one.went for one in queued
    )


def _one(
    row: NoticeRow,
    copies: Sequence[Copy],
    now: Iterable[Recipient],
    late: Late | None,
    shown: Collection[int | None],
) -> NoticeShown:
    went = tuple(
        WentTo(one.name, one.why or _how_far(one, shown), None if one.why else one.message_at)
        for one in copies
    )
    coming = tuple(WentTo(one.name, one.why) for one in now)
    words, colour = STATES[row.state]
    failed = any(one.message == "failed" for one in copies)
    waits = row.state is NoticeState.SENT and any(
        one.message in ("waiting", "sending") for one in copies
    )
    if failed:
        words, colour = "Not delivered", "red"
    elif waits:
        words, colour = "In the outbox", "blue"
    elif row.state is NoticeState.SENT and _none_goes(copies):
        words, colour = STATES[NoticeState.STOPPED]
    elif shown and not any(_was_sent(one, shown) for one in copies):
        words = "Shown here"
    return NoticeShown(
        row.title,
        AGAIN if notices_late.again(row) else KINDS[row.kind],
        words,
        colour,
        row.due,
        row.reason,
        row.clauses,
        to_words(row.to),
        went or coming,
        not went and bool(coming),
        row.why,
        late,
        notices_late.told_again_at_once(row),
        row.sent_at,
    )

"""Whether a notice goes, or went, after its day, and why as far as that is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day, london_day
from core.domain.notice_plan import NoticeKind, NoticeState
from core.domain.sending import MessageState
from core.store.notices import Copy, NoticeRow

OPEN = (MessageState.WAITING, MessageState.SENDING, MessageState.FAILED)


@dataclass(frozen=True, slots=True)
class Late:
    """A notice after its day: ``how`` says how far it is ("it went on"), ``at`` when, and why."""

    how: str
    at: datetime | None
    why: str


def again(row: NoticeRow) -> bool:
    """Whether it tells anew what was told before the meeting moved."""
    return row.kind is NoticeKind.NOTICE and row.follows_id is not None


def told_again_at_once(row: NoticeRow) -> bool:
    """Whether it tells anew, and its own day had gone by as the meeting moved: it is not late."""
    return again(row) and london_day(row.made_at) > row.due


def moved_here(rows: Iterable[NoticeRow]) -> set[int]:
    """Those of these notices of which the one before was for another day of their meeting."""
    by_key = {(row.key, row.number): row for row in rows}
    return {
        row.id
        for (key, number), row in by_key.items()
        if (before := by_key.get((key, number - 1))) and before.meeting_on != row.meeting_on
    }


def late(
    row: NoticeRow, copies: Sequence[Copy], on: date, moved: bool, shown: Collection[int | None]
) -> Late | None:
    """How late a notice is on a day; None where it is not, or goes no more.

    ``moved``: the one before was for another day. ``shown``: the accounts to which it is shown
    alone, of made-up data; of these it went as it was put into the outbox.
    """
    made = london_day(row.made_at)
    by = max(row.due, made) if told_again_at_once(row) else row.due
    causes = []
    if made > by:
        causes.append(_made(made, moved))
    if row.state is NoticeState.TO_COME:
        return Late("so it goes at once", None, "; ".join(causes)) if max(made, on) > by else None
    if row.state is not NoticeState.SENT or row.sent_at is None:
        return None
    taken = london_day(row.sent_at)
    if taken > max(by, made):
        causes.append(f"it was put into the outbox on {day(taken)} only")
    there = [one for one in copies if one.message and one.account_id not in shown]
    went = [one.message_at for one in there if one.message == MessageState.SENT and one.message_at]
    still = {one.message for one in there} & {*OPEN}
    last = max([row.sent_at, *went])
    if max(on if still else taken, london_day(last)) <= by:
        return None
    if london_day(last) > taken or (still - {MessageState.FAILED} and on > taken):
        causes.append("it waited for the mail server")
    why = "; ".join(causes)
    if MessageState.FAILED in still:
        return Late("and it did not reach everybody", None, why)
    if still:
        return Late("and it waits in the outbox", None, why)
    if there and not went:
        return None
    return Late("and it went on", last if went else row.sent_at, why)


def _made(made: date, moved: bool) -> str:
    if moved:
        return f"the meeting moved on {day(made)}, when that day had gone by"
    return f"it came up on {day(made)}, when that day had gone by"

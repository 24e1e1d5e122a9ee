"""What waits of notices that hold no longer: stopped, or said anew, and on the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core.store import audit, notice_messages
from core.store.notice_messages import NOT_SO, SAID_ANEW, Part
from core.store.scope import Scope


def stop_waiting(
    scope: Scope,
    meetings: Mapping[int, str],
    over: Collection[int],
    not_so: Mapping[int, str],
    at: datetime,
) -> None:
    """Stop what has not gone yet of what these meetings' notices told before.

    ``meetings`` are public ids by id; these notices are ``over``, the others were followed;
    ``not_so`` says of some why. A message of many cases goes without those of which it is not so
    any more.
    """
    by_why: dict[str, list[int]] = {}
    for notice_id, why in not_so.items():
        by_why.setdefault(f"Not sent: {why}", []).append(notice_id)
    for said, ids in [*by_why.items(), (NOT_SO, None)]:
        for meeting_id, names in notice_messages.stop(scope, meetings, over, said, at, ids).items():
            audited(scope, meetings[meeting_id], {"to": sorted(names)}, said, at)
    by_message: dict[int, list[Part]] = {}
    for part in notice_messages.parts(scope, meetings, over):
        by_message.setdefault(part.message_id, []).append(part)
    anew: dict[int, list[str]] = {}
    for message_id, some in by_message.items():
        first, paths = some[0], {f"/cases/{one.case}" for one in some}
        subject, body = _of_fewer(first.subject, first.body, paths)
        ids = [one.copy_id for one in some]
        if notice_messages.say_less(scope, message_id, ids, subject, body):
            anew.setdefault(first.meeting_id, []).append(first.to)
    for meeting_id, names in anew.items():
        audited(scope, meetings[meeting_id], {"to": sorted(names)}, SAID_ANEW, at)


def audited(
    scope: Scope, meeting: str, of: Mapping[str, list[str]], why: str, at: datetime
) -> None:
    """One row of the audit for a meeting and a reason: to whom it was, and how many they were."""
    after: dict[str, Any] = {**of, "count": sum(map(len, of.values()))}
    audit.changed(scope, at, "stop notices", "meeting", meeting, after=after, why=why)


def _of_fewer(subject: str, body: str, gone: Collection[str]) -> tuple[str, str]:
    """What is told of many cases at once, without those of these paths."""
    lines = body.splitlines()
    left = [line for line in lines if line not in gone]
    before = f"{sum(line.startswith('/') for line in lines)} cases"
    count = sum(line.startswith("/") for line in left)
    now = "1 case" if count == 1 else f"{count} cases"
    text = "\n".join(left).replace(f"This is so of {before}:", f"This is so of {now}:")
    return subject.replace(f"({before})", f"({now})"), f"{text}\n"

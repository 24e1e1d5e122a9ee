"""Which issue of the minutes a document is, and what was amended in it, in lines."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.dates import day, london_day
from core.store import minutes
from core.store.meetings import MeetingRow
from core.store.minutes import Amended
from core.store.scope import Scope


def issue(scope: Scope, meeting: MeetingRow) -> str:
    """Which issue it is, when and why it was issued, and what is in none yet; "" before any."""
    there = minutes.issues(scope, meeting.id)
    if not there:
        return ""
    last = there[-1]
    on = day(london_day(last.issued_at))
    said = f"Issue {last.number}, as ratified on {on}."
    if last.number > 1:
        said = f"Issue {last.number}, amended, of {on}. Reissued because: {last.why}"
    if minutes.waiting(scope, meeting.id):
        said += "\nWhat is marked as in no issue yet was amended since."
    return said


def amended(there: Iterable[Amended]) -> tuple[str, ...]:
    """Each amendment in one text: when, by whom, why, and what it says now."""
    return tuple(
        f"Amended on {day(london_day(one.made_at))} by {one.made_by or 'somebody'} because: "
        f"{one.why}{'' if one.issue else ' (in no issue yet)'}\n{one.after or '(nothing)'}"
        for one in there
    )

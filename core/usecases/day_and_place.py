"""What stands against a body's meeting on a day, and against a place, wherever they are typed."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.meeting import MeetingState
from core.registry import Registry
from core.store import meeting_days, place_names
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.calendar import Meets, follows

#: A later day is one that was typed wrong.
YEARS_AHEAD = 3
#: As long as the column that keeps it.
MOST_PLACE = 200
NAMES_A_CHILD = (
    "This place names a child: messages and calendars leave it out, and say that it stands on the "
    "page of the meeting"
)
REASON_NAMES_A_CHILD = "This reason names a child, and everybody who sees the meeting reads it"


def day_faults(scope: Scope, registry: Registry, meets: Meets, on: date) -> list[Finding]:
    """That the body meets on a day already, or that its procedure is not followed then, or later.

    A meeting that is cancelled takes no day.
    """
    taken = meeting_days.days_taken(scope, meets.procedure.code, meets.body.code, [on])
    if taken.get(on, MeetingState.CANCELLED) is not MeetingState.CANCELLED:
        title = meets.body.title or "body"
        return [Finding(f"The {title} meets on {day(on)} already", field="on")]
    latest = scope.on + relativedelta(years=YEARS_AHEAD)
    if on > latest:
        said = (
            f"A meeting can be planned {YEARS_AHEAD} years ahead: choose a day up to {day(latest)}"
        )
        return [Finding(said, field="on")]
    if not follows(editions.of(scope, registry), meets, on):
        return [Finding(f"{meets.procedure.title} is not followed on {day(on)}", field="on")]
    return []


def place_faults(place: str) -> list[Finding]:
    """That a place is longer than it is kept."""
    if len(place) <= MOST_PLACE:
        return []
    return [Finding(f"A place can be {MOST_PLACE} characters long", field="place")]


def left_out(scope: Scope, place: str, meeting_id: int = 0) -> str:
    """That messages leave a place out, where it names a child whom the asker sees; "" for no."""
    return NAMES_A_CHILD if place_names.seen_to_name_a_child(scope, place, meeting_id) else ""


def reason_read(scope: Scope, reason: str, meeting_id: int) -> str:
    """That many read a reason that names a child whom the asker sees; "" where it names none."""
    named = place_names.seen_to_name_a_child(scope, reason, meeting_id)
    return REASON_NAMES_A_CHILD if named else ""

"""What stands against a body's meeting on a day, and against a place, wherever they are typed."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.meeting import MeetingState
from core.registry import Registry
from core.store import meeting_days
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.calendar import Meets, follows

#: A later day is one that was typed wrong.
YEARS_AHEAD = 3
#: As long as the column that keeps it.
MOST_PLACE = 200


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

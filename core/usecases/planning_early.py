"""Pre-proceedings planning: meetings about a child who is neither looked after nor in court yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from core.domain.care import NO_EPISODES
from core.domain.courses import ChildDates
from core.domain.record.elsewhere import STATED_CARE
from core.domain.record.recorded import proceedings_on
from core.store import children, courses
from core.store.scope import Scope


def early(scope: Scope, child_public_id: str, days: Collection[date]) -> frozenset[date]:
    """Those of the days on which the child's planning is before care and proceedings.

    As far as is recorded: where the day on which care began is not known, none of them is.
    """
    child = children.child(scope, child_public_id)
    if child is None:
        return frozenset()
    since = child.became_looked_after
    if since is None and child.status not in ("", NO_EPISODES):
        return frozenset()
    if since is not None and not child.became_looked_after_known:
        return frozenset()
    before = [on for on in days if since is None or on < since]
    if not before:
        return frozenset()
    dates = courses.dates_of(scope, [child.id]).get(child.id, ChildDates())
    return frozenset(on for on in before if is_early(dates, on))


def is_early(dates: ChildDates, on: date) -> bool:
    """Whether neither care, of episodes or as a list states it, nor proceedings had begun."""
    stated = [one for one in dates.entries if one.kind == STATED_CARE.code and one.stands]
    begun = (one.day("started_on") or date.min for one in stated)
    cared = any(start <= on for start in (*(one.start for one in dates.periods), *begun))
    return not cared and proceedings_on(dates.entries, on) is None

"""What is watched of children's plans, worked out as their deadlines are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.domain.courses import ChildDates
from core.domain.procedure import Procedure
from core.domain.suggesting import (
    CHANGED,
    DRIFT,
    SLIPPED,
    Earlier,
    Figures,
    Planned,
    Suggestion,
    suggestions,
)
from core.domain.tracking import Track, planning_meetings, section_20, track
from core.store.deadlines_kept import OfChild


def figures_of(procedures: Iterable[Procedure]) -> Figures:
    """What the procedures that are followed ask about, the first of a code before the others."""
    listed = tuple(procedures)

    def watch(code: str) -> tuple[int, int] | None:
        found = (rule for one in listed if (rule := one.watch(code)) is not None)
        rule = next(found, None)
        return None if rule is None else (rule.days, rule.moves)

    slipped, drift = watch(SLIPPED), watch(DRIFT)
    return Figures(
        changed=watch(CHANGED) is not None,
        late=slipped[0] if slipped else None,
        moved=slipped[1] if slipped else None,
        quiet=drift[0] if drift else None,
        drift=drift is not None,
    )


def watched(
    child: ChildDates,
    found: Iterable[OfChild],
    earlier: Earlier,
    figures: Figures,
) -> tuple[Track, tuple[Suggestion, ...]]:
    """How the plan of a child stands, and what suggests a further meeting; free of today.

    Nothing is suggested of a child whose permanence is secured, or who is not looked after.
    """
    last = len(child.periods)
    dues = [one.due for course in found if course.spell == last for one in course.reckoned]
    stands = track(child, dues)
    if stands.secured_on is not None or stands.ceased_on is not None or not child.periods:
        return stands, ()
    by_agreement = section_20(child)
    since: date | None = None
    if by_agreement is not None and by_agreement.end is None:
        since = by_agreement.start
    before = child.periods[-2].end if last > 1 else None
    met = [on for on in planning_meetings(child) if before is None or on > before]
    return stands, suggestions(Planned(child.entries, met, earlier, since), figures)

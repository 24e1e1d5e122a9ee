"""Who may not sit at a meeting because of a case that is put on its agenda: asked on booking."""

from __future__ import annotations

from dataclasses import replace

from core.domain.dates import day
from core.domain.finding import Finding, Strength
from core.domain.meeting import kept_out
from core.registry import Registry
from core.store import agenda
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, standing


def on_booking(
    scope: Scope, registry: Registry, meeting_id: int | None, case_id: int
) -> tuple[Finding, ...]:
    """A warning for each person in a seat, or expected in one, who refers this case.

    They may not sit as members at that meeting, where its procedure says so: a substitute may.
    Nobody is warned of whom another case of the agenda keeps out already.
    """
    try:
        now = standing(scope, registry, meeting_id) if meeting_id is not None else None
    except NoMeeting:
        now = None
    if now is None:
        return ()
    before = now.attendance
    others = tuple(case for case in before.agenda if case.case != case_id)
    without = replace(before, agenda=others)
    after = replace(before, agenda=(*others, agenda.to_book(scope, case_id)))
    return tuple(
        Finding(
            f"{one.name} refers this case, and so may not sit as a member at the meeting of "
            f"{day(now.meeting.held_on)}: a substitute may take the seat",
            found.code,
            found.clauses,
            Strength.WARNS,
        )
        for one in before.attendees
        if one.here or one.expected
        for found in kept_out(now.body, after, one)
        if found not in kept_out(now.body, without, one)
    )

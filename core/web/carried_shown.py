"""The open actions that are carried to a meeting, as its page and its items say them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.domain.dates import day
from core.store import open_actions
from core.store.meetings import MeetingRow
from core.store.open_actions import Carried
from core.store.scope import Scope
from core.web import action_words


@dataclass(frozen=True, slots=True)
class CarriedShown:
    """An action carried to a meeting, and in words what made it."""

    action: Carried
    source: str


def of_cases(
    scope: Scope, meeting: MeetingRow | None, case_ids: Collection[int]
) -> Mapping[int, tuple[CarriedShown, ...]]:
    """What is carried to a meeting, by its cases; nothing where the meeting is not seen."""
    if meeting is None:
        return {}
    found = open_actions.of_cases(scope, meeting, case_ids)
    return {
        case_id: tuple(CarriedShown(one, _source(one)) for one in there)
        for case_id, there in found.items()
    }


def _source(one: Carried) -> str:
    if one.decided_on is None:
        return f"From a tracker{f' as at {day(one.as_at)}' if one.as_at else ''}"
    title = action_words.title(one.procedure_code, one.procedure_edition, one.body_code)
    return f"{title} of {day(one.decided_on)}"

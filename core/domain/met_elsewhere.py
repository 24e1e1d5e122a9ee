"""Meetings about one child that were held outside this system, as the record tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.record.elsewhere import EARLIER_MEETING
from core.domain.record.recorded import Recorded

PANEL = "panel"
TITLES = EARLIER_MEETING.by_code["meeting"].choices


@dataclass(frozen=True, slots=True)
class MetElsewhere:
    """A meeting held outside this system; ``title`` is what was held."""

    public_id: str
    on: date
    outcome: str
    title: str


def met_elsewhere(entries: Iterable[Recorded]) -> list[MetElsewhere]:
    """Those of which the day is known, the first held before the later ones; a panel is none."""
    found = [
        MetElsewhere(
            entry.public_id, on, entry.value("outcome"), TITLES.get(entry.value("meeting"), "")
        )
        for entry in entries
        if entry.kind == EARLIER_MEETING.code
        and entry.stands
        and entry.value("meeting") != PANEL
        and (on := entry.day("held_on"))
    ]
    return sorted(found, key=lambda one: one.on)

"""When the papers of a meeting are due, in words: so long before which day."""

from __future__ import annotations

from datetime import date

from core.domain.dates import day
from core.domain.procedure.timetable import Deadline


def papers_why(rule: Deadline | None, meeting_on: date | None) -> str:
    """ "3 working days before the panel on 3 December 2026"; what is missing where no day is."""
    if rule is None:
        return ""
    if meeting_on is None:
        return f"{rule.title}: {rule.missing or 'no date is chosen'}"
    return f"{rule.period} {rule.direction} {rule.anchor_words} on {day(meeting_on)}"

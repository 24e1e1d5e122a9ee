"""A case: one or more children brought to a body, from the referral to what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands on its way."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    QUEUED = "queued"
    BOOKED = "booked"
    HEARD = "heard"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({CaseState.DRAFT, CaseState.RETURNED})
WITH_THE_CHAIR = frozenset({CaseState.SUBMITTED, CaseState.QUEUED})
BEFORE_THE_AGENDA = EDITABLE | WITH_THE_CHAIR
"""Whoever made a referral can still take it back; from the agenda on it is the chair who does."""
UNDER_WAY = BEFORE_THE_AGENDA | {CaseState.BOOKED}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case on a day, as the checks see it. ``answers`` are by the name of the field."""

    state: CaseState
    criteria: tuple[str, ...] = ()
    meeting_on: date | None = None
    submitted_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

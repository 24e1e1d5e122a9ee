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
    BOOKED = "booked"
    HEARD = "heard"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({CaseState.DRAFT, CaseState.RETURNED})
UNDER_WAY = EDITABLE | {CaseState.SUBMITTED, CaseState.BOOKED}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case on a day, as the checks see it. ``answers`` are by the name of the field."""

    state: CaseState
    criteria: tuple[str, ...] = ()
    meeting_on: date | None = None
    submitted_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

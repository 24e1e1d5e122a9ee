"""Ratified minutes: which parts of them can be amended, and how an amendment is said."""

from __future__ import annotations

from enum import StrEnum

from core.domain.finding import Finding
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long


class Part(StrEnum):
    """A part of the minutes that can be amended: three of a decision, one of the meeting."""

    DISCUSSION = "discussion"
    AGREED = "agreed"
    RATIONALE = "rationale"
    BUSINESS = "business"


TITLES = {
    Part.DISCUSSION: "Discussion",
    Part.AGREED: "Further points agreed",
    Part.RATIONALE: "Rationale",
    Part.BUSINESS: "Other business",
}
OF_DECISION = (Part.DISCUSSION, Part.AGREED, Part.RATIONALE)


def amendment_findings(part: Part, now: str, text: str, why: str) -> tuple[Finding, ...]:
    """What is wrong with an amendment as it was typed: the text, and the reason for it."""
    found = []
    if not text.strip() and part is Part.RATIONALE:
        found.append(Finding("Enter the rationale", field="text"))
    elif text.strip() == now.strip():
        found.append(Finding("Change the text: it is as it was", field="text"))
    elif fault := too_long(text, LONG_TEXT_MOST):
        found.append(Finding(fault, field="text"))
    if not why.strip():
        found.append(Finding("Enter why it is amended", field="why"))
    elif fault := too_long(why, LONG_TEXT_MOST):
        found.append(Finding(fault, field="why"))
    return tuple(found)

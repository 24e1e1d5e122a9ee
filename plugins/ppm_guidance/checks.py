"""What has to be so before a step of the plan is kept as late (PPM2 3.6)."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.procedure.checks import EntryCheck


def _only_the_court(step: Mapping[str, str]) -> str | None:
    """Decisions are not delayed because of legal status."""
    if step.get("late_why") != "awaiting-court" or step.get("meanwhile", "").strip():
        return None
    return "“Awaiting court” is no reason by itself: say what is done meanwhile"


TWO_WEEK = (
    EntryCheck(
        code="late-step-reason",
        clauses=("PPM2-3.6",),
        title="A late step does not only await the court",
        kind="plan-step",
        why_not=_only_the_court,
        field="meanwhile",
    ),
)

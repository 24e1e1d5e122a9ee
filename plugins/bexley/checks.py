"""What has to be so before a Bexley referral goes on (1.5)."""

from __future__ import annotations

from core.domain.case import CaseFacts
from core.domain.procedure.checks import Check, Step


def _no_criterion(case: CaseFacts) -> str | None:
    """A referral names at least one circumstance of section 1.4 or 1.1.f."""
    if case.criteria:
        return None
    return "Choose at least one criterion under which the panel reviews a child"


CHECKS = (
    Check(
        code="criterion-named",
        clauses=("BEX-1.5",),
        title="A referral needs a criterion of section 1.4",
        step=Step.SUBMIT,
        why_not=_no_criterion,
        field="criteria",
    ),
)

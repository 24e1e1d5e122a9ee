"""Parenting and expert assessments as pages count them."""

from __future__ import annotations

from collections.abc import Iterable

from core.domain.plan_facts import counted
from core.domain.record.recorded import Recorded


def experts(entries: Iterable[Recorded]) -> list[str]:
    """Parenting and expert assessments, counted by parent, with why each further one was asked."""
    said = []
    for name, many, why in counted(entries):
        words = f"{many} {'assessment' if many == 1 else 'assessments'} of {name}"
        reasons = [f"another because: {one}" if one else "another without a reason" for one in why]
        said.append("; ".join((words, *reasons)))
    return said

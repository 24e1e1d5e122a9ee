"""Which anchors there are: those with a name of their own, and the days of the record."""

from __future__ import annotations

from core.domain.dated import ANCHORS
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.domain.record.kind import FactType


def is_anchor(name: str) -> bool:
    """Whether something dated can go by this name, so that a deadline can run from it.

    Of a meeting it does not say whether there is such a body.
    """
    if name in ANCHORS:
        return True
    kind, _, what = name.partition(".")
    if kind in ("meeting", "booked"):
        return bool(what)
    if kind == "assessment" and what in ASSESSMENTS:
        return True
    field = KINDS[kind].field(what) if kind in KINDS else None
    return field is not None and field.type is FactType.DAY

"""The body to which the two-week standard books a child after a planning meeting (2.7)."""

from __future__ import annotations

from core.domain.procedure.forums import Forum

TWO_WEEK = (
    Forum(
        code="agency-decision-maker",
        clauses=("PPM2-2.7",),
        title="Agency Decision Maker",
    ),
)

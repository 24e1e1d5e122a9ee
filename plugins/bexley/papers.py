"""Appendix A, Part B: the document on which Bexley's panel records its decision."""

from __future__ import annotations

from core.domain.procedure.papers import DecisionPaper

PART_B = DecisionPaper(
    code="decision-record",
    clauses=("BEX-A.B", "BEX-A.B.1"),
    title="Permanence Panel Recommendations and Decisions",
    part="Part B – To be completed by panel chair",
    child="Name of Child/ren",
    worker="Name of Worker",
    team="Team",
    agreed="The panel agreed that:",
    return_by="Return to panel by:",
    rationale="What is the rationale for the recommendations and decisions made:",
    chair="Name of Chair",
    signature="Signature",
    date="Date",
)

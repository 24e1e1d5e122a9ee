"""Somerset's own words: the documents with which its guidance is read (1.2)."""

from __future__ import annotations

from core.domain.procedure import Statement

STATEMENTS = (
    Statement(
        code="read-with",
        clauses=("SOM-1.2",),
        title="The documents with which this guidance is read",
        text=(
            "Permanence Planning Guidance",
            "Care and Supervision Proceedings and the Public Law Outline",
            "Legal Tracking Meetings and the Area and County Gateway Panel procedure",
            "Looked After Reviews",
            "Practice Framework Document (Permanence Pathway)",
        ),
    ),
)

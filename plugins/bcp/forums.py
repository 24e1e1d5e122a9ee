"""The bodies beside its panel to which a child is referred (1.5), and what one of them needs."""

from __future__ import annotations

from core.domain.procedure.forums import Forum

FORUMS = (
    Forum(
        code="accommodation-pathway-panel",
        clauses=("BCP-1.5",),
        title="Accommodation Pathway Panel (over 17)",
    ),
    Forum(
        code="legal-gateway-meeting",
        clauses=("BCP-1.5", "BCP-6.1"),
        title="Legal Gateway Meeting",
        needs="a clear recommendation",
        needs_clauses=("BCP-6.1",),
    ),
    Forum(
        code="placement-and-resource-panel",
        clauses=("BCP-1.5",),
        title="Placement and Resource Panel",
    ),
)

"""The bodies beside its panel to which Somerset refers a child (1.2, 3.9)."""

from __future__ import annotations

from core.domain.procedure.forums import Forum

FORUMS = (
    Forum(
        code="legal-tracking-meeting",
        clauses=("SOM-1.2",),
        title="Legal Tracking Meeting",
    ),
    Forum(code="area-gateway-panel", clauses=("SOM-1.2",), title="Area Gateway Panel"),
    Forum(code="county-gateway-panel", clauses=("SOM-1.2",), title="County Gateway Panel"),
    Forum(code="complex-cases-panel", clauses=("SOM-3.9",), title="Complex Cases Panel"),
)

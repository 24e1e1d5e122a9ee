"""The bodies beside its panel to which Bexley refers a child (1.22, 1.23)."""

from __future__ import annotations

from core.domain.procedure.forums import Forum

FORUMS = (
    Forum(
        code="case-management-review",
        clauses=("BEX-1.22",),
        title="Case Management Review (CMR)",
    ),
    Forum(
        code="agency-decision-maker",
        clauses=("BEX-1.23.b",),
        title="Agency Decision Maker",
    ),
    Forum(code="adoption-team", clauses=("BEX-1.23.c",), title="adoption team"),
    Forum(code="legal-planning-meeting", clauses=("BEX-1.23.d",), title="legal planning meeting"),
    Forum(code="resource-panel", clauses=("BEX-1.23.e",), title="Resource and Care panel"),
)

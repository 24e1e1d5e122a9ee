"""The papers that a procedure lays down: the document on which a child's decision is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class DecisionPaper(Rule):
    """The decision's document, one a child, in the procedure's own headings.

    Under ``agreed`` stand, numbered, the outcomes for which there is no tick box and the further
    points; the procedure's boxes follow, then the return date, the rationale and the signature.
    ``part`` is what is printed above the title.
    """

    part: str = ""
    child: str = "Name of child"
    worker: str = "Name of worker"
    team: str = "Team"
    agreed: str = "It was agreed that:"
    return_by: str = "Returns by:"
    rationale: str = "Rationale"
    chair: str = "Name of chair"
    signature: str = "Signature"
    date: str = "Date"

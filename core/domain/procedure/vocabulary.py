"""The shared vocabulary of rule codes: the same thing has the same code in every procedure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.procedure.rule import Rule

CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Body": {
            "permanence-panel": "A panel that considers children's plans for permanence",
            "permanence-planning-meeting": "A permanence planning meeting (PPM)",
        },
        "Post": {
            "chair": "The chair",
            "vice-chair": "Chairs where the chair cannot",
            "adoption": "A manager for adoption",
            "fostering": "A manager for fostering",
            "placements": "A manager for placements",
            "independent-reviewing": "A manager of the independent reviewing service",
            "looked-after-children": "A manager for looked after children",
            "signs-of-safety": "A Signs of Safety champion practitioner",
            "legal": "A legal representative",
            "social-work": "A social worker",
            "administration": "Administrative support",
            "case-supervisor": "The case supervisor",
            "finance": "A manager for children's finance",
            "foster-carers": "A representative of foster carers",
            "family-finding": "A family finding social worker",
            "leaving-care": "A manager for leaving care",
            "operations-managers": "All other operations managers",
            "pathway-coordinator": "The coordinator of young people's pathway to independence",
            "service-manager": "A service manager for children looked after",
            "social-worker": "The child's social worker",
            "team-manager": "The team manager",
            "virtual-school": "The head of the virtual school",
        },
        "Invited": {
            "adoption": "Somebody from adoption",
            "by-the-chair": "Whom the chair invites",
            "child-in-care": "Somebody from the child in care team",
            "family-finding": "The family finding social worker",
            "family-connections": "Somebody from the service that finds family and friends",
            "foster-carers": "The child's foster carers",
            "fostering": "Somebody from fostering",
            "kinship": "Somebody from kinship",
            "parents": "The child's parents",
            "reviewing-officer": "The child's reviewing officer",
            "service-manager": "The service manager responsible for the child",
            "social-worker": "The child's social worker",
            "solicitor": "The authority's solicitor",
            "team-manager": "The manager of the child's team",
        },
        "Office": {
            "deputy-director": "Deputy Director",
            "head-of-service": "A head of service of children's social care",
            "strategic-manager": "A strategic manager",
        },
        "Schedule": {"panel-days": "The days on which a body meets"},
        "AgendaItem": {
            "purpose": "The purpose of the meeting",
            "statement": "A statement read at the start",
            "introductions": "Introductions",
            "previous": "What was decided before, and what came of it",
            "cases": "The presentation of cases",
            "review": "The decisions of this meeting, gone through again",
            "other-business": "Any other business",
            "next-date": "The next date",
        },
        "CaseTiming": {"case-timing": "The minutes that one case may take"},
        "MostCases": {"most-cases": "The most cases presented at one meeting"},
        "Quorum": {"quorum": "How many must be there"},
        "MostMembers": {"most-members": "How many may sit"},
        "ChairedBy": {"chaired-by": "Who may chair, and what happens without them"},
        "InternalOnly": {"internal-only": "Nobody from outside the authority is a member"},
        "SameGradeSubstitute": {"same-grade": "A substitute has the grade of the member"},
        "Criterion": {
            "legal-planning": "Proceedings begun, and adoption a possible outcome",
            "newly-looked-after": "After the first permanence planning meeting",
            "drift": "Drift in decisions or planning, as a reviewing officer sees it",
            "new-arrangements": "Recently begun or changed living arrangements",
            "breakdown": "A placement likely to break down",
            "proceedings": "In care proceedings",
            "senior-manager": "A senior manager asks for a review",
            "resource-panel": "Referred by the panel for resources",
            "reunification": "Reunification is considered",
            "poor-planning": "Planning has been poor",
            "options-not-explored": "Permanence options are not robustly explored",
        },
        "Outcome": {
            "care-planning-review": "A care planning review meeting with the family",
            "refer-agency-decision-maker": "Refer to the agency decision maker",
            "refer-family-finding": "Refer to the adoption team for family finding",
            "refer-legal-planning": "Refer to a legal planning meeting",
            "refer-resource-panel": "Refer to the panel for resources",
            "together-apart-assessment": "A together or apart assessment of siblings",
            "work-with-family": "More work with the family towards a return home",
            "refer-mother": "Refer the child's mother to a programme",
            "amend-care-plan": "Amend the care plan",
            "continue-care-plan": "Continue the current care plan",
            "endorse-reunification": "Endorse the plan of reunification",
        },
        "Box": {
            "box-care-plan-review": "Care plan review meeting",
            "box-adoption": "Agency decision maker and adoption",
            "box-legal-planning": "Legal planning meeting",
            "box-amend-care-plan": "Amend care plan",
            "box-resource-panel": "Resource panel",
            "box-continue-care-plan": "Continue current care plan",
            "box-reunification": "Endorse reunification plan home",
            "box-mother": "Programme for the mother",
        },
        "DecisionRule": {"recommends": "The body recommends, and decides only on given grounds"},
        "Ground": {
            "significant-harm": "Safeguarding from significant harm",
            "drift-and-delay": "Drift and delay",
        },
        "ReturnRule": {"return-by": "A date by which the case returns"},
        "Deadline": {"referral-received": "The referral reaches the administrator"},
        "Check": {
            "criterion-named": "A referral names a criterion",
            "children-named": "A referral names its children",
        },
        "Form": {"referral": "The referral to a panel"},
        "Section": {
            "about": "Who refers, and when",
            "criteria": "Under which criterion",
            "family": "Family members",
            "network": "The family's support network",
            "family-work": "Work with the family",
            "sought": "What is sought",
        },
        "DecisionPaper": {"decision-record": "The document on which a decision is recorded"},
        "Statement": {
            "principles": "The corporate parenting principles",
            "conduct": "The statement of conduct and confidentiality",
        },
    }
)


def in_vocabulary(rule: Rule, procedure: str) -> bool:
    """Whether a rule's code is shared, or the procedure's own: ``bex-…`` in procedure BEX."""
    kind = next((c.__name__ for c in type(rule).__mro__ if c.__name__ in CODES), "")
    return rule.code in CODES.get(kind, {}) or rule.code.startswith(f"{procedure.lower()}-")

"""Bexley's own words: its scope, its statement, the seven principles, and what it calls things."""

from __future__ import annotations

from types import MappingProxyType

from core.domain.procedure import Statement
from core.domain.procedure.words import Words

CONDUCT = Statement(
    code="conduct",
    clauses=("BEX-1.16",),
    title="Statement of conduct and confidentiality",
    text=(
        "The panel will proceed in a respectful manner. This means language or actions that are "
        "offensive or discriminatory are not tolerated. Please turn your phones to silent and "
        "excuse yourself if you need to take an urgent call. The panel and its chair aim for the "
        "meeting to provide constructive feedback and considered recommendations. Information "
        "shared is confidential and is not to be discussed outside this meeting without proper "
        "consent or purpose to do so. Panel reports must be confidentially shredded and minutes "
        "from the meeting securely stored in accordance with the Data Protection Act.",
    ),
)

PRINCIPLES = Statement(
    code="principles",
    clauses=("BEX-0.3", "BEX-1.1.a"),
    title="The seven Corporate Parenting principles of the Children and Social Work Act 2017",
    text=(
        "To act in the best interests, and promote the physical and mental health and well being, "
        "of children and young people",
        "To encourage children and young people to express their views, wishes, and feelings",
        "To take into account the views, wishes and feelings of children and young people",
        "To help children and young people gain access to, and make the best use of, services "
        "provided by the local authority and its relevant partners",
        "To promote high aspirations, and seek to secure the best outcomes, for those children "
        "and young people",
        "For those children and young people to be safe, and for stability in their home lives, "
        "relationships, and education or work",
        "To prepare children and young people for adulthood and independent living",
    ),
)

SCOPE = Statement(
    code="scope",
    clauses=("BEX-0.5",),
    title="What the protocol covers",
    text=(
        "The protocol covers permanence sought away from birth family or friends and how decisions "
        "on it are made; it is read with Tri-x sections 4 (Looked After Children) and 5 (Fostering "
        "and Adoption).",
    ),
)

STATEMENTS = (SCOPE, CONDUCT, PRINCIPLES)

WORDS = Words(renamed=MappingProxyType({"case system": "Liquid Logic"}))

"""People connected to the child who might care for them: who was identified, who ruled out, and
that nobody could be identified."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

HOW = {
    "family-meeting": "At a family network meeting",
    "parents": "Named by the parents",
    "child": "Named by the child",
    "family": "Named by somebody else of the family",
    "came-forward": "Came forward themselves",
    "worker": "Found by the worker",
    "court": "Named in the proceedings",
}

ASSESSED = {
    "not-begun": "Not begun",
    "viability": "Viability assessment under way",
    "viability-positive": "Viability assessment positive",
    "full": "Full assessment under way",
    "full-positive": "Full assessment positive",
    "negative": "Assessment negative",
    "withdrew": "They withdrew",
}

CONNECTED_PERSON = Kind(
    code="connected-person",
    title="Connected persons",
    one="a connected person",
    order="identified_on",
    words="Connected person care may be an option until everybody identified is ruled out, with "
    "the day and the reason.",
    key=("name",),
    apart=("relation",),
    fields=(
        FactField(code="name", label="Name", required=True, main=True),
        FactField(code="relation", label="Who they are to the child", required=True, main=True),
        FactField(code="identified_on", label="Identified on", type=FactType.DAY, required=True,
                  main=True, before_birth=PREGNANCY),
        FactField(code="how", label="How they were identified", type=FactType.CHOICE, choices=HOW),
        FactField(code="assessment", label="Assessment", type=FactType.CHOICE, choices=ASSESSED,
                  main=True),
        FactField(code="ruled_out_on", label="Ruled out on", type=FactType.DAY, main=True,
                  before_birth=PREGNANCY),
        FactField(code="ruled_out_why", label="Why they are ruled out", type=FactType.LONG_TEXT,
                  main=True),
    ),
)  # fmt: skip

NOBODY_IDENTIFIED = Kind(
    code="nobody-identified",
    title="Searches that found no connected person",
    one="a search that found no connected person",
    order="looked_on",
    words="From that day connected person care is not an option, until somebody is identified who "
    "is not ruled out.",
    key=("looked_on",),
    fields=(
        FactField(code="looked_on", label="Nobody could be identified on", type=FactType.DAY,
                  required=True, main=True, before_birth=PREGNANCY),
        FactField(code="how", label="How it was looked for", type=FactType.LONG_TEXT,
                  required=True, main=True),
    ),
)  # fmt: skip

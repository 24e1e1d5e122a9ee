"""What of Somerset's guidance is still to be built, clause by clause."""

from __future__ import annotations

from types import MappingProxyType

PENDING = MappingProxyType(
    {
        "SOM-1.1": "children looked after without a plan, with the days since",
        "SOM-2": "the three parts of a plan, the legal one of five, and the care plan",
        "SOM-2.1": "the contributions to a plan, and the flag where one is missing",
        "SOM-3.0": "the purpose on the agenda, and what each item shows of the child",
        "SOM-3.1": "the tracking list from the second review, and who is asked to attend",
        "SOM-3.1.a": "the tracking questions",
        "SOM-3.1.b": "the tracking questions",
        "SOM-3.1.c": "the tracking questions",
        "SOM-3.1.d": "the tracking questions",
        "SOM-3.1.e": "the tracking questions",
        "SOM-3.1.f": "the tracking questions",
        "SOM-3.1.g": "the tracking questions",
        "SOM-3.1.h": "the tracking questions",
        "SOM-3.2": "the case type of a placement move",
        "SOM-3.3": "the case type of a match",
        "SOM-3.4": "the case type of Staying Put",
        "SOM-3.5": "the case type of special guardianship, before the final court date",
        "SOM-3.6": "the case type of a connected person’s temporary approval",
        "SOM-3.7.a": "the adoption review list: no match",
        "SOM-3.7.b": "the adoption review list: no application",
        "SOM-3.8": "children placed with parents, every quarter",
        "SOM-3.9": "the referral onward to the Complex Cases Panel",
        "SOM-4.a": "the outcomes",
        "SOM-4.b": "the outcomes",
        "SOM-4.c": "the outcomes",
        "SOM-4.d": "the outcomes",
        "SOM-4.e": "the outcomes",
        "SOM-5": "the decision outside panel by a holder of one of the two offices, which can be "
        "filled, and its way to the next panel",
        "SOM-6": "updates on gateway decisions",
        "SOM-7.1": "what came late",
        "SOM-7.2": "the checklist of papers",
        "SOM-7.3": "the checklist of papers",
        "SOM-7.4": "the checklist of papers",
        "SOM-7.5": "the checklist of papers",
        "SOM-7.6": "the checklist of papers",
        "SOM-7.7": "the carers’ approval before a match is put on an agenda",
        "SOM-7.8": "a case of its own to book, whose notice then goes",
        "SOM-7.9": "the mode of attendance",
        "SOM-8.3": "the grade of a substitute who has no account",
        "SOM-8.4": "the invitation of the child’s social worker and team manager from the case",
        "SOM-10.1": "no closing without a written summary and each decision’s rationale",
        "SOM-10.2": "the notes themselves: the day by which the chair ratifies them is shown",
        "SOM-10.3": "the extract for each child, and the ticks for filing",
    }
)

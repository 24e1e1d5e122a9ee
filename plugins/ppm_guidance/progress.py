"""What of the two standards is still to be built, clause by clause."""

from __future__ import annotations

from types import MappingProxyType

TWO_WEEK = MappingProxyType(
    {
        "PPM2-1": "the start of planning and what began it, and the review list of the two posts",
        "PPM2-2.2": "a meeting for a child who is not looked after yet",
        "PPM2-2.3": "the approval at a meeting, before the second review agrees the plan",
        "PPM2-2.4": "the tracking list of the chair or team manager, and tracking outside meetings",
        "PPM2-2.5": "a further meeting suggested where the plan changes or drifts",
        "PPM2-2.7": "no booking for the agency decision maker without a meeting before",
        "PPM2-2.8": "why the child is not placed, and the meeting where adoption may not be viable",
        "PPM2-3.2": "no agreed return home without the assessment and the checks",
        "PPM2-3.3": "the Assistant Director’s approval at 16 and 17",
        "PPM2-3.4": "the four parts of a return home",
        "PPM2-3.5": "escalation in two stages",
        "PPM2-3.6": "a late step that only awaits the court",
        "PPM2-3.7": "assessments counted, and the reason for a second one",
        "PPM2-3.8": "children under section 20, and their late dates before the chair",
        "PPM2-4.1": "adoption notified and invited from the plan",
        "PPM2-4.2": "the prospect of reunification after the first review",
        "PPM2-5.1": "who attends, filled from the child, and the flag where fostering is absent",
        "PPM2-5.2": "the invitation by age and plan",
        "PPM2-5.3": "the invitations, and the notice recorded",
        "PPM2-5.4": "views before the chair, and the flag where there are none",
        "PPM2-5.5": "the solicitor’s invitation, and the mode of advice",
        "PPM2-6.1": "the checklist of documents",
        "PPM2-6.2": "copies within 5 working days, and to whom",
        "PPM2-7": "slipped steps, and a further meeting",
    }
)

TEN_WEEK = MappingProxyType(
    {
        "PPM10-1": "one running record of every meeting",
        "PPM10-4": "the chair filled from the child, and invitations from the options",
        "PPM10-5": "how the parents took part",
        "PPM10-6": "the reason where foster carers are not invited",
        "PPM10-7": "last time’s record to update",
        "PPM10-8": "actions through every meeting, and the report to panel",
        "PPM10-9": "the document within 3 working days, and the tick",
        "PPM10-A.2": "a plan without contingency refused as the meeting closes",
        "PPM10-A.under7.no": "the head of service’s approval of long-term fostering under 7",
    }
)

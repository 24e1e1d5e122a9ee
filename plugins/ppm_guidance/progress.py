"""What of the two standards is still to be built, clause by clause."""

from __future__ import annotations

from types import MappingProxyType

TWO_WEEK = MappingProxyType(
    {
        "PPM2-2.2": "a meeting for a child who is not looked after yet",
        "PPM2-4.1": "adoption notified and invited from the plan",
        "PPM2-5.1": "who attends, filled from the child, and the flag where fostering is absent",
        "PPM2-5.2": "the invitation by age and plan",
        "PPM2-5.3": "the invitations, and the notice recorded",
        "PPM2-5.4": "views before the chair, and the flag where there are none",
        "PPM2-5.5": "the solicitor’s invitation, and the mode of advice",
        "PPM2-6.1": "the checklist of documents",
    }
)

TEN_WEEK = MappingProxyType(
    {
        "PPM10-4": "the chair filled from the child, and invitations from the options",
        "PPM10-5": "how the parents took part",
        "PPM10-6": "the reason where foster carers are not invited",
        "PPM10-7": "last time’s record to update",
    }
)

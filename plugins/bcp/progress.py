"""What of the terms of reference is still to be built, clause by clause."""

from __future__ import annotations

from types import MappingProxyType

PENDING = MappingProxyType(
    {
        "BCP-1.2": "the flag where a plan has no contingency",
        "BCP-1.3": "the options in their order, and why those above were ruled out",
        "BCP-1.4": "the pathways to adulthood as options",
        "BCP-1.7": "why section 20 stays, and the flag without a plan or a review",
        "BCP-1.8": "the dates of the PPM standard, and the settings page where none is named",
        "BCP-2": "a case on its own agenda, which then opens with the earlier actions",
        "BCP-3.2": "who must attend for each item, from the child’s team and placement",
        "BCP-4.1": "the children of each week’s cohort",
        "BCP-4.3": "the service manager’s ticks on each item",
        "BCP-5.1": "who is in cohort 1",
        "BCP-5.2": "who is in cohort 2",
        "BCP-5.3": "who is in cohort 3",
        "BCP-5.4": "who is in cohort 4",
        "BCP-5.5": "who is in cohort 5",
        "BCP-5.7": "who is excluded: in proceedings",
        "BCP-5.8": "who is excluded: section 20 as determined",
        "BCP-5.9": "who is excluded: aged 17",
        "BCP-5.i": "the questions of each cohort",
        "BCP-5.ii": "the questions of each cohort",
        "BCP-5.iii": "the questions of each cohort",
        "BCP-5.iv": "the questions of each cohort",
        "BCP-5.v": "the questions of each cohort",
        "BCP-6.1": "the kinds of actions, and what each makes",
        "BCP-6.2": "the case note for each child, in three working days",
        "BCP-6.3": "a case of its own, whose actions are refused without a person or a date",
        "BCP-6.4": "the tracker by the cohort of the child, and actions of its own meetings in it",
        "BCP-6.5": "updates before the panel of the cohort",
    }
)

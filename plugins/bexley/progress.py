"""Which clauses of Bexley's protocol the core carries, and which are still to be built."""

from __future__ import annotations

from types import MappingProxyType

ELSEWHERE = MappingProxyType(
    {
        "BEX-1.3": "Declarations on each item of a meeting, and in its minutes; who withdraws from "
        "an item does not count towards its quorum",
        "BEX-1.10": "The page of a case: the chair accepts, sends back with a reason, or defers; "
        "the page of a meeting: the chair orders",
        "BEX-1.19": "A booked case can be tabled for another meeting with its papers",
    }
)

PENDING = MappingProxyType(
    {
        "BEX-0.1": "plan options",
        "BEX-0.4": "the flag where no family network meeting or safety plan is recorded",
        "BEX-1.1.b": "the date of the assessment that the plan rests on",
        "BEX-1.1.c": "the evidence that adoption is not in the child's best interest",
        "BEX-1.1.d": "the five kinds of permanent placement",
        "BEX-1.1.e": "'not intended as permanent' with a reason, which ends the 28 days; the IRO's "
        "agreement",
        "BEX-1.1.f": "the referrer's name, role and concern",
        "BEX-1.1.g": "the outcome of a permanence plan review meeting",
        "BEX-1.1.h": "a change away from adoption",
        "BEX-1.1.i": "sibling groups with one decision for each child",
        "BEX-1.1.j": "how the family network was worked with",
        "BEX-1.4.a": "suggested from the record",
        "BEX-1.4.b": "the referral waiting after the four-week meeting",
        "BEX-1.4.c": "both names and the reason",
        "BEX-1.4.d": "suggested from the record",
        "BEX-1.4.e": "the facts of the risk",
        "BEX-1.4.f": "that the panel reviewed the latest care plan: any hearing meets it so far",
        "BEX-1.4.g": "the senior manager's name",
        "BEX-1.4.h": "that panel's name and date",
        "BEX-1.4.i": "the plan of return",
        "BEX-1.4.j": "the team manager's name and what has been poor",
        "BEX-1.5": "the whole of Part A, and the tick for the case system",
        "BEX-1.6": "unsigned and incomplete referrals as the signatures come",
        "BEX-1.8": "further reports only if the chair agrees",
        "BEX-1.9": "the four fields on a continuation sheet",
        "BEX-1.12": "the signature that authorises a referral; an invitee only where a post is "
        "empty",
        "BEX-1.14": "time used against time allowed",
        "BEX-1.20": "a view for each member",
        "BEX-1.21": "the dissent where the chair goes against the majority",
        "BEX-1.25": "residential and sibling separation, which the panel itself agrees",
        "BEX-1.26": "the Deputy Director's review",
        "BEX-A.A": "the rest of Part A from the parents' views on, and the signatures",
    }
)

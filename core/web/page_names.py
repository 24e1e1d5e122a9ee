"""What the pages of a noun are called where one of them is spoken of from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: By the noun of an endpoint.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "account": "Your account",
        "account_admin": "A person’s account",
        "actions": "An action",
        "allocations": "Who works with a child",
        "amending": "Amending minutes",
        "approvals": "What a child’s plan needs to be agreed",
        "audit": "Audit",
        "care": "A child’s care",
        "cases": "A referral",
        "children": "Children",
        "closings": "Closed records",
        "court": "A child’s proceedings",
        "covers": "Away and covered",
        "dates": "A child’s dates",
        "days_off": "Days off",
        "directory": "People",
        "due": "Dates that are late or soon",
        "disputes": "Disputes",
        "escalations": "The escalation of an action",
        "figures": "Figures of a procedure",
        "following": "Procedures followed",
        "hand_offs": "What is with whom",
        "identity": "Who a child is",
        "imports": "Imports",
        "invitees": "Who is invited to a case",
        "items": "A case on an agenda",
        "joining": "Adding people",
        "leaving": "Somebody who leaves",
        "matching": "People to match",
        "meeting_changes": "A meeting that changes",
        "meeting_days": "The days of meetings",
        "meetings": "Meetings",
        "merges": "Two records of one child",
        "new_child": "Adding a child",
        "onward": "A referral onward",
        "outbox": "A message",
        "pack": "A meeting’s pack",
        "papers": "Papers",
        "planning": "A planning meeting",
        "planning_after": "After a planning meeting",
        "planning_closing": "Closing a planning meeting",
        "planning_options": "The options of a planning meeting",
        "planning_people": "Who is asked to a planning meeting",
        "planning_record": "The record of a planning meeting",
        "planning_views": "Views before a planning meeting",
        "posts": "Posts",
        "queues": "A queue behind an agenda",
        "reasons": "Opening a record with a reason",
        "record": "A child’s record",
        "security": "Signing in",
        "siblings": "A child’s siblings",
        "sign_in": "Signing out",
        "staged": "A document for approval",
        "suggestions": "A planning meeting that is suggested",
        "taken_back": "A referral taken back",
        "teams": "Services and teams",
        "timeline": "A child’s timeline",
        "tracking": "A child’s plan, tracked",
        "welcome": "Choosing a password",
        "withdrawals": "A member who withdraws from an item",
    }
)


def name_of(endpoint: str) -> str:
    """The name of the page to which something is sent; "" where it has none."""
    return NAMES.get(endpoint.partition(".")[0], "")

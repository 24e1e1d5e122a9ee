"""The links at the top of every page: those that the signed-in person may use."""

from __future__ import annotations

from flask import request, url_for

from core.web import asker, plans
from core.web.access import ACCESS

LINKS = (
    ("What needs me", "home.page", "home due"),
    (
        "Children",
        "children.register",
        "children dates timeline care identity siblings allocations new_child record court staged "
        "approvals planning planning_closing planning_live planning_options planning_people "
        "planning_record planning_views planning_after planning_papers suggestions",
    ),
    ("Board", "board.page", "board"),
    ("Panel reports", "panel_reports.page", "panel_reports"),
    ("Plans", "tracking.page", "tracking plans"),
    ("Plans", "plans.page", "plans"),
    ("Meetings", "meetings.calendar", "meetings meeting_days meeting_changes"),
    ("Actions", "actions.open", "actions escalations"),
    ("Disputes", "disputes.listed", "disputes"),
    ("Messages", "outbox.listed", "outbox"),
    ("With whom", "hand_offs.ledger", "hand_offs onward"),
    ("Imports", "imports.runs", "imports"),
    (
        "People",
        "directory.people",
        "directory account_admin joining leaving teams matching covers security",
    ),
    ("Procedures", "procedures.listed", "procedures following figures days_off"),
    ("Posts", "posts.listed", "posts"),
    ("Audit", "audit.page", "audit"),
    ("Closed records", "closings.listed", "closings"),
)


def navigation() -> list[dict[str, object]]:
    person = asker.person()
    if person is None:
        return []
    here = (request.endpoint or "").partition(".")[0]
    return [
        {
            "text": text,
            "href": url_for(endpoint),
            "current": here in nouns.split(),
            "active": here in nouns.split(),
        }
        for text, endpoint, nouns in LINKS
        if ACCESS[endpoint].allows(person.roles) and (endpoint != "plans.page" or _by_post())
    ]


def _by_post() -> bool:
    """Whether the plans to review are the asker's by a post, without the list that leads there."""
    return not ACCESS["tracking.page"].allows(asker.scope().roles) and plans.reviews()

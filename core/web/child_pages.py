"""One child, where the asker sees them, and their pages beside each other."""

from __future__ import annotations

from flask import abort, request, url_for

from core.store import children
from core.store.children import ChildRow, Siblings
from core.web import asker, pages
from core.web.access import ACCESS

PAGES = (
    ("Overview", "children.page"),
    ("Dates", "dates.page"),
    ("Timeline", "timeline.page"),
    ("Plan and record", "record.page"),
    ("Court", "court.page"),
    ("Planning meetings", "planning.journey"),
    ("Approvals", "approvals.page"),
    ("Identity and care", "care.page"),
    ("Papers", "papers.of_child"),
    ("Who looked", "audit.who_looked"),
)


def child_or_404(public_id: str, *, changes: bool = False) -> ChildRow:
    """The child, where the asker sees them; and where ``changes`` is asked for, works with them."""
    child = children.child(asker.scope(), public_id)
    if child is None or (changes and not children.may_change(asker.scope(), public_id)):
        abort(404)
    return child


def brothers_and_sisters(child: ChildRow) -> Siblings:
    """The brothers and sisters of a child; those who are named leave a trace of their own."""
    found = children.siblings(asker.scope(), child)
    if found.seen:
        pages.listed("brothers and sisters", (one.public_id for one in found.seen))
    return found


def child_pages(public_id: str) -> list[dict[str, object]]:
    """The links above a child's pages, the one shown now marked."""
    return [
        {
            "text": text,
            "href": url_for(endpoint, public_id=public_id),
            "current": request.endpoint == endpoint,
        }
        for text, endpoint in PAGES
        if endpoint in ACCESS and ACCESS[endpoint].allows(asker.scope().roles)
    ]

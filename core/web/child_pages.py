"""The pages of one child, beside each other: those that there are and that the asker may use."""

from __future__ import annotations

from flask import request, url_for

from core.web import asker
from core.web.access import ACCESS

PAGES = (
    ("Overview", "children.page"),
    ("Plan and record", "record.page"),
    ("Identity and care", "care.page"),
    ("Papers", "papers.of_child"),
    ("Who looked", "audit.who_looked"),
)


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

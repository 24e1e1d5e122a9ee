"""The links above the pages of procedures and days off: those that the asker may use."""

from __future__ import annotations

from flask import request, url_for

from core.web import asker
from core.web.access import ACCESS

PAGES = (
    ("Procedures followed", "procedures.listed", "procedures"),
    ("Begin, end and order", "following.page", "following"),
    ("Days off", "days_off.page", "days_off"),
)


def procedure_pages() -> list[dict[str, object]]:
    here = (request.endpoint or "").partition(".")[0]
    return [
        {"text": text, "href": url_for(endpoint), "current": here in nouns.split()}
        for text, endpoint, nouns in PAGES
        if ACCESS[endpoint].allows(asker.scope().roles)
    ]

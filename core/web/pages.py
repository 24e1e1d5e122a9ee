"""Rendering: a whole page, or one of its blocks for htmx; what was looked at is noted here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, g, make_response, render_template, request
from jinja2_fragments.flask import render_block

from core.domain.finding import Finding


def wants_block() -> bool:
    """True where htmx asks for a piece of the page, rather than for the page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def page(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render a page; for an htmx request only the named block of it, from the same context."""
    if block is not None and wants_block():
        html = render_block(template, block, **context)
    else:
        html = render_template(template, **context)
    return make_response(html, status)


def refused(
    template: str, findings: Iterable[Finding], *, block: str | None = None, **context: Any
) -> Response:
    """The same page with status 422, the findings at the top and beside their fields."""
    found = tuple(findings)
    return page(template, block=block, status=422, findings=found, **context)


def looked_at(subject: str, subject_id: str, **detail: Any) -> None:
    """Note that the page shows this; written to the audit once the page has been made."""
    if not hasattr(g, "looks"):
        g.looks = []
    g.looks.append((subject, subject_id, detail))


def listed(
    which: str, children: Iterable[str], subject: str = "list", subject_id: str = "", **filters: Any
) -> None:
    """Note that a list shows these children; however often it is said, one row for the list."""
    if not hasattr(g, "lists"):
        g.lists = {}
    detail, shown = g.lists.setdefault((subject, subject_id, which), ({}, set()))
    detail.update(filters)
    shown.update(children)

"""The calendar of meetings: those to come and those gone by, filtered by what the address says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request, url_for

from core.domain.booked import papers_due
from core.domain.meeting import OVER
from core.domain.queue import ORDER
from core.registry import Registry
from core.store import meeting_days
from core.store.meeting_days import CANCELLED, MOVED, Listed, Wanted
from core.store.paging import pages_of
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.editions import Editions
from core.usecases.queueing import queues_of
from core.web import asker, hearing_shown, pages
from core.web.access import ACCESS
from core.web.rules_here import calendar_here, days_off_here
from core.web.typed import page_number

TEMPLATE = "meetings/calendar.html"
PAGE_SIZE = 20
STATES = {"": "All", MOVED: "Moved", CANCELLED: "Cancelled"}


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting as the calendar says it; ``most`` is None where the procedure sets no limit.

    ``off`` says that it is to be held on a day off of the authority.
    """

    meeting: Listed
    body: str
    theme: str
    most: int | None
    papers: date | None
    clauses: tuple[str, ...]
    off: bool


def page() -> Response:
    scope, registry = asker.scope(), asker.registry()
    wanted = _wanted()
    next_page, past_page = (page_number(request.args.get(n, "1")) for n in ("next", "page"))
    to_come, coming = meeting_days.coming(scope, next_page, PAGE_SIZE, wanted)
    past, gone = meeting_days.past(scope, past_page, PAGE_SIZE, wanted)
    lines = _lines(editions.of(scope, registry), [*to_come, *past])
    queues = queues_of(scope, registry, [row.id for row in (*to_come, *past)])
    hearing_shown.note_queue(queues.values())
    return pages.page(
        TEMPLATE,
        upcoming=lines[: len(to_come)],
        gone=lines[len(to_come) :],
        queues=queues,
        queue_order=ORDER,
        next_page=next_page,
        next_pages=_addresses("next", pages_of(coming, PAGE_SIZE)),
        page=past_page,
        pages=_addresses("page", pages_of(gone, PAGE_SIZE)),
        may_plan=ACCESS["meeting_days.make"].allows(scope.roles),
        filters=_filters(scope, registry),
        filtered=wanted != Wanted(),
    )


def _wanted() -> Wanted:
    """The filters in the address; what is none of ours finds nothing."""
    procedure, _, body = request.args.get("body", "")[:140].partition(":")
    theme, state = request.args.get("theme", "")[:64], request.args.get("state", "")
    return Wanted(procedure, body, theme, state if state in STATES else "")


def _addresses(name: str, count: int) -> list[str]:
    """The address of each page of one of the two lists, with the filters and the other's page."""
    kept = {key: value for key, value in request.args.items() if key != name and value}
    return [url_for("meetings.calendar", **{**kept, name: n}) for n in range(1, count + 1)]  # type: ignore[arg-type]


def _filters(scope: Scope, registry: Registry) -> list[dict[str, Any]]:
    """What the list can be filtered by, where there is a choice."""
    bodies: dict[str, str] = {"": "All"}
    themes: dict[str, str] = {"": "All"}
    for code, body_code, theme in meeting_days.there_are(scope):
        procedure = registry.edition(code, scope.on)
        body = procedure.body(body_code) if procedure else None
        bodies[f"{code}:{body_code}"] = body.title if body and body.title else body_code
        found = body.schedule.theme(theme) if body and body.schedule else None
        if theme:
            themes[theme] = found.title if found else theme
    offered = [("body", "Body", bodies), ("theme", "Theme", themes), ("state", "Show", STATES)]
    return [
        {
            "name": name,
            "label": label,
            "items": [{"value": value, "text": text} for value, text in choices.items()],
            "value": request.args.get(name, ""),
        }
        for name, label, choices in offered
        if len(choices) > 2
    ]


def _lines(rules: Editions, rows: list[Listed]) -> list[Line]:
    calendar = calendar_here(row.held_on for row in rows)
    found = []
    for row in rows:
        procedure = rules.kept(row.procedure_code, row.procedure_edition, row.held_on)
        body = procedure.body(row.body_code) if procedure else None
        papers = papers_due(procedure, row.held_on, calendar) if procedure else None
        theme = body.schedule.theme(row.theme) if body and body.schedule else None
        found.append(
            Line(
                row,
                body.title if body and body.title else row.body_code,
                theme.title if theme else row.theme,
                body.most_cases.most if body and body.most_cases else None,
                papers.due if papers else None,
                papers.rule.clauses if papers else (),
                row.state not in OVER and row.held_on in days_off_here(),
            )
        )
    return found

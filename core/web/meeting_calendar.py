"""The calendar of meetings, and making a body's dates from its schedule with a look beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask import Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.reckoning import due_from
from core.store import meetings
from core.store.calendars import calendar_for
from core.store.meetings import Listed
from core.store.paging import pages_of
from core.store.scope import Scope
from core.usecases.calendar import Dates, bodies, make_dates, propose
from core.web import asker, clock, meeting_forms, pages
from core.web.access import ACCESS
from core.web.sitting import PAPERS
from core.web.typed import page_number

TEMPLATE = "meetings/calendar.html"
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting as the calendar says it; ``most`` is None where the procedure sets no limit."""

    meeting: Listed
    body: str
    most: int | None
    papers: date | None
    clauses: tuple[str, ...]


def page() -> Response:
    return pages.page(TEMPLATE, **_context(asker.scope()))


def schedule() -> Response:
    """Show the dates that a schedule gives; or make them, where they have been looked at."""
    scope, registry = asker.scope(), asker.registry()
    try:
        dates = _typed_dates()
        calendar = calendar_for((dates.first, dates.until))
        if request.form.get("do") != "make":
            proposed = propose(scope, registry, dates, calendar)
            return pages.page(TEMPLATE, **{**_context(scope), "proposed": proposed, "making": True})
        made = make_dates(scope, registry, dates, calendar, clock.now())
    except Refused as refusal:
        context = {**_context(scope), "making": True}
        return pages.refused(TEMPLATE, refusal.findings, **context)
    flash(_said(sum(not day.taken for day in made), sum(day.taken for day in made)), "success")
    return redirect(url_for("meetings.calendar"), 303)  # type: ignore[return-value]


def _typed_dates() -> Dates:
    """What was typed, every fault of it at once."""
    form = request.form
    faults: list[Finding] = []
    first = until = date.min
    starts_at = time(0)
    try:
        first = meeting_forms.day(form, "first", "the first date")
    except Refused as refusal:
        faults += refusal.findings
    try:
        until = meeting_forms.day(form, "until", "the last date")
    except Refused as refusal:
        faults += refusal.findings
    try:
        starts_at = meeting_forms.clock_time(form.get("starts-at", ""), "starts-at")
    except Refused as refusal:
        faults += refusal.findings
    place = " ".join(form.get("place", "").split())
    if len(place) > 200:
        faults.append(Finding("A place can be 200 characters long", field="place"))
    if faults:
        raise Refused(*faults)
    return Dates(form.get("body", ""), first, until, starts_at, place)


def _said(made: int, left: int) -> str:
    dates = f"{made} {'date is' if made == 1 else 'dates are'} made."
    if not left:
        return dates
    return f"{dates} {left} {'was' if left == 1 else 'were'} there already and left as they are."


def _context(scope: Scope) -> dict[str, Any]:
    number = page_number(request.args.get("page", "1"))
    gone, total = meetings.past(scope, number, PAGE_SIZE)
    may_schedule = ACCESS["meetings.schedule"].allows(scope.roles)
    form = request.form
    meets = bodies(scope, asker.registry()) if may_schedule else ()
    return {
        "upcoming": [_line(row) for row in meetings.upcoming(scope)],
        "gone": [_line(row) for row in gone],
        "page": number,
        "pages": pages_of(total, PAGE_SIZE),
        "may_schedule": may_schedule,
        "meets": meets,
        "proposed": (),
        "making": False,
        "typed": {
            "body": form.get("body", meets[0].key if meets else ""),
            "first": meeting_forms.typed_day(form, "first"),
            "until": meeting_forms.typed_day(form, "until"),
            "starts-at": form.get("starts-at", _usual_time(meets)),
            "place": form.get("place", ""),
        },
    }


def _usual_time(meets: tuple[Any, ...]) -> str:
    laid_down = meets[0].body.schedule.starts_at if meets else None
    return f"{laid_down:%H:%M}" if laid_down else ""


def _line(row: Listed) -> Line:
    procedure = asker.registry().named(row.procedure_code, row.procedure_edition)
    body = procedure.body(row.body_code) if procedure else None
    rule = procedure.deadline(PAPERS) if procedure else None
    papers = due_from(rule, row.held_on, calendar_for((row.held_on,))).due if rule else None
    return Line(
        row,
        body.title if body else row.body_code,
        body.most_cases.most if body and body.most_cases else None,
        papers,
        rule.clauses if rule else (),
    )

"""The page of days off: a year's bank holidays, the authority's own, and the meetings on these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.store import days_off, meeting_days
from core.store.calendars import named_bank_holidays
from core.store.meeting_days import OnDay
from core.usecases import days_off as changes
from core.usecases.days_off import NoSuchDayOff
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.procedure_pages import procedure_pages
from core.web.typed import date_boxes, whole, words

blueprint = Blueprint("days_off", __name__)
TEMPLATE = "admin/days_off.html"
YEARS = (1990, 2100)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that falls on a day off; ``address`` is "" where it is not the asker's to open."""

    row: OnDay
    title: str
    address: str


@blueprint.get("/admin/days-off")
def page() -> Response:
    return pages.page(TEMPLATE, **_context())


def _context(typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    scope = asker.scope()
    year = whole(request.args.get("year", ""), *YEARS) or scope.on.year
    own = days_off.between(scope, date(year, 1, 1), date(year, 12, 31))
    standing = [row for row in own if row.taken_out_at is None]
    return {
        "procedure_pages": procedure_pages(),
        "changes": ACCESS["days_off.add"].allows(scope.roles),
        "year": year,
        "before": year - 1 if year > YEARS[0] else None,
        "after": year + 1 if year < YEARS[1] else None,
        "bank_holidays": list(named_bank_holidays(year).items()),
        "own": standing,
        "meetings": _meetings(row.on for row in standing),
        "taken_out": [row for row in own if row.taken_out_at is not None],
        "typed": typed or {},
        "opened": typed is not None,
    }


def _meetings(days: Iterable[date]) -> dict[date, list[Meeting]]:
    """By day, the meetings to be held on it; nothing is moved or cancelled for a day off."""
    opens = ACCESS["meetings.page"].allows(asker.scope().roles)
    found: dict[date, list[Meeting]] = {}
    for row in meeting_days.on_days(asker.scope(), days):
        procedure = asker.registry().named(row.procedure_code, row.procedure_edition)
        body = procedure.body(row.body_code) if procedure else None
        address = url_for("meetings.page", public_id=row.public_id) if opens and row.seen else ""
        title = body.title if body and body.title else "A meeting"
        found.setdefault(row.held_on, []).append(Meeting(row, title, address))
    return found


def _planned(meetings: int) -> str:
    """How many meetings fall on a day that is a day off now, in words."""
    if meetings == 0:
        return ""
    if meetings == 1:
        return ", and a meeting is planned for it, as the table says: it stays until it is moved"
    return f", and {meetings} meetings are planned for it, as the table says: they stay until moved"


@blueprint.post("/admin/days-off")
def add() -> Response:
    boxes, on, fault = date_boxes(request.form, "on")
    typed: dict[str, Any] = {"on": boxes, "title": words(request.form.get("title", ""))}
    try:
        if fault:
            raise Refused(Finding(fault, field="on"))
        changes.add(asker.scope(), on, typed["title"], now())
    except Refused as refusal:
        return pages.refused(TEMPLATE, refusal.findings, **_context(typed))
    meetings = _meetings([on] if on else []).values()
    said = f"{day(on) if on else ''} is a day off{_planned(sum(map(len, meetings)))}"
    flash(f"{said}. What is due is being worked out again.", "success")
    return _back(on)


@blueprint.post("/days-off/<public_id>/take-out")
def take_out(public_id: str) -> Response:
    try:
        row = changes.take_out(asker.scope(), public_id, now())
    except NoSuchDayOff:
        abort(404)
    flash(f"{day(row.on)} is a working day. What is due is being worked out again.", "success")
    return _back(row.on)


def _back(on: date | None) -> Response:
    year = on.year if on is not None else None
    return redirect(url_for("days_off.page", year=year), 303)  # type: ignore[return-value]

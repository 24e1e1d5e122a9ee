"""Pages on which the days of a body are made: from its schedule, or a single one."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Moved, Refused
from core.domain.procedure.schedule import MOST_WEEKS, NTH, WEEKDAYS
from core.store.scope import Scope
from core.usecases import adding_meeting, calendar, day_and_place
from core.usecases.adding_meeting import NewMeeting
from core.usecases.calendar import Dates, Meets, Proposal
from core.usecases.day_and_place import place_faults
from core.web import asker, meeting_forms, pages
from core.web.clock import now
from core.web.typed import whole, words

blueprint = Blueprint("meeting_days", __name__)
DATES, ADD = "meetings/dates.html", "meetings/add.html"


@blueprint.get("/meetings/dates")
def dates() -> Response:
    scope = asker.scope()
    return pages.page(DATES, **_dates_context(scope, _chosen(scope, request.args.get("body", ""))))


@blueprint.post("/meetings/dates")
def make() -> Response:
    """Show the dates that a schedule gives; or make them, where they have been looked at."""
    scope, registry = asker.scope(), asker.registry()
    meets = _chosen(scope, request.form.get("body", ""))
    proposal: Proposal | None = None
    try:
        typed = _typed_dates(meets)
        proposal = calendar.propose(scope, registry, typed)
        if request.form.get("do") != "make":
            return pages.page(DATES, **_dates_context(scope, meets, proposal))
        seen = request.form.get("seen", "")
        made = calendar.make_dates(scope, registry, typed, seen, now())
    except Moved as refusal:
        context = _dates_context(scope, meets, refusal.now)
        return pages.refused(DATES, refusal.findings, **context)
    except Refused as refusal:
        return pages.refused(DATES, refusal.findings, **_dates_context(scope, meets, proposal))
    said = _said(len(made.made), len(made.days) - len(made.made))
    flash(f"{said} {made.queue}".strip(), "success")
    return redirect(url_for("meetings.calendar"), 303)  # type: ignore[return-value]


def _said(made: int, left: int) -> str:
    dates_made = f"{made} {'date is' if made == 1 else 'dates are'} made."
    if not left:
        return dates_made
    return f"{dates_made} {left} {'was' if left == 1 else 'were'} left out."


def _chosen(scope: Scope, key: str) -> Meets | None:
    """The body that the address or the form names; the only one, where there is one."""
    there = calendar.bodies(scope, asker.registry())
    found = next((meets for meets in there if meets.key == key), None)
    return found or (there[0] if len(there) == 1 else None)


def _typed_dates(meets: Meets | None) -> Dates:
    """What was typed, every fault of it at once."""
    form = request.form
    faults: list[Finding] = []
    found: dict[str, Any] = {"first": date.min, "until": date.min, "starts_at": time(0)}
    for name, said in (("first", "the first date"), ("until", "the last date")):
        try:
            found[name] = meeting_forms.day(form, name, said)
        except Refused as refusal:
            faults += refusal.findings
    try:
        found["starts_at"] = meeting_forms.clock_time(form.get("starts-at", ""), "starts-at")
    except Refused as refusal:
        faults += refusal.findings
    place = words(form.get("place", "")).strip()
    faults += place_faults(place)
    every_weeks: int = 0
    nth: tuple[int, ...] = ()
    if meets is not None and meets.pattern is None:
        every_weeks, nth = _typed_shape(faults)
    if faults:
        raise Refused(*faults)
    return Dates(
        form.get("body", "") or (meets.key if meets else ""),
        **found,
        place=place,
        weekday=whole(form.get("weekday", ""), 0, 6),
        every_weeks=every_weeks,
        nth=nth,
        theme=form.get("theme", ""),
        keep=frozenset(_days(form.getlist("keep"))),
    )


def _typed_shape(faults: list[Finding]) -> tuple[int, tuple[int, ...]]:
    """How often a body meets whose procedure does not say: every so many weeks, or nth weekdays."""
    form = request.form
    match form.get("shape", ""):
        case "weeks":
            every_weeks = whole(form.get("every-weeks", "").strip(), 1, MOST_WEEKS)
            if every_weeks is None:
                faults.append(
                    Finding(f"Enter a number of weeks from 1 to {MOST_WEEKS}", field="every-weeks")
                )
            return every_weeks or 0, ()
        case "nth":
            chosen = form.getlist("nth")
            nth = tuple(n for n in NTH if str(n) in chosen)
            if not nth:
                faults.append(Finding("Choose at least one week of the month", field="nth"))
            return 0, nth
        case _:
            faults.append(Finding("Choose how often the body meets", field="shape"))
            return 0, ()


def _days(texts: list[str]) -> list[date]:
    found = []
    for text in texts[:1000]:
        try:
            found.append(date.fromisoformat(text[:10]))
        except ValueError:
            continue
    return found


def _dates_context(
    scope: Scope, meets: Meets | None, proposal: Proposal | None = None
) -> dict[str, Any]:
    form = request.form
    schedule = meets.schedule if meets else None
    usual_time = f"{schedule.starts_at:%H:%M}" if schedule and schedule.starts_at else ""
    usual_day = str(schedule.weekday) if schedule and schedule.weekday is not None else ""
    return {
        "there": calendar.bodies(scope, asker.registry()),
        "meets": meets,
        "proposal": proposal,
        "weekdays": [{"value": str(n), "text": name} for n, name in enumerate(WEEKDAYS)],
        "nths": [{"value": str(n), "text": name} for n, name in NTH.items()],
        "typed": {
            "first": meeting_forms.typed_day(form, "first"),
            "until": meeting_forms.typed_day(form, "until"),
            "starts-at": form.get("starts-at", usual_time),
            "place": form.get("place", schedule.place if schedule else ""),
            "weekday": form.get("weekday", usual_day),
            "shape": form.get("shape", ""),
            "every-weeks": form.get("every-weeks", ""),
            "nth": form.getlist("nth"),
            "theme": form.get("theme", ""),
            "keep": form.getlist("keep"),
        },
    }


@blueprint.get("/meetings/add")
def add_form() -> Response:
    scope = asker.scope()
    return pages.page(ADD, **_add_context(scope, _chosen(scope, request.args.get("body", ""))))


@blueprint.post("/meetings/add")
def add() -> Response:
    """Show what is found on the day of a single meeting; or add it, where that was looked at."""
    scope, registry = asker.scope(), asker.registry()
    meets = _chosen(scope, request.form.get("body", ""))
    try:
        new = _typed_new(meets)
        if request.form.get("do") != "add":
            found = adding_meeting.preview(scope, registry, new)
            left_out = day_and_place.left_out(scope, new.place)
            return pages.page(ADD, **_add_context(scope, meets, found), place_left_out=left_out)
        public_id, queue = adding_meeting.add_meeting(scope, registry, new, now())
    except Refused as refusal:
        return pages.refused(ADD, refusal.findings, **_add_context(scope, meets))
    flash(f"The meeting is added. {queue}".strip(), "success")
    return redirect(url_for("meetings.page", public_id=public_id), 303)  # type: ignore[return-value]


def _typed_new(meets: Meets | None) -> NewMeeting:
    form = request.form
    faults: list[Finding] = []
    on, starts_at = date.min, time(0)
    try:
        on = meeting_forms.day(form, "on", "the date of the meeting")
    except Refused as refusal:
        faults += refusal.findings
    try:
        starts_at = meeting_forms.clock_time(form.get("starts-at", ""), "starts-at")
    except Refused as refusal:
        faults += refusal.findings
    if faults:
        raise Refused(*faults)
    key = form.get("body", "") or (meets.key if meets else "")
    place = words(form.get("place", "")).strip()
    return NewMeeting(key, on, starts_at, place, form.get("theme", ""))


def _add_context(
    scope: Scope, meets: Meets | None, found: adding_meeting.Found | None = None
) -> dict[str, Any]:
    form = request.form
    schedule = meets.schedule if meets else None
    usual_time = f"{schedule.starts_at:%H:%M}" if schedule and schedule.starts_at else ""
    return {
        "there": calendar.bodies(scope, asker.registry()),
        "meets": meets,
        "found": found,
        "typed": {
            "on": meeting_forms.typed_day(form, "on"),
            "starts-at": form.get("starts-at", usual_time),
            "place": form.get("place", schedule.place if schedule else ""),
            "theme": form.get("theme", ""),
        },
    }

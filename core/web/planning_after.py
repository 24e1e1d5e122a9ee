"""What follows a planning meeting: its record on file, copies sent, and the parents told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.planning_after import HOW, OTHERWISE
from core.domain.planning_people import Guest, parents_of
from core.domain.planning_people import family as lines_of_parents
from core.store import accounts, planning_guests
from core.store.deadlines import shown
from core.usecases import planning_after as change
from core.usecases import planning_family as family
from core.usecases.planning_after import Copies
from core.usecases.planning_family import Relative
from core.web import asker, clock, pages, planning_context
from core.web.choosing import by_name
from core.web.planning_context import Open
from core.web.planning_people import relatives
from core.web.rules_here import calendar_here
from core.web.typed import boxes, date_boxes, version, words

blueprint = Blueprint("planning_after", __name__)
PAGE = "planning/after.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of those who get the record, with colleagues to whom it can be sent in the app."""

    copies: Copies
    choices: list[dict[str, str]]
    suggested: str


@blueprint.get("/planning-meetings/<public_id>/afterwards")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(planning_context.seen(public_id)))


@blueprint.post("/planning-meetings/<public_id>/afterwards/filed")
def put_on_file(public_id: str) -> Response:
    """Tick that the record is on the child's file, since which day."""
    planning_context.to_change(public_id)
    parts, on, fault = date_boxes(request.form, "filed")
    try:
        if fault:
            raise Refused(Finding(fault, field="filed"))
        change.put_on_file(asker.scope(), public_id, on, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"filed": parts})
    flash("The record is ticked as on the child’s file", "success")
    return _back(public_id, "file")


@blueprint.post("/planning-meetings/<public_id>/afterwards/not-filed")
def take_off_file(public_id: str) -> Response:
    planning_context.to_change(public_id)
    why = words(request.form.get("back", ""))
    try:
        change.take_off_file(asker.scope(), public_id, why, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"back": why})
    flash("The tick is taken back", "success")
    return _back(public_id, "file")


@blueprint.post("/planning-meetings/<public_id>/afterwards/send")
def send(public_id: str) -> Response:
    """Send the record to a colleague in the app."""
    planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    who = words(request.form.get(f"who-{code}", ""))
    try:
        name = change.send(asker.scope(), asker.registry(), public_id, code, who, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {f"who-{code}": who})
    flash(f"The record is sent to {name} in the app", "success")
    return _back(public_id, f"copy-{code}")


@blueprint.post("/planning-meetings/<public_id>/afterwards/sent")
def sent_otherwise(public_id: str) -> Response:
    """Write down that the record was sent outside the app."""
    planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    name = words(request.form.get(f"name-{code}", ""))
    how = words(request.form.get(f"how-{code}", ""))
    parts, on, fault = date_boxes(request.form, f"on-{code}")
    typed = {f"name-{code}": name, f"how-{code}": how, f"on-{code}": parts}
    try:
        if fault:
            raise Refused(Finding(fault, field=f"on-{code}"))
        scope, registry = asker.scope(), asker.registry()
        change.sent_otherwise(scope, registry, public_id, code, name, how, on, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, typed)
    flash("It is written down that they were sent it", "success")
    return _back(public_id, f"copy-{code}")


@blueprint.post("/planning-meetings/<public_id>/afterwards/told")
def tell(public_id: str) -> Response:
    """Write down when somebody was told of the meeting after it."""
    planning_context.to_change(public_id)
    guest = words(request.form.get("guest", ""))
    field = f"told-{guest}"
    parts, on, fault = date_boxes(request.form, field)
    try:
        if fault:
            raise Refused(Finding(fault, field=field))
        seen = version(request.form.get("seen", ""))
        change.tell(asker.scope(), public_id, guest, seen, on, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {field: parts})
    flash("It is written down when they were told" if on else "The day is taken back", "success")
    return _back(public_id, "told")


@blueprint.post("/planning-meetings/<public_id>/afterwards/told-another")
def tell_another(public_id: str) -> Response:
    """Write down when a parent was told who was not on the meeting's list."""
    planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    key = code or family.OTHER
    asked = {
        part: words(request.form.get(f"else-{part}-{key}", ""))
        for part in ("known", "name", "relation")
    }
    field = f"else-told-{key}"
    parts, on, fault = date_boxes(request.form, field)
    typed = {f"else-{part}-{key}": value for part, value in asked.items()}
    try:
        if fault:
            raise Refused(Finding(fault, field=field))
        scope, registry, relative = asker.scope(), asker.registry(), Relative(**asked)
        family.told_after(scope, registry, public_id, code, relative, on, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {**typed, field: parts})
    flash("It is written down when they were told", "success")
    return _back(public_id, "told")


def _back(public_id: str, anchor: str) -> Response:
    address = url_for("planning_after.page", public_id=public_id, _anchor=anchor)
    return redirect(address, 303)  # type: ignore[return-value]


def _refused(public_id: str, refusal: Refused, typed: dict[str, Any]) -> Response:
    context = _context(planning_context.seen(public_id), typed)
    return pages.refused(PAGE, refusal.findings, **context)


def _context(opened: Open, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    scope, row = asker.scope(), opened.row
    found = change.copies(scope, row, opened.meets)
    calendar = calendar_here((row.held_on, scope.on))
    due = {
        one.rule.code: shown(one, scope.on, calendar)
        for one in change.due(row, opened.meets, found, calendar)
    }
    return planning_context.context(
        opened,
        heading="Afterwards",
        filing=due.get("record-filed"),
        copying=due.get("copies-sent"),
        copies=[_shown(one, opened) for one in found],
        family=_family(opened),
        parents=lines_of_parents(opened.body) or family.BESIDE,
        relatives=relatives(opened) if opened.changes and row.held else [],
        hows=[{"value": code, "text": HOW[code]} for code in OTHERWISE],
        boxes=lambda on: boxes(on.isoformat() if on else ""),
        acts=opened.changes and row.held,
        typed=typed or {},
    )


def _family(opened: Open) -> list[Guest]:
    """Whose views are gained before, and who are told after."""
    guests = planning_guests.of_meeting(asker.scope(), opened.row.id)
    return [guest for guest in parents_of(opened.body, guests) if guest.name]


def _shown(one: Copies, opened: Open) -> Shown:
    """A line with whom the child's record gives for it, else those of its roles."""
    if not (opened.changes and opened.row.held):
        return Shown(one, [], "")
    scope = asker.scope()
    able = accounts.colleagues(scope, tuple(one.people)) if one.people else []
    others = accounts.colleagues(scope, roles=one.line.roles) if one.line.roles else []
    there = {colleague.id for colleague in able}
    every = [*able, *(other for other in others if other.id not in there)]
    return Shown(one, by_name(every), able[0].public_id if able else "")

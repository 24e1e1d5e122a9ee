"""Pages of planning meetings: all of a child in their order, one booked, moved and called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.store import planning, record
from core.store.children import ChildRow
from core.usecases import planning_booking as booking
from core.usecases.planning_booking import PlanningBody, Wanted
from core.web import asker, clock, meeting_forms, pages, planning_context, planning_shown
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages
from core.web.child_words import full_name
from core.web.planning_context import Open
from core.web.typed import version, words

blueprint = Blueprint("planning", __name__)
BOOK, MOVE = "planning/book.html", "planning/move.html"


def _to(endpoint: str, public_id: str, anchor: str | None = None) -> Response:
    return redirect(url_for(endpoint, public_id=public_id, _anchor=anchor), 303)  # type: ignore[return-value]


@blueprint.get("/children/<public_id>/planning")
def journey(public_id: str) -> Response:
    """The child's whole way: every planning meeting in its order, the last one first to be seen."""
    child = child_or_404(public_id)
    scope = asker.scope()
    if record.child(scope, public_id) is None:
        abort(404)
    pages.looked_at("child", child.public_id, page="planning meetings")
    found = planning_shown.journey(child)
    return pages.page(
        "planning/journey.html",
        child=child,
        name=full_name(child),
        child_pages=child_pages(public_id),
        on=clock.today(),
        books=_may_book(child),
        **found,
    )


@blueprint.get("/children/<public_id>/planning/new")
def new(public_id: str) -> Response:
    child = _to_book(public_id)
    typed = {"body": request.args.get("body", ""), "why": words(request.args.get("why", ""))[:400]}
    return pages.page(BOOK, **_book_context(child, typed))


@blueprint.post("/children/<public_id>/planning/new")
def book(public_id: str) -> Response:
    child = _to_book(public_id)
    typed = {name: words(request.form.get(name, "")) for name in ("body", "place", "why", "at")}
    wanted, findings = _wanted(typed)
    try:
        if findings:
            raise Refused(*findings)
        made = booking.book(
            asker.scope(), asker.registry(), public_id, typed["body"], wanted, clock.now()
        )
    except Refused as refusal:
        return pages.refused(BOOK, refusal.findings, **_book_context(child, typed))
    when = f"{day(wanted.on)}" if wanted.on else ""
    flash(f"The meeting of {when} is booked. Next: who comes", "success")
    return _to("planning_people.page", made)


@blueprint.get("/planning-meetings/<public_id>")
def page(public_id: str) -> Response:
    opened = planning_context.seen(public_id)
    return pages.page("planning/page.html", **planning_shown.overview(opened))


@blueprint.get("/planning-meetings/<public_id>/move")
def moving(public_id: str) -> Response:
    opened = _still_planned(public_id)
    row = opened.row
    typed = {"at": f"{row.starts_at:%H:%M}", "place": row.place, "why": ""}
    return pages.page(MOVE, **_move_context(opened, typed, _boxes(row.held_on)))


@blueprint.post("/planning-meetings/<public_id>/move")
def move(public_id: str) -> Response:
    opened = planning_context.to_change(public_id)
    typed = {name: words(request.form.get(name, "")) for name in ("place", "why", "at")}
    wanted, findings = _wanted(typed)
    try:
        if findings:
            raise Refused(*findings)
        seen = version(request.form.get("seen", ""))
        booking.move(asker.scope(), asker.registry(), public_id, wanted, seen, clock.now())
    except Refused as refusal:
        parts = meeting_forms.typed_day(request.form, "on")
        opened = planning_context.to_change(public_id)
        return pages.refused(MOVE, refusal.findings, **_move_context(opened, typed, parts))
    flash("The meeting is moved, and whoever was told of it is told", "success")
    return _to("planning.page", public_id)


@blueprint.post("/planning-meetings/<public_id>/call-off")
def call_off(public_id: str) -> Response:
    opened = planning_context.to_change(public_id)
    why = words(request.form.get("off-why", ""))
    try:
        seen = version(request.form.get("seen", ""))
        booking.call_off(asker.scope(), asker.registry(), public_id, why, seen, clock.now())
    except Refused as refusal:
        opened = planning_context.to_change(public_id)
        found = [Finding(one.message, field="off-why") for one in refusal.findings]
        row = opened.row
        typed = {"at": f"{row.starts_at:%H:%M}", "place": row.place, "why": "", "off-why": why}
        return pages.refused(MOVE, found, **_move_context(opened, typed, _boxes(row.held_on)))
    flash("The meeting is called off: it stays in the record with the reason", "success")
    return _to("planning.journey", opened.row.child_public_id)


def _may_book(child: ChildRow) -> bool:
    scope = asker.scope()
    allowed = ACCESS["planning.book"].allows(scope.roles)
    return allowed and booking.child_to_plan(scope, child.public_id) is not None


def _to_book(public_id: str) -> ChildRow:
    child = booking.child_to_plan(asker.scope(), public_id)
    if child is None:
        abort(404)
    pages.looked_at("child", child.public_id, page="book planning meeting")
    return child


def _still_planned(public_id: str) -> Open:
    opened = planning_context.to_change(public_id)
    if not opened.row.open:
        abort(404)
    return opened


def _wanted(typed: dict[str, str]) -> tuple[Wanted, list[Finding]]:
    """What was typed of a day, a time and a place, and what is wrong with it beside its field."""
    findings: list[Finding] = []
    on = starts_at = None
    try:
        on = meeting_forms.day(request.form, "on", "the day of the meeting")
    except Refused as refusal:
        findings += refusal.findings
    try:
        starts_at = meeting_forms.clock_time(typed["at"], "at")
    except Refused as refusal:
        findings += refusal.findings
    return Wanted(on, starts_at, typed["place"].strip(), typed["why"]), findings


def _boxes(on: date) -> dict[str, str]:
    return {"day": str(on.day), "month": str(on.month), "year": str(on.year)}


def _chosen(offered: Sequence[PlanningBody], asked: str) -> str:
    """The meeting that is asked for; a deadline names it by its own procedure, which may hold none.

    An authority's own figure takes the place of another procedure's, of which the meeting stays.
    """
    if len(offered) == 1:
        return asked or offered[0].key
    keys = [one.key for one in offered]
    of_that_code = [key for key in keys if key.partition("/")[2] == asked.partition("/")[2]]
    return next(iter(of_that_code), asked) if asked not in keys else asked


def _book_context(child: ChildRow, typed: dict[str, str]) -> dict[str, Any]:
    offered = booking.bodies(asker.scope(), asker.registry(), clock.today())
    chosen = _chosen(offered, typed.get("body", ""))
    return {
        "child": child,
        "name": full_name(child),
        "typed": {"place": "", "why": "", "at": "", **typed, "body": chosen},
        "day": meeting_forms.typed_day(request.form, "on"),
        "bodies": [{"value": one.key, "text": one.title} for one in offered],
        "due": planning_shown.asked_for(child, offered),
        "last": planning_shown.last_held(child),
    }


def _move_context(opened: Open, typed: dict[str, str], parts: Any) -> dict[str, Any]:
    offered: tuple[PlanningBody, ...] = (opened.meets,)
    row = opened.row
    child = child_or_404(row.child_public_id)
    return planning_context.context(
        opened,
        typed={"off-why": "", **typed},
        day=parts,
        due=planning_shown.asked_for(child, offered),
        planned=planning.planned(asker.scope(), row.child_id, row.body_code),
    )

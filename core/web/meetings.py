"""Meetings: the calendar with its dates, and the page from which one meeting is run."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for

from core.domain.dates import at_clock
from core.domain.finding import Finding, Refused
from core.domain.meeting import Presence
from core.store import planning, seats
from core.store.scope import Scope
from core.usecases import (
    amending,
    attendance,
    chairing,
    circulation,
    mistakes,
    pack_reading,
    papers,
    queueing,
)
from core.usecases import meetings as running
from core.usecases.attendance import Mark, SeatClash
from core.usecases.chairing import Leave
from core.usecases.standing import NoMeeting, Standing, chairs, reads_whole, standing_of
from core.web import asker, clock, meeting_calendar, meeting_forms, pages, sitting
from core.web.typed import words

blueprint = Blueprint("meetings", __name__)
PAGE = "meetings/page.html"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/meetings")
def calendar() -> Response:
    return meeting_calendar.page()


@blueprint.get("/meetings/<public_id>")
def page(public_id: str) -> Response:
    """The meeting; one about one child, as a message names it, is on pages of its own."""
    scope = asker.scope()
    try:
        now = standing_of(scope, asker.registry(), public_id)
    except NoMeeting:
        if planning.find(scope, public_id) is None:
            abort(404)
        return redirect(url_for("planning.page", public_id=public_id))  # type: ignore[return-value]
    return _page(scope, now)


@blueprint.post("/meetings/<public_id>/attendance")
def attend(public_id: str) -> Response:
    """Mark one seat; htmx gets the seats, the quorum and who is here in return."""
    scope, now = _run(public_id)
    post = request.form.get("post", "")
    if now.seat(post) is None:
        abort(404)
    keep = request.form.get(f"seat-{post}-keep", "")
    who = request.form.get(f"who-{post}", "").strip()
    typed = {
        f"who-{post}": who,
        f"outside-{post}": request.form.get(f"outside-{post}", ""),
        f"state-{post}": request.form.get("state", ""),
        f"at-{post}": request.form.get(f"at-{post}", "").strip(),
        f"grade-{post}": request.form.get(f"grade-{post}", ""),
    }
    try:
        if "clash" in request.form and keep not in ("mine", "theirs"):
            raise Refused(Finding("Choose which of the two to keep", field=f"seat-{post}"))
        if mistake := request.form.get("mistake", ""):
            seen = meeting_forms.seen_version(request.form.get("seen", ""))
            number = meeting_forms.seen_version(mistake)
            mistakes.remove_stay(
                scope, asker.registry(), public_id, post, number, seen, clock.now()
            )
        elif keep != "theirs":
            mark = _mark(scope, now, post, who)
            attendance.mark_seat(scope, asker.registry(), public_id, mark, clock.now())
    except SeatClash as refusal:
        clashes = {post: refusal.clash}
        return _refused(scope, public_id, refusal, "sitting", typed=typed, clashes=clashes)
    except Refused as refusal:
        return _refused(scope, public_id, refusal, "sitting", typed=typed)
    if pages.wants_block():
        after = _seen(scope, public_id)
        return _announced(_page(scope, after, block="sitting"), after, post)
    return _back(public_id, f"seat-{post}")


def _announced(response: Response, after: Standing, post: str) -> Response:
    """Say the seat and the quorum aloud to who cannot see the page change."""
    seat = after.seat(post)
    words = f"{attendance.said(seat)}. {after.quorum}" if seat else after.quorum
    response.headers["HX-Trigger"] = json.dumps({"announce": {"message": words}})
    return response


def _mark(scope: Scope, now: Standing, post: str, who: str) -> Mark:
    try:
        state = Presence(request.form.get("state", ""))
    except ValueError as error:
        raise Refused(
            Finding("Say whether they are expected, here, away or gone", field=f"seat-{post}")
        ) from error
    person = meeting_forms.somebody(who, seats.people(scope) if who else (), f"who-{post}")
    if person is not None:
        grade = person.grade or meeting_forms.grade(request.form, f"grade-{post}")
        outside = bool(request.form.get(f"outside-{post}"))
        person = replace(person, outside=outside, grade=grade)
    typed, when = request.form.get(f"at-{post}", "").strip(), None
    if typed:
        when = at_clock(now.meeting.held_on, meeting_forms.clock_time(typed, f"at-{post}"))
    seen = meeting_forms.seen_version(request.form.get("seen", ""))
    return Mark(post, state, person, seen, when)


@blueprint.post("/meetings/<public_id>/chair")
def take_chair(public_id: str) -> Response:
    scope, _now = _run(public_id)
    chosen = request.form.get("chair", "")
    why = request.form.get("chair-why", "").replace("\r\n", "\n").strip()
    account = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    try:
        name = chairing.take_chair(scope, asker.registry(), public_id, account, clock.now(), why)
    except Refused as refusal:
        typed = {"chair": chosen, "chair-why": why}
        return _refused(scope, public_id, refusal, "sitting", typed=typed)
    flash(f"{name} is named to chair.", "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/leave")
def record_leave(public_id: str) -> Response:
    scope, _now = _run(public_id)
    form = request.form
    typed: dict[str, Any] = {
        name: form.get(name, "").strip()
        for name in ("goes-ahead", "decided-by", "asked-by", "reason")
    }
    typed["on"] = meeting_forms.typed_day(form, "on")
    by = typed["decided-by"]
    told = {"yes": True, "no": False}
    faults: tuple[Finding, ...] = ()
    on = None
    try:
        on = meeting_forms.day(form, "on", "the date of the decision")
    except Refused as refusal:
        faults = refusal.findings
    leave = Leave(
        goes_ahead=told.get(typed["goes-ahead"]),
        by=int(by) if by.isascii() and by.isdigit() and len(by) < 10 else None,
        asked_by=typed["asked-by"],
        on=on,
        reason=typed["reason"],
        seen=told.get(form.get("leave-seen", "")),
    )
    try:
        chairing.record_leave(scope, asker.registry(), public_id, leave, clock.now())
    except Refused as refusal:
        found = [f for f in refusal.findings if not (faults and f.field == "on")]
        return _refused(scope, public_id, Refused(*found, *faults), "sitting", typed=typed)
    flash("The decision is recorded.", "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/statement")
def read_statement(public_id: str) -> Response:
    scope, _now = _run(public_id)
    try:
        running.read_statement(scope, public_id, clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal)
    return _back(public_id, "statement")


@blueprint.post("/meetings/<public_id>/business")
def note_business(public_id: str) -> Response:
    scope, _now = _run(public_id)
    text = request.form.get("business", "").replace("\r\n", "\n").strip()
    seen = meeting_forms.seen_version(request.form.get("business-seen", ""))
    keep = request.form.get("business-keep", "")
    try:
        if "clash" in request.form and keep not in ("mine", "theirs"):
            raise Refused(Finding("Choose which of the two to keep", field="business"))
        if keep != "theirs":
            running.note_business(scope, public_id, text, seen, clock.now())
    except running.NotesClash as refusal:
        clashes = {"business": refusal.clash}
        return _refused(scope, public_id, refusal, typed={"business": text}, clashes=clashes)
    except Refused as refusal:
        return _refused(scope, public_id, refusal, typed={"business": text})
    flash("The notes are saved.", "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/order")
def order(public_id: str) -> Response:
    scope = asker.scope()
    if not sitting.may_order(scope, _seen(scope, public_id)):
        abort(404)
    booking = request.form.get("booking", "")
    try:
        running.move_case(scope, public_id, booking, request.form.get("move") == "up", clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal)
    return _back(public_id, f"booking-{booking}")


@blueprint.post("/meetings/<public_id>/close")
def close(public_id: str) -> Response:
    scope, _now = _run(public_id)
    try:
        moved = running.close(scope, public_id, clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal)
    flash(f"The meeting is closed. {queueing.words(moved)}".strip(), "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/circulation")
def circulate(public_id: str) -> Response:
    """Circulate the agenda: those who hold a post of the body see its cases from now on."""
    scope = asker.scope()
    _seen(scope, public_id)
    try:
        circulation.circulate(scope, public_id, clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal)
    flash("The agenda is circulated.", "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/ratification")
def ratify(public_id: str) -> Response:
    """Ratify the minutes: those who sat see the cases no more."""
    scope = asker.scope()
    if not chairs(scope, _seen(scope, public_id)):
        abort(404)
    try:
        circulation.ratify(scope, public_id, clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal)
    flash("The minutes are ratified.", "success")
    return _back(public_id)


@blueprint.post("/meetings/<public_id>/reissue")
def reissue(public_id: str) -> Response:
    """Issue amended minutes again, and tell whoever got them."""
    scope = asker.scope()
    now = _seen(scope, public_id)
    if not chairs(scope, now) or now.meeting.ratified_at is None:
        abort(404)
    why = words(request.form.get("reissue-why", ""))
    try:
        number = amending.reissue(scope, asker.registry(), public_id, why, clock.now())
    except Refused as refusal:
        return _refused(scope, public_id, refusal, typed={"reissue-why": why})
    flash(f"The minutes are reissued: issue {number}.", "success")
    return _back(public_id, "minutes")


@blueprint.get("/meetings/<public_id>/minutes")
def minutes(public_id: str) -> Response:
    """The minutes as a Word document, for who may read the whole of the meeting."""
    scope = asker.scope()
    now = _seen(scope, public_id)
    if not reads_whole(scope, now):
        abort(404)
    made = papers.minutes(scope, asker.registry(), public_id, clock.now())
    if made is None:
        abort(404)
    sitting.note_minutes(scope, now)
    pack_reading.took_minutes(scope, now.meeting.id, clock.now())
    name, document = made
    return send_file(BytesIO(document), mimetype=WORD, as_attachment=True, download_name=name)


def _seen(scope: Scope, public_id: str) -> Standing:
    try:
        return standing_of(scope, asker.registry(), public_id)
    except NoMeeting:
        abort(404)


def _run(public_id: str) -> tuple[Scope, Standing]:
    """The scope and the meeting for somebody who runs it; nobody else learns that it is there."""
    scope = asker.scope()
    now = _seen(scope, public_id)
    if not sitting.may_run(scope, now):
        abort(404)
    return scope, now


def _page(scope: Scope, now: Standing, *, block: str | None = None) -> Response:
    return pages.page(PAGE, block=block, **sitting.shown(scope, now))


def _refused(
    scope: Scope, public_id: str, refusal: Refused, block: str | None = None, **typed: Any
) -> Response:
    """The page as it stands now, with what was typed and why it is not saved."""
    context = {**sitting.shown(scope, _seen(scope, public_id)), **typed}
    return pages.refused(PAGE, refusal.findings, block=block, **context)


def _back(public_id: str, anchor: str | None = None) -> Response:
    return redirect(  # type: ignore[return-value]
        url_for("meetings.page", public_id=public_id, _anchor=anchor), 303
    )

"""Pages that change a meeting to come: moved, cancelled, its theme swapped; what that changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.store.meeting_days import ToCome
from core.store.scope import Scope
from core.usecases import cancelling, changed, day_and_place, moving, swapping
from core.usecases.cancelling import WAIT, Cancel
from core.usecases.changes import Changes, to_change
from core.usecases.moving import Move
from core.usecases.rechecked import ItemFindings, recheck
from core.usecases.standing import NoMeeting, Standing, standing_of
from core.web import asker, meeting_forms, pages, sitting
from core.web.clock import now
from core.web.typed import boxes, words

blueprint = Blueprint("meeting_changes", __name__)
MOVE, CANCEL, SWAP = "meetings/move.html", "meetings/cancel.html", "meetings/swap.html"
CHANGES = "meetings/changes.html"


def _seen(public_id: str) -> tuple[Scope, Standing]:
    scope = asker.scope()
    try:
        return scope, standing_of(scope, asker.registry(), public_id)
    except NoMeeting:
        abort(404)


def _against(scope: Scope, public_id: str) -> tuple[Finding, ...]:
    """Why this meeting cannot be changed any more."""
    try:
        to_change(scope, public_id)
    except Refused as refusal:
        return refusal.findings
    return ()


def _done(public_id: str, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("meeting_changes.listed", public_id=public_id), 303)  # type: ignore[return-value]


def _looked(items: Any) -> None:
    children = {child.public_id for item in items for child in item.children}
    pages.listed("the cases of a meeting that is changed", sorted(children))


def _context(now: Standing, changes: Changes | None, **more: Any) -> dict[str, Any]:
    if changes is not None:
        _looked(change.item for change in changes.seen)
    return {
        "now": now,
        "meeting": now.meeting,
        "title": sitting.title(now),
        "changes": changes,
        "theme_words": _theme_words(now),
        "against": (),
        **more,
    }


def _theme_words(now: Standing) -> Any:
    """How the body's procedure says a theme."""
    schedule = now.body.schedule

    def said(code: str) -> str:
        found = schedule.theme(code) if schedule else None
        return found.title or code if found else code

    return said


@blueprint.get("/meetings/<public_id>/move")
def move_form(public_id: str) -> Response:
    scope, meeting = _seen(public_id)
    context = _move_context(meeting, None)
    return pages.page(MOVE, **{**context, "against": _against(scope, public_id)})


@blueprint.post("/meetings/<public_id>/move")
def move(public_id: str) -> Response:
    """Show what moving the meeting changes; or move it, where that was looked at."""
    scope, meeting = _seen(public_id)
    registry = asker.registry()
    typed: Move | None = None
    try:
        typed = _typed_move()
        if request.form.get("do") != "move":
            changes = moving.preview(scope, registry, public_id, typed)
            return pages.page(MOVE, **_move_context(meeting, changes, typed))
        seen = request.form.get("seen", "")
        moving.move_meeting(scope, registry, public_id, typed, seen, now())
    except Moved as refusal:
        return pages.refused(MOVE, refusal.findings, **_move_context(meeting, refusal.now, typed))
    except Refused as refusal:
        return pages.refused(MOVE, refusal.findings, **_move_context(meeting, None))
    return _done(public_id, "The meeting is moved.")


def _typed_move() -> Move:
    form = request.form
    faults: list[Finding] = []
    try:
        on = meeting_forms.day(form, "on", "the new date")
    except Refused as refusal:
        faults += refusal.findings
    try:
        starts_at = meeting_forms.clock_time(form.get("starts-at", ""), "starts-at")
    except Refused as refusal:
        faults += refusal.findings
    if faults:
        raise Refused(*faults)
    return Move(on, starts_at, words(form.get("place", "")).strip(), words(form.get("why", "")))


def _move_context(now: Standing, changes: Changes | None, to: Move | None = None) -> dict[str, Any]:
    form, meeting = request.form, now.meeting
    typed = {
        "on": meeting_forms.typed_day(form, "on") if form else boxes(meeting.held_on.isoformat()),
        "starts-at": form.get("starts-at", f"{meeting.starts_at:%H:%M}"),
        "place": form.get("place", meeting.place),
        "why": form.get("why", ""),
    }
    said = []
    if changes is not None and to is not None:
        said.append(day_and_place.left_out(asker.scope(), to.place, meeting.id))
        said.append(day_and_place.reason_read(asker.scope(), to.why, meeting.id))
    return _context(now, changes, typed=typed, to=to, said=[*filter(None, said)])


@blueprint.get("/meetings/<public_id>/cancel")
def cancel_form(public_id: str) -> Response:
    scope, meeting = _seen(public_id)
    context = _cancel_context(scope, meeting, None)
    return pages.page(CANCEL, **{**context, "against": _against(scope, public_id)})


@blueprint.post("/meetings/<public_id>/cancel")
def cancel(public_id: str) -> Response:
    """Show what cancelling the meeting changes; or cancel it, where that was looked at."""
    scope, meeting = _seen(public_id)
    registry = asker.registry()
    typed = _typed_cancel()
    try:
        if request.form.get("do") != "cancel":
            changes = cancelling.preview(scope, registry, public_id, typed)
            context = _cancel_context(scope, meeting, changes)
            if changes.faults:
                return pages.refused(CANCEL, changes.faults, **context)
            return pages.page(CANCEL, **context)
        seen = request.form.get("seen", "")
        cancelling.cancel_meeting(scope, registry, public_id, typed, seen, now())
    except Moved as refusal:
        context = _cancel_context(scope, meeting, refusal.now)
        return pages.refused(CANCEL, refusal.findings, **context)
    except Refused as refusal:
        context = _cancel_context(scope, meeting, None)
        return pages.refused(CANCEL, refusal.findings, **context)
    return _done(public_id, "The meeting is cancelled.")


def _typed_cancel() -> Cancel:
    form = request.form
    each = {
        name.removeprefix("case-"): value
        for name, value in form.items()
        if name.startswith("case-") and value
    }
    return Cancel(words(form.get("why", "")), form.get("rule", WAIT), each)


def _cancel_context(scope: Scope, now: Standing, changes: Changes | None) -> dict[str, Any]:
    form, meeting = request.form, now.meeting
    items = recheck(scope, asker.registry(), meeting.id)
    seen = [item for item in items if item.seen]
    _looked(seen)
    choices = _choices(now, cancelling.others(scope, meeting))
    why = form.get("why", "") if changes is not None else ""
    return _context(
        now,
        changes,
        reason_read=day_and_place.reason_read(scope, why, meeting.id),
        items=seen,
        unseen=len(items) - len(seen),
        states={item.case_public_id: _state(item) for item in seen},
        choices=choices,
        typed={
            "why": form.get("why", ""),
            "rule": form.get("rule", WAIT),
            **{f"case-{i.case_public_id}": form.get(f"case-{i.case_public_id}", "") for i in seen},
        },
    )


def _choices(now: Standing, others: list[ToCome]) -> list[dict[str, str]]:
    """Where cases can go: waiting for the next meeting, or onto another one."""
    most = now.body.most_cases
    found = [{"value": WAIT, "text": "Back to waiting for the next meeting"}]
    for other in others:
        full = f", {other.cases} of {most.most} cases booked" if most else ""
        booked = full or (f", {other.cases} booked" if other.cases else "")
        text = f"{other.held_on:%A} {day(other.held_on)}{booked}"
        found.append({"value": other.public_id, "text": text})
    return found


def _state(item: ItemFindings) -> str:
    """How a case stands with the meeting that is cancelled."""
    if item.booking_id is not None:
        return "Booked" if item.item == "cases" else "Returns to this meeting"
    return {"submitted": "Waits for the chair", "queued": "Waits for a place"}.get(
        item.state, "Not in yet"
    )


@blueprint.get("/meetings/<public_id>/theme")
def swap_form(public_id: str) -> Response:
    scope, meeting = _seen(public_id)
    context = _swap_context(scope, meeting, None)
    return pages.page(SWAP, **{**context, "against": _against(scope, public_id)})


@blueprint.post("/meetings/<public_id>/theme")
def swap(public_id: str) -> Response:
    """Show what the swap changes; or make it, where that was looked at."""
    scope, meeting = _seen(public_id)
    other, why = request.form.get("with", ""), words(request.form.get("why", ""))
    try:
        if request.form.get("do") != "swap":
            changes = swapping.preview(scope, public_id, other, why)
            return pages.page(SWAP, **_swap_context(scope, meeting, changes))
        swapping.swap_themes(scope, public_id, other, why, request.form.get("seen", ""), now())
    except Moved as refusal:
        context = _swap_context(scope, meeting, refusal.now)
        return pages.refused(SWAP, refusal.findings, **context)
    except Refused as refusal:
        return pages.refused(SWAP, refusal.findings, **_swap_context(scope, meeting, None))
    return _done(public_id, "The two meetings are swapped.")


def _swap_context(scope: Scope, now: Standing, changes: Changes | None) -> dict[str, Any]:
    said = _theme_words(now)
    partners = [
        {"value": one.public_id, "text": f"{one.held_on:%A} {day(one.held_on)}: {said(one.theme)}"}
        for one in swapping.partners(scope, now.meeting)
    ]
    typed = {"with": request.form.get("with", ""), "why": request.form.get("why", "")}
    return _context(now, changes, partners=partners, typed=typed)


@blueprint.get("/meetings/<public_id>/changes")
def listed(public_id: str) -> Response:
    """Every move, cancellation and swap of a meeting, with what each changed."""
    scope, meeting = _seen(public_id)
    found = changed.of_meeting(scope, public_id)
    pages.listed(
        "what a changed meeting changed",
        sorted({child for one in found for case in one.cases for child in case.children}),
    )
    return pages.page(CHANGES, **_context(meeting, None, found=found))

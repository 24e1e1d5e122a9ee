"""Pages of the escalation of one late action: its stages, what was answered, and its pauses."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.escalating import ANSWER_COUNTED, longest
from core.domain.finding import Refused
from core.store import actions, escalations, late_actions
from core.store.actions import ActionRow
from core.store.escalations import Reached
from core.usecases import escalating
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import boxes, date_boxes, words

blueprint = Blueprint("escalations", __name__)
PAGE = "actions/escalation.html"


def _seen(public_id: str) -> ActionRow:
    row = actions.find(asker.scope(), public_id)
    if row is None:
        abort(404)
    return row


def _may_pause(row: ActionRow) -> bool:
    return escalating.may_pause(asker.scope(), asker.registry(), row)


def _context(row: ActionRow, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    scope = asker.scope()
    children = actions.children_of(scope, [row]).get(row.id, [])
    for child in children:
        pages.looked_at("child", child.public_id, page="escalation of an action")
    late = late_actions.action(scope, row.id)
    pauses = escalations.pauses(scope, [row.id]).get(row.id, [])
    every = [one.pause for one in pauses]
    steps, ladder, calendar = escalating.coming(scope, asker.registry(), late, every)
    reached = escalations.of_action(scope, row.id)
    there = {one.stage for one in reached if one.due == row.due}
    is_over = row.done_on is not None or not row.is_open
    now_paused = next((one for one in pauses if one.pause.on(scope.on)), None)
    may_pause = ACCESS["escalations.pause"].allows(scope.roles) and _may_pause(row)
    answers = ACCESS["escalations.answer"].allows(scope.roles)
    return {
        "action": row,
        "children": children,
        "reached": reached,
        "answering": {
            one.public_id
            for one in reached
            if answers and row.is_open and escalating.may_answer(scope, one.told)
        },
        "lapsed": set() if is_over or row.due >= scope.on else _lapsed(reached, row.due),
        "answer_counted": ANSWER_COUNTED,
        "coming": [] if is_over else [one for one in steps if one.stage.code not in there],
        "over": is_over,
        "pauses": pauses,
        "now_paused": now_paused,
        "may_pause": may_pause and not is_over,
        "longest": longest(ladder, calendar, scope.on),
        "pause_counted": ladder.pause_counted,
        "typed": {"until": boxes(""), "why": ""} | (typed or {}),
    }


def _lapsed(reached: list[Reached], due: date) -> set[str]:
    """The stages of the due day that were answered, and whose answer holds no longer."""
    since = late_actions.answers_since(asker.scope())
    here = (one for one in reached if one.due == due and one.answers)
    return {one.public_id for one in here if not one.holds(since)}


@blueprint.get("/actions/<public_id>/escalation")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(_seen(public_id)))


@blueprint.post("/actions/<public_id>/escalation/answer")
def answer(public_id: str) -> Response:
    row = _seen(public_id)
    which = words(request.form.get("stage", ""))
    said = words(request.form.get(f"answer-{which}", ""))
    try:
        kept = escalating.answer(asker.scope(), public_id, which, said, now())
    except Refused as refusal:
        context = _context(row, {f"answer-{which}": said})
        return pages.refused(PAGE, refusal.findings, **context)
    again = "Your answer is kept already: it is not kept twice"
    flash("Your answer is kept" if kept else again, "success")
    return _back(public_id)


@blueprint.post("/actions/<public_id>/escalation/pause")
def pause(public_id: str) -> Response:
    row = _seen(public_id)
    if not _may_pause(row):
        abort(404)
    parts, until, fault = date_boxes(request.form, "until", "The last day of the pause")
    why = words(request.form.get("why", ""))
    try:
        escalating.pause(
            asker.scope(), asker.registry(), public_id, until, why, now(), day_fault=fault
        )
    except Refused as refusal:
        context = _context(_seen(public_id), {"until": parts, "why": why})
        return pages.refused(PAGE, refusal.findings, **context)
    flash(f"The escalation is paused up to and with {day(until)}" if until else "", "success")
    return _back(public_id)


@blueprint.post("/actions/<public_id>/escalation/pause/end")
def end_pause(public_id: str) -> Response:
    row = _seen(public_id)
    if not _may_pause(row):
        abort(404)
    which = words(request.form.get("pause", ""))
    try:
        escalating.end_pause(asker.scope(), asker.registry(), public_id, which, now())
    except Refused as refusal:
        return pages.refused(PAGE, refusal.findings, **_context(_seen(public_id)))
    flash("The pause is ended: today counts again", "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    return redirect(url_for("escalations.page", public_id=public_id), 303)  # type: ignore[return-value]

"""Pages of disputes: the list, a new one on a child, and one with its stages and answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.dispute import ABOUT, ACTION, DATE, NEXT, RESOLVED, WITHDRAWN, Answer, Opening
from core.domain.finding import Refused
from core.domain.sight import What
from core.store import children, disputes
from core.store.children import ChildRow
from core.store.disputes import PAGE, DisputeRow
from core.store.paging import pages_of
from core.usecases import disputing
from core.usecases.disputing import DisputeMoved
from core.web import asker, child_words, dispute_shown, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import boxes, date_boxes, page_number, version, words

blueprint = Blueprint("disputes", __name__)
LIST, NEW, ONE = "disputes/list.html", "disputes/new.html", "disputes/page.html"


@blueprint.get("/disputes")
def listed() -> Response:
    """The disputes asked for in the address: show (open, ended) and page."""
    scope = asker.scope()
    ended = request.args.get("show") == "ended"
    number = page_number(request.args.get("page", "1"))
    rows, count = disputes.listed(scope, ended=ended, page=number)
    show = "ended" if ended else "open"
    pages.listed("disputes", (row.child_public_id for row in rows), show=show, page=number)
    last = pages_of(count, PAGE)
    return pages.page(
        LIST,
        block="listed",
        lines=[dispute_shown.line(row, scope.on) for row in rows],
        count=count,
        show=show,
        page_number=number,
        last=last,
        addresses=[url_for("disputes.listed", show=show, page=n) for n in range(1, last + 1)],
    )


def _child(public_id: str) -> ChildRow:
    """A child on the asker's caseload, or 404."""
    scope = asker.scope()
    child = children.child(scope, public_id)
    if (
        child is None
        or not children.may_change(scope, public_id, What.CASES)
        or not disputing.on_caseload(scope, child.id)
    ):
        abort(404)
    return child


def _new(child: ChildRow, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """The form for a new dispute, with the open actions and the dates to choose from."""
    scope = asker.scope()
    pages.looked_at("child", child.public_id, page="a new dispute")
    code, rule = disputing.path(scope, asker.registry())
    actions = disputing.open_actions(scope, child.id)
    dates = disputing.dates(scope, asker.registry(), child.id)
    # What the child has none of, a dispute cannot be about.
    without = [about for about, there in ((ACTION, actions), (DATE, dates)) if not there]
    return {
        "child": child,
        "name": child_words.full_name(child),
        "about": [
            {"value": value, "text": text} for value, text in ABOUT.items() if value not in without
        ],
        "actions": [
            {"value": one.public_id, "text": f"{one.what}, due by {day(one.due)}"}
            for one in actions
        ],
        "dates": [{"value": said, "text": text} for said, text in dates.items()],
        "there": dispute_shown.of_children([child.public_id]).get(child.public_id, []),
        "rule": rule,
        "code": code,
        "typed": {"about": "", "words": "", "action": "", "deadline": ""} | (typed or {}),
    }


@blueprint.get("/children/<public_id>/disputes/new")
def new(public_id: str) -> Response:
    return pages.page(NEW, **_new(_child(public_id)))


@blueprint.post("/children/<public_id>/disputes")
def open_dispute(public_id: str) -> Response:
    child = _child(public_id)
    names = ("about", "words", "action", "deadline")
    typed = {name: words(request.form.get(name, "")) for name in names}
    try:
        made = disputing.open_dispute(
            asker.scope(), asker.registry(), public_id, Opening(**typed), now()
        )
    except Refused as refusal:
        return pages.refused(NEW, refusal.findings, **_new(child, typed))
    flash("The dispute is open, and those to whom it goes first are told", "success")
    return _back(made)


def _seen(public_id: str) -> DisputeRow:
    row = disputes.find(asker.scope(), public_id)
    if row is None:
        abort(404)
    return row


def _context(
    row: DisputeRow, typed: dict[str, Any] | None = None, *, moved: bool = False
) -> dict[str, Any]:
    scope = asker.scope()
    pages.looked_at("child", row.child_public_id, page="dispute")
    stages = disputes.stages(scope, row.id)
    officer = disputing.on_caseload(scope, row.child_id)
    current = stages[-1]
    writes = ACCESS["disputes.answer"].allows(scope.roles) and row.ended_on is None
    answers = writes and current.answered_on is None
    following = disputing.next_stage(scope, asker.registry(), row, stages)
    choices = [(RESOLVED, "It is resolved"), (WITHDRAWN, "I withdraw it")]
    if following is not None:
        choices.insert(0, (NEXT, f"It goes further: {following.title}"))
    return {
        "dispute": dispute_shown.line(row, scope.on),
        "about": ABOUT[row.about],
        "stages": stages,
        "current": current,
        "action": disputes.action(scope, row.action_id),
        "officer": officer,
        "answers": answers and disputing.may_answer(scope, row, current),
        "decides": officer and writes and ACCESS["disputes.decide"].allows(scope.roles),
        "choices": [{"value": value, "text": text} for value, text in choices],
        "moved": moved,
        "typed": {
            "name": "" if officer else scope.name,
            "on": boxes(scope.on.isoformat()),
            "answer": "",
            "what": "",
            "outcome": "",
        }
        | (typed or {}),
    }


@blueprint.get("/disputes/<public_id>")
def page(public_id: str) -> Response:
    return pages.page(ONE, **_context(_seen(public_id)))


@blueprint.post("/disputes/<public_id>/answer")
def answer(public_id: str) -> Response:
    row, scope = _seen(public_id), asker.scope()
    # Who was told of an earlier stage may have typed while it went further: their words are kept.
    if not any(disputing.may_answer(scope, row, one) for one in disputes.stages(scope, row.id)):
        abort(404)
    parts, on, fault = date_boxes(request.form, "on", "The day of the answer")
    officer = disputing.on_caseload(scope, row.child_id)
    name = words(request.form.get("name", "")) if officer else scope.name
    answered = words(request.form.get("answer", ""))
    typed = {"name": name, "on": parts, "answer": answered}
    said = Answer(name, on, answered, fault)
    seen = version(request.form.get("version", ""))
    try:
        disputing.answer(scope, public_id, said, seen, now())
    except Refused as refusal:
        return _refused(public_id, refusal, typed)
    told = "" if officer else ", and the reviewing officer is told"
    flash(f"The answer is kept{told}", "success")
    return _back(public_id)


@blueprint.post("/disputes/<public_id>")
def decide(public_id: str) -> Response:
    row, scope = _seen(public_id), asker.scope()
    if not disputing.on_caseload(scope, row.child_id):
        abort(404)
    typed = {name: words(request.form.get(name, "")) for name in ("what", "outcome")}
    seen = version(request.form.get("version", ""))
    try:
        disputing.decide(
            scope, asker.registry(), public_id, typed["what"], typed["outcome"], seen, now()
        )
    except Refused as refusal:
        return _refused(public_id, refusal, typed)
    flash(
        {
            NEXT: "The dispute goes further, and those to whom it goes are told",
            RESOLVED: "The dispute is resolved",
            WITHDRAWN: "The dispute is withdrawn",
        }[typed["what"]],
        "success",
    )
    return _back(public_id)


def _refused(public_id: str, refusal: Refused, typed: dict[str, Any]) -> Response:
    """The same page with what was typed; where somebody else was first, with that it is so."""
    moved = isinstance(refusal, DisputeMoved)
    context = _context(_seen(public_id), typed, moved=moved)
    return pages.refused(ONE, refusal.findings, **context)


def _back(public_id: str) -> Response:
    return redirect(url_for("disputes.page", public_id=public_id), 303)  # type: ignore[return-value]

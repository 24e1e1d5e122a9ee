"""Pages of documents in stages: begun, written, approved, sent back, filed, and as a Word file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Refused
from core.domain.procedure import Procedure
from core.domain.procedure.stages import Stages
from core.domain.sight import What
from core.domain.staged import OVER
from core.store import children, staged
from core.store.children import ChildRow
from core.usecases import approving, staged_file
from core.usecases import staged as held
from core.usecases.staged import DocumentMoved, Held, TextMoved
from core.web import asker, child_words, pages, staged_shown
from core.web.clock import now
from core.web.typed import date_boxes, version, words

blueprint = Blueprint("staged", __name__)
NEW, ONE, TEXT = "staged/new.html", "staged/page.html", "staged/text.html"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _kind(public_id: str, code: str) -> tuple[ChildRow, Procedure, Stages]:
    """A child with whom the asker works, and a kind of document that has stages; or 404."""
    scope = asker.scope()
    child = children.child(scope, public_id)
    if child is None or not children.may_change(scope, public_id, What.PLAN):
        abort(404)
    found = (both for both in held.kinds(scope, asker.registry()) if both[1].code == code)
    procedure, stages = next(found, None) or abort(404)
    return child, procedure, stages


def _new(child: ChildRow, stages: Stages, text: str, of: str) -> dict[str, Any]:
    """``of`` is the public id of the proceedings of which it is, "" for none."""
    entry = held.proceedings_of(asker.scope(), child.id, of)
    pages.looked_at("child", child.public_id, page=f"a new {stages.title.lower()}")
    return {
        "child": child,
        "name": child_words.full_name(child),
        "stages": stages,
        "text": text,
        "issued_on": entry.day("issued_on") if entry is not None else None,
        "of": of,
    }


@blueprint.get("/children/<public_id>/staged/<staged_kind>")
def new(public_id: str, staged_kind: str) -> Response:
    child, _, stages = _kind(public_id, staged_kind)
    return pages.page(NEW, **_new(child, stages, "", request.args.get("of", "")))


@blueprint.post("/children/<public_id>/staged/<staged_kind>")
def start(public_id: str, staged_kind: str) -> Response:
    child, _, stages = _kind(public_id, staged_kind)
    text, of = words(request.form.get("text", "")), request.form.get("of", "")
    try:
        made = approving.start(
            asker.scope(), asker.registry(), public_id, staged_kind, text, of, now()
        )
    except Refused as refusal:
        return pages.refused(NEW, refusal.findings, **_new(child, stages, text, of))
    flash("The text is kept. Ask for approval when it is ready", "success")
    return _back(made)


def _seen(public_id: str, *, writes: bool = False) -> Held:
    """A document that the asker sees, and whose text they may write where that is asked for."""
    scope = asker.scope()
    row = staged.find(scope, public_id)
    one = held.loaded(scope, asker.registry(), row) if row is not None else None
    if one is None or (writes and not held.may_write(scope, one.row)):
        abort(404)
    pages.looked_at("child", one.row.child_public_id, page=one.stages.title.lower())
    return one


def _asked(public_id: str) -> Held:
    """A document at one of whose steps the asker is asked, now or at another time; or 404."""
    one = _seen(public_id)
    scope = asker.scope()
    there = held.people(scope, one.row, one.stages)
    if not any(there.may(scope, step) for step in one.stages.steps()):
        abort(404)
    return one


@blueprint.get("/staged/<public_id>")
def page(public_id: str) -> Response:
    return pages.page(ONE, **staged_shown.context(_seen(public_id)))


@blueprint.get("/staged/<public_id>/document.docx")
def document(public_id: str) -> Response:
    one = _seen(public_id)
    made = staged_file.word_file(asker.scope(), asker.registry(), one.row, now())
    if made is None:
        abort(404)
    name, content = made
    response = Response(content, mimetype=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(one: Held, text: str, seen: int, theirs: str = "") -> dict[str, Any]:
    return {
        "row": one.row,
        "stages": one.stages,
        "text": text,
        "seen": seen,
        "theirs": theirs,
        "voids": [
            found.title for code in one.now.done if (found := one.stages.step(code)) is not None
        ],
    }


@blueprint.get("/staged/<public_id>/text")
def edit(public_id: str) -> Response:
    one = _seen(public_id, writes=True)
    if one.now.state in OVER:
        return _back(public_id)
    text = staged.text(asker.scope(), one.row.id, one.row.number)
    return pages.page(TEXT, **_text(one, text, one.row.number))


@blueprint.post("/staged/<public_id>/text")
def write(public_id: str) -> Response:
    one = _seen(public_id, writes=True)
    text, seen = words(request.form.get("text", "")), version(request.form.get("number", ""))
    try:
        changed = approving.write(asker.scope(), asker.registry(), public_id, text, seen, now())
    except TextMoved as refusal:
        context = _text(_seen(public_id, writes=True), text, refusal.number, refusal.now)
        return pages.refused(TEXT, refusal.findings, **context)
    except Refused as refusal:
        return pages.refused(TEXT, refusal.findings, **_text(one, text, seen))
    flash("The text is kept" if changed else "Nothing was changed", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/ask")
def ask(public_id: str) -> Response:
    _seen(public_id, writes=True)
    said, seen = words(request.form.get("words", "")), version(request.form.get("number", ""))
    try:
        approving.ask(asker.scope(), asker.registry(), public_id, seen, said, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"words": said})
    flash("Approval is asked for: it is on the first page of whoever is asked", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/answer")
def answer(public_id: str) -> Response:
    _asked(public_id)
    step, said = request.form.get("step", ""), words(request.form.get("words", ""))
    seen = version(request.form.get("number", ""))
    try:
        approving.answer(asker.scope(), asker.registry(), public_id, step, seen, said, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"words": said})
    flash("Your answer is kept", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/send-back")
def send_back(public_id: str) -> Response:
    _asked(public_id)
    step, to = request.form.get("step", ""), request.form.get("to", "")
    said, seen = words(request.form.get("why", "")), version(request.form.get("number", ""))
    try:
        approving.send_back(asker.scope(), asker.registry(), public_id, step, to, said, seen, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"to": to, "why": said})
    flash("It is sent back, with your words", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/invite")
def invite(public_id: str) -> Response:
    _seen(public_id, writes=True)
    who = request.form.get("invitee", "")
    try:
        name = approving.invite(asker.scope(), asker.registry(), public_id, who, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"invitee": who})
    flash(f"{name} is invited, and sees this document alone", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/end-invitation")
def end_invitation(public_id: str) -> Response:
    _seen(public_id, writes=True)
    who = request.form.get("invitee", "")
    try:
        name = approving.end_invitation(asker.scope(), asker.registry(), public_id, who, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {})
    flash(f"{name} is not invited any more", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/file")
def file(public_id: str) -> Response:
    one = _seen(public_id, writes=True)
    parts, on, fault = date_boxes(request.form, "filed", "The day of filing")
    seen = version(request.form.get("number", ""))
    try:
        approving.file(asker.scope(), asker.registry(), public_id, on, fault, seen, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"filed": parts})
    flash(f"Recorded: {one.stages.ends}{f' on {day(on)}' if on else ''}", "success")
    return _back(public_id)


@blueprint.post("/staged/<public_id>/give-up")
def give_up(public_id: str) -> Response:
    _seen(public_id, writes=True)
    why, seen = words(request.form.get("up", "")), version(request.form.get("number", ""))
    try:
        approving.give_up(asker.scope(), asker.registry(), public_id, why, seen, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {"up": why})
    flash("It is given up. What was written and said stays", "success")
    return _back(public_id)


def _refused(public_id: str, refusal: Refused, typed: dict[str, Any]) -> Response:
    """The same page with what was typed; where somebody else was first, with that it is so."""
    context = staged_shown.context(_seen(public_id), typed)
    context["moved"] = isinstance(refusal, DocumentMoved)
    return pages.refused(ONE, refusal.findings, **context)


def _back(public_id: str) -> Response:
    return redirect(url_for("staged.page", public_id=public_id), 303)  # type: ignore[return-value]

"""A meeting's pack: one page to read it on, marks of what is read, questions, and one document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.usecases import pack_document, pack_reading
from core.usecases.pack import Pack, pack_of
from core.usecases.pack_document import Asked
from core.usecases.pack_reading import QuestionMoved
from core.usecases.pack_words import earlier_words, gone_words, next_words, referral_words
from core.usecases.standing import NoMeeting
from core.web import asker, pages, paper_words, sitting
from core.web.clock import in_london, now
from core.web.typed import version, words

blueprint = Blueprint("pack", __name__)
PAGE = "meetings/pack.html"


@blueprint.get("/meetings/<public_id>/pack")
def page(public_id: str) -> Response:
    """The agenda and its papers in order, for who sits in the meeting or runs it."""
    return _page(_pack(public_id))


def _pack(public_id: str) -> Pack:
    try:
        return pack_of(asker.scope(), asker.registry(), public_id)
    except NoMeeting:
        abort(404)


def _page(pack: Pack, *, refused: Iterable[Finding] = (), **more: Any) -> Response:
    scope, meeting = asker.scope(), pack.standing.meeting
    pages.listed("the pack of a meeting", pack.children, "meeting", meeting.public_id)
    context: dict[str, Any] = {
        "pack": pack,
        "meeting": meeting,
        "title": sitting.title(pack.standing),
        "before": pack.before,
        "earlier_words": earlier_words,
        "gone_words": gone_words,
        "next_words": next_words,
        "referral_words": referral_words,
        "said": paper_words,
        "typed": {},
        "left": "",
        "moved": None,
        "runs": sitting.may_run(scope, pack.standing),
        "today": scope.on,
    } | more
    if refused:
        return pages.refused(PAGE, refused, **context)
    return pages.page(PAGE, **context)


@blueprint.get("/meetings/<public_id>/pack/document")
def document(public_id: str) -> Response:
    """The pack as one PDF; it is made now, and nothing of it is kept."""
    scope = asker.scope()
    _pack(public_id)
    settings, moment = asker.parts().settings, now()
    local = in_london(moment)
    asked = Asked(
        settings.paper_folder,
        bool(settings.scanner),
        settings.converter,
        _address_of,
        f"{day(local.date())} at {local:%H:%M}",
    )
    try:
        made = pack_document.document(scope, asker.registry(), public_id, asked, moment)
    except NoMeeting:
        abort(404)
    except Refused as refusal:
        return _page(_pack(public_id), refused=refusal.findings)
    pages.listed("a meeting’s pack as a document", made.children, "meeting", public_id)
    answer = send_file(
        made.stream, mimetype="application/pdf", as_attachment=True, download_name=made.name
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _address_of(version_id: str) -> str:
    """Where a paper is opened: at the public address that messages have, where one is set."""
    public = asker.parts().settings.public_url
    if not public:
        return url_for("papers.take", public_id=version_id, _external=True)
    return public + url_for("papers.take", public_id=version_id).removeprefix(request.script_root)


@blueprint.post("/meetings/<public_id>/pack/read")
def mark(public_id: str) -> Response:
    """Mark a paper, a form or the whole pack as read, or as not read."""
    _pack(public_id)
    paper, item = request.form.get("paper", ""), request.form.get("item", "")
    minutes = bool(request.form.get("minutes"))
    try:
        pack_reading.mark(
            asker.scope(),
            asker.registry(),
            public_id,
            now(),
            paper=paper,
            item=item,
            minutes=minutes,
            every=bool(request.form.get("every")),
            read=request.form.get("read") != "no",
        )
    except Refused as refusal:
        return _page(_pack(public_id), refused=refusal.findings)
    anchor = f"paper-{paper}" if paper else f"form-{item}" if item else "contents"
    anchor = "minutes" if minutes else anchor
    return _back(public_id, anchor)


@blueprint.post("/meetings/<public_id>/pack/questions")
def note(public_id: str) -> Response:
    """Keep a question on an item, a new one or one that is changed."""
    _pack(public_id)
    item, question = request.form.get("item", ""), request.form.get("question", "")
    key = question or item
    text = words(request.form.get(f"text-{key}", "")).strip()
    shared = not request.form.get(f"private-{key}")
    try:
        pack_reading.note_question(
            asker.scope(),
            asker.registry(),
            public_id,
            item,
            text,
            now(),
            shared=shared,
            question=question,
            seen=version(request.form.get("version", "")),
        )
    except Refused as refusal:
        moved = refusal.now if isinstance(refusal, QuestionMoved) else None
        found = [replace(f, field=f"text-{key}") for f in refusal.findings]
        typed, now_there = {key: {"text": text, "shared": shared}}, _pack(public_id)
        left = "" if key in _boxes(now_there) else text
        return _page(now_there, refused=found, typed=typed, left=left, moved=moved)
    flash("Your question is saved", "success")
    return _back(public_id, f"questions-{item}")


def _boxes(pack: Pack) -> set[str]:
    """Where the page shows what was typed: by item, and by question until the meeting begins."""
    heard = [one for one in pack.items if not one.off]
    asked = [] if pack.begun else [q.public_id for one in heard for q in one.questions]
    return {*(one.item.public_id for one in heard), *asked}


@blueprint.post("/meetings/<public_id>/pack/questions/delete")
def delete(public_id: str) -> Response:
    """Delete a question of one's own."""
    _pack(public_id)
    item, question = request.form.get("item", ""), request.form.get("question", "")
    try:
        pack_reading.delete_question(
            asker.scope(),
            asker.registry(),
            public_id,
            item,
            question,
            version(request.form.get("version", "")),
            now(),
        )
    except Refused as refusal:
        found = [replace(f, field=f"text-{question}") for f in refusal.findings]
        return _page(_pack(public_id), refused=found)
    flash("Your question is deleted", "success")
    return _back(public_id, f"questions-{item}")


def _back(public_id: str, anchor: str) -> Response:
    return redirect(  # type: ignore[return-value]
        url_for("pack.page", public_id=public_id, _anchor=anchor), 303
    )

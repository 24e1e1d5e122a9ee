"""Pages of items: one case of a meeting, from its declarations to its recorded decision."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for

from core.domain import decision as domain
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.procedure.forms import Place
from core.store import items, meetings, planning
from core.usecases import decision as deciding
from core.usecases import declaration, papers, tabling, who_sits
from core.web import asker, item_context, pages
from core.web.clock import in_london, now
from core.web.decision_form import Reading
from core.web.item_context import Open
from core.web.typed import MOST_VERSION, whole, words

blueprint = Blueprint("items", __name__)
PAGE = "items/page.html"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _back(public_id: str, anchor: str = "") -> Response:
    return redirect(url_for("items.page", public_id=public_id, _anchor=anchor or None), 303)  # type: ignore[return-value]


@blueprint.get("/items/<public_id>")
def page(public_id: str) -> Response:
    """An item of an agenda; that of a planning meeting is the meeting itself."""
    scope = asker.scope()
    if items.find(scope, public_id) is None and (meeting := planning.of_booking(scope, public_id)):
        return redirect(url_for("planning.page", public_id=meeting.public_id))  # type: ignore[return-value]
    return pages.page(PAGE, **item_context.context(item_context.seen(public_id)))


@blueprint.post("/items/<public_id>/declarations")
def declare(public_id: str) -> Response:
    opened = item_context.seen(public_id)
    member, what = request.form.get("member", ""), words(request.form.get("what", ""))
    chosen = whole(member, 1, MOST_VERSION)
    try:
        declaration.declare(opened.scope, asker.registry(), public_id, chosen, what, now())
    except Refused as refusal:
        return _refused(opened, refusal.findings, typed={"member": member, "what": what})
    flash("The declaration is recorded", "success")
    return _back(public_id, "declarations")


@blueprint.post("/items/<public_id>/draft")
def save(public_id: str) -> Response:
    """Save every field of the draft: what the button does without a script."""
    opened = item_context.written(public_id)
    reading = item_context.reading(opened)
    if refusal := _unsaved(opened, reading):
        return refusal
    flash("The draft is saved", "success")
    return _back(public_id, "further" if "add" in request.form else "decision")


@blueprint.post("/items/<public_id>/draft/field")
def save_field(public_id: str) -> Response:
    """Save one field as it is left; the answer puts its version and its status in place."""
    opened = item_context.written(public_id)
    name = request.args.get("field", "")
    reading = item_context.reading(opened, only=name)
    place = Place.named(name)
    if not {place} & {*reading.answers, *reading.theirs, *reading.unfit}:
        abort(404)
    problems = [finding.message for finding in reading.findings]
    clashes: tuple[Clash, ...] = ()
    try:
        saved = deciding.save_draft(
            opened.scope, asker.registry(), public_id, reading.answers, reading.seen, now()
        )
        clashes = saved.clashes
    except Refused as refusal:
        problems += [finding.message for finding in refusal.findings]
    opened = item_context.seen(public_id)
    form = item_context.form_of(opened, reading, clashes)
    response = pages.page(
        "items/_saved.html",
        status=422 if clashes or problems else 200,
        item=opened.item,
        view=form.view(name),
        problems=problems,
        saved_at=f"{in_london(now()):%H:%M}",
        theirs=place in reading.theirs,
    )
    if clashes:
        said = {"announce": {"message": "Somebody else changed this too: choose which to keep"}}
        response.headers["HX-Trigger"] = json.dumps(said)
    return response


@blueprint.post("/items/<public_id>/decision")
def record(public_id: str) -> Response:
    opened = item_context.written(public_id)
    reading = item_context.reading(opened)
    if reading.findings and (refusal := _unsaved(opened, reading)):
        return refusal
    try:
        recorded = deciding.record_decision(
            opened.scope, asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except deciding.Clashing as clashing:
        return _clashing(public_id, clashing.clashes, reading)
    except Refused as refused:
        return _refused(item_context.seen(public_id), refused.findings, reading)
    returns = f" It returns on {day(recorded.returns_on)}." if recorded.returns_on else ""
    flash(f"The decision is recorded.{returns}", "success")
    for warning in recorded.warnings:
        flash(warning.message, "important")
    return _back(public_id)


@blueprint.post("/items/<public_id>/table")
def table(public_id: str) -> Response:
    opened = item_context.seen(public_id)
    if not opened.may_table:
        abort(404)
    meeting, reason = request.form.get("meeting", ""), words(request.form.get("reason", ""))
    try:
        on = tabling.table_case(opened.scope, asker.registry(), public_id, meeting, reason, now())
    except Refused as refusal:
        return _refused(
            item_context.seen(public_id),
            refusal.findings,
            typed={"meeting": meeting, "reason": reason},
        )
    flash(f"The case is tabled for the meeting of {day(on)}, with its papers", "success")
    target = meetings.find(opened.scope, meeting)
    goes_to, case_id = target.id if target else None, opened.item.case_id
    for warning in who_sits.on_booking(opened.scope, asker.registry(), goes_to, case_id):
        flash(warning.message, "important")
    return _back(public_id)


@blueprint.get("/items/<public_id>/children/<child_public_id>/decision.docx")
def document(public_id: str, child_public_id: str) -> Response:
    opened = item_context.seen(public_id)
    children = items.children(opened.scope, [opened.item.case_id])
    child = next((c for c in children if c.public_id == child_public_id), None)
    if child is None or child.withdrawn_why:
        abort(404)
    made = papers.decision_document(opened.scope, asker.registry(), opened.item, child, now())
    if made is None:
        abort(404)
    name, content = made
    pages.looked_at("document", public_id, kind="decision", child=child.public_id)
    pages.looked_at("child", child.public_id, page="decision document")
    response = make_response(content)
    response.headers["Content-Type"] = WORD
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _unsaved(opened: Open, reading: Reading) -> Response | None:
    """Save a draft; the page again where anything of it could not be saved."""
    public_id = opened.item.public_id
    try:
        saved = deciding.save_draft(
            opened.scope, asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except Refused as refused:
        return _refused(item_context.seen(public_id), refused.findings, reading)
    if saved.clashes or reading.findings:
        return _clashing(public_id, saved.clashes, reading)
    return None


def _clashing(public_id: str, clashes: tuple[Clash, ...], reading: Reading) -> Response:
    """The page with what two people changed at once, and with what cannot be saved as typed."""
    opened = item_context.seen(public_id)
    findings = (*deciding.Clashing(clashes).findings, *reading.findings)
    form = item_context.form_of(opened, reading, clashes)
    return pages.refused(PAGE, findings, **item_context.context(opened, form))


def _refused(
    opened: Open,
    findings: Iterable[Finding],
    reading: Reading | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The page with what was found; what was typed into a settled item is shown, not lost."""
    context = item_context.context(opened)
    if typed is not None:
        context["typed"] = typed
    if reading is not None and not context["writes"]:
        context["unrecorded"] = _readable(opened, reading)
    return pages.refused(PAGE, findings, **context)


def _readable(opened: Open, reading: Reading) -> dict[str, str]:
    """The words of a draft that came too late, by what they were typed as."""
    typed = {**reading.answers, **reading.unfit}
    labels = {"discussion": "Discussion", "agreed": "Agreed", "rationale": "Rationale"}
    kept = {
        labels[place.field]: value
        for place, value in typed.items()
        if not place.row and place.field in labels and value.strip()
    }
    for place, value in typed.items():
        if place.row and place.field == "what" and value.strip():
            kept[f"Action {place.row.split('-')[1].lstrip('0')}"] = value
    chosen = domain.read(opened.procedure, reading.answers).chosen
    if chosen:
        kept["Outcomes"] = "\n".join(c.outcome.title for c in chosen)
    return kept

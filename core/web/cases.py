"""Pages of cases: the referral as it is written, the case, and the chair's answer to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.procedure.forms import Place
from core.store import cases, planning
from core.usecases import acceptance, pack_reading, referral, taking_back
from core.usecases.case_step import STATE_WORDS
from core.usecases.opening import UnderWay, open_referral
from core.usecases.referral import CHILDREN, MEETING
from core.web import asker, case_context, pages
from core.web.case_context import Open
from core.web.clock import in_london, now
from core.web.form_fields import Reading, read
from core.web.form_shown import added_row

blueprint = Blueprint("cases", __name__)


def _to(endpoint: str, public_id: str) -> Response:
    return redirect(url_for(endpoint, public_id=public_id), 303)  # type: ignore[return-value]


@blueprint.post("/children/<public_id>/refer")
def refer(public_id: str) -> Response:
    child = cases.child_to_refer(asker.scope(), public_id)
    if child is None:
        abort(404)
    try:
        case = open_referral(
            asker.scope(),
            asker.registry(),
            public_id,
            now(),
            all_the_same=request.form.get("confirm") == "yes",
        )
    except UnderWay as refusal:
        pages.looked_at("child", public_id, page="referral")
        return pages.refused(
            "cases/under_way.html",
            refusal.findings,
            names=child.name,
            back=url_for("children.page", public_id=public_id),
            back_words="Back to the child",
            action=url_for("cases.refer", public_id=public_id),
            there=refusal.there,
            state_words=STATE_WORDS,
        )
    except Refused as refusal:
        flash(str(refusal), "important")
        return redirect(url_for("children.page", public_id=public_id), 303)  # type: ignore[return-value]
    return _to("cases.form", case)


@blueprint.get("/cases/<public_id>")
def page(public_id: str) -> Response:
    """The case; who reads a pack in which it stands has read its form then.

    That of a planning meeting is on the meeting's own pages.
    """
    case = case_context.case_seen(public_id)
    if case.of_one_child and (meeting := planning.of_case(asker.scope(), public_id)):
        return redirect(url_for("planning.page", public_id=meeting.public_id))  # type: ignore[return-value]
    opened = case_context.opened(case)
    shown = pages.page("cases/page.html", **case_context.page_context(opened))
    pack_reading.opened_form(asker.scope(), opened.case.id, now())
    return shown


@blueprint.get("/cases/<public_id>/referral")
def form(public_id: str) -> Response:
    opened = case_context.seen(public_id)
    changes = case_context.refers() and cases.may_change(asker.scope(), opened.case.id)
    if not changes or not opened.case.editable:
        if changes:
            flash(f"It can no longer be changed: it is {STATE_WORDS[opened.case.state]}", "note")
        return _to("cases.page", public_id)
    context = case_context.form_context(opened, new_row=request.args.get("row", ""))
    case_context.note_looks(context["children"], opened.case)
    return pages.page("cases/form.html", **context)


@blueprint.post("/cases/<public_id>/referral")
def save(public_id: str) -> Response:
    """Save every field, then add a row where one was asked for."""
    opened = case_context.to_change(public_id)
    outcome = _save(opened, removed=request.form.get("remove", ""))
    if isinstance(outcome, Response):
        return outcome
    section = request.form.get("add", "")
    if section and opened.form.section(section):
        context = case_context.form_context(opened)
        row = added_row(context["shown"], section, secrets.token_hex(2))
        return redirect(  # type: ignore[return-value]
            url_for("cases.form", public_id=public_id, row=row, _anchor=row), 303
        )
    if request.form.get("remove"):
        flash("Removed", "success")
    else:
        flash("Saved. The referral has not been submitted yet", "success")
    return _to("cases.form", public_id)


@blueprint.post("/cases/<public_id>/submit")
def submit(public_id: str) -> Response:
    """Save what was typed first, and then submit what is stored."""
    opened = case_context.to_change(public_id)
    outcome = _save(opened)
    if isinstance(outcome, Response):
        return outcome
    try:
        done = referral.submit(asker.scope(), asker.registry(), public_id, now())
    except Refused as refusal:
        return _form_refused(case_context.seen(public_id), refusal.findings)
    words = f"Submitted for the {opened.body.title} of {day(done.meeting_on)}"
    if done.late:
        words += ". It is late, so the chair may defer it"
    if done.unanswered:
        words += ". Not every question is answered, so the chair may defer it or send it back"
    flash(words, "success")
    return _to("cases.page", public_id)


def _save(opened: Open, removed: str = "") -> Reading | Response:
    """Save what was posted; a response where something of it could not be saved."""
    public_id, unread = opened.case.public_id, []
    stored = case_context.given(opened)
    reading = read(opened.form, opened.procedure, request.form, removed=removed, stored=stored)
    if removed and case_context.changed_since(opened, removed, reading):
        reading = read(opened.form, opened.procedure, request.form, stored=stored)
        unread = [
            Finding("Not removed: somebody else has changed it. Look at it first", field=removed)
        ]
    try:
        saved = referral.save_referral(
            asker.scope(),
            asker.registry(),
            public_id,
            case_context.typed(request.form, reading),
            now(),
        )
    except Refused as refusal:
        return _form_refused(opened, refusal.findings, reading, unsaved=True)
    clashes = _clash_findings(opened, saved.clashes)
    findings = [*unread, *reading.findings, *saved.findings, *clashes]
    if findings:
        return _form_refused(case_context.seen(public_id), findings, reading, saved.clashes)
    return reading


def _clash_findings(opened: Open, clashes: tuple[Clash, ...]) -> list[Finding]:
    found = []
    for clash in clashes:
        declared = opened.form.field(Place.named(clash.field))
        label = declared.label if declared else "The meeting"
        said = label if label.endswith("?") else f"{label}:"
        who = clash.who or "Somebody else"
        found.append(
            Finding(
                f"{said} {who} changed this while you were typing. Choose which to keep",
                field=f"{clash.field}-conflict",
            )
        )
    return found


def _form_refused(
    opened: Open,
    findings: Iterable[Finding],
    reading: Reading | None = None,
    clashes: tuple[Clash, ...] = (),
    unsaved: bool = False,
) -> Response:
    found = tuple(findings)
    context = case_context.form_context(
        opened,
        reading=reading,
        clashes=clashes,
        findings=found,
        posted=request.form,
        unsaved=unsaved,
    )
    return pages.refused("cases/form.html", found, **context)


@blueprint.post("/cases/<public_id>/referral/field")
def save_field(public_id: str) -> Response:
    """Save one field as it is left; the answer puts its version and its status in place."""
    opened = case_context.to_change(public_id)
    name = request.args.get("field", "")
    stored = case_context.given(opened)
    reading = read(opened.form, opened.procedure, request.form, only=name, stored=stored)
    command = case_context.typed(request.form, reading)
    if name not in (MEETING, CHILDREN):
        command = referral.Typed(command.answers, command.seen)
        if opened.form.field(Place.named(name)) is None:
            abort(404)
    if reading.begun:
        return _field_saved(opened, name, reading, (), (), begun=True)
    try:
        saved = referral.save_referral(asker.scope(), asker.registry(), public_id, command, now())
    except Refused as refusal:
        return _field_saved(opened, name, reading, refusal.findings, ())
    findings = (*reading.findings, *saved.findings)
    return _field_saved(case_context.seen(public_id), name, reading, findings, saved.clashes)


def _field_saved(
    opened: Open,
    name: str,
    reading: Reading,
    findings: tuple[Finding, ...],
    clashes: tuple[Clash, ...],
    *,
    begun: bool = False,
) -> Response:
    """The pieces of the page that one field's save changes, each put in place by its id."""
    context = case_context.form_context(
        opened, reading=reading, clashes=clashes, findings=findings, posted=request.form
    )
    declared = opened.form.field(Place.named(name))
    view = context["shown"].view(Place.named(name), declared) if declared else None
    failed = bool(findings or clashes)
    label = declared.label if declared else name.capitalize()
    response = pages.page(
        "cases/_saved.html",
        status=422 if failed else 200,
        **context,
        name=name,
        field=view,
        problems=[finding.message for finding in findings],
        begun=begun,
        again=bool(request.form.get(f"{name}-keep")) and not failed,
        saved_at=f"{in_london(now()):%H:%M}",
    )
    said = f"Not saved: {label}" if failed or begun else f"Saved: {label}"
    if not begun:
        response.headers["HX-Trigger"] = json.dumps({"announce": {"message": said}})
    return response


def _page_refused(public_id: str, refusal: Refused) -> Response:
    opened = case_context.seen(public_id)
    return pages.refused("cases/page.html", refusal.findings, **case_context.page_context(opened))


@blueprint.post("/cases/<public_id>/withdraw")
def withdraw(public_id: str) -> Response:
    opened = case_context.seen(public_id)
    if opened.case.referrer_id != asker.scope().account_id:
        abort(404)
    try:
        taking_back.withdraw(
            asker.scope(), public_id, request.form.get("withdraw-reason", ""), now()
        )
    except Refused as refusal:
        return _page_refused(public_id, refusal)
    flash("The referral is withdrawn", "success")
    return _to("cases.page", public_id)


def _chaired(public_id: str) -> Open:
    """The case, for whoever holds a post that chairs its body; 404 for anybody else."""
    opened = case_context.seen(public_id)
    if not case_context.chairs(opened):
        abort(404)
    return opened


@blueprint.post("/cases/<public_id>/accept")
def accept(public_id: str) -> Response:
    opened = _chaired(public_id)
    all_the_same = request.form.get("all-the-same", "")
    try:
        done = acceptance.accept(asker.scope(), asker.registry(), public_id, now(), all_the_same)
    except Refused as refusal:
        return _page_refused(public_id, refusal)
    if done.queued:
        where = f"in the queue behind the agenda of {day(done.on)}, number {done.place}"
        flash(f"Accepted: {where}", "success")
    else:
        dates = case_context.booked_dates(opened, done.on)
        flash(f"Accepted: case {done.place} on the agenda of {day(done.on)}{dates}", "success")
    for warning in case_context.kept_out(opened):
        flash(warning.message, "important")
    return _to("cases.page", public_id)


@blueprint.post("/cases/<public_id>/send-back")
def send_back(public_id: str) -> Response:
    _chaired(public_id)
    try:
        acceptance.send_back(
            asker.scope(),
            asker.registry(),
            public_id,
            request.form.get("send-back-reason", ""),
            now(),
        )
    except Refused as refusal:
        return _page_refused(public_id, refusal)
    flash("Sent back to the referrer", "success")
    return _to("cases.page", public_id)


@blueprint.post("/cases/<public_id>/defer")
def defer(public_id: str) -> Response:
    _chaired(public_id)
    try:
        on = acceptance.defer(
            asker.scope(),
            asker.registry(),
            public_id,
            request.form.get("defer-meeting", ""),
            request.form.get("defer-reason", ""),
            now(),
        )
    except Refused as refusal:
        return _page_refused(public_id, refusal)
    flash(f"Deferred to the meeting of {day(on)}. Its papers go with it", "success")
    return _to("cases.page", public_id)

"""The options page of a planning meeting: what can be chosen, what came of it, plan and steps."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from core.domain import planning_options as form
from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.procedure.forms import Form, Place
from core.store.scope import Scope
from core.usecases import planning_options as change
from core.usecases.planning_options import RULED_OUT, Options
from core.usecases.planning_taken_over import plan_in_use, to_take_over
from core.web import asker, pages, planning_context
from core.web import planning_options_shown as shown_here
from core.web.clock import in_london, now
from core.web.form_fields import Reading, read
from core.web.form_shown import Shown, added_row
from core.web.planning_context import Open
from core.web.typed import date_boxes, joined, whole, words

blueprint = Blueprint("planning_options", __name__)
STATEMENT_MOST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Again:
    """What of a post is shown again: the reading, what clashed, and what was typed of people."""

    reading: Reading = field(default_factory=Reading)
    clashes: tuple[Clash, ...] = ()
    findings: tuple[Finding, ...] = ()
    unsaved: bool = False
    typed: MultiDict[str, str] = field(default_factory=MultiDict)


NOTHING = Again()


@dataclass(frozen=True, slots=True)
class Opened:
    """A planning meeting that the asker sees, with what is chosen among at it."""

    meeting: Open
    options: Options


def _seen(public_id: str) -> Opened:
    """The meeting of an address with its options; 404 where the asker does not see it."""
    return with_options(planning_context.seen(public_id))


def _to_change(public_id: str) -> Opened:
    """The same for whoever works with the child; 404 for anybody else who sees it."""
    return with_options(planning_context.to_change(public_id))


def with_options(opened: Open) -> Opened:
    """The meeting with its options; 404 where its body weighs none, as it has no page of them."""
    if not opened.body.weighs_options:
        abort(404)
    try:
        return Opened(opened, change.options_of(asker.scope(), asker.registry(), opened.row))
    except Refused:
        abort(404)


def context_of(opened: Opened, again: Again = NOTHING, new_row: str = "") -> dict[str, Any]:
    options = opened.options
    shown = Shown(
        options.form,
        options.procedure,
        options.stored,
        again.reading,
        {clash.field: clash for clash in again.clashes},
        again.unsaved,
    )
    return planning_context.context(
        opened.meeting,
        heading="Options and plan",
        options=options,
        row=options.row,
        offer=options.offer,
        shown=shown,
        typed=again.typed,
        **shown_here.context(options, shown, new_row),
    )


@blueprint.get("/planning-meetings/<public_id>/options")
def page(public_id: str) -> Response:
    context = context_of(_seen(public_id), new_row=request.args.get("row", ""))
    return pages.page("planning/options.html", **context)


@blueprint.post("/planning-meetings/<public_id>/options")
def save(public_id: str) -> Response:
    """Save every field, then add a row where one was asked for, or take one away."""
    opened = _to_change(public_id)
    removed = request.form.get("remove", "")
    reading = _read(opened.options, request.form, removed=removed)
    try:
        saved = change.save(
            asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except Refused as refusal:
        again = Again(reading, findings=refusal.findings, unsaved=True)
        return _refused(opened, again)
    before, opened = opened, _to_change(public_id)
    then = shown_here.written_then(opened.options, before.options, map(str, reading.answers))
    if then:
        flash(then, "important")
    form_, clashes = opened.options.form, saved.clashes
    findings = (*reading.findings, *saved.findings, *_clash_findings(form_, clashes))
    if findings:
        kept = _without(reading, saved.findings)
        return _refused(opened, Again(kept, clashes, findings))
    if request.form.get("take_over"):
        return _taken_over(opened)
    section = request.form.get("add", "")
    if section and form_.section(section):
        new = added_row(context_of(opened)["shown"], section, secrets.token_hex(2))
        to = url_for("planning_options.page", public_id=public_id, row=new, _anchor=new)
        return redirect(to, 303)  # type: ignore[return-value]
    flash("Removed" if removed else "Saved", "success")
    return _to_page(public_id)


def _taken_over(opened: Opened) -> Response:
    """Take over the plan in use and its open steps, where nothing is answered yet."""
    public_id, stored = opened.meeting.row.public_id, opened.options.stored
    used = plan_in_use(opened.options)
    taken = to_take_over(opened.options, used) if used is not None else {}
    seen = {place: stored[place].version if place in stored else 0 for place in taken}
    try:
        saved = change.save(asker.scope(), asker.registry(), public_id, taken, seen, now())
    except Refused as refusal:
        return _refused(opened, Again(findings=refusal.findings))
    findings = (*saved.findings, *_clash_findings(opened.options.form, saved.clashes))
    if findings:
        kept = _without(Reading(taken, seen, taken), saved.findings)
        return _refused(_to_change(public_id), Again(kept, saved.clashes, findings))
    flash("Taken over: change what is not right any more", "success")
    return _to_page(public_id, "plan")


def _read(options: Options, posted: MultiDict[str, str], **more: str) -> Reading:
    stored = {place: answer.value for place, answer in options.stored.items()}
    return read(options.form, options.procedure, posted, stored=stored, **more)


def _without(reading: Reading, findings: Iterable[Finding]) -> Reading:
    """The reading without what could not be said: it is shown again as it was typed."""
    wrong = {found.field for found in findings}
    answers = {place: v for place, v in reading.answers.items() if str(place) not in wrong}
    return replace(reading, answers=answers)


def _clash_findings(declares: Form, clashes: Iterable[Clash]) -> list[Finding]:
    found = []
    for clash in clashes:
        declared = declares.field(Place.named(clash.field))
        label = declared.label if declared else clash.field
        who = clash.who or "Somebody else"
        said = f"{label}: {who} changed this while you were typing. Choose which to keep"
        found.append(Finding(said, field=f"{clash.field}-conflict"))
    return found


def _to_page(public_id: str, anchor: str | None = None) -> Response:
    to = url_for("planning_options.page", public_id=public_id, _anchor=anchor)
    return redirect(to, 303)  # type: ignore[return-value]


def _refused(opened: Opened, again: Again) -> Response:
    context = context_of(opened, again)
    return pages.refused("planning/options.html", again.findings, **context)


@blueprint.post("/planning-meetings/<public_id>/options/field")
def save_field(public_id: str) -> Response:
    """Save one field as it is left; the answer puts in place what follows from it too."""
    opened = _to_change(public_id)
    name = request.args.get("field", "")
    if opened.options.form.field(Place.named(name)) is None:
        abort(404)
    reading = _read(opened.options, request.form, only=name)
    if reading.begun:
        return _field_saved(opened, name, Again(reading), begun=True)
    try:
        saved = change.save(
            asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except Refused as refusal:
        again = Again(reading, findings=refusal.findings, unsaved=True)
        return _field_saved(opened, name, again)
    findings = (*reading.findings, *saved.findings)
    before, opened = opened, _to_change(public_id)
    then = shown_here.written_then(opened.options, before.options, [name])
    again = Again(_without(reading, saved.findings), saved.clashes, findings)
    return _field_saved(opened, name, again, then=then)


def _field_saved(
    opened: Opened, name: str, again: Again, *, begun: bool = False, then: str = ""
) -> Response:
    """The pieces of the page that one field's save changes, each put in place by its id."""
    options = opened.options
    declared = options.form.field(Place.named(name))
    assert declared is not None
    failed = bool(again.findings or again.clashes)
    context = context_of(opened, again)
    response = pages.page(
        "planning/_options_saved.html",
        status=422 if failed else 200,
        **{**context, "oob": True},
        place=name,
        field=shown_here.view(options, context["shown"], name),
        problems=[finding.message for finding in again.findings],
        begun=begun,
        again=bool(request.form.get(f"{name}-keep")) and not failed,
        saved_at=f"{in_london(now()):%H:%M}",
        anew=not failed and not begun and name == form.COLUMN,
        plan_anew=not failed and not begun and shown_here.moves_plan(name),
    )
    said = f"Not saved: {declared.label}" if failed or begun else f"Saved: {declared.label}"
    if then:
        said = f"{said}. {then}"
    if not begun:
        told: dict[str, Any] = {"announce": {"message": said}}
        if not failed and shown_here.frees(options, name):
            told["tryAgain"] = {}
        response.headers["HX-Trigger"] = json.dumps(told)
    return response


@blueprint.post("/planning-meetings/<public_id>/connected-people")
def identify(public_id: str) -> Response:
    """Add somebody who might care for the child to the child's record."""
    asked = ("name", "relation", "how")
    return _added(public_id, "person", asked, "identified_on", change.identify)


@blueprint.post("/planning-meetings/<public_id>/connected-people/nobody")
def nobody_found(public_id: str) -> Response:
    """Say that nobody could be identified, with the day and how it was looked for."""
    return _added(public_id, "nobody", ("how",), "looked_on", change.nobody_found)


def _added(
    public_id: str,
    stem: str,
    asked: Sequence[str],
    day: str,
    add: Callable[[Scope, str, Mapping[str, str], datetime], None],
) -> Response:
    """Add an entry about connected persons to the record; ``asked`` are its words."""
    opened = _to_change(public_id)
    posted = request.form
    parts, on, fault = date_boxes(posted, f"{stem}-{day}")
    typed = {code: words(posted.get(f"{stem}-{code}", "")).strip() for code in asked}
    findings = [Finding(fault, field=day)] if fault else []
    kept = MultiDict({f"{stem}-{code}": value for code, value in typed.items()})
    kept[f"{stem}-{day}"] = joined(parts)
    if not findings:
        typed[day] = on.isoformat() if on is not None else ""
        try:
            add(asker.scope(), public_id, typed, now())
        except Refused as refusal:
            findings = list(refusal.findings)
    if findings:
        found = _at(stem, findings, (*asked, day))
        return _people_refused(opened, Again(findings=found, typed=kept))
    return _people_saved(public_id, "Added to the child’s record")


@blueprint.post("/planning-meetings/<public_id>/connected-people/<person_public_id>/rule-out")
def rule_out(public_id: str, person_public_id: str) -> Response:
    """Rule a connected person out with the day and the reason; both empty takes it back."""
    opened = _to_change(public_id)
    people = opened.options.offer.connected.people
    if all(one.public_id != person_public_id for one in people):
        abort(404)
    posted, stem = request.form, f"out-{person_public_id}"
    parts, on, fault = date_boxes(posted, f"{stem}-ruled_out_on")
    why = words(posted.get(f"{stem}-ruled_out_why", "")).strip()
    kept = MultiDict(
        {f"{stem}-ruled_out_on": joined(parts), f"{stem}-ruled_out_why": why},
    )
    findings = [Finding(fault, field="ruled_out_on")] if fault else []
    if not findings:
        typed = {"ruled_out_on": on.isoformat() if on is not None else "", "ruled_out_why": why}
        seen = {
            code: whole(posted.get(f"{stem}-{code}-seen", ""), 0, STATEMENT_MOST) or 0
            for code in RULED_OUT
        }
        try:
            change.rule_out(asker.scope(), public_id, person_public_id, typed, seen, now())
        except Refused as refusal:
            findings = list(refusal.findings)
    if findings:
        at_fields = [
            replace(one, field=f"{stem}-{one.field or 'ruled_out_on'}") for one in findings
        ]
        return _people_refused(opened, Again(findings=tuple(at_fields), typed=kept))
    said = "Ruled out" if why else "No longer ruled out"
    return _people_saved(public_id, said)


def _at(stem: str, findings: Iterable[Finding], fields: Sequence[str]) -> tuple[Finding, ...]:
    """Findings of an entry's fields at the inputs of the page; the first where there is none."""
    return tuple(
        replace(one, field=f"{stem}-{one.field if one.field in fields else fields[0]}")
        for one in findings
    )


def _people_saved(public_id: str, said: str) -> Response:
    """Without a script the page again; with one the people, and the options that follow."""
    if not pages.wants_block():
        flash(said, "success")
        return _to_page(public_id, "connected")
    context = {**context_of(_to_change(public_id)), "oob": True}
    response = pages.page("planning/_connected_saved.html", **context)
    response.headers["HX-Trigger"] = json.dumps({"announce": {"message": said}})
    return response


def _people_refused(opened: Opened, again: Again) -> Response:
    context = context_of(opened, again)
    template = "planning/_connected_saved.html" if pages.wants_block() else "planning/options.html"
    return pages.refused(template, again.findings, **context)

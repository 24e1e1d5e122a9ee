"""The page on which a planning meeting is written, by several people at once, and its saving."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.phrases import inside
from core.domain.planning_record import PAPERS, both_of_paper, papers_ahead, papers_twice
from core.domain.procedure.forms import Form, Place
from core.store import children, open_actions, planning
from core.usecases import planning_record as change
from core.usecases.planning_record import Written
from core.web import asker, clock, pages, planning_context, planning_shown
from core.web.clock import in_london, now
from core.web.form_fields import Reading, read
from core.web.form_shown import SectionView, Shown, added_row
from core.web.planning_context import Open

blueprint = Blueprint("planning_record", __name__)
PAGE = "planning/record.html"
NOTHING = Reading()


@blueprint.get("/planning-meetings/<public_id>/record")
def page(public_id: str) -> Response:
    opened = planning_context.seen(public_id)
    return pages.page(PAGE, **context(opened, new_row=request.args.get("row", "")))


@blueprint.post("/planning-meetings/<public_id>/record")
def save(public_id: str) -> Response:
    """Save every field, then add a row where one was asked for, or take one away."""
    opened = planning_context.to_change(public_id)
    removed = request.form.get("remove", "")
    before = _written(opened)
    reading = _fit(
        opened,
        before.form,
        read(before.form, opened.procedure, request.form, removed=removed, stored=before.given),
    )
    kept = keep(opened, reading)
    if kept.findings:
        typed = _without(reading, kept.findings)
        more = context(kept.shown, typed, kept.clashes, unsaved=kept.unsaved)
        return pages.refused(PAGE, kept.findings, **more)
    section = request.form.get("add", "")
    if section and before.form.section(section):
        shown = Shown(before.form, opened.procedure, _written(opened).stored)
        row = added_row(shown, section, secrets.token_hex(2))
        address = url_for("planning_record.page", public_id=public_id, row=row, _anchor=row)
        return redirect(address, 303)  # type: ignore[return-value]
    flash("Removed" if removed else "Saved", "success")
    back = url_for("planning_record.page", public_id=public_id)
    return redirect(back, 303)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a form that came: what could not be saved, and with which meeting to show it.

    ``unsaved`` where nothing of it was.
    """

    shown: Open
    findings: tuple[Finding, ...] = ()
    clashes: tuple[Clash, ...] = ()
    unsaved: bool = False


def read_papers(opened: Open, posted: MultiDict[str, str]) -> Reading:
    """What the form of the papers says."""
    before = _written(opened)
    return _fit(opened, before.form, read(before.form, opened.procedure, posted))


def _fit(opened: Open, form: Form, reading: Reading) -> Reading:
    """What was read, without what cannot be said of a paper: that stays as it was typed."""
    ahead = tuple(papers_ahead(form, reading.answers, opened.row.held_on, clock.today()))
    twice = tuple(papers_twice(form, reading.answers))
    wrong = {Place(found.field) for found in ahead if found.field}
    for found in twice:
        wrong |= both_of_paper(form, found.field or "")
    named = (_of_its_paper(form, found) for found in (*reading.findings, *ahead))
    return replace(
        reading,
        answers={place: value for place, value in reading.answers.items() if place not in wrong},
        findings=(*named, *twice),
    )


def _of_its_paper(form: Form, found: Finding) -> Finding:
    """What is wrong with the day of a paper, said of the paper: there are several on the page."""
    declared = form.field(Place(found.field or ""))
    if declared is None or not both_of_paper(form, declared.code):
        return found
    title = declared.label.partition(":")[0]
    return replace(found, message=f"{title}: {inside(found.message)}")


def said_twice(opened: Open, name: str = "") -> list[Finding]:
    """The papers of which two things are kept, or the one to which a field belongs."""
    here = _written(opened)
    found = papers_twice(here.form, here.given)
    mine = both_of_paper(here.form, name)
    return [one for one in found if not name or Place(one.field or "") in mine]


def keep(opened: Open, reading: Reading) -> Kept:
    """Save what can be of a form that came."""
    public_id = opened.row.public_id
    try:
        saved = change.save(
            asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except Refused as refusal:
        return Kept(opened, refusal.findings, unsaved=True)
    form = _written(opened).form
    findings = (*reading.findings, *saved.findings, *clash_findings(form, saved.clashes))
    return Kept(planning_context.seen(public_id), findings, saved.clashes)


def _without(reading: Reading, wrong: Iterable[Finding]) -> Reading:
    """A reading without the answers that could not be saved: what was typed of them stays."""
    fields = {finding.field for finding in wrong}
    kept = {place: said for place, said in reading.answers.items() if str(place) not in fields}
    return replace(reading, answers=kept)


@blueprint.post("/planning-meetings/<public_id>/record/field")
def save_field(public_id: str) -> Response:
    """Save one field as it is left; the answer puts its version and its status in place."""
    opened = planning_context.to_change(public_id)
    name = request.args.get("field", "")
    before = _written(opened)
    declared = before.form.field(Place.named(name))
    if declared is None:
        abort(404)
    reading = read(before.form, opened.procedure, request.form, only=name, stored=before.given)
    reading = _fit(opened, before.form, reading)
    findings: tuple[Finding, ...] = reading.findings
    clashes: tuple[Clash, ...] = ()
    if not reading.begun:
        try:
            saved = change.save(
                asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
            )
            clashes = saved.clashes
            findings = (*findings, *saved.findings)
            reading = _without(reading, saved.findings)
        except Refused as refusal:
            findings = (*findings, *refusal.findings)
    now_kept = planning_context.seen(public_id, note=False)
    shown = _shown(now_kept, reading, clashes)
    twice = "".join(f". {one.message}" for one in said_twice(now_kept, name))
    failed = bool(clashes) or (bool(findings) and not reading.begun)
    view = shown.view(Place.named(name), declared)
    response = pages.page(
        "planning/_saved.html",
        status=422 if failed else 200,
        field=view,
        address=field_address(public_id, name),
        problems=[] if reading.begun else [finding.message for finding in findings],
        begun=bool(reading.begun),
        again=bool(request.form.get(f"{name}-keep")) and not failed,
        saved_at=f"{in_london(now()):%H:%M}{twice}",
    )
    if not reading.begun:
        said = f"Not saved: {declared.label}" if failed else f"Saved: {declared.label}"
        said += f". {view.note.message}" if view.note is not None and not failed else ""
        response.headers["HX-Trigger"] = json.dumps({"announce": {"message": said}})
    return response


def field_address(public_id: str, name: str) -> str:
    return url_for("planning_record.save_field", public_id=public_id, field=name)


def clash_findings(form: Form, clashes: Iterable[Clash]) -> list[Finding]:
    """What two people changed at once, each at the choice between the two."""
    found = []
    for clash in clashes:
        declared = form.field(Place.named(clash.field))
        label = declared.label if declared else clash.field
        who = clash.who or "Somebody else"
        said = f"{label}: {who} changed this while you were typing. Choose which to keep"
        found.append(Finding(said, field=f"{clash.field}-conflict"))
    return found


def _written(opened: Open) -> Written:
    return change.written(asker.scope(), asker.registry(), opened.row)


def _shown(
    opened: Open,
    reading: Reading = NOTHING,
    clashes: Iterable[Clash] = (),
    unsaved: bool = False,
) -> Shown:
    here = _written(opened)
    by_field = {clash.field: clash for clash in clashes}
    form, stored, notes = here.form, here.stored, here.notes
    return Shown(form, opened.procedure, stored, reading, by_field, unsaved, notes)


def sections(
    opened: Open,
    reading: Reading = NOTHING,
    clashes: Iterable[Clash] = (),
    *,
    unsaved: bool = False,
    new_row: str = "",
) -> list[SectionView]:
    """The sections of the record as they are shown."""
    return list(_shown(opened, reading, clashes, unsaved).sections(new_row))


def context(
    opened: Open,
    reading: Reading = NOTHING,
    clashes: Iterable[Clash] = (),
    *,
    unsaved: bool = False,
    new_row: str = "",
) -> dict[str, Any]:
    """What the page of the record shows; it opens with what the last meeting left.

    ``alone``: the asker sees the child for this meeting's sake alone, and not all that is carried.
    """
    scope, row = asker.scope(), opened.row
    found = sections(opened, reading, clashes, unsaved=unsaved, new_row=new_row)
    before = planning.held_before(scope, row)
    return planning_context.context(
        opened,
        heading="Record",
        sections=[one for one in found if one.what.code != PAPERS],
        field_address=lambda name: field_address(row.public_id, name),
        last=before[0] if before else None,
        last_said=planning_shown.said_at(before[0]) if before else [],
        carried=open_actions.of_planning(scope, row) if row.open else (),
        on=clock.today(),
        alone=children.for_one_case(scope, row.child_public_id),
    )

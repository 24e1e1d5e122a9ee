"""The page on which a planning meeting is written, by several people at once, and its saving."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.planning_record import PAPERS
from core.domain.procedure.forms import Form, Place
from core.store import children, open_actions, planning
from core.usecases import planning_record as change
from core.usecases.planning_record import Written
from core.web import asker, clock, pages, planning_context, planning_options_last, planning_shown
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
    reading = read(
        before.form, opened.procedure, request.form, removed=removed, stored=before.given
    )
    refused = _saved(opened, before.form, reading)
    if refused is not None:
        return refused
    back = "planning_views.page" if request.form.get("from") == PAPERS else "planning_record.page"
    section = request.form.get("add", "")
    if section and before.form.section(section):
        shown = Shown(before.form, opened.procedure, _written(opened).stored)
        row = added_row(shown, section, secrets.token_hex(2))
        address = url_for(back, public_id=public_id, row=row, _anchor=row)
        return redirect(address, 303)  # type: ignore[return-value]
    flash("Removed" if removed else "Saved", "success")
    return redirect(url_for(back, public_id=public_id), 303)  # type: ignore[return-value]


def _saved(opened: Open, form: Form, reading: Reading) -> Response | None:
    """Save what can be; the page again where something could not."""
    public_id = opened.row.public_id
    try:
        saved = change.save(
            asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
        )
    except Refused as refusal:
        more = context(opened, reading, unsaved=True)
        return pages.refused(PAGE, refusal.findings, **more)
    findings = (*reading.findings, *clash_findings(form, saved.clashes))
    if not findings:
        return None
    more = context(planning_context.seen(public_id), reading, saved.clashes)
    return pages.refused(PAGE, findings, **more)


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
    findings: tuple[Finding, ...] = reading.findings
    clashes: tuple[Clash, ...] = ()
    if not reading.begun:
        try:
            saved = change.save(
                asker.scope(), asker.registry(), public_id, reading.answers, reading.seen, now()
            )
            clashes = saved.clashes
        except Refused as refusal:
            findings = (*findings, *refusal.findings)
    shown = _shown(planning_context.seen(public_id, note=False), reading, clashes)
    failed = bool(clashes) or (bool(findings) and not reading.begun)
    response = pages.page(
        "planning/_saved.html",
        status=422 if failed else 200,
        field=shown.view(Place.named(name), declared),
        address=field_address(public_id, name),
        problems=[] if reading.begun else [finding.message for finding in findings],
        begun=bool(reading.begun),
        again=bool(request.form.get(f"{name}-keep")) and not failed,
        saved_at=f"{in_london(now()):%H:%M}",
    )
    if not reading.begun:
        said = f"Not saved: {declared.label}" if failed else f"Saved: {declared.label}"
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
    return Shown(here.form, opened.procedure, here.stored, reading, by_field, unsaved)


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
        last_plan=planning_options_last.left_by(before[0]) if before else None,
        carried=open_actions.of_planning(scope, row) if row.open else (),
        on=clock.today(),
        alone=children.for_one_case(scope, row.child_public_id),
    )

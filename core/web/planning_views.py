"""The page of the papers on which a planning meeting rests, and of the views before its chair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.paper import Of
from core.domain.planning_record import PAPERS
from core.domain.record.voices import VIEW
from core.domain.views_heard import nobody_heard
from core.store import papers, planning, record
from core.usecases import record_new, view_files
from core.web import asker, pages, planning_context, planning_record, record_form, record_shown
from core.web.clock import now
from core.web.form_shown import SectionView
from core.web.papers import ACCEPT, place_here, uploads
from core.web.planning_context import Open
from core.web.typed import words

blueprint = Blueprint("planning_views", __name__)
PAGE = "planning/views.html"
FILES = "files"


@blueprint.get("/planning-meetings/<public_id>/views")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(planning_context.seen(public_id)))


@blueprint.post("/planning-meetings/<public_id>/views/papers")
def save_papers(public_id: str) -> Response:
    """Save what is said of each paper on which the meeting rests."""
    opened = planning_context.to_change(public_id)
    reading = planning_record.read_papers(opened, request.form)
    kept = planning_record.keep(opened, reading)
    if kept.findings:
        sections = planning_record.sections(kept.shown, reading, kept.clashes, unsaved=kept.unsaved)
        return pages.refused(PAGE, kept.findings, **_context(kept.shown, sections=sections))
    flash("Saved", "success")
    address = url_for("planning_views.page", public_id=public_id)
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.post("/planning-meetings/<public_id>/views")
def add(public_id: str) -> Response:
    """Record a view, whose it is and in which form, in the child's record."""
    opened = planning_context.to_change(public_id)
    read = record_form.read(VIEW, request.form)
    findings: tuple[Finding, ...] = read.findings
    if not findings:
        try:
            record_new.add(asker.scope(), opened.row.child_public_id, VIEW.code, read.values, now())
        except Refused as refusal:
            findings = refusal.findings
    if findings:
        named = record_form.at_fields(VIEW, findings)
        return pages.refused(PAGE, named, **_context(opened, kept=read.kept))
    flash("The view is in the child’s record", "success")
    return _back(public_id, "views")


@blueprint.post("/planning-meetings/<public_id>/views/<view_public_id>/file")
def add_file(public_id: str, view_public_id: str) -> Response:
    """Keep the file of a view: writing, a drawing, sound or video."""
    opened = planning_context.to_change(public_id)
    views = record.entries(asker.scope(), opened.row.child_id, VIEW.code)
    if all(one.public_id != view_public_id for one in views):
        abort(404)
    given = uploads()
    try:
        if not given:
            raise Refused(Finding("Choose a file", field=FILES))
        view_files.add(asker.scope(), asker.registry(), view_public_id, given, place_here(), now())
    except Refused as refusal:
        context = _context(planning_context.seen(public_id), file_of=view_public_id)
        own = f"{FILES}-{view_public_id}"
        found = [replace(one, field=own) if one.field == FILES else one for one in refusal.findings]
        return pages.refused(PAGE, found, **context)
    flash("The file is kept with the view", "success")
    return _back(public_id, "views")


def _back(public_id: str, anchor: str) -> Response:
    address = url_for("planning_views.page", public_id=public_id, _anchor=anchor)
    return redirect(address, 303)  # type: ignore[return-value]


def _context(
    opened: Open,
    *,
    sections: Iterable[SectionView] | None = None,
    kept: Mapping[str, str] | None = None,
    file_of: str = "",
) -> dict[str, Any]:
    scope, row = asker.scope(), opened.row
    found = planning_record.sections(opened) if sections is None else sections
    views = record.entries(scope, row.child_id, VIEW.code)
    standing = [one for one in views if one.stands]
    last = planning.last_before(scope, row)
    return planning_context.context(
        opened,
        heading="Papers and views",
        sections=[one for one in found if one.what.code == PAPERS],
        field_address=lambda name: planning_record.field_address(row.public_id, name),
        twice=planning_record.said_twice(opened) if row.open else [],
        papers=papers.listed(scope, Of.CASE, row.case_id, taken_out=False, page=1)[0],
        views=[record_shown.entry(one) for one in record_shown.latest_first(VIEW, standing)],
        nobody=nobody_heard(views, row.held_on, last, opened.body.views),
        questions=record_form.questions(VIEW, kept=kept),
        file_of=file_of,
        accept=ACCEPT,
        most=asker.parts().settings.paper_most_mebibytes,
        typed={name: words(value) for name, value in request.form.items()},
    )

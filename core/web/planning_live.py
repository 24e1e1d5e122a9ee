"""What colleagues wrote at a planning meeting since a page was shown, put in place on that page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for

from core.domain.procedure.forms import Place
from core.store.answers import Stored
from core.usecases import planning_record
from core.web import asker, pages, planning_context, planning_options
from core.web.clock import in_london
from core.web.form_shown import FieldView, RowView, SectionView, Shown
from core.web.planning_context import Open
from core.web.planning_record import field_address
from core.web.typed import version

blueprint = Blueprint("planning_live", __name__)
SEEN, SHOWING = "-seen", "-showing"
STOP = 286
"""What tells htmx to ask no more."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A field that was written since, and when and by whom."""

    view: FieldView
    saved_at: str


@dataclass(frozen=True, slots=True)
class Added:
    """A row that the page does not show yet, numbered after those that it shows."""

    section: str
    words: str
    row: RowView


@blueprint.get("/planning-meetings/<public_id>/live/record")
def record(public_id: str) -> Response:
    """What of the record is newer than the page that asks."""
    opened = planning_context.to_change(public_id)
    if not opened.row.open:
        return _over(opened)
    there = planning_record.written(asker.scope(), asker.registry(), opened.row)
    shown = Shown(there.form, opened.procedure, there.stored, notes=there.notes)
    sections = list(shown.sections())
    fields = [one for section in sections for one in section.fields]
    found = _newer(there.stored, fields, [(one, one.rows) for one in sections])
    if not found:
        return make_response("", 204)
    return pages.page(
        "planning/_live.html", **found, address=lambda name: field_address(public_id, name)
    )


@blueprint.get("/planning-meetings/<public_id>/live/options")
def options(public_id: str) -> Response:
    """What of options and plan is newer than the page that asks, and what follows from it."""
    opened = planning_context.to_change(public_id)
    if not opened.row.open:
        return _over(opened)
    there = planning_options.with_options(opened)
    context = planning_options.context_of(there)
    fields = [*context["answer"].values()]
    for group in context["groups"]:
        for one in group.options:
            fields += [view for view in (one.conclusion, one.why, one.rationale) if view]
    rows = [
        (context["outside_section"], context["outside"]),
        (context["steps"], context["steps"].rows),
    ]
    found = _newer(there.options.stored, fields, rows)
    others = [
        part
        for part, mark in context["showing"].items()
        if request.args.get(f"{part}{SHOWING}", mark) != mark
    ]
    if not found and not others:
        return make_response("", 204)
    return pages.page(
        "planning/_live_options.html",
        **{**context, "oob": True, "live": True, **NOTHING, **found},
        others=others,
        address=lambda name: url_for(
            "planning_options.save_field", public_id=public_id, field=name
        ),
    )


NOTHING: Mapping[str, Any] = {"fields": (), "gone": (), "added": (), "by": ()}


def _over(opened: Open) -> Response:
    """The meeting was closed while the page was open: it is told so, and asks no more."""
    return pages.page("planning/_live_over.html", status=STOP, meeting=opened.row)


def _newer(
    stored: Mapping[Place, Stored],
    fields: Iterable[FieldView],
    rows: Iterable[tuple[SectionView, Iterable[RowView]]],
) -> dict[str, Any]:
    """Fields that are newer than on the page, rows that it lacks, and rows that are no more.

    The page sends the version of each field that it shows. Nothing, where it shows all.
    """
    seen = {
        name.removesuffix(SEEN): version(value)
        for name, value in request.args.items()
        if name.endswith(SEEN)
    }
    newer = [_told(stored, one) for one in fields if one.version > seen.get(one.name, one.version)]
    gone: list[str] = []
    added: list[Added] = []
    by: set[str] = set()
    for section, there in rows:
        on_page = {Place.named(name).row for name in seen}
        on_page = {row for row in on_page if row.startswith(f"{section.what.code}-")}
        ids = {row.id for row in there}
        gone += sorted(row for row in on_page - ids if _emptied(stored, seen, row))
        for row in there:
            if row.id in on_page:
                newer += [
                    _told(stored, one)
                    for one in row.fields
                    if one.version > seen.get(one.name, one.version)
                ]
                continue
            number = len(on_page) + sum(1 for one in added if one.section == section.what.code) + 1
            shown = replace(row, number=number)
            added.append(Added(section.what.code, section.what.row_words, shown))
            by |= {stored[Place.named(one.name)].saved_by for one in row.fields if one.version}
    if not (newer or gone or added):
        return {}
    return {"fields": newer, "gone": gone, "added": added, "by": sorted(filter(None, by))}


def _told(stored: Mapping[Place, Stored], view: FieldView) -> Newer:
    one = stored[Place.named(view.name)]
    when = f"{in_london(one.saved_at):%H:%M}" if one.saved_at else ""
    return Newer(view, f"{when} by {one.saved_by}" if one.saved_by else when)


def _emptied(stored: Mapping[Place, Stored], seen: Mapping[str, int], row: str) -> bool:
    """Whether somebody took away a row that the page shows: it was not empty when it was shown."""
    return any(
        place.row == row and one.version > seen.get(str(place), one.version)
        for place, one in stored.items()
    )

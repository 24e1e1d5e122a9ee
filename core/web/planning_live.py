"""What colleagues wrote at a planning meeting since a page was shown, put in place on that page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for

from core.domain.procedure.forms import Form, Place
from core.store.answers import Stored
from core.usecases import planning_options, planning_record
from core.web import asker, pages, planning_context
from core.web.clock import in_london
from core.web.form_shown import Shown
from core.web.planning_context import Open
from core.web.planning_record import field_address
from core.web.typed import version

blueprint = Blueprint("planning_live", __name__)
SEEN = "-seen"


@blueprint.get("/planning-meetings/<public_id>/live/record")
def record(public_id: str) -> Response:
    """The fields of the record that are newer than those of the page that asks."""
    opened = planning_context.to_change(public_id)
    there = planning_record.written(asker.scope(), asker.registry(), opened.row)
    return _newer(opened, there.form, there.stored, lambda name: field_address(public_id, name))


@blueprint.get("/planning-meetings/<public_id>/live/options")
def options(public_id: str) -> Response:
    """The fields of options and plan that are newer than those of the page that asks."""
    opened = planning_context.to_change(public_id)
    there = planning_options.options_of(asker.scope(), asker.registry(), opened.row)

    def address(name: str) -> str:
        return url_for("planning_options.save_field", public_id=public_id, field=name)

    return _newer(opened, there.form, there.stored, address)


def _newer(
    opened: Open, form: Form, stored: Mapping[Place, Stored], address: Callable[[str], str]
) -> Response:
    """What is newer, each under its id; 204 where nothing is, so that the page stays as it is.

    The page sends the version of each field that it shows. A row that it does not show yet is told
    of, with a link that shows it.
    """
    if not opened.row.open:
        return make_response("", 204)
    seen = {
        name.removesuffix(SEEN): version(value)
        for name, value in request.args.items()
        if name.endswith(SEEN)
    }
    shown = Shown(form, opened.procedure, stored)
    fields: list[dict[str, Any]] = []
    added: set[str] = set()
    for place, one in stored.items():
        declared, name = form.field(place), str(place)
        if declared is None:
            continue
        if name not in seen:
            if place.row and one.value:
                added.add(one.saved_by)
            continue
        if one.version > seen[name]:
            when = f"{in_london(one.saved_at):%H:%M}" if one.saved_at else ""
            told = f"{when} by {one.saved_by}" if one.saved_by else when
            view = shown.view(place, declared)
            fields.append({"view": view, "address": address(name), "saved_at": told})
    if not fields and not added:
        return make_response("", 204)
    return pages.page(
        "planning/_live.html",
        fields=fields,
        added=sorted(filter(None, added)) or (["Somebody"] if added else []),
        here=request.headers.get("HX-Current-URL", ""),
    )

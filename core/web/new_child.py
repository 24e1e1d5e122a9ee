"""The page on which a child is added by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.identity import BORN, EXPECTED, FIELDS
from core.domain.record.kind import FactType
from core.store import allocations, merges
from core.store import children as record
from core.usecases.adding import LocalIdTaken, NewChild, add_child
from core.web import asker, pages
from core.web.clock import now
from core.web.register import Item
from core.web.typed import date_boxes, row_id, words

blueprint = Blueprint("new_child", __name__)


def _context(**more: Any) -> dict[str, Any]:
    scope = asker.scope()
    blank: dict[str, Any] = {field.code: "" for field in FIELDS}
    return {
        "fields": FIELDS,
        "choices": {
            field.code: [Item(code, text) for code, text in field.choices.items()]
            for field in FIELDS
        },
        "teams": [Item(str(t.id), f"{t.name}, {t.service}") for t in allocations.teams(scope)],
        "typed": blank | {"local_id": "", "team": "", BORN: None, EXPECTED: None},
        "there": "",
    } | more


@blueprint.get("/children/add")
def form() -> Response:
    return pages.page("care/add.html", **_context())


@blueprint.post("/children/add")
def add() -> Response:
    scope = asker.scope()
    typed: dict[str, Any] = {
        name: words(request.form.get(name, "")) for name in ("local_id", "team")
    }
    said: dict[str, str] = {}
    found: list[Finding] = []
    for field in FIELDS:
        if field.type is FactType.DAY:
            typed[field.code], on, wrong = date_boxes(request.form, field.code)
            said[field.code] = on.isoformat() if on else ""
            if wrong:
                found.append(Finding(f"{field.label}: t{wrong[1:]}", field=field.code))
        else:
            typed[field.code] = said[field.code] = words(request.form.get(field.code, ""))
    team_id = row_id(typed["team"]) if typed["team"] else None
    if typed["team"] and team_id is None:
        found.append(Finding("Choose a team from the list", field="team"))
    try:
        if found:
            raise Refused(*found)
        public_id = add_child(scope, NewChild(typed["local_id"], said, team_id), now())
    except LocalIdTaken as refusal:
        context = _context(typed=typed, there=refusal.public_id)
        return pages.refused("care/add.html", refusal.findings, **context)
    except Refused as refusal:
        return pages.refused("care/add.html", refusal.findings, **_context(typed=typed))
    flash("The child is added", "success")
    if alike := merges.alike(asker.scope(), public_id):
        flash(
            f"Another record has this name and date of birth: {', '.join(alike)}. If they are one "
            "child, the two can be merged.",
            "important",
        )
    if record.child(asker.scope(), public_id) is None:
        flash(
            "You do not see this child: the record is for the child's team and worker", "important"
        )
        return redirect(url_for("children.register"), 303)  # type: ignore[return-value]
    return redirect(url_for("children.page", public_id=public_id), 303)  # type: ignore[return-value]

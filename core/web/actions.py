"""Pages of actions: the list of those that are mine or that I see, and one with its progress."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.action import Progress
from core.domain.finding import Refused
from core.store import actions
from core.store.actions import PAGE, ActionRow, Wanted
from core.store.paging import pages_of
from core.usecases.action import ActionMoved, may_save, save_action
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import page_number, version, words

blueprint = Blueprint("actions", __name__)
SHOW = ("open", "late", "done")
_ASKED = ("progress", "done", "done_words")


@blueprint.get("/actions")
def open() -> Response:
    """The actions asked for in the address: whose (mine, all), show (open, late, done), page."""
    scope = asker.scope()
    whose = "all" if request.args.get("whose") == "all" else "mine"
    show = request.args.get("show", "open")
    show = show if show in SHOW else "open"
    number = page_number(request.args.get("page", "1"))
    wanted = Wanted(mine=whose == "mine", done=show == "done", late=show == "late", page=number)
    rows, count = actions.listed(scope, wanted)
    children = actions.children_of(scope, rows)
    shown = (child.public_id for found in children.values() for child in found)
    pages.listed("actions", shown, whose=whose, show=show, page=number)
    last = pages_of(count, PAGE)
    return pages.page(
        "actions/list.html",
        block="listed",
        rows=rows,
        count=count,
        children=children,
        whose=whose,
        show=show,
        page_number=number,
        last=last,
        addresses=[
            url_for("actions.open", whose=whose, show=show, page=n) for n in range(1, last + 1)
        ],
        bodies=_bodies(rows),
    )


def _bodies(rows: list[ActionRow]) -> dict[int, str]:
    """The title of the body that made each action; of a tracker's there is none."""
    titles = {}
    for row in rows:
        if row.procedure_code is None:
            titles[row.id] = ""
            continue
        procedure = asker.registry().named(row.procedure_code, row.procedure_edition or "")
        body = procedure.body(row.body_code or "") if procedure else None
        titles[row.id] = body.title if body else "Meeting"
    return titles


def _seen(public_id: str) -> ActionRow:
    row = actions.find(asker.scope(), public_id)
    if row is None:
        abort(404)
    return row


def _context(row: ActionRow, **more: Any) -> dict[str, Any]:
    scope = asker.scope()
    children = actions.children_of(scope, [row]).get(row.id, [])
    for child in children:
        pages.looked_at("child", child.public_id, page="action")
    writes = ACCESS["actions.save"].allows(scope.roles) and may_save(scope, asker.registry(), row)
    return {
        "action": row,
        "children": children,
        "body": _bodies([row])[row.id],
        "writes": writes and row.done_on is None,
        "sees_case": row.case_seen and ACCESS["items.page"].allows(scope.roles),
        "typed": {"progress": row.progress, "done": "", "done_words": ""},
        "seen": row.version,
        "conflict": None,
    } | more


@blueprint.get("/actions/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("actions/page.html", **_context(_seen(public_id)))


@blueprint.post("/actions/<public_id>")
def save(public_id: str) -> Response:
    row = _seen(public_id)
    if not may_save(asker.scope(), asker.registry(), row):
        abort(404)
    typed = {name: words(request.form.get(name, "")) for name in _ASKED}
    seen = version(request.form.get("version", ""))
    progress = Progress(typed["progress"], typed["done"] == "yes", typed["done_words"])
    try:
        save_action(asker.scope(), asker.registry(), public_id, progress, seen, now())
    except ActionMoved as refusal:
        moved = _seen(public_id)
        return pages.refused(
            "actions/page.html",
            refusal.findings,
            **_context(moved, typed=typed, seen=moved.version, conflict=moved),
        )
    except Refused as refusal:
        return pages.refused(
            "actions/page.html",
            refusal.findings,
            **_context(_seen(public_id), typed=typed, seen=seen),
        )
    flash("The action is done" if progress.done else "The progress is saved", "success")
    return redirect(url_for("actions.page", public_id=public_id), 303)  # type: ignore[return-value]

"""Pages of closed records: which there are by local id alone, who is named, and their end.

An inspector reads the list, and neither closes a record nor sees who is named for one.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.store import closings as store
from core.store.paging import pages_of
from core.usecases import closings
from core.usecases.closings import KINDS, NoClosing
from core.web import asker, pages, typed
from core.web.access import ACCESS
from core.web.clock import now

blueprint = Blueprint("closings", __name__)
SIZE = 50


@blueprint.get("/closings")
def listed() -> Response:
    return pages.page("closings/list.html", **_list())


@blueprint.post("/closings")
def close() -> Response:
    wanted = closings.Wanted(
        local_id=_typed("local-id"),
        kind=request.form.get("kind", ""),
        why=_typed("why"),
        names=_typed("names"),
    )
    said = {n: _typed(n) for n in ("local-id", "why", "names")} | {"kind": wanted.kind}
    try:
        public_id = closings.close(asker.scope(), wanted, now())
    except Refused as refusal:
        return pages.refused("closings/list.html", refusal.findings, **_list(typed=said))
    flash("The record is closed to all but those named.", "success")
    return _back(public_id)


@blueprint.get("/closings/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("closings/page.html", **_one(public_id))


@blueprint.post("/closings/<public_id>/names")
def name(public_id: str) -> Response:
    """Name more people for it, or take one off."""
    context = _one(public_id)
    try:
        if "take-off" in request.form:
            closings.unname(asker.scope(), public_id, request.form["take-off"], now())
            flash("The name is taken off.", "success")
        else:
            closings.name(asker.scope(), public_id, _typed("names"), _typed("why-named"), now())
            flash("They are named.", "success")
    except Refused as refusal:
        context["typed"] = {name: _typed(name) for name in ("names", "why-named")}
        return pages.refused("closings/page.html", refusal.findings, **context)
    except NoClosing:
        abort(404)
    return _back(public_id)


@blueprint.post("/closings/<public_id>/end")
def end(public_id: str) -> Response:
    context = _one(public_id)
    try:
        closings.reopen(asker.scope(), public_id, _typed("why"), now())
    except Refused as refusal:
        context["typed"] = {"why": _typed("why")}
        return pages.refused("closings/page.html", refusal.findings, **context)
    except NoClosing:
        abort(404)
    flash("The record is open again.", "success")
    return redirect(url_for("closings.listed"), 303)  # type: ignore[return-value]


def _typed(name: str) -> str:
    return typed.words(request.form.get(name, "")).strip()


def _list(**more: Any) -> dict[str, Any]:
    scope = asker.scope()
    number = typed.page_number(request.args.get("page", ""))
    rows, total = store.listed(scope, number, SIZE)
    pages.looked_at("closed records", "", page=number, ids=[row.public_id for row, _ in rows])
    return {
        "rows": rows,
        "may_close": ACCESS["closings.close"].allows(scope.roles),
        "total": total,
        "number": number,
        "last": pages_of(total, SIZE),
        "address": lambda n: url_for("closings.listed", page=n),
        "kinds": [{"value": code, "text": words} for code, words in KINDS.items()],
        "typed": {},
        **more,
    }


def _one(public_id: str) -> dict[str, Any]:
    scope = asker.scope()
    closed = store.find(scope, public_id)
    if closed is None:
        abort(404)
    pages.looked_at("closed record", public_id)
    return {"closed": closed, "named": store.named(scope, closed.child_id), "typed": {}}


def _back(public_id: str) -> Response:
    return redirect(url_for("closings.page", public_id=public_id), 303)  # type: ignore[return-value]

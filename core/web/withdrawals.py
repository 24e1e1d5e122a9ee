"""Withdrawing from one item: a member for themself, or as who runs the meeting writes it down."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.usecases import withdrawing
from core.web import asker, item_context, pages
from core.web.clock import now
from core.web.item_context import Open
from core.web.typed import words

blueprint = Blueprint("withdrawals", __name__)
SAID_BY = {"themself": False, "chair": True}


@blueprint.post("/items/<public_id>/withdrawals")
def withdraw(public_id: str) -> Response:
    """Let somebody withdraw; who withdrew themself goes back to the meeting, and sees no more."""
    opened = item_context.seen(public_id)
    if not opened.can_withdraw:
        abort(404)
    typed = {
        name: words(request.form.get(name, "")) for name in ("withdraws", "said-by", "withdraw-why")
    }
    try:
        person = withdrawing.withdraw(
            opened.scope,
            asker.registry(),
            public_id,
            typed["withdraws"],
            SAID_BY.get(typed["said-by"]),
            typed["withdraw-why"],
            now(),
        )
    except Refused as refusal:
        return _refused(public_id, refusal, typed)
    if person.id is not None and person.id == opened.scope.account_id:
        flash("You have withdrawn from this item. You do not see it any more.", "success")
        return redirect(  # type: ignore[return-value]
            url_for("meetings.page", public_id=opened.item.meeting_public_id, _anchor="agenda"), 303
        )
    flash(f"{person.name} has withdrawn from this item.", "success")
    return _back(public_id)


@blueprint.post("/items/<public_id>/withdrawals/end")
def come_back(public_id: str) -> Response:
    opened = item_context.seen(public_id)
    if not opened.runs:
        abort(404)
    withdrawal = request.form.get("withdrawal", "")
    try:
        name = withdrawing.come_back(opened.scope, asker.registry(), public_id, withdrawal, now())
    except Refused as refusal:
        return _refused(public_id, refusal, {})
    flash(f"{name} takes part in this item again.", "success")
    return _back(public_id)


def _refused(public_id: str, refusal: Refused, typed: dict[str, str]) -> Response:
    opened: Open = item_context.seen(public_id)
    context = item_context.context(opened, typed=typed)
    return pages.refused("items/page.html", refusal.findings, **context)


def _back(public_id: str) -> Response:
    return redirect(  # type: ignore[return-value]
        url_for("items.page", public_id=public_id, _anchor="withdrawn"), 303
    )

"""Taking a referral back: the referrer asks, the chair decides; one child of it; and made again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.store import items
from core.usecases import booked_children, taking_back
from core.usecases.case_step import STATE_WORDS
from core.usecases.opening import UnderWay
from core.usecases.starting_again import start_again
from core.web import asker, case_context, item_context, pages
from core.web.clock import now

blueprint = Blueprint("taken_back", __name__)
HEAR, WITHDRAW = "hear", "withdraw"
ITEM = "items/page.html"


def _to(endpoint: str, public_id: str) -> Response:
    return redirect(url_for(endpoint, public_id=public_id), 303)  # type: ignore[return-value]


@blueprint.post("/cases/<public_id>/ask-to-withdraw")
def ask(public_id: str) -> Response:
    opened = case_context.seen(public_id)
    if opened.case.referrer_id != asker.scope().account_id:
        abort(404)
    try:
        taking_back.ask(asker.scope(), public_id, request.form.get("withdraw-reason", ""), now())
    except Refused as refusal:
        return _case_refused(public_id, refusal)
    flash("The chair is asked to withdraw it", "success")
    return _to("cases.page", public_id)


@blueprint.post("/cases/<public_id>/keep")
def keep(public_id: str) -> Response:
    if not case_context.chairs(case_context.seen(public_id)):
        abort(404)
    reason = request.form.get("keep-reason", "")
    try:
        taking_back.keep(asker.scope(), asker.registry(), public_id, reason, now())
    except Refused as refusal:
        return _case_refused(public_id, refusal)
    flash("It stays on the agenda. The referrer sees why", "success")
    return _to("cases.page", public_id)


@blueprint.post("/cases/<public_id>/again")
def again(public_id: str) -> Response:
    opened = case_context.seen(public_id)
    context = case_context.page_context(opened)
    if not context["may_start_again"]:
        abort(404)
    sure = request.form.get("confirm") == "yes"
    try:
        made = start_again(asker.scope(), asker.registry(), public_id, now(), all_the_same=sure)
    except UnderWay as refusal:
        return pages.refused(
            "cases/under_way.html",
            refusal.findings,
            names=", ".join(child.name for child in context["children"]),
            back=url_for("cases.page", public_id=public_id),
            back_words="Back to the case",
            action=url_for("taken_back.again", public_id=public_id),
            there=refusal.there,
            state_words=STATE_WORDS,
        )
    except Refused as refusal:
        return pages.refused("cases/page.html", refusal.findings, **context)
    flash("A new referral is open, with the answers of the withdrawn one", "success")
    return _to("cases.form", made)


def _case_refused(public_id: str, refusal: Refused) -> Response:
    opened = case_context.seen(public_id)
    return pages.refused("cases/page.html", refusal.findings, **case_context.page_context(opened))


@blueprint.post("/items/<public_id>/withdrawal")
def withdraw_item(public_id: str) -> Response:
    """Take the whole case off the agenda."""
    opened = item_context.seen(public_id)
    if not opened.runs:
        abort(404)
    reason = request.form.get("off-reason", "")
    try:
        taking_back.withdraw_item(asker.scope(), asker.registry(), public_id, reason, now())
    except Refused as refusal:
        found = (_field(finding, "reason", "off-reason") for finding in refusal.findings)
        return _item_refused(public_id, found)
    flash("The case is withdrawn from the agenda. It stays there with the reason", "success")
    return _to("items.page", public_id)


@blueprint.post("/items/<public_id>/children/<child_public_id>/hearing")
def decide(public_id: str, child_public_id: str) -> Response:
    """Decide about one child of whom the record says something against being heard."""
    opened = item_context.seen(public_id)
    children = items.children(opened.scope, [opened.item.case_id])
    if not opened.runs or child_public_id not in {child.public_id for child in children}:
        abort(404)
    chosen = request.form.get(f"decision-{child_public_id}", "")
    reason = request.form.get(f"reason-{child_public_id}", "")
    command = (asker.scope(), asker.registry(), public_id, child_public_id, reason, now())
    try:
        if chosen == HEAR:
            booked_children.hear_all_the_same(*command)
            said = "The child is heard all the same. The reason is kept"
        elif chosen == WITHDRAW:
            taking_back.withdraw_child(*command)
            said = "The child is withdrawn. The reason stays on the agenda"
        else:
            raise Refused(Finding("Say whether the child is heard", field="decision"))
    except Refused as refusal:
        names = ("decision", "reason", "child")
        return _item_refused(
            public_id,
            (
                replace(finding, field=f"{finding.field}-{child_public_id}")
                if finding.field in names
                else finding
                for finding in refusal.findings
            ),
        )
    flash(said, "success")
    return _to("items.page", public_id)


def _field(finding: Finding, name: str, shown: str) -> Finding:
    return replace(finding, field=shown) if finding.field == name else finding


def _item_refused(public_id: str, findings: Iterable[Finding]) -> Response:
    context = item_context.context(item_context.seen(public_id))
    context["typed"] = request.form
    return pages.refused(ITEM, findings, **context)

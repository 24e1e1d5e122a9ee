"""How an authority's people sign in: whether each must have one-time codes."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.store import codes, directory
from core.usecases import codes as own_codes
from core.web import asker, pages
from core.web.admin_pages import admin_pages
from core.web.clock import now

blueprint = Blueprint("security", __name__)
CHOICES = ("yes", "no")


@blueprint.get("/admin/security")
def page() -> Response:
    return _page()


def _page(findings: Iterable[Finding] = (), chosen: str = "", status: int = 200) -> Response:
    scope = asker.scope()
    required = codes.required(scope)
    with_codes, everybody = codes.counts(scope)
    return pages.page(
        "account/security.html",
        admin_pages=admin_pages(),
        required=required,
        chosen=chosen or ("yes" if required else "no"),
        with_codes=with_codes,
        everybody=everybody,
        findings=tuple(findings),
        status=status,
    )


@blueprint.post("/staff/<public_id>/codes/off")
def turn_codes_off(public_id: str) -> Response:
    """Turn a colleague's codes off: their telephone is lost."""
    person = directory.person(asker.scope(), public_id)
    if person is None:
        abort(404)
    try:
        own_codes.turn_codes_off(asker.scope(), person.id, now())
    except Refused as refusal:
        return _page(refusal.findings, status=422)
    flash(f"{person.name} has no one-time codes any more.", "success")
    return redirect(url_for("directory.page", public_id=public_id), 303)  # type: ignore[return-value]


@blueprint.post("/admin/security")
def save() -> Response:
    chosen = request.form.get("required", "")
    if chosen not in CHOICES:
        return _page([Finding("Choose whether codes are required", field="required")], status=422)
    try:
        own_codes.require_codes(asker.scope(), chosen == "yes", now())
    except Refused as refusal:
        found = [Finding(finding.message, field="required") for finding in refusal.findings]
        return _page(found, chosen, 422)
    flash(
        "Everybody now signs in with a one-time code."
        if chosen == "yes"
        else "One-time codes are each person’s own choice.",
        "success",
    )
    return redirect(url_for("security.page"), 303)  # type: ignore[return-value]

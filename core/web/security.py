"""How an authority's people sign in: whether each must have one-time codes."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.store import codes
from core.usecases.codes import require_codes
from core.web import asker, pages
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
        required=required,
        chosen=chosen or ("yes" if required else "no"),
        with_codes=with_codes,
        everybody=everybody,
        findings=tuple(findings),
        status=status,
    )


@blueprint.post("/admin/security")
def save() -> Response:
    chosen = request.form.get("required", "")
    if chosen not in CHOICES:
        return _page([Finding("Choose whether codes are required", field="required")], status=422)
    try:
        require_codes(asker.scope(), chosen == "yes", now())
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

"""The page of a link that opens an account: the person chooses a password, once."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, flash, redirect, request, session, url_for

from core.domain.finding import Finding, Refused
from core.usecases.account_links import LinkOver, choose_password, opened
from core.web import pages
from core.web.caller import caller
from core.web.clock import now

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/welcome/<token>")
def page(token: str) -> Response:
    return _page(token)


@blueprint.post("/welcome/<token>")
def choose(token: str) -> Response:
    typed = request.form
    try:
        choose_password(token, typed.get("password", ""), typed.get("again", ""), now(), caller())
    except LinkOver:
        return _over()
    except Refused as refusal:
        return _page(token, refusal.findings, status=422)
    session.clear()
    flash("Your password is chosen. Sign in with it.", "success")
    return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]


def again(token: str) -> Response:
    """The page once more, where its form had been open for too long to be taken."""
    fault = Finding("This page had been open for too long: choose once more", field="password")
    return _page(token, (fault,), status=422)


def _page(token: str, findings: Iterable[Finding] = (), status: int = 200) -> Response:
    try:
        link, found = opened(token, now())
    except LinkOver:
        return _over()
    return pages.page(
        "sign_in/welcome.html",
        token=token,
        link=link,
        account=found,
        findings=tuple(findings),
        status=status,
    )


def _over() -> Response:
    """Used, ended or never made: the same page."""
    return pages.page("sign_in/link_over.html", status=404)

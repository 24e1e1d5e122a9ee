"""A person's own account: their password, their one-time codes, and where they are signed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_login import logout_user

from core.domain.finding import Finding, Refused
from core.store import accounts, sessions
from core.store.accounts import Credentials
from core.usecases import codes as own_codes
from core.usecases import passwords
from core.usecases.tries import TriesRefused
from core.web import asker, pages
from core.web.caller import caller
from core.web.clock import now, real_now
from core.web.sign_in import secret_shown

blueprint = Blueprint("account", __name__)


def _own() -> Credentials:
    found = accounts.credentials_of(asker.scope().account_id or 0)
    assert found is not None  # whoever is signed in has an active account
    return found


@blueprint.get("/account")
def page() -> Response:
    since = now() - timedelta(seconds=asker.MOST_SECONDS)
    return pages.page(
        "account/page.html",
        account=_own(),
        changed_at=accounts.password_changed_at(asker.scope()),
        sessions=sessions.own(asker.scope(), since),
        this_key=asker.session_id().partition(":")[2],
        minutes=asker.parts().settings.session_minutes,
    )


@blueprint.get("/account/password")
def password() -> Response:
    return _password_page()


def _password_page(findings: Iterable[Finding] = (), status: int = 200) -> Response:
    return pages.page(
        "account/password.html", account=_own(), findings=tuple(findings), status=status
    )


@blueprint.post("/account/password")
def change_password() -> Response:
    typed = request.form
    try:
        passwords.change_password(
            asker.scope(),
            typed.get("old_password", ""),
            typed.get("new_password", ""),
            typed.get("again", ""),
            now(),
            caller(),
            session_id=asker.session_id(),
        )
    except Refused as refusal:
        return _password_page(refusal.findings, 422)
    except TriesRefused as refusal:
        return _password_page([Finding(str(refusal), field="old_password")], 422)
    flash("Your password is changed. Your other devices are signed out.", "success")
    return redirect(url_for("account.page"), 303)  # type: ignore[return-value]


@blueprint.get("/account/codes")
def codes() -> Response:
    return _codes_page()


def _codes_page(findings: Iterable[Finding] = (), status: int = 200) -> Response:
    found = _own()
    confirming = bool(found.codes_secret) and found.codes_since is None
    return pages.page(
        "account/codes.html",
        account=found,
        confirming=confirming,
        findings=tuple(findings),
        status=status,
        **(secret_shown(found) if confirming else {}),
    )


@blueprint.post("/account/codes")
def start_codes() -> Response:
    try:
        own_codes.start_codes(asker.scope(), now())
    except Refused as refusal:
        return _codes_page(refusal.findings, 422)
    return redirect(url_for("account.codes"), 303)  # type: ignore[return-value]


@blueprint.post("/account/codes/confirm")
def confirm_codes() -> Response:
    try:
        own_codes.confirm_codes(
            asker.scope(),
            request.form.get("code", ""),
            real_now(),
            now(),
            caller(),
            session_id=asker.session_id(),
        )
    except Refused as refusal:
        return _codes_page(refusal.findings, 422)
    except TriesRefused as refusal:
        return _codes_page([Finding(str(refusal), field="code")], 422)
    flash("One-time codes are on. You are asked for one whenever you sign in.", "success")
    return redirect(url_for("account.page"), 303)  # type: ignore[return-value]


@blueprint.post("/account/codes/off")
def turn_codes_off() -> Response:
    try:
        stays = own_codes.turn_own_codes_off(
            asker.scope(), request.form.get("password", ""), now(), caller()
        )
    except Refused as refusal:
        return _codes_page(refusal.findings, 422)
    except TriesRefused as refusal:
        return _codes_page([Finding(str(refusal), field="password")], 422)
    if not stays:
        logout_user()
        session.clear()
        flash(
            "Your one-time codes are off, and your authority requires them: sign in again, and set "
            "them up before anything else.",
            "important",
        )
        return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]
    flash("One-time codes are off.", "success")
    return redirect(url_for("account.codes"), 303)  # type: ignore[return-value]

"""Signing in and out; what was typed into a form whose session had ended is offered back."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from core.store import accounts
from core.usecases.sign_in import SignInRefused, sign_in, sign_out
from core.web import asker, pages
from core.web.clock import now, today

blueprint = Blueprint("sign_in", __name__)
KEPT_MOST = 200_000


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail and password."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your e-mail address")],
    )
    password = PasswordField(
        "Password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password")]
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


def ask_to_sign_in() -> Response:
    """Show the sign-in page in place of the one asked for, keeping what was typed into a form.

    The text travels in the page itself and comes back with the password; nothing of it is stored
    while nobody is signed in. An htmx request gets 401 with the whole page to put in place.
    """
    if request.method == "GET":
        target, kept = request.full_path.rstrip("?"), ""
        if request.headers.get("HX-Request"):
            target = _local(request.headers.get("HX-Current-URL", "")) or target
    else:
        came_from = request.headers.get("HX-Current-URL", "") or request.referrer or ""
        target, kept = _local(came_from), _typed()
    response = _form_page(SignInForm(formdata=None), next_page=target, kept=kept, status=401)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _typed() -> str:
    """What was typed, as JSON: the address it was sent to and its fields, without tokens."""
    fields = [
        [name, value]
        for name in request.form
        if name not in {"csrf_token", "password"}
        for value in request.form.getlist(name)
    ]
    address = request.full_path.rstrip("?")
    kept = json.dumps({"to": address, "fields": fields})
    return kept if fields and len(kept) <= KEPT_MOST else ""


def _local(address: str) -> str:
    """The path and query of an address of this site; "" for any other."""
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != request.host:
        return ""
    if not parts.path.startswith("/") or parts.path.startswith("//") or "\\" in parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _form_page(form: SignInForm, *, next_page: str, kept: str, status: int = 200) -> Response:
    return pages.page("sign_in/page.html", form=form, next_page=next_page, kept=kept, status=status)


@blueprint.get("/sign-in")
def page() -> Response:
    return _form_page(SignInForm(formdata=None), next_page=request.args.get("next", ""), kept="")


@blueprint.post("/sign-in")
def enter() -> Response:
    form = SignInForm()
    next_page = _local(request.form.get("next_page", ""))
    kept = request.form.get("kept", "")[:KEPT_MOST]
    if not form.validate():
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    try:
        session_id = sign_in(form.email.data or "", form.password.data or "", now())
    except SignInRefused as refusal:
        form.password.errors = [str(refusal)]
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    session.clear()
    person = accounts.signed_in(session_id, today())
    if person is None:
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    session.permanent = True
    login_user(asker.User(person))
    if kept and (offer := _offer(kept, next_page)) is not None:
        return offer
    return redirect(next_page or url_for("home.page"), 303)  # type: ignore[return-value]


def _offer(kept: str, next_page: str) -> Response | None:
    """The page that shows what was typed and sends it where it was going, once signed in again."""
    try:
        data = json.loads(kept)
        address = _local(str(data["to"]))
        fields = [(str(name), str(value)) for name, value in data["fields"]]
    except (ValueError, KeyError, TypeError):
        current_app.logger.info("kept text came back changed and was left out")
        return None
    if not address or not fields:
        return None
    return pages.page("sign_in/kept.html", address=address, fields=fields, next_page=next_page)


@blueprint.post("/sign-out")
def leave() -> Response:
    person = asker.person()
    if person is not None:
        sign_out(person.scope, now())
        logout_user()
    session.clear()
    return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]

"""Signing in and out; what was typed into a form whose session had ended is offered back."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from core.store import accounts
from core.usecases.sign_in import SignInRefused, sign_in, sign_out
from core.web import asker, kept_text, pages
from core.web.clock import now, today

blueprint = Blueprint("sign_in", __name__)
WHOSE = "whose"
MONTH = 30 * 24 * 60 * 60


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
    while nobody is signed in. An htmx request gets 401 with the whole page to put in place, into
    which the script puts what stands in the whole form.
    """
    if request.method == "GET":
        target, kept = request.full_path.rstrip("?"), ""
        if request.headers.get("HX-Request"):
            target = _local(request.headers.get("HX-Current-URL", "")) or target
    else:
        came_from = request.headers.get("HX-Current-URL", "") or request.referrer or ""
        target, kept = _local(came_from), kept_text.typed(request)
    response = _form_page(SignInForm(formdata=None), next_page=target, kept=kept, status=401)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _local(address: str) -> str:
    """The path and query of an address of this site; "" for any other, or what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc and parts.netloc != request.host:
        return ""
    if not parts.path.startswith("/") or parts.path.startswith("//") or "\\" in parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _form_page(form: SignInForm, *, next_page: str, kept: str, status: int = 200) -> Response:
    return pages.page(
        "sign_in/page.html",
        form=form,
        next_page=next_page,
        kept=kept,
        whose=request.form.get("whose", "") or request.cookies.get(WHOSE, ""),
        status=status,
    )


def again() -> Response:
    """The sign-in page, where its own form had been open for too long to be taken."""
    form = SignInForm(formdata=None)
    form.email.data = request.form.get("email", "")
    form.email.errors = ["This page had been open for too long: sign in once more"]
    return _form_page(
        form,
        next_page=_local(request.form.get("next_page", "")),
        kept=request.form.get("kept", "")[: kept_text.MOST],
        status=422,
    )


def offer_again() -> Response | None:
    """What was typed into a page that was open for too long, to be sent once more."""
    offered = kept_text.read(kept_text.typed(request))
    if offered is None or not offered.fields:
        return None
    return _offer(offered, offered.address, _local(request.referrer or ""), status=422)


@blueprint.get("/sign-in")
def page() -> Response:
    target = _local(request.args.get("next", ""))
    return _form_page(SignInForm(formdata=None), next_page=target, kept="")


@blueprint.post("/sign-in")
def enter() -> Response:
    form = SignInForm()
    next_page = _local(request.form.get("next_page", ""))
    kept = request.form.get("kept", "")[: kept_text.MOST]
    if not form.validate():
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    try:
        session_id = sign_in(form.email.data or "", form.password.data or "", now())
    except SignInRefused as refusal:
        form.password.errors = [str(refusal)]
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session that has just been cleared
    person = accounts.signed_in(session_id, today())
    if person is None:
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    session.permanent = True
    login_user(asker.User(person))
    return _with_whose(_onwards(kept, next_page, request.form.get("whose", ""), session_id))


def _onwards(kept: str, next_page: str, whose: str, session_id: str) -> Response:
    """Where somebody goes who has signed in: to what they had typed, where it was theirs."""
    offered = kept_text.read(kept)
    address = _local(offered.address) if offered is not None else ""
    if offered is None or not address or not offered.fields:
        return redirect(next_page or url_for("home.page"), 303)  # type: ignore[return-value]
    if whose != asker.mark(session_id):
        flash(
            "What had been typed was not yours, so far as is known: it was not kept.", "important"
        )
        return redirect(url_for("home.page"), 303)  # type: ignore[return-value]
    return _offer(offered, address, next_page)


def _offer(offered: kept_text.Kept, address: str, next_page: str, status: int = 200) -> Response:
    return pages.page(
        "sign_in/kept.html",
        address=address,
        fields=offered.fields,
        shown=kept_text.shown(offered.fields),
        next_page=next_page,
        status=status,
    )


def _with_whose(response: Response) -> Response:
    """Remember whose session this is, so that another person is not offered what they typed."""
    response.set_cookie(
        WHOSE,
        asker.mark(asker.session_id()),
        max_age=MONTH,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@blueprint.post("/sign-out")
def leave() -> Response:
    person = asker.person()
    if person is not None:
        sign_out(person.scope, now())
        logout_user()
    session.clear()
    return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]

"""Signing in and out: the password, then the code; what was typed before is carried along."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import segno
from flask import Blueprint, Response, current_app, flash, g, redirect, request, session, url_for
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from core.domain.finding import Finding
from core.store import accounts, authorities
from core.store.accounts import Credentials, SignedIn
from core.store.database import OperationalError, is_full
from core.usecases import sign_in as doors
from core.usecases.codes import address_of
from core.usecases.sign_in import AgainFromStart, Half, SignInRefused, TriesRefused
from core.web import asker, kept_text, offered, pages
from core.web.caller import caller
from core.web.clock import now, real_now, today
from core.web.offered import local

blueprint = Blueprint("sign_in", __name__)
WHOSE = "whose"
MONTH = 30 * 24 * 60 * 60
HALF = "half"
HALF_SECONDS = 10 * 60
NOT_NOTED = (
    "You are signed out in this browser. The service has no room left to note it: tell whoever "
    "runs this service"
)
TOO_LATE = "That took too long, or your password was changed meanwhile: sign in once more"


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
        target, kept, files = request.full_path.rstrip("?"), "", list[str]()
        if request.headers.get("HX-Request"):
            target = local(request.headers.get("HX-Current-URL", "")) or target
    else:
        came_from = request.headers.get("HX-Current-URL", "") or request.referrer or ""
        target, kept = local(came_from), kept_text.typed(request)
        files = kept_text.files_of(request)
    response = _form_page(
        SignInForm(formdata=None), next_page=target, kept=kept, files=files, status=401
    )
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _form_page(
    form: SignInForm, *, next_page: str, kept: str, files: Iterable[str] = (), status: int = 200
) -> Response:
    whose = _whose()
    # The script of the page that asked fills in both: it knows whose page that was.
    tied = bool(whose) or bool(request.headers.get("HX-Request"))
    return pages.page(
        "sign_in/page.html",
        form=form,
        next_page=next_page,
        kept=kept if tied else "",
        lost=bool(kept) and not tied,
        files=tuple(files) or offered.files_of(kept),
        whose=whose,
        made_up=any(row.demo for row in authorities.every()),
        status=status,
    )


def _whose() -> str:
    return request.form.get("whose", "") or request.cookies.get(WHOSE, "")


def again(
    why: str = "This page had been open for too long: sign in once more", status: int = 422
) -> Response:
    """The sign-in page with all that it carries, where its own form could not be taken."""
    form = SignInForm(formdata=None)
    form.email.data = request.form.get("email", "")
    form.email.errors = [why]
    return _form_page(
        form,
        next_page=local(request.form.get("next_page", "")),
        kept=offered.kept(),
        status=status,
    )


@blueprint.get("/sign-in")
def page() -> Response:
    target = local(request.args.get("next", ""))
    return _form_page(SignInForm(formdata=None), next_page=target, kept="")


@blueprint.post("/sign-in")
def enter() -> Response:
    form = SignInForm()
    next_page = local(request.form.get("next_page", ""))
    kept = offered.kept()
    if not form.validate():
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    try:
        entered = doors.sign_in(form.email.data or "", form.password.data or "", now(), caller())
    except (SignInRefused, TriesRefused) as refusal:
        form.password.errors = [str(refusal)]
        return _form_page(form, next_page=next_page, kept=kept, status=422)
    if isinstance(entered, Half):
        _forget_session()
        session[HALF] = [entered.account_id, entered.proof, entered.sets_up, int(time.time())]
        return _code_page(entered, doors.half_signed_in(entered))
    return _signed_in(entered)


def _forget_session() -> None:
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session that has just been cleared


def _signed_in(session_id: str) -> Response:
    """Begin the browser's session, and go on to where the person was going."""
    _forget_session()
    person = accounts.signed_in(session_id, today())
    if person is None:
        return again(TOO_LATE)
    asker.begin(person)
    login_user(asker.User(person))
    next_page = local(request.form.get("next_page", ""))
    return _with_whose(offered.onwards(next_page, session_id))


def _half() -> Half | None:
    """Whose password was right in this browser, in the last ten minutes."""
    kept = session.get(HALF)
    if not isinstance(kept, list) or len(kept) != 4 or time.time() - kept[3] > HALF_SECONDS:
        return None
    return Half(kept[0], kept[1], kept[2])


def _code_page(half: Half, found: Credentials, *faults: str, status: int = 200) -> Response:
    """The page that asks for the code, with the secret where codes are set up."""
    more: dict[str, Any] = {}
    if half.sets_up:
        more = secret_shown(found)
    return pages.page(
        "sign_in/set_up.html" if half.sets_up else "sign_in/code.html",
        findings=tuple(Finding(fault, field="code") for fault in faults),
        next_page=local(request.form.get("next_page", "")),
        kept=offered.kept() if _whose() else "",
        files=offered.files_of(offered.kept()),
        whose=_whose(),
        authority_name=found.authority_name,
        status=status,
        **more,
    )


def secret_shown(found: Credentials) -> dict[str, str]:
    """A secret as an app takes it: as a picture, and as letters in groups of four."""
    address = address_of(found.codes_secret, found.email, found.authority_name)
    letters = found.codes_secret
    return {
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        "letters": " ".join(letters[start : start + 4] for start in range(0, len(letters), 4)),
    }


@blueprint.post("/sign-in/code")
def code() -> Response:
    half = _half()
    if half is None:
        return again(TOO_LATE)
    step = doors.set_codes_up if half.sets_up else doors.enter_code
    typed = request.form.get("code", "")
    try:
        session_id = step(half, typed, real_now(), now(), caller())
    except AgainFromStart:
        _forget_session()
        return again(TOO_LATE)
    except (SignInRefused, TriesRefused) as refusal:
        return _code_page(half, doors.half_signed_in(half), str(refusal), status=422)
    return _signed_in(session_id)


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
    person, noted = asker.person(), True
    if person is not None:
        noted = _noted(person)
        logout_user()
    session.clear()
    if not noted:
        flash(NOT_NOTED, "important")
    return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]


def _noted(person: SignedIn) -> bool:
    """Whether the end of a session was written; a browser forgets it where there is no room."""
    try:
        doors.sign_out(person.scope, person.session_id, now())
    except OperationalError as fault:
        if not is_full(fault):
            raise
        return False
    return True


@blueprint.post("/sign-out-everywhere")
def leave_everywhere() -> Response:
    doors.sign_out_everywhere(asker.scope(), now())
    logout_user()
    session.clear()
    flash("You are signed out on every device.", "success")
    return redirect(url_for("sign_in.page"), 303)  # type: ignore[return-value]


@blueprint.get("/session/stay")
def stay() -> Response:
    """Go on with the session: the answer brings its cookie anew, as every answer does."""
    return Response("You stay signed in.", mimetype="text/plain")

"""Where somebody goes on to once signed in: to an address of this site, or to what was typed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from core.web import asker, kept_text, pages
from core.web.page_names import name_of

HERE = "What you typed is here"
ENDED = "Your session had ended before this could be saved. Save it now, or go back without saving."


def local(address: str) -> str:
    """The path and query of an address of this site; "" for any other, or what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc and parts.netloc != request.host:
        return ""
    if not parts.path.startswith("/") or "//" in parts.path or "\\" in parts.path:
        return ""
    if ".." in parts.path.split("/"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def page_of(address: str) -> str:
    """The address where it is that of a page to be looked at; "" otherwise, or for signing in."""
    try:
        endpoint, _ = current_app.url_map.bind(request.host).match(
            urlsplit(address).path, method="GET"
        )
    except HTTPException:
        return ""
    return "" if not address or endpoint.startswith(("sign_in.", "static")) else address


def kept() -> str:
    """The text that a sign-in page carries, as it came back."""
    return request.form.get("kept", "")[: kept_text.MOST]


def files_of(kept: str) -> tuple[str, ...]:
    """The names of the files that were on a form whose text a page carries."""
    typed = kept_text.read(kept)
    return typed.files if typed is not None else ()


def _goes_to(address: str) -> str:
    """The name of the page to which a form is sent; "" where no form is."""
    try:
        urls = current_app.url_map.bind(request.host)
        endpoint, _ = urls.match(urlsplit(address).path, method="POST")
    except HTTPException:
        return ""
    return name_of(endpoint)


def _paper_kinds() -> dict[str, str]:
    """The titles of the kinds of paper of every procedure, by their codes; nothing is looked up."""
    return {
        paper.code: paper.title
        for registered in asker.registry()
        for paper in registered.procedure.papers
    }


def onwards(next_page: str, session_id: str) -> Response:
    """Where somebody goes who has signed in: to what they had typed, where it was theirs."""
    typed = kept_text.read(kept())
    address = local(typed.address) if typed is not None else ""
    if typed is None or not address or not typed.fields:
        return redirect(page_of(next_page) or url_for("home.page"), 303)  # type: ignore[return-value]
    if request.form.get("whose", "") != asker.mark(session_id):
        flash(
            "What had been typed was not yours, so far as is known: it was not kept.", "important"
        )
        return redirect(url_for("home.page"), 303)  # type: ignore[return-value]
    return _offer(typed, address, next_page)


def offer_again(
    heading: str = HERE,
    words: str = ENDED,
    status: int = 422,
    *,
    address: str | None = None,
    next_page: str = "",
) -> Response | None:
    """What was typed into a page that was open for too long, to be sent once more.

    ``address`` is where it is sent instead; with "" it is shown, and can be sent nowhere.
    """
    typed = kept_text.read(kept_text.typed(request))
    if typed is None or not typed.fields:
        return None
    to = typed.address if address is None else address
    back = next_page or local(request.referrer or "")
    return _offer(typed, to, back, heading, words, status)


def _offer(
    typed: kept_text.Kept,
    address: str,
    next_page: str,
    heading: str = HERE,
    words: str = ENDED,
    status: int = 200,
) -> Response:
    return pages.page(
        "sign_in/kept.html",
        heading=heading,
        words=words,
        address=address,
        fields=typed.fields,
        shown=kept_text.shown(typed.fields, _paper_kinds()),
        files=typed.files,
        goes_to=_goes_to(address),
        next_page=next_page,
        status=status,
    )

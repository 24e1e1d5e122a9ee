"""An address of a record that is now part of another: led there, with what was typed."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for

from core.store import merges
from core.web import asker, offered
from core.web.access import ACCESS

NAMED = ("public_id", "other_public_id")
PART_OF = "This record is now part of another"
NOT_KEPT = (
    "Somebody has merged this record into another of the same child since the page was shown. "
    "Nothing of what you sent was saved. What you typed is here: save it on the record that is "
    "kept, or go back without saving."
)
ONE = "These two records are one already"
ONE_ALREADY = (
    "Somebody else has merged them since the page was shown. Nothing of what you sent was saved."
)


def now_part_of() -> Response | None:
    """The answer where a record that was named is now part of one that the asker sees.

    A page is led to the same page of that record; what was typed is offered back, to be saved
    there. None for every other address, which says nothing of what is there.
    """
    person, endpoint = asker.person(), request.endpoint
    if not str(request.url_rule).startswith("/children/<public_id>") or "\x00" in request.path:
        return None
    if person is None or endpoint is None or not ACCESS[endpoint].allows(person.roles):
        return None
    given = dict(request.view_args or {})
    led = {
        name: kept
        for name in NAMED
        if (kept := merges.kept_public_id(person.scope, str(given.get(name, ""))))
    }
    if not led:
        return None
    given |= led
    if given.get("other_public_id") == given["public_id"]:
        made = url_for("merges.made", public_id=given["public_id"])
        return _led(made) if _only_looks() else _offered(ONE, ONE_ALREADY, "", made)
    address = url_for(endpoint, **given) + _query()
    return (
        _led(address)
        if _only_looks()
        else _offered(
            PART_OF, NOT_KEPT, address, url_for("children.page", public_id=given["public_id"])
        )
    )


def _offered(heading: str, words: str, address: str, page: str) -> Response:
    """What was typed, to be sent to another address; where nothing was, the page of the record."""
    shown = offered.offer_again(heading, words, status=409, address=address, next_page=page)
    if shown is None:
        flash(f"{heading}: nothing was saved.", "important")
    return shown or _led(page)


def _only_looks() -> bool:
    return request.method in ("GET", "HEAD")


def _query() -> str:
    query = request.query_string.decode("ascii", "ignore")
    return f"?{query}" if query else ""


def _led(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]

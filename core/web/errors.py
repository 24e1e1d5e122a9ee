"""What a person sees when something goes wrong; nothing of the record stands in it."""

from __future__ import annotations

import errno

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.store.database import OperationalError, db, is_full, passes
from core.web import asker, merged, offered, pages, sign_in, welcome
from core.web.too_large import too_large

SHOWN = (400, 404, 429, 500)
BUSY = "Somebody else was first, or the system is busy"
BUSY_AT_THE_DOOR = "The system is busy: sign in again, or wait a minute first"
NOT_KEPT = (
    "Nothing of what you sent was saved. It is here: send it again, or go back without saving."
)
NO_ROOM = "There is no room left"
NO_ROOM_KEPT = (
    "The service has no room left to keep what you sent; what was there before is as it was. Tell "
    "whoever runs this service. What you typed is here: copy it, or leave this page open and send "
    "it again later."
)
NO_ROOM_AT_THE_DOOR = (
    "The service has no room left, so nobody can sign in. Tell whoever runs this service, and "
    "leave this page open to try again later"
)
DOORS = ("sign_in.enter", "sign_in.code")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def attach(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(OperationalError, _of_the_database)


def _stale_form(error: CSRFError) -> Response:
    """A form sent after its session ended: sign in, and what was typed is offered back."""
    if request.endpoint in DOORS:
        return sign_in.again()
    if request.endpoint == "welcome.choose":
        return welcome.again(str((request.view_args or {})["token"]))
    if asker.person() is None:
        return sign_in.ask_to_sign_in()
    return offered.offer_again() or pages.page("errors/400.html", status=400)


def _of_the_database(fault: OperationalError) -> Response:
    """Two that wait for each other, a database that is busy or full: a fault of nobody."""
    if is_full(fault):
        return _full()
    if passes(fault):
        return _busy(fault)
    raise fault


def _plain(error: HTTPException) -> Response:
    code = error.code or 500
    if code >= 500:
        fault = getattr(error, "original_exception", None)
        if isinstance(fault, OperationalError) and passes(fault) and not is_full(fault):
            return _busy(fault)
        return _full() if _no_room(error) else _broken()
    if 300 <= code < 400:
        return error.get_response()  # type: ignore[return-value]
    if code == 413:
        return too_large()
    if code == 404 and (led := merged.now_part_of()) is not None:
        return led
    shown = code if code in SHOWN else (404 if code < 500 else 500)
    return pages.page(f"errors/{shown}.html", status=code if code != 405 else 404)


def _no_room(error: HTTPException) -> bool:
    """Whether a fault is that nothing more can be written: the disk is full."""
    fault = getattr(error, "original_exception", None)
    full = isinstance(fault, OSError) and fault.errno in FULL
    return full or (isinstance(fault, OperationalError) and is_full(fault))


def _full() -> Response:
    """The page where there is no room left; what was typed is on it, to be sent again."""
    sends = request.method == "POST"
    try:
        db.session.rollback()
        shown = None
        if request.endpoint in DOORS:
            shown = sign_in.again(NO_ROOM_AT_THE_DOOR, status=507)
        elif sends and asker.person() is not None:
            shown = offered.offer_again(NO_ROOM, NO_ROOM_KEPT, status=507)
        return shown or pages.page("errors/507.html", sends=sends, status=507)
    except Exception:
        return Response(f"{NO_ROOM}.", status=507, mimetype="text/plain")


def _busy(fault: OperationalError) -> Response:
    """The page where sending it again helps: what was typed is on it, to be sent again."""
    # The kind alone: the words of a fault can name what was looked for.
    current_app.logger.warning("the database was busy: %s", type(fault.orig).__name__)
    try:
        db.session.rollback()
        offered_again = None
        if request.endpoint in DOORS:
            offered_again = sign_in.again(BUSY_AT_THE_DOOR, status=503)
        elif request.method == "POST" and asker.person() is not None:
            offered_again = offered.offer_again(BUSY, NOT_KEPT, status=503)
        return offered_again or pages.page("errors/503.html", status=503)
    except Exception:
        return Response(f"{BUSY}: send it again.", status=503, mimetype="text/plain")


def _broken() -> Response:
    """The page for a fault of ours; where even that cannot be made, its words alone."""
    try:
        db.session.rollback()
        return pages.page("errors/500.html", status=500)
    except Exception:
        current_app.logger.exception("the page for a fault could not be made")
        return Response(
            "Sorry, there is a problem with the service. Nothing you saved before is lost. "
            "Try again later.",
            status=500,
            mimetype="text/plain",
        )

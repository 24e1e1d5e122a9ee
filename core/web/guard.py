"""What happens around every request: access, the transaction's kind, audit of looks, headers."""

from __future__ import annotations

from datetime import timedelta

import secure
from flask import Flask, Response, abort, current_app, g, request
from secure import (
    CacheControl,
    ContentSecurityPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from core.store import audit, audit_trail, database
from core.web import asker
from core.web.access import ACCESS
from core.web.asked_for import asked_for
from core.web.clock import now
from core.web.sign_in import ask_to_sign_in

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SHOWING = frozenset({200, 422})
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
MOST_REFUSALS = 100
FORM_MOST = 4 * 1024 * 1024
PAPER_UPLOADS = frozenset(
    {
        "papers.add_to_child",
        "papers.add_to_case",
        "papers.add_to_meeting",
        "papers.add_version",
        "planning_views.add_file",
    }
)
UPLOADS = PAPER_UPLOADS | {"imports.upload"}

POLICY = (
    ContentSecurityPolicy()
    .default_src("'self'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "data:")
    .form_action("'self'")
    .base_uri("'none'")
    .object_src("'none'")
    .frame_ancestors("'none'")
)


class RouteWithoutAccess(Exception):
    """A route that the access table does not name, or a line of it without a route."""


def attach(app: Flask) -> None:
    """Put the guard around every request of an app."""
    app.before_request(_read_safely)
    app.before_request(_begin)
    app.before_request(_admit)
    app.after_request(_note_looks)
    app.after_request(_note_refusal)
    headers = _headers(strict_transport=asker_settings_secure(app))

    @app.after_request
    def _harden(response: Response) -> Response:
        return _with_headers(response, headers)


def check_every_route(app: Flask) -> None:
    """Refuse to start where a route has no access decision, or a decision no route."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if missing := sorted(routes - set(ACCESS)):
        raise RouteWithoutAccess(f"no access decision for: {', '.join(missing)}")
    if unused := sorted(set(ACCESS) - routes):
        raise RouteWithoutAccess(f"an access decision for no route: {', '.join(unused)}")


def asker_settings_secure(app: Flask) -> bool:
    return bool(app.extensions["permanence"].settings.secure_cookies)


def _read_safely() -> None:
    """What no person can type is refused at the door: null bytes, bodies that are no form."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(404)
    if request.method in SAFE_METHODS:
        return
    if request.endpoint in PAPER_UPLOADS:
        settings = current_app.extensions["permanence"].settings
        request.max_content_length = 4 * settings.paper_most_bytes + FORM_MOST
    elif request.endpoint not in UPLOADS:
        request.max_content_length = FORM_MOST
    if request.content_length and request.mimetype not in FORMS:
        abort(400)
    texts = (text for name in request.form for text in (name, *request.form.getlist(name)))
    if any("\x00" in text for text in texts):
        abort(400)


def _begin() -> None:
    """A request that may change something takes the write lock before it reads anything.

    An upload does not: it may take minutes to arrive, and its one change is a short one at the end.
    """
    database.intend_to_write(request.method not in SAFE_METHODS and request.endpoint not in UPLOADS)


def _admit() -> Response | None:
    if request.endpoint is None:
        return None
    access = ACCESS[request.endpoint]
    if access.open:
        return None
    person = asker.person()
    if person is None:
        return ask_to_sign_in()
    if not access.allows(person.roles):
        abort(404)
    return None


def _note_looks(response: Response) -> Response:
    looks = [*getattr(g, "looks", ())]
    for (subject, subject_id, which), (filters, children) in getattr(g, "lists", {}).items():
        detail = {"list": which, **filters, "children": sorted(children)}
        looks.append((subject, subject_id, detail))
    person = asker.person() if looks else None
    if looks and person is not None and response.status_code in SHOWING:
        audit.looked(person.scope, now(), looks)
    return response


def _note_refusal(response: Response) -> Response:
    """Note who asked for what is not theirs, or is not there: which of the two is not told.

    The same again within an hour is not noted again, nor are more than a hundred.
    """
    endpoint = request.endpoint
    if response.status_code != 404 or endpoint is None or ACCESS[endpoint].open:
        return response
    person = asker.person()
    if person is None:
        return response
    subject, subject_id = asked_for(str(request.url_rule), request.view_args or {})
    asked = (subject, subject_id, f"{request.method} {endpoint}")
    hour_ago = now() - timedelta(hours=1)
    if not audit_trail.refused_lately(person.scope, hour_ago, MOST_REFUSALS, asked):
        audit.refused(person.scope, now(), *asked)
    return response


def _headers(*, strict_transport: bool) -> Secure:
    return Secure(
        csp=POLICY,
        cache=CacheControl().no_store(),
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(31536000) if strict_transport else None,
    )


def _with_headers(response: Response, headers: secure.Secure) -> Response:
    """Everything but static files is never kept by a browser, and varies with htmx's header."""
    kept = response.headers.get("Cache-Control")
    for name, value in headers.headers.items():
        response.headers[name] = value
    if request.endpoint == "static":
        response.headers["Cache-Control"] = kept or "public, max-age=3600"
    else:
        response.headers["Vary"] = "HX-Request, Cookie"
    return response

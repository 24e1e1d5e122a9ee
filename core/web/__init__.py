"""HTTP in, HTML out: a module a noun."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from htmx_flask import Htmx
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from core.settings import Settings
from core.web import asker, by_itself, errors, filters, guard, reasons
from core.web.navigation import navigation
from core.web.nouns import BLUEPRINTS

csrf = CSRFProtect()
htmx = Htmx()


def attach(app: Flask) -> None:
    """Give an app its pages; ``app.extensions["permanence"]`` holds its parts already."""
    settings: Settings = app.extensions["permanence"].settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_minutes),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=4  # one file too large is named, not cut
        * max(settings.import_most_bytes, settings.paper_most_bytes)
        + guard.FORM_MOST,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
    )
    app.jinja_loader = ChoiceLoader(
        [
            app.jinja_loader,  # type: ignore[list-item]
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    filters.attach(app)
    app.session_interface = by_itself.Sessions()
    asker.login.init_app(app)
    htmx.init_app(app)
    guard.attach(app)
    csrf.init_app(app)
    WTFormsHelpers(app)
    errors.attach(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(lambda: {"person": asker.person(), "navigation": navigation()})
    app.jinja_env.globals["session_minutes"] = lambda: settings.session_minutes
    app.jinja_env.globals["session_seconds_left"] = asker.seconds_left
    app.jinja_env.globals["whose_mark"] = lambda: asker.mark(asker.session_id())
    app.jinja_env.globals["opened_here"] = reasons.opened_here
    guard.check_every_route(app)

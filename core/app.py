"""create_app: plugins, database, templates and pages put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from core import registry, web
from core.settings import Settings
from core.store import database, tables
from core.usecases import reckoning
from core.web.asker import Parts

ROOT = Path(__file__).parent.parent


def create_app(settings: Settings, plugins: Mapping[str, object] | None = None) -> Flask:
    """Make the app; without ``plugins`` those that are installed. A faulty plugin stops it."""
    procedures = registry.collect(registry.installed() if plugins is None else plugins)
    app = Flask(
        "core",
        root_path=str(ROOT / "core" / "web"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "core" / "web" / "static"),
    )
    app.extensions["permanence"] = Parts(settings, procedures)
    database.attach(app, settings.database_url)
    web.attach(app)
    with app.app_context():
        reckoning.attach(procedures)
    return app


assert tables  # every table is known to the metadata before a database is asked for

"""An app with the plugins of two other authorities and of both PPM standards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import OwnContext, settings
from flask import Flask

import plugins.bcp
import plugins.ppm_guidance
import plugins.somerset
from core.app import create_app
from core.store.database import db

NAMED = {
    "somerset": plugins.somerset,
    "bcp": plugins.bcp,
    "ppm_guidance": plugins.ppm_guidance,
}


@contextmanager
def other_authorities(folder: Path, url: str) -> Iterator[Flask]:
    """The app on a fresh database, its context pushed; forms need no token."""
    app = create_app(settings(folder, url), NAMED)
    app.testing = True
    app.test_client_class = OwnContext
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()

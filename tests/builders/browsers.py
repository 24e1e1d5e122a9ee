"""A browser for tests whose every request stands alone, though the test's own context is pushed."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.testing import FlaskClient

from core.store.database import db, intend_to_write


class Browser(FlaskClient):
    """Forgets between requests what a request of its own would not know: who asked before."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        db.session.rollback()
        try:
            return super().open(*args, **kwargs)
        finally:
            db.session.rollback()
            intend_to_write(False)

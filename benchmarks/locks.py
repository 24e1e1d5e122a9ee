"""How long writing keeps others waiting: told by transactions, and by somebody who waits."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from flask import Flask

from core import worker
from core.store import audit
from core.store.database import DBAPIError, db, writing
from core.store.scope import Scope

EVERY = 0.1


class Transactions:
    """The longest transaction that wrote, from its begin until its commit has come back.

    ``computing`` are the seconds of it in which this process had a processor: what it would take
    at least where nothing else runs.
    """

    def __init__(self) -> None:
        self.longest, self.computing = 0.0, 0.0
        self._open: dict[int, tuple[float, float, bool]] = {}
        self._dialect = db.engine.dialect
        self._commit = self._dialect.do_commit
        self._dialect.do_commit = self._committed  # type: ignore[method-assign, assignment]
        sa.event.listen(db.engine, "begin", self._begun)
        sa.event.listen(db.engine, "before_cursor_execute", self._statement)

    def _begun(self, connection: Any) -> None:
        self._open[threading.get_ident()] = (*_now(), False)

    def _statement(self, _c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            began, worked, _ = self._open.get(threading.get_ident(), (*_now(), False))
            self._open[threading.get_ident()] = (began, worked, True)

    def _committed(self, connection: Any) -> None:
        self._commit(connection)
        began, worked, wrote = self._open.pop(threading.get_ident(), (0.0, 0.0, False))
        now, done = _now()
        if wrote and now - began > self.longest:
            self.longest, self.computing = now - began, done - worked

    def stop(self) -> None:
        self._dialect.do_commit = self._commit  # type: ignore[method-assign, assignment]
        sa.event.remove(db.engine, "begin", self._begun)
        sa.event.remove(db.engine, "before_cursor_execute", self._statement)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.thread_time()


class Waiting:
    """Somebody of the same authority who saves something ten times a second, and how they wait."""

    def __init__(self, app: Flask, scope: Scope) -> None:
        self.longest, self.saved = 0.0, 0
        self._app, self._scope = app, scope
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._save, daemon=True)
        self._thread.start()

    def _save(self) -> None:
        with self._app.app_context():
            while not self._stop.wait(EVERY):
                began = time.perf_counter()
                with suppress(DBAPIError), writing():
                    audit.changed(self._scope, worker.now(), "benchmark", "benchmark", "")
                self.longest = max(self.longest, time.perf_counter() - began)
                self.saved += 1
            db.session.remove()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

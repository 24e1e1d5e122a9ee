"""How long writing keeps others waiting: told by transactions, and by somebody who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from flask import Flask

from core import worker
from core.store import audit, authorities
from core.store.database import DBAPIError, db, writing
from core.store.scope import Scope

EVERY = 0.1


class Transactions:
    """The longest transaction that wrote, from its begin until its commit has come back.

    Only those of the thread that measures: one who waits has a transaction open as long.
    ``computing`` are the seconds of it in which this process had a processor: what it would take
    at least where nothing else runs.
    """

    def __init__(self) -> None:
        self.longest, self.computing = 0.0, 0.0
        self._thread = threading.get_ident()
        self._open, self._wrote = _now(), False
        self._dialect = db.engine.dialect
        self._commit = self._dialect.do_commit
        self._dialect.do_commit = self._committed  # type: ignore[method-assign, assignment]
        sa.event.listen(db.engine, "begin", self._begun)
        sa.event.listen(db.engine, "before_cursor_execute", self._statement)

    def _begun(self, connection: Any) -> None:
        if threading.get_ident() == self._thread:
            self._open, self._wrote = _now(), False

    def _statement(self, _c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.get_ident() == self._thread:
            self._wrote |= statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE")

    def _committed(self, connection: Any) -> None:
        self._commit(connection)
        if threading.get_ident() != self._thread:
            return
        (began, worked), (now, done) = self._open, _now()
        if self._wrote and now - began > self.longest:
            self.longest, self.computing = now - began, done - worked

    def stop(self) -> None:
        self._dialect.do_commit = self._commit  # type: ignore[method-assign, assignment]
        sa.event.remove(db.engine, "begin", self._begun)
        sa.event.remove(db.engine, "before_cursor_execute", self._statement)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.thread_time()


class Waiting:
    """Two of the same authority who each save something ten times a second, and how they wait.

    ``looking`` is the longest that one waited who only writes to the audit, as a look at a page
    does; ``changing`` of one who passes the authority's lock first, as whoever changes a child's
    record, identity or care does, allocates, or administers accounts.
    """

    def __init__(self, app: Flask, scope: Scope) -> None:
        self.looking, self.changing = 0.0, 0.0
        self._app, self._scope = app, scope
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._look, daemon=True),
            threading.Thread(target=self._change, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _look(self) -> None:
        for seconds in self._saved(lock=False):
            self.looking = max(self.looking, seconds)

    def _change(self) -> None:
        for seconds in self._saved(lock=True):
            self.changing = max(self.changing, seconds)

    def _saved(self, *, lock: bool) -> Iterator[float]:
        """Save again and again until told to stop; the seconds that each took."""
        with self._app.app_context():
            while not self._stop.wait(EVERY):
                began = time.perf_counter()
                with suppress(DBAPIError), writing():
                    if lock:
                        authorities.lock(self._scope)
                    audit.changed(self._scope, worker.now(), "benchmark", "benchmark", "")
                yield time.perf_counter() - began
            db.session.remove()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

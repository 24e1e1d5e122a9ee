"""Pages asked for as a server is asked: each request in a context of its own, timed and counted."""

from __future__ import annotations

import contextvars
import resource
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import worker
from core.store import sessions
from core.store.database import db, gather_statistics, writing
from core.store.scope import Scope
from core.store.tables import Account


class OwnContext(FlaskClient):
    """Nothing of one request reaches the next: who asks, what they see and their looks are new."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds: the median, the 95th percentile, and the median of computing; statements at
    most; and the most memory so far in MB."""

    median: float
    percentile: float
    computing: float
    queries: int
    peak: float


def counted() -> None:
    """Have the database know what stands in it, as the worker and PostgreSQL see to by the hour."""
    gather_statistics()
    if db.engine.dialect.name == "postgresql":
        with writing():
            db.session.execute(sa.text("ANALYZE"))
    db.engine.dispose()


def signed_in(app: Flask, scope: Scope, account_id: int) -> FlaskClient:
    """A browser in which an account is signed in."""
    public_id = db.session.scalar(sa.select(Account.public_id).where(Account.id == account_id))
    with writing():
        session_id = sessions.start(scope, account_id, str(public_id), "A benchmark", worker.now())
    app.test_client_class = OwnContext
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = session_id
        session["since"] = time.time()
    return client


def take(client: FlaskClient, addresses: Iterable[str]) -> Taken:
    """Ask for each address in turn; raises AssertionError where an answer is not 200."""
    times, computing, most, statements = list[float](), list[float](), 0, 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    sa.event.listen(db.engine, "before_cursor_execute", count)
    for address in addresses:
        statements = 0
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        computing.append((time.process_time() - used) * 1000)
        most = max(most, statements)
        assert answer.status_code == 200, (address, answer.status_code)
    sa.event.remove(db.engine, "before_cursor_execute", count)
    return Taken(
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
        statistics.median(computing),
        most,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )

"""How long deadlines take to work out: of every child from nothing, of one that changes."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from benchmarks.locks import Transactions, Waiting
from core import worker
from core.registry import Registry
from core.store import authorities, deadline_marks
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Child, DeadlineRow
from core.usecases import reckoning

CHANGES = 40
HEADING = (
    "\n| deadlines | children | deadlines | seconds in all | longest transaction, ms "
    "| a look waited at most, ms | a change waited at most, ms | peak memory, MB |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def lines(app: Flask, scope: Scope) -> Iterator[str]:
    """From nothing, all once more where nothing changed, and one child at a time."""
    registry: Registry = app.extensions["permanence"].registry
    with writing():
        db.session.execute(sa.delete(DeadlineRow))
    for name in ("from nothing", "again, nothing changed"):
        with writing():
            authorities.lock(scope)
            deadline_marks.mark_all(scope, worker.now())
        size = deadline_marks.waiting(scope)
        db.session.rollback()
        transactions, waiting = Transactions(), Waiting(app, scope)
        began = time.perf_counter()
        reckoning.bring_up_to_date(scope, registry, worker.now)
        took = time.perf_counter() - began
        waiting.stop()
        transactions.stop()
        yield (
            f"| {name} | {size:,} | {_count():,} | {took:.1f} | {transactions.longest * 1000:.0f} "
            f"| {waiting.looking * 1000:.0f} | {waiting.changing * 1000:.0f} | {_peak():.0f} |"
        )
    median, most = _one_child(scope, registry)
    yield f"| of one child: {median:.1f} ms in the median, {most:.1f} at most | 1 |"


def _one_child(scope: Scope, registry: Registry) -> tuple[float, float]:
    ids = list(db.session.scalars(sa.select(Child.id).order_by(Child.id).limit(CHANGES)))
    db.session.rollback()
    times = []
    for child_id in ids:
        began = time.perf_counter()
        with writing():
            reckoning.again(scope, registry, [child_id], worker.now())
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), max(times)


def _count() -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(DeadlineRow)).scalar_one()
    db.session.rollback()
    return int(found)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

"""Speed, as one command: `make benchmark` measures imports and pages, and prints a table."""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from core import worker
from core.app import create_app
from core.settings import Settings
from core.store import authorities, imports
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Child
from core.usecases import importing
from core.usecases.authority import NewAccount, create_account, create_authority
from demo.calendars import collection_year
from demo.lives import stream_children
from demo.returns import write_return

TODAY = date(2026, 11, 23)
PAGES = 40


def main() -> None:
    """Measure at the sizes asked for, on the database that is named or on SQLite."""
    asked = argparse.ArgumentParser(prog="benchmarks")
    asked.add_argument("--sizes", default="1000,10000,100000")
    asked.add_argument("--import-size", type=int, default=20_000)
    asked.add_argument("--database-url", default="")
    options = asked.parse_args()
    print("| what | children | rows a second | seconds | longest lock, s | peak memory, MB |")
    print("|---|---:|---:|---:|---:|---:|")
    with _app(options.database_url) as app:
        print(_import_line(app, options.import_size))
    print("\n| page | children | median, ms | 95th percentile, ms | queries |")
    print("|---|---:|---:|---:|---:|")
    for size in map(int, options.sizes.split(",")):
        with _app(options.database_url) as app:
            _import(app, size)
            for line in _page_lines(app, size):
                print(line, flush=True)


@contextmanager
def _app(url: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=url or f"sqlite:///{folder}/benchmark.sqlite3",
            secret_key="only for benchmarks",
            data_folder=Path(folder),
            today=TODAY,
            import_most_mebibytes=1000,
        )
        app = create_app(settings)
        with app.app_context():
            upgrade()
            if authorities.by_code("BEX") is not None:
                raise SystemExit("the database is not empty: name an empty one")
            create_authority(
                app.extensions["permanence"].registry, "BEX", worker.now(), TODAY, demo=True
            )
            yield app
            db.session.remove()
            db.drop_all() if url else None
            if url:
                db.session.execute(sa.text("DROP TABLE alembic_version"))
                db.session.commit()
            db.engine.dispose()


def _scope() -> Scope:
    row = authorities.by_code("BEX")
    assert row is not None
    db.session.rollback()
    return Scope.of_authority(row.id, TODAY)


def _import(app: Flask, size: int) -> tuple[int, float, float]:
    """Import made-up children: (rows, seconds to read and apply, seconds of the longest lock)."""
    settings: Settings = app.extensions["permanence"].settings
    scope = _scope()
    with tempfile.TemporaryDirectory() as folder:
        children = stream_children(1, TODAY, size)
        write_return(children, Path(folder), collection_year(TODAY), full_history=True, as_at=TODAY)
        files = [(path.name, path.open("rb")) for path in sorted(Path(folder).iterdir())]
        run_id = importing.stage(
            scope, files, settings.upload_folder, worker.now(),
            limit_bytes=settings.import_most_bytes, year=collection_year(TODAY), as_at=TODAY,
        )  # fmt: skip
        for _, stream in files:
            stream.close()
        locks = _Locks()
        began = time.perf_counter()
        worker.work_once(settings)
        run = imports.run(scope, run_id)
        assert run is not None
        importing.ask_to_apply(scope, run, run.staged_hash, worker.now())
        worker.work_once(settings)
        seconds = time.perf_counter() - began
        locks.stop()
        done = imports.run(scope, run_id)
        assert done is not None
        assert done.state is imports.RunState.APPLIED, done.failure
        return int(run.counts["rows"]), seconds, locks.longest


class _Locks:
    """How long the longest transaction that writes was open."""

    def __init__(self) -> None:
        self.longest, self.since = 0.0, 0.0
        sa.event.listen(db.engine, "before_cursor_execute", self._statement)
        sa.event.listen(db.engine, "commit", self._commit)

    def _statement(self, _c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not self.since and statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            self.since = time.perf_counter()

    def _commit(self, _connection: object) -> None:
        if self.since:
            self.longest = max(self.longest, time.perf_counter() - self.since)
        self.since = 0.0

    def stop(self) -> None:
        sa.event.remove(db.engine, "before_cursor_execute", self._statement)
        sa.event.remove(db.engine, "commit", self._commit)


def _import_line(app: Flask, size: int) -> str:
    before = _peak()
    rows, seconds, lock = _import(app, size)
    return (
        f"| import | {size:,} | {rows / seconds:,.0f} | {seconds:.1f} | {lock:.1f} "
        f"| {_peak():.0f} (of which {before:.0f} before) |"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _page_lines(app: Flask, size: int) -> Iterator[str]:
    client = _signed_in(app)
    children = list(
        db.session.execute(sa.select(Child.public_id).order_by(Child.id).limit(PAGES)).scalars()
    )
    db.session.rollback()
    pages = {
        "register": ["/children"] * PAGES,
        "register, filtered": ["/children?legal_status=C2&sort=age"] * PAGES,
        "register, last page": [f"/children?page={max(size // 50, 1)}"] * PAGES,
        "child": [f"/children/{child}" for child in children],
    }
    for name, addresses in pages.items():
        times, queries = [], 0
        for address in addresses:
            count = _Count()
            began = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - began) * 1000)
            count.stop()
            assert answer.status_code == 200, (address, answer.status_code)
            queries = max(queries, count.statements)
        percentile = statistics.quantiles(times, n=20)[-1]
        yield (
            f"| {name} | {size:,} | {statistics.median(times):.1f} | {percentile:.1f} | {queries} |"
        )


class _Count:
    """Counts the statements that reach the database."""

    def __init__(self) -> None:
        self.statements = 0
        sa.event.listen(db.engine, "before_cursor_execute", self._seen)

    def _seen(self, *_more: object) -> None:
        self.statements += 1

    def stop(self) -> None:
        sa.event.remove(db.engine, "before_cursor_execute", self._seen)


def _signed_in(app: Flask) -> FlaskClient:
    new = NewAccount(
        "panel.administrator@bexley.example", "Administrator", ("panel.administrator",)
    )
    create_account(_scope(), new, worker.now(), since=TODAY)
    account = db.session.execute(sa.select(Account.public_id, Account.session_key)).one()
    db.session.rollback()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = ":".join(account)
    return client


main()

"""Speed, as one command: `make benchmark` measures imports and pages, and prints a table."""

from __future__ import annotations

import argparse
import resource
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

from benchmarks import asking, board, deadlines, home
from benchmarks.history import YEAR, write_history
from benchmarks.lists import AGAIN, LISTED, add_staff, stated, write_lists
from benchmarks.locks import Transactions, Waiting
from core import worker
from core.app import create_app
from core.settings import Settings
from core.store import authorities, imports
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Child
from core.usecases import importing, staging
from core.usecases.authority import NewAccount, create_account, create_authority
from demo.calendars import collection_year
from demo.lives import stream_children
from demo.returns import write_return

TODAY = date(2026, 11, 23)
PAGES = 40
#: How many seconds a history may be written at most: nobody else changes the record meanwhile.
LOCK_MOST = 10


def main() -> None:
    """Measure at the sizes asked for, on the database that is named or on SQLite."""
    asked = argparse.ArgumentParser(prog="benchmarks")
    asked.add_argument("--sizes", default="1000,10000,100000", help="children, for the pages")
    asked.add_argument("--board-sizes", default="1000,10000,100000", help="children, for the board")
    asked.add_argument("--import-size", type=int, default=20_000, help="children, 0 for none")
    asked.add_argument("--lists-size", type=int, default=20_000, help="children, 0 for none")
    asked.add_argument("--home-sizes", default="1000,10000,100000", help="children, for home")
    asked.add_argument("--database-url", default="", help="an empty database, else SQLite")
    options = asked.parse_args()
    too_long: list[str] = []
    if options.import_size:
        print(
            "| history | children | episodes | reviews | seconds to read | seconds to apply "
            "| longest transaction, s | of it computing, s | a look waited at most, s "
            "| a change waited at most, s | peak memory, MB |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        with _app(options.database_url) as app:
            for name, moved in (("new", False), ("again, every child changed", True)):
                line, longest = _history_line(app, name, options.import_size, moved)
                print(line, flush=True)
                if longest > LOCK_MOST:
                    too_long.append(f"{name}: {longest:.1f} s")
            print(deadlines.HEADING)
            for line in deadlines.lines(app, _scope()):
                print(line, flush=True)
    if options.lists_size:
        print(
            "\n| lists | children | statements | of identity | of people | seconds to read "
            "| seconds to apply | longest transaction, s | of it computing, s "
            "| a look waited at most, s | a change waited at most, s | computing in all, s "
            "| peak memory, MB |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        with _app(options.database_url) as app:
            add_staff(_scope())
            for name, moved in (("new", False), ("again, every child changed", True)):
                print(_lists_line(app, name, options.lists_size, moved), flush=True)
    sizes = [int(size) for size in options.sizes.split(",") if size]
    if sizes:
        print("\n| page | children | median, ms | 95th percentile, ms | queries |")
        print("|---|---:|---:|---:|---:|")
    for size in sizes:
        with _app(options.database_url) as app:
            with _made_up(size) as folder:
                _import(app, folder, collection_year(TODAY), TODAY)
            for line in _page_lines(app, size):
                print(line, flush=True)
    home_sizes = [int(size) for size in options.home_sizes.split(",") if size]
    if home_sizes:
        print(home.HEADING)
    for size in home_sizes:
        with _app(options.database_url) as app:
            with _made_up(home.SEED) as folder:
                _import(app, folder, collection_year(TODAY), TODAY)
            for line in home.lines(app, _scope(), size):
                print(line, flush=True)
    boards = [int(size) for size in options.board_sizes.split(",") if size]
    if boards:
        print(f"\n{board.HEADING}")
    for size in boards:
        with _app(options.database_url) as app:
            board.fill(_scope(), size)
            for line in board.lines(_signed_in(app), size):
                print(line, flush=True)
    if too_long:
        raise SystemExit(f"A history was written for over {LOCK_MOST} s: {', '.join(too_long)}")


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
            if url:
                db.drop_all()
                db.session.execute(sa.text("DROP TABLE alembic_version"))
                if db.engine.dialect.name == "postgresql":
                    db.session.execute(sa.text("DROP FUNCTION IF EXISTS audit_refuse"))
                db.session.commit()
            db.engine.dispose()


def _scope() -> Scope:
    row = authorities.by_code("BEX")
    assert row is not None
    db.session.rollback()
    return Scope.of_authority(row.id, TODAY)


@contextmanager
def _made_up(size: int) -> Iterator[Path]:
    """A folder with a return of the demo's made-up children, their whole history in it."""
    with tempfile.TemporaryDirectory() as folder:
        children = stream_children(1, TODAY, size)
        write_return(children, Path(folder), collection_year(TODAY), full_history=True, as_at=TODAY)
        yield Path(folder)


def _import(app: Flask, folder: Path, year: int | None, as_at: date | None) -> tuple[float, float]:
    """Import the files of a folder: seconds to read them, and to apply them."""
    settings: Settings = app.extensions["permanence"].settings
    scope = _scope()
    files = [(path.name, path.open("rb")) for path in sorted(folder.iterdir())]
    run_id = staging.stage(
        scope, files, settings.upload_folder, worker.now(),
        limit_bytes=settings.import_most_bytes, year=year, as_at=as_at,
    )  # fmt: skip
    for _, stream in files:
        stream.close()
    began = time.perf_counter()
    worker.next_import(settings)
    read = time.perf_counter() - began
    run = imports.run(scope, run_id)
    assert run is not None
    assert run.state is imports.RunState.READY, run.failure
    importing.ask_to_apply(scope, run, run.staged_hash, worker.now())
    began = time.perf_counter()
    worker.next_import(settings)
    applied = time.perf_counter() - began
    done = imports.run(scope, run_id)
    assert done is not None
    assert done.state is imports.RunState.APPLIED, done.failure
    db.session.rollback()
    return read, applied


def _history_line(app: Flask, name: str, size: int, moved: bool) -> tuple[str, float]:
    """The line of a history, and the seconds of its longest transaction."""
    before = _peak()
    with tempfile.TemporaryDirectory() as folder:
        written = write_history(Path(folder), size, moved=moved)
        transactions, waiting = Transactions(), Waiting(app, _scope())
        read, applied = _import(app, Path(folder), YEAR, None)
        waiting.stop()
        transactions.stop()
    line = (
        f"| {name} | {written.children:,} | {written.episodes:,} | {written.reviews:,} "
        f"| {read:.1f} | {applied:.1f} | {transactions.longest:.1f} "
        f"| {transactions.computing:.1f} | {waiting.looking:.1f} | {waiting.changing:.1f} "
        f"| {_peak():.0f} (of which {before:.0f} before) |"
    )
    return line, transactions.longest


def _lists_line(app: Flask, name: str, size: int, moved: bool) -> str:
    before = _peak()
    with tempfile.TemporaryDirectory() as folder:
        write_lists(Path(folder), size, moved=moved)
        made = _peak()
        transactions, waiting = Transactions(), Waiting(app, _scope())
        began = _computed()
        read, applied = _import(app, Path(folder), None, AGAIN if moved else LISTED)
        computed = _computed() - began
        waiting.stop()
        transactions.stop()
    there = stated()
    return (
        f"| {name} | {size:,} | {there.statements:,} | {there.identity:,} | {there.people:,} "
        f"| {read:.1f} | {applied:.1f} | {transactions.longest:.1f} "
        f"| {transactions.computing:.1f} | {waiting.looking:.1f} | {waiting.changing:.1f} "
        f"| {computed:.1f} "
        f"| {_peak():.0f} (of which {max(before, made):.0f} before) |"
    )


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
        taken = asking.take(client, addresses)
        yield (
            f"| {name} | {size:,} | {taken.median:.1f} | {taken.percentile:.1f} | {taken.queries} |"
        )


def _signed_in(app: Flask) -> FlaskClient:
    new = NewAccount(
        "panel.administrator@bexley.example", "Administrator", ("panel.administrator",)
    )
    account_id = create_account(_scope(), new, worker.now(), since=TODAY)
    return asking.signed_in(app, _scope(), account_id)


main()

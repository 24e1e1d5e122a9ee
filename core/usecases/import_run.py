"""The worker's part of an import: read into a preview, then applied whole in one transaction."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from core.imports.ssda903 import Return903, SourceFile, read_return
from core.store import audit, imports
from core.store import returns as record
from core.store.database import db, writing
from core.store.imports import RunState
from core.store.scope import Scope
from core.usecases import returns, returns_written
from core.usecases.staging import check_staged, remove

TELL_EVERY = timedelta(milliseconds=500)
MADE_AGAIN = "The record has changed since the preview was made, so it was made again"
NOTHING = "Nothing in these files could be loaded"
Clock = Callable[[], datetime]


class RecordMoved(Exception):
    """The record has changed since the preview was made: it is read again, and shown again."""


def read(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Read a staged import and make its preview; what is wrong is kept with file, line, column.

    Nothing is kept where somebody has discarded the import, or changed it, in the meantime.
    """
    run = imports.run_by_id(scope, run_id)
    teller = Teller(scope, run_id, clock)
    staged, lines = check_staged(scope, run, folder)
    with writing():
        if not imports.change(
            scope,
            run_id,
            [RunState.RECEIVED, RunState.READING],
            seen=run.changed_at,
            state=RunState.READING,
            rows_done=0,
            counts={"lines": lines},
        ):
            return
    year = None if run.year_inferred else run.year
    found = _parse(scope, run_id, folder, teller, year=year, limit_bytes=limit_bytes)
    file_ids = _file_ids(scope, run_id)
    prepared = returns.prepare(scope, found, file_ids, teller.alive)
    ready = bool(found.counts.children)
    with writing():
        if not imports.change(
            scope,
            run_id,
            [RunState.READING],
            seen=run.changed_at,
            state=RunState.READY if ready else RunState.FAILED,
            failure=(run.failure if run.failure == MADE_AGAIN else "") if ready else NOTHING,
            year=found.year,
            year_inferred=found.year_inferred,
            as_at=run.as_at or found.as_at,
            record_version=prepared.version,
            staged_hash=_hash(staged, found.year, run.as_at or found.as_at, prepared.version),
            rows_done=found.counts.rows,
            counts={
                **asdict(found.counts),
                "lines": lines,
                "tables": sorted(found.tables),
                "left": [asdict(left) for left in found.left],
                "preview": returns.preview(prepared, found),
            },
            changed_at=clock(),
            leased_until=None,
        ):
            return
        imports.put_tables(scope, run_id, _tables(found, file_ids))
        imports.put_problems(
            scope,
            run_id,
            (
                {
                    "file": p.file,
                    "line": p.line,
                    "column": p.column or "",
                    "rule": p.rule,
                    "severity": p.severity,
                    "message": p.message,
                }
                for p in found.problems
            ),
        )


def _tables(found: Return903, file_ids: Mapping[str, int]) -> dict[int, tuple[str, int]]:
    """By a file's id: its table and the rows loaded; tables that are left have none."""
    tables = {file_ids[left.file]: (left.table, 0) for left in found.left}
    for name, rows in (
        ("Header", found.headers),
        ("Episodes", found.episodes),
        ("Reviews", found.reviews),
        ("UASC", found.uasc),
        ("PlacedAdoption", found.adoption_decisions),
    ):
        for file, number in Counter(row.file for row in rows).items():
            tables[file_ids[file]] = (name, number)
    return tables


def _hash(staged: str, year: int | None, as_at: date | None, version: int) -> str:
    """What a preview is tied to: the files, how they were read, and the record as it was."""
    return hashlib.sha256(f"{staged} {year} {as_at} {version}".encode()).hexdigest()


class Teller:
    """Says now and then how far an import is, which also keeps its lease."""

    def __init__(self, scope: Scope, run_id: int, clock: Clock) -> None:
        self._scope, self._run_id, self._clock = scope, run_id, clock
        self._told: datetime | None = None
        self._rows = 0

    def rows(self, done: int) -> None:
        """So many rows are read."""
        self._rows = done
        self.alive()

    def alive(self) -> None:
        """The work goes on; told twice a second at most."""
        now = self._clock()
        if self._told is None or abs(now - self._told) > TELL_EVERY:
            self._told = now
            imports.progress(self._scope, self._run_id, now, self._rows)


def _parse(
    scope: Scope, run_id: int, folder: Path, teller: Teller, *, year: int | None, limit_bytes: int
) -> Return903:
    named = imports.files(scope, run_id)
    db.session.rollback()
    return read_return(
        [SourceFile(file.name, folder / file.stored_as) for file in named],
        year=year,
        limit_bytes=limit_bytes,
        progress=teller.rows,
    )


def _file_ids(scope: Scope, run_id: int) -> dict[str, int]:
    return {file.name: file.id for file in imports.files(scope, run_id)}


def apply(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Apply a previewed import whole: parsed and worked out first, then one short transaction.

    Where the record has moved since the preview was made, nothing is written; the import is read
    again for a new preview.
    """
    run = imports.run_by_id(scope, run_id)
    teller = Teller(scope, run_id, clock)
    with writing():
        if not imports.change(
            scope,
            run_id,
            [RunState.ASKED, RunState.APPLYING],
            seen=run.changed_at,
            state=RunState.APPLYING,
        ):
            return
    check_staged(scope, run, folder)
    found = _parse(scope, run_id, folder, teller, year=run.year, limit_bytes=limit_bytes)
    file_ids = _file_ids(scope, run_id)
    prepared = returns.prepare(scope, found, file_ids, teller.alive)
    db.session.rollback()
    imports.progress(scope, run_id, clock(), found.counts.rows)
    try:
        with writing():
            if (
                not run.record_version
                == prepared.version
                == record.record_version(scope, lock=True)
            ):
                raise RecordMoved
            if not imports.change(
                scope,
                run_id,
                [RunState.APPLYING],
                seen=run.changed_at,
                state=RunState.APPLIED,
                changed_at=clock(),
                leased_until=None,
            ):
                return
            returns_written.write(scope, found, prepared, file_ids, run.public_id, clock())
            record.move_record(scope)
            audit.changed(
                scope,
                clock(),
                "apply import",
                "import",
                run.public_id,
                after={k: v for k, v in run.counts.items() if isinstance(v, int)},
            )
    except RecordMoved:
        with writing():
            imports.change(
                scope,
                run_id,
                [RunState.APPLYING],
                seen=run.changed_at,
                state=RunState.RECEIVED,
                leased_until=None,
                failure=MADE_AGAIN,
            )
        return
    remove(scope, run_id, folder)


def fail(scope: Scope, run_id: int, words: str, at: datetime) -> None:
    """Say that an import could not be done, and why; the record is as it was."""
    with writing():
        imports.change(
            scope,
            run_id,
            imports.WORKING,
            state=RunState.FAILED,
            failure=words,
            changed_at=at,
            leased_until=None,
        )

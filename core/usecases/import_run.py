"""The worker's part of an import: read into a preview, then applied whole in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from core.domain.dates import london_day
from core.domain.finding import Finding, Refused
from core.imports.reader import Found, read_files
from core.imports.ssda903 import SourceFile
from core.store import (
    applied,
    audit,
    authorities,
    deadline_marks,
    import_changes,
    imports,
)
from core.store import returns as record
from core.store.database import db, writing
from core.store.imports import RunState
from core.store.scope import Scope
from core.usecases import care_changes, returns, returns_written
from core.usecases.staging import check_staged, remove

TELL_EVERY = timedelta(milliseconds=500)
MADE_AGAIN = "The record has changed since the preview was made, so it was made again"
NOTHING = "Nothing in these files could be loaded"
Clock = Callable[[], datetime]


class RecordMoved(Exception):
    """The record has changed since the preview was made: it is read again, and shown again."""


class Unwanted(Refused):
    """The import is worked on no more: somebody discarded it while it was being read."""

    def __init__(self) -> None:
        super().__init__(Finding("The import was discarded meanwhile"))


@dataclass(frozen=True, slots=True)
class Worked:
    """What the files of an import say, and what they would change in the record."""

    found: Found
    lists_as_at: date
    file_ids: Mapping[str, int]
    prepared: returns.Prepared


def read(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Read a staged import and make its preview; what is wrong is kept with file, line, column.

    Nothing is kept where somebody has discarded the import, or changed it, in the meantime.
    """
    run = imports.run_by_id(scope, run_id)
    staged, lines = check_staged(scope, run, folder)
    begun = {"lines": lines, "lists_as_at": _lists_as_at(run).isoformat()}
    with writing():
        if not imports.change(
            scope,
            run_id,
            [RunState.RECEIVED, RunState.READING],
            seen=run.changed_at,
            state=RunState.READING,
            rows_done=0,
            counts=begun,
        ):
            return
    year = None if run.year_inferred else run.year
    worked = _worked_out(scope, run, folder, clock, year=year, limit_bytes=limit_bytes)
    with writing():
        if _ready(scope, run, worked, staged, begun, clock()):
            _keep_preview(scope, run_id, worked)


def _worked_out(
    scope: Scope,
    run: imports.Run,
    folder: Path,
    clock: Clock,
    *,
    year: int | None,
    limit_bytes: int,
) -> Worked:
    """Everything that needs no lock: the files read, and compared with the record as it stands."""
    teller = Teller(scope, run.id, clock)
    as_at = _lists_as_at(run)
    found = _parse(scope, run.id, folder, teller, as_at, year=year, limit_bytes=limit_bytes)
    file_ids = {file.name: file.id for file in imports.files(scope, run.id)}
    prepared = returns.prepare(scope, found, file_ids, as_at, teller.alive)
    return Worked(found, as_at, file_ids, prepared)


def _ready(
    scope: Scope,
    run: imports.Run,
    worked: Worked,
    staged: str,
    begun: Mapping[str, object],
    at: datetime,
) -> bool:
    """Say that an import can be looked at, or that nothing in it could be loaded."""
    found, prepared = worked.found, worked.prepared
    returned, on = found.returned, _as_at(run, found, worked.lists_as_at)
    ready = bool(found.children)
    return imports.change(
        scope,
        run.id,
        [RunState.READING],
        seen=run.changed_at,
        state=RunState.READY if ready else RunState.FAILED,
        failure=(run.failure if run.failure == MADE_AGAIN else "") if ready else NOTHING,
        year=returned.year,
        year_inferred=returned.year_inferred,
        as_at=on,
        record_version=prepared.version,
        staged_hash=_hash(staged, returned.year, on, worked.lists_as_at, prepared.version),
        rows_done=found.rows,
        counts={
            **_counts(found),
            **begun,
            "warnings": found.warnings + len(prepared.people.problems),
            "tables": sorted(returned.tables),
            "lists": sorted({stated.format for stated in found.stated}),
            "left": [asdict(left) for left in found.left],
            "preview": returns.preview(prepared),
        },
        changed_at=at,
        leased_until=None,
    )


def _keep_preview(scope: Scope, run_id: int, worked: Worked) -> None:
    """What each file was told to be, what would change, and what is wrong where."""
    found, prepared = worked.found, worked.prepared
    told = {worked.file_ids[file]: table for file, table in found.files.items()}
    imports.put_tables(scope, run_id, told)
    changes = care_changes.rows_of(prepared.changes, prepared.known, found.list_files)
    import_changes.put(scope, run_id, changes)
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
            for p in (*found.problems, *prepared.people.problems)
        ),
    )


def _lists_as_at(run: imports.Run) -> date:
    """The day of which lists, case lists and trackers speak: as given, else when they came."""
    if told := run.counts.get("lists_as_at"):
        return date.fromisoformat(told)
    return run.as_at or london_day(run.asked_at)


def _as_at(run: imports.Run, found: Found, lists: date) -> date | None:
    """The day shown for the import: as given, else the return's, else the other files'."""
    if found.returned.tables:
        return run.as_at or found.returned.as_at
    return lists


def _counts(found: Found) -> dict[str, int]:
    """How many of each thing the files hold: those of the return, and of the other files."""
    stated = found.stated
    named = found.children
    with_episodes = {row.child for row in found.returned.episodes}
    return {
        **asdict(found.returned.counts),
        "children": len(named),
        "without_episodes": len(named.keys() - with_episodes),
        "facts": sum(len(one.facts) for one in stated),
        "people": sum(len(one.people) for one in stated),
        "teams": sum(len(one.teams) for one in stated),
        "actions": sum(len(one.actions) for one in stated),
        "rows": found.rows,
        "errors": found.errors,
        "warnings": found.warnings,
    }


def _hash(staged: str, year: int | None, on: date | None, lists: date, version: int) -> str:
    """What a preview is tied to: the files, how they were read, and the record as it was."""
    return hashlib.sha256(f"{staged} {year} {on} {lists} {version}".encode()).hexdigest()


class Teller:
    """Says now and then how far an import is, which also keeps its lease.

    Raises Unwanted where the import has been discarded meanwhile.
    """

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
            if not imports.progress(self._scope, self._run_id, now, self._rows):
                raise Unwanted


def _parse(
    scope: Scope,
    run_id: int,
    folder: Path,
    teller: Teller,
    as_at: date,
    *,
    year: int | None,
    limit_bytes: int,
) -> Found:
    named = imports.files(scope, run_id)
    db.session.rollback()
    return read_files(
        [SourceFile(file.name, folder / file.stored_as) for file in named],
        as_at,
        year=year,
        limit_bytes=limit_bytes,
        progress=teller.rows,
    )


def apply(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Apply a previewed import whole: parsed and worked out first, then one short transaction.

    Where the record has moved since the preview was made, nothing is written; the import is read
    again for a new preview.
    """
    run = imports.run_by_id(scope, run_id)
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
    worked = _worked_out(scope, run, folder, clock, year=run.year, limit_bytes=limit_bytes)
    db.session.rollback()
    imports.progress(scope, run_id, clock(), worked.found.rows)
    try:
        with writing():
            if not _write(scope, run, worked, clock):
                return
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


def _write(scope: Scope, run: imports.Run, worked: Worked, clock: Clock) -> bool:
    """Write an import within the caller's transaction; False where somebody has discarded it.

    Raises RecordMoved where the record is no longer the one that was worked on.
    """
    if not run.record_version == worked.prepared.version == authorities.lock(scope):
        raise RecordMoved
    in_hand = _in_hand(scope)
    if not imports.change(
        scope,
        run.id,
        [RunState.APPLYING],
        seen=run.changed_at,
        state=RunState.APPLIED,
        changed_at=clock(),
        leased_until=None,
    ):
        return False
    returns_written.write(
        scope, worked.found, worked.prepared, worked.file_ids, run.public_id, clock()
    )
    if _in_hand(scope) != in_hand:
        # Of every child it may be known only now which reviews they had, and until when.
        deadline_marks.mark_all(scope, clock())
    record.move_record(scope)
    audit.changed(
        scope,
        clock(),
        "apply import",
        "import",
        run.public_id,
        after={name: count for name, count in run.counts.items() if isinstance(count, int)},
    )
    return True


def _in_hand(scope: Scope) -> tuple[frozenset[int], date | None, date | None]:
    """Of which years the reviews are in hand, and up to which days returns and lists tell."""
    days = (applied.told_until(scope), applied.last_list(scope))
    return applied.years_applied(scope, "reviews"), *days


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

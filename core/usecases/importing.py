"""Importing a return: staged, read and previewed, then applied whole in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from core.domain.finding import Finding, Refused
from core.imports.ssda903 import Return903, SourceFile, read_return
from core.store import audit, imports
from core.store import returns as record
from core.store.database import db, writing
from core.store.imports import Run, RunFile, RunState
from core.store.scope import Scope
from core.usecases import returns

TELL_EVERY = timedelta(milliseconds=500)
CHUNK = 1024 * 1024
Clock = Callable[[], datetime]


class RecordMoved(Exception):
    """The record has changed since the preview was made: it is read again, and shown again."""


def stage(
    scope: Scope,
    uploads: Iterable[tuple[str, BinaryIO]],
    folder: Path,
    at: datetime,
    *,
    limit_bytes: int,
    year: int | None = None,
    as_at: date | None = None,
) -> str:
    """Keep the files under random names and record the import; gives the run's public id."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: list[RunFile] = []
    try:
        for name, stream in uploads:
            kept.append(_keep(_apart(name, kept), stream, folder, limit_bytes))
        if not kept:
            raise Refused(Finding("Choose at least one file", field="files"))
        with writing():
            _, public_id = imports.add_run(scope, at, year=year, as_at=as_at, named=kept)
            audit.changed(
                scope,
                at,
                "stage import",
                "import",
                public_id,
                after={"files": [file.name for file in kept]},
            )
    except BaseException:
        for file in kept:
            (folder / file.stored_as).unlink(missing_ok=True)
        raise
    return public_id


def _apart(name: str, kept: Iterable[RunFile]) -> str:
    """A name to show: without folders, and apart from the names that are there already."""
    plain = "".join(c for c in Path(name.replace("\\", "/")).name if c.isprintable())[:180]
    taken, number, shown = {file.name for file in kept}, 2, plain or "unnamed"
    while shown in taken:
        shown, number = f"{plain or 'unnamed'} ({number})", number + 1
    return shown


def _keep(shown: str, stream: BinaryIO, folder: Path, limit_bytes: int) -> RunFile:
    stored_as = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    path = folder / stored_as
    try:
        with path.open("xb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit_bytes:
                    raise Refused(
                        Finding(
                            f"{shown} is larger than {limit_bytes // CHUNK} MB. "
                            "Export the tables one by one, or ask for the limit to be raised",
                            field="files",
                        )
                    )
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return RunFile(0, shown, stored_as, "", size, digest.hexdigest(), 0)


def read(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Read a staged import and make its preview; what is wrong is kept with file, line, column."""
    run = imports.run_by_id(scope, run_id)
    with writing():
        imports.change(scope, run_id, [RunState.RECEIVED, RunState.READING], state=RunState.READING)
    found, staged = _parse(scope, run, folder, clock, limit_bytes=limit_bytes)
    prepared = returns.prepare(scope, found, _file_ids(scope, run_id))
    preview = returns.preview(prepared, found)
    counts = {
        **asdict(found.counts),
        "tables": sorted(found.tables),
        "left": [asdict(left) for left in found.left],
        "preview": preview,
    }
    with writing():
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
        imports.change(
            scope,
            run_id,
            [RunState.READING],
            state=RunState.READY if found.counts.children else RunState.FAILED,
            failure="" if found.counts.children else "Nothing in these files could be loaded",
            year=found.year,
            year_inferred=found.year_inferred,
            as_at=run.as_at or found.as_at,
            record_version=prepared.version,
            staged_hash=staged,
            rows_done=found.counts.rows,
            counts=counts,
            changed_at=clock(),
            leased_until=None,
        )


def _parse(
    scope: Scope, run: Run, folder: Path, clock: Clock, *, limit_bytes: int
) -> tuple[Return903, str]:
    """Read the staged files; a file that changed since it was staged is refused."""
    named = imports.files(scope, run.id)
    db.session.rollback()
    digest = hashlib.sha256(f"{run.year} {run.as_at}".encode())
    for file in named:
        if _sha256(folder / file.stored_as) != file.sha256:
            raise Refused(Finding(f"{file.name} is not as it was when it was uploaded"))
        digest.update(file.sha256.encode())
    told = clock()

    def tell(rows: int) -> None:
        nonlocal told
        if (now := clock()) - told > TELL_EVERY:
            told = now
            imports.progress(scope, run.id, now, rows, 0)

    found = read_return(
        [SourceFile(file.name, folder / file.stored_as) for file in named],
        year=run.year,
        limit_bytes=limit_bytes,
        progress=tell,
    )
    return found, digest.hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def _file_ids(scope: Scope, run_id: int) -> dict[str, int]:
    return {file.name: file.id for file in imports.files(scope, run_id)}


def ask_to_apply(scope: Scope, run: Run, staged_hash: str, at: datetime) -> None:
    """Ask for a previewed import to be applied; the preview seen must be the one that is staged."""
    with writing():
        if run.staged_hash != staged_hash or not imports.change(
            scope,
            run.id,
            [RunState.READY],
            state=RunState.ASKED,
            changed_at=at,
            leased_until=None,
        ):
            raise Refused(Finding("This import has moved on since the page was shown: look again"))
        audit.changed(scope, at, "ask to apply", "import", run.public_id)


def discard(scope: Scope, run: Run, folder: Path, at: datetime) -> None:
    """Leave an import that has not been applied; its files are removed."""
    with writing():
        if not imports.change(
            scope,
            run.id,
            [RunState.RECEIVED, RunState.READING, RunState.READY, RunState.FAILED],
            state=RunState.DISCARDED,
            changed_at=at,
        ):
            raise Refused(Finding("This import has been applied, or is being applied"))
        audit.changed(scope, at, "discard import", "import", run.public_id)
    _remove(scope, run.id, folder)


def read_again(scope: Scope, run: Run, at: datetime, *, year: int | None) -> None:
    """Read a previewed import again, for another collection year or because the record moved."""
    with writing():
        if not imports.change(
            scope,
            run.id,
            [RunState.READY, RunState.FAILED],
            state=RunState.RECEIVED,
            year=year,
            as_at=None,
            changed_at=at,
            leased_until=None,
            failure="",
        ):
            raise Refused(Finding("This import has moved on since the page was shown: look again"))
        audit.changed(scope, at, "read again", "import", run.public_id, after={"year": year})


def apply(scope: Scope, run_id: int, folder: Path, clock: Clock, *, limit_bytes: int) -> None:
    """Apply a previewed import whole: parsed and worked out first, then one short transaction.

    Where the record has moved since the preview was made, nothing is written; the import is read
    again for a new preview.
    """
    run = imports.run_by_id(scope, run_id)
    with writing():
        imports.change(scope, run_id, [RunState.ASKED], state=RunState.APPLYING)
    found, _ = _parse(scope, run, folder, clock, limit_bytes=limit_bytes)
    file_ids = _file_ids(scope, run_id)
    prepared = returns.prepare(scope, found, file_ids)
    db.session.rollback()
    imports.progress(scope, run_id, clock(), found.counts.rows, 0)
    try:
        with writing():
            if not run.record_version == prepared.version == record.record_version(scope, lock=True):
                raise RecordMoved
            if not imports.change(
                scope,
                run_id,
                [RunState.APPLYING],
                state=RunState.APPLIED,
                changed_at=clock(),
                leased_until=None,
            ):
                raise RecordMoved
            returns.write(scope, found, prepared, file_ids, run.public_id, clock())
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
                state=RunState.RECEIVED,
                leased_until=None,
                failure="The record has changed since the preview was made, so it was made again",
            )
        return
    _remove(scope, run_id, folder)


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


def _remove(scope: Scope, run_id: int, folder: Path) -> None:
    for file in imports.files(scope, run_id):
        if file.stored_as:
            (folder / file.stored_as).unlink(missing_ok=True)
    db.session.rollback()

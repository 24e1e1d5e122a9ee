"""Restoring a backup into an empty database: checked whole first, then loaded all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from core.domain.finding import Finding, Refused
from core.store import account_links, audit_chain, backup, revisions, sessions
from core.store.database import writing
from core.usecases.backup import (
    CHUNK,
    EDITION,
    MANIFEST,
    NEW_FILE,
    SAFE,
    Manifest,
    Part,
    Report,
    room_for,
    tables_of,
)

MOST_MANIFEST = 256 * 1024 * 1024
MOST_LINE = 64 * 1024 * 1024
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    RecursionError,
)


class Damaged(Refused):
    """The file is not a backup as it was written."""

    def __init__(self, what: str) -> None:
        super().__init__(Finding(f"the backup is damaged ({what}): nothing was restored"))


def restore(path: Path, folders: Mapping[str, Path], at: datetime) -> Report:
    """Restore a backup; the database must be empty, and the server and its worker stopped.

    Ids stay as they were, and so does the audit with its chains. The tables are brought to the
    backup's migration first and to the newest afterwards, so that an older backup can be restored.
    Sessions and links that were open end: nobody is let in by what was ended since.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive)
        _check(archive, manifest, folders)
        with revisions.made_or_not():
            filled = backup.filled()
            if filled:
                raise Refused(
                    Finding(
                        f"the database is not empty (there is something in {filled[0]}): "
                        "a backup is restored into a new one"
                    )
                )
            revisions.move_to(manifest.revision)
            _load(archive, manifest, folders)
    revisions.move_to(revisions.newest())
    with writing():
        sessions.end_every(at)
        account_links.end_every(at)
    return Report.of(manifest)


def audit_faults() -> int:
    """How many faults the audit has that was restored."""
    return sum(1 for _ in audit_chain.verify())


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield archive
    except BROKEN as error:
        raise Damaged("it cannot be read to its end") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise Damaged("it has no manifest") from None
    if info.file_size > MOST_MANIFEST:
        raise Damaged("its manifest is too long")
    text = archive.read(info)
    try:
        edition = json.loads(text).get("edition")
    except (ValueError, AttributeError):
        raise Damaged("its manifest cannot be read") from None
    if isinstance(edition, int) and edition > EDITION:
        raise Refused(Finding("the backup was made by a newer version: install that one first"))
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise Damaged("its manifest cannot be read") from None
    if manifest.revision not in revisions.known():
        raise Refused(
            Finding(
                "the backup was made by a newer version (its tables are at "
                f"{manifest.revision[:40]!r}): install that one first"
            )
        )
    return manifest


def _check(archive: zipfile.ZipFile, manifest: Manifest, folders: Mapping[str, Path]) -> None:
    """Read everything once, and compare it with the manifest, before anything is changed."""
    parts: list[Part] = [*manifest.tables, *manifest.files]
    names = archive.namelist()
    if len(names) != len(set(names)):
        raise Damaged("a part is there twice")
    if set(names) - {part.name for part in parts} - {MANIFEST}:
        raise Damaged("there is more in it than its manifest says")
    for table in manifest.tables:
        if table.name != f"tables/{table.table}.jsonl":
            raise Damaged("a table has another name")
    for part in manifest.files:
        _place(part, folders)
    if len({part.name for part in parts}) != len(parts):
        raise Damaged("a part is there twice")
    if not all(
        room_for(folder, sum(p.size for p in manifest.files)) for folder in folders.values()
    ):
        raise Refused(Finding("there is no room for the papers of this backup"))
    for part in parts:
        with _part(archive, part) as member:
            for _ in _chunks(member, part):
                pass


def _place(part: Part, folders: Mapping[str, Path]) -> Path:
    """Where a file belongs; a name that leads anywhere else is refused."""
    top, _, rest = part.name.partition("/")
    folder, _, within = rest.partition("/")
    if top != "files" or folder not in folders or not SAFE.fullmatch(within):
        raise Damaged("a file has a name that leads elsewhere")
    return folders[folder] / within


@contextmanager
def _part(archive: zipfile.ZipFile, part: Part) -> Iterator[IO[bytes]]:
    try:
        member = archive.open(part.name)
    except KeyError:
        raise Damaged("a part is missing") from None
    with member:
        yield member


def _chunks(member: IO[bytes], part: Part) -> Iterator[bytes]:
    """The bytes of a part; ``Damaged`` where they are not those that were written."""
    digest, size = hashlib.sha256(), 0
    while size <= part.size and (chunk := member.read(CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        yield chunk
    if size != part.size or digest.hexdigest() != part.sha256:
        raise Damaged("a part is not as it was written")


def _load(archive: zipfile.ZipFile, manifest: Manifest, folders: Mapping[str, Path]) -> None:
    """Load the rows and write the files; where anything fails neither is there."""
    written: list[Path] = []
    places = {_place(part, folders).parent for part in manifest.files}
    parents = {one for place in places for one in (place, *place.parents) if not one.exists()}
    made = sorted(parents, key=lambda one: len(one.parts), reverse=True)
    try:
        with backup.loading() as loading:
            loading.check(tables_of(manifest))
            for table, shape in zip(manifest.tables, tables_of(manifest), strict=True):
                with _part(archive, table) as member:
                    if loading.load(shape, _rows(member)) != table.rows:
                        raise Damaged("a table has more or fewer rows")
            for part in manifest.files:
                place = _place(part, folders)
                if _write(archive, part, place):
                    written.append(place)
    except BaseException as error:
        for place in written:
            place.unlink(missing_ok=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, backup.TablesDiffer):
            raise Damaged(str(error)) from error
        raise


def _rows(member: IO[bytes]) -> Iterator[list[Any]]:
    while line := member.readline(MOST_LINE + 1):
        if len(line) > MOST_LINE:
            raise Damaged("a row is too long")
        try:
            row = json.loads(line)
        except ValueError:
            raise Damaged("a row cannot be read") from None
        if not isinstance(row, list):
            raise Damaged("a row cannot be read")
        yield row


def _write(archive: zipfile.ZipFile, part: Part, place: Path) -> bool:
    """Write a file where none is; false where the same one is there already."""
    if place.exists():
        digest = hashlib.sha256()
        with place.open("rb") as there:
            while chunk := there.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() == part.sha256:
            return False
        raise Refused(
            Finding(f"{place} is there already, and is another file: nothing was restored")
        )
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(place, NEW_FILE, 0o600), "wb") as file:
            with _part(archive, part) as member:
                for chunk in _chunks(member, part):
                    file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return True

"""Writing everything into one file: every table, every paper, and a manifest of both."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict

from core.domain.finding import Finding, Refused
from core.store import backup, revisions

EDITION = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class Part(BaseModel):
    """One file within the backup."""

    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    size: int
    sha256: str


class TablePart(Part):
    """A table: a line of JSON a row, its values in the order of ``columns``."""

    table: str
    columns: list[str]
    rows: int


class End(BaseModel):
    """Where a chain of the audit ended."""

    model_config = ConfigDict(extra="forbid", strict=True)
    chain: int
    position: int
    hash: str


class Manifest(BaseModel):
    """What is in a backup, to be compared with what is found in it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    edition: int
    made_at: str
    revision: str
    tables: list[TablePart]
    files: list[Part]
    audit: list[End]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was written or restored; ``missing`` are papers whose files were not there."""

    tables: int
    rows: int
    files: int
    bytes: int
    missing: tuple[str, ...]

    @classmethod
    def of(cls, manifest: Manifest) -> Report:
        return cls(
            len(manifest.tables),
            sum(table.rows for table in manifest.tables),
            len(manifest.files),
            sum(part.size for part in (*manifest.tables, *manifest.files)),
            tuple(manifest.missing),
        )


def back_up(path: Path, folders: Mapping[str, Path], at: datetime) -> Report:
    """Write a backup; ``folders`` are those of files, by the name that they have in it.

    The server may run: the tables are read as of one moment, and every file of which they speak is
    there by then. The file is written beside its place and moved there whole; one that is there
    already is never written over.
    """
    if path.exists():
        raise Refused(Finding(f"{path} is there already: give the backup another name"))
    if not revisions.reached():
        raise Refused(Finding(revisions.NO_TABLES))
    if not path.parent.is_dir():
        raise Refused(Finding(f"there is no folder {path.parent}"))
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, NEW_FILE, 0o600), "wb") as file:
            manifest = _write(file, folders, at)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            raise Refused(
                Finding(f"{path} is there already: give the backup another name")
            ) from None
    finally:
        beside.unlink(missing_ok=True)
    return Report.of(manifest)


def _write(file: BinaryIO, folders: Mapping[str, Path], at: datetime) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with backup.snapshot() as snapshot:
            revision = revisions.reached()
            tables = [_write_table(archive, snapshot, shape) for shape in snapshot.shapes()]
            ends = [End(chain=c, position=p, hash=h) for c, p, h in snapshot.ends()]
            files = [
                _write_file(archive, f"files/{name}/{within}", path)
                for name, folder in sorted(folders.items())
                for within, path in _stored(folder)
            ]
            there = {part.name.rpartition("/")[2] for part in files}
            missing = sorted(
                name for name in snapshot.papers() if name.rpartition("/")[2] not in there
            )
        manifest = Manifest(
            edition=EDITION,
            made_at=at.isoformat(),
            revision=revision,
            tables=tables,
            files=[part for part in files if part.sha256],
            audit=ends,
            missing=missing,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _stored(folder: Path) -> Iterator[tuple[str, Path]]:
    """The plain files in a folder, by their path within it; nothing that a link leads to."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder).as_posix()
        try:
            plain = stat.S_ISREG(path.lstat().st_mode)
        except FileNotFoundError:
            continue
        if plain and SAFE.fullmatch(within):
            yield within, path


def _write_table(
    archive: zipfile.ZipFile, snapshot: backup.Snapshot, shape: backup.TableShape
) -> TablePart:
    name = f"tables/{shape.name}.jsonl"
    digest, size, rows = hashlib.sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as member:
        for row in snapshot.rows(shape.name):
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            member.write(line)
            digest.update(line)
            size, rows = size + len(line), rows + 1
    return TablePart(
        name=name,
        size=size,
        sha256=digest.hexdigest(),
        table=shape.name,
        columns=list(shape.columns),
        rows=rows,
    )


def _write_file(archive: zipfile.ZipFile, name: str, path: Path) -> Part:
    """Copy a file; one that an import has cleared away meanwhile is left out of the manifest."""
    digest, size = hashlib.sha256(), 0
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return Part(name=name, size=0, sha256="")
    with source, archive.open(name, "w", force_zip64=True) as member:
        while chunk := source.read(CHUNK):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Part(name=name, size=size, sha256=digest.hexdigest())


def room_for(folder: Path, size: int) -> bool:
    """Whether there is room for so many bytes where a folder is, or will be."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(there).free > size


def tables_of(manifest: Manifest) -> Iterable[backup.TableShape]:
    return (backup.TableShape(part.table, tuple(part.columns)) for part in manifest.tables)

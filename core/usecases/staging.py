"""Keeping the files of an import under random names until it is applied or discarded."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from core.domain.finding import Finding, Refused
from core.store import audit, imports
from core.store.database import db, writing
from core.store.imports import Run, RunFile
from core.store.scope import Scope

CHUNK = 1024 * 1024


def stage(
    scope: Scope,
    uploads: Iterable[tuple[str, BinaryIO]],
    folder: Path,
    at: datetime,
    *,
    limit_bytes: int,
    year: int | None = None,
    as_at: date | None = None,
    leased_until: datetime | None = None,
) -> str:
    """Keep the files under random names and record the import; gives the run's public id.

    Files are copied before the transaction begins. With ``leased_until`` the caller reads and
    applies it, and no worker takes it until then.
    """
    db.session.rollback()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: list[RunFile] = []
    refused: list[Finding] = []
    try:
        for name, stream in uploads:
            shown = _apart(name, kept)
            file = _keep(shown, stream, folder, limit_bytes)
            if file is not None:
                kept.append(file)
            else:
                refused.append(_too_large(shown, limit_bytes))
        if refused:
            raise Refused(*refused)
        if not kept:
            raise Refused(Finding("Choose at least one file", field="files"))
        with writing():
            _, public_id = imports.add_run(
                scope, at, year=year, as_at=as_at, named=kept, leased_until=leased_until
            )
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


def _too_large(shown: str, limit_bytes: int) -> Finding:
    most = f"{limit_bytes // CHUNK} MB" if limit_bytes >= CHUNK else f"{limit_bytes:,} bytes"
    return Finding(
        f"{shown} is larger than {most}. Export the tables one by one, "
        "or ask for the limit to be raised",
        field="files",
    )


def _apart(name: str, kept: Iterable[RunFile]) -> str:
    """A name to show: without folders, and apart from the names that are there already."""
    plain = "".join(c for c in Path(name.replace("\\", "/")).name if c.isprintable())[:180]
    taken, number, shown = {file.name for file in kept}, 2, plain or "unnamed"
    while shown in taken:
        shown, number = f"{plain or 'unnamed'} ({number})", number + 1
    return shown


def _keep(shown: str, stream: BinaryIO, folder: Path, limit_bytes: int) -> RunFile | None:
    """Copy a file, reckoning its hash; None, and nothing kept, when it is too large."""
    stored_as = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    path = folder / stored_as
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit_bytes:
                    break
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if size > limit_bytes:
        path.unlink(missing_ok=True)
        return None
    return RunFile(0, shown, stored_as, "", size, digest.hexdigest(), 0)


def check_staged(scope: Scope, run: Run, folder: Path) -> tuple[str, int]:
    """One hash over the staged files and how many lines they have; refused if one has changed."""
    named = imports.files(scope, run.id)
    db.session.rollback()
    whole, lines = hashlib.sha256(), 0
    for file in named:
        digest, ends = _sha256(folder / file.stored_as)
        if digest != file.sha256:
            raise Refused(Finding(f"{file.name} is not as it was when it was uploaded"))
        whole.update(digest.encode())
        lines += ends
    return whole.hexdigest(), lines


def _sha256(path: Path) -> tuple[str, int]:
    digest, ends = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                ends += chunk.count(b"\n")
    except OSError:
        return "", 0
    return digest.hexdigest(), ends


def remove(scope: Scope, run_id: int, folder: Path) -> None:
    """Remove the kept files of an import that needs them no more."""
    for file in imports.files(scope, run_id):
        if file.stored_as:
            (folder / file.stored_as).unlink(missing_ok=True)
    db.session.rollback()

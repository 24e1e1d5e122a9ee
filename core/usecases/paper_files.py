"""The files of papers: kept under random names outside the web root, and opened to be given out."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.documents.file_types import told
from core.documents.scanning import Scanner
from core.documents.taken_types import FileType, NotTaken
from core.domain.finding import Finding, Refused
from core.domain.paper import FILES_MOST, Scan, ending, shown_name

NONE_ADDED = Finding("None of the files were added: choose the good ones again", field="files")
CHUNK = 1024 * 1024
UNFINISHED = ".part"
LEAVE_OUT = "Leave it out, or choose another file"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_ROOM = Finding(
    "There is no room left to keep files, so nothing was added. Tell whoever runs this service, "
    "and try again later",
    field="files",
)


class NotThere(Exception):
    """The kept file is missing, or is not as it was when it was added."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: the name to show, the random one, its type, size, hash and scan."""

    name: str
    stored_as: str
    media_type: str
    size: int
    sha256: str
    scan: Scan


def keep(
    uploads: Iterable[tuple[str, BinaryIO]], folder: Path, scanner: Scanner, *, limit_bytes: int
) -> tuple[Kept, ...]:
    """Keep every one of these files, or none: raises Refused with what is wrong with each.

    No transaction is open meanwhile. Each is written under a name of its own that nobody can
    guess, made sure of, and only then given the name by which the record will know it.
    """
    kept: list[Kept] = []
    wrong: list[Finding] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number, (given, stream) in enumerate(uploads, 1):
            if number > FILES_MOST:
                wrong.append(Finding(f"Add at most {FILES_MOST} files at a time", field="files"))
                break
            name = shown_name(given)
            try:
                kept.append(_keep(name, stream, folder, scanner, limit_bytes))
            except NotTaken as refusal:
                wrong.append(Finding(_said(name, refusal), field="files"))
        if wrong:
            raise Refused(*wrong, *([NONE_ADDED] if number > 1 else []))
        _settle(folder)
    except OSError as fault:
        forget(kept, folder)
        if fault.errno in FULL:
            raise Refused(NO_ROOM) from fault
        raise
    except BaseException:
        forget(kept, folder)
        raise
    return tuple(kept)


def _said(name: str, refusal: NotTaken) -> str:
    return f"{name} is {refusal.what}. {refusal.instead or LEAVE_OUT}"


def _keep(name: str, stream: BinaryIO, folder: Path, scanner: Scanner, limit_bytes: int) -> Kept:
    stored_as = secrets.token_hex(16)
    unfinished = folder / f"{stored_as}{UNFINISHED}"
    try:
        digest, size = hashlib.sha256(), 0
        with open(unfinished, "xb+", opener=_private) as out:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit_bytes:
                    most = f"{limit_bytes // CHUNK} MB" if limit_bytes >= CHUNK else "the limit"
                    raise NotTaken(f"larger than {most}", "Add a smaller file, or a link to it")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
            found = told(out, name)
        scan = scanner.scan(unfinished)
        unfinished.rename(folder / stored_as)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Kept(_ended(name, found), stored_as, found.media_type, size, digest.hexdigest(), scan)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _ended(name: str, found: FileType) -> str:
    """A name with the end of its type, where it has none of them."""
    return name if ending(name) in found.endings else f"{name}{found.endings[0]}"


def _settle(folder: Path) -> None:
    """Make sure that the names are on the disk too, before a record says that they are there."""
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)


def forget(kept: Iterable[Kept], folder: Path) -> None:
    """Remove files that no record will know."""
    for file in kept:
        with suppress(OSError):
            (folder / file.stored_as).unlink(missing_ok=True)


def opened(folder: Path, stored_as: str, sha256: str) -> BinaryIO:
    """A kept file, open at its beginning and found to be as it was kept; NotThere otherwise."""
    try:
        stream = (folder / stored_as).open("rb")
    except OSError as fault:
        raise NotThere("it is missing") from fault
    try:
        digest = hashlib.sha256()
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise NotThere("it is not as it was")
        stream.seek(0)
    except OSError as fault:
        stream.close()
        raise NotThere("it cannot be read") from fault
    except BaseException:
        stream.close()
        raise
    return stream


def orphans(
    folder: Path, known: Callable[[], frozenset[str]], *, young: float, settled: float
) -> list[Path]:
    """The files that no record knows and that can be removed; ``known`` gives those that one does.

    One that was still being written may go once it is older than ``young``, a whole one once it is
    older than ``settled`` (both moments in seconds). Where the records know none of the whole files
    there, they are another database's: then nothing of them goes.
    """
    if not folder.is_dir():
        return []
    unfinished, whole = [], []
    for path in folder.iterdir():
        with suppress(OSError):
            changed = path.stat().st_mtime
            if path.suffix == UNFINISHED:
                unfinished += [path] if changed < young else []
            else:
                whole.append((path, changed))
    needed = known()
    ours = any(path.name in needed for path, _ in whole)
    gone = [path for path, changed in whole if path.name not in needed and changed < settled]
    return unfinished + (gone if ours else [])

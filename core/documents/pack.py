"""A meeting's pack as one PDF: what goes in, and how it is made in a process of its own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

AT_ONCE = 2
WAIT_SECONDS = 30
SECONDS = 300
#: How many bytes of papers one pack holds; what is beyond is named, with where to open it.
PAPERS_MOST = 600 * 1024 * 1024
ROOT = Path(__file__).parents[2]
log = logging.getLogger("permanence.pack")
_places = threading.BoundedSemaphore(AT_ONCE)


class NotMade(Exception):
    """The document could not be made; the words say why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing written on a page of ours: a "heading", "text", "fact" (with a label), "table"."""

    kind: str
    text: str = ""
    label: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A paper's file: where it is kept, its type, the end of its name, and where to open it.

    ``said`` says in words why it cannot be shown, where that is known beforehand; "" otherwise.
    With a ``sha256`` it is shown only where the file is as it was.
    """

    path: str
    media_type: str
    ending: str
    type_words: str
    address: str
    said: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pack, in the contents at ``level`` 1, 2 or 3: pages of ours, then a file's.

    One that ``follows`` stands on the page on which the part before it ends, where that is ours.
    """

    title: str
    level: int = 1
    lines: tuple[Line, ...] = ()
    file: File | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class PackFacts:
    """A pack: for whom, of which meeting, and its parts in order; ``made`` is in words."""

    title: str
    body: str
    day: str
    place: str
    reader: str
    made: str
    parts: tuple[Part, ...]
    converter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was made: open at its beginning; ``left`` are the parts that could not be shown.

    ``contents`` are the titles of the parts, each with the page on which it begins, from 1.
    """

    stream: BinaryIO
    pages: int
    contents: tuple[tuple[str, int], ...]
    left: tuple[str, ...]


def pack(facts: PackFacts, *, seconds: float = SECONDS) -> Made:
    """Make a pack. The file has no name any more when it is given: it goes when it is closed.

    It is made in a process with a limit of time and memory, so that a paper that is broken on
    purpose costs nobody else anything; at most two at once. Raises NotMade.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise NotMade("Other packs are being made just now. Try again in a minute")
    try:
        with tempfile.TemporaryDirectory(prefix="permanence-pack-") as folder:
            said = _run(facts, folder, seconds)
            stream = (Path(folder) / "pack.pdf").open("rb")
    finally:
        _places.release()
    contents = tuple((title, number) for title, number in said["contents"])
    return Made(stream, said["pages"], contents, tuple(said["left"]))


def _run(facts: PackFacts, folder: str, seconds: float) -> Mapping[str, Any]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.documents.pack_making", folder],
            input=json.dumps(asdict(facts)).encode(),
            capture_output=True,
            env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
            timeout=seconds,
            check=True,
        )
        found: Mapping[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as fault:
        raise NotMade(
            "Making the document took too long. Read the papers on this page, one by one"
        ) from fault
    except (OSError, subprocess.SubprocessError, ValueError) as fault:
        log.warning("a pack could not be made: %s", _last_word(fault))
        raise NotMade(
            "The document could not be made. Read the papers on this page, one by one, and tell "
            "whoever runs this service"
        ) from fault
    return found


def _last_word(fault: Exception) -> str:
    """The kind of fault that ended the process, without what it says: that can name anybody."""
    said = getattr(fault, "stderr", None) or b""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition(":")[0] if lines else type(fault).__name__

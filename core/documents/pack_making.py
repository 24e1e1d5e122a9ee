"""The process that makes one pack: facts as JSON on its input, ``pack.pdf`` into its folder."""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.documents.pack import PAPERS_MOST, File, Line, PackFacts, Part
from core.documents.pack_parts import Maker, TooLong

MEMORY = 2 * 1024 * 1024 * 1024
PAPER_SECONDS = 40


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooLong in what is under way once its time is over."""

    def over(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def facts_of(said: dict[str, Any]) -> PackFacts:
    """The facts of a pack out of their JSON."""
    parts = []
    for part in said.pop("parts"):
        lines = tuple(
            Line(one["kind"], one["text"], one["label"], tuple(map(tuple, one["rows"])))
            for one in part["lines"]
        )
        file = File(**part["file"]) if part["file"] else None
        parts.append(Part(part["title"], part["level"], lines, file, part["follows"]))
    converter = tuple(said.pop("converter"))
    return PackFacts(**said, parts=tuple(parts), converter=converter)


def size_of(part: Part) -> int:
    """The bytes of a part's file; 0 where it has none, or it is not there any more."""
    if part.file is None or not part.file.path:
        return 0
    try:
        return Path(part.file.path).stat().st_size
    except OSError:
        return 0


def main() -> int:
    """Make the pack; its pages, contents and what could not be shown go to standard output."""
    folder = Path(sys.argv[1])
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    sys.setrecursionlimit(3_000)
    facts = facts_of(json.load(sys.stdin))
    with (folder / "pack.pdf").open("wb") as out:
        maker = Maker(facts, out, folder)
        held = 0
        for part in facts.parts:
            held += size_of(part)
            maker.part(part, within, PAPER_SECONDS, full=held > PAPERS_MOST)
        said = maker.finish()
    json.dump(said, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

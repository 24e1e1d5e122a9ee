"""The parts of a pack put one after the other: our own pages, and each paper as it can be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from pypdf import PdfReader

from core.documents import word_read
from core.documents.converting import as_pdf
from core.documents.pack import File, Line, PackFacts, Part
from core.documents.pack_front import Entry, finish
from core.documents.pdf_file import Copying, PdfFile
from core.documents.pdf_pages import Placed, placed
from core.documents.sheets import NoPicture, Sheets
from core.documents.taken_types import (
    EXCEL,
    GIF,
    JPEG,
    ODP,
    ODS,
    ODT,
    PDF,
    PNG,
    SLIDES,
    TEXT,
    TIFF,
    WORD,
)
from core.documents.word_read import Heading, NotRead, Picture, Rows, Text

PAGES_MOST = 1_500
ALL_PAGES_MOST = 6_000
TEXT_MOST = 1_000_000
PICTURES = frozenset(one.media_type for one in (JPEG, PNG, GIF, TIFF))
CONVERTED = frozenset(one.media_type for one in (WORD, EXCEL, SLIDES, ODT, ODS, ODP))

Within = Callable[[float], AbstractContextManager[None]]


class TooLong(BaseException):
    """A paper took too long; no library that catches its own errors catches this."""


class NotShown(Exception):
    """A paper cannot be shown in the pack; the words say why."""


@dataclass(frozen=True, slots=True)
class Own:
    """One of our own pages, by its number from 0."""

    number: int


class Maker:
    """Writes a pack as its parts come; what is copied is on the disk at once, not in memory."""

    def __init__(self, facts: PackFacts, out: BinaryIO, folder: Path) -> None:
        self._facts, self._folder = facts, folder
        self._file = PdfFile(out)
        self._own = Sheets()
        self._pages: list[Own | Placed] = []
        self._entries: list[Entry] = []
        self._left: list[str] = []

    def part(self, part: Part, within: Within, seconds: float, *, full: bool = False) -> None:
        """Add a part; where its file cannot be shown, a page that says so and where it is."""
        if part.lines or part.file is None:
            began = self._written(part.title, part.lines, part.level, follows=part.follows)
            self._entries.append(Entry(part.title, part.level, began))
        else:
            self._entries.append(Entry(part.title, part.level, len(self._pages)))
        if part.file is None:
            return
        before = len(self._pages)
        try:
            if part.file.said:
                raise NotShown(part.file.said)
            if full or before > ALL_PAGES_MOST:
                raise NotShown("The pack is too large to hold it")
            with within(seconds):
                _check(part.file)
                self._shown(part, part.file)
        except NotShown as fault:
            self._not_shown(part, part.file, before, str(fault))
        except TooLong:
            self._not_shown(part, part.file, before, "It took too long to read")
        except MemoryError:
            self._not_shown(part, part.file, before, "It is too large to be shown here")
        except (NotRead, NoPicture) as fault:
            self._not_shown(part, part.file, before, f"It cannot be shown: {fault}")
        except Exception:
            self._not_shown(part, part.file, before, "Its file is broken")

    def _not_shown(self, part: Part, file: File, before: int, why: str) -> None:
        del self._pages[before:]
        self._left.append(part.title)
        lines = [
            Line("text", f"This paper is not shown here. {why}."),
            Line("fact", file.type_words, "Kind of file"),
            Line("fact", file.address, "Open it in the service, at"),
        ]
        self._written(part.title, lines, part.level)

    def _written(
        self, title: str, lines: Iterable[Line], level: int, *, follows: bool = False
    ) -> int:
        """Write lines under their title; gives the place, from 0, of the page with the title."""
        last = self._pages[-1] if self._pages else None
        on = follows and isinstance(last, Own) and last.number == self._own.page - 1
        before = len(self._pages) - 1 if on else len(self._pages)
        page, first = self._own.page, self._begin(title, level, on=on)
        began = before + self._own.page - first
        for line in lines:
            if line.kind == "heading":
                self._own.heading(line.text, 4)
            elif line.kind == "fact":
                self._own.fact(line.label, line.text)
            elif line.kind == "table":
                self._own.grid(line.rows)
            else:
                self._own.say(line.text)
        self._took(page + 1 if on else first)
        return began

    def _begin(self, title: str, level: int, *, on: bool = False) -> int:
        """Begin with a title, on a new page or ``on`` the one under way; gives that page's."""
        if not on:
            self._own.add_page()
        first = self._own.page
        self._own.heading(title, level)
        return first

    def _took(self, first: int) -> None:
        self._pages += [Own(number - 1) for number in range(first, self._own.page + 1)]

    def _shown(self, part: Part, file: File) -> None:
        path = Path(file.path)
        if file.media_type == PDF.media_type:
            return self._merged(path)
        if file.media_type in CONVERTED and self._facts.converter:
            made = as_pdf(self._facts.converter, path, file.ending, self._folder)
            if made is not None:
                return self._merged(made)
        if file.media_type == WORD.media_type:
            return self._word(part, path)
        if file.media_type in PICTURES:
            first = self._begin(part.title, part.level)
            self._own.picture(path, whole=True)
            return self._took(first)
        if file.media_type == TEXT.media_type:
            with path.open("rb") as content:
                text = content.read(TEXT_MOST).decode("utf-8", "replace")
            lines = [Line("text", one) for one in _pieces(text)]
            self._written(part.title, lines, part.level)
            return None
        raise NotShown("Files of this kind are not laid out in the pack")

    def _merged(self, path: Path) -> None:
        with path.open("rb") as content:
            reader = PdfReader(content)
            if reader.is_encrypted:
                raise NotShown("It is locked with a password")
            if not len(reader.pages):
                raise NotShown("Its file has no pages")
            if len(reader.pages) > PAGES_MOST:
                raise NotShown(f"It has more than {PAGES_MOST} pages")
            copying = Copying(self._file, reader)
            for page in reader.pages:
                self._pages.append(placed(copying, page))

    def _word(self, part: Part, path: Path) -> None:
        first = self._begin(part.title, part.level)
        for block in word_read.read(path):
            match block:
                case Heading(text, level):
                    self._own.heading(text, level)
                case Text(text):
                    self._own.say(text)
                case Rows(rows):
                    self._own.grid(rows)
                case Picture(content):
                    try:
                        self._own.picture(content)
                    except NoPicture as fault:
                        self._own.say(f"(A picture that is not shown: {fault}.)", small=True)
        self._took(first)

    def finish(self) -> dict[str, Any]:
        """Write what is left to write; pages, contents and the parts that are not shown."""
        own = PdfReader(BytesIO(bytes(self._own.output()))) if self._own.page else None
        pages: list[Placed] = []
        copying = Copying(self._file, own) if own else None
        for page in self._pages:
            if isinstance(page, Own):
                assert own is not None
                assert copying is not None
                pages.append(placed(copying, own.pages[page.number], whole=True))
            else:
                pages.append(page)
        count, contents = finish(self._file, self._facts, pages, self._entries)
        return {"pages": count, "contents": contents, "left": self._left}


def _check(file: File) -> None:
    """Find that a file is there and as it was kept: here, within the bounds of what goes in."""
    if not file.sha256:
        return
    try:
        with Path(file.path).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError as fault:
        raise NotShown("Its file cannot be given out: it is missing") from fault
    except OSError as fault:
        raise NotShown("Its file cannot be given out: it cannot be read") from fault
    if digest != file.sha256:
        raise NotShown("Its file cannot be given out: it is not as it was")


def _pieces(text: str) -> list[str]:
    """A long text in pieces of some lines, so that none is laid out whole."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return ["\n".join(lines[at : at + 40]) for at in range(0, len(lines), 40)]

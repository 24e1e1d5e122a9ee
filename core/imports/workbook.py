"""Workbooks (xlsx) opened with care: measured before they are read, then sheet by sheet."""

from __future__ import annotations

import re
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeXml
from python_calamine import CalamineWorkbook, SheetTypeEnum

from core.imports.layout import Cell
from core.imports.ssda903.text import NotReadable

MOST_UNPACKED = 400_000_000
MOST_CELLS = 12_000_000
MOST_LINES, MOST_COLUMNS = 1_048_576, 16_384
MOST_MARKED = 1_000_000
MOST_PARTS = 2_000
MOST_OF_PART = 2_000_000
MOST_OF_STYLES = 40_000_000
SMALL = 8_000_000
SWOLLEN = 200
MOST_TOKEN = 1_000_000
MOST_SECONDS = 120
TELL_EVERY_ROWS = 2_000
CHUNK = 64 * 1024
BOOK, LINKS, STRINGS, STYLES = (
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml",
)  # fmt: skip
SHORT = frozenset({"[content_types].xml", "_rels/.rels", BOOK, LINKS})
Tell = Callable[[], None]

SAVE_AS = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)."
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LINE = re.compile(r"[1-9][0-9]{0,6}")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, and its rows with their numbers from 1.

    ``uncalculated`` are the places of formulas without a result, ``errors`` those of cells that
    hold an error, both as (line, column) with the first column 0.
    """

    name: str
    rows: Iterator[tuple[int, Sequence[Cell]]]
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()


class _Pace:
    """How long a workbook may take to be measured; who waits for it is told that it goes on."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._until = tell, time.monotonic() + MOST_SECONDS
        self.fault: Exception | None = None

    def step(self) -> None:
        """Measuring goes on; NotReadable where it has taken too long."""
        if time.monotonic() > self._until:
            raise NotReadable(
                "takes too long",
                f"The workbook takes too long to read: over {MOST_SECONDS} seconds. Copy the list "
                "alone into a new workbook, or split it.",
            )
        self.told()

    def told(self) -> None:
        """Tell who waits; what they raise is no fault of the workbook, and is remembered."""
        try:
            self._tell()
        except Exception as fault:
            self.fault = fault
            raise


def sheets(content: Path | BinaryIO, tell: Tell = lambda: None) -> Iterator[Sheet]:
    """Every sheet of a workbook, in its order; NotReadable where it cannot be read.

    Everything is unpacked and measured before it is read: a workbook that would grow beyond the
    limits, or that is not what it says, is refused. Macros are data that nobody runs. ``tell`` is
    called as it goes on; what it raises ends the reading.
    """
    pace = _Pace(tell)
    with _readable(pace):
        scans = _scan(content, pace)
        book = (
            CalamineWorkbook.from_path(content)
            if isinstance(content, Path)
            else CalamineWorkbook.from_filelike(content)
        )
        with book:
            for about in book.sheets_metadata:
                if about.typ is not SheetTypeEnum.WorkSheet:
                    continue
                scan = scans.get(about.name)
                if scan is None:
                    raise _packed_oddly()
                pace.told()
                yield Sheet(
                    about.name,
                    _rows(book, about.name, pace),
                    frozenset(scan.uncalculated),
                    frozenset(scan.errors),
                )


@contextmanager
def _readable(pace: _Pace) -> Iterator[None]:
    """What the library cannot make sense of is NotReadable; who waits is left to their fault."""
    try:
        yield
    except (NotReadable, MemoryError):
        raise
    except Exception as error:
        if error is pace.fault:
            raise
        raise _broken() from error
    except BaseException as error:
        # A fault inside the library is no Exception; a request to stop is left alone.
        if type(error).__name__ == "PanicException":
            raise _broken() from error
        raise


def _broken() -> NotReadable:
    return NotReadable("not readable", f"The workbook is damaged and cannot be read. {SAVE_AS}")


def _packed_oddly() -> NotReadable:
    return NotReadable("not readable", f"The workbook is packed oddly. {SAVE_AS}")


def _misplaced() -> NotReadable:
    return NotReadable(
        "not readable",
        "The workbook is damaged: a cell or a row lies where no sheet reaches (line "
        f"{MOST_LINES:,}, column XFD). {SAVE_AS}",
    )


def _rows(book: CalamineWorkbook, name: str, pace: _Pace) -> Iterator[tuple[int, Sequence[Cell]]]:
    with _readable(pace):
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None or sheet.end is None:
            return
        _check_reach(*sheet.end)
        before: list[Cell] = [""] * sheet.start[1]
        for line, row in enumerate(sheet.iter_rows(), 1):
            if line % TELL_EVERY_ROWS == 0:
                pace.told()
            yield line, before + row if before else row


def _check_reach(row: int, column: int) -> None:
    """Refuse a sheet whose last row and column, counted from 0, lie too far out."""
    if row >= MOST_LINES or column >= MOST_COLUMNS or (row + 1) * (column + 1) > MOST_CELLS:
        raise NotReadable(
            "too large",
            f"A sheet reaches to line {row + 1:,} and column {column + 1:,}; at most "
            f"{MOST_CELLS:,} cells are read. Delete what is filled in beneath and beside the list.",
        )


def _scan(content: Path | BinaryIO, pace: _Pace) -> dict[str, _Scan]:
    """Unpack every part that is read once, bounded; by a sheet's name, how large it is."""
    if not isinstance(content, Path):
        content.seek(0)
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
            _check_parts(parts)
            found = {
                _name(part): _scan_part(packed, part, pace) for part in parts if _is_read(part)
            }
            named = {name: path.casefold() for name, path in _sheet_parts(packed).items()}
            return {name: found[path] for name, path in named.items() if path in found}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        KeyError,
        expat.ExpatError,
    ) as error:
        if error is pace.fault:
            raise
        raise _broken() from error
    except (NotImplementedError, RuntimeError) as error:
        if error is pace.fault:
            raise
        raise _packed_oddly() from error
    finally:
        if not isinstance(content, Path):
            content.seek(0)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise NotReadable("workbook kind", f"This is a binary workbook (.xlsb). {SAVE_AS}")
    if BOOK not in names:
        raise NotReadable("not a workbook", _other_package(names))
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable("password", "The workbook is protected with a password. Take it off.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise NotReadable(
            "too large",
            f"The workbook unpacks to {unpacked / 1_000_000:,.0f} MB; at most "
            f"{MOST_UNPACKED // 1_000_000} MB is read. Copy the list alone, without the empty "
            "rows beneath it, into a new workbook.",
        )
    if len({_name(part) for part in parts}) < len(parts):
        raise _packed_oddly()
    for part in filter(_is_read, parts):
        most = _most(_name(part))
        if part.file_size > most or (
            part.file_size > SMALL and part.file_size > SWOLLEN * max(part.compress_size, 1)
        ):
            raise _swollen(part.filename)


def _name(part: zipfile.ZipInfo) -> str:
    """A part's name as it is found: whoever reads a workbook makes no difference of capitals."""
    return part.filename.replace("\\", "/").casefold()


def _is_sheet(name: str) -> bool:
    """Whether who reads a workbook may take a part for a sheet: told by its folder's name."""
    within = name.split("/")
    return within[1:2] == ["worksheets"] and "_rels" not in within and within[-1] != ""


def _is_read(part: zipfile.ZipInfo) -> bool:
    name = _name(part)
    return _is_sheet(name) or name in SHORT or name in (STRINGS, STYLES)


def _most(name: str) -> int:
    """How far a part may unpack."""
    if name in SHORT:
        return MOST_OF_PART
    return MOST_OF_STYLES if name == STYLES else MOST_UNPACKED


def _swollen(name: str) -> NotReadable:
    return NotReadable(
        "too large",
        f"A part of the workbook ({name[:60]!r}) would unpack to far more than a list has. "
        "Copy the list alone into a new workbook.",
    )


def _other_package(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "This is a Word document, not a workbook. Give the list as xlsx or CSV."
    if any(name.startswith("ppt/") for name in names):
        return "This is a presentation, not a workbook. Give the list as xlsx or CSV."
    if "mimetype" in names and "content.xml" in names:
        return f"This is an OpenDocument file. {SAVE_AS}"
    return "This is a packed folder (zip), not a workbook. Unpack it and give the files in it."


def _scan_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, pace: _Pace) -> _Scan:
    """Read a part to its end, which also proves its size, and measure it where it is a sheet."""
    name = _name(part)
    scan = _Scan()
    parser = scan.parser() if _is_sheet(name) else _bounded(scan)
    fed = 0
    with packed.open(part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > MOST_TOKEN:
                raise _swollen(part.filename)
            pace.step()
        parser.Parse(b"", True)
    return scan


def _bounded(scan: _Scan) -> expat.XMLParserType:
    """A parser of a part that is no sheet: its texts bounded, entities of its own refused."""
    made = scan.parser()
    made.StartElementHandler = made.EndElementHandler = scan.passed
    return made


class _Scan:
    """How far a sheet is filled, and its formulas without a result, told as its XML is read.

    Whoever reads a sheet makes room for every cell up to the last, so a sheet is measured first,
    cell by cell, however its XML is written.
    """

    def __init__(self) -> None:
        self.last_row = self.last_column = -1
        self.uncalculated: set[tuple[int, int]] = set()
        self.errors: set[tuple[int, int]] = set()
        self._row = self._line = 0
        self._column = -1
        self._letters = 0
        self._formula = self._filled = self._value = self._text = self._inside = False

    def parser(self) -> expat.XMLParserType:
        """A parser that feeds this scan; entities of the sheet's own are refused."""
        made = expat.ParserCreate(namespace_separator=" ")
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._said
        made.StartDoctypeDeclHandler = self._declares
        return made

    def _declares(self, *_: object) -> None:
        raise NotReadable("not readable", f"The workbook declares entities of its own. {SAVE_AS}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._letters = 0
        name = name.rpartition(" ")[2]
        if name == "c":
            self._at(attributes.get("r"))
            self._formula = self._filled = self._value = False
            self._text = attributes.get("t") == "str"
            if attributes.get("t") == "e":
                self._mark(self.errors)
        elif name == "row":
            self._row_begins(attributes.get("r"))
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._filled = self._inside = True

    def _row_begins(self, number: str | None) -> None:
        """A row begins: under the number that it bears, else the one after the row before it."""
        if number is not None:
            if not _LINE.fullmatch(number) or int(number) > MOST_LINES:
                raise _misplaced()
            self._row = int(number) - 1

    def _at(self, place: str | None) -> None:
        """A cell begins: where it says that it lies, else after the cell before it.

        Who reads the sheet takes a place as it is written, however far out it lies.
        """
        self._line, self._column = self._row, self._column + 1
        if place is not None:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise _misplaced()
            self._line, self._column = int(found[2]) - 1, _column(found[1])
        if self._line >= MOST_LINES or self._column >= MOST_COLUMNS:
            raise _misplaced()

    def _mark(self, places: set[tuple[int, int]]) -> None:
        """Remember where this cell lies."""
        places.add((self._line + 1, self._column))
        if len(places) > MOST_MARKED:
            raise NotReadable(
                "too large",
                f"A sheet has over {MOST_MARKED:,} formulas without a result, or cells that hold "
                "an error. Copy the list alone, its values only, into a new workbook.",
            )

    def passed(self, *_: object) -> None:
        """An element that is not looked at begins or ends."""
        self._letters = 0

    def _said(self, text: str) -> None:
        self._letters += len(text)
        if self._letters > MOST_TOKEN:
            raise NotReadable(
                "too large",
                f"A text in the workbook has over {MOST_TOKEN:,} characters. Copy the list alone "
                "into a new workbook.",
            )
        if self._inside:
            self._value = True

    def _end(self, name: str) -> None:
        self._inside = False
        self._letters = 0
        name = name.rpartition(" ")[2]
        if name == "row":
            self._row, self._column = self._row + 1, -1
        if name != "c" or not (self._filled or self._formula):
            return
        if self._formula and not self._value and not self._text:
            self._mark(self.uncalculated)
        self._formula = False
        if not self._filled:
            return
        self._filled = False
        self.last_row = max(self.last_row, self._line)
        self.last_column = max(self.last_column, self._column)
        _check_reach(self.last_row, self.last_column)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet_parts(packed: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    try:
        book = SafeXml.fromstring(packed.read(BOOK))
        links = SafeXml.fromstring(packed.read(LINKS))
    except (SafeXml.ParseError, DefusedXmlException) as error:
        raise _broken() from error
    targets = {
        link.get("Id", ""): link.get("Target", "").removeprefix("/").removeprefix("xl/")
        for link in links
    }
    return {
        str(element.get("name")): "xl/" + targets.get(str(element.get(_RELATION)), "")
        for element in book.iter()
        if element.tag.endswith("}sheet")
    }

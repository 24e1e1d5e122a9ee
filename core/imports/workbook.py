"""Workbooks (xlsx) opened with care: measured before they are read, then sheet by sheet."""

from __future__ import annotations

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

from core.domain.readable import readable
from core.imports.layout import Cell
from core.imports.sheet_scan import MOST_TOKEN, SAVE_AS, SheetScan, check_reach
from core.imports.ssda903.text import NotReadable

MOST_UNPACKED = 400_000_000
MOST_PARTS = 2_000
MOST_OF_PART = 2_000_000
MOST_OF_STYLES = 40_000_000
SMALL = 8_000_000
SWOLLEN = 200
MOST_SECONDS = 120
TELL_EVERY_ROWS = 2_000
CHUNK = 64 * 1024
BOOK, LINKS, STRINGS, STYLES = (
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml",
)  # fmt: skip
SHORT = frozenset({"[content_types].xml", "_rels/.rels", BOOK, LINKS})
Tell = Callable[[], None]

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
                    readable(about.name),
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


def _rows(book: CalamineWorkbook, name: str, pace: _Pace) -> Iterator[tuple[int, Sequence[Cell]]]:
    with _readable(pace):
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None or sheet.end is None:
            return
        check_reach(*sheet.end)
        before: list[Cell] = [""] * sheet.start[1]
        for line, row in enumerate(sheet.iter_rows(), 1):
            if line % TELL_EVERY_ROWS == 0:
                pace.told()
            yield line, before + row if before else row


def _scan(content: Path | BinaryIO, pace: _Pace) -> dict[str, SheetScan]:
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


def _scan_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, pace: _Pace) -> SheetScan:
    """Read a part to its end, which also proves its size, and measure it where it is a sheet."""
    name = _name(part)
    scan = SheetScan()
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


def _bounded(scan: SheetScan) -> expat.XMLParserType:
    """A parser of a part that is no sheet: its texts bounded, entities of its own refused."""
    made = scan.parser()
    made.StartElementHandler = made.EndElementHandler = scan.passed
    return made


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

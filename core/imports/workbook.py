"""Workbooks (xlsx) opened with care: measured before they are read, then sheet by sheet."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
MOST_PARTS = 2_000
CHUNK = 1024 * 1024

SAVE_AS = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)."
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
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


def sheets(content: Path | BinaryIO) -> Iterator[Sheet]:
    """Every sheet of a workbook, in its order; NotReadable where it cannot be read.

    Everything is unpacked and measured before it is read: a workbook that would grow beyond the
    limits, or that is not what it says, is refused. Macros are data that nobody runs.
    """
    try:
        scans = _scan(content)
        book = (
            CalamineWorkbook.from_path(content)
            if isinstance(content, Path)
            else CalamineWorkbook.from_filelike(content)
        )
        with book:
            for about in book.sheets_metadata:
                if about.typ is not SheetTypeEnum.WorkSheet:
                    continue
                scan = scans.get(about.name, _Scan())
                yield Sheet(
                    about.name,
                    _rows(book, about.name),
                    frozenset(scan.uncalculated),
                    frozenset(scan.errors),
                )
    except NotReadable:
        raise
    except Exception as error:
        raise _broken() from error
    except BaseException as error:
        # A fault inside the library is no Exception; a request to stop is left alone.
        if type(error).__name__ == "PanicException":
            raise _broken() from error
        raise


def _broken() -> NotReadable:
    return NotReadable("not readable", f"The workbook is damaged and cannot be read. {SAVE_AS}")


def _rows(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    before: list[Cell] = [""] * sheet.start[1]
    for line, row in enumerate(sheet.iter_rows(), 1):
        yield line, before + row if before else row


def _scan(content: Path | BinaryIO) -> dict[str, _Scan]:
    """Unpack every part once, bounded; by a sheet's name, how large it is."""
    if not isinstance(content, Path):
        content.seek(0)
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
            _check_parts(parts)
            found: dict[str, _Scan] = {}
            for part in parts:
                scanned = _scan_part(packed, part)
                if part.filename.startswith("xl/worksheets/"):
                    found[part.filename] = scanned
            return {
                name: found[path] for name, path in _sheet_parts(packed).items() if path in found
            }
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        KeyError,
        expat.ExpatError,
    ) as error:
        raise _broken() from error
    except (NotImplementedError, RuntimeError) as error:
        raise NotReadable("not readable", f"The workbook is packed oddly. {SAVE_AS}") from error
    finally:
        if not isinstance(content, Path):
            content.seek(0)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise NotReadable("workbook kind", f"This is a binary workbook (.xlsb). {SAVE_AS}")
    if "xl/workbook.xml" not in names:
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


def _other_package(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "This is a Word document, not a workbook. Give the list as xlsx or CSV."
    if any(name.startswith("ppt/") for name in names):
        return "This is a presentation, not a workbook. Give the list as xlsx or CSV."
    if "mimetype" in names and "content.xml" in names:
        return f"This is an OpenDocument file. {SAVE_AS}"
    return "This is a packed folder (zip), not a workbook. Unpack it and give the files in it."


def _scan_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Scan:
    """Read a part to its end, which also proves its size, and measure it where it is a sheet."""
    scan = _Scan()
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    parser = scan.parser() if sheet else None
    with packed.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if parser is not None:
                parser.Parse(chunk, False)
        if parser is not None:
            parser.Parse(b"", True)
    return scan


class _Scan:
    """How far a sheet is filled, and its formulas without a result, told as its XML is read.

    Whoever reads a sheet makes room for every cell up to the last, so a sheet is measured first,
    cell by cell, however its XML is written.
    """

    def __init__(self) -> None:
        self.last_row = self.last_column = -1
        self.first_row = self.first_column = 2**31
        self.uncalculated: set[tuple[int, int]] = set()
        self.errors: set[tuple[int, int]] = set()
        self._row = self._column = -1
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
        name = name.rpartition(" ")[2]
        if name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            if place:
                self._row = int(place[2]) - 1
            self._formula = self._filled = self._value = False
            self._text = attributes.get("t") == "str"
            if attributes.get("t") == "e":
                self.errors.add((self._row + 1, self._column))
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdecimal() else self._row + 1
            self._column = -1
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._filled = self._inside = True

    def _said(self, _text: str) -> None:
        if self._inside:
            self._value = True

    def _end(self, name: str) -> None:
        self._inside = False
        if not (self._filled or self._formula) or not name.endswith(" c"):
            return
        if self._formula and not self._value and not self._text:
            self.uncalculated.add((self._row + 1, self._column))
        self._formula = False
        if not self._filled:
            return
        self._filled = False
        self.first_row, self.last_row = (
            min(self.first_row, self._row),
            max(self.last_row, self._row),
        )
        self.first_column = min(self.first_column, self._column)
        self.last_column = max(self.last_column, self._column)
        cells = (self.last_row + 1) * (self.last_column - self.first_column + 1)
        if cells > MOST_CELLS:
            raise NotReadable(
                "too large",
                f"A sheet reaches to line {self.last_row + 1:,} and column "
                f"{self.last_column + 1:,}; at most {MOST_CELLS:,} cells are read. Delete what is "
                "filled in beneath and beside the list.",
            )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet_parts(packed: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    try:
        book = SafeXml.fromstring(packed.read("xl/workbook.xml"))
        links = SafeXml.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
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

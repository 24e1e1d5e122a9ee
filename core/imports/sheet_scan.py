"""How far a sheet of a workbook is filled, told as its XML is read: measured before it is read."""

from __future__ import annotations

import re
from xml.parsers import expat

from core.imports.ssda903.text import NotReadable

MOST_CELLS = 12_000_000
MOST_LINES, MOST_COLUMNS = 1_048_576, 16_384
MOST_MARKED = 1_000_000
MOST_TOKEN = 1_000_000

SAVE_AS = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)."
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LINE = re.compile(r"[1-9][0-9]{0,6}")


class SheetScan:
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
        check_reach(self.last_row, self.last_column)


def check_reach(row: int, column: int) -> None:
    """Refuse a sheet whose last row and column, counted from 0, lie too far out."""
    if row >= MOST_LINES or column >= MOST_COLUMNS or (row + 1) * (column + 1) > MOST_CELLS:
        raise NotReadable(
            "too large",
            f"A sheet reaches to line {row + 1:,} and column {column + 1:,}; at most "
            f"{MOST_CELLS:,} cells are read. Delete what is filled in beneath and beside the list.",
        )


def _misplaced() -> NotReadable:
    return NotReadable(
        "not readable",
        "The workbook is damaged: a cell or a row lies where no sheet reaches (line "
        f"{MOST_LINES:,}, column XFD). {SAVE_AS}",
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1

"""One row of a sheet under its headings: text, ids, days and codes, every fault with its column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from core.domain.episode import RowSource
from core.domain.readable import readable
from core.imports.layout import Cell, Headings
from core.imports.ssda903.problems import Problems
from core.imports.workbook import Sheet

EARLIEST, LATEST = 1900, 2100
LONGEST_ID = 64
LONGEST_TEXT = 4_000
ERRORS = frozenset(
    [
        "#N/A",
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#####",
    ]  # fmt: skip
)
_SPACES = re.compile(r"[ \t\u00a0\u2007\u202f\u200b]+")
_LINES = re.compile(r"[ \t]*\r?\n\s*")
_SHAPES = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})", re.ASCII),
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", re.ASCII)
_NAMED = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y", "%A %d %B %Y", "%a %d %b %Y")
_SCIENTIFIC = re.compile(r"\d+(\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)


def tidy(text: str) -> str:
    """Text without odd spaces and what nobody can read; the ends of its lines stay."""
    return _LINES.sub("\n", _SPACES.sub(" ", readable(text))).strip()


def shown(cell: Cell) -> str:
    """A cell as text: a whole number without its fraction, a day as ISO."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


class SheetRow:
    """The cells of one row by their column's code; set anew for each row of a sheet.

    ``where`` is how the sheet is named to people, ``file`` the name of the file that holds it.
    """

    def __init__(
        self,
        headings: Headings,
        file: str,
        where: str,
        problems: Problems,
        sheet: Sheet | None = None,
    ) -> None:
        self._places: Mapping[str, int] = headings.places
        self._said, self._layout = headings.said, headings.layout
        self._file, self._where, self._problems = file, where, problems
        self._uncalculated = sheet.uncalculated if sheet else frozenset()
        self._errors = sheet.errors if sheet else frozenset()
        self._values: Sequence[Cell] = ()
        self._zeros_told = False
        self._told: set[int] = set()
        self.line = 0

    def load(self, line: int, values: Sequence[Cell]) -> None:
        self.line, self._values = line, values
        self._told.clear()

    @property
    def source(self) -> RowSource:
        return RowSource(self._file, self.line)

    @property
    def blank(self) -> bool:
        """Whether the row holds nothing; a row of formulas without results is not blank."""
        if any(cell != "" and (not isinstance(cell, str) or tidy(cell)) for cell in self._values):
            return False
        return not any((self.line, place) in self._uncalculated for place in self._places.values())

    def heading(self, code: str) -> str:
        """The column's heading as the sheet has it, else as its layout has it."""
        return self._said.get(code) or self._layout.heading(code)

    def error(self, code: str, rule: str, message: str) -> None:
        """Something that is not loaded."""
        self._problems.error(self._where, self.line, self.heading(code)[:64], rule, message)

    def warning(self, code: str, rule: str, message: str) -> None:
        """Something that is loaded, or left out, all the same."""
        self._problems.warning(self._where, self.line, self.heading(code)[:64], rule, message)

    def has(self, code: str) -> bool:
        return code in self._places

    def cell(self, code: str) -> Cell:
        """The cell, "" where it is blank, an error of a formula, or not there."""
        place = self._places.get(code)
        if place is None:
            return ""
        value = self._values[place] if place < len(self._values) else ""
        told = place in self._told
        self._told.add(place)
        if value == "" and (self.line, place) not in self._errors:
            if (self.line, place) in self._uncalculated and not told:
                self.error(
                    code,
                    "not calculated",
                    "The cell is a formula that was never calculated, so it has no value. Open "
                    "the workbook, recalculate it and save it.",
                )
                return ""
        error = (self.line, place) in self._errors
        if error or (isinstance(value, str) and value.strip().upper() in ERRORS):
            if not told:
                self.warning(
                    code,
                    "formula error",
                    "The cell holds an error of the spreadsheet and is read as blank. Give what "
                    "is so.",
                )
            return ""
        return value

    def text(self, code: str, most: int = LONGEST_TEXT) -> str:
        """The cell as text of at most so many characters; a longer one is not loaded."""
        value = shown(self.cell(code))
        if len(value) > most:
            self.error(code, "too long", f"The cell has over {most:,} characters. Shorten it.")
            return ""
        return value

    def line_of_text(self, code: str, most: int = 200) -> str:
        """The cell as text of one line."""
        return " ".join(self.text(code, most).split())

    def local_id(self, code: str) -> str:
        """The child's id as text; "" where there is none, with an error."""
        cell = self.cell(code)
        if isinstance(cell, date | time | timedelta | bool):
            self.error(code, "child", "The id is a date or a mark. Format the column as text.")
            return ""
        value = " ".join(shown(cell).split())
        if not value:
            self.error(code, "child", "There is no id of a child in this row. Give it.")
        elif len(value) > LONGEST_ID:
            self.error(code, "child", "The id has over 64 characters. Check the column.")
        elif _SCIENTIFIC.fullmatch(value) or "." in value and not isinstance(cell, str):
            self.error(
                code,
                "child",
                "The spreadsheet has shortened or broken this id. Format the column as text and "
                "export it again.",
            )
        else:
            if not isinstance(cell, str) and not self._zeros_told:
                self._zeros_told = True
                self.warning(
                    code,
                    "id is a number",
                    "From this row on ids are numbers, so zeros at their start may be lost. If "
                    "ids of your system start with 0, format the column as text and export again.",
                )
            return value
        return ""

    def day(self, code: str) -> date | None:
        """The cell as a day; None where it is blank or no day."""
        cell = self.cell(code)
        found: date | None = None
        if isinstance(cell, datetime):
            found = cell.date()
        elif isinstance(cell, date):
            found = cell
        elif isinstance(cell, str):
            text = tidy(cell)
            if not text:
                return None
            found = day_of(text)
        if found is None:
            self.error(
                code,
                "date",
                "This is not a day. Give a date, such as 05/04/2018, and format the column as "
                "dates.",
            )
        elif not EARLIEST <= found.year <= LATEST:
            self.error(code, "date", "The year is not between 1900 and 2100. Check it.")
            return None
        return found


def day_of(text: str) -> date | None:
    """A day written out, day before month; None where it is none or could be two."""
    text = _TIME.sub("", text)
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    for pattern in _NAMED:
        try:
            return datetime.strptime(text.replace(",", ""), pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None

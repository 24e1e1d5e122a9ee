"""A list as a spreadsheet: typed cells to an Excel file or CSV, and text stays text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core.documents.word import clean

Value = str | int | float | date | bool | None

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
IN_MEMORY = 4 * 1024 * 1024
"""A file of more bytes is made on the disk."""
DAY = "d mmmm yyyy"
TEXT = "@"
TITLE_MOST, TEXT_MOST = 31, 32_767
NOT_IN_TITLES = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and its width in Excel in characters."""

    heading: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to be written: ``about`` stands in its first row, such as the day as at which it is.

    ``notes`` have a row each below it. A value is text, a number, a day, a bool (yes or no) or
    None, which is an empty cell. ``rows`` may be a generator: they are written as they come.
    """

    title: str
    about: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[str] = ()


def as_file(sheet: Sheet, kind: str, more: Sequence[Sheet] = ()) -> IO[bytes]:
    """The list as a file of a kind of MEDIA, to be read from its start.

    ``more`` are further sheets, which an Excel file alone has.

    In Excel days are days and text is text, "=" or not. CSV is UTF-8 with a mark of it, days are
    2026-11-23, and no cell is a formula.
    """
    made: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    if kind == "xlsx":
        _book((sheet, *more)).save(made)
    else:
        made.writelines(_csv_lines(sheet))
    made.seek(0)
    return made


def _book(sheets: Iterable[Sheet]) -> Workbook:
    book = Workbook(write_only=True)
    for sheet in sheets:
        _add(book, sheet)
    return book


def _add(book: Workbook, sheet: Sheet) -> None:
    made = book.create_sheet(_title(sheet.title))
    made.freeze_panes = f"B{3 + len(sheet.notes)}"
    for number, column in enumerate(sheet.columns, 1):
        made.column_dimensions[get_column_letter(number)].width = column.width
    for note in (sheet.about, *sheet.notes):
        made.append([_cell(made, note)])
    heads = [_cell(made, column.heading) for column in sheet.columns]
    for head in heads:
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
    made.append(heads)
    for row in sheet.rows:
        made.append([_cell(made, value) for value in row])


def _csv_lines(sheet: Sheet) -> Iterator[bytes]:
    # The mark without which a spreadsheet reads the accents of names wrongly.
    yield "\ufeff".encode()
    above = ([note] for note in (sheet.about, *sheet.notes))
    heads = [column.heading for column in sheet.columns]
    for row in chain(above, [heads], sheet.rows):
        out = StringIO()
        csv.writer(out).writerow(_plain(value) for value in row)
        yield out.getvalue().encode()


def guarded(text: str) -> str:
    """Text of a cell of CSV: what would start a formula has a quote first, and is text then."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _plain(value: Value) -> str:
    """A value as a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return guarded(clean(value))


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> WriteOnlyCell:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DAY
        return cell
    cell = WriteOnlyCell(sheet)
    cell.value = clean(value)[:TEXT_MOST]
    cell.data_type = "s"
    cell.number_format = TEXT
    return cell


def _title(title: str) -> str:
    return clean(title).translate(NOT_IN_TITLES).strip()[:TITLE_MOST] or "List"

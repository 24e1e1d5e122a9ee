"""A list as a spreadsheet: what is typed comes back as it was, and nothing becomes a formula."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import StringIO

import openpyxl

from core.documents.spreadsheet import Column, Sheet, as_file

ROWS = (
    ("0012", "=1+1", date(2026, 12, 1), 3, True, None),
    ("+44", "@cmd\x00|é漢", None, 0, False, "two\r\nlines"),
)


def made() -> Sheet:
    heads = ("Local ID", "What", "Due", "Rolled", "Late", "Note")
    return Sheet(
        "Actions: [all]?", "As at 23 November 2026", [Column(head) for head in heads], iter(ROWS)
    )


def test_excel_has_days_numbers_and_text_as_they_are() -> None:
    book = openpyxl.load_workbook(as_file(made(), "xlsx"))
    sheet = book.worksheets[0]
    assert sheet.title == "Actions   all"
    assert sheet["A1"].value == "As at 23 November 2026"
    assert [cell.value for cell in sheet[2]][:2] == ["Local ID", "What"]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=3))
    assert first == ["0012", "=1+1", datetime(2026, 12, 1), 3, "yes", None]
    assert sheet["B3"].data_type == "s" and sheet["C3"].number_format == "d mmmm yyyy"
    assert second == ["+44", "@cmd|é漢", None, 0, "no", "two\nlines"]


def test_csv_is_marked_as_utf_8_and_holds_no_formula() -> None:
    data = as_file(made(), "csv").read()
    assert data.startswith(b"\xef\xbb\xbf")
    about, heads, *rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert about == ["As at 23 November 2026"] and heads[0] == "Local ID"
    assert rows == [
        ["0012", "'=1+1", "2026-12-01", "3", "yes", ""],
        ["'+44", "'@cmd|é漢", "", "0", "no", "two\nlines"],
    ]


def test_words_longer_than_a_cell_of_excel_are_cut_there_and_whole_in_csv() -> None:
    def sheet() -> Sheet:
        return Sheet("Long", "", [Column("What")], [["w" * 40_000]])

    book = openpyxl.load_workbook(as_file(sheet(), "xlsx"))
    assert len(book.worksheets[0]["A3"].value) == 32_767
    assert b"w" * 40_000 in as_file(sheet(), "csv").read()


def test_notes_have_a_row_each_below_the_first_and_above_the_headings() -> None:
    def sheet() -> Sheet:
        return Sheet("Board", "As at a day", [Column("What")], [["=1"]], ("Filtered", "1 child"))

    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(as_file(sheet(), "xlsx")).worksheets[0].iter_rows()
    ]
    assert rows == [["As at a day"], ["Filtered"], ["1 child"], ["What"], ["=1"]]
    lines = as_file(sheet(), "csv").read().decode("utf-8-sig").splitlines()
    assert lines == ["As at a day", "Filtered", "1 child", "What", "'=1"]

"""Workbooks made to keep the one worker busy: refused at once, and ended when nobody wants them."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from builders.workbooks import part, with_parts, workbook

from core.imports import sheet_scan
from core.imports import workbook as opening
from core.imports.ssda903.text import NotReadable
from core.imports.workbook import sheets

GOOD = workbook({"Cases": [["Local ID", "Team"], ["0101", "Quill team"]]})
SHEET = "xl/worksheets/sheet1.xml"


def zeros(name: str, megabytes: int) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        if name != "xl/workbook.xml":
            packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open(name, "w") as out:
            for _ in range(megabytes):
                out.write(b"0" * 1_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_a_part_that_swells_is_refused_at_once_in_little_memory(name: str) -> None:
    content = zeros(name, 60)
    assert len(content) < 200_000
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(NotReadable) as refusal:
        list(sheets(BytesIO(content)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.rule == "too large"
    assert time.monotonic() - began < 5 and most < 20_000_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"</sheetData>", b'<row><c t="inlineStr"><is><t>%s</t></is></c></row></sheetData>'),
        (b"</sheetData>", b'<row><c r="A3" t="%s"/></row></sheetData>'),
        (b"</sheetData>", b"<!-- %s --></sheetData>"),
    ],
)
def test_a_text_or_a_token_without_an_end_is_refused(before: bytes, after: bytes) -> None:
    long = b"a1b2" * 750_000
    sheet = part(GOOD, SHEET).replace(before, after.replace(b"%s", long))
    with pytest.raises(NotReadable) as refusal:
        list(sheets(BytesIO(with_parts(GOOD, {SHEET: sheet}))))
    assert refusal.value.rule == "too large"


def test_a_sheet_that_cannot_be_measured_is_not_read() -> None:
    book = part(GOOD, "xl/_rels/workbook.xml.rels").replace(b"sheet1.xml", b"SHEET1.xml")
    moved = with_parts(GOOD, {"xl/_rels/workbook.xml.rels": book})
    assert [sheet.name for sheet in sheets(BytesIO(moved))] == ["Cases"]
    book = part(GOOD, "xl/_rels/workbook.xml.rels").replace(b"sheet1.xml", b"../worksheets/s.xml")
    with pytest.raises(NotReadable):
        list(sheets(BytesIO(with_parts(GOOD, {"xl/_rels/workbook.xml.rels": book}))))


def test_measuring_has_a_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_SECONDS", -1)
    with pytest.raises(NotReadable, match="takes too long to read"):
        list(sheets(BytesIO(GOOD)))


@pytest.mark.parametrize("fault", [KeyError("x"), RuntimeError("x"), ZeroDivisionError()])
def test_who_waits_is_told_and_can_end_it(fault: Exception) -> None:
    told = []

    def stop() -> None:
        told.append(1)
        raise fault

    with pytest.raises(type(fault)):
        list(sheets(BytesIO(GOOD), stop))
    assert len(told) == 1


def placed(*cells: str) -> bytes:
    """A workbook with one row of cells more, as they are written here."""
    row = f"<row>{''.join(cells)}</row></sheetData>".encode()
    return with_parts(GOOD, {SHEET: part(GOOD, SHEET).replace(b"</sheetData>", row)})


def cell(place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>Local ID</t></is></c>'


@pytest.mark.parametrize(
    "place",
    [
        "ZZZZZZZZZ1", "A99999999", "zzz3000", "C00009999999", "ZZZZ1", "XFE1", "A1048577", "A0",
        "A01", "a1", "1A", "A", "1", "", " A1", "A1 ", "$A$1", "Å1", "A１", "A1:B2", "R1C1",
    ],
)  # fmt: skip
def test_a_cell_that_lies_where_no_sheet_reaches_is_refused(place: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        list(sheets(BytesIO(placed(cell(place)))))
    assert refusal.value.rule == "not readable" and "XFD" in refusal.value.message


@pytest.mark.parametrize("number", ["0", "01", "1048577", "99999999", "A3", "", "-1", "+3", "３"])
def test_a_row_with_a_number_that_no_sheet_has_is_refused(number: str) -> None:
    row = f'<row r="{number}">{cell("A3")}</row></sheetData>'.encode()
    moved = with_parts(GOOD, {SHEET: part(GOOD, SHEET).replace(b"</sheetData>", row)})
    with pytest.raises(NotReadable, match="where no sheet reaches"):
        list(sheets(BytesIO(moved)))


def test_a_row_of_cells_without_an_end_is_refused() -> None:
    with pytest.raises(NotReadable, match="where no sheet reaches"):
        list(sheets(BytesIO(placed("<c><v>1</v></c>" * (sheet_scan.MOST_COLUMNS + 1)))))


def test_a_cell_without_a_place_is_measured_where_it_is_read() -> None:
    """Its row is the row's, whatever place the cell before it had."""
    row = f'<row r="1048576">{cell("A1")}{cell("XFC1")}<c><v>1</v></c></row></sheetData>'
    moved = with_parts(GOOD, {SHEET: part(GOOD, SHEET).replace(b"</sheetData>", row.encode())})
    with pytest.raises(NotReadable, match="column 16,384; at most"):
        list(sheets(BytesIO(moved)))


def test_a_list_far_to_the_right_is_counted_from_the_first_column() -> None:
    """Its rows are handed on whole, with what is empty before them."""
    with pytest.raises(NotReadable, match="cells are read"):
        sheet_scan.check_reach(2_000, 16_383)


def test_marks_of_cells_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_scan, "MOST_MARKED", 3)
    with pytest.raises(NotReadable, match="over 3 formulas"):
        list(sheets(BytesIO(placed('<c t="e"/>' * 4))))


def test_a_sheet_outside_its_folder_is_measured_too() -> None:
    """A package may give a sheet a place of its own: what is read from there is measured."""
    far = part(GOOD, SHEET).replace(
        b"</sheetData>", f"<row>{cell('ZZZZ1')}</row></sheetData>".encode()
    )
    with pytest.raises(NotReadable, match="where no sheet reaches"):
        list(sheets(BytesIO(with_parts(GOOD, {"other/worksheets/s.xml": far}))))


def test_a_text_that_is_not_there_is_a_damaged_workbook() -> None:
    """The library finds it only when the rows are read."""
    sheet = next(sheets(BytesIO(placed('<c r="A3" t="s"><v>999999</v></c>'))))
    with pytest.raises(NotReadable, match="damaged and cannot be read"):
        list(sheet.rows)


def test_memory_that_runs_out_is_no_fault_of_the_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(opening, "_scan", none)
    with pytest.raises(MemoryError):
        list(sheets(BytesIO(GOOD)))

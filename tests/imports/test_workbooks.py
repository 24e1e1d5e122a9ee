"""Workbooks as they come: formulas, errors of cells, ids that became numbers, and hostile ones."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from builders.workbooks import part, with_parts, workbook

from core.imports import workbook as opening
from core.imports.reader import Found, read_files
from core.imports.ssda903 import SourceFile

AS_AT = date(2026, 3, 31)
HEADINGS = ["Local ID", "Given name", "Team", "Date of birth"]
GOOD = workbook({"Cases": [HEADINGS, ["0101", "Orlin", "Quill team", date(2014, 5, 4)]]})
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, name: str = "list.xlsx") -> Found:
    return read_files([SourceFile(name, content), SourceFile("good.xlsx", GOOD)], AS_AT)


def problems(found: Found) -> list[tuple[str, int | None, str | None]]:
    return [(p.rule, p.line, p.column) for p in found.problems if p.file != "good.xlsx"]


def facts(found: Found) -> dict[tuple[str, str], str]:
    return {(f.child, f.field): f.value for s in found.stated for f in s.facts}


def test_a_formula_that_was_never_calculated_is_an_error_with_its_place() -> None:
    found = read(workbook({"Cases": [HEADINGS, ["0102", "Wren", "Quill team", "=DATE(2014,5,4)"]]}))
    (problem,) = [p for p in found.problems if p.rule == "not calculated"]
    assert (problem.file, problem.line, problem.column) == ("list.xlsx, Cases", 2, "Date of birth")
    assert "recalculate it and save it" in problem.message
    assert facts(found)["0102", "given_name"] == "Wren"


def test_a_formula_gives_its_stored_result() -> None:
    content = workbook({"Cases": [HEADINGS, ["0102", "=UPPER(A1)", "Quill team", ""]]})
    sheet = part(content, SHEET).replace(
        b'<c r="B2"><f>UPPER(A1)</f><v></v></c>',
        b'<c r="B2" t="str"><f>UPPER(A1)</f><v>Wren</v></c>',
    )
    assert facts(read(with_parts(content, {SHEET: sheet})))["0102", "given_name"] == "Wren"


def test_errors_of_cells_are_blank_and_said() -> None:
    found = read(workbook({"Cases": [HEADINGS, ["0102", "Wren", "#N/A", ""]]}))
    assert problems(found) == [("formula error", 2, "Team")]
    assert not [t for s in found.stated for t in s.teams if t.child == "0102"]


def test_ids_that_became_numbers_lose_no_digit_and_are_warned_of_once() -> None:
    found = read(workbook({"Cases": [HEADINGS, [101.0, "A", "T", ""], [102, "B", "T", ""],
                                     [1.5, "C", "T", ""], [date(2020, 1, 1), "D", "T", ""],
                                     ["1.2E+07", "E", "T", ""]]}))  # fmt: skip
    assert [c for c in found.children if c != "0101"] == ["101", "102"]
    assert problems(found) == [
        ("id is a number", 2, "Local ID"), ("child", 4, "Local ID"), ("child", 5, "Local ID"),
        ("child", 6, "Local ID"),
    ]  # fmt: skip


def test_a_day_may_be_typed_and_a_number_is_none() -> None:
    found = read(workbook({"Cases": [HEADINGS, ["1", "A", "T", "04/05/2014"],
                                     ["2", "B", "T", "5 April 2014 00:00"], ["3", "C", "T", 41763],
                                     ["4", "D", "T", "31/02/2014"]]}))  # fmt: skip
    born = {child: value for (child, field), value in facts(found).items() if field == "born"}
    assert born == {"1": "2014-05-04", "2": "2014-04-05", "0101": "2014-05-04"}
    assert problems(found) == [("date", 4, "Date of birth"), ("date", 5, "Date of birth")]


def test_rows_far_below_and_columns_far_right_are_read_where_they_are() -> None:
    rows = [[]] * 5 + [["", *HEADINGS], ["", "0102", "Wren", "Quill team", ""]]
    found = read(workbook({"Cases": rows}))
    (stated, _) = found.stated
    assert [fact.source.line for fact in stated.facts] == [7]


def _package(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _swollen() -> bytes:
    return with_parts(GOOD, {"xl/media/x.bin": b"\0" * (opening.MOST_UNPACKED // 8 + 1)})


def _wide() -> bytes:
    sheet = part(GOOD, SHEET).replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    return with_parts(GOOD, {SHEET: sheet})


def _entities() -> bytes:
    head, _, rest = part(GOOD, SHEET).partition(b"<worksheet")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    return with_parts(GOOD, {SHEET: head + bomb + b"<worksheet" + rest})


def _lying() -> bytes:
    whole = bytearray(GOOD)
    at = whole.index(b"PK\x01\x02")
    for place in range(at, len(whole) - 46):
        if whole[place : place + 4] == b"PK\x01\x02":
            whole[place + 24 : place + 28] = (7).to_bytes(4, "little")
    return bytes(whole)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (_package(word__document_xml=b"<w/>"), "not a workbook", "Word document"),
        (_package(anything=b"x"), "not a workbook", "packed folder"),
        (_package(mimetype=b"x", **{"content.xml": b"x"}), "not a workbook", "OpenDocument"),
        (_package(xl__workbook_bin=b"x", **{"xl/workbook.bin": b"x"}), "workbook kind", "xlsb"),
        (GOOD[: len(GOOD) // 2], "not readable", "damaged"),
        (_lying(), "not readable", "damaged"),
        (b"PK\x03\x04" + b"\0" * 400, "not readable", "damaged"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "workbook kind", "password"),
        (OLE + "Workbook".encode("utf-16-le"), "workbook kind", "older kind"),
        (OLE + "WordDocument".encode("utf-16-le"), "workbook kind", "Word document"),
        (_wide(), "too large", "cells are read"),
        (_entities(), "not readable", "entities"),
        (b"%PDF-1.7 \0", "not a table", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0", "not a table", "a picture"),
        (b"<html><table><tr><td>Local ID</td></tr></table></html>", "not a table", "web page"),
        (workbook({"Sheet1": [["Dinner", "Price"], ["Soup", 4]]}), "unknown table", "Expected"),
        (b"", "empty", "empty"),
    ],
)
def test_what_is_no_list_is_one_error_with_the_way_out_and_the_other_file_loads(
    content: bytes, rule: str, said: str
) -> None:
    found = read(content)
    errors = [p for p in found.problems if p.severity == "error"]
    assert [(p.file, p.rule) for p in errors] == [("list.xlsx", rule)], errors
    assert said in errors[0].message
    assert list(found.children) == ["0101"]


def test_a_workbook_that_swells_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = _swollen()
    monkeypatch.setattr(opening, "MOST_UNPACKED", opening.MOST_UNPACKED // 8)
    assert len(content) < 100_000
    assert problems(read(content)) == [("too large", None, None)]


def test_macros_are_data_that_nobody_runs() -> None:
    found = read(with_parts(GOOD, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    assert found.errors == 0 and list(found.children) == ["0101"]


def test_a_sheet_formatted_to_the_last_line_is_read() -> None:
    sheet = part(GOOD, SHEET).replace(
        b"</sheetData>", b'<row r="1048576" s="1"><c r="A1048576" s="1"/></row></sheetData>'
    )
    found = read(with_parts(GOOD, {SHEET: sheet}))
    assert found.errors == 0 and found.rows == 2


def test_a_workbook_under_another_name_is_told_by_what_it_holds() -> None:
    assert read(GOOD, "episodes.csv").errors == 0

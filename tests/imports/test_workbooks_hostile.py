"""Workbooks made to keep the one worker busy: refused at once, and ended when nobody wants them."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from builders.workbooks import part, with_parts, workbook

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

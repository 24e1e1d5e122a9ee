"""The project's own templates to download: headings, what goes in each, and made-up rows."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.imports import case_list, tracker
from core.imports.layout import Layout

CSV, XLSX = "csv", "xlsx"
LAYOUTS: Mapping[str, Layout] = {case_list.FORMAT: case_list.LAYOUT, tracker.FORMAT: tracker.LAYOUT}
TEXT, DAY = "@", "DD/MM/YYYY"
Value = str | date

#: Made up: nobody of these names is known, and the addresses are reserved for examples.
_EXAMPLES: Mapping[str, tuple[Mapping[str, Value], ...]] = {
    case_list.FORMAT: (
        {
            "child": "00417", "given_name": "Orlin", "family_name": "Thistlewick",
            "born": date(2017, 5, 4), "sex": "Male", "team": "Quill team",
            "service": "Children in care", "worker": "Perrin Oakshade",
            "worker_email": "perrin.oakshade@authority.example", "worker_staff_number": "S1042",
            "manager": "Hester Moorwell", "manager_email": "hester.moorwell@authority.example",
            "iro": "Idris Vellacombe", "iro_email": "idris.vellacombe@authority.example",
            "iro_staff_number": "S0077", "sibling_group": "T12",
        },
        {
            "child": "00418", "given_name": "Wren", "family_name": "Thistlewick",
            "born": date(2019, 11, 23), "sex": "Female", "team": "Quill team",
            "service": "Children in care", "worker_staff_number": "S1042",
            "iro_staff_number": "S0077", "sibling_group": "T12",
        },
    ),
    tracker.FORMAT: (
        {
            "child": "00417", "plan": "Long-term fostering", "plan_on": date(2026, 3, 12),
            "plan_state": "Agreed", "contingency": "Special guardianship order; Adoption",
            "ppm_on": date(2026, 3, 12), "panel_on": date(2026, 4, 16),
            "issued_on": date(2025, 9, 2), "final_hearing_on": date(2026, 2, 20),
            "ended_on": date(2026, 2, 20), "lgm_on": date(2025, 8, 19),
            "lgm_determination": "Threshold met: issue proceedings",
            "matched_on": date(2026, 5, 6), "approved_on": date(2025, 12, 9),
            "action": "Write to the carers about the match", "action_owner": "Perrin Oakshade",
            "action_owner_email": "perrin.oakshade@authority.example",
            "action_due": date(2026, 6, 30),
        },
        {
            "child": "00417", "action": "Update the life story book",
            "action_owner_staff_number": "S1042", "action_due": date(2026, 9, 1),
        },
        {"child": "00418", "plan": "Return to parents", "plan_on": date(2026, 1, 15)},
    ),
}  # fmt: skip


def columns(name: str) -> tuple[str, ...]:
    """The headings of a template in their order; of a tracker only its own, not a case list's."""
    layout = LAYOUTS[name]
    if name == tracker.FORMAT:
        return tuple(c.code for c in layout.columns if c.code == "child" or c in tracker.OWN)
    return tuple(column.code for column in layout.columns)


def example(name: str, format: str) -> bytes:
    """A template with made-up rows: ``name`` "case-list" or "tracker", as "csv" or "xlsx".

    KeyError for another name, ValueError for another format.
    """
    layout, codes, rows = LAYOUTS[name], columns(name), _EXAMPLES[name]
    if format == CSV:
        return _csv(layout, codes, rows)
    if format == XLSX:
        return _xlsx(layout, codes, rows)
    raise ValueError(f"There is no template as {format}")


def _csv(layout: Layout, codes: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(layout.column(code).heading for code in codes)
    for row in rows:
        writer.writerow(
            f"{value:%d/%m/%Y}" if isinstance(value, date) else value
            for value in (row.get(code, "") for code in codes)
        )
    return ("\ufeff" + out.getvalue()).encode()


def _xlsx(layout: Layout, codes: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = layout.title
    for number, code in enumerate(codes, 1):
        column = layout.column(code)
        head = _text(sheet, 1, number, column.heading)
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = 18
        for line, row in enumerate(rows, 2):
            value = row.get(code, "")
            if isinstance(value, date):
                sheet.cell(line, number, value).number_format = DAY
            elif value:
                _text(sheet, line, number, value)
    sheet.freeze_panes = "B2"
    notes = book.create_sheet("Notes")
    notes.column_dimensions["A"].width = 32
    notes.column_dimensions["B"].width = 90
    _text(notes, 1, 1, "Replace the example rows of the first sheet by your own. Leave out columns")
    _text(notes, 2, 1, "that you do not have; only Local ID is needed.")
    for line, code in enumerate(codes, 4):
        column = layout.column(code)
        _text(notes, line, 1, column.heading).font = Font(bold=True)
        _text(notes, line, 2, column.hint)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _text(sheet: Worksheet, line: int, number: int, value: str) -> Cell:
    """A cell that is text whatever it starts with: zeros stay, and nothing becomes a formula."""
    cell = sheet.cell(line, number)
    if not isinstance(cell, Cell):
        raise TypeError("a merged cell has no value")
    cell.value = value
    cell.data_type = "s"
    cell.number_format = TEXT
    return cell

"""A document in stages as a Word file: its approvals, in columns in which names do not break."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import docx
import pytest

from core.documents.staged_text import StagedText, StageLine, staged_text

AT = datetime(2026, 11, 23, 9)
ON = date(2026, 11, 20)
PAGE_MM = 210 - 2 * 25


@pytest.mark.clause("PPM10-11")
def test_a_long_name_has_room_in_the_table_of_approvals() -> None:
    step = StageLine(1, "Approval by the team manager", "Approved", "Orlin Saffronmere", ON, "Yes")
    one = StagedText(
        "Final care plan", "Wren", "", 1, "Orlin Saffronmere", ON, "Approved", "It is so", (step,),
    )  # fmt: skip
    made = docx.Document(BytesIO(staged_text(one, AT)))
    (table,) = made.tables
    assert not table.autofit
    wide = [round(cell.width.mm) for cell in table.rows[1].cells]
    assert [round(column.width.mm) for column in table.columns] == wide
    assert sum(wide) == PAGE_MM and wide[3] >= 34

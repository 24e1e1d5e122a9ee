"""A return in the XML form turned into rows by the same rules as its CSV tables."""

from __future__ import annotations

from typing import Any, BinaryIO

from core.imports.ssda903.gathered import Gathered, Progress
from core.imports.ssda903.problems import Problems
from core.imports.ssda903.result import XML_NAME, Row
from core.imports.ssda903.rows import READERS, Cells
from core.imports.ssda903.tables import LOADED
from core.imports.ssda903.xml_form import Record, children

_COLUMNS = {table.name: [c for c in table.columns if c != "DOB"] for table in LOADED}
_COLUMNS["Header"].append("DOB")


def read_xml(
    stream: BinaryIO, file: str, gathered: Gathered, problems: Problems, progress: Progress | None
) -> None:
    """Read the whole file, a child at a time; raises NotReadable where it is no sound return.

    Every table is then read, also one of which no child has a line: the form holds them all.
    """
    rows: dict[str, list[Row[Any]]] = {table: [] for table in READERS}
    cells = {table: Cells(columns, file, problems) for table, columns in _COLUMNS.items()}
    left: set[str] = set()
    good = before = gathered.read
    for child, records in children(stream, file, problems):
        for record in records:
            fruitless = gathered.read - before if good == before else 0
            gathered.one_more(record.line, progress, fruitless)
            if record.table not in READERS:
                left.add(record.table)
                continue
            row = _row(child, record, cells[record.table])
            if row is not None:
                rows[record.table].append(row)
                good += 1
            if not child:
                break
    gathered.take(file, XML_NAME, rows, {})
    gathered.leave(file, left)


def _row(child: str, record: Record, cells: Cells) -> Row[Any] | None:
    values = {**record.values, "CHILD": child}
    listed = [values.get(column, "") for column in _COLUMNS[record.table]]
    cells.load(record.line, ",".join(listed), listed)
    local, fact = cells.child(), READERS[record.table](cells)
    return None if cells.faulty or fact is None else Row(local, fact)

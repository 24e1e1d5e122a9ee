"""What the tables say of each child, every distinct assertion kept with where it first stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.domain.episode import RowSource
from core.imports.ssda903.result import Assertion, HeaderRow, ImportedChild, Row

Said = dict[tuple[str, str, object], Assertion]
_HEADER_COLUMNS = (
    ("DOB", "dob"),
    ("SEX", "sex"),
    ("ETHNIC", "ethnicity"),
    ("UPN", "upn"),
    ("MOTHER", "mother"),
    ("MC_DOB", "mother_child_dob"),
)


def assert_once(
    said: Said, child: str, column: str, value: str | date, table: str, source: RowSource
) -> None:
    """Note what a row says of a child unless the same was said before."""
    key = (child, column, value)
    if key not in said:
        said[key] = Assertion(column, value, table, source)


def children_of(rows: dict[str, list[Row[Any]]], said: Said) -> dict[str, ImportedChild]:
    """Every child that a loaded row names, Header's first, with the distinct assertions."""
    everything: Said = {}
    in_header: set[str] = set()
    order: dict[str, list[Assertion]] = {}
    for row in rows["Header"]:
        in_header.add(row.child)
        _header_assertions(everything, row)
    for table in rows.values():
        for row in table:
            order.setdefault(row.child, [])
    for key, assertion in said.items():
        everything.setdefault(key, assertion)
    for (child, _, _), assertion in everything.items():
        if child in order:
            order[child].append(assertion)
    return {
        child: ImportedChild(child, tuple(assertions), child in in_header)
        for child, assertions in order.items()
    }


def _header_assertions(said: Said, row: Row[HeaderRow]) -> None:
    fact = row.fact
    if fact.source is None:
        return
    for column, name in _HEADER_COLUMNS:
        value = getattr(fact, name)
        if value:
            assert_once(said, row.child, column, value, "Header", fact.source)

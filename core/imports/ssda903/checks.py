"""Findings that need the whole return: header codes, doubled children, and the rules on rows."""

from __future__ import annotations

import re

from core.domain.episode import RowSource
from core.domain.ssda903_codes import is_valid
from core.domain.ssda903_rules import RULES, broken_rules
from core.imports.ssda903.problems import Problems
from core.imports.ssda903.result import HeaderRow, ImportedChild, Return903, Row

_UPN = re.compile(r"[A-HJ-NP-RT-Z](\d{12}|\d{11}[A-Z])|UN[1-5]", re.ASCII)
_TOLD_HERE = frozenset({"birth dates differ", "no header row"})


def check_header(read: Return903, problems: Problems) -> None:
    """Codes of the Header table by year (101, 102, 103, 168, 444) and children who stand twice."""
    first: dict[str, Row[HeaderRow]] = {}
    upns: dict[str, Row[HeaderRow]] = {}
    for row in read.headers:
        _header_codes(row, read.year, problems)
        if row.fact.dob is not None and read.as_at is not None and row.fact.dob > read.as_at:
            problems.warning(
                row.file, row.line, "DOB", "born later",
                "The date of birth is after the last day of the collection year. Correct it.",
            )  # fmt: skip
        if row.child in first:
            _header_twice(row, first[row.child], problems)
        else:
            first[row.child] = row
            upn = row.fact.upn
            if not upn or upn.startswith("UN"):
                continue
            other = upns.setdefault(upn, row)
            if other is not row and read.year is not None and read.year >= 2026:
                problems.warning(
                    row.file, row.line, "UPN", "444",
                    f"Another child has the same UPN: {_place(other.fact.source)}. Check both.",
                )  # fmt: skip


def _header_codes(row: Row[HeaderRow], year: int | None, problems: Problems) -> None:
    fact = row.fact
    faults = []
    if not is_valid("SEX", fact.sex, year):
        allowed = "M, F or U" if year is not None and year >= 2025 else "1 or 2"
        faults.append(("SEX", "101", f"SEX is blank or not a code of this year. Give {allowed}."))
    if fact.dob is None:
        faults.append(("DOB", "102", "DOB is blank. Give the date of birth as dd/mm/yyyy."))
    if not is_valid("ETHNIC", fact.ethnicity, year):
        faults.append(("ETHNIC", "103", "ETHNIC is blank or not in the list. Give a code of it."))
    if not _UPN.fullmatch(fact.upn):
        faults.append(
            ("UPN", "168", "UPN is not valid. Give a letter and 12 digits, or one of UN1 to UN5.")
        )
    if fact.mother not in ("", "0", "1"):
        faults.append(("MOTHER", "mother", "MOTHER is neither 0 nor 1. Give one, or leave blank."))
    for column, rule, message in faults:
        problems.warning(row.file, row.line, column, rule, message)


def _header_twice(row: Row[HeaderRow], first: Row[HeaderRow], problems: Problems) -> None:
    same = all(
        getattr(row.fact, name) == getattr(first.fact, name)
        for name in ("dob", "sex", "ethnicity", "upn", "mother", "mother_child_dob")
    )
    if same:
        problems.warning(
            row.file, row.line, "CHILD", "repeated",
            f"The child stands in Header already: {_place(first.fact.source)}. Keep one row.",
        )  # fmt: skip
    else:
        problems.warning(
            row.file, row.line, "CHILD", "disagree",
            f"Header states this child differently before: {_place(first.fact.source)}. "
            "The first row is used and both are kept.",
        )  # fmt: skip


def check_return(read: Return903, problems: Problems) -> None:
    """Tables that should be there, children without a Header row, several births or sexes, 120."""
    if read.tables and "Header" not in read.tables:
        problems.warning(
            "", None, None, "no header table",
            "There is no Header table, so births, sexes and ethnicities may be lacking. Add it.",
        )  # fmt: skip
    elif "Header" in read.tables:
        _without_header(read, problems)
    for child in read.children.values():
        _asserted_twice(child, "DOB", "birth dates differ", "date of birth", problems)
        _asserted_twice(child, "SEX", "sexes differ", "sex", problems)
    for row in read.adoption_decisions:
        code = row.fact.reversed_why
        if code and not is_valid("REASON_PLACED_CEASED", code, read.year):
            problems.warning(
                row.file, row.line, "REASON_PLACED_CEASED", "120",
                "The reason the decision was reversed is not in the list. Give RD1 to RD4.",
            )  # fmt: skip


def _without_header(read: Return903, problems: Problems) -> None:
    told: set[str] = set()
    for _, rows in read.tables_read():
        for row in rows:
            if row.child not in told and not read.children[row.child].in_header:
                told.add(row.child)
                problems.warning(
                    row.file, row.line, "CHILD", "no header row", RULES["no header row"]
                )


def _asserted_twice(
    child: ImportedChild, column: str, rule: str, what: str, problems: Problems
) -> None:
    stated = child.all(column)
    if len(stated) > 1:
        places = "; ".join(_place(assertion.source) for assertion in stated[:10])
        source = stated[1].source
        problems.warning(
            source.file, source.line, column, rule,
            f"More than one {what} is stated for this child: {places}. The first of these is "
            "used and all are kept.",
        )  # fmt: skip


def check_children(read: Return903, problems: Problems) -> None:
    """The DfE's rules on one child's rows, each finding with the row's file, line and column."""
    with_adoption = "PlacedAdoption" in read.tables
    for child in read.child_facts():
        for broken in broken_rules(child, with_adoption):
            if broken.source is None or broken.rule in _TOLD_HERE:
                continue
            message = RULES[broken.rule]
            if broken.other is not None:
                message = f"{message} See also {_place(broken.other)}."
            problems.warning(
                broken.source.file, broken.source.line, broken.column, broken.rule, message
            )


def _place(source: RowSource | None) -> str:
    return f"{source.file} line {source.line}" if source is not None else "another row"

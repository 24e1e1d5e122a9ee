"""Two tables of one kind in one import: rows that say the same are read once, others told apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from core.imports.ssda903.problems import Problems
from core.imports.ssda903.result import Row


def without_repeats(
    tables: dict[str, list[Row[Any]]], problems: Problems
) -> dict[str, list[Row[Any]]]:
    """The rows by table; where several files give a table, exact repeats across them are dropped.

    A child whom two files state differently is a finding, and both files' rows are kept.
    """
    kept = {}
    for name, rows in tables.items():
        files = list(dict.fromkeys(row.file for row in rows))
        kept[name] = rows if len(files) < 2 else _read_once(name, rows, problems)
    return kept


def _read_once(name: str, rows: list[Row[Any]], problems: Problems) -> list[Row[Any]]:
    stated: dict[tuple[str, str], set[Any]] = {}
    first_line: dict[tuple[str, str], int] = {}
    files_of: dict[str, list[str]] = {}
    owner: dict[tuple[str, Any], str] = {}
    repeats: Counter[str] = Counter()
    kept = []
    for row in rows:
        key = (row.child, row.file)
        if key not in stated:
            files_of.setdefault(row.child, []).append(row.file)
            first_line[key] = row.line
        what = replace(row.fact, source=None)
        stated.setdefault(key, set()).add(what)
        if owner.setdefault((row.child, what), row.file) == row.file:
            kept.append(row)
        else:
            repeats[row.file] += 1
    for file, number in repeats.items():
        problems.warning(
            file, None, None, "repeated",
            f"{number:,} rows say the same as rows of another {name} file and are read once.",
        )  # fmt: skip
    for child, files in files_of.items():
        for other in files[1:]:
            if stated[child, other] != stated[child, files[0]]:
                problems.warning(
                    other, first_line[child, other], "CHILD", "disagree",
                    f"Two {name} files state this child differently: see also {files[0]} "
                    f"line {first_line[child, files[0]]}. Both are kept.",
                )  # fmt: skip
    return kept

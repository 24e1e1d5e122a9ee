"""Reads the files of a return: each table streamed row by row, good rows kept, faults reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.domain.episode import RowSource
from core.imports.ssda903.assertions import assert_once, children_of
from core.imports.ssda903.checks import check_children, check_header, check_return
from core.imports.ssda903.problems import ERROR, WARNING, Problems
from core.imports.ssda903.repeats import without_repeats
from core.imports.ssda903.result import (
    Assertion,
    Counts,
    Left,
    Return903,
    Row,
    infer_year,
)
from core.imports.ssda903.rows import READERS, Cells
from core.imports.ssda903.tables import Table, recognise
from core.imports.ssda903.text import NotReadable, SourceFile, cells, lines, opened

Progress = Callable[[int], None]
LIMIT_BYTES = 32_000_000
KEEP_PROBLEMS = 2_000
PROGRESS_EVERY = 1_000
HOPELESS_AFTER = 5_000


@dataclass(slots=True)
class Gathered:
    """What the files gave so far, by table; `said` are the sexes and births that rows repeat."""

    rows: dict[str, list[Row[Any]]] = field(default_factory=lambda: {n: [] for n in READERS})
    said: dict[tuple[str, str, object], Assertion] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)
    read: int = 0


def source_files(paths: Iterable[Path]) -> tuple[SourceFile, ...]:
    """The files to read: each file given, and every file in each folder given, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(inside for inside in path.iterdir() if inside.is_file()))
        else:
            found.append(path)
    return tuple(SourceFile(path.name, path) for path in found)


def read_return(
    files: Sequence[SourceFile],
    *,
    year: int | None = None,
    limit_bytes: int = LIMIT_BYTES,
    keep_problems: int = KEEP_PROBLEMS,
    progress: Progress | None = None,
) -> Return903:
    """Read the tables of one return; never raises for what a file holds.

    `year` is the collection year (it ends in), inferred from the latest DECOM if None.
    `limit_bytes` is the most that one file may have. `keep_problems` is how many problems of one
    rule in one file are kept; the rest are counted. `progress` is told the rows read so far.
    """
    problems = Problems(keep_problems)
    gathered = Gathered()
    for source in files:
        try:
            _read_file(source, gathered, problems, limit_bytes, progress)
        except NotReadable as refusal:
            problems.error(source.name, refusal.line, None, refusal.rule, refusal.message)
        except OSError:
            problems.error(source.name, None, None, "not readable", "The file could not be read.")
    if progress is not None:
        progress(gathered.read)
    return _finish(gathered, problems, year)


def _read_file(
    source: SourceFile,
    gathered: Gathered,
    problems: Problems,
    limit_bytes: int,
    progress: Progress | None,
) -> None:
    with opened(source, limit_bytes) as stream:
        numbered = lines(stream, source.name, limit_bytes, problems)
        first, heading_line = _heading_line(numbered)
        headings = [cell.upper() for cell in cells(heading_line) or ()]
        table = recognise(headings)
        if not table.loaded:
            gathered.left.append(
                Left(source.name, table.name, f"{table.name} was recognised and is not loaded.")
            )
            return
        _check_headings(table, headings, source.name, first, problems)
        before = gathered.read
        rows, said = _read_rows(
            table, headings, numbered, source.name, problems, gathered, progress
        )
    gathered.tables.add(table.name)
    gathered.rows[table.name].extend(rows)
    for key, assertion in said.items():
        gathered.said.setdefault(key, assertion)
    if gathered.read == before:
        problems.warning(
            source.name, None, None, "no rows", "The table has a heading row and nothing else."
        )


def _heading_line(numbered: Iterable[tuple[int, str]]) -> tuple[int, str]:
    for number, text in numbered:
        if text.strip(", \t"):
            return number, text
    raise NotReadable("empty", "The file has only blank lines. Export the table again.")


def _check_headings(
    table: Table, headings: list[str], file: str, line: int, problems: Problems
) -> None:
    missing = [column for column in table.required if column not in headings]
    twice = sorted({h for h in headings if h in table.columns and headings.count(h) > 1})
    if missing:
        raise NotReadable(
            "missing column",
            f"This looks like {table.name}, but it has no column {', '.join(missing)}. "
            "Export the table with it.",
            line,
        )
    if twice:
        raise NotReadable(
            "column twice", f"The column {', '.join(twice)} stands twice. Keep one.", line
        )
    for column in table.optional:
        if column not in headings:
            problems.warning(
                file, line, column, "missing column",
                f"{table.name} has no column {column}; it is read as blank.",
            )  # fmt: skip
    for number, heading in enumerate(headings, 1):
        if heading not in table.columns:
            problems.warning(
                file, line, heading[:40] or None, "extra column",
                f"Column {number} is not one of {table.name} and is left out.",
            )  # fmt: skip


def _read_rows(
    table: Table,
    headings: list[str],
    numbered: Iterable[tuple[int, str]],
    file: str,
    problems: Problems,
    gathered: Gathered,
    progress: Progress | None,
) -> tuple[list[Row[Any]], dict[tuple[str, str, object], Assertion]]:
    rows: list[Row[Any]] = []
    said: dict[tuple[str, str, object], Assertion] = {}
    read_fact, row = READERS[table.name], Cells(headings, file, problems)
    ids: dict[str, str] = {}
    before = gathered.read
    has_dob = "DOB" in headings and table.name != "Header"
    for line, text in numbered:
        if not text.strip(", \t"):
            continue
        gathered.read += 1
        if progress is not None and gathered.read % PROGRESS_EVERY == 0:
            progress(gathered.read)
        if not rows and gathered.read - before == HOPELESS_AFTER:
            raise NotReadable(
                "no good rows",
                f"None of the first {HOPELESS_AFTER:,} lines can be loaded. "
                "Export the table again.",
                line,
            )
        values = _fitted(text, len(headings), file, line, problems)
        if values is None:
            continue
        row.load(line, text, values)
        child, fact = row.child(), read_fact(row)
        born = row.day("DOB") if has_dob else None
        if row.faulty or fact is None:
            continue
        child = ids.setdefault(child, child)
        rows.append(Row(child, fact))
        if born is not None:
            assert_once(said, child, "DOB", born, table.name, RowSource(file, line))
        if table.name == "UASC" and (sex := row.code("SEX")):
            assert_once(said, child, "SEX", sex, table.name, RowSource(file, line))
    return rows, said


def _fitted(text: str, wanted: int, file: str, line: int, problems: Problems) -> list[str] | None:
    """The line's cells, as many as there are headings; None, with an error, when they cannot be."""
    if "\x00" in text:
        problems.error(
            file, line, None, "not text", "The line holds a null byte. Export the table again."
        )
        return None
    values = cells(text)
    if values is None:
        problems.error(
            file, line, None, "quotation marks",
            "A quotation mark in this line is not closed. Close it, or take it out.",
        )  # fmt: skip
        return None
    if len(values) > wanted and not any(values[wanted:]):
        values = values[:wanted]
    if len(values) != wanted:
        problems.error(
            file, line, None, "cells",
            f"The line has {len(values)} cells and the heading row {wanted}. "
            "Look for a comma too many or too few.",
        )  # fmt: skip
        return None
    return values


def _finish(gathered: Gathered, problems: Problems, year: int | None) -> Return903:
    rows = without_repeats(gathered.rows, problems)
    inferred = year is None
    if year is None:
        year = infer_year(row.fact for row in rows["Episodes"])
    for name, kept in rows.items():
        if name != "Header":
            rows[name] = [Row(row.child, replace(row.fact, year=year)) for row in kept]
    children = children_of(rows, gathered.said)
    read = Return903(
        children=children,
        headers=tuple(rows["Header"]),
        episodes=tuple(rows["Episodes"]),
        reviews=tuple(rows["Reviews"]),
        uasc=tuple(rows["UASC"]),
        adoption_decisions=tuple(rows["PlacedAdoption"]),
        left=tuple(gathered.left),
        tables=frozenset(gathered.tables),
        year=year,
        year_inferred=inferred and year is not None,
    )
    check_header(read, problems)
    check_return(read, problems)
    check_children(read, problems)
    with_episodes = {row.child for row in read.episodes}
    counts = Counts(
        children=len(children),
        without_episodes=len(children) - len(with_episodes),
        header=len(read.headers),
        episodes=len(read.episodes),
        reviews=len(read.reviews),
        uasc=len(read.uasc),
        adoption_decisions=len(read.adoption_decisions),
        rows=gathered.read,
        errors=problems.count(ERROR),
        warnings=problems.count(WARNING),
    )
    return replace(read, problems=problems.all(), counts=counts)

"""Reads the files of a return: each table streamed row by row, good rows kept, faults reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from core.domain.episode import RowSource
from core.domain.readable import readable
from core.imports.ssda903.assertions import assert_once, children_of
from core.imports.ssda903.checks import check_children, check_header, check_return
from core.imports.ssda903.gathered import Gathered, Progress, Said
from core.imports.ssda903.permanence import check_permanence, stated_of
from core.imports.ssda903.problems import ERROR, WARNING, Problems
from core.imports.ssda903.repeats import without_repeats
from core.imports.ssda903.result import XML_NAME, Counts, Return903, Row, infer_year
from core.imports.ssda903.rows import OF_A_YEAR, READERS, Cells
from core.imports.ssda903.tables import Table, recognise
from core.imports.ssda903.text import NotReadable, SourceFile, cells, lines, opened
from core.imports.ssda903.xml_form import is_xml
from core.imports.ssda903.xml_reader import read_xml

LIMIT_BYTES = 32_000_000
KEEP_PROBLEMS = 2_000
HEAD = 1_024


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
    A return has one form: where Episodes stands as CSV, XML beside it is said and left.
    """
    problems = Problems(keep_problems)
    gathered = Gathered()
    as_xml: list[SourceFile] = []
    for source in files:
        read = partial(_read_file, source, gathered, problems, limit_bytes, progress, as_xml)
        _told(problems, source.name, read)
    beside = "Episodes" in gathered.tables
    for source in as_xml:
        read = partial(_read_xml, source, gathered, problems, limit_bytes, progress, beside)
        _told(problems, source.name, read)
    if progress is not None:
        progress(gathered.read)
    return _finish(gathered, problems, year)


def _told(problems: Problems, name: str, read: Callable[[], None]) -> None:
    """Read one file; what keeps it as a whole from being read is a problem of it."""
    try:
        read()
    except NotReadable as refusal:
        problems.error(name, refusal.line, None, refusal.rule, refusal.message)
    except OSError:
        problems.error(name, None, None, "not readable", "The file could not be read.")


def _read_file(
    source: SourceFile,
    gathered: Gathered,
    problems: Problems,
    limit_bytes: int,
    progress: Progress | None,
    as_xml: list[SourceFile],
) -> None:
    with opened(source, limit_bytes) as stream:
        head = stream.read(HEAD)
        stream.seek(0)
        if is_xml(head):
            as_xml.append(source)
            return
        numbered = lines(stream, source.name, limit_bytes, problems)
        first, heading_line = _heading_line(numbered)
        headings = [cell.upper() for cell in cells(readable(heading_line)) or ()]
        table = recognise(headings)
        if not table.loaded:
            gathered.leave(source.name, [table.name])
            return
        _check_headings(table, headings, source.name, first, problems)
        before = gathered.read
        rows, said = _read_rows(
            table, headings, numbered, source.name, problems, gathered, progress
        )
    gathered.take(source.name, table.name, {table.name: rows}, said)
    if gathered.read == before:
        problems.warning(
            source.name, None, None, "no rows", "The table has a heading row and nothing else."
        )


def _read_xml(
    source: SourceFile,
    gathered: Gathered,
    problems: Problems,
    limit_bytes: int,
    progress: Progress | None,
    beside_tables: bool,
) -> None:
    with opened(source, limit_bytes) as stream:
        if beside_tables:
            gathered.told[source.name] = XML_NAME
            problems.warning(
                source.name, None, None, "two forms",
                "The return is here as CSV tables too. The tables are read and this file is "
                "left. To read it, import it by itself.",
            )  # fmt: skip
        else:
            read_xml(stream, source.name, gathered, problems, progress)


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
) -> tuple[list[Row[Any]], Said]:
    rows: list[Row[Any]] = []
    said: Said = {}
    read_fact, row = READERS[table.name], Cells(headings, file, problems)
    ids: dict[str, str] = {}
    before = gathered.read
    has_dob = "DOB" in headings and table.name != "Header"
    for line, text in numbered:
        if not text.strip(", \t"):
            continue
        gathered.one_more(line, progress, gathered.read - before if not rows else 0)
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
    values = cells(readable(text))
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
    for name in OF_A_YEAR:
        rows[name] = [Row(row.child, replace(row.fact, year=year)) for row in rows[name]]
    children = children_of(rows, gathered.said)
    read = Return903(
        children=children,
        headers=tuple(rows["Header"]),
        episodes=tuple(rows["Episodes"]),
        reviews=tuple(rows["Reviews"]),
        uasc=tuple(rows["UASC"]),
        adoption_decisions=tuple(rows["PlacedAdoption"]),
        adopted=tuple(rows["AD1"]),
        earlier_permanence=tuple(rows["PrevPerm"]),
        stated=stated_of(children, rows["AD1"], rows["PrevPerm"]),
        left=tuple(gathered.left),
        tables=frozenset(gathered.tables),
        told=gathered.told,
        year=year,
        year_inferred=inferred and year is not None,
    )
    check_header(read, problems)
    check_return(read, problems)
    check_children(read, problems)
    check_permanence(read.adopted, read.earlier_permanence, problems)
    with_episodes = {row.child for row in read.episodes}
    counts = Counts(
        children=len(children),
        without_episodes=len(children) - len(with_episodes),
        header=len(read.headers),
        episodes=len(read.episodes),
        reviews=len(read.reviews),
        uasc=len(read.uasc),
        adoption_decisions=len(read.adoption_decisions),
        adoptions=len(read.adopted),
        earlier_permanence=len(read.earlier_permanence),
        rows=gathered.read,
        errors=problems.count(ERROR),
        warnings=problems.count(WARNING),
    )
    return replace(read, problems=problems.all(), counts=counts)

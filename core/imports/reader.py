"""Every file of an import read: told by what it holds, then read by whoever reads its kind."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import BinaryIO

from core.domain.readable import readable
from core.imports import case_list, tracker
from core.imports.annex_a import lists, reading
from core.imports.content import Content, told
from core.imports.gathered import Gathered
from core.imports.layout import HEADER_WITHIN, Headings, Layout, Rows, find, plain
from core.imports.row import SheetRow
from core.imports.ssda903 import Left, Problem, Return903, SourceFile, read_return
from core.imports.ssda903.problems import ERROR, WARNING, Problems
from core.imports.ssda903.reader import KEEP_PROBLEMS, LIMIT_BYTES
from core.imports.ssda903.tables import LOADED, recognise
from core.imports.ssda903.text import NotReadable, lines, opened
from core.imports.stated import Stated
from core.imports.workbook import Sheet, sheets

Progress = Callable[[int], None]
RowReader = Callable[[SheetRow, Gathered, date], None]
PROGRESS_EVERY = 500
OWN_NOTES = ("notes",)
#: Of two that fit as well, the first: a tracker may have the columns of a case list too.
LAYOUTS = (lists.LIST_8, lists.LIST_10, case_list.LAYOUT, tracker.LAYOUT)
READERS: Mapping[str, RowReader] = {
    lists.FORMAT_8: reading.list_8,
    lists.FORMAT_10: reading.list_10,
    tracker.FORMAT: tracker.read,
    case_list.FORMAT: case_list.read,
}
#: What each kind of sheet is called, by its format.
TITLES = {layout.code: layout.title for layout in LAYOUTS}


@dataclass(frozen=True, slots=True)
class Found:
    """What the files of an import hold: the return, what the other files state, what is wrong.

    ``files`` gives what each file is and the rows loaded of it; ``rows`` are those read in all.
    """

    returned: Return903
    stated: tuple[Stated, ...] = ()
    problems: tuple[Problem, ...] = ()
    left: tuple[Left, ...] = ()
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    rows: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def children(self) -> dict[str, None]:
        """The local ids of all children named, in the order in which they were met."""
        named = dict.fromkeys(self.returned.children)
        for stated in self.stated:
            named.update(dict.fromkeys(stated.children))
        return named

    @property
    def list_files(self) -> frozenset[str]:
        """The names of the files that are no tables of a return."""
        named: set[str] = set()
        for stated in self.stated:
            named.update(fact.source.file for fact in stated.facts)
            named.update(person.source.file for person in stated.people)
            named.update(team.source.file for team in stated.teams)
            named.update(action.source.file for action in stated.actions)
        return frozenset(named)


@dataclass(slots=True)
class _Sheets:
    """What the sheets gave so far."""

    as_at: date
    problems: Problems
    progress: Progress
    stated: list[Stated] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    rows: int = 0


def read_files(
    files: Sequence[SourceFile],
    as_at: date,
    *,
    year: int | None = None,
    limit_bytes: int = LIMIT_BYTES,
    keep_problems: int = KEEP_PROBLEMS,
    progress: Progress | None = None,
) -> Found:
    """Read all files of one import; never raises for what a file holds.

    ``as_at`` is the day of which lists, case lists and trackers speak; ``year`` is the collection
    year of a return, inferred if None. ``progress`` is told the rows read so far.
    """
    tell = progress or (lambda done: None)
    out = _Sheets(as_at, Problems(keep_problems), tell)
    returns: list[SourceFile] = []
    for source in files:
        try:
            if not _read(source, out, limit_bytes):
                returns.append(source)
        except NotReadable as refusal:
            out.problems.error(source.name, refusal.line, None, refusal.rule, refusal.message)
        except OSError:
            out.problems.error(
                source.name, None, None, "not readable", "The file could not be read."
            )
    before = out.rows
    returned = read_return(
        returns,
        year=year,
        limit_bytes=limit_bytes,
        keep_problems=keep_problems,
        progress=lambda done: tell(before + done),
    )
    problems = returned.problems + out.problems.all()
    return Found(
        returned,
        tuple(out.stated),
        problems,
        returned.left + tuple(out.left),
        returned.files() | out.files,
        returned.counts.rows + out.rows,
        returned.counts.errors + out.problems.count(ERROR),
        returned.counts.warnings + out.problems.count(WARNING),
    )


def _read(source: SourceFile, out: _Sheets, limit_bytes: int) -> bool:
    """Read a file of lists; False for one that is a table of the return, or its XML."""
    with opened(source, limit_bytes) as stream:
        match told(stream):
            case Content.WORKBOOK:
                _read_workbook(source, stream, out)
                return True
            case Content.MARKUP:
                return False
            case _:
                return _read_text(source, stream, out, limit_bytes)


def _read_workbook(source: SourceFile, stream: BinaryIO, out: _Sheets) -> None:
    known, left, strange = [], [], []
    for sheet in sheets(stream, lambda: out.progress(out.rows)):
        where = f"{source.name[:160]}, {sheet.name[:31]}"
        layouts = _layouts_of(sheet.name)
        headings, rows = find(sheet.rows, layouts, sheet.name)
        if title := _other_list(sheet.name, headings):
            left.append(Left(source.name, title[:40], f"{title} was recognised and is not loaded."))
        elif headings is not None:
            known.append(headings.layout.title)
            _read_sheet(source.name, where, headings, rows, sheet, out)
        elif plain(sheet.name) not in OWN_NOTES and next(rows, None) is not None:
            strange.append(sheet.name)
    if not known and not left:
        raise NotReadable("unknown table", f"No sheet of this workbook is known. {_expected()}")
    titles = ", ".join(dict.fromkeys(known or (one.table for one in left)))
    out.files[source.name] = (titles[:40], out.files.get(source.name, ("", 0))[1])
    out.left += left
    out.left += [
        Left(source.name, name[:31], f"The sheet “{name[:31]}” is none that is known and is left.")
        for name in strange
    ]


def _layouts_of(sheet: str) -> tuple[Layout, ...]:
    """What a sheet can be: one that is named as a list of Annex A is that and nothing else."""
    if re.match(r"list 0?\d+\b", plain(sheet)):
        return tuple(one for one in lists.LISTS if re.search(one.sheet, plain(sheet))) or LAYOUTS
    return LAYOUTS


def _other_list(sheet: str, headings: Headings | None) -> str:
    """The title of a list of Annex A that is not loaded, told by its sheet's name or columns."""
    named = re.match(r"list 0?(\d+)\b", plain(sheet))
    if named and (title := lists.TITLES.get(int(named[1][:3]))):
        return f"Annex A list {int(named[1])} ({title})"
    if headings is not None and headings.layout.code not in lists.FORMATS:
        said = [plain(heading) for heading in headings.over.values()]
        for number, pattern in lists.TOLD_BY.items():
            if any(re.search(pattern, heading) for heading in said):
                return f"Annex A list {number} ({lists.TITLES[number]})"
    return ""


def _expected() -> str:
    returns = ", ".join(table.name for table in LOADED)
    return (
        f"Expected is a table of the return ({returns}), a workbook of Annex A with list 8 or 10, "
        "a case list or a tracker: for these two there is an example to download on the page "
        "“Import files”."
    )


def _read_text(source: SourceFile, stream: BinaryIO, out: _Sheets, limit_bytes: int) -> bool:
    first = list(islice(_records(stream, source.name, limit_bytes, Problems(0)), HEADER_WITHIN))
    stream.seek(0)
    table = next((row for _, row in first if any(row)), None)
    if table is None:
        return False
    try:
        recognise([str(cell).upper() for cell in table])
        return False
    except NotReadable as unknown:
        headings, _ = find(iter(first), LAYOUTS)
        if headings is None:
            told_apart = unknown.message.partition("Expected")[0]
            raise NotReadable("unknown table", f"{told_apart}{_expected()}", 1) from None
    if title := _other_list("", headings):
        out.left.append(Left(source.name, title[:40], f"{title} was recognised and is not loaded."))
        out.files[source.name] = (title[:40], 0)
        return True
    headings, rows = find(_records(stream, source.name, limit_bytes, out.problems), LAYOUTS)
    if headings is not None:
        _read_sheet(source.name, source.name, headings, rows, None, out)
    return True


def _records(stream: BinaryIO, name: str, limit_bytes: int, problems: Problems) -> Rows:
    """The records of a CSV file with the line on which each starts; a cell may span lines."""
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        for number, text in lines(stream, name, limit_bytes, problems):
            taken = number
            yield readable(text) + "\n"

    reader = csv.reader(texts(), strict=True)
    while True:
        start = taken + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.error(
                name, start, None, "quotation marks",
                "A quotation mark that opens in this line is not closed, or stands within a cell. "
                "Close it, or double it. From this line on nothing is loaded.",
            )  # fmt: skip
            return
        yield start, [cell.strip() for cell in record]


def _read_sheet(
    file: str,
    where: str,
    headings: Headings,
    rows: Rows,
    sheet: Sheet | None,
    out: _Sheets,
) -> None:
    layout = headings.layout
    _check_headings(headings, where, out.problems)
    if headings.missing:
        return
    row = SheetRow(headings, file, where, out.problems, sheet)
    gathered = Gathered(row, layout.code)
    read = READERS[layout.code]
    for line, values in rows:
        row.load(line, values)
        if row.blank:
            continue
        out.rows += 1
        if out.rows % PROGRESS_EVERY == 0:
            out.progress(out.rows)
        read(row, gathered, out.as_at)
    if not gathered.rows:
        out.problems.warning(
            where, None, None, "no rows", "There is a heading row and no child beneath it."
        )
    title, before = out.files.get(file, (layout.title, 0))
    out.files[file] = (title, before + gathered.rows)
    out.stated.append(gathered.stated())


def _check_headings(headings: Headings, where: str, problems: Problems) -> None:
    layout = headings.layout
    if headings.missing:
        problems.error(
            where, headings.line, None, "missing column",
            f"This looks like {_title(layout)}, but it has no column "
            f"“{'”, “'.join(headings.missing)}”. Add it, or give it that heading.",
        )  # fmt: skip
        return
    for heading in headings.twice:
        problems.warning(
            where, headings.line, heading[:40], "column twice",
            "The column stands twice. The first is read.",
        )  # fmt: skip
    for number, heading in headings.over.items():
        if heading not in headings.twice:
            problems.warning(
                where, headings.line, heading[:40], "extra column",
                f"Column {number} is not one of {_title(layout)} and is left out.",
            )  # fmt: skip
    if layout.code in lists.FORMATS:
        lacking = [
            c.heading for c in layout.columns if not c.left and c.code not in headings.places
        ]
        for heading in lacking:
            problems.warning(
                where, headings.line, heading[:64], "missing column",
                "The list has no such column; it is read as blank.",
            )  # fmt: skip


def _title(layout: Layout) -> str:
    return layout.title if layout.code in lists.FORMATS else f"a {layout.title.lower()}"

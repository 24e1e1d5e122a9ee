"""Importing files: what people ask of an import, and the command line's import whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from core.domain.dates import day
from core.domain.episode import year_ends
from core.domain.finding import Finding, Refused
from core.imports.reader import TITLES
from core.imports.ssda903 import source_files
from core.store import audit, imports
from core.store.database import db, writing
from core.store.imports import LEASE, Run, RunProblem, RunState
from core.store.scope import Scope
from core.usecases.import_run import Clock, apply, fail, read
from core.usecases.staging import remove, stage

LOOK_AGAIN = "This import has moved on since the page was shown: look again"
SAID_MOST = 50
NO_YEAR = "Give the collection year: nothing in these files tells it"


def ask_to_apply(
    scope: Scope,
    run: Run,
    staged_hash: str,
    at: datetime,
    *,
    leased_until: datetime | None = None,
) -> None:
    """Ask for a previewed import to be applied; the preview seen must be the one that is staged."""
    if run.year is None and run.counts.get("tables"):
        raise Refused(Finding(NO_YEAR, field="year"))
    with writing():
        if run.staged_hash != staged_hash or not imports.change(
            scope,
            run.id,
            [RunState.READY],
            seen=run.changed_at,
            state=RunState.ASKED,
            changed_at=at,
            leased_until=leased_until,
            failure="",
        ):
            raise Refused(Finding(LOOK_AGAIN))
        audit.changed(scope, at, "ask to apply", "import", run.public_id)


def discard(scope: Scope, run: Run, folder: Path, at: datetime) -> None:
    """Leave an import that has not been applied; its files are removed."""
    with writing():
        if not imports.change(
            scope,
            run.id,
            [RunState.RECEIVED, RunState.READING, RunState.READY, RunState.FAILED],
            state=RunState.DISCARDED,
            changed_at=at,
        ):
            raise Refused(Finding("This import has been applied, or is being applied"))
        audit.changed(scope, at, "discard import", "import", run.public_id)
    remove(scope, run.id, folder)


def read_again(scope: Scope, run: Run, at: datetime, *, year: int | None) -> None:
    """Read a previewed import again, for a collection year that somebody gives or confirms.

    An as-at day that was only the end of the year before goes with it; one that was given stays.
    """
    usual = run.year is not None and run.as_at == year_ends(run.year)
    with writing():
        if not imports.change(
            scope,
            run.id,
            [RunState.READY, RunState.FAILED],
            state=RunState.RECEIVED,
            seen=run.changed_at,
            year=year,
            year_inferred=False,
            as_at=None if usual else run.as_at,
            changed_at=at,
            leased_until=None,
            failure="",
        ):
            raise Refused(Finding(LOOK_AGAIN))
        audit.changed(scope, at, "read again", "import", run.public_id, after={"year": year})


def confirm_year(scope: Scope, run: Run, at: datetime, *, year: int) -> None:
    """Say that the collection year is right; for another year the import is read again."""
    if run.state is not RunState.READY or run.year != year:
        read_again(scope, run, at, year=year)
        return
    with writing():
        if not imports.change(
            scope,
            run.id,
            [RunState.READY],
            seen=run.changed_at,
            year_inferred=False,
            changed_at=at,
        ):
            raise Refused(Finding(LOOK_AGAIN))
        audit.changed(scope, at, "confirm year", "import", run.public_id, after={"year": year})


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import from the command line did; ``problems`` are those kept, errors first.

    ``year`` is None where there is no return among the files; ``lists_as_at`` where there is no
    other file.
    """

    public_id: str
    year: int | None
    year_inferred: bool
    as_at: date | None
    lists_as_at: date | None
    counts: Mapping[str, Any]
    problems: tuple[RunProblem, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data: the counts that are numbers, what was left, and each problem."""
        preview = self.counts["preview"]
        return {
            "import": self.public_id,
            "year": self.year,
            "year_inferred": self.year_inferred,
            "as_at": self.as_at.isoformat() if self.as_at else None,
            "lists_as_at": self.lists_as_at.isoformat() if self.lists_as_at else None,
            "lists": self.counts["lists"],
            "counts": {k: v for k, v in self.counts.items() if isinstance(v, int)},
            "new": preview["new"],
            "changed": preview["changed"],
            "unchanged": preview["unchanged"],
            "left": [left["message"] for left in self.counts["left"]],
            "problems": [
                {
                    "file": p.file,
                    "line": p.line,
                    "column": p.column or None,
                    "rule": p.rule,
                    "severity": p.severity,
                    "message": p.message,
                }
                for p in self.problems
            ],
        }

    def lines(self) -> list[str]:
        """The same in words, a line each."""
        counts, preview = self.counts, self.counts["preview"]
        how = "worked out from the latest episode" if self.year_inferred else "as given"
        said = []
        if self.year is not None:
            said.append(f"Collection year {self.year}, {how}.")
        if self.lists_as_at is not None:
            said.append(f"Lists as at {day(self.lists_as_at)}.")
        said += [
            f"{counts['children']:,} children: {preview['new']:,} new, {preview['changed']:,} "
            f"changed, {preview['unchanged']:,} unchanged; {counts['without_episodes']:,} without "
            "episodes.",
            f"{counts['episodes']:,} episodes, {counts['reviews']:,} reviews.",
            *self._stated(),
            *(f"{left['file']}: {left['message']}" for left in counts["left"]),
            f"{counts['errors']:,} errors, {counts['warnings']:,} warnings.",
        ]
        shown = self.problems[:SAID_MOST]
        said += [f"{place(p)}: {p.message} ({p.severity}, {p.rule})" for p in shown]
        if len(self.problems) > SAID_MOST:
            said.append("More problems are on the import's page, and in the answer as JSON.")
        return said

    def _stated(self) -> list[str]:
        """What lists, case lists and trackers gave, where there are any."""
        if not self.counts["lists"]:
            return []
        kinds = ", ".join(TITLES[format_] for format_ in self.counts["lists"])
        return [
            f"{kinds}: {self.counts['facts']:,} facts, {self.counts['people']:,} people named, "
            f"{self.counts['teams']:,} teams, {self.counts['actions']:,} open actions."
        ]


def place(problem: RunProblem) -> str:
    """Where a problem is: "episodes.csv line 12 DECOM"."""
    parts = [problem.file]
    if problem.line is not None:
        parts.append(f"line {problem.line}")
    if problem.column:
        parts.append(problem.column)
    return " ".join(part for part in parts if part) or "These files"


def import_paths(
    scope: Scope,
    paths: Iterable[Path],
    folder: Path,
    clock: Clock,
    *,
    limit_bytes: int,
    year: int | None = None,
    as_at: date | None = None,
) -> ImportReport:
    """Import files, and every file in folders, at once: staged, read and applied in this process.

    Raises Refused, with nothing changed, where a path is not there, nothing can be loaded, the
    year is not known, or the record keeps moving.
    """
    public_id = _stage_paths(scope, paths, folder, clock, limit_bytes, year, as_at)
    run = _run(scope, public_id)
    try:
        for _ in range(3):
            read(scope, run.id, folder, clock, limit_bytes=limit_bytes)
            run = _run(scope, public_id)
            if run.state is not RunState.READY:
                raise Refused(Finding(_why_not(scope, run)))
            ask_to_apply(scope, run, run.staged_hash, clock(), leased_until=clock() + LEASE)
            apply(scope, run.id, folder, clock, limit_bytes=limit_bytes)
            run = _run(scope, public_id)
            if run.state is RunState.APPLIED:
                return _report(scope, run)
        raise Refused(Finding("The record changed three times meanwhile: try again"))
    except BaseException:
        db.session.rollback()
        run = _run(scope, public_id)
        if run.state is RunState.READY:
            discard(scope, run, folder, clock())
        else:
            fail(scope, run.id, run.failure or "It did not come to its end", clock())
        raise


def _stage_paths(
    scope: Scope,
    paths: Iterable[Path],
    folder: Path,
    clock: Clock,
    limit_bytes: int,
    year: int | None,
    as_at: date | None,
) -> str:
    named = list(paths)
    if missing := [path for path in named if not path.exists()]:
        raise Refused(*(Finding(f"{path} is not there") for path in missing))
    sources = source_files(named)
    if not sources:
        raise Refused(Finding("There are no files in the folder"))
    with ExitStack() as stack:
        opened: list[tuple[str, BinaryIO]] = []
        for source in sources:
            try:
                opened.append(
                    (source.name, stack.enter_context(Path(str(source.content)).open("rb")))
                )
            except OSError:
                raise Refused(Finding(f"{source.name} could not be opened")) from None
        return stage(
            scope,
            opened,
            folder,
            clock(),
            limit_bytes=limit_bytes,
            year=year,
            as_at=as_at,
            leased_until=clock() + LEASE,
        )


def _run(scope: Scope, public_id: str) -> Run:
    found = imports.run(scope, public_id)
    db.session.rollback()
    if found is None:
        raise Refused(Finding("The import is not there any more"))
    return found


def _why_not(scope: Scope, run: Run) -> str:
    found, _ = imports.problems(scope, run.id, severity="error", most=3)
    told = "; ".join(f"{place(p)}: {p.message}" for p in found)
    return f"{run.failure or LOOK_AGAIN}. {told}" if told else run.failure or LOOK_AGAIN


def _report(scope: Scope, run: Run) -> ImportReport:
    found, _ = imports.problems(scope, run.id, most=10_000)
    db.session.rollback()
    lists = date.fromisoformat(run.counts["lists_as_at"]) if run.counts["lists"] else None
    return ImportReport(
        run.public_id,
        run.year,
        run.year_inferred,
        run.as_at,
        lists,
        run.counts,
        tuple(found),
    )

"""Import runs: staged, read, previewed, applied; their files and problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa

from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Account, ImportFile, ImportProblem, ImportRun

LEASE = timedelta(seconds=60)
BATCH = 2_000


class RunState(StrEnum):
    """Where an import stands; the worker does what is received or asked for."""

    RECEIVED = "received"
    READING = "reading"
    READY = "ready"
    ASKED = "apply asked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DISCARDED = "discarded"


WORKING = (RunState.RECEIVED, RunState.READING, RunState.ASKED, RunState.APPLYING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An import that the worker has taken; ``tries`` counts this time with those cut short."""

    authority_id: int
    id: int
    state: RunState
    tries: int


@dataclass(frozen=True, slots=True)
class Run:
    """One import as its page shows it."""

    id: int
    public_id: str
    state: RunState
    asked_at: datetime
    asked_by: str
    year: int | None
    year_inferred: bool
    as_at: date | None
    record_version: int | None
    staged_hash: str
    rows_done: int
    bytes_total: int
    counts: Mapping[str, Any]
    failure: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RunFile:
    id: int
    name: str
    stored_as: str
    table_name: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class RunProblem:
    file: str
    line: int | None
    column: str
    rule: str
    severity: str
    message: str


def _runs() -> sa.Select[Any]:
    query = sa.select(
        ImportRun.id,
        ImportRun.public_id,
        ImportRun.state,
        ImportRun.asked_at,
        sa.func.coalesce(Account.name, "the command line"),
        ImportRun.year,
        ImportRun.year_inferred,
        ImportRun.as_at,
        ImportRun.record_version,
        ImportRun.staged_hash,
        ImportRun.rows_done,
        ImportRun.bytes_total,
        ImportRun.counts,
        ImportRun.failure,
        ImportRun.changed_at,
    )
    return cast("sa.Select[Any]", query.outerjoin(Account, Account.id == ImportRun.account_id))


def _run(row: sa.Row[Any]) -> Run:
    values = list(row)
    values[2] = RunState(values[2])
    return Run(*values)


def run(scope: Scope, public_id: str) -> Run | None:
    row = db.session.execute(
        _runs().where(
            ImportRun.authority_id == scope.authority_id, ImportRun.public_id == public_id
        )
    ).first()
    return _run(row) if row else None


def run_by_id(scope: Scope, run_id: int) -> Run:
    return _run(
        db.session.execute(
            _runs().where(ImportRun.authority_id == scope.authority_id, ImportRun.id == run_id)
        ).one()
    )


def latest(scope: Scope, most: int = 50) -> list[Run]:
    rows = db.session.execute(
        _runs()
        .where(ImportRun.authority_id == scope.authority_id)
        .order_by(ImportRun.id.desc())
        .limit(most)
    )
    return [_run(row) for row in rows]


def files(scope: Scope, run_id: int) -> list[RunFile]:
    rows = db.session.execute(
        sa.select(
            ImportFile.id,
            ImportFile.name,
            ImportFile.stored_as,
            ImportFile.table_name,
            ImportFile.size,
            ImportFile.sha256,
            ImportFile.rows,
        )
        .where(ImportFile.authority_id == scope.authority_id, ImportFile.run_id == run_id)
        .order_by(ImportFile.id)
    )
    return [RunFile(*row) for row in rows]


def problems(
    scope: Scope, run_id: int, *, severity: str = "", most: int = 100, skip: int = 0
) -> tuple[list[RunProblem], int]:
    """A page of problems, errors first, and how many there are in all."""
    which = _which(scope, run_id, severity)
    total = db.session.execute(
        sa.select(sa.func.count()).select_from(ImportProblem).where(*which)
    ).scalar_one()
    rows = db.session.execute(
        sa.select(*_PROBLEM)
        .where(*which)
        .order_by(ImportProblem.severity, ImportProblem.id)
        .limit(most)
        .offset(skip)
    )
    return [RunProblem(*row) for row in rows], total


def every_problem(
    scope: Scope, run_id: int, preview: str, *, severity: str = ""
) -> Iterator[RunProblem]:
    """All problems of a preview, errors first, a batch at a time; they end where it is made again.

    ``preview`` is the run's ``staged_hash`` as it was read.
    """
    for one in (severity,) if severity else ("error", "warning"):
        query = (
            sa.select(ImportProblem.id, *_PROBLEM)
            .where(*_which(scope, run_id, one), is_preview(scope, run_id, preview))
            .order_by(ImportProblem.id)
            .limit(BATCH)
        )
        last = 0
        while rows := db.session.execute(query.where(ImportProblem.id > last)).all():
            last = rows[-1].id
            yield from (RunProblem(*row[1:]) for row in rows)


def is_preview(scope: Scope, run_id: int, preview: str) -> sa.ColumnElement[bool]:
    """True while the preview of a run is the one with this ``staged_hash``."""
    return sa.exists().where(
        ImportRun.authority_id == scope.authority_id,
        ImportRun.id == run_id,
        ImportRun.staged_hash == preview,
    )


def _which(scope: Scope, run_id: int, severity: str) -> list[sa.ColumnElement[bool]]:
    which = [ImportProblem.authority_id == scope.authority_id, ImportProblem.run_id == run_id]
    return [*which, ImportProblem.severity == severity] if severity else which


_PROBLEM = (
    ImportProblem.file,
    ImportProblem.line,
    ImportProblem.column,
    ImportProblem.rule,
    ImportProblem.severity,
    ImportProblem.message,
)


def add_run(
    scope: Scope,
    at: datetime,
    *,
    year: int | None,
    as_at: date | None,
    named: Iterable[RunFile],
    leased_until: datetime | None = None,
) -> tuple[int, str]:
    """Record a staged import in the transaction under way; gives its id and public id.

    With a lease it is the caller's to do, and no worker takes it while the lease runs.
    """
    named = list(named)
    made = db.session.execute(
        sa.insert(ImportRun)
        .values(
            authority_id=scope.authority_id,
            account_id=scope.account_id,
            state=RunState.RECEIVED,
            asked_at=at,
            changed_at=at,
            year=year,
            as_at=as_at,
            bytes_total=sum(file.size for file in named),
            counts={},
            leased_until=leased_until,
        )
        .returning(ImportRun.id, ImportRun.public_id)
    ).one()
    for file in named:
        db.session.execute(
            sa.insert(ImportFile).values(
                authority_id=scope.authority_id,
                run_id=made.id,
                name=file.name,
                stored_as=file.stored_as,
                size=file.size,
                sha256=file.sha256,
            )
        )
    return made.id, made.public_id


def change(
    scope: Scope,
    run_id: int,
    states: Iterable[RunState],
    *,
    seen: datetime | None = None,
    **values: Any,
) -> bool:
    """Change a run in the transaction under way, if it is still in one of the states.

    ``seen`` is its ``changed_at`` as it was read: nobody may have changed it since. Where its
    lease is ended, what was tried has come to its end, and tries are counted anew.
    """
    if "leased_until" in values and values["leased_until"] is None:
        values["tries"] = 0
    which = [
        ImportRun.authority_id == scope.authority_id,
        ImportRun.id == run_id,
        ImportRun.state.in_(list(states)),
    ]
    if seen is not None:
        which.append(ImportRun.changed_at == seen)
    done = db.session.execute(sa.update(ImportRun).where(*which).values(**values))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def claim(now: datetime) -> Claimed | None:
    """Take the next run that waits for the worker, with a lease.

    A lease that has run out, or one longer than leases are (a clock was put back), is nobody's.
    """
    with writing():
        row = db.session.execute(
            sa.select(ImportRun.authority_id, ImportRun.id, ImportRun.state, ImportRun.tries)
            .where(
                ImportRun.state.in_(list(WORKING)),
                sa.or_(
                    ImportRun.leased_until.is_(None),
                    ImportRun.leased_until < now,
                    ImportRun.leased_until > now + LEASE,
                ),
            )
            .order_by(ImportRun.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        db.session.execute(
            sa.update(ImportRun)
            .where(ImportRun.authority_id == row.authority_id, ImportRun.id == row.id)
            .values(leased_until=now + LEASE, tries=row.tries + 1)
        )
    return Claimed(row.authority_id, row.id, RunState(row.state), row.tries + 1)


def let_go(run_id: int, tries: int) -> None:
    """Give back a run that was taken, with so many ``tries``, and not done: it waits as it did.

    Another's lease stays, where one has taken it since; an ended step owes no try.
    """
    run = ImportRun
    lease = sa.case((run.tries == tries, sa.null()), else_=run.leased_until)
    query = sa.update(run).where(run.id == run_id, run.tries >= tries)
    with writing():
        db.session.execute(query.values(leased_until=lease, tries=run.tries - 1))


def progress(scope: Scope, run_id: int, now: datetime, rows: int) -> bool:
    """Say how far a run is, and keep its lease; a short transaction of its own.

    False where it is worked on no more: discarded meanwhile, or done by another.
    """
    with writing():
        done = db.session.execute(
            sa.update(ImportRun)
            .where(
                ImportRun.authority_id == scope.authority_id,
                ImportRun.id == run_id,
                ImportRun.state.in_(list(WORKING)),
            )
            .values(rows_done=rows, leased_until=now + LEASE)
        )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def put_problems(scope: Scope, run_id: int, found: Iterable[Mapping[str, Any]]) -> None:
    """Replace the problems of a run, in the transaction under way."""
    db.session.execute(
        sa.delete(ImportProblem).where(
            ImportProblem.authority_id == scope.authority_id, ImportProblem.run_id == run_id
        )
    )
    rows = [{"authority_id": scope.authority_id, "run_id": run_id, **_plain(row)} for row in found]
    if rows:
        db.session.execute(sa.insert(ImportProblem), rows)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A problem without null characters, which may stand in a heading; PostgreSQL has none."""
    return {
        name: value.replace("\0", " ") if isinstance(value, str) else value
        for name, value in row.items()
    }


def put_tables(scope: Scope, run_id: int, tables: Mapping[int, tuple[str, int]]) -> None:
    """Say of files, by id, which table each holds and how many rows of it were loaded."""
    for file_id, (table, rows) in tables.items():
        db.session.execute(
            sa.update(ImportFile)
            .where(
                ImportFile.authority_id == scope.authority_id,
                ImportFile.run_id == run_id,
                ImportFile.id == file_id,
            )
            .values(table_name=table, rows=rows)
        )


def stored_names() -> set[str]:
    """Every stored file that a run still needs, of all authorities: the rest can be cleared."""
    rows = db.session.execute(
        sa.select(ImportFile.stored_as)
        .join(ImportRun, ImportRun.id == ImportFile.run_id)
        .where(
            ImportRun.state.not_in([RunState.APPLIED, RunState.DISCARDED]),
            ImportFile.stored_as != "",
        )
    )
    return set(rows.scalars())

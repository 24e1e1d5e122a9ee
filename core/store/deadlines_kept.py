"""Deadlines as they are written: rows of children, changed only where they say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.windows import Reckoned
from core.store import bulk
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import DeadlineEarlier, DeadlineRow

Key = tuple[int, int | None, str, str, int, int]
Values = Mapping[str, Any]

KEYED = ("child_id", "case_id", "procedure_code", "code", "spell", "run")
TIMED = ("anchor", "anchor_date", "due", "due_at", "why")
SOURCE = ("typed_by", "import_file_id", "import_line", "said_of")
REST = (
    "procedure_edition", "begins", "ends", "soon_on", "met_on", "met_at", "stopped_on",
    "missing", "enter", "not_for", "latest", "instead_of",
)  # fmt: skip
COLUMNS = (*KEYED, *TIMED, *REST, *SOURCE)


@dataclass(frozen=True, slots=True)
class OfChild:
    """The deadlines of one course of a child: ``spell`` 0 and a case, or a period of care."""

    child_id: int
    case_id: int | None
    spell: int
    reckoned: tuple[Reckoned, ...]


def rows_of(found: Iterable[OfChild]) -> Iterator[dict[str, Any]]:
    """The rows that stand for what was worked out, by the names of COLUMNS."""
    for course in found:
        for one in course.reckoned:
            due = one.due
            yield {
                "child_id": course.child_id,
                "case_id": course.case_id,
                "procedure_code": one.procedure.code,
                "code": due.rule.code,
                "spell": course.spell,
                "run": due.run,
                "anchor": due.anchor[:64],
                "anchor_date": due.anchor_date,
                "due": due.due,
                "due_at": due.due_at,
                "why": due.reason,
                "procedure_edition": one.procedure.edition,
                "begins": due.begins,
                "ends": due.ends,
                "soon_on": due.soon_on,
                "met_on": due.met_on,
                "met_at": due.met_at,
                "stopped_on": due.stopped_on,
                "missing": due.missing,
                "enter": due.enter[:64],
                "not_for": due.not_for,
                "latest": due.latest,
                "instead_of": ", ".join(due.instead_of)[:400],
                "typed_by": due.origin.typed_by,
                "import_file_id": due.origin.file_id,
                "import_line": due.origin.line,
                "said_of": due.origin.said_of,
            }


def put(scope: Scope, child_ids: Iterable[int], found: Iterable[OfChild], at: datetime) -> int:
    """Have exactly these deadlines of these children, in the transaction under way.

    What says the same stays as it is. Where a day or what it ran from was another before, that is
    kept as an earlier value, with when it was replaced and by whom. Gives how many rows changed.
    """
    ids = sorted(set(child_ids))
    stored = _stored(scope, ids)
    wanted = {_key(row): row for row in rows_of(found)}
    gone = [row_id for key, (row_id, _) in stored.items() if key not in wanted]
    new = [row for key, row in wanted.items() if key not in stored]
    earlier = []
    there = {_day_of(row) for row in wanted.values()}
    for key in wanted.keys() & stored.keys():
        row_id, was = stored[key]
        now = wanted[key]
        if all(was[name] == now[name] for name in COLUMNS):
            continue
        gone.append(row_id)
        new.append(now)
        if _corrected(was, now) and _day_of(was) not in there:
            earlier.append(was)
    for start in range(0, len(gone), bulk.BATCH):
        batch = gone[start : start + bulk.BATCH]
        db.session.execute(
            sa.delete(DeadlineRow).where(
                DeadlineRow.authority_id == scope.authority_id, DeadlineRow.id.in_(batch)
            )
        )
    new.sort(key=lambda row: (row["child_id"], row["case_id"] or 0, row["spell"], row["run"]))
    bulk.insert(DeadlineRow, (((scope.authority_id,), row) for row in new), ("authority_id",))
    _keep(scope, earlier, at)
    return len(gone) + len(new)


def _stored(scope: Scope, ids: list[int]) -> dict[Key, tuple[int, Values]]:
    columns = [getattr(DeadlineRow, name) for name in COLUMNS]
    rows = db.session.execute(
        sa.select(DeadlineRow.id, *columns).where(
            DeadlineRow.authority_id == scope.authority_id, DeadlineRow.child_id.in_(ids)
        )
    )
    found: dict[Key, tuple[int, Values]] = {}
    for row_id, *values in rows:
        said = dict(zip(COLUMNS, values, strict=True))
        found[_key(said)] = (row_id, said)
    return found


def _key(row: Values) -> Key:
    return tuple(row[name] for name in KEYED)


def _day_of(row: Values) -> tuple[Any, ...]:
    """A run by what it says: one that has another number only, as an earlier one came in between,
    was not corrected."""
    names = ("child_id", "case_id", "procedure_code", "code", "spell", "anchor_date", "due")
    return tuple(row[name] for name in names)


def _corrected(was: Values, now: Values) -> bool:
    """Whether a day was another: not where the latest possible day has become the day itself."""
    if was["due"] is None or (was["latest"] and not now["latest"]):
        return False
    return any(was[name] != now[name] for name in ("anchor_date", "due", "due_at"))


def _keep(scope: Scope, rows: Iterable[Values], at: datetime) -> None:
    kept = [
        {
            "authority_id": scope.authority_id,
            "replaced_at": at,
            "replaced_by": scope.account_id,
            **{name: row[name] for name in (*KEYED, *TIMED)},
        }
        for row in rows
    ]
    if kept:
        db.session.execute(sa.insert(DeadlineEarlier), kept)

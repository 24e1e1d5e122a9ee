"""Deadlines as they are written: rows of children, changed only where they say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.domain.windows import Reckoned
from core.store import bulk, deadline_periods
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
BETWEEN = ", "
"""What stands between the clauses of ``instead_of``: no clause's id has it."""
COLUMNS = (*KEYED, *TIMED, *REST, *SOURCE)


EARLIER = (
    "child_id", "case_id", "period", "procedure_code", "code", "run", *TIMED,
    "replaced_at", "replaced_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfChild:
    """The deadlines of one course of a child: ``spell`` 0 and a case, or a period of care.

    ``start`` is that of the period.
    """

    child_id: int
    case_id: int | None
    spell: int
    reckoned: tuple[Reckoned, ...]
    start: date | None = None


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
                "instead_of": BETWEEN.join(due.instead_of),
                "typed_by": due.origin.typed_by,
                "import_file_id": due.origin.file_id,
                "import_line": due.origin.line,
                "said_of": due.origin.said_of,
            }


def put(
    scope: Scope,
    child_ids: Iterable[int],
    found: Iterable[OfChild],
    at: datetime,
    caused: Mapping[int, int | None] = MappingProxyType({}),
) -> int:
    """Have exactly these deadlines of these children, in the transaction under way.

    What says the same stays as it is. Where a day or what it ran from was another before, or is
    not there any more, that is kept as an earlier value, with when it was replaced and by whom: by
    the asker, or where nobody asks by who ``caused`` it, child by child. Gives how many rows
    changed.
    """
    ids, found = sorted(set(child_ids)), list(found)
    starts = _starts(found)
    periods = deadline_periods.follow(scope, ids, starts)
    wanted = {_key(row): row for row in rows_of(found)}
    there = {_day_of(row) for row in wanted.values()}
    gone: list[int] = []
    earlier: list[Values] = []
    new = dict(wanted)
    for row_id, was in _stored(scope, ids):
        child_id, spell = was["child_id"], was["spell"]
        number, start = periods.get((child_id, spell), (spell, starts.get(child_id, {}).get(spell)))
        placed = {**was, "spell": number}
        now = wanted.get(_key(placed))
        if now is not None and all(was[name] == now[name] for name in COLUMNS):
            del new[_key(now)]
            continue
        gone.append(row_id)
        if now is None and was["run"] == 0 and _key({**placed, "run": 1}) in wanted:
            continue  # How it was up to the day of something; how it is says what moved.
        if _day_of(was) not in there and (_lost(was) if now is None else _corrected(was, now)):
            by = _by(scope, caused.get(child_id), was, now)
            earlier.append({**placed, "period": start, "replaced_at": at, "replaced_by": by})
    _write(scope, gone, list(new.values()))
    _keep(scope, earlier)
    return len(gone) + len(new)


def _by(scope: Scope, caused: int | None, was: Values, now: Values | None) -> int | None:
    """Who moved a deadline: of a child that waited, who ``caused`` that, if no fact was another.

    The rules move what runs from the same day; a fact that was corrected moves that day.
    """
    same_fact = now is None or was["anchor_date"] == now["anchor_date"]
    if scope.account_id is None or (caused is not None and same_fact):
        return caused
    return scope.account_id


def _starts(found: Iterable[OfChild]) -> dict[int, dict[int, date]]:
    """When the periods of care began, by child and number."""
    starts: dict[int, dict[int, date]] = {}
    for course in found:
        if course.start is not None:
            starts.setdefault(course.child_id, {})[course.spell] = course.start
    return starts


def _write(scope: Scope, gone: list[int], new: list[dict[str, Any]]) -> None:
    for start in range(0, len(gone), bulk.BATCH):
        batch = gone[start : start + bulk.BATCH]
        db.session.execute(
            sa.delete(DeadlineRow).where(
                DeadlineRow.authority_id == scope.authority_id, DeadlineRow.id.in_(batch)
            )
        )
    new.sort(key=lambda row: (row["child_id"], row["case_id"] or 0, row["spell"], row["run"]))
    bulk.insert(DeadlineRow, (((scope.authority_id,), row) for row in new), ("authority_id",))


def _stored(scope: Scope, ids: list[int]) -> list[tuple[int, Values]]:
    columns = [getattr(DeadlineRow, name) for name in COLUMNS]
    rows = db.session.execute(
        sa.select(DeadlineRow.id, *columns).where(
            DeadlineRow.authority_id == scope.authority_id, DeadlineRow.child_id.in_(ids)
        )
    )
    return [(row_id, dict(zip(COLUMNS, values, strict=True))) for row_id, *values in rows]


def _key(row: Values) -> Key:
    return key_of([row[name] for name in KEYED])


def key_of(columns: Sequence[Any]) -> Key:
    """What tells deadlines apart, from the columns of KEYED."""
    child_id, case_id, procedure, code, spell, run = columns
    return child_id, case_id, procedure, code, spell, run


def _day_of(row: Values) -> tuple[Any, ...]:
    """A run by what it says: one that has another number only, as an earlier one came in between,
    or is of another period now, was not corrected."""
    names = ("child_id", "case_id", "procedure_code", "code", "anchor_date", "due")
    return tuple(row[name] for name in names)


def _corrected(was: Values, now: Values) -> bool:
    """Whether a day was another: not where the latest possible day has become the day itself."""
    if was["due"] is None or (was["latest"] and not now["latest"]):
        return False
    return any(was[name] != now[name] for name in ("anchor_date", "due", "due_at"))


def _lost(was: Values) -> bool:
    """Whether what is not there any more was dated: a latest possible day goes as things happen."""
    return was["due"] is not None and not was["latest"] and not was["not_for"]


def _keep(scope: Scope, rows: Iterable[Values]) -> None:
    kept = [
        {"authority_id": scope.authority_id, **{name: row[name] for name in EARLIER}}
        for row in rows
    ]
    if kept:
        db.session.execute(sa.insert(DeadlineEarlier), kept)

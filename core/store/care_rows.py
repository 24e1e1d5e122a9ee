"""The rows of a child's care as files and people stated them: read, each with whether it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.domain.care_typing import CARE_KINDS, CareKind
from core.domain.typed_care import latest_years, overruled_days
from core.store.database import db
from core.store.scope import Scope
from core.store.sources import SourceRow, sourced
from core.store.tables import AdoptionDecision, AsylumStatus, Episode, Review

IN_USE = "in use"
OVERRULED = "overruled"
OVERTAKEN = "overtaken"
NEVER = "never happened"
REPLACED = "replaced"
TAKEN_BACK = "taken back"

TABLES: Mapping[str, type[Any]] = MappingProxyType(
    {
        "episode": Episode,
        "review": Review,
        "adoption-decision": AdoptionDecision,
        "asylum": AsylumStatus,
    }
)


@dataclass(frozen=True, slots=True)
class CareRow:
    """One row: ``values`` are text by field, ISO days and codes; ``day`` tells rows apart.

    ``state`` is IN_USE; OVERRULED, for a file's row in whose place ``instead``, a typed row,
    stands; OVERTAKEN, for one of whose day the return of a later ``year`` says what ``instead``
    is; NEVER, for a typed row that says that nothing happened; REPLACED, for a typed row that was
    corrected, or TAKEN_BACK, for the note that one was. ``overrules`` are the files' rows that a
    row in use, or one of NEVER, stands against: of one day those of the latest year.
    """

    id: int
    kind: str
    values: Mapping[str, str]
    day: date | None
    source: SourceRow | None
    from_file: bool
    corrects: date | None
    void: bool
    stated_at: datetime | None
    replaced_at: datetime | None
    why: str
    year: int | None = None
    state: str = IN_USE
    instead: CareRow | None = None
    overrules: tuple[CareRow, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether a file says otherwise than this row, which stands against it."""
        return any(self.void or row.values != self.values for row in self.overrules)

    @property
    def days(self) -> frozenset[date | None]:
        """The days of files' rows in whose place this typed row stands."""
        return overruled_days(self.corrects, self.day)


def rows(scope: Scope, child_id: int, kind: CareKind) -> tuple[CareRow, ...]:
    """Every row of a kind of one child, each with its state: one query.

    The latest day first; of one day what stands first, then what was typed before, then files'
    rows that do not stand. In what order files were imported makes no difference.
    """
    table = TABLES[kind.code]
    columns = (
        table.id,
        table.import_file_id,
        table.corrects,
        table.void,
        table.stated_at,
        table.replaced_at,
        table.why,
        table.year,
        *(getattr(table, field.code) for field in kind.fields),
    )
    found: list[CareRow] = []
    for values, source in sourced(scope, table, child_id, columns, (table.id,)):
        row_id, file_id, corrects, void, stated_at, replaced_at, why, year, *own = values
        said = {field.code: value for field, value in zip(kind.fields, own, strict=True)}
        found.append(
            CareRow(
                row_id,
                kind.code,
                {code: text_of(value) for code, value in said.items()},
                said[kind.day] if kind.day else None,
                source,
                file_id is not None,
                corrects,
                void,
                stated_at,
                replaced_at,
                why,
                year,
            )
        )
    return tuple(sorted(_marked(found), key=_order))


#: Of one day, what stands comes first.
FIRST: Mapping[str, int] = MappingProxyType(
    {IN_USE: 0, NEVER: 0, REPLACED: 1, TAKEN_BACK: 1, OVERRULED: 2, OVERTAKEN: 3}
)


def _order(row: CareRow) -> tuple[Any, ...]:
    typed = 0 if row.from_file else row.id
    return (
        -row.day.toordinal() if row.day else 0,
        FIRST[row.state],
        -(row.year or 0),
        -typed,
        tuple(row.values.items()),
        row.id,
    )


def _marked(found: Iterable[CareRow]) -> tuple[CareRow, ...]:
    """Each row with its state, beside the rows that it stands against or that stand for it."""
    every = tuple(found)
    years = latest_years((row.day, row.year) for row in every if row.from_file)
    last = {r.id: r for r in every if r.from_file and (r.year or 0) == years[r.day]}
    stated = {row.day: row for row in last.values()}
    over: dict[date | None, CareRow] = {}
    for row in every:
        if not row.from_file and row.replaced_at is None:
            over |= dict.fromkeys(row.days, row)
    marked: list[CareRow] = []
    for row in every:
        if row.from_file:
            if row.id not in last:
                row = replace(row, state=OVERTAKEN, instead=stated[row.day])
            elif (instead := over.get(row.day)) is not None:
                row = replace(row, state=OVERRULED, instead=instead)
        elif row.replaced_at is not None:
            note = row.void and row.replaced_at == row.stated_at
            row = replace(row, state=TAKEN_BACK if note else REPLACED)
        else:
            files = tuple(other for other in last.values() if other.day in row.days)
            row = replace(row, state=NEVER if row.void else IN_USE, overrules=files)
        marked.append(row)
    return tuple(marked)


def text_of(value: object) -> str:
    """A stored value as text: a day as ISO, nothing as ""."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def add(
    scope: Scope,
    child_id: int,
    kind: CareKind,
    values: Mapping[str, str],
    at: datetime,
    *,
    corrects: date | None = None,
    void: bool = False,
    replaced: bool = False,
    why: str = "",
) -> None:
    """Add a row that the asker types, in the transaction under way."""
    stored: dict[str, Any] = {}
    for field in kind.fields:
        value = values.get(field.code, "")
        is_day = isinstance(getattr(TABLES[kind.code], field.code).type, sa.Date)
        stored[field.code] = (date.fromisoformat(value) if value else None) if is_day else value
    db.session.execute(
        sa.insert(TABLES[kind.code]).values(
            authority_id=scope.authority_id,
            child_id=child_id,
            typed_by=scope.account_id,
            stated_at=at,
            corrects=corrects,
            void=void,
            replaced_at=at if replaced else None,
            why=why,
            **stored,
        )
    )


def replace_typed(scope: Scope, kind: CareKind, row_id: int, at: datetime) -> bool:
    """Mark a typed row as no longer standing; False where it was already."""
    table = TABLES[kind.code]
    done = db.session.execute(
        sa.update(table)
        .where(
            table.authority_id == scope.authority_id,
            table.id == row_id,
            table.import_file_id.is_(None),
            table.replaced_at.is_(None),
        )
        .values(replaced_at=at)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def disagreements(found: Mapping[str, tuple[CareRow, ...]]) -> int:
    """How many rows that a person typed, of these, stand against a file that says otherwise."""
    return sum(row.disagrees for rows in found.values() for row in rows)


def every_kind(scope: Scope, child_id: int) -> dict[str, tuple[CareRow, ...]]:
    """All rows of one child by kind: a query a kind."""
    return {code: rows(scope, child_id, kind) for code, kind in CARE_KINDS.items()}

"""What every source says of who children are: read as statements, added to, and put in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.dates import london_day
from core.domain.episode import year_ends
from core.domain.identity import BORN, EXPECTED, SSDA903, as_returned, with_unsourced
from core.domain.record.statements import Statement
from core.store.database import db
from core.store.described import describe
from core.store.scope import Scope
from core.store.tables import Account, Child, IdentityFact, ImportFile, ImportRun

COLUMNS = (
    "given_name", "family_name", "sex", "ethnicity", "disability", "languages", "upn",
    "sibling_group",
)  # fmt: skip
BATCH = 2_000


def said_of(scope: Scope, child_ids: Collection[int]) -> dict[int, list[Statement]]:
    """Every statement of children's identities, by child, in the order of storing.

    A return speaks of the last day of its collection year, or of the day on which it was imported
    where that is earlier. One query for each batch of children.
    """
    found: dict[int, list[Statement]] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), BATCH):
        query = _query().where(
            IdentityFact.authority_id == scope.authority_id,
            IdentityFact.child_id.in_(ids[start : start + BATCH]),
        )
        for row in db.session.execute(query.order_by(IdentityFact.id)):
            found.setdefault(row.child_id, []).append(_statement(row))
    return {child_id: as_returned(said) for child_id, said in found.items()}


def said_with_columns(scope: Scope, child_id: int) -> tuple[Statement, ...]:
    """Every statement of one child, and the values that stand without one: two queries."""
    row = db.session.execute(
        sa.select(
            Child.born, Child.birth_expected, *(getattr(Child, name) for name in COLUMNS)
        ).where(Child.authority_id == scope.authority_id, Child.id == child_id)
    ).one()
    columns = {name: getattr(row, name) or "" for name in COLUMNS}
    if row.born is not None:
        columns[EXPECTED if row.birth_expected else BORN] = row.born.isoformat()
    said = said_of(scope, [child_id]).get(child_id, [])
    if any(statement.field in (BORN, EXPECTED) for statement in said):
        columns = {name: value for name, value in columns.items() if name not in (BORN, EXPECTED)}
    return with_unsourced(said, columns)


def add(
    scope: Scope,
    child_id: int,
    field: str,
    value: str,
    at: datetime,
    *,
    why: str = "",
    format: str = "",
    replaced: bool = False,
    said_of: str = "",
) -> None:
    """Add what the asker types (or, with a ``format``, what stood without a source).

    ``said_of`` is the local id of which it is said, where that record was merged into the child's.
    """
    db.session.execute(
        sa.insert(IdentityFact).values(
            authority_id=scope.authority_id,
            child_id=child_id,
            field=field,
            value=value,
            typed_by=None if format else scope.account_id,
            format=format,
            as_at=None if format else scope.on,
            stated_at=None if format else at,
            replaced_at=at if replaced else None,
            why=why,
            said_of=said_of,
        )
    )


def replace(scope: Scope, statement_ids: Collection[int], at: datetime) -> None:
    """Mark statements as no longer standing."""
    if statement_ids:
        db.session.execute(
            sa.update(IdentityFact)
            .where(
                IdentityFact.authority_id == scope.authority_id,
                IdentityFact.id.in_(sorted(statement_ids)),
                IdentityFact.replaced_at.is_(None),
            )
            .values(replaced_at=at)
        )


def put_in_use(scope: Scope, child_id: int, values: Mapping[str, Any]) -> None:
    """Write the values in use to the child's own columns; its version moves."""
    describe(scope, {child_id: values})


def _query() -> Any:
    return (
        sa.select(
            IdentityFact.id,
            IdentityFact.child_id,
            IdentityFact.field,
            IdentityFact.value,
            IdentityFact.year,
            IdentityFact.format,
            IdentityFact.as_at,
            ImportRun.as_at.label("run_as_at"),
            ImportRun.asked_at,
            IdentityFact.stated_at,
            IdentityFact.replaced_at,
            IdentityFact.why,
            IdentityFact.import_line,
            IdentityFact.import_file_id,
            IdentityFact.said_of,
            ImportFile.name.label("file"),
            Account.name.label("by"),
        )
        .outerjoin(
            ImportFile,
            sa.and_(
                ImportFile.id == IdentityFact.import_file_id,
                ImportFile.authority_id == IdentityFact.authority_id,
            ),
        )
        .outerjoin(
            ImportRun,
            sa.and_(
                ImportRun.id == ImportFile.run_id,
                ImportRun.authority_id == ImportFile.authority_id,
            ),
        )
        .outerjoin(
            Account,
            sa.and_(
                Account.id == IdentityFact.typed_by,
                Account.authority_id == IdentityFact.authority_id,
            ),
        )
    )


def _statement(row: Any) -> Statement:
    from_file = row.import_file_id is not None
    format = row.format or (SSDA903 if from_file or row.year is not None else "")
    as_at: date | None = row.as_at or row.run_as_at
    if format == SSDA903 and row.year is not None:
        imported = row.as_at or (london_day(row.asked_at) if row.asked_at else None)
        as_at = min(filter(None, (year_ends(row.year), imported)))
    return Statement(
        id=row.id,
        field=row.field,
        value=row.value,
        by=row.by or "",
        file=row.file or "",
        line=row.import_line,
        format=format,
        as_at=as_at,
        stated_at=row.stated_at,
        replaced_at=row.replaced_at,
        why=row.why,
        said_of=row.said_of,
        year=row.year,
    )

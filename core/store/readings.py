"""Who had and read which papers and forms: the asker's own marks, and who had one paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AuditRow, FormReading, MinutesReading, PaperReading


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who had a paper's file, alone or in a pack, and when first (UTC)."""

    account_id: int
    name: str
    job: str
    first_at: datetime


def hold(scope: Scope, versions: Iterable[tuple[int, int]], at: datetime) -> None:
    """Note that the asker has these versions (paper id, number), in the transaction under way."""
    _put(
        PaperReading,
        [_own(scope, paper_id=paper_id, number=n, held_at=at) for paper_id, n in versions],
        ("account_id", "paper_id", "number"),
        "held_at",
        first=True,
    )


def mark(scope: Scope, versions: Iterable[tuple[int, int]], read_at: datetime | None) -> None:
    """Mark versions (paper id, number) as read by the asker, or, with None, as not read."""
    _put(
        PaperReading,
        [_own(scope, paper_id=paper_id, number=n, read_at=read_at) for paper_id, n in versions],
        ("account_id", "paper_id", "number"),
        "read_at",
    )


def taken(scope: Scope, paper_id: int, number: int, at: datetime, *, file: bool) -> None:
    """Note that the asker took a version, a file or a link: it is read, and a file is held."""
    mark(scope, [(paper_id, number)], at)
    if file:
        hold(scope, [(paper_id, number)], at)


def mark_forms(scope: Scope, case_ids: Iterable[int], read_at: datetime | None) -> None:
    """Mark the forms of cases as read by the asker, or, with None, as not read."""
    _put(
        FormReading,
        [_own(scope, case_id=case_id, read_at=read_at) for case_id in case_ids],
        ("account_id", "case_id"),
        "read_at",
    )


def mark_minutes(scope: Scope, meeting_id: int, read_at: datetime | None) -> None:
    """Mark a meeting's minutes as read by the asker, or, with None, as not read."""
    row = _own(scope, meeting_id=meeting_id, read_at=read_at)
    _put(MinutesReading, [row], ("account_id", "meeting_id"), "read_at")


def minutes_read(scope: Scope, meeting_id: int) -> datetime | None:
    """When the asker marked the minutes of a meeting as read: one query."""
    return db.session.scalar(
        sa.select(MinutesReading.read_at).where(
            MinutesReading.authority_id == scope.authority_id,
            MinutesReading.account_id == scope.account_id,
            MinutesReading.meeting_id == meeting_id,
        )
    )


def _own(scope: Scope, **values: Any) -> dict[str, Any]:
    return {"authority_id": scope.authority_id, "account_id": scope.account_id, **values}


def _put(
    table: Any,
    rows: list[dict[str, Any]],
    key: tuple[str, ...],
    column: str,
    *,
    first: bool = False,
) -> None:
    """Insert rows, or set the column of those that are there; ``first`` keeps the earliest."""
    rows = [row for row in rows if row["account_id"] is not None]
    if not rows:
        return
    kind = db.session.get_bind().dialect.name
    insert = (postgresql.insert if kind == "postgresql" else sqlite.insert)(table)
    new = insert.excluded[column]
    value = sa.func.coalesce(getattr(table, column), new) if first else new
    db.session.execute(
        insert.values(rows).on_conflict_do_update(index_elements=key, set_={column: value})
    )


def papers_read(scope: Scope, paper_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """The numbers of the versions that the asker has read, by paper: one query."""
    found: dict[int, set[int]] = defaultdict(set)
    if paper_ids:
        query = sa.select(PaperReading.paper_id, PaperReading.number).where(
            PaperReading.authority_id == scope.authority_id,
            PaperReading.account_id == scope.account_id,
            PaperReading.paper_id.in_(sorted(paper_ids)),
            PaperReading.read_at.is_not(None),
        )
        for paper_id, number in db.session.execute(query):
            found[paper_id].add(number)
    return {paper_id: frozenset(numbers) for paper_id, numbers in found.items()}


def forms_read(scope: Scope, case_ids: Collection[int]) -> Mapping[int, datetime]:
    """When the asker marked the forms of cases as read, by case: one query."""
    if not case_ids:
        return {}
    query = sa.select(FormReading.case_id, FormReading.read_at).where(
        FormReading.authority_id == scope.authority_id,
        FormReading.account_id == scope.account_id,
        FormReading.case_id.in_(sorted(case_ids)),
        FormReading.read_at.is_not(None),
    )
    return {case_id: read_at for case_id, read_at in db.session.execute(query) if read_at}


def holders(scope: Scope, paper_id: int, paper_public_id: str) -> list[Holder]:
    """Everybody who had the file of a paper, with when first: by their marks and by the audit.

    The audit knows who took it before marks were kept.
    """
    held = sa.select(PaperReading.account_id, PaperReading.held_at.label("at")).where(
        PaperReading.authority_id == scope.authority_id,
        PaperReading.paper_id == paper_id,
        PaperReading.held_at.is_not(None),
    )
    took = sa.select(AuditRow.account_id, AuditRow.at).where(
        AuditRow.authority_id == scope.authority_id,
        AuditRow.subject == "paper",
        AuditRow.subject_id == paper_public_id,
        AuditRow.did == "take",
    )
    both = sa.union_all(held, took).subquery()
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.job, sa.func.min(both.c.at))
        .join(both, both.c.account_id == Account.id)
        .where(Account.authority_id == scope.authority_id)
        .group_by(Account.id, Account.name, Account.job)
        .order_by(sa.func.min(both.c.at), Account.name)
    )
    return [Holder(*row) for row in rows]

"""Who looked at a child: folded by person and day, with the reasons stated, and lists beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.dates import london_day
from core.domain.sight import What
from core.store.audit_trail import LISTS_WITHIN, Row, child, lists
from core.store.database import db
from core.store.london import LondonDay
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, AuditRow, Child, StatedAccess

MOST_LOOKS = 2_000


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody's looks at a child on a day in London: how often, from when until when, at what."""

    who: str
    job: str
    on: date
    times: int
    first: datetime
    last: datetime
    what: tuple[Mapping[str, Any], ...]
    reasons: tuple[str, ...]


def who_looked(
    scope: Scope, child_public_id: str, page: int, size: int
) -> tuple[list[Looked], int]:
    """One page of who looked at a child, latest day first, and how many there are: four queries."""
    # Written so that no index but that of the child's own rows fits: SQLite would take another.
    looks = sa.and_(
        sa.func.coalesce(AuditRow.authority_id, 0) == scope.authority_id,
        AuditRow.subject == "child",
        AuditRow.subject_id == child_public_id,
        sa.func.coalesce(AuditRow.did, "") == "look",
        sa.exists().where(Child.public_id == child_public_id, children_seen(scope, What.LOOKED)),
    )
    on = LondonDay(AuditRow.at)
    groups = (
        sa.select(
            AuditRow.account_id,
            on.label("on"),
            sa.func.count().label("times"),
            sa.func.min(AuditRow.at).label("first"),
            sa.func.max(AuditRow.at).label("last"),
        )
        .where(looks)
        .group_by(AuditRow.account_id, on)
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(groups.subquery())) or 0
    rows = db.session.execute(
        groups.order_by(sa.desc("last"), AuditRow.account_id).limit(size).offset((page - 1) * size)
    ).all()
    if not rows:
        return [], int(total)
    since, until = min(row.first for row in rows), max(row.last for row in rows)
    people = {row.account_id for row in rows}
    names = _people(scope, people)
    what = _what(looks, people, since, until)
    reasons = _reasons(scope, child_public_id, people, until)
    found = []
    for row in rows:
        day = london_day(row.first)
        name, job = names.get(row.account_id, ("", ""))
        given = [r for account, first, last, r in reasons if account == row.account_id
                 and first <= row.last and last >= row.first]  # fmt: skip
        seen = what.get((row.account_id, day), ())
        found.append(
            Looked(name, job, day, row.times, row.first, row.last, tuple(seen), tuple(given))
        )
    return found, int(total)


def lists_with(scope: Scope, child_public_id: str, at: datetime, most: int) -> list[Row]:
    """The latest lists in which a child stood, within the last 31 days: two queries."""
    if child(scope, public_id=child_public_id) is None:
        return []
    query = (
        sa.select(
            AuditRow.id,
            AuditRow.at,
            AuditRow.position,
            sa.func.coalesce(Account.name, ""),
            sa.func.coalesce(Account.email, ""),
            AuditRow.did,
            AuditRow.subject,
            sa.literal(""),
            sa.null(),
            AuditRow.after,
            sa.literal(""),
        )
        .outerjoin(
            Account,
            sa.and_(Account.id == AuditRow.account_id, Account.authority_id == scope.authority_id),
        )
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.at >= at - LISTS_WITHIN,
            lists(child_public_id),
        )
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(most)
    )
    return [Row(*row) for row in db.session.execute(query)]


def _people(scope: Scope, ids: Iterable[int | None]) -> dict[int | None, tuple[str, str]]:
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.job).where(
            Account.authority_id == scope.authority_id, Account.id.in_([i for i in ids if i])
        )
    )
    return {account_id: (name, job) for account_id, name, job in rows}


def _what(
    looks: ColumnElement[bool], people: Iterable[int | None], since: datetime, until: datetime
) -> dict[tuple[int | None, date], list[Mapping[str, Any]]]:
    """What somebody looked at of the child, by account and day, each thing once."""
    rows = db.session.execute(
        sa.select(AuditRow.account_id, AuditRow.at, AuditRow.after)
        .where(
            looks,
            AuditRow.at >= since,
            AuditRow.at <= until,
            sa.func.coalesce(AuditRow.account_id, 0).in_([i for i in people if i]),
        )
        .order_by(AuditRow.at.desc())
        .limit(MOST_LOOKS)
    )
    found: dict[tuple[int | None, date], list[Mapping[str, Any]]] = {}
    for account_id, at, after in rows:
        seen = found.setdefault((account_id, london_day(at)), [])
        if (after or {}) not in seen:
            seen.append(after or {})
    return found


def _reasons(
    scope: Scope, child_public_id: str, people: Iterable[int | None], until: datetime
) -> list[tuple[int, datetime, datetime, str]]:
    """The reasons stated for the child: by whom, from when until when."""
    rows = db.session.execute(
        sa.select(
            StatedAccess.account_id,
            StatedAccess.since,
            sa.func.coalesce(StatedAccess.ended_at, StatedAccess.until),
            StatedAccess.reason,
        )
        .join(Child, Child.id == StatedAccess.child_id)
        .where(
            StatedAccess.authority_id == scope.authority_id,
            Child.public_id == child_public_id,
            StatedAccess.account_id.in_([i for i in people if i]),
            StatedAccess.since <= until,
        )
        .order_by(StatedAccess.since.desc())
        .limit(MOST_LOOKS)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]

"""Brothers and sisters: who is in a group, and how links were made and undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.identity import SIBLINGS, UNSOURCED
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.sources import SourceRow, same
from core.store.tables import Account, Child, IdentityFact, ImportFile, ImportRun
from core.store.tables.columns import random_id

HISTORY_MOST = 100


@dataclass(frozen=True, slots=True)
class Member:
    """A child of a group; ``seen`` says whether the asker sees their record."""

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A link made or undone of one child: ``in_group`` says which; who, when, why or which file."""

    given_name: str
    family_name: str
    local_id: str
    in_group: bool
    by: str
    at: datetime | None
    why: str
    source: SourceRow | None


def new_group() -> str:
    return f"sg-{random_id()}"


def members(scope: Scope, group: str | None) -> list[Member]:
    """The children of a group, whether or not the asker sees them; none of no group."""
    if not group:
        return []
    rows = db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
            children_seen(scope).label("seen"),
        )
        .where(
            Child.authority_id == scope.authority_id,
            Child.sibling_group == group,
            Child.merged_into_id.is_(None),
        )
        .order_by(Child.born, Child.given_name, Child.id)
    )
    return [Member(*row) for row in rows]


def history(scope: Scope, child_id: int) -> list[Linked]:
    """How the groups that a child was in came about, the latest first, of the children seen."""
    own = IdentityFact.authority_id == scope.authority_id
    groups = sa.select(IdentityFact.value).where(
        own,
        IdentityFact.child_id == child_id,
        IdentityFact.field == SIBLINGS,
        IdentityFact.value != "",
    )
    related = sa.select(IdentityFact.child_id).where(
        own, IdentityFact.field == SIBLINGS, IdentityFact.value.in_(groups)
    )
    rows = db.session.execute(
        sa.select(
            Child.given_name,
            Child.family_name,
            Child.local_id,
            IdentityFact.value,
            Account.name,
            IdentityFact.stated_at,
            IdentityFact.why,
            ImportFile.name.label("file"),
            IdentityFact.import_line,
            sa.func.coalesce(IdentityFact.as_at, ImportRun.as_at).label("as_at"),
        )
        .join(Child, same(Child, IdentityFact.child_id))
        .outerjoin(Account, same(Account, IdentityFact.typed_by))
        .outerjoin(ImportFile, same(ImportFile, IdentityFact.import_file_id))
        .outerjoin(ImportRun, same(ImportRun, ImportFile.run_id))
        .where(
            own,
            IdentityFact.field == SIBLINGS,
            IdentityFact.format != UNSOURCED,
            sa.or_(IdentityFact.child_id == child_id, IdentityFact.child_id.in_(related)),
            children_seen(scope),
        )
        .order_by(IdentityFact.id.desc())
        .limit(HISTORY_MOST)
    )
    return [
        Linked(
            row.given_name,
            row.family_name,
            row.local_id,
            bool(row.value),
            row.name or "",
            row.stated_at,
            row.why,
            SourceRow(row.file, row.import_line, row.as_at) if row.file else None,
        )
        for row in rows
    ]

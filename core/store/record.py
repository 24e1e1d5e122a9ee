"""A child's record beside care and identity: entries with all that is said of them, and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.record.voices import CONTACT
from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, Child, ImportFile
from core.store.tables.record import Entry, EntryStatement, RecordSummary


@dataclass(frozen=True, slots=True)
class ChildOf:
    """The child of a record: what its pages name, and what its days are held against."""

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool


CHILD = (
    Child.id,
    Child.public_id,
    Child.local_id,
    Child.given_name,
    Child.family_name,
    Child.born,
    Child.birth_expected,
)


WORKS_WITH = (What.PLAN, What.PEOPLE, What.CHANGE)


def child(scope: Scope, public_id: str, *, changes: bool = False) -> ChildOf | None:
    """The child, where the asker sees their plan; or, to change it, works with them.

    Who sees a child for the sake of one case, or for an hour, changes nothing of the record.
    """
    seen = children_seen(scope, *(WORKS_WITH if changes else (What.PLAN,)))
    query = sa.select(*CHILD).where(Child.public_id == public_id, seen)
    row = db.session.execute(query).first()
    return ChildOf(*row) if row is not None else None


def child_of_entry(scope: Scope, public_id: str, *, changes: bool = False) -> ChildOf | None:
    """The child of whom an entry is, where the asker sees or changes their record."""
    row = db.session.execute(
        sa.select(*CHILD)
        .join(Entry, Entry.child_id == Child.id)
        .where(
            Entry.public_id == public_id,
            Entry.authority_id == scope.authority_id,
            children_seen(scope, *(WORKS_WITH if changes else (What.PLAN,))),
        )
    ).first()
    return ChildOf(*row) if row is not None else None


def _seen(scope: Scope, what: What) -> sa.Select[Any]:
    return sa.select(Child.id).where(children_seen(scope, what))


def entries(scope: Scope, child_id: int, kind: str = "") -> list[Recorded]:
    """Every entry of a child, or those of a kind, with all that was ever said: two queries.

    Those taken out are there too.

    The caller has seen the child; people to reach are there for who may see those.
    """
    of_kind = Entry.kind == kind if kind else sa.true()
    of_these = sa.select(Entry.id).where(Entry.child_id == child_id, of_kind)
    said: dict[int, list[Statement]] = {}
    for row in db.session.execute(
        sa.select(
            EntryStatement.entry_id,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            sa.func.coalesce(Account.name, ""),
            sa.func.coalesce(ImportFile.name, ""),
            EntryStatement.import_line,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
            EntryStatement.replaced_at,
            EntryStatement.why,
            EntryStatement.said_of,
        )
        .outerjoin(Account, Account.id == EntryStatement.typed_by)
        .outerjoin(ImportFile, ImportFile.id == EntryStatement.import_file_id)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id == child_id,
            *((EntryStatement.entry_id.in_(of_these),) if kind else ()),
        )
        .order_by(EntryStatement.id)
    ):
        said.setdefault(row[0], []).append(Statement(*row[1:]))
    outs = aliased(Account)
    rows = db.session.execute(
        sa.select(
            Entry.id,
            Entry.public_id,
            Entry.kind,
            Entry.made_at,
            Entry.parent_id,
            Entry.match_key,
            Entry.version,
            Entry.taken_out_at,
            sa.func.coalesce(outs.name, ""),
            Entry.taken_out_why,
        )
        .outerjoin(outs, outs.id == Entry.taken_out_by)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.child_id == child_id,
            of_kind,
            sa.or_(Entry.kind != CONTACT.code, Entry.child_id.in_(_seen(scope, What.PEOPLE))),
        )
        .order_by(Entry.id)
    )
    return [
        Recorded(number, public_id, kind, made_at, tuple(said.get(number, ())), *rest)
        for number, public_id, kind, made_at, *rest in rows
    ]


def add(
    scope: Scope, child_id: int, kind: str, key: str, parent_id: int | None, at: datetime
) -> tuple[int, str]:
    """Add an entry in the transaction under way; gives its id and public id."""
    made = db.session.execute(
        sa.insert(Entry)
        .values(
            authority_id=scope.authority_id,
            child_id=child_id,
            kind=kind,
            match_key=key,
            parent_id=parent_id,
            made_at=at,
        )
        .returning(Entry.id, Entry.public_id)
    ).one()
    return made.id, made.public_id


def state(
    scope: Scope,
    child_id: int,
    entry_id: int,
    values: Mapping[str, str],
    at: datetime,
    why: str = "",
    said_of: str = "",
) -> None:
    """Store what the asker types of an entry; what was typed of these fields before is replaced.

    ``said_of`` is the local id of which it is said, where that record was merged into the child's:
    what was typed of another id stays.

    An empty value takes back what was typed: it is kept as having been said and replaced at once,
    so that the history has who took it back, when and why, and what files say stands again.
    """
    db.session.execute(
        sa.update(EntryStatement)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.entry_id == entry_id,
            EntryStatement.field.in_(list(values)),
            EntryStatement.format == "",
            EntryStatement.said_of == said_of,
            EntryStatement.replaced_at.is_(None),
        )
        .values(replaced_at=at)
    )
    rows = [
        {
            "authority_id": scope.authority_id,
            "child_id": child_id,
            "entry_id": entry_id,
            "field": field,
            "value": value,
            "typed_by": scope.account_id,
            "format": "",
            "as_at": scope.on,
            "stated_at": at,
            "replaced_at": None if value else at,
            "why": why,
            "said_of": said_of,
        }
        for field, value in values.items()
    ]
    if rows:
        db.session.execute(sa.insert(EntryStatement.__table__), rows)  # type: ignore[arg-type]


def change(scope: Scope, entry_id: int, seen: int, **columns: object) -> bool:
    """Change an entry and move its version, if nobody has since the version seen."""
    done = db.session.execute(
        sa.update(Entry)
        .where(
            Entry.authority_id == scope.authority_id, Entry.id == entry_id, Entry.version == seen
        )
        .values(version=seen + 1, **columns)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def summary(scope: Scope, child_id: int) -> sa.Row[tuple[object, ...]] | None:
    """What lists show of a child's record, or None where nothing stands; one query."""
    return db.session.execute(
        sa.select(*RecordSummary.__table__.c).where(
            RecordSummary.authority_id == scope.authority_id,
            RecordSummary.child_id == child_id,
            RecordSummary.child_id.in_(_seen(scope, What.PLAN)),
        )
    ).first()

"""Reading the audit: searched and paged for the auditor, whole for an export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.naming import child_name
from core.domain.sight import What
from core.store import audit_subjects
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Account, AuditRow, Child
from core.store.tables.columns import may_be_id

LISTS_WITHIN = timedelta(days=31)
REFUSALS = ("refused", "open record refused")
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought: moments are UTC, ``child`` and ``account`` public ids, ``kind`` a code.

    ``kind`` is "looked", "changed", "signed", "refused" or "" for everything.
    """

    since: datetime | None = None
    until: datetime | None = None
    account: str = ""
    child: str = ""
    kind: str = ""

    @property
    def in_lists(self) -> bool:
        """Whether lists are searched for the child: only within days that bound the search."""
        return (
            bool(self.child)
            and self.since is not None
            and self.until is not None
            and self.until - self.since <= LISTS_WITHIN
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``closed`` says that it is about a record closed to the asker: nothing is told.

    ``about`` is the name of the child where the row is about one.
    """

    id: int
    at: datetime
    position: int
    who: str
    email: str
    did: str
    subject: str
    subject_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    why: str
    about: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows, latest first; ``next`` is the id after which the next page begins."""

    rows: tuple[Row, ...]
    next: int | None


def search(scope: Scope, sought: Sought, after: int | None, size: int) -> Found:
    """One page of what is sought, latest first: a bounded number of queries."""
    rows = _page(scope, sought, after, size + 1)
    shown = _told(scope, rows[:size])
    return Found(tuple(shown), shown[-1].id if len(rows) > size else None)


def every(scope: Scope, sought: Sought) -> Iterator[Row]:
    """Everything sought, latest first, read a batch at a time."""
    after: int | None = None
    while rows := _page(scope, sought, after, BATCH):
        yield from _told(scope, rows)
        after = rows[-1].id


def person(scope: Scope, public_id: str) -> tuple[str, str] | None:
    """The name and e-mail of an account of the authority, signed out for good or not."""
    row = db.session.execute(
        sa.select(Account.name, Account.email).where(
            Account.authority_id == scope.authority_id, Account.public_id == public_id
        )
    ).first()
    return (row[0], row[1]) if row else None


def person_of(scope: Scope, email: str) -> str | None:
    """The public id of the account with an e-mail."""
    return db.session.scalar(
        sa.select(Account.public_id).where(
            Account.authority_id == scope.authority_id,
            sa.func.lower(Account.email) == email.lower(),
        )
    )


def child(scope: Scope, *, local_id: str = "", public_id: str = "") -> tuple[str, str] | None:
    """The public id and name of a child of whom the asker may see who looked."""
    which = Child.local_id == local_id if local_id else Child.public_id == public_id
    row = db.session.execute(
        sa.select(Child.public_id, *_NAMED).where(which, children_seen(scope, What.LOOKED))
    ).first()
    return (row[0], _name(row)) if row else None


_NAMED = (Child.given_name, Child.family_name, Child.local_id)


def _name(row: Any) -> str:
    return child_name(row.given_name, row.family_name, row.local_id)


def _page(scope: Scope, sought: Sought, after: int | None, size: int) -> list[Row]:
    query = (
        sa.select(
            AuditRow.id,
            AuditRow.at,
            AuditRow.position,
            sa.func.coalesce(Account.name, ""),
            sa.func.coalesce(Account.email, ""),
            AuditRow.did,
            AuditRow.subject,
            AuditRow.subject_id,
            AuditRow.before,
            AuditRow.after,
            AuditRow.why,
        )
        .outerjoin(
            Account,
            sa.and_(Account.id == AuditRow.account_id, Account.authority_id == scope.authority_id),
        )
        .where(AuditRow.authority_id == scope.authority_id, *_wanted(scope, sought))
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(size)
    )
    if after is not None:
        last = sa.select(AuditRow.at).where(
            AuditRow.authority_id == scope.authority_id, AuditRow.id == after
        )
        at = db.session.scalar(last)
        if at is None:
            return []
        query = query.where(AuditRow.at <= at, sa.or_(AuditRow.at < at, AuditRow.id < after))
    return [Row(*row) for row in db.session.execute(query)]


def _wanted(scope: Scope, sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.since is not None:
        yield AuditRow.at >= sought.since
    if sought.until is not None:
        yield AuditRow.at < sought.until
    if sought.account:
        yield AuditRow.account_id == (
            sa.select(Account.id)
            .where(Account.authority_id == scope.authority_id, Account.public_id == sought.account)
            .scalar_subquery()
        )
    if sought.child:
        own = sa.and_(AuditRow.subject == "child", AuditRow.subject_id == sought.child)
        yield sa.or_(own, lists(sought.child)) if sought.in_lists else own
    signing = AuditRow.did.startswith("sign-", autoescape=True)
    if sought.kind == "looked":
        yield AuditRow.did == "look"
    elif sought.kind == "signed":
        yield signing
    elif sought.kind == "refused":
        yield AuditRow.did.in_(REFUSALS)
    elif sought.kind == "changed":
        yield AuditRow.did.not_in(("look", *REFUSALS))
        yield sa.not_(signing)


def lists(child: str) -> ColumnElement[bool]:
    """True for rows of lists, and of pages with several children, that name a child."""
    return sa.and_(
        AuditRow.did == "look",
        AuditRow.subject != "child",
        sa.cast(AuditRow.after, sa.Text).contains(f'"{child}"', autoescape=True),
    )


def _told(scope: Scope, rows: list[Row]) -> list[Row]:
    """The rows with the names of children, and without what is about a record that is closed."""
    ids = {row.subject_id for row in rows if row.subject_id}
    if not ids:
        return rows
    names = {
        row.public_id: _name(row)
        for row in db.session.execute(
            sa.select(Child.public_id, *_NAMED).where(
                children_seen(scope), Child.public_id.in_(ids)
            )
        )
    }
    closed = audit_subjects.closed(scope, ids.union(*map(_listed, rows)))
    nothing = {"subject_id": "", "before": None, "after": None, "why": "", "closed": True}
    return [
        replace(row, **nothing)  # type: ignore[arg-type]
        if row.subject_id in closed
        else replace(_without(row, closed), about=names.get(row.subject_id, ""))
        for row in rows
    ]


def _listed(row: Row) -> set[str]:
    """The public ids in the lists of a change to what is of no child, as of a meeting's cases."""
    if row.did == "look" or row.subject not in audit_subjects.OF_NO_CHILD:
        return set()
    values = [*(row.before or {}).values(), *(row.after or {}).values()]
    lists = (value for value in values if isinstance(value, list))
    return {one for some in lists for one in some if isinstance(one, str) and may_be_id(one)}


def _without(row: Row, closed: set[str]) -> Row:
    """A row whose lists leave out what is of a closed record; what is kept of it is not changed."""
    if closed.isdisjoint(_listed(row)):
        return row
    return replace(row, before=_less(row.before, closed), after=_less(row.after, closed))


def _less(values: Mapping[str, Any] | None, closed: set[str]) -> Mapping[str, Any] | None:
    return values and {
        name: [one for one in value if not (isinstance(one, str) and one in closed)]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }


def refused_lately(scope: Scope, since: datetime, most: int, asked: tuple[str, str, str]) -> bool:
    """Whether a refusal (subject, id, route) is written since a moment already, or enough are."""
    subject, subject_id, route = asked
    own = (
        AuditRow.authority_id == scope.authority_id,
        AuditRow.account_id == scope.account_id,
        AuditRow.did == "refused",
        AuditRow.at > since,
    )
    many = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow).where(*own)) or 0
    if many >= most:
        return True
    alike = (AuditRow.subject == subject, AuditRow.subject_id == subject_id)
    rows = db.session.scalars(sa.select(AuditRow.after).where(*own, *alike))
    return any((after or {}).get("route") == route for after in rows)

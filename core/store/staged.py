"""Documents in stages as pages show them: those the asker sees, their texts and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.domain.procedure.stages import Asked
from core.domain.sight import Relation, What
from core.domain.staged import OVER, Said, Saying, State
from core.store.database import db
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import OPEN, answers_for, children_seen, held
from core.store.tables import (
    Account,
    AccountRole,
    Child,
    Entry,
    StagedAnswer,
    StagedDocument,
    StagedInvitee,
    StagedText,
)

MOST = 50
INVITED_ROLE = "legal"
ROLES = {
    Asked.HEAD_OF_SERVICE: ("head.of.service",),
    Asked.DIRECTOR: ("deputy.director", "assistant.director"),
}
RELATIONS = {
    Asked.TEAM_MANAGER: ("team.manager", Relation.TEAM),
    Asked.SERVICE_MANAGER: ("service.manager", Relation.SERVICE),
    Asked.REVIEWING_OFFICER: ("iro", Relation.CASELOAD),
}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in stages with its child; ``since`` is when it came to its state.

    ``entry_id`` is the entry of the proceedings of which it is, and ``issued_on`` the day of their
    issue as it was then. ``was_sent_back`` says that it was sent back and approval was not asked
    for since.
    """

    id: int
    public_id: str
    version: int
    child_id: int
    child_public_id: str
    child_name: str
    kind: str
    procedure_code: str
    procedure_edition: str
    entry_id: int | None
    issued_on: date | None
    number: int
    state: State
    since: datetime
    started_at: datetime
    started_by_id: int | None
    started_by: str
    filed_on: date | None
    filed_at: datetime | None
    filed_by: str
    was_sent_back: bool


@dataclass(frozen=True, slots=True)
class TextRow:
    """One version of a text: who wrote it and when."""

    number: int
    words: str
    hash: str
    at: datetime
    by_id: int | None
    by: str


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """Somebody invited to a document, who sees it now."""

    account_id: int
    public_id: str
    name: str
    job: str
    since: date


def invited(scope: Scope) -> ColumnElement[bool]:
    """True for the documents to which the asker, or a colleague they cover, is invited today."""
    able = [
        account_id
        for account_id, roles in ((scope.account_id, scope.roles), *scope.covers)
        if INVITED_ROLE in roles and account_id is not None
    ]
    return StagedDocument.id.in_(
        sa.select(StagedInvitee.document_id).where(
            StagedInvitee.authority_id == scope.authority_id,
            StagedInvitee.account_id.in_(able),
            held(StagedInvitee, scope.on),
        )
    )


def documents_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the documents of children whose plan the asker sees, or to which they are invited.

    Who is invited sees the document and nothing else of the child; of a restricted or sealed record
    only who is named for it sees anything.
    """
    open_to_invited = sa.and_(
        Child.closed_to == OPEN,
        Child.merged_into_id.is_(None),
        invited(scope),
    )
    return sa.and_(
        StagedDocument.authority_id == scope.authority_id,
        Child.authority_id == scope.authority_id,
        sa.or_(children_seen(scope, What.PLAN), open_to_invited),
    )


def _documents(scope: Scope) -> Any:
    by, filed_by, asked = aliased(Account), aliased(Account), aliased(StagedAnswer)
    asked_since = sa.exists().where(
        asked.authority_id == StagedAnswer.authority_id,
        asked.document_id == StagedAnswer.document_id,
        asked.said == Said.ASKED,
        asked.id > StagedAnswer.id,
    )
    was_sent_back = sa.exists().where(
        StagedAnswer.authority_id == StagedDocument.authority_id,
        StagedAnswer.document_id == StagedDocument.id,
        StagedAnswer.said == Said.SENT_BACK,
        ~asked_since,
    )
    return (
        sa.select(
            StagedDocument.id,
            StagedDocument.public_id,
            StagedDocument.version,
            StagedDocument.child_id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            StagedDocument.kind,
            StagedDocument.procedure_code,
            StagedDocument.procedure_edition,
            StagedDocument.entry_id,
            StagedDocument.issued_on,
            StagedDocument.number,
            StagedDocument.state,
            StagedDocument.since,
            StagedDocument.started_at,
            StagedDocument.started_by,
            sa.func.coalesce(by.name, ""),
            StagedDocument.filed_on,
            StagedDocument.filed_at,
            sa.func.coalesce(filed_by.name, ""),
            was_sent_back,
        )
        .join(Child, Child.id == StagedDocument.child_id)
        .outerjoin(by, by.id == StagedDocument.started_by)
        .outerjoin(filed_by, filed_by.id == StagedDocument.filed_by)
        .where(documents_seen(scope))
    )


def _row(row: Any) -> DocumentRow:
    one, public_id, version, child_id, child, given, family, local, *rest = row
    name = child_name(given, family, local)
    rest[6] = State(rest[6])
    return DocumentRow(one, public_id, version, child_id, child, name, *rest)


def find(scope: Scope, public_id: str, *, hold: bool = False) -> DocumentRow | None:
    """A document that the asker sees; with ``hold`` nobody else changes it meanwhile."""
    if hold:
        held_row = sa.select(StagedDocument.id).where(
            StagedDocument.authority_id == scope.authority_id,
            StagedDocument.public_id == public_id,
        )
        db.session.execute(held_row.with_for_update()).all()
    row = db.session.execute(_documents(scope).where(StagedDocument.public_id == public_id)).first()
    return _row(row) if row else None


def of_child(scope: Scope, child_id: int) -> list[DocumentRow]:
    """The documents about a child that the asker sees, the latest first: one query."""
    query = _documents(scope).where(StagedDocument.child_id == child_id)
    return [_row(row) for row in db.session.execute(query.order_by(StagedDocument.id.desc()))]


def under_way(
    scope: Scope, child_id: int, kind: str, entry_id: int | None, issued_on: date | None
) -> str | None:
    """The public id of one of this kind that is not over, of the same proceedings.

    One that names no proceedings of this child is of those that were issued on its day.
    """
    of_child = sa.select(Entry.id).where(
        Entry.authority_id == scope.authority_id, Entry.child_id == child_id
    )
    by_day = sa.and_(
        sa.or_(StagedDocument.entry_id.is_(None), StagedDocument.entry_id.not_in(of_child)),
        StagedDocument.issued_on.is_not_distinct_from(issued_on),
    )
    of_these = by_day if entry_id is None else sa.or_(StagedDocument.entry_id == entry_id, by_day)
    return db.session.scalar(
        sa.select(StagedDocument.public_id)
        .where(
            StagedDocument.authority_id == scope.authority_id,
            StagedDocument.child_id == child_id,
            StagedDocument.kind == kind,
            StagedDocument.state.not_in(OVER),
            of_these,
        )
        .order_by(StagedDocument.id)
        .limit(1)
    )


def texts(scope: Scope, document_id: int) -> list[TextRow]:
    """Every version of a document's text, in order: one query."""
    rows = db.session.execute(
        sa.select(
            StagedText.number,
            StagedText.words,
            StagedText.hash,
            StagedText.at,
            StagedText.by,
            sa.func.coalesce(Account.name, ""),
        )
        .outerjoin(Account, Account.id == StagedText.by)
        .where(
            StagedText.authority_id == scope.authority_id,
            StagedText.document_id == document_id,
        )
        .order_by(StagedText.number)
    )
    return [TextRow(*row) for row in rows]


def text(scope: Scope, document_id: int, number: int) -> str:
    """The words of one version; "" where there is none of that number."""
    found = db.session.scalar(
        sa.select(StagedText.words).where(
            StagedText.authority_id == scope.authority_id,
            StagedText.document_id == document_id,
            StagedText.number == number,
        )
    )
    return found or ""


def sayings(scope: Scope, document_id: int) -> list[Saying]:
    """What was said of a document's texts, in order: one query."""
    rows: Any = db.session.execute(
        sa.select(
            StagedAnswer.number,
            StagedAnswer.said,
            StagedAnswer.step,
            StagedAnswer.sent_to,
            StagedAnswer.words,
            sa.func.coalesce(Account.name, ""),
            StagedAnswer.by,
            StagedAnswer.at,
            StagedAnswer.stands_for,
        )
        .outerjoin(Account, Account.id == StagedAnswer.by)
        .where(
            StagedAnswer.authority_id == scope.authority_id,
            StagedAnswer.document_id == document_id,
        )
        .order_by(StagedAnswer.id)
    )
    return [Saying(number, Said(said), *rest) for number, said, *rest in rows]


def invitees(scope: Scope, document_id: int) -> list[InviteeRow]:
    """Who is invited to a document today, by name: one query.

    Only active accounts, and those with the role for which one is invited: who has lost it sees
    the document no more, and is asked nothing.
    """
    rows = db.session.execute(
        sa.select(Account.id, Account.public_id, Account.name, Account.job, StagedInvitee.since)
        .join(StagedInvitee, StagedInvitee.account_id == Account.id)
        .where(
            StagedInvitee.authority_id == scope.authority_id,
            StagedInvitee.document_id == document_id,
            held(StagedInvitee, scope.on),
            Account.active,
            sa.exists().where(
                AccountRole.authority_id == scope.authority_id,
                AccountRole.account_id == Account.id,
                AccountRole.role == INVITED_ROLE,
                held(AccountRole, scope.on),
            ),
        )
        .order_by(Account.name, Account.id)
    )
    return [InviteeRow(*row) for row in rows]


def needing(scope: Scope) -> Some[DocumentRow]:
    """The documents that wait for the asker, or for whom they cover: one query.

    Of those with who approves, where an open step asks them; of those sent back or changed since
    approval was asked for, or approved and not filed, where they started it or the child is
    allocated to them.
    """
    query = _documents(scope).where(
        sa.or_(
            sa.and_(StagedDocument.state == State.UNDER_WAY, _asks_the_asker(scope)),
            sa.and_(_goes_on(scope), _own(scope)),
        )
    )
    rows = first(query.order_by(StagedDocument.since, StagedDocument.id), MOST)
    return Some(map(_row, rows), rows.more)


def _asks_the_asker(scope: Scope) -> ColumnElement[bool]:
    """True for the documents of which an open step asks the asker, or whom they cover."""
    held_roles = scope.roles.union(*(roles for _, roles in scope.covers))
    mine = [sa.and_(_asks(Asked.LEGAL), invited(scope))]
    for who, (role, relation) in RELATIONS.items():
        if role in held_roles:
            mine.append(sa.and_(_asks(who), answers_for(scope, role, relation)))
    mine += [_asks(who) for who, roles in ROLES.items() if held_roles.intersection(roles)]
    return sa.or_(*mine)


def _asks(who: Asked) -> ColumnElement[bool]:
    return StagedDocument.waits_for.contains(f",{who},", autoescape=True)


def _goes_on(scope: Scope) -> ColumnElement[bool]:
    """True for documents that are their author’s again: approved and not filed, sent back, or of
    another text than that for which approval was asked."""
    again = (
        sa.select(StagedAnswer.document_id)
        .where(
            StagedAnswer.authority_id == scope.authority_id,
            StagedAnswer.said == Said.ASKED,
        )
        .correlate(None)
    )
    return sa.or_(
        StagedDocument.state == State.COMPLETE,
        sa.and_(StagedDocument.state == State.WRITTEN, StagedDocument.id.in_(again)),
    )


def _own(scope: Scope) -> ColumnElement[bool]:
    return sa.or_(
        StagedDocument.started_by.in_(scope.stands_for),
        answers_for(scope, "social.worker", Relation.ALLOCATED),
    )

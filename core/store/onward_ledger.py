"""What is with whom: referrals between bodies as a list, counted, filtered and sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.onward import seen
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.tables import Account, Decision, DecisionOutcome, Meeting, OnwardReferral, PanelCase

PAGE = 50
SORTS = ("oldest", "newest", "forum")
SHOW = ("open", "answered", "all")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals: ``forum`` is a code ("" for every one), ``before`` a day made on at the
    latest; those about a person only with ``persons``."""

    show: str = "open"
    forum: str = ""
    sort: str = "oldest"
    page: int = 1
    persons: bool = False
    before: date | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One referral: to whom, from which body or person, since when, and its answer.

    ``body_code`` is that of the meeting whose decision made it, or of the case; "" for one of no
    case.
    """

    id: int
    public_id: str
    forum: str
    forum_words: str
    clauses: str
    asked: str
    about_person: bool
    made_on: date
    made_by: str
    answered_on: date | None
    answer_code: str
    answer: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    case_public_id: str | None

    @property
    def cited(self) -> tuple[str, ...]:
        return tuple(self.clauses.split())


@dataclass(frozen=True, slots=True)
class ForumCount:
    """How many referrals are with a forum, and since when the oldest of them."""

    forum: str
    words: str
    count: int
    since: date


def _where(scope: Scope, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [seen(scope)]
    if not wanted.persons:
        found.append(OnwardReferral.person_id.is_(None))
    if wanted.show != "all":
        answered = OnwardReferral.answered_on
        found.append(answered.is_(None) if wanted.show == "open" else answered.is_not(None))
    if wanted.forum:
        found.append(OnwardReferral.forum == wanted.forum)
    if wanted.before is not None:
        found.append(OnwardReferral.made_on <= wanted.before)
    return found


def _decided_words() -> sa.ScalarSelect[str]:
    """The words of the outcome that made a referral: what a decision asks of the forum."""
    outcome = DecisionOutcome
    return (
        sa.select(sa.func.min(outcome.words))
        .where(
            outcome.authority_id == OnwardReferral.authority_id,
            outcome.decision_id == OnwardReferral.decision_id,
            outcome.code == OnwardReferral.outcome_code,
        )
        .scalar_subquery()
    )


def _rows(scope: Scope, wanted: Wanted, *only: Any) -> sa.Select[Any]:
    """The rows that are wanted, or ``only`` some columns of them, in their order."""
    order: dict[str, tuple[Any, ...]] = {
        "oldest": (OnwardReferral.made_on, OnwardReferral.id),
        "newest": (OnwardReferral.made_on.desc(), OnwardReferral.id.desc()),
        "forum": (OnwardReferral.forum_words, OnwardReferral.made_on, OnwardReferral.id),
    }
    columns: tuple[Any, ...] = (
        OnwardReferral.id,
        OnwardReferral.public_id,
        OnwardReferral.forum,
        OnwardReferral.forum_words,
        OnwardReferral.clauses,
        sa.func.coalesce(sa.func.nullif(OnwardReferral.asked, ""), _decided_words(), ""),
        OnwardReferral.person_id.is_not(None),
        OnwardReferral.made_on,
        sa.func.coalesce(Account.name, ""),
        OnwardReferral.answered_on,
        OnwardReferral.answer_code,
        OnwardReferral.answer,
        sa.func.coalesce(PanelCase.procedure_code, ""),
        sa.func.coalesce(PanelCase.procedure_edition, ""),
        sa.func.coalesce(Meeting.body_code, PanelCase.body_code, ""),
        PanelCase.public_id,
    )
    return (
        sa.select(*(only or columns))
        .select_from(OnwardReferral)
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .outerjoin(Decision, Decision.id == OnwardReferral.decision_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(Account, Account.id == OnwardReferral.made_by)
        .where(*_where(scope, wanted))
        .order_by(*order[wanted.sort])
    )


def listed(scope: Scope, wanted: Wanted) -> tuple[list[LedgerRow], int]:
    """A page of the ledger, and how many there are in all: two queries."""
    total: int = db.session.execute(
        sa.select(sa.func.count(OnwardReferral.id))
        .select_from(OnwardReferral)
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(*_where(scope, wanted))
    ).scalar_one()
    rows = db.session.execute(_rows(scope, wanted).limit(PAGE).offset(PAGE * (wanted.page - 1)))
    return [LedgerRow(*row) for row in rows], total


def ids(scope: Scope, wanted: Wanted, most: int) -> list[int]:
    """The ids of the whole ledger as it is filtered and sorted: so many at most."""
    return list(db.session.scalars(_rows(scope, wanted, OnwardReferral.id).limit(most)))


def of_ids(scope: Scope, wanted: Wanted, some: Sequence[int]) -> list[LedgerRow]:
    """Those of these referrals that are wanted, in their order: one query."""
    query = _rows(scope, wanted).where(OnwardReferral.id.in_(some))
    return [LedgerRow(*row) for row in db.session.execute(query)]


def counts(scope: Scope, wanted: Wanted) -> Iterator[ForumCount]:
    """By forum how many there are, whichever forum is asked for: one query."""
    whole = Wanted(show=wanted.show, persons=wanted.persons, before=wanted.before)
    rows = db.session.execute(
        sa.select(
            OnwardReferral.forum,
            sa.func.max(OnwardReferral.forum_words),
            sa.func.count(OnwardReferral.id),
            sa.func.min(OnwardReferral.made_on),
        )
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(*_where(scope, whole))
        .group_by(OnwardReferral.forum)
        .order_by(sa.func.max(OnwardReferral.forum_words))
    )
    for row in rows:
        yield ForumCount(*row)


def long_open(scope: Scope, before: date, *, mine: bool, most: int = 50) -> Some[LedgerRow]:
    """Open referrals made up to a day, the oldest first: of all seen, or of those brought by the
    asker and by whom they stand in for. Two queries."""
    query = _rows(scope, Wanted(before=before))
    if mine:
        own = scope.stands_for
        query = query.where(sa.or_(OnwardReferral.made_by.in_(own), PanelCase.referrer_id.in_(own)))
    rows = first(query, most)
    return Some((LedgerRow(*row) for row in rows), rows.more)


def count_long_open(scope: Scope, before: date) -> int:
    """How many open referrals that the asker sees were made up to a day: one query."""
    count: int = db.session.execute(
        sa.select(sa.func.count(OnwardReferral.id))
        .select_from(OnwardReferral)
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(*_where(scope, Wanted(before=before)))
    ).scalar_one()
    return count

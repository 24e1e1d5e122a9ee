"""Actions of a closed child: they are for those named, whoever owns them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import OPEN, held, named
from core.store.tables import Account, Action, CaseChild, Child, NamedAccess


def kept_from(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the actions of a closed child for whom the asker is not named."""
    here = Child.authority_id == scope.authority_id
    return _of(_closed(here, sa.not_(named(scope, What.CASES))))


def kept_from_owner(on: date) -> sa.ColumnElement[bool]:
    """True for the actions of a closed child for whom their owner is not named on a day.

    It is asked of the few actions of closed children alone, which are found first.
    """
    here = Child.authority_id == Action.authority_id
    return sa.and_(_of(_closed()), _of(_closed(here, sa.not_(is_named(Action.owner_id, on)))))


def kept_from_account(scope: Scope, action_id: int, account_id: int) -> bool:
    """Whether an action is of a closed child for whom somebody is not named today: one query."""
    here = Child.authority_id == scope.authority_id
    kept = _of(_closed(here, sa.not_(is_named(account_id, scope.on))))
    query = sa.select(Action.id).where(
        Action.authority_id == scope.authority_id, Action.id == action_id, kept
    )
    return db.session.execute(query).first() is not None


def kept_from_some(scope: Scope, case_id: int, account_ids: Collection[int]) -> set[int]:
    """Those who are not named today for a closed child of a case: one query."""
    here = Child.authority_id == scope.authority_id
    closed = _closed(here, sa.not_(is_named(Account.id, scope.on))).correlate(Account)
    cases = sa.select(CaseChild.case_id).where(
        CaseChild.authority_id == scope.authority_id, CaseChild.child_id.in_(closed)
    )
    query = sa.select(Account.id).where(
        Account.authority_id == scope.authority_id,
        Account.id.in_(list(account_ids)),
        sa.literal(case_id).in_(cases.correlate(Account)),
    )
    return set(db.session.scalars(query))


def is_named(account_id: Any, on: date) -> sa.ColumnElement[bool]:
    """True where this account is named for a child on a day."""
    return (
        sa.exists()
        .where(
            NamedAccess.authority_id == Child.authority_id,
            NamedAccess.child_id == Child.id,
            NamedAccess.account_id == account_id,
            held(NamedAccess, on),
        )
        .correlate_except(NamedAccess)
    )


def _closed(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The closed children of whom something more is true."""
    return sa.select(Child.id).where(Child.closed_to != OPEN, *conditions).correlate(Action)


def _of(children: sa.Select[Any]) -> sa.ColumnElement[bool]:
    """True for the actions of these children; of none where an action has neither child nor case.

    A child taken off a case keeps its actions to itself all the same.
    """
    cases = sa.select(CaseChild.case_id).where(CaseChild.child_id.in_(children)).correlate(Action)
    found = sa.or_(Action.child_id.in_(children), Action.case_id.in_(cases))
    return sa.func.coalesce(found, sa.false())

"""Messages about a record that is closed to somebody: known by their case, or a path in them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.sight import What
from core.store.action_closed import is_named
from core.store.scope import Scope
from core.store.sight import OPEN, named
from core.store.tables import Action, CaseChild, Child, Dispute, Message, PanelCase

CLOSED = "Not sent: it is not theirs to read any more"
#: A path that a message asks its reader to open goes on with the public id.
ACTIONS, CASES, DISPUTES = "/actions/", "/cases/", "/disputes/"
#: What these tell of stands in the paths alone, and in nothing else of them.
BY_PATHS = ("action", "dispute", "escalation", "escalations")


def closed_to_reader(scope: Scope) -> sa.ColumnElement[bool]:
    """True for a message that tells of a closed record for which the asker is not named."""
    if scope.everything:
        return sa.false()
    shut = sa.and_(Child.authority_id == scope.authority_id, sa.not_(named(scope, What.RECORD)))
    told = (_actions(shut), _disputes(shut), _cases(shut))
    return sa.or_(case_closed(Message.case_id, shut), *(one > 0 for one in told))


def closed_to_addressee(on: date) -> sa.ColumnElement[bool]:
    """True for a message all of which is of closed children for whom its addressee is not named.

    One of many actions goes while any of them is open to them.
    """
    shut = shut_to(Message.authority_id, Message.account_id, on)
    paths = _times(ACTIONS) + _times(DISPUTES)
    return sa.or_(
        case_closed(Message.case_id, shut),
        sa.and_(Message.kind.in_(BY_PATHS), paths > 0, _actions(shut) + _disputes(shut) >= paths),
    )


def shut_to(authority_id: Any, account_id: Any, on: date) -> sa.ColumnElement[bool]:
    """True for the children for whom an account is not named on a day; of them ask closed ones."""
    return sa.and_(Child.authority_id == authority_id, sa.not_(is_named(account_id, on)))


def case_closed(case_id: Any, shut: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether one of a case's children is closed and shut to somebody."""
    of_case = (CaseChild.case_id == case_id, Child.id == CaseChild.child_id)
    found = sa.exists().where(*of_case, Child.closed_to != OPEN, shut)
    return found.correlate_except(Child, CaseChild)


def action_closed(shut: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the action asked about is one of a child who is closed and shut to somebody."""
    own = Child.id == Action.child_id
    of_case = Child.id.in_(
        sa.select(CaseChild.child_id)
        .where(CaseChild.case_id == Action.case_id)
        .correlate_except(CaseChild)
    )
    return (
        sa.exists()
        .where(Child.closed_to != OPEN, shut, sa.or_(own, of_case))
        .correlate_except(Child)
    )


def _actions(shut: sa.ColumnElement[bool]) -> Any:
    """How many actions of such children a message tells of; the few closed children come first."""
    return (
        sa.select(sa.func.count(Action.id.distinct()))
        .select_from(Child)
        .outerjoin(CaseChild, CaseChild.child_id == Child.id)
        .join(Action, sa.or_(Action.child_id == Child.id, Action.case_id == CaseChild.case_id))
        .where(Child.closed_to != OPEN, shut, _has(ACTIONS, Action.public_id))
        .correlate_except(Child, CaseChild, Action)
        .scalar_subquery()
    )


def _disputes(shut: sa.ColumnElement[bool]) -> Any:
    """How many disputes of such children a message tells of."""
    return (
        sa.select(sa.func.count(Dispute.id))
        .select_from(Child)
        .join(Dispute, Dispute.child_id == Child.id)
        .where(Child.closed_to != OPEN, shut, _has(DISPUTES, Dispute.public_id))
        .correlate_except(Child, Dispute)
        .scalar_subquery()
    )


def _cases(shut: sa.ColumnElement[bool]) -> Any:
    """How many cases of such children a message tells of."""
    return (
        sa.select(sa.func.count(PanelCase.id))
        .select_from(Child)
        .join(CaseChild, CaseChild.child_id == Child.id)
        .join(PanelCase, PanelCase.id == CaseChild.case_id)
        .where(Child.closed_to != OPEN, shut, _has(CASES, PanelCase.public_id))
        .correlate_except(Child, CaseChild, PanelCase)
        .scalar_subquery()
    )


def _has(path: str, public_id: Any) -> sa.ColumnElement[bool]:
    return Message.body.contains(sa.literal(path) + public_id)


def _times(path: str) -> Any:
    """How often a path of this kind stands in a message."""
    without = sa.func.replace(Message.body, path, "")
    return (sa.func.length(Message.body) - sa.func.length(without)) / len(path)

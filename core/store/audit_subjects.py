"""What rows of the audit are about, and how each is reached from the children it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import (
    Action,
    Booking,
    CaseChild,
    Child,
    ChildMerge,
    Closing,
    Decision,
    Dispute,
    Entry,
    OnwardReferral,
    PanelCase,
    Paper,
    PaperVersion,
    Person,
    PersonOfChild,
    StagedDocument,
    StatedAccess,
)

AT_ONCE = 5_000
"""So many ids are asked about at once: a database takes only so many values."""
Ids = sa.Select[Any]
Reached = tuple[Any, ColumnElement[bool]]


def _papers(children: Ids, cases: Ids) -> ColumnElement[bool]:
    return sa.or_(Paper.child_id.in_(children), Paper.case_id.in_(cases))


#: By the word in the audit: the table of its public ids, and which rows are of these children, or
#: of these cases of theirs. The last ones stand in addresses alone, and so in refusals.
OF_CHILDREN: Mapping[str, Callable[[Ids, Ids], Reached]] = MappingProxyType(
    {
        "child": lambda children, cases: (Child, Child.id.in_(children)),
        "case": lambda children, cases: (PanelCase, PanelCase.id.in_(cases)),
        "item": lambda children, cases: (Booking, Booking.case_id.in_(cases)),
        "document": lambda children, cases: (Booking, Booking.case_id.in_(cases)),
        "decision": lambda children, cases: (Decision, Decision.case_id.in_(cases)),
        "onward referral": lambda children, cases: (
            OnwardReferral,
            sa.or_(OnwardReferral.case_id.in_(cases), OnwardReferral.child_id.in_(children)),
        ),
        "action": lambda children, cases: (
            Action,
            sa.or_(Action.case_id.in_(cases), Action.child_id.in_(children)),
        ),
        "dispute": lambda children, cases: (Dispute, Dispute.child_id.in_(children)),
        "staged document": lambda children, cases: (
            StagedDocument,
            StagedDocument.child_id.in_(children),
        ),
        "paper": lambda children, cases: (Paper, _papers(children, cases)),
        "person": lambda children, cases: (
            Person,
            Person.id.in_(
                sa.select(PersonOfChild.person_id).where(PersonOfChild.child_id.in_(children))
            ),
        ),
        "closed record": lambda children, cases: (Closing, Closing.child_id.in_(children)),
        "paper version": lambda children, cases: (
            PaperVersion,
            PaperVersion.paper_id.in_(sa.select(Paper.id).where(_papers(children, cases))),
        ),
        "entry": lambda children, cases: (Entry, Entry.child_id.in_(children)),
        "merge": lambda children, cases: (
            ChildMerge,
            sa.or_(ChildMerge.kept_id.in_(children), ChildMerge.merged_id.in_(children)),
        ),
        "opened record": lambda children, cases: (
            StatedAccess,
            StatedAccess.child_id.in_(children),
        ),
    }
)

#: About no one child: what these rows hold of children is public ids.
OF_NO_CHILD = frozenset(
    {
        "account",
        "attendance",
        "audit",
        "authority",
        "body",
        "closed records",
        "cover",
        "day off",
        "import",
        "list",
        "meeting",
        "message",
        "name to match",
        "procedure",
        "register",
        "service",
        "team",
    }
)


def closed(scope: Scope, ids: Iterable[str]) -> set[str]:
    """Those of the public ids that are about a record closed to the asker: one query for so many.

    A record that was merged into a closed one is closed with it.
    """
    if scope.everything:
        return set()
    hidden = sa.select(Child.id).where(
        Child.authority_id == scope.authority_id,
        Child.closed_to != "",
        Child.merged_into_id.is_(None),
        sa.not_(children_seen(scope)),
    )
    children = sa.select(Child.id).where(
        Child.authority_id == scope.authority_id,
        sa.or_(Child.id.in_(hidden), Child.merged_into_id.in_(hidden)),
    )
    cases = sa.select(CaseChild.case_id).where(
        CaseChild.authority_id == scope.authority_id, CaseChild.child_id.in_(children)
    )
    every = []
    for reach in OF_CHILDREN.values():
        table, which = reach(children, cases)
        every.append(
            sa.select(table.public_id).where(table.authority_id == scope.authority_id, which)
        )
    found = sa.union_all(*every).subquery()
    wanted = list(ids)
    return {
        one
        for start in range(0, len(wanted), AT_ONCE)
        for one in db.session.scalars(
            sa.select(found.c.public_id).where(
                found.c.public_id.in_(wanted[start : start + AT_ONCE])
            )
        )
    }

"""Rows of one record moved to another of the same child, and moved back.

What a source said moves with the local id of which it was said, so that it can go back whatever
came since; what people attached, such as a case, is remembered row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.store import closings
from core.store.database import db
from core.store.merges import Side
from core.store.merging_entries import move_statements
from core.store.scope import Scope
from core.store.tables import (
    Action,
    AdoptionDecision,
    Allocation,
    AsylumStatus,
    CaseChild,
    Child,
    ChildMerge,
    Dispute,
    Episode,
    IdentityFact,
    OnwardReferral,
    Paper,
    PersonOfChild,
    Review,
    StagedDocument,
    StatedWorker,
)

SAID: tuple[type[Any], ...] = (
    IdentityFact,
    Episode,
    Review,
    AsylumStatus,
    AdoptionDecision,
    StatedWorker,
)
ATTACHED: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "case": (CaseChild, ("case_id",)),
    "person": (PersonOfChild, ("person_id", "relation")),
    "paper": (Paper, ()),
    "action": (Action, ()),
    "dispute": (Dispute, ()),
    "staged document": (StagedDocument, ()),
    "referral onward": (OnwardReferral, ()),
    "allocation": (Allocation, ("account_id", "relation", "since")),
}
"""What people attached to a child, and what may stand only once for one child."""
TEAM = "team"
"""Under which the team is remembered that a record without one took from the other."""
BY_HAND = "by hand"
"""Under which the allocations are remembered that people had made of either record."""


def merge(
    scope: Scope, kept: Side, merged: Side, by_hand: Collection[int], why: str, at: datetime
) -> bool:
    """Move everything of one record to the other; false where either has changed since.

    ``by_hand`` are the allocations that people made of the two, to tell them from those of files
    when the two are taken apart. The caller holds the transaction, and derives afterwards what
    follows from the facts.
    """
    for one, into in ((kept, None), (merged, kept.id)):
        done = db.session.execute(
            sa.update(Child)
            .where(
                Child.authority_id == scope.authority_id,
                Child.id == one.id,
                Child.version == one.version,
                Child.merged_into_id.is_(None),
            )
            .values(version=one.version + 1, merged_into_id=into)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            return False
    for table in SAID:
        _say_of(scope, table, merged.id, kept.id, merged.local_id)
    move_statements(scope, merged.id, kept.id, merged.local_id)
    moved = {
        name: _attach(scope, table, merged.id, kept.id, once)
        for name, (table, once) in ATTACHED.items()
    } | _take_team(scope, kept.id, merged.id)
    moved[BY_HAND] = sorted(by_hand)
    db.session.execute(
        sa.insert(ChildMerge).values(
            authority_id=scope.authority_id,
            kept_id=kept.id,
            merged_id=merged.id,
            moved=moved,
            why=why,
            made_at=at,
            made_by=scope.account_id,
        )
    )
    return True


def standing(scope: Scope, public_id: str) -> tuple[int, int, str] | None:
    """A merge that stands: the ids kept and merged, and the merged local id; locked."""
    row = db.session.execute(
        sa.select(ChildMerge.kept_id, ChildMerge.merged_id, ChildMerge.id)
        .where(
            ChildMerge.authority_id == scope.authority_id,
            ChildMerge.public_id == public_id,
            ChildMerge.undone_at.is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        return None
    local = db.session.scalar(
        sa.select(Child.local_id).where(
            Child.authority_id == scope.authority_id, Child.id == row.merged_id
        )
    )
    return row.kept_id, row.merged_id, str(local)


def unmerge(scope: Scope, public_id: str, why: str, at: datetime) -> str:
    """Move back what was moved, and what has been said of the merged local id since.

    Where the record that was kept is closed, the other is closed too, to the same people; gives how
    it is closed, "" where it is open.
    """
    found = standing(scope, public_id)
    if found is None:
        raise LookupError("there is no such merge that stands")
    kept_id, merged_id, local_id = found
    moved = _moved(scope, public_id)
    _give_team_back(scope, kept_id, moved.get(TEAM, []))
    for table in SAID:
        db.session.execute(
            sa.update(table)
            .where(
                table.authority_id == scope.authority_id,
                table.child_id == kept_id,
                table.said_of == local_id,
            )
            .values(child_id=merged_id, said_of="")
        )
    move_statements(scope, kept_id, merged_id, "", said_of=local_id)
    for name, (table, _) in ATTACHED.items():
        ids = moved.get(name, [])
        db.session.execute(
            sa.update(table)
            .where(
                table.authority_id == scope.authority_id,
                table.id.in_(ids),
                table.child_id == kept_id,
            )
            .values(child_id=merged_id)
        )
    db.session.execute(
        sa.update(Child)
        .where(Child.authority_id == scope.authority_id, Child.id.in_([kept_id, merged_id]))
        .values(version=Child.version + 1)
    )
    db.session.execute(
        sa.update(Child)
        .where(Child.authority_id == scope.authority_id, Child.id == merged_id)
        .values(merged_into_id=None)
    )
    db.session.execute(
        sa.update(ChildMerge)
        .where(ChildMerge.authority_id == scope.authority_id, ChildMerge.public_id == public_id)
        .values(undone_at=at, undone_by=scope.account_id, undone_why=why)
    )
    return closings.close_alike(scope, merged_id, kept_id, at)


def by_hand(scope: Scope, public_id: str) -> frozenset[int]:
    """The allocations that people had made of either record when the two were merged."""
    return frozenset(_moved(scope, public_id).get(BY_HAND, []))


def _moved(scope: Scope, public_id: str) -> dict[str, list[int]]:
    return db.session.execute(
        sa.select(ChildMerge.moved).where(
            ChildMerge.authority_id == scope.authority_id, ChildMerge.public_id == public_id
        )
    ).scalar_one()


def _take_team(scope: Scope, kept_id: int, merged_id: int) -> dict[str, list[int]]:
    """A record without a team comes into the other's; gives the team, to undo it."""
    team = sa.select(Child.team_id).where(
        Child.authority_id == scope.authority_id, Child.id == merged_id
    )
    taken = db.session.scalars(
        sa.update(Child)
        .where(
            Child.authority_id == scope.authority_id,
            Child.id == kept_id,
            Child.team_id.is_(None),
        )
        .values(team_id=team.scalar_subquery())
        .returning(Child.team_id)
    ).all()
    return {TEAM: [team_id for team_id in taken if team_id is not None]}


def _give_team_back(scope: Scope, kept_id: int, taken: Collection[int]) -> None:
    """The record that was kept is without the team that came with the other, if it is in it yet."""
    db.session.execute(
        sa.update(Child)
        .where(
            Child.authority_id == scope.authority_id,
            Child.id == kept_id,
            Child.team_id.in_(taken),
        )
        .values(team_id=None)
    )


def _say_of(scope: Scope, table: type[Any], source: int, target: int, local_id: str) -> None:
    db.session.execute(
        sa.update(table)
        .where(table.authority_id == scope.authority_id, table.child_id == source)
        .values(child_id=target, said_of=local_id)
    )


def _attach(
    scope: Scope, table: type[Any], source: int, target: int, once: Iterable[str]
) -> list[int]:
    """Move rows to the other child, but for those that it has already; gives the ids moved."""
    columns = [getattr(table, name) for name in once]

    def rows(child_id: int) -> dict[int, tuple[Any, ...]]:
        query = sa.select(table.id, *columns).where(
            table.authority_id == scope.authority_id, table.child_id == child_id
        )
        return {row[0]: tuple(row[1:]) for row in db.session.execute(query)}

    has = set(rows(target).values()) if columns else set()
    moving = [row_id for row_id, key in rows(source).items() if not columns or key not in has]
    if moving:
        db.session.execute(
            sa.update(table)
            .where(table.authority_id == scope.authority_id, table.id.in_(moving))
            .values(child_id=target)
        )
    return moving

"""Disputes on children as pages show them, and their saving against the version seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.domain.sight import What
from core.store import actions, child_people
from core.store.database import db
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import (
    Account,
    Action,
    Allocation,
    Child,
    Dispute,
    DisputeStage,
    DisputeTold,
)

PAGE = 50
MOST = 50


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute with its child, and the stage at which it stands or stood last.

    ``answered_on`` is when that stage was answered, ``due`` by when it is to be. It is ``outside``
    where it is put to nobody within the authority, and nobody was looked for.
    """

    id: int
    public_id: str
    version: int
    child_id: int
    child_public_id: str
    child_name: str
    clauses: tuple[str, ...]
    about: str
    words: str
    action_id: int | None
    deadline: str
    procedure_code: str
    opened_on: date
    opened_by: str
    whole_by: date
    whole_why: str
    ended_on: date | None
    ended_how: str
    ended_by: str
    outcome: str
    stage: str
    begun_on: date
    due: date
    answered_on: date | None
    outside: bool

    def state(self, on: date) -> str:
        """ "resolved" or "withdrawn", else "late", "answered" or "open"."""
        if self.ended_on is not None:
            return self.ended_how
        if self.answered_on is not None:
            return "answered"
        return "late" if self.due < on else "open"


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of a dispute: to whom it is addressed, and what was answered."""

    id: int
    stage: str
    title: str
    begun_on: date
    due: date
    why: str
    nobody: str
    answered_on: date | None
    answered_at: datetime | None
    answered_name: str
    written_by: str
    answer: str
    moved_on: date | None
    moved_words: str
    told: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """The action that a dispute is about, where the asker sees the action too."""

    public_id: str
    what: str


def _last_stage() -> Any:
    """The id of the stage that a dispute came to last."""
    return (
        sa.select(sa.func.max(DisputeStage.id))
        .where(DisputeStage.dispute_id == Dispute.id)
        .correlate(Dispute)
        .scalar_subquery()
    )


def _outside() -> Any:
    """True for a stage that goes outside the authority: the reviewing officer takes it there."""
    told = sa.exists().where(DisputeTold.stage_id == DisputeStage.id).correlate(DisputeStage)
    return sa.and_(DisputeStage.nobody == "", ~told)


def _disputes(scope: Scope) -> Any:
    by, ended_by = aliased(Account), aliased(Account)
    return (
        sa.select(
            Dispute.id,
            Dispute.public_id,
            Dispute.version,
            Dispute.child_id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            Dispute.clauses,
            Dispute.about,
            Dispute.words,
            Dispute.action_id,
            Dispute.deadline,
            Dispute.procedure_code,
            Dispute.opened_on,
            sa.func.coalesce(by.name, ""),
            Dispute.whole_by,
            Dispute.whole_why,
            Dispute.ended_on,
            Dispute.ended_how,
            sa.func.coalesce(ended_by.name, ""),
            Dispute.outcome,
            DisputeStage.title,
            DisputeStage.begun_on,
            DisputeStage.due,
            DisputeStage.answered_on,
            _outside(),
        )
        .join(Child, Child.id == Dispute.child_id)
        .join(DisputeStage, DisputeStage.id == _last_stage())
        .outerjoin(by, by.id == Dispute.opened_by)
        .outerjoin(ended_by, ended_by.id == Dispute.ended_by)
        .where(Dispute.authority_id == scope.authority_id, children_seen(scope, What.CASES))
    )


def _row(row: Any) -> DisputeRow:
    dispute_id, public_id, version, child_id, child, given, family, local, clauses, *rest = row
    name = child_name(given, family, local)
    cited = tuple(clauses.split(",")) if clauses else ()
    return DisputeRow(dispute_id, public_id, version, child_id, child, name, cited, *rest)


def find(scope: Scope, public_id: str) -> DisputeRow | None:
    """A dispute on a child whose cases the asker sees."""
    query = _disputes(scope).where(Dispute.public_id == public_id)
    row = db.session.execute(query).first()
    return _row(row) if row else None


def listed(scope: Scope, *, ended: bool = False, page: int = 1) -> tuple[list[DisputeRow], int]:
    """One page of the disputes that the asker sees, and how many; the soonest answer first."""
    query = _disputes(scope)
    query = query.where(Dispute.ended_on.is_not(None) if ended else Dispute.ended_on.is_(None))
    count = sa.select(sa.func.count()).select_from(
        query.with_only_columns(Dispute.id, maintain_column_froms=True).subquery()
    )
    order = Dispute.ended_on.desc() if ended else DisputeStage.due
    rows = db.session.execute(
        query.order_by(order, Dispute.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return [_row(row) for row in rows], db.session.execute(count).scalar_one()


def of_children(
    scope: Scope, public_ids: Iterable[str], *, ended: bool = False
) -> Mapping[str, list[DisputeRow]]:
    """The open disputes on these children, by the child's public id; with ``ended`` those too."""
    ids = sorted(set(public_ids))
    found: dict[str, list[DisputeRow]] = defaultdict(list)
    if not ids:
        return found
    query = _disputes(scope).where(Child.public_id.in_(ids))
    if not ended:
        query = query.where(Dispute.ended_on.is_(None))
    for row in db.session.execute(query.order_by(Dispute.id.desc())):
        one = _row(row)
        found[one.child_public_id].append(one)
    return found


def of_action(scope: Scope, action_id: int) -> list[DisputeRow]:
    """The open disputes about an action that the asker sees, one a child at most: one query."""
    query = _disputes(scope).where(Dispute.action_id == action_id, Dispute.ended_on.is_(None))
    return [_row(row) for row in db.session.execute(query.order_by(Dispute.id.desc()))]


def stages(scope: Scope, dispute_id: int) -> list[StageRow]:
    """The stages of a dispute in order, with to whom each is addressed: two queries."""
    rows: Any = db.session.execute(
        sa.select(
            DisputeStage.id,
            DisputeStage.stage,
            DisputeStage.title,
            DisputeStage.begun_on,
            DisputeStage.due,
            DisputeStage.why,
            DisputeStage.nobody,
            DisputeStage.answered_on,
            DisputeStage.answered_at,
            DisputeStage.answered_name,
            sa.func.coalesce(Account.name, ""),
            DisputeStage.answer,
            DisputeStage.moved_on,
            DisputeStage.moved_words,
        )
        .outerjoin(Account, Account.id == DisputeStage.answered_by)
        .where(
            DisputeStage.authority_id == scope.authority_id,
            DisputeStage.dispute_id == dispute_id,
        )
        .order_by(DisputeStage.id)
    ).all()
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for stage_id, account_id, name in db.session.execute(
        sa.select(DisputeTold.stage_id, DisputeTold.account_id, DisputeTold.name)
        .where(
            DisputeTold.authority_id == scope.authority_id,
            DisputeTold.stage_id.in_([row.id for row in rows]),
        )
        .order_by(DisputeTold.name, DisputeTold.id)
    ):
        told[stage_id].append((account_id, name))
    every: list[tuple[Any, ...]] = [(*row, tuple(told[row.id])) for row in rows]
    return [StageRow(*facts) for facts in every]


def action(scope: Scope, action_id: int | None) -> About | None:
    """The action that a dispute is about; None where there is none, or the asker does not see it.

    Somebody who withdrew from an item reads the dispute on its child, and nothing of the item.
    """
    if action_id is None:
        return None
    row = db.session.execute(
        sa.select(Action.public_id, Action.what).where(
            Action.id == action_id, actions.seen_or_owned(scope)
        )
    ).first()
    return About(*row) if row else None


def officers(scope: Scope, child_id: int) -> tuple[int, ...]:
    """The accounts on whose caseload a child is today."""
    return tuple(
        one.account_id
        for one in child_people.allocated(scope, [child_id])
        if one.relation == child_people.OFFICER
    )


def add(scope: Scope, **values: Any) -> tuple[int, str]:
    """Add a dispute, in the transaction under way; gives its id and public id."""
    made = db.session.execute(
        sa.insert(Dispute)
        .values(
            authority_id=scope.authority_id,
            opened_on=scope.on,
            opened_by=scope.account_id,
            **values,
        )
        .returning(Dispute.id, Dispute.public_id)
    ).one()
    return made.id, made.public_id


def begin_stage(scope: Scope, dispute_id: int, told: Mapping[int, str], **values: Any) -> None:
    """Begin a stage of a dispute today, in the transaction under way."""
    stage_id = db.session.execute(
        sa.insert(DisputeStage)
        .values(
            authority_id=scope.authority_id,
            dispute_id=dispute_id,
            begun_on=scope.on,
            **values,
        )
        .returning(DisputeStage.id)
    ).scalar_one()
    if told:
        db.session.execute(
            sa.insert(DisputeTold),
            [
                {
                    "authority_id": scope.authority_id,
                    "stage_id": stage_id,
                    "account_id": account_id,
                    "name": name,
                }
                for account_id, name in told.items()
            ],
        )


def save(scope: Scope, dispute_id: int, seen: int, **values: Any) -> bool:
    """Save against the version seen, in the transaction under way; false where it has moved on."""
    done = db.session.execute(
        sa.update(Dispute)
        .where(
            Dispute.authority_id == scope.authority_id,
            Dispute.id == dispute_id,
            Dispute.version == seen,
            Dispute.ended_on.is_(None),
        )
        .values(version=seen + 1, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def change_stage(scope: Scope, stage_id: int, **values: Any) -> None:
    """Write the answer of a stage or why it was moved on from; the dispute's version is held."""
    db.session.execute(
        sa.update(DisputeStage)
        .where(DisputeStage.authority_id == scope.authority_id, DisputeStage.id == stage_id)
        .values(**values)
    )


def addressed(scope: Scope) -> Some[DisputeRow]:
    """The open disputes whose stage waits for an answer of the asker or whom they cover."""
    mine = sa.exists().where(
        DisputeTold.authority_id == scope.authority_id,
        DisputeTold.stage_id == DisputeStage.id,
        DisputeTold.account_id.in_(scope.stands_for),
    )
    query = _disputes(scope).where(
        Dispute.ended_on.is_(None), DisputeStage.answered_on.is_(None), mine
    )
    rows = first(query.order_by(DisputeStage.due, Dispute.id), MOST)
    return Some(map(_row, rows), rows.more)


def to_decide(scope: Scope) -> Some[DisputeRow]:
    """The open disputes on the asker's caseload whose stage is answered, or late for it, or which
    they take outside the authority."""
    mine = sa.exists().where(
        Allocation.authority_id == scope.authority_id,
        Allocation.child_id == Dispute.child_id,
        Allocation.relation == child_people.OFFICER,
        Allocation.account_id.in_(scope.stands_for),
        held(Allocation, scope.on),
    )
    query = _disputes(scope).where(
        Dispute.ended_on.is_(None),
        sa.or_(DisputeStage.answered_on.is_not(None), DisputeStage.due < scope.on, _outside()),
        mine,
    )
    rows = first(query.order_by(DisputeStage.due, Dispute.id), MOST)
    return Some(map(_row, rows), rows.more)

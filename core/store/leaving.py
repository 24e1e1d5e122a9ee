"""What somebody who leaves has in hand: children, actions, referrals, papers; and its passing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.case import EDITABLE, CaseState
from core.domain.paper import OTHER
from core.domain.sight import What
from core.store.agenda import children
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen, held
from core.store.tables import (
    Account,
    Action,
    Allocation,
    CaseInvitee,
    Child,
    Cover,
    NamedAccess,
    PanelCase,
    Paper,
)

#: A referral that may still come back to whoever made it.
UNDECIDED = (*EDITABLE, CaseState.SUBMITTED)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing in hand: ``name`` and ``about`` are "" where the asker does not see what it is of.

    A child is seen as such; an action or a referral with the cases of the child.
    """

    id: int
    public_id: str
    name: str
    about: str = ""
    child_id: int = 0


@dataclass(frozen=True, slots=True)
class InHand:
    """Everything that somebody has in hand, by kind: a relation to children, actions, referrals,
    and the unsigned papers for which they answer, without their titles.
    """

    kinds: Mapping[str, tuple[Passed, ...]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return len(self.kinds.get(kind, ()))


def in_hand(scope: Scope, account_id: int, until: date, *, lock: bool = False) -> InHand:
    """What somebody has in hand beyond a day: six queries, whatever there is of it."""
    kinds: dict[str, tuple[Passed, ...]] = {}
    seen = children_seen(scope).label("seen")
    query = (
        sa.select(
            Allocation.id,
            Allocation.relation,
            Child.id.label("child_id"),
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            seen,
        )
        .join(Child, Child.id == Allocation.child_id)
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.account_id == account_id,
            sa.or_(
                Allocation.until.is_(None),
                sa.and_(Allocation.until > until, Allocation.until > Allocation.since),
            ),
        )
        .order_by(Allocation.relation.desc(), Child.family_name, Child.given_name, Child.id)
    )
    for row in db.session.execute(query.with_for_update(of=Allocation) if lock else query):
        name = f"{row.given_name} {row.family_name}".strip() or f"Child {row.local_id}"
        one = Passed(row.id, row.public_id, name if row.seen else "", child_id=row.child_id)
        kinds[row.relation] = (*kinds.get(row.relation, ()), one)
    kinds["actions"] = _actions(scope, account_id, lock)
    kinds["referrals"] = _referrals(scope, account_id, lock)
    kinds["papers"] = _unsigned(scope, account_id, lock)
    return InHand(kinds)


def _actions(scope: Scope, account_id: int, lock: bool) -> tuple[Passed, ...]:
    of_seen_case = sa.exists().where(PanelCase.id == Action.case_id, cases_seen(scope))
    of_seen_child = sa.exists().where(Child.id == Action.child_id, children_seen(scope, What.CASES))
    query = (
        sa.select(
            Action.id,
            Action.public_id,
            Action.what,
            Action.due,
            Action.case_id,
            sa.or_(of_seen_case.correlate(Action), of_seen_child.correlate(Action)).label("seen"),
        )
        .where(
            Action.authority_id == scope.authority_id,
            Action.owner_id == account_id,
            Action.done_on.is_(None),
        )
        .order_by(Action.due, Action.id)
    )
    rows = db.session.execute(query.with_for_update() if lock else query).all()
    seen = {row.case_id for row in rows if row.seen and row.case_id}
    of_case = children(scope, seen) if seen else {}
    return tuple(
        Passed(
            row.id,
            row.public_id,
            row.what if row.seen else "",
            ", ".join(child.name for child in of_case.get(row.case_id or 0, ())),
        )
        for row in rows
    )


def _referrals(scope: Scope, account_id: int, lock: bool) -> tuple[Passed, ...]:
    query = (
        sa.select(
            PanelCase.id, PanelCase.public_id, PanelCase.state, cases_seen(scope).label("seen")
        )
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.referrer_id == account_id,
            PanelCase.state.in_(UNDECIDED),
        )
        .order_by(PanelCase.opened_at, PanelCase.id)
    )
    rows = db.session.execute(query.with_for_update(of=PanelCase) if lock else query).all()
    seen = [row.id for row in rows if row.seen]
    of_case = children(scope, seen) if seen else {}
    return tuple(
        Passed(
            row.id,
            row.public_id,
            ", ".join(child.name for child in of_case.get(row.id, ())),
            row.state if row.seen else "",
        )
        for row in rows
    )


def _unsigned(scope: Scope, account_id: int, lock: bool) -> tuple[Passed, ...]:
    """Papers for which somebody answers; one that is taken out may yet be put back."""
    query = (
        sa.select(Paper.id, Paper.public_id)
        .where(
            Paper.authority_id == scope.authority_id,
            Paper.answers_id == account_id,
            Paper.signed_at.is_(None),
            Paper.kind != OTHER,
        )
        .order_by(Paper.id)
    )
    rows = db.session.execute(query.with_for_update() if lock else query)
    return tuple(Passed(row.id, row.public_id, "") for row in rows)


def pass_children(
    scope: Scope, relation: str, passed: Iterable[Passed], to_id: int, until: date, since: date
) -> None:
    """End these allocations on a day and begin the same for a colleague, none of them twice.

    The colleague's begin on ``since``, which may be before the day of the end: nobody is without.
    """
    passed = list(passed)
    for start in range(0, len(passed), 500):
        part = passed[start : start + 500]
        db.session.execute(
            sa.update(Allocation)
            .where(
                Allocation.authority_id == scope.authority_id,
                Allocation.id.in_([one.id for one in part]),
            )
            .values(until=sa.case((Allocation.since > until, Allocation.since), else_=until))
        )
        there = set(
            db.session.scalars(
                sa.select(Allocation.child_id).where(
                    Allocation.authority_id == scope.authority_id,
                    Allocation.account_id == to_id,
                    Allocation.relation == relation,
                    Allocation.child_id.in_([one.child_id for one in part]),
                    Allocation.until.is_(None),
                )
            )
        )
        values = [
            {
                "authority_id": scope.authority_id,
                "child_id": child_id,
                "account_id": to_id,
                "relation": relation,
                "since": since,
            }
            for child_id in dict.fromkeys(one.child_id for one in part)
            if child_id not in there
        ]
        if values:
            db.session.execute(sa.insert(Allocation), values)


def pass_actions(scope: Scope, action_ids: list[int], to_id: int, name: str) -> None:
    """Give open actions another owner, in the transaction under way."""
    db.session.execute(
        sa.update(Action)
        .where(Action.authority_id == scope.authority_id, Action.id.in_(action_ids))
        .values(owner_id=to_id, owner_name=name, version=Action.version + 1)
    )


def pass_referrals(scope: Scope, case_ids: list[int], to_id: int) -> None:
    """Give referrals another referrer, in the transaction under way."""
    db.session.execute(
        sa.update(PanelCase)
        .where(PanelCase.authority_id == scope.authority_id, PanelCase.id.in_(case_ids))
        .values(referrer_id=to_id, version=PanelCase.version + 1)
    )


def pass_papers(scope: Scope, paper_ids: list[int], to_id: int) -> None:
    """Have somebody else answer for papers, in the transaction under way."""
    db.session.execute(
        sa.update(Paper)
        .where(Paper.authority_id == scope.authority_id, Paper.id.in_(paper_ids))
        .values(answers_id=to_id, version=Paper.version + 1)
    )


def last_named(scope: Scope, account_id: int) -> list[str]:
    """The local ids of closed records for which nobody else is named who can still sign in.

    The sight of the asker is not asked: who closes records sees their local ids, and no more.
    """
    mine, theirs = aliased(NamedAccess), aliased(NamedAccess)
    others = (
        sa.select(theirs.child_id)
        .join(Account, Account.id == theirs.account_id)
        .where(
            theirs.authority_id == scope.authority_id,
            theirs.account_id != account_id,
            Account.active,
            held(theirs, scope.on),
        )
    )
    query = (
        sa.select(Child.local_id)
        .join(mine, mine.child_id == Child.id)
        .where(
            Child.authority_id == scope.authority_id,
            Child.closed_to != "",
            Child.merged_into_id.is_(None),
            mine.account_id == account_id,
            held(mine, scope.on),
            Child.id.not_in(others),
        )
        .order_by(Child.local_id)
        .distinct()
    )
    return list(db.session.scalars(query))


def end_sight(scope: Scope, account_id: int, until: date) -> None:
    """End the covers, invitations and names by which somebody sees what is not theirs."""
    for table, whose in (
        (Cover, sa.or_(Cover.away_id == account_id, Cover.covered_by_id == account_id)),
        (CaseInvitee, CaseInvitee.account_id == account_id),
        (NamedAccess, NamedAccess.account_id == account_id),
    ):
        db.session.execute(
            sa.update(table)
            .where(
                table.authority_id == scope.authority_id,
                whose,
                sa.or_(table.until.is_(None), table.until > until),
            )
            .values(until=sa.case((table.since > until, table.since), else_=until))
        )

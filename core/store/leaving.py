"""What somebody who leaves has in hand: children, actions, referrals, papers; and its passing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.allocation import Span, left_open
from core.domain.case import BEFORE_THE_AGENDA
from core.domain.naming import child_name
from core.domain.paper import OTHER
from core.domain.sight import What
from core.store import action_states, board_marks, covers
from core.store.agenda import children
from core.store.covers import CoverRow
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen, held, lasts_beyond
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
UNDECIDED = BEFORE_THE_AGENDA
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing in hand: ``name`` and ``about`` are "" where the asker does not see what it is of.

    A child is seen as such; an action or a referral with the cases of the child. ``since`` and
    ``until`` are the days of an allocation.
    """

    id: int
    public_id: str
    name: str
    about: str = ""
    child_id: int = 0
    since: date = date.min
    until: date | None = None


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
            Allocation.since,
            Allocation.until,
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
            lasts_beyond(Allocation, until),
        )
        .order_by(Allocation.relation.desc(), Child.family_name, Child.given_name, Child.id)
    )
    for row in db.session.execute(query.with_for_update(of=Allocation) if lock else query):
        name = child_name(row.given_name, row.family_name, row.local_id)
        one = Passed(
            row.id,
            row.public_id,
            name if row.seen else "",
            child_id=row.child_id,
            since=row.since,
            until=row.until,
        )
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
            action_states.still_open(),
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
            sa.not_(PanelCase.of_one_child),
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
    """End these allocations on a day and begin the same for a colleague, on no day twice.

    The colleague's begin on ``since``, which may be before the day of the end: nobody is without.
    One that was to begin later, or to end, does so for the colleague too.
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
        there: dict[int, list[Span]] = {}
        for child_id, first, end in db.session.execute(
            sa.select(Allocation.child_id, Allocation.since, Allocation.until).where(
                Allocation.authority_id == scope.authority_id,
                Allocation.account_id == to_id,
                Allocation.relation == relation,
                Allocation.child_id.in_([one.child_id for one in part]),
            )
        ):
            there.setdefault(child_id, []).append((first, end))
        values = []
        for one in part:
            theirs = there.setdefault(one.child_id, [])
            for first, end in left_open(max(one.since, since), one.until, theirs):
                theirs.append((first, end))
                values.append(
                    {
                        "authority_id": scope.authority_id,
                        "child_id": one.child_id,
                        "account_id": to_id,
                        "relation": relation,
                        "since": first,
                        "until": end,
                    }
                )
        if values:
            db.session.execute(sa.insert(Allocation), values)


def pass_actions(scope: Scope, action_ids: list[int], to_id: int, name: str) -> None:
    """Give open actions another owner, in the transaction under way."""
    board_marks.acted(scope, action_ids)
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


@dataclass(frozen=True, slots=True)
class SightEnded:
    """What ended by which somebody saw what is not theirs: covers of both sides, invitations to
    cases and names on closed records by the public ids of the cases and the children.
    """

    covers: tuple[CoverRow, ...]
    cases: tuple[str, ...]
    children: tuple[str, ...]


def end_sight(scope: Scope, account_id: int, until: date) -> SightEnded:
    """End the covers, invitations and names by which somebody sees what is not theirs."""
    lasting = covers.lasting_beyond(scope, account_id, until)
    own = sa.or_(Cover.away_id == account_id, Cover.covered_by_id == account_id)
    ended = _end(scope, Cover, own, until, Cover.id)
    cases = _end(
        scope, CaseInvitee, CaseInvitee.account_id == account_id, until, CaseInvitee.case_id
    )
    closed = _end(
        scope, NamedAccess, NamedAccess.account_id == account_id, until, NamedAccess.child_id
    )
    return SightEnded(
        tuple(cover for cover in lasting if cover.id in ended),
        _public_ids(scope, PanelCase, cases),
        _public_ids(scope, Child, closed),
    )


def _end(
    scope: Scope, table: type[Any], whose: sa.ColumnElement[bool], until: date, column: Any
) -> set[int]:
    done = db.session.scalars(
        sa.update(table)
        .where(table.authority_id == scope.authority_id, whose, lasts_beyond(table, until))
        .values(until=sa.case((table.since > until, table.since), else_=until))
        .returning(column)
        .execution_options(synchronize_session=False)
    )
    return set(done)


def _public_ids(
    scope: Scope, table: type[PanelCase] | type[Child], ids: set[int]
) -> tuple[str, ...]:
    found: list[str] = []
    for start in range(0, len(ids), 500):
        part = sorted(ids)[start : start + 500]
        found += db.session.scalars(
            sa.select(table.public_id)
            .where(table.authority_id == scope.authority_id, table.id.in_(part))
            .order_by(table.id)
        )
    return tuple(found)

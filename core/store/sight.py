"""What a person sees, as SQL conditions: children, and through them cases and meetings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.case import CaseState
from core.domain.meeting import MeetingState, Presence
from core.domain.sight import Relation, What, ways
from core.store.scope import Scope
from core.store.tables import (
    Allocation,
    Attendance,
    Booking,
    CaseChild,
    CaseInvitee,
    Child,
    NamedAccess,
    PanelCase,
    Placing,
    PostHolder,
    StatedAccess,
    Team,
)
from core.store.tables.meetings import Meeting
from core.store.withdrawn_sight import takes_part, withdrawn_cases

#: Written into the statement, so that the index of closed records is found to fit it.
OPEN: ColumnElement[str] = sa.literal_column("''")
#: A page asks for the same condition many times, and to make one takes longer than its query: so
#: many are kept. A scope is of one request, with its moment.
KEPT = 128
#: Through these a case is seen, and the children for its sake; not every case of the children.
OF_ONE_CASE = frozenset({Relation.AGENDA, Relation.INVITED})
#: Through these somebody works with a child: they keep a case from whose item they withdrew.
WORKING = frozenset(
    {Relation.ALLOCATED, Relation.CASELOAD, Relation.TEAM, Relation.SERVICE, Relation.REFERRED}
)
#: These are a person's own: who stands in for them does not have them.
PERSONAL = frozenset({Relation.AGENDA, Relation.STATED, Relation.NAMED})


def held(table: type, on: object) -> ColumnElement[bool]:
    """Rows with ``since`` and ``until`` that hold on a day."""
    return sa.and_(table.since <= on, sa.or_(table.until.is_(None), table.until > on))  # type: ignore[attr-defined]


def lasts_beyond(table: type, day: object) -> ColumnElement[bool]:
    """Rows with ``since`` and ``until`` that hold on some day from this one on."""
    until, since = table.until, table.since  # type: ignore[attr-defined]
    return sa.or_(until.is_(None), sa.and_(until > day, until > since))


@lru_cache(maxsize=KEPT)
def children_seen(scope: Scope, *what: What) -> ColumnElement[bool]:
    """True for the rows of ``child`` of whom the asker sees all of this; never another authority's.

    Where nothing is asked for it is who they are and their care. Who sees one thing in one way and
    another in another way does not see both in one: what is asked for together comes one way.
    A record that was merged into another is not seen: what it held is in the other.
    A restricted or sealed child is seen by those named for it alone, whatever their role.
    """
    own = sa.and_(Child.authority_id == scope.authority_id, Child.merged_into_id.is_(None))
    if scope.everything:
        return own
    what = what or (What.RECORD,)
    found: list[ColumnElement[bool]] = [sa.false()]
    for account_id, relations in askers(scope, *what):
        if Relation.EVERY_CHILD in relations:
            found = [sa.true()]
            break
        found += _children(scope, account_id, relations - OF_ONE_CASE)
        of_case = list(_cases(scope, account_id, relations & OF_ONE_CASE))
        if of_case:
            found.append(
                Child.id.in_(
                    sa.select(CaseChild.child_id)
                    .join(PanelCase, PanelCase.id == CaseChild.case_id)
                    .where(
                        CaseChild.authority_id == scope.authority_id,
                        sa.or_(*of_case),
                        PanelCase.id.not_in(withdrawn_cases(scope)),
                    )
                )
            )
    return sa.and_(
        own, sa.or_(sa.and_(Child.closed_to == OPEN, sa.or_(*found)), named(scope, *what))
    )


@lru_cache(maxsize=KEPT)
def cases_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the cases that the asker sees: of a child whose cases they see, or in themselves.

    A case with a child who is closed to the asker is not seen: its words are about every child.
    Nor is one from whose item the asker withdrew, whatever their role; who works with one of its
    children themself keeps what that shows, and sees nothing of the item.
    """
    own = PanelCase.authority_id == scope.authority_id
    of_case = (
        sa.select(CaseChild.case_id)
        .join(Child, Child.id == CaseChild.child_id)
        .where(CaseChild.authority_id == scope.authority_id)
    )
    if scope.everything:
        return sa.and_(own, PanelCase.id.in_(of_case.where(children_seen(scope))))
    found: list[ColumnElement[bool]] = []
    children: list[ColumnElement[bool]] = []
    of_here: Any = Child.authority_id
    for account_id, relations in askers(scope, What.CASES):
        if Relation.EVERY_CHILD in relations:
            children = [sa.true()]
            found = []
            # Written so that SQLite begins with the cases: there are more children than those.
            of_here = sa.func.coalesce(Child.authority_id, sa.null())
            break
        children += _children(scope, account_id, relations - OF_ONE_CASE)
        found += _cases(scope, account_id, relations & OF_ONE_CASE)
    whose = sa.or_(
        sa.and_(Child.closed_to == OPEN, sa.or_(sa.false(), *children)), named(scope, What.CASES)
    )
    closed = of_case.where(Child.closed_to != OPEN, sa.not_(named(scope, What.CASES)))
    return sa.and_(
        own,
        sa.or_(
            PanelCase.id.in_(of_case.where(of_here == scope.authority_id, whose)),
            *found,
        ),
        PanelCase.id.not_in(closed.where(Child.authority_id == scope.authority_id)),
        sa.or_(
            PanelCase.id.not_in(withdrawn_cases(scope)),
            PanelCase.id.in_(of_case.where(_works_with(scope))),
        ),
    )


def _works_with(scope: Scope) -> ColumnElement[bool]:
    """True for the children with whom the asker works themself, not in a colleague's place."""
    relations = ways(scope.roles, What.CASES) & WORKING
    works = _children(scope, scope.account_id, relations)
    return sa.and_(Child.authority_id == scope.authority_id, sa.or_(sa.false(), *works))


def working_with(scope: Scope, *what: What) -> Iterator[tuple[int | None, ColumnElement[bool]]]:
    """Through whom the asker works with which children: an account and a condition each.

    First the asker's own, allocated to them or in their team or service, then those of each
    colleague for whom they stand in. A closed child only where the asker themself is named for it.
    """
    for account_id, relations in askers(scope, *what):
        theirs: ColumnElement[bool] = Child.closed_to == OPEN
        if account_id == scope.account_id:
            theirs = sa.or_(theirs, named(scope, *what))
        for condition in _children(scope, account_id, relations & WORKING - {Relation.REFERRED}):
            yield (
                account_id,
                sa.and_(
                    Child.authority_id == scope.authority_id,
                    Child.merged_into_id.is_(None),
                    theirs,
                    condition,
                ),
            )


def managed(scope: Scope) -> ColumnElement[bool]:
    """True for the children whose team or service the asker manages, or stands in for its manager.

    It says nothing of whether the child is seen: a closed record is seen by those named for it.
    """
    return sa.or_(
        answers_for(scope, "team.manager", Relation.TEAM),
        answers_for(scope, "service.manager", Relation.SERVICE),
    )


def answers_for(scope: Scope, role: str, relation: Relation) -> ColumnElement[bool]:
    """True for the children to whom the asker, or whom they cover, has this relation in this role.

    It says nothing of whether the child is seen either.
    """
    found: list[ColumnElement[bool]] = [sa.false()]
    for account_id, roles in ((scope.account_id, scope.roles), *scope.covers):
        if role in roles:
            found += _children(scope, account_id, frozenset({relation}))
    return sa.and_(Child.authority_id == scope.authority_id, sa.or_(*found))


def sits_in(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings of a body in which the asker holds a post today, or stands in for one.

    Who stands in sits in that one meeting alone.
    """
    holds = sa.exists().where(
        PostHolder.account_id == scope.account_id,
        PostHolder.authority_id == scope.authority_id,
        PostHolder.procedure_code == Meeting.procedure_code,
        PostHolder.body_code == Meeting.body_code,
        held(PostHolder, scope.on),
    )
    stands_in = sa.exists().where(
        Attendance.account_id == scope.account_id,
        Attendance.authority_id == scope.authority_id,
        Attendance.meeting_id == Meeting.id,
        Attendance.substitute,
        Attendance.state != Presence.APOLOGIES,
    )
    return sa.or_(holds, stands_in)


def askers(scope: Scope, *what: What) -> Iterator[tuple[int | None, frozenset[Relation]]]:
    """The asker, then each colleague whom they cover: the account, and the ways to see this."""
    yield scope.account_id, ways(scope.roles, *what)
    for account_id, roles in scope.covers:
        yield account_id, ways(roles, *what) - PERSONAL


def named(scope: Scope, *what: What) -> ColumnElement[bool]:
    """True for the closed children for whom the asker is named."""
    if Relation.NAMED not in ways(scope.roles, *what):
        return sa.false()
    return sa.and_(
        Child.closed_to != OPEN,
        Child.id.in_(
            sa.select(NamedAccess.child_id)
            .where(
                NamedAccess.authority_id == scope.authority_id,
                NamedAccess.account_id == scope.account_id,
                held(NamedAccess, scope.on),
            )
            .correlate(None)
        ),
    )


def _children(
    scope: Scope, account_id: int | None, relations: frozenset[Relation]
) -> Iterator[ColumnElement[bool]]:
    """The children to whom an account has these relations, a condition each."""
    own = scope.authority_id
    for relation, name in ((Relation.ALLOCATED, "worker"), (Relation.CASELOAD, "iro")):
        if relation in relations:
            yield Child.id.in_(
                sa.select(Allocation.child_id).where(
                    Allocation.authority_id == own,
                    Allocation.account_id == account_id,
                    Allocation.relation == name,
                    held(Allocation, scope.on),
                )
            )
    placed = sa.and_(
        Placing.authority_id == own, Placing.account_id == account_id, held(Placing, scope.on)
    )
    if Relation.TEAM in relations:
        yield Child.team_id.in_(sa.select(Placing.team_id).where(placed))
    if Relation.SERVICE in relations:
        yield Child.team_id.in_(
            sa.select(Team.id)
            .join(Placing, Placing.service_id == Team.service_id)
            .where(Team.authority_id == own, placed)
        )
    if Relation.REFERRED in relations:
        yield Child.id.in_(
            sa.select(CaseChild.child_id)
            .join(PanelCase, PanelCase.id == CaseChild.case_id)
            .where(
                PanelCase.authority_id == own,
                PanelCase.referrer_id == account_id,
                PanelCase.state.not_in((CaseState.DRAFT, CaseState.WITHDRAWN)),
                sa.not_(PanelCase.of_one_child),
            )
        )
    if Relation.STATED in relations and scope.moment is not None:
        yield Child.id.in_(
            sa.select(StatedAccess.child_id)
            .where(
                StatedAccess.authority_id == own,
                StatedAccess.account_id == account_id,
                StatedAccess.since <= scope.moment,
                StatedAccess.until > scope.moment,
                StatedAccess.ended_at.is_(None),
            )
            .correlate(None)
        )


def _cases(
    scope: Scope, account_id: int | None, relations: frozenset[Relation]
) -> Iterator[ColumnElement[bool]]:
    """The cases to which an account has these relations, a condition each."""
    if Relation.AGENDA in relations:
        yield PanelCase.id.in_(
            sa.select(Booking.case_id)
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .where(
                Booking.authority_id == scope.authority_id,
                Meeting.circulated_at.is_not(None),
                Meeting.ratified_at.is_(None),
                Meeting.state != MeetingState.CANCELLED,
                sits_in(scope),
                takes_part(scope),
            )
        )
    if Relation.INVITED in relations:
        yield PanelCase.id.in_(
            sa.select(CaseInvitee.case_id)
            .where(
                CaseInvitee.authority_id == scope.authority_id,
                CaseInvitee.account_id == account_id,
                held(CaseInvitee, scope.on),
            )
            .correlate(None)
        )

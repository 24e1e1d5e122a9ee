"""Cases: one by its public id with its children, and those of a child; opened and moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.domain.booked import RECEIVED
from core.domain.case import EDITABLE, UNDER_WAY, CaseState
from core.domain.meeting import OVER
from core.domain.naming import child_name
from core.domain.sight import What
from core.store import deadline_marks
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Account,
    CaseChild,
    Child,
    DeadlineRow,
    Meeting,
    PanelCase,
)


@dataclass(frozen=True, slots=True)
class CaseChildRow:
    """A child of a case, or one who could be; ``withdrawn_at`` says that it goes on without."""

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    ethnicity: str
    sibling_group: str | None
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def name(self) -> str:
        """The name, or the authority's id where no name is recorded."""
        return child_name(self.given_name, self.family_name, self.local_id)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with the meeting that it asks for; moments are UTC.

    ``withdrawal_why`` is why it is withdrawn, or why that is asked for. ``of_one_child`` marks that
    of a planning meeting, which has pages of its own.
    """

    id: int
    public_id: str
    version: int
    procedure_code: str
    procedure_edition: str
    body_code: str
    form_code: str
    state: CaseState
    opened_at: datetime
    submitted_at: datetime | None
    unanswered: int
    chair_words: str
    referrer_id: int | None
    referrer: str
    meeting_id: int | None
    meeting_public_id: str | None
    meeting_on: date | None
    meeting_state: str | None
    queued_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawal_asked_at: datetime | None = None
    withdrawal_why: str = ""
    of_one_child: bool = False

    @property
    def editable(self) -> bool:
        return self.state in EDITABLE


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of a child that is under way, with the day of the meeting it asks for."""

    public_id: str
    state: CaseState
    referrer: str
    meeting_on: date | None


@dataclass(frozen=True, slots=True)
class MeetingChoice:
    """A meeting that a referral can ask for."""

    id: int
    public_id: str
    held_on: date
    starts_at: time


_CHILD = (
    Child.id,
    Child.public_id,
    Child.local_id,
    Child.given_name,
    Child.family_name,
    Child.born,
    Child.birth_expected,
    Child.ethnicity,
    Child.sibling_group,
)


def case_by_public_id(scope: Scope, public_id: str, *, lock: bool = False) -> CaseRow | None:
    """A case that the asker sees; ``lock`` holds it until the transaction ends."""
    query = (
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.version,
            PanelCase.procedure_code,
            PanelCase.procedure_edition,
            PanelCase.body_code,
            PanelCase.form_code,
            PanelCase.state,
            PanelCase.opened_at,
            PanelCase.submitted_at,
            PanelCase.unanswered,
            PanelCase.chair_words,
            PanelCase.referrer_id,
            Account.name,
            PanelCase.meeting_id,
            Meeting.public_id,
            Meeting.held_on,
            Meeting.state,
            PanelCase.queued_at,
            PanelCase.withdrawn_at,
            PanelCase.withdrawal_asked_at,
            PanelCase.withdrawal_why,
            PanelCase.of_one_child,
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(PanelCase.public_id == public_id, cases_seen(scope))
    )
    if lock:
        query = query.with_for_update(of=PanelCase)
    row = db.session.execute(query).first()
    if row is None:
        return None
    facts = list(row)
    facts[7], facts[13] = CaseState(facts[7]), facts[13] or ""
    return CaseRow(*facts)


def may_change(scope: Scope, case_id: int) -> bool:
    """Whether the asker works with a child of a case that they see, or referred it.

    Who stands in for whoever referred it does so too. Who sees a case by an invitation, on an
    agenda or for a stated reason changes nothing of it.
    """
    works = (
        sa.select(CaseChild.case_id)
        .join(Child, Child.id == CaseChild.child_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            children_seen(scope, What.CASES, What.CHANGE),
        )
    )
    query = sa.select(PanelCase.id).where(
        cases_seen(scope),
        PanelCase.id == case_id,
        sa.or_(PanelCase.referrer_id.in_(scope.stands_for), PanelCase.id.in_(works)),
    )
    return db.session.execute(query).first() is not None


def received_deadline(scope: Scope) -> sa.Subquery:
    """By ``case_id``: when a referral is ``due`` to be there, and ``met_on`` which day it was."""
    return (
        sa.select(
            DeadlineRow.case_id,
            sa.func.max(DeadlineRow.due).label("due"),
            sa.func.max(DeadlineRow.met_on).label("met_on"),
        )
        .where(DeadlineRow.authority_id == scope.authority_id, DeadlineRow.code == RECEIVED)
        .group_by(DeadlineRow.case_id)
        .subquery()
    )


def child_seen(scope: Scope, public_id: str) -> CaseChildRow | None:
    """A child whom the asker sees."""
    query = sa.select(*_CHILD).where(Child.public_id == public_id, children_seen(scope))
    row = db.session.execute(query).first()
    return CaseChildRow(*row) if row else None


def child_to_refer(scope: Scope, public_id: str, *, lock: bool = False) -> CaseChildRow | None:
    """A child with whom the asker works; ``lock`` keeps two referrals from being opened at once.

    A referral gives sight of the child for good: who sees them for an hour makes none.
    """
    query = sa.select(*_CHILD).where(
        Child.public_id == public_id, children_seen(scope, What.CASES, What.CHANGE)
    )
    row = db.session.execute(query.with_for_update(of=Child) if lock else query).first()
    return CaseChildRow(*row) if row else None


def children_of(scope: Scope, case_id: int) -> list[CaseChildRow]:
    """The children of a case whom the asker sees, eldest first."""
    return children_by_case(scope, [case_id]).get(case_id, [])


def child_ids(scope: Scope, case_id: int) -> frozenset[int]:
    """Every child of a case, seen or not (a record merged into another is none)."""
    own = (CaseChild.authority_id == scope.authority_id, CaseChild.case_id == case_id)
    query = sa.select(CaseChild.child_id).join(Child, Child.id == CaseChild.child_id)
    query = query.where(*own, Child.merged_into_id.is_(None))
    return frozenset(db.session.execute(query).scalars())


def open(
    scope: Scope,
    procedure_code: str,
    procedure_edition: str,
    body_code: str,
    form_code: str,
    at: datetime,
) -> tuple[int, str]:
    """Write a draft of the asker's, in the transaction under way; gives its id and public id."""
    made = db.session.execute(
        sa.insert(PanelCase)
        .values(
            authority_id=scope.authority_id,
            procedure_code=procedure_code,
            procedure_edition=procedure_edition,
            body_code=body_code,
            form_code=form_code,
            referrer_id=scope.account_id,
            state=CaseState.DRAFT,
            opened_at=at,
        )
        .returning(PanelCase.id, PanelCase.public_id)
    ).one()
    deadline_marks.touched_case(scope, made.id)
    return made.id, made.public_id


def move(scope: Scope, case_id: int, seen: int, **values: Any) -> bool:
    """Change a case against the version seen, in the transaction under way.

    False where somebody else changed it first.
    """
    deadline_marks.touched_case(scope, case_id)
    changed = db.session.execute(
        sa.update(PanelCase)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.id == case_id,
            PanelCase.version == seen,
        )
        .values(version=seen + 1, **values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def add_child(scope: Scope, case_id: int, child_id: int) -> None:
    """Put a child into a case, in the transaction under way."""
    deadline_marks.touched(scope, [child_id])
    db.session.execute(
        sa.insert(CaseChild).values(
            authority_id=scope.authority_id, case_id=case_id, child_id=child_id
        )
    )


def remove_children(scope: Scope, case_id: int, children: Iterable[int]) -> None:
    """Take children out of a case, in the transaction under way."""
    gone = list(children)
    deadline_marks.touched(scope, gone)
    db.session.execute(
        sa.delete(CaseChild).where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.case_id == case_id,
            CaseChild.child_id.in_(gone),
        )
    )


def siblings_to_refer(scope: Scope, children: Iterable[CaseChildRow]) -> list[CaseChildRow]:
    """These children, and their brothers and sisters with whom the asker works."""
    these = list(children)
    groups = [child.sibling_group for child in these if child.sibling_group]
    rows = db.session.execute(
        sa.select(*_CHILD)
        .where(
            children_seen(scope),
            sa.or_(
                Child.id.in_([c.id for c in these]),
                sa.and_(
                    Child.sibling_group.in_(groups),
                    children_seen(scope, What.CASES, What.CHANGE),
                ),
            ),
        )
        .order_by(Child.born.is_(None), Child.born, Child.id)
    )
    return [CaseChildRow(*row) for row in rows]


def open_draft(
    scope: Scope, child_id: int, procedure_code: str, body_code: str, form_code: str
) -> str | None:
    """The public id of the asker's own unfinished referral of a child, where there is one."""
    query = (
        sa.select(PanelCase.public_id)
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.referrer_id == scope.account_id,
            PanelCase.procedure_code == procedure_code,
            PanelCase.body_code == body_code,
            PanelCase.form_code == form_code,
            PanelCase.state.in_(EDITABLE),
            CaseChild.child_id == child_id,
        )
        .order_by(PanelCase.id.desc())
    )
    return db.session.execute(query).scalar()


def under_way(scope: Scope, child_id: int, procedure_code: str, body_code: str) -> list[OpenCase]:
    """The cases of a child, whom the asker sees, that go to a body and are not heard yet."""
    rows = db.session.execute(
        sa.select(
            PanelCase.public_id,
            PanelCase.state,
            sa.func.coalesce(Account.name, ""),
            Meeting.held_on,
        )
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(
            cases_seen(scope),
            PanelCase.procedure_code == procedure_code,
            PanelCase.body_code == body_code,
            PanelCase.state.in_(UNDER_WAY),
            CaseChild.child_id == child_id,
        )
        .order_by(PanelCase.id)
    )
    return [OpenCase(public_id, CaseState(state), who, on) for public_id, state, who, on in rows]


def meetings_to_choose(
    scope: Scope, procedure_code: str, body_code: str, *, most: int = 40
) -> list[MeetingChoice]:
    """The meetings of a body from today on that are not closed or cancelled, soonest first."""
    rows = db.session.execute(
        sa.select(Meeting.id, Meeting.public_id, Meeting.held_on, Meeting.starts_at)
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.procedure_code == procedure_code,
            Meeting.body_code == body_code,
            Meeting.held_on >= scope.on,
            Meeting.state.not_in(OVER),
        )
        .order_by(Meeting.held_on)
        .limit(most)
    )
    return [MeetingChoice(*row) for row in rows]


def children_by_case(scope: Scope, case_ids: list[int]) -> dict[int, list[CaseChildRow]]:
    """The children of cases whom the asker sees, eldest first, by the case's id."""
    if not case_ids:
        return {}
    rows = db.session.execute(
        sa.select(CaseChild.case_id, *_CHILD, CaseChild.withdrawn_at, CaseChild.withdrawn_why)
        .join(Child, Child.id == CaseChild.child_id)
        .where(CaseChild.case_id.in_(case_ids), children_seen(scope))
        .order_by(Child.born.is_(None), Child.born, Child.id)
    )
    found: dict[int, list[CaseChildRow]] = {}
    for case_id, *child in rows:
        found.setdefault(case_id, []).append(CaseChildRow(*child))
    return found

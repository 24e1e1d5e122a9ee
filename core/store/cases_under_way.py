"""The cases of children that wait for somebody: drafts, referrals, and those on an agenda."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.case import UNDER_WAY
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Booking, CaseChild, Meeting, PanelCase


@dataclass(frozen=True, slots=True)
class CaseUnderWay:
    """A case under way; ``coming`` is the day on which it is on an agenda, or the one asked for."""

    public_id: str
    state: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    referrer: str
    coming: date | None


def under_way(scope: Scope, child_ids: Collection[int]) -> dict[int, list[CaseUnderWay]]:
    """The cases under way of some children that the asker sees, by child: two queries at most.

    A child who was withdrawn from a case has none of it any more. Few children have one: what is
    seen is asked of those few.
    """
    of_child = (
        CaseChild.authority_id == scope.authority_id,
        CaseChild.child_id.in_(sorted(child_ids)),
        CaseChild.withdrawn_at.is_(None),
    )
    ids = _under_way(of_child) if child_ids else []
    if not ids:
        return {}
    asked_for, booked = aliased(Meeting), aliased(Meeting)
    on_agenda = (
        sa.select(sa.func.min(booked.held_on))
        .join(Booking, Booking.meeting_id == booked.id)
        .where(Booking.case_id == PanelCase.id, Booking.state == "booked")
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            CaseChild.child_id,
            PanelCase.public_id,
            PanelCase.state,
            PanelCase.procedure_code,
            PanelCase.procedure_edition,
            PanelCase.body_code,
            sa.func.coalesce(Account.name, ""),
            sa.func.coalesce(on_agenda, asked_for.held_on),
        )
        .join(PanelCase, PanelCase.id == CaseChild.case_id)
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(asked_for, asked_for.id == PanelCase.meeting_id)
        .where(
            *of_child,
            PanelCase.id.in_(ids),
            cases_seen(scope),
        )
        .order_by(PanelCase.opened_at.desc(), PanelCase.id.desc())
    )
    found: dict[int, list[CaseUnderWay]] = {}
    case: Any
    for child_id, *case in rows:
        found.setdefault(child_id, []).append(CaseUnderWay(*case))
    return found


def _under_way(of_child: tuple[sa.ColumnElement[bool], ...]) -> list[int]:
    """The ids of their cases that are under way, seen or not."""
    query = (
        sa.select(PanelCase.id)
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .where(*of_child, PanelCase.state.in_(sorted(UNDER_WAY)))
        .distinct()
    )
    return list(db.session.scalars(query))

"""Which places of meetings name a child, as somebody typed them."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from core.domain.place_words import names, names_wholly, phrases
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Booking, CaseChild, Child, PanelCase

MOST_PHRASES = 5_000


def seen_to_name_a_child(scope: Scope, place: str, meeting_id: int = 0) -> bool:
    """Whether a place that somebody types names a child whom they see: two queries.

    Of any other child nothing is said: it would tell that the authority has a record of that name.
    """
    return bool(naming_a_child(scope, {meeting_id: place}, children_seen(scope)))


def naming_a_child(
    scope: Scope, places: Mapping[int, str], of: sa.ColumnElement[bool] | None = None
) -> set[int]:
    """The meetings, of these with their places, of which the place names a child: two queries.

    A child of a case that is on the agenda, or asks for the meeting, by any part of a name; any
    other of the authority by given and family name together, since "Hall" and "Park" are places.
    ``of``: these children alone.
    """
    whose = sa.true() if of is None else of
    typed = {meeting_id: place for meeting_id, place in places.items() if place}
    if not typed:
        return set()
    on_agenda = sa.select(Booking.meeting_id, Booking.case_id).where(
        Booking.authority_id == scope.authority_id, Booking.meeting_id.in_(list(typed))
    )
    asking = sa.select(PanelCase.meeting_id, PanelCase.id).where(
        PanelCase.authority_id == scope.authority_id, PanelCase.meeting_id.in_(list(typed))
    )
    there = sa.union(on_agenda, asking).subquery()
    rows = db.session.execute(
        sa.select(there.c.meeting_id, Child.given_name, Child.family_name)
        .join(CaseChild, CaseChild.case_id == there.c.case_id)
        .join(Child, Child.id == CaseChild.child_id)
        .where(CaseChild.authority_id == scope.authority_id, whose)
    )
    found = {row[0] for row in rows if names(typed[row[0]], row[1] or "", row[2] or "")}
    return found | _naming_anybody(scope, typed, whose)


def _naming_anybody(
    scope: Scope, typed: Mapping[int, str], whose: sa.ColumnElement[bool]
) -> set[int]:
    words = sorted({one for place in set(typed.values()) for one in phrases(place)})[:MOST_PHRASES]
    if not words:
        return set()
    rows = db.session.execute(
        sa.select(Child.given_name, Child.family_name).where(
            Child.authority_id == scope.authority_id,
            sa.func.lower(Child.given_name).in_(words),
            sa.func.lower(Child.family_name).in_(words),
            whose,
        )
    ).all()
    return {
        meeting_id
        for meeting_id, place in typed.items()
        if any(names_wholly(place, row[0] or "", row[1] or "") for row in rows)
    }

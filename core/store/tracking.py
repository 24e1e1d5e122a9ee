"""Plans as they are watched: the list of those that are tracked, and what suggests a meeting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.domain.naming import child_name
from core.domain.sight import Relation, What, ways
from core.domain.suggesting import Suggestion
from core.domain.tracking import Track
from core.store.agenda import AgendaChild
from core.store.database import db
from core.store.paging import Some, first, pages_of
from core.store.scope import Scope
from core.store.sight import children_seen, working_with
from core.store.tables import CareSummary, Child, PlanSuggestion, PlanTrack, RecordSummary, Team

PAGE = 50
MOST = 30
FACTS = tuple(field.name for field in fields(Track))


class Show(StrEnum):
    """Which plans are listed; the values stand in addresses."""

    TRACKED = "tracked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which plans are wanted; None and False mean any. ``page`` counts from 1."""

    show: Show = Show.TRACKED
    team_id: int | None = None
    section_20: bool = False
    differs: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A child of the list with their plan as lists show it, and how it is watched."""

    child_id: int
    public_id: str
    local_id: str
    name: str
    team: str
    plan: str
    plan_state: str
    contingencies: str
    track: Track

    def section_20(self, on: date) -> bool:
        return by_agreement(self.track, on)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and how many there are in all."""

    rows: tuple[TrackRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion with its child."""

    child: AgendaChild
    suggestion: Suggestion


def by_agreement(track: Track, on: date) -> bool:
    """Whether the child is accommodated under section 20 on a day."""
    since, until = track.section_20_on, track.section_20_until
    return since is not None and since <= on and (until is None or until > on)


def of_children(scope: Scope, child_ids: Collection[int]) -> dict[int, Track]:
    """How the plans of these children are watched, whom the caller has seen: one query."""
    if not child_ids:
        return {}
    rows = db.session.execute(
        sa.select(PlanTrack.child_id, *(getattr(PlanTrack, name) for name in FACTS)).where(
            PlanTrack.authority_id == scope.authority_id,
            PlanTrack.child_id.in_(sorted(child_ids)),
        )
    )
    return {child_id: Track(*facts) for child_id, *facts in rows}


def of_child(scope: Scope, child_id: int) -> Track:
    return of_children(scope, [child_id]).get(child_id, Track())


def under_section_20(scope: Scope, child_ids: Collection[int]) -> frozenset[int]:
    """Those of these children who are accommodated by agreement today: one query."""
    if not child_ids:
        return frozenset()
    track = PlanTrack
    query = sa.select(track.child_id).where(
        track.authority_id == scope.authority_id,
        track.child_id.in_(sorted(child_ids)),
        track.section_20_on <= scope.on,
        sa.or_(track.section_20_until.is_(None), track.section_20_until > scope.on),
    )
    return frozenset(db.session.scalars(query))


def suggested_of(scope: Scope, child_id: int) -> list[Suggestion]:
    """What suggests a further planning meeting of a child whom the caller has seen: one query."""
    rows = db.session.execute(
        _suggestions(PlanSuggestion.child_id == child_id)
        .where(PlanSuggestion.authority_id == scope.authority_id, PlanSuggestion.since <= scope.on)
        .order_by(PlanSuggestion.since, PlanSuggestion.key)
    )
    return [Suggestion(*row) for row in rows]


def suggested(scope: Scope) -> Some[Suggested]:
    """The same of the children with whom the asker works, the longest suggested first.

    One query, or two where there are more than are shown.
    """
    mine = [condition for _, condition in working_with(scope, What.PLAN)]
    if not mine:
        return Some()
    rows = first(
        _suggestions(sa.or_(*mine))
        .add_columns(
            Child.public_id, Child.given_name, Child.family_name, Child.local_id, Child.born
        )
        .join(Child, Child.id == PlanSuggestion.child_id)
        .where(PlanSuggestion.authority_id == scope.authority_id, PlanSuggestion.since <= scope.on)
        .order_by(PlanSuggestion.since, PlanSuggestion.child_id, PlanSuggestion.key),
        MOST,
    )
    found = []
    for *said, public_id, given, family, local_id, born in rows:
        child = AgendaChild(public_id, child_name(given, family, local_id), born)
        found.append(Suggested(child, Suggestion(*said)))
    return Some(found, rows.more)


def _suggestions(whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
    one = PlanSuggestion
    columns: list[Any] = [one.code, one.key, one.since, one.of, one.why]
    return sa.select(*columns).where(whose)


def mine(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the children whose plans the asker tracks: of their teams and services, or all."""
    if scope.everything or Relation.EVERY_CHILD in ways(scope.roles, What.PLAN):
        return children_seen(scope, What.PLAN)
    conditions = [condition for _, condition in working_with(scope, What.PLAN)]
    return sa.or_(sa.false(), *conditions)


def listed(scope: Scope, wanted: Wanted) -> Page:
    """A page of the plans that are tracked, the soonest asked for first, or of those that ended.

    Three queries at most, whatever their number.
    """
    on, track = scope.on, PlanTrack
    conditions: list[sa.ColumnElement[bool]] = [
        track.authority_id == scope.authority_id,
        Child.authority_id == scope.authority_id,
        Child.merged_into_id.is_(None),
        mine(scope),
    ]
    order: tuple[Any, ...] = (track.tracked_due, track.child_id)
    if wanted.show is Show.TRACKED:
        conditions.append(track.tracked_due.is_not(None))
        conditions.append(sa.or_(track.tracked_until.is_(None), track.tracked_until > on))
        conditions.append(sa.or_(track.secured_on.is_(None), track.secured_on > on))
    else:
        conditions.append(sa.or_(track.secured_on <= on, track.ceased_on <= on))
        conditions.append(sa.or_(track.met_on.is_not(None), track.tracked_on.is_not(None)))
        order = (sa.func.coalesce(track.secured_on, track.ceased_on).desc(), track.child_id)
    if wanted.team_id is not None:
        conditions.append(Child.team_id == wanted.team_id)
    if wanted.section_20:
        conditions.append(track.section_20_on <= on)
        conditions.append(sa.or_(track.section_20_until.is_(None), track.section_20_until > on))
    if wanted.differs:
        conditions.append(track.differs.is_(True))
    both = sa.select(sa.func.count()).select_from(track).join(Child, Child.id == track.child_id)
    total = db.session.execute(both.where(*conditions)).scalar_one()
    pages = pages_of(total, PAGE)
    number = min(wanted.page, pages)
    rows = _rows(conditions).order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
    found = tuple(_row(row) for row in db.session.execute(rows)) if total else ()
    return Page(found, total, number, pages)


def before_care(scope: Scope) -> Some[TrackRow]:
    """Children with whom planning began before care, and who are not looked after: 1 query or 2."""
    rows = first(
        _rows(
            [
                PlanTrack.authority_id == scope.authority_id,
                Child.merged_into_id.is_(None),
                PlanTrack.trigger == "pre-proceedings",
                PlanTrack.ceased_on.is_(None),
                ~sa.exists().where(
                    CareSummary.child_id == PlanTrack.child_id,
                    CareSummary.became_looked_after.is_not(None),
                ),
                mine(scope),
            ]
        ).order_by(PlanTrack.planning_on, PlanTrack.child_id),
        PAGE,
    )
    return Some((_row(row) for row in rows), rows.more)


def _rows(conditions: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    said = RecordSummary
    return (
        sa.select(
            PlanTrack.child_id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            sa.func.coalesce(Team.name, ""),
            sa.func.coalesce(said.plan, ""),
            sa.func.coalesce(said.plan_state, ""),
            sa.func.coalesce(said.contingencies, ""),
            *(getattr(PlanTrack, name) for name in FACTS),
        )
        .join(Child, Child.id == PlanTrack.child_id)
        .outerjoin(Team, sa.and_(Team.authority_id == Child.authority_id, Team.id == Child.team_id))
        .outerjoin(
            said,
            sa.and_(said.authority_id == Child.authority_id, said.child_id == Child.id),
        )
        .where(*conditions)
    )


def _row(row: Any) -> TrackRow:
    child_id, public_id, local_id, given, family, team, plan, state, spare, *facts = row
    return TrackRow(
        child_id,
        public_id,
        local_id,
        child_name(given, family, local_id),
        team,
        plan,
        state,
        spare,
        Track(*facts),
    )

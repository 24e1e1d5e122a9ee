"""Papers that wait for a signature, each with the meeting for which its case is booked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.meeting import OFF_AGENDA, OVER
from core.domain.paper import OTHER
from core.store.database import db
from core.store.paging import Some
from core.store.papers import papers_seen
from core.store.scope import Scope
from core.store.tables import Account, Booking, Meeting, Paper

#: So many are shown of those for which somebody answers, and named of those for one meeting.
MOST, NAMED = 50, 3


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A paper that nobody has signed; ``answers`` is who answers for it, "" for nobody.

    ``held_on`` is the day of the first meeting that is to hear its case, None where none is.
    """

    public_id: str
    title: str
    answers_id: int | None
    answers: str
    held_on: date | None


@dataclass(frozen=True, slots=True)
class ForMeeting:
    """The papers to be signed for one meeting: the first of them, and how many there are."""

    papers: tuple[Unsigned, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The papers for which the asker answers, and those of the meetings asked for, by its id."""

    own: Some[Unsigned]
    of_meetings: Mapping[int, ForMeeting]


def waiting(scope: Scope, meeting_ids: Collection[int]) -> Waiting:
    """What the asker, or a colleague for whom they stand in, answers for; and what these hear.

    A paper whose case is on the agendas of two meetings is of both. One query.
    """
    own: list[Unsigned] = []
    of_meetings: dict[int, list[Unsigned]] = {}
    counts: dict[int, int] = {}
    waits = 0
    for row in db.session.execute(_first(_numbered(scope, meeting_ids), meeting_ids)):
        paper = Unsigned(row.public_id, row.title, row.answers_id, row.answers, row.held_on)
        if row.is_own and row.place == 1:
            own.append(paper)
            waits = row.many
        if row.meeting_id in meeting_ids and row.place_at_meeting <= NAMED:
            of_meetings.setdefault(row.meeting_id, []).append(paper)
            counts[row.meeting_id] = row.at_meeting
    own.sort(key=lambda paper: paper.held_on or date.max)
    found = {of: ForMeeting(tuple(papers), counts[of]) for of, papers in of_meetings.items()}
    return Waiting(Some(own[:MOST], waits - len(own[:MOST])), found)


def _numbered(scope: Scope, meeting_ids: Collection[int]) -> sa.Subquery:
    """A row for each paper and meeting that is to hear it, with its place among those of each.

    ``place`` is that of the meeting among those of the paper.
    """
    answers = sa.select(Paper.id).where(Paper.answers_id.in_(scope.stands_for))
    heard = (
        sa.select(Paper.id)
        .join(Booking, Booking.case_id == Paper.case_id)
        .where(Booking.meeting_id.in_(meeting_ids))
    )
    by = (Meeting.held_on.is_(None), Meeting.held_on, Meeting.id)
    return (
        sa.select(
            Paper.id,
            Paper.public_id,
            Paper.title,
            Paper.answers_id,
            sa.func.coalesce(Account.name, "").label("answers"),
            Meeting.id.label("meeting_id"),
            Meeting.held_on,
            sa.case((Paper.answers_id.in_(scope.stands_for), 1), else_=0).label("is_own"),
            sa.func.row_number().over(partition_by=Paper.id, order_by=by).label("place"),
            sa.func.row_number()
            .over(partition_by=Meeting.id, order_by=Paper.id)
            .label("place_at_meeting"),
            sa.func.count().over(partition_by=Meeting.id).label("at_meeting"),
        )
        .outerjoin(Account, Account.id == Paper.answers_id)
        .outerjoin(
            Booking,
            sa.and_(Booking.case_id == Paper.case_id, Booking.state.not_in(OFF_AGENDA)),
        )
        .outerjoin(
            Meeting,
            sa.and_(
                Meeting.id == Booking.meeting_id,
                Meeting.state.not_in(OVER),
                Meeting.held_on >= scope.on,
            ),
        )
        .where(
            papers_seen(scope),
            Paper.id.in_(answers.union(heard) if meeting_ids else answers),
            Paper.kind != OTHER,
            Paper.signed_at.is_(None),
            Paper.taken_out_at.is_(None),
        )
        .group_by(
            Paper.id,
            Paper.public_id,
            Paper.title,
            Paper.answers_id,
            Account.name,
            Meeting.id,
            Meeting.held_on,
        )
        .subquery()
    )


def _first(all_of_them: sa.Subquery, meeting_ids: Collection[int]) -> sa.Select[Any]:
    """Those named for each meeting, then the asker's own by their first; ``many`` are these."""
    of = all_of_them.c
    own = sa.and_(of.is_own == 1, of.place == 1)
    named = sa.and_(of.meeting_id.in_(meeting_ids), of.place_at_meeting <= NAMED)
    whose, comes_first = sa.case((own, 1), else_=0), sa.case((named, 0), else_=1)
    many = sa.func.count().over(partition_by=whose).label("many")
    return (
        sa.select(all_of_them, many)
        .where(sa.or_(own, named))
        .order_by(comes_first, of.held_on.is_(None), of.held_on, of.id)
        .limit(MOST + NAMED * len(meeting_ids))
    )

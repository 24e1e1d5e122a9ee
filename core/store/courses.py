"""Everything dated of children, read for many at once: what their deadlines are worked out from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.care_days import Stretch, Told
from core.domain.child import ChildFacts
from core.domain.courses import CaseDates, ChildDates, Decided, Heard
from core.domain.dated import Dated, Origin
from core.domain.dates import london_day
from core.domain.meeting import BookingState, MeetingState
from core.domain.ssda903_codes import SAME_CARERS
from core.domain.typed_care import standing
from core.store import applied, authorities, care, record_summary
from core.store.database import db
from core.store.scope import Scope
from core.store.stated_care import KIND
from core.store.tables import (
    Booking,
    CareSummary,
    CaseChild,
    Child,
    Entry,
    EntryStatement,
    Episode,
    LegalStatus,
    Meeting,
    PanelCase,
    PeriodOfCare,
    Placement,
)


def dates_of(scope: Scope, child_ids: Collection[int]) -> dict[int, ChildDates]:
    """What is dated of some children, whoever asks: twelve queries, however many they are.

    A record that was merged into another has nothing of its own.
    """
    ids = sorted(child_ids)
    children = db.session.execute(
        sa.select(Child.id, Child.born, Child.birth_expected).where(
            Child.authority_id == scope.authority_id,
            Child.id.in_(ids),
            Child.merged_into_id.is_(None),
        )
    ).all()
    periods = _runs(scope, PeriodOfCare, PeriodOfCare.end_reason, ids, ~PeriodOfCare.short_breaks)
    statuses = _runs(scope, LegalStatus, LegalStatus.code, ids)
    placements = _runs(
        scope, Placement, Placement.code, ids, ~Placement.temporary, same_carers=_same_carers()
    )
    reviews = _reviews(scope, ids)
    decisions = _decisions(scope, ids)
    entries, origins = record_summary.standing_with_origins(scope, ids)
    heard = _heard(scope, ids)
    cases = _cases(scope, ids)
    told = Told(
        applied.years_applied(scope, "reviews"),
        applied.told_until(scope),
        applied.last_list(scope),
        authorities.kept_since(scope),
    )
    return {
        row.id: ChildDates(
            born=row.born,
            unborn=row.birth_expected,
            periods=tuple(periods.get(row.id, ())),
            statuses=tuple(statuses.get(row.id, ())),
            placements=tuple(placements.get(row.id, ())),
            reviews=reviews.get(row.id, ()),
            told=told,
            decisions=decisions.get(row.id, ()),
            entries=tuple(entries.get(row.id, ())),
            origins=origins,
            heard=tuple(heard.get(row.id, ())),
            cases=tuple(cases.get(row.id, ())),
        )
        for row in children
    }


def plans_of(scope: Scope, child_ids: Collection[int]) -> dict[int, ChildDates]:
    """The same, of what plans are held against alone, birth, care and record: five queries."""
    ids = sorted(child_ids)
    born = sa.select(Child.id, Child.born, Child.birth_expected).where(
        Child.authority_id == scope.authority_id, Child.id.in_(ids)
    )
    periods = _runs(scope, PeriodOfCare, PeriodOfCare.end_reason, ids, ~PeriodOfCare.short_breaks)
    statuses = _runs(scope, LegalStatus, LegalStatus.code, ids)
    entries = record_summary.standing(scope, ids)
    return {
        row.id: ChildDates(
            born=row.born,
            unborn=row.birth_expected,
            periods=tuple(periods.get(row.id, ())),
            statuses=tuple(statuses.get(row.id, ())),
            entries=tuple(entries.get(row.id, ())),
        )
        for row in db.session.execute(born)
    }


def _runs(
    scope: Scope,
    table: Any,
    code: Any,
    ids: list[int],
    *conditions: sa.ColumnElement[bool],
    same_carers: sa.ColumnElement[bool] | None = None,
) -> dict[int, list[Stretch]]:
    """Stretches of care, statuses or placements by child, in the order of their days: one query."""
    found: dict[int, list[Stretch]] = {}
    for child_id, said, start, known, end, same, file_id, line, by in db.session.execute(
        sa.select(
            table.child_id,
            code,
            table.start,
            table.start_known,
            table.end,
            sa.false() if same_carers is None else same_carers,
            table.import_file_id,
            table.import_line,
            table.typed_by,
        )
        .where(table.authority_id == scope.authority_id, table.child_id.in_(ids), *conditions)
        .order_by(table.child_id, table.start, table.id)
    ):
        origin = Origin(file_id, line, by)
        found.setdefault(child_id, []).append(Stretch(said, start, known, end, origin, bool(same)))
    return found


def _same_carers() -> sa.ColumnElement[bool]:
    """Whether the row with which a placement began says that the carers stayed the same."""
    return sa.exists().where(
        Episode.authority_id == Placement.authority_id,
        Episode.child_id == Placement.child_id,
        Episode.decom == Placement.start,
        Episode.place == Placement.code,
        Episode.import_file_id.is_not_distinct_from(Placement.import_file_id),
        Episode.import_line.is_not_distinct_from(Placement.import_line),
        Episode.rne.in_(SAME_CARERS),
        Episode.replaced_at.is_(None),
        ~Episode.void,
    )


def _reviews(scope: Scope, ids: list[int]) -> dict[int, tuple[Dated, ...]]:
    """The reviews in use, one a day, with the last that a list of children in care names."""
    by_day: dict[int, dict[Any, Dated]] = {}
    for child_id, on, origin in _listed(scope, ids):
        by_day.setdefault(child_id, {})[on] = Dated(on, origin=origin)
    for child_id, reviews in care.reviews_of(scope, ids).items():
        for review in standing(ChildFacts(child="", reviews=reviews)).reviews:
            by_day.setdefault(child_id, {})[review.on] = Dated(review.on, origin=_origin(review))
    return {
        child_id: tuple(events[on] for on in sorted(events)) for child_id, events in by_day.items()
    }


def _listed(scope: Scope, ids: list[int]) -> Iterable[tuple[int, date, Origin]]:
    """The last review of each child, with where it was first said by a list that is in use."""
    said = (
        sa.select(
            EntryStatement.child_id,
            EntryStatement.id,
            EntryStatement.value,
            EntryStatement.import_file_id,
            EntryStatement.import_line,
            EntryStatement.typed_by,
            EntryStatement.said_of,
        )
        .join(Entry, Entry.id == EntryStatement.entry_id)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(ids),
            EntryStatement.field == "latest_review_on",
            EntryStatement.replaced_at.is_(None),
            Entry.kind == KIND,
            Entry.taken_out_at.is_(None),
        )
        .subquery()
    )
    found: dict[tuple[int, date], Origin] = {}
    for child_id, on, value, *source in db.session.execute(
        sa.select(
            CareSummary.child_id,
            CareSummary.latest_review,
            said.c.value,
            said.c.import_file_id,
            said.c.import_line,
            said.c.typed_by,
            said.c.said_of,
        )
        .outerjoin(said, said.c.child_id == CareSummary.child_id)
        .where(
            CareSummary.authority_id == scope.authority_id,
            CareSummary.child_id.in_(ids),
            CareSummary.latest_review.is_not(None),
        )
        .order_by(CareSummary.child_id, said.c.id)
    ):
        origin = Origin(*source) if value == on.isoformat() else Origin()
        if found.get((child_id, on), Origin()) == Origin():
            found[child_id, on] = origin
    return [(child_id, on, origin) for (child_id, on), origin in found.items()]


def _decisions(scope: Scope, ids: list[int]) -> dict[int, tuple[Decided, ...]]:
    """The agency decisions for adoption in use, with when each was reversed."""
    return {
        child_id: tuple(
            Decided(one.decided, one.reversed_on, _origin(one))
            for one in standing(ChildFacts(child="", adoption_decisions=said)).adoption_decisions
        )
        for child_id, said in care.decisions_of(scope, ids).items()
    }


def _origin(row: Any) -> Origin:
    if row.source is not None:
        return Origin(int(row.source.file), row.source.line, said_of=row.said_of)
    return Origin(typed_by=row.typed.by if row.typed else None, said_of=row.said_of)


def _heard(scope: Scope, ids: Iterable[int]) -> dict[int, list[Heard]]:
    """The meetings at which the children's cases were heard, or for which they are booked.

    A child withdrawn from a case is none of those of whom it speaks from that day on.
    """
    found: dict[int, list[Heard]] = {}
    for child_id, withdrawn_at, body, on, state in db.session.execute(
        sa.select(
            CaseChild.child_id,
            CaseChild.withdrawn_at,
            Meeting.body_code,
            Meeting.held_on,
            Booking.state,
        )
        .join(Booking, Booking.case_id == CaseChild.case_id)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.child_id.in_(ids),
            Booking.state.in_((BookingState.HEARD, BookingState.BOOKED)),
        )
        .order_by(CaseChild.child_id, Meeting.held_on, Booking.id)
    ):
        if withdrawn_at is None or on < london_day(withdrawn_at):
            found.setdefault(child_id, []).append(Heard(body, on, state == BookingState.HEARD))
    return found


def _cases(scope: Scope, ids: Iterable[int]) -> dict[int, list[CaseDates]]:
    found: dict[int, list[CaseDates]] = {}
    for child_id, *dates in db.session.execute(
        sa.select(
            CaseChild.child_id,
            PanelCase.id,
            PanelCase.procedure_code,
            PanelCase.procedure_edition,
            PanelCase.opened_at,
            sa.case((Meeting.state == MeetingState.CANCELLED, None), else_=Meeting.held_on),
            sa.case(
                (PanelCase.state.in_(("draft", "returned")), None), else_=PanelCase.submitted_at
            ),
            sa.func.coalesce(CaseChild.withdrawn_at, PanelCase.withdrawn_at),
        )
        .join(PanelCase, PanelCase.id == CaseChild.case_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(CaseChild.authority_id == scope.authority_id, CaseChild.child_id.in_(ids))
        .order_by(CaseChild.child_id, PanelCase.id)
    ):
        found.setdefault(child_id, []).append(CaseDates(*dates))
    return found

"""Children's time in care: the rows of returns read back as facts, and what is derived stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.domain.care import NO_EPISODES, CareFacts, care_on
from core.domain.child import ChildFacts
from core.domain.episode import AdoptionDecision as DecisionFact
from core.domain.episode import AsylumStatus as AsylumFact
from core.domain.episode import Episode as EpisodeFact
from core.domain.episode import Review as ReviewFact
from core.domain.episode import RowSource, Typed
from core.domain.periods import all_periods, placement_spells, status_runs
from core.domain.stated_care import with_starts
from core.domain.typed_care import standing
from core.store import applied, bulk, deadline_marks, stated_care
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    AdoptionDecision,
    AsylumStatus,
    CareSummary,
    Child,
    Episode,
    IdentityFact,
    LegalStatus,
    PeriodOfCare,
    Placement,
    Review,
)

NO_EPISODES_SUMMARY: Mapping[str, Any] = MappingProxyType(
    {
        "status": NO_EPISODES,
        "became_looked_after_known": False,
        "legal_status": "",
        "placement": "",
        "base_placement": "",
        "flags": "",
    }
)
"""What the lists say of a child of whom no episode is known."""

PERIOD, LEGAL, PLACEMENT, SUMMARY = "period", "legal", "placement", "summary"
DERIVED: Mapping[str, type[Any]] = {
    PERIOD: PeriodOfCare,
    LEGAL: LegalStatus,
    PLACEMENT: Placement,
    SUMMARY: CareSummary,
}
BATCH = 2_000


def facts_of(
    scope: Scope, child_ids: Collection[int] | None = None, *, whole: bool = False
) -> Iterator[ChildFacts]:
    """Each child's facts as they stand, by local id; all children where none are named.

    Rows that a person corrected or said never happened are left out; ``whole`` keeps them, marked,
    for who changes the rows and then asks ``core.domain.typed_care.standing``. Records merged into
    another are left out. One query a table for each batch of children, whatever their number.
    """
    query = sa.select(Child.id, Child.local_id, Child.born).where(
        Child.authority_id == scope.authority_id, Child.merged_into_id.is_(None)
    )
    rows: list[sa.Row[Any]] = []
    if child_ids is None:
        rows += db.session.execute(query)
    else:
        for batch in batches(child_ids):
            rows += db.session.execute(query.where(Child.id.in_(batch)))
    # Sorted here, so that the order is the same whatever the database's collation.
    rows.sort(key=lambda row: row.local_id)
    listed_last = applied.last_list(scope) if rows else None
    for start in range(0, len(rows), BATCH):
        found = _batch(scope, rows[start : start + BATCH], listed_last)
        yield from found if whole else map(standing, found)


def reviews_of(scope: Scope, child_ids: Collection[int]) -> dict[int, tuple[ReviewFact, ...]]:
    """The reviews of some children as files and people state them, by child: one query."""
    rows = _by_child(scope, sorted(child_ids), Review, (Review.held_on, Review.code))
    return {
        child_id: tuple(ReviewFact(on, tuple(code.split()), *more) for on, code, *more in reviews)
        for child_id, reviews in rows.items()
    }


def decisions_of(scope: Scope, child_ids: Collection[int]) -> dict[int, tuple[DecisionFact, ...]]:
    """The agency decisions of some children as files and people state them: one query."""
    rows = _by_child(scope, sorted(child_ids), AdoptionDecision, DECISION)
    return {child_id: tuple(DecisionFact(*v) for v in said) for child_id, said in rows.items()}


def batches(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in order, so many at a time as one statement takes."""
    listed = sorted(ids)
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH]


def _batch(
    scope: Scope, rows: Collection[sa.Row[Any]], listed_last: date | None
) -> Iterator[ChildFacts]:
    ids = [row.id for row in rows]
    episodes = _by_child(scope, ids, Episode, EPISODE)
    reviews = _by_child(scope, ids, Review, (Review.held_on, Review.code))
    asylum = _by_child(scope, ids, AsylumStatus, (AsylumStatus.ceases,))
    decisions = _by_child(scope, ids, AdoptionDecision, DECISION)
    births = _births(scope, ids)
    stated = stated_care.stated_of(scope, ids)

    for row in rows:
        born = (row.born,) if row.born else ()
        yield ChildFacts(
            child=row.local_id,
            episodes=tuple(EpisodeFact(*values) for values in episodes.get(row.id, ())),
            reviews=tuple(
                ReviewFact(on, tuple(code.split()), *more)
                for on, code, *more in reviews.get(row.id, ())
            ),
            adoption_decisions=tuple(DecisionFact(*v) for v in decisions.get(row.id, ())),
            asylum=tuple(AsylumFact(*values) for values in asylum.get(row.id, ())),
            births=born + tuple(b for b in births.get(row.id, ()) if b not in born),
            in_header=True,
            stated=stated.get(row.id, ()),
            listed_last=listed_last,
        )


DECISION = (
    AdoptionDecision.decided_on,
    AdoptionDecision.ceased_on,
    AdoptionDecision.ceased_reason,
)
EPISODE = (
    Episode.decom,
    Episode.rne,
    Episode.ls,
    Episode.cin,
    Episode.place,
    Episode.place_provider,
    Episode.dec,
    Episode.rec,
    Episode.reason_place_change,
    Episode.home_post,
    Episode.pl_post,
    Episode.urn,
)


def _by_child(
    scope: Scope, ids: list[int], table: type[Any], columns: tuple[Any, ...]
) -> dict[int, list[tuple[Any, ...]]]:
    """By child, each row as the fact takes it: the columns, source, year, who typed it, of whom."""
    rows = db.session.execute(
        sa.select(
            table.child_id,
            *columns,
            table.import_file_id,
            table.import_line,
            table.year,
            table.typed_by,
            table.corrects,
            table.void,
            table.said_of,
        )
        .where(
            table.authority_id == scope.authority_id,
            table.child_id.in_(ids),
            table.replaced_at.is_(None),
        )
        .order_by(table.child_id, table.id)
    )
    return {
        key: [
            (
                *values,
                RowSource.of_file(file, line),
                year,
                None if file else Typed(by, corrects, void),
                said_of,
            )
            for _, *values, file, line, year, by, corrects, void, said_of in group
        ]
        for key, group in groupby(rows, itemgetter(0))
    }


def _births(scope: Scope, ids: list[int]) -> dict[int, list[date]]:
    rows = db.session.execute(
        sa.select(IdentityFact.child_id, IdentityFact.value)
        .where(
            IdentityFact.authority_id == scope.authority_id,
            IdentityFact.child_id.in_(ids),
            IdentityFact.field == "born",
            IdentityFact.value != "",
            IdentityFact.replaced_at.is_(None),
        )
        .order_by(IdentityFact.child_id, IdentityFact.year.desc(), IdentityFact.id)
    )
    found: dict[int, list[date]] = {}
    for child_id, value in rows:
        born = date.fromisoformat(value)
        if born not in found.setdefault(child_id, []):
            found[child_id].append(born)
    return found


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived of children, by what it is (``DERIVED``), each with its child's local id."""

    rows: dict[str, list[tuple[str, dict[str, Any]]]]

    def summaries(self) -> list[tuple[str, dict[str, Any]]]:
        return self.rows[SUMMARY]


def derive(children: Iterable[ChildFacts], on: date, years: Collection[int]) -> Derived:
    """Work out periods, legal statuses, placements and summaries; touches no database."""
    rows: dict[str, list[tuple[str, dict[str, Any]]]] = {name: [] for name in DERIVED}

    def origin(source: RowSource | None, by: int | None) -> dict[str, Any]:
        if source is None:
            return {"import_file_id": None, "import_line": None, "typed_by": by}
        return {"import_file_id": int(source.file), "import_line": source.line, "typed_by": None}

    for child in children:
        of_lists = zip(DERIVED, stated_care.derived_rows(child, on), strict=False)
        for name, values in of_lists:
            if values:
                rows[name].append((child.child, values))
        for period in with_starts(all_periods(child.episodes), child):
            first = period.start_source or period.episodes[0].source
            by = {row.decom: row.typed.by for row in period.episodes if row.typed}
            rows[PERIOD].append(
                (
                    child.child,
                    {
                        "start": period.start,
                        "start_known": period.start_known,
                        "end": period.end,
                        "end_reason": period.end_reason,
                        "short_breaks": period.short_breaks_only,
                        **origin(first, by.get(period.start)),
                    },
                )
            )
            for run in status_runs(period):
                values = {
                    "code": run.code,
                    "start": run.start,
                    "start_known": run.start_known,
                    "end": run.end,
                }
                rows[LEGAL].append(
                    (child.child, {**values, **origin(run.source, by.get(run.start))})
                )
            for spell in placement_spells(period):
                values = {
                    "code": spell.code,
                    "provider": spell.provider,
                    "start": spell.start,
                    "start_known": spell.start_known,
                    "end": spell.end,
                    "temporary": spell.temporary,
                }
                rows[PLACEMENT].append(
                    (child.child, {**values, **origin(spell.source, by.get(spell.start))})
                )
        rows[SUMMARY].append((child.child, _summary(care_on(child, on, years))))
    return Derived(rows)


def _summary(care: CareFacts) -> dict[str, Any]:
    return {
        "status": care.status,
        "became_looked_after": care.became_looked_after,
        "became_looked_after_known": care.became_looked_after_known,
        "ceased": care.ceased,
        "legal_status": care.legal_status or "",
        "legal_status_since": care.legal_status_since,
        "placement": care.placement or "",
        "base_placement": care.base_placement or "",
        "latest_review": care.latest_review,
        "flags": ";".join(care.flags)[:400],
    }


def put_derived(
    scope: Scope, derived: Derived, ids: Mapping[str, int], known: Collection[int]
) -> None:
    """Replace what is derived of these children, in the transaction under way.

    ``ids`` are by local id; only the ``known`` children can have anything to replace.
    """
    before = {ids[local] for local, _ in derived.summaries()}.intersection(known)
    deadline_marks.touched(scope, (ids[local] for local, _ in derived.summaries()))
    for name, rows in derived.rows.items():
        remove(scope, DERIVED[name], before)
        insert(scope, DERIVED[name], ids, rows)


def insert(
    scope: Scope,
    table: type[Any],
    ids: Mapping[str, int],
    rows: Iterable[tuple[str, Mapping[str, Any]]],
) -> None:
    """Add rows of children, by local id, in batches; all of one table have the same columns."""
    own = scope.authority_id
    keyed = (((own, ids[local]), row) for local, row in rows)
    bulk.insert(table, keyed, ("authority_id", "child_id"))


def remove(scope: Scope, table: type[Any], children: Collection[int], *also: Any) -> None:
    """Take away rows of children from a table, in batches, in the transaction under way."""
    for batch in batches(children):
        db.session.execute(
            sa.delete(table).where(
                table.authority_id == scope.authority_id, table.child_id.in_(batch), *also
            )
        )

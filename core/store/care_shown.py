"""One child's care over time, as it stands, for the child's page: what is derived, and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.store import care_rows
from core.store.care_rows import IN_USE, CareRow
from core.store.scope import Scope
from core.store.sources import SourceRow, sourced
from core.store.tables import LegalStatus, PeriodOfCare, Placement


@dataclass(frozen=True, slots=True)
class PeriodRow:
    start: date
    start_known: bool
    end: date | None
    end_reason: str
    short_breaks: bool
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class LegalStatusRow:
    code: str
    start: date
    start_known: bool
    end: date | None
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class PlacementRow:
    code: str
    provider: str
    start: date
    start_known: bool
    end: date | None
    temporary: bool
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class CareRecord:
    """A child's care over time, the latest first; ``differ`` counts rows on which files differ.

    ``has_episodes`` is whether episodes tell it; else lists of children in care do, if anything.
    """

    periods: tuple[PeriodRow, ...]
    legal_statuses: tuple[LegalStatusRow, ...]
    placements: tuple[PlacementRow, ...]
    reviews: tuple[CareRow, ...]
    asylum: tuple[CareRow, ...]
    adoption_decisions: tuple[CareRow, ...]
    differ: int = 0
    has_episodes: bool = False


def care(scope: Scope, child_id: int) -> CareRecord:
    """A child's care over time with the source of each fact: seven queries."""

    def rows(table: Any, kind: Any, *columns: Any) -> tuple[Any, ...]:
        order = (table.start.desc(), table.id.desc())
        found = sourced(scope, table, child_id, columns, order)
        return tuple(kind(*facts, source) for facts, source in found)

    stated = care_rows.every_kind(scope, child_id)
    standing = {
        kind: tuple(row for row in found if row.state == IN_USE) for kind, found in stated.items()
    }
    return CareRecord(
        periods=rows(
            PeriodOfCare,
            PeriodRow,
            PeriodOfCare.start,
            PeriodOfCare.start_known,
            PeriodOfCare.end,
            PeriodOfCare.end_reason,
            PeriodOfCare.short_breaks,
        ),
        legal_statuses=rows(
            LegalStatus,
            LegalStatusRow,
            LegalStatus.code,
            LegalStatus.start,
            LegalStatus.start_known,
            LegalStatus.end,
        ),
        placements=rows(
            Placement,
            PlacementRow,
            Placement.code,
            Placement.provider,
            Placement.start,
            Placement.start_known,
            Placement.end,
            Placement.temporary,
        ),
        reviews=standing["review"],
        asylum=standing["asylum"],
        adoption_decisions=standing["adoption-decision"],
        differ=care_rows.disagreements(stated),
        has_episodes=bool(standing["episode"]),
    )

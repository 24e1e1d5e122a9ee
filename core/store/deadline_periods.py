"""The periods of care of which deadlines are kept, told apart by their start, not their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from core.domain.spells import same_periods
from core.store import bulk
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import DeadlineEarlier, DeadlinePeriod

Starts = Mapping[int, date]
Place = tuple[int, date | None]


def follow(scope: Scope, ids: list[int], now: Mapping[int, Starts]) -> dict[tuple[int, int], Place]:
    """Keep how the periods of these children are numbered now, in the transaction under way.

    ``now`` are their starts by child and number. Gives for a child and a number that a period had
    before its number and start now; of one that is gone, its number negative and the start that it
    had. What is kept of earlier values goes with its period.
    """
    was = _kept(scope, ids)
    moved: list[tuple[int, date, date]] = []
    found: dict[tuple[int, int], Place] = {}
    for child_id in ids:
        before, after = was.get(child_id, {}), now.get(child_id, {})
        same = same_periods(before, after)
        for number, start in before.items():
            into = same.get(number)
            found[child_id, number] = (-number, start) if into is None else (into, after[into])
            if into is not None and after[into] != start:
                moved.append((child_id, start, after[into]))
    changed = [child_id for child_id in ids if was.get(child_id, {}) != now.get(child_id, {})]
    _keep(scope, [child_id for child_id in changed if child_id in was], changed, now)
    _with_their_periods(scope, moved)
    return found


def _kept(scope: Scope, ids: list[int]) -> dict[int, dict[int, date]]:
    found: dict[int, dict[int, date]] = {}
    row = DeadlinePeriod
    for child_id, spell, start in db.session.execute(
        sa.select(row.child_id, row.spell, row.start)
        .where(row.authority_id == scope.authority_id, row.child_id.in_(ids))
        .order_by(row.child_id, row.spell)
    ):
        found.setdefault(child_id, {})[spell] = start
    return found


def _keep(
    scope: Scope, there: list[int], changed: Iterable[int], now: Mapping[int, Starts]
) -> None:
    """Write the periods of the changed children, of whom some are ``there``."""
    for start in range(0, len(there), bulk.BATCH):
        batch = there[start : start + bulk.BATCH]
        db.session.execute(
            sa.delete(DeadlinePeriod).where(
                DeadlinePeriod.authority_id == scope.authority_id,
                DeadlinePeriod.child_id.in_(batch),
            )
        )
    rows = (
        {"child_id": child_id, "spell": spell, "start": begun}
        for child_id in changed
        for spell, begun in now.get(child_id, {}).items()
    )
    bulk.insert(DeadlinePeriod, (((scope.authority_id,), row) for row in rows), ("authority_id",))


def _with_their_periods(scope: Scope, moved: list[tuple[int, date, date]]) -> None:
    """Have the earlier values of periods follow their corrected starts.

    One may have moved to the day on which the next one began: that one moves first.
    """
    later = sorted((one for one in moved if one[2] > one[1]), reverse=True)
    for child_id, was, now in (*later, *sorted(one for one in moved if one[2] < one[1])):
        db.session.execute(
            sa.update(DeadlineEarlier)
            .where(
                DeadlineEarlier.authority_id == scope.authority_id,
                DeadlineEarlier.child_id == child_id,
                DeadlineEarlier.period == was,
            )
            .values(period=now)
        )

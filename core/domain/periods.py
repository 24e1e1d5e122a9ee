"""Episodes put in order and chained into periods of care, runs of legal status and placements.

The reading (SSDA903 reference, section 5): rows are sorted by DECOM, then DEC, an open row last.
A row joins the period before it only if it starts on the day the row before it ended and its
reason (RNE) is not S. So a gap, an overlap, a second open episode or an S each begin a new period;
overlaps are flagged 501, never repaired, and the row that starts last is read as the latest.
One thing is not of the reference: a row that a person typed carries on an open row before it,
which is read as over from that day. Who typed it saw the open row, and kept the change of care.
Periods are chained first; those wholly of short breaks are left out afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.domain.episode import Episode, RowSource


@dataclass(frozen=True, slots=True)
class PeriodOfCare:
    """One unbroken period; `start` is the earliest date in hand, known only if that row is S.

    A list can give a start that the rows lack: `start_source` is then where it stands.
    `end` None is open; `end_reason` is the REC of the last row ("" when open or not given).
    """

    start: date
    start_known: bool
    end: date | None
    end_reason: str
    short_breaks_only: bool
    mixed: bool
    episodes: tuple[Episode, ...]
    start_source: RowSource | None = None


@dataclass(frozen=True, slots=True)
class StatusRun:
    """An unbroken run of one legal status in a period; `end` is when it stopped, None if still so.

    `start_known` is False when the run opens a period whose own start is not known. `source` is
    where the row that began it was read.
    """

    code: str
    start: date
    start_known: bool
    end: date | None
    source: RowSource | None = None


@dataclass(frozen=True, slots=True)
class PlacementSpell:
    """Time in one placement: a row with RNE L and the same place, provider and URN continues it.

    `start_known` and `source` are as for a StatusRun; `temporary` is T0 to T4.
    """

    code: str
    provider: str
    start: date
    start_known: bool
    end: date | None
    temporary: bool
    source: RowSource | None = None


def _order(episode: Episode) -> tuple[date, date, int, str, int]:
    source = episode.source
    place = (source.file, source.line) if source else ("", 0)
    return (episode.decom, episode.dec or date.max, episode.dec is None, *place)


def in_hand(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """The rows to read, in order: for one DECOM the latest year's rows win, repeats count once."""
    rows = list(episodes)
    latest: dict[date, int] = {}
    for row in rows:
        latest[row.decom] = max(latest.get(row.decom, 0), row.year or 0)
    kept: dict[tuple[object, ...], Episode] = {}
    for row in sorted(rows, key=_order):
        if (row.year or 0) == latest[row.decom]:
            kept.setdefault(row.stated, row)
    return tuple(kept.values())


def as_at(episodes: Iterable[Episode], on: date) -> tuple[Episode, ...]:
    """The ordered rows as they stood at the end of `on`: later starts gone, later ends open."""
    return tuple(
        replace(row, dec=None, rec="") if row.dec is not None and row.dec > on else row
        for row in in_hand(episodes)
        if row.decom <= on
    )


def continues(row: Episode, before: Episode) -> bool:
    """Whether `row` carries on the period that holds `before`."""
    return row.decom == before.dec and row.rne != "S"


def _typed_after_open(row: Episode, before: Episode) -> bool:
    """Whether a typed row carries on one that nothing ended; short breaks are carried on alone."""
    return (
        row.typed is not None
        and row.rne != "S"
        and before.dec is None
        and before.decom < row.decom
        and before.is_short_break == row.is_short_break
    )


def all_periods(episodes: Iterable[Episode]) -> tuple[PeriodOfCare, ...]:
    """Every period, oldest first, short breaks among them."""
    chains: list[list[Episode]] = []
    for row in in_hand(episodes):
        if chains and continues(row, chains[-1][-1]):
            chains[-1].append(row)
        elif chains and _typed_after_open(row, chains[-1][-1]):
            chains[-1][-1] = replace(chains[-1][-1], dec=row.decom)
            chains[-1].append(row)
        else:
            chains.append([row])
    return tuple(_period(tuple(chain)) for chain in chains)


def _period(chain: tuple[Episode, ...]) -> PeriodOfCare:
    first, last = chain[0], chain[-1]
    short = [row.is_short_break for row in chain]
    return PeriodOfCare(
        start=first.decom,
        start_known=first.rne == "S",
        end=last.dec,
        end_reason=last.rec if last.dec is not None else "",
        short_breaks_only=all(short),
        mixed=any(short) and not all(short),
        episodes=chain,
    )


def status_runs(period: PeriodOfCare) -> tuple[StatusRun, ...]:
    """The period's legal statuses, oldest first, moves of placement not breaking a run."""
    runs: list[StatusRun] = []
    for row in period.episodes:
        if runs and runs[-1].code == row.ls:
            runs[-1] = replace(runs[-1], end=row.dec)
        else:
            known = _start_known(period, row) if not runs else True
            runs.append(StatusRun(row.ls, row.decom, known, row.dec, row.source))
    return tuple(runs)


def _start_known(period: PeriodOfCare, first: Episode) -> bool:
    """Whether what holds in the first row began with it: not where the period began before."""
    return period.start_known and period.start == first.decom


def placement_spells(period: PeriodOfCare) -> tuple[PlacementSpell, ...]:
    """The period's placements, oldest first, changes of legal status not breaking one."""
    spells: list[PlacementSpell] = []
    before: Episode | None = None
    for row in period.episodes:
        if before is not None and row.rne == "L" and _placed(row) == _placed(before):
            spells[-1] = replace(spells[-1], end=row.dec)
        else:
            known = _start_known(period, row) if before is None else True
            spells.append(
                PlacementSpell(
                    code=row.place,
                    provider=row.place_provider,
                    start=row.decom,
                    start_known=known,
                    end=row.dec,
                    temporary=row.is_temporary,
                    source=row.source,
                )
            )
        before = row
    return tuple(spells)


def _placed(row: Episode) -> tuple[str, str, str]:
    return (row.place, row.place_provider, row.urn)

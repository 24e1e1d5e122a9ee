"""Which of a child's periods of care is which, after one was added, taken out or corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

Pairs = tuple[tuple[int, int], ...]


def same_periods(was: Mapping[int, date], now: Mapping[int, date]) -> dict[int, int]:
    """The numbers that periods of care have now, by the numbers that they had.

    Both are starts by number, in the order of their days. A period with the same start is the same
    one, whatever its number. Between two of those, what is left over is the same period with a
    corrected start: in order, as many as can be, the nearest to each other where there are more of
    the one than of the other. A period that is gone is not among them.
    """
    starts = {start: number for number, start in now.items()}
    same = {number: starts[start] for number, start in was.items() if start in starts}
    found = dict(same)
    old, new = 0, 0
    for last_old, last_new in (*sorted(same.items()), (None, None)):
        olds = [n for n in sorted(was) if n > old and (last_old is None or n < last_old)]
        news = [n for n in sorted(now) if n > new and (last_new is None or n < last_new)]
        found |= dict(_nearest([(n, was[n]) for n in olds], [(n, now[n]) for n in news]))
        old, new = last_old or old, last_new or new
    return found


def _nearest(olds: Sequence[tuple[int, date]], news: Sequence[tuple[int, date]]) -> Pairs:
    """As many pairs as there can be, in order, with the fewest days between their starts."""

    @cache
    def best(old: int, new: int) -> tuple[int, int, Pairs]:
        """Without how many pairs, and with how many days between, from these on."""
        if old == len(olds) or new == len(news):
            return 0, 0, ()
        lacking, apart, pairs = best(old + 1, new + 1)
        days = abs((olds[old][1] - news[new][1]).days)
        paired = (lacking - 1, apart + days, ((olds[old][0], news[new][0]), *pairs))
        return min(paired, best(old + 1, new), best(old, new + 1))

    return best(0, 0)[2]

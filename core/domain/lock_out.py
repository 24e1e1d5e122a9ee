"""When tries that failed make the next ones wait, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """After ``most`` failures ``within`` a time comes a wait: the first, the next, the last."""

    most: int
    within: timedelta
    waits: tuple[timedelta, ...]


WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))
OF_AN_EMAIL = Patience(5, timedelta(minutes=15), WAITS)
#: Higher: everybody in one building may come from one address.
OF_AN_ADDRESS = Patience(50, timedelta(minutes=15), WAITS)


def waits_until(failures: Iterable[datetime], patience: Patience) -> datetime | None:
    """The end of the last wait that the failures of a day, in their order, made; None for none.

    It may have passed already.
    """
    until, waits, counted = None, 0, list[datetime]()
    for at in failures:
        counted = [before for before in counted if at - before < patience.within]
        counted.append(at)
        if len(counted) >= patience.most:
            until = at + patience.waits[min(waits, len(patience.waits) - 1)]
            waits, counted = waits + 1, []
    return until

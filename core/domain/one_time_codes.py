"""One-time codes: which period of thirty seconds a code is of, and whether it may be taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hmac import compare_digest

PERIOD = 30
BESIDE = 1
DIGITS = 6


def plain(code: str) -> str:
    """A code as it is compared: typed with spaces, it is the same."""
    return "".join(code.split())[:20]


def period_at(moment: datetime) -> int:
    """The number of the period that a moment (UTC without a zone) is in."""
    return int(moment.replace(tzinfo=UTC).timestamp()) // PERIOD


def period_of(
    code: str, code_of: Callable[[int], str], moment: datetime, used: str = ""
) -> int | None:
    """The period of a code among this one and those beside it; None where it is of none of them.

    ``moment`` is UTC without a zone; ``used`` is the last period of which one was taken: neither it
    nor one before it is taken again.
    """
    typed = plain(code)
    if not (typed.isascii() and typed.isdecimal() and len(typed) == DIGITS):
        return None
    now = period_at(moment)
    last = int(used) if used.isascii() and used.isdecimal() else 0
    for period in range(now - BESIDE, now + BESIDE + 1):
        if period > last and compare_digest(code_of(period), typed):
            return period
    return None


def was_used(code: str, code_of: Callable[[int], str], moment: datetime, used: str) -> bool:
    """Whether a code would be taken had it not been: it is that of the period taken last."""
    period = period_of(code, code_of, moment)
    return period is not None and str(period) == used

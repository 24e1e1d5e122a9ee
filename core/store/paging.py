"""Lists of which a page is shown at a time."""

from __future__ import annotations


def pages_of(total: int, size: int) -> int:
    """How many pages a list has: one, where there is nothing in it."""
    return max(1, -(-total // size))

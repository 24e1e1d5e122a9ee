"""Pieces of pages that come out the same for the same words: made once, and said again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from markupsafe import Markup

MOST = 512
"""So many are kept; then they are made anew. A list of 200 people takes 20 kB."""

_made: dict[tuple[Hashable, ...], Markup] = {}


def once(
    *of: Hashable | Sequence[Hashable], unless: object = None, caller: Callable[[], Markup]
) -> Markup:
    """What a call block makes, from what it is made ``of``: all of it, and nothing of a child.

    It is not kept ``unless`` is empty: what was typed wrong is said to one person once.
    """
    if unless:
        return caller()
    key = tuple(tuple(one) if isinstance(one, list) else one for one in of)
    found = _made.get(key)
    if found is None:
        if len(_made) >= MOST:
            _made.clear()
        found = _made[key] = caller()
    return found

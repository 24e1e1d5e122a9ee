"""Pieces of pages that come out the same for the same words: made once, and said again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from markupsafe import Markup

MOST = 512
MOST_CHARACTERS = 4_000_000
"""So many pieces, and so long together, are kept; then they are made anew."""

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
        found = caller()
        together = sum(map(len, list(_made.values()))) + len(found)
        if len(_made) >= MOST or together > MOST_CHARACTERS:
            _made.clear()
        _made[key] = found
    return found

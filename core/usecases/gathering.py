"""Many messages of one kind to one person at once go as one: nobody reads forty alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from core.store.outbox import Letter

MOST_APART = 5
"""So many of a kind go to one person each by itself; more go as one message: set here."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The letters to put into the outbox, and under which key each one goes that was asked for."""

    letters: list[Letter]
    keys: dict[str, str]


def gathered(
    letters: Iterable[tuple[Letter, Hashable]], words: Callable[[Letter, int], tuple[str, str]]
) -> Gathered:
    """Letters, each with what it has in common with others; ``words`` are those of so many as one.

    ``words`` gives subject and text from the first of them and how many they are; the path of each
    follows on a line of its own.
    """
    alike: dict[tuple[int, Hashable], list[Letter]] = {}
    for letter, common in letters:
        alike.setdefault((letter.account_id, common), []).append(letter)
    found = Gathered([], {})
    for some in alike.values():
        going = [_as_one(some, words)] if len(some) > MOST_APART else some
        found.letters.extend(going)
        for letter in some:
            found.keys[letter.key] = going[0].key if len(going) < len(some) else letter.key
    return found


def path_of(letter: Letter) -> str:
    """The path that a letter asks its reader to open, "" for none."""
    return next((line for line in letter.body.splitlines() if line.startswith("/")), "")


def _as_one(some: Sequence[Letter], words: Callable[[Letter, int], tuple[str, str]]) -> Letter:
    first = some[0]
    subject, text = words(first, len(some))
    paths = "\n".join(dict.fromkeys(map(path_of, some)))
    return replace(
        first,
        subject=subject[:200],
        body=f"{text.strip()}\n\n{paths}\n",
        not_before=max((one.not_before for one in some if one.not_before), default=None),
        case_id=None,
    )

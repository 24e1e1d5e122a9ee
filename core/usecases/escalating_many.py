"""Of many late actions a person hears in one message: the first of a day each, the rest as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.store import outbox
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases.gathering import MOST_APART, path_of

MANY = "escalations"
A_DAY = timedelta(hours=12)
"""What was put there so lately is of the same day's going through."""
WAITS = timedelta(minutes=10)
"""So long the one message waits for what other batches of the same day add to it."""
TEXT = "Actions are late, and nobody has said that they are done. Say of each what happens next:"


def few(scope: Scope, letters: Iterable[Letter], at: datetime) -> list[Letter]:
    """The letters that go each by itself, and one for the rest of each person's.

    One that waits already takes the rest, in the transaction under way: three queries, and one for
    each person of whom it does.
    """
    by_person: dict[int, list[Letter]] = {}
    for letter in letters:
        by_person.setdefault(letter.account_id, []).append(letter)
    if not by_person:
        return []
    kind = next(iter(by_person.values()))[0].kind
    lately = outbox.put_lately(scope, kind, by_person, at - A_DAY)
    there = outbox.still_waiting(scope, MANY)
    found: list[Letter] = []
    for account_id, some in by_person.items():
        apart = max(0, MOST_APART - lately.get(account_id, 0))
        found += some[:apart]
        if rest := some[apart:]:
            found += _rest(scope, rest, there.get(account_id), at)
    return found


def _rest(
    scope: Scope, rest: list[Letter], waits: tuple[int, str] | None, at: datetime
) -> list[Letter]:
    """One message for the rest; none where the one that waits has taken them."""
    before = [line for line in waits[1].splitlines() if line.startswith("/")] if waits else []
    subject, body = _words([*before, *map(path_of, rest)])
    if waits is not None and outbox.reword(scope, waits[0], subject, body):
        return []
    subject, body = _words([path_of(one) for one in rest])
    first = rest[0]
    key, goes = f"{MANY}/{first.key}", max(first.not_before or at, at + WAITS)
    return [replace(first, key=key, kind=MANY, subject=subject, body=body, not_before=goes)]


def _words(paths: Iterable[str]) -> tuple[str, str]:
    each = list(dict.fromkeys(paths))
    actions = "1 more action is late" if len(each) == 1 else f"{len(each)} more actions are late"
    return actions, f"{TEXT}\n\n" + "\n".join(each) + "\n"

"""Which allocations follow from the people whom files name with a child, beside those by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

Named = tuple[date, int | None]
"""The day for which a file names somebody, and their account where they have one."""


class Held(Protocol):
    """An allocation of one relation to one child; ``until`` is the day from which it is over."""

    @property
    def id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


H = TypeVar("H", bound=Held)


@dataclass(frozen=True, slots=True)
class Allocated:
    """What becomes of a child's allocations: ``new`` by account, from and until; the ids of those
    that end otherwise, with their ends, and of those that are gone."""

    new: list[tuple[int, date, date | None]] = field(default_factory=list)
    until: dict[int, date | None] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def by_hand(held: Iterable[H], named: Iterable[Named]) -> list[H]:
    """The allocations that no file gave: none names their account from their first day."""
    given = set(named)
    return [row for row in held if (row.since, row.account_id) not in given]


def stands(row: Held, on: date) -> bool:
    return row.since <= on and (row.until is None or row.until > on)


def given_nothing_new(
    named: Iterable[Named], held: Sequence[Held], shut_out: Collection[int]
) -> list[Named]:
    """Whom files name, and nobody in place of a suspended account but on days it is allocated.

    So somebody who is suspended keeps what a file gave them before, and is given no more.
    """
    return [
        (on, None)
        if account in shut_out
        and not any(row.account_id == account and stands(row, on) for row in held)
        else (on, account)
        for on, account in named
    ]


def allocate(
    before: Collection[Named],
    after: Collection[Named],
    held: Sequence[Held],
    made: Collection[int] = (),
) -> Allocated:
    """The allocations that files give by what they say now, set against those there are.

    ``before`` is what files said when the allocations were made. Those that people made stay as
    they are, and so does one that a person ended. While somebody whom a person allocated stands,
    nobody is allocated beside them by a file. ``made`` are ids of allocations that are known to be
    made by people, though a file names the same person from the same day.
    """
    found = Allocated()
    named = {*before, *after}
    days = {on for on, _ in named}
    hand = [row for row in held if row.id in made or (row.since, row.account_id) not in named]
    of_files = [row for row in held if row not in hand]
    closed = [row for row in of_files if row.until is not None and row.until not in days]
    rest = {(row.account_id, row.since): row for row in of_files if row not in closed}
    for account, since, until in _spans(after, closed):
        theirs = [row for row in hand if row.account_id == account]
        if (account, since) not in rest:
            free = (
                on
                for on, whom in sorted(after, key=lambda one: one[0])
                if whom == account
                and on >= since
                and (until is None or on < until)
                and not any(stands(row, on) for row in hand)
            )
            since = next(free, date.max)
        if since == date.max or any(stands(row, since) for row in theirs):
            continue
        later = [row.since for row in theirs if row.since > since]
        if later and (until is None or min(later) < until):
            until = min(later)
        row = rest.pop((account, since), None)
        if row is None:
            found.new.append((account, since, until))
        elif row.until != until:
            found.until[row.id] = until
    found.gone.extend(row.id for row in rest.values())
    return found


def _spans(
    after: Iterable[Named], closed: Iterable[Held]
) -> Iterable[tuple[int, date, date | None]]:
    """Who works with the child from which day until which: until a later file names others."""
    named: dict[date, set[int]] = {}
    for on, account in after:
        whom = named.setdefault(on, set())
        if account is not None:
            whom.add(account)
    over: dict[int, date] = {}
    for row in closed:
        if row.until is not None:
            over[row.account_id] = max(over.get(row.account_id, row.until), row.until)
    begun: dict[int, date] = {}
    for on in sorted(named):
        for account in sorted(begun.keys() - named[on]):
            yield account, begun.pop(account), on
        for account in named[on]:
            if account not in over or on >= over[account]:
                begun.setdefault(account, on)
    for account, since in sorted(begun.items()):
        yield account, since, None

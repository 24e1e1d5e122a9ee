"""Who asks, for which authority and on which day: the first argument of every store function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """Roles and posts are those held on the day ``on``.

    A post is (procedure, body, post), by their codes; the body of an office is "".
    ``covers`` are the colleagues for whom the asker stands in on that day: account and roles.
    ``moment`` is when the request came (UTC, no zone): a child opened for a reason is seen until
    some moment.
    ``account_id`` is None and ``everything`` true for the command line and the worker, which act
    for a whole authority; nobody who signs in has that.
    """

    authority_id: int
    on: date
    account_id: int | None = None
    name: str = ""
    grade: str = ""
    roles: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str, str]] = frozenset()
    everything: bool = False
    covers: tuple[tuple[int, frozenset[str]], ...] = ()
    moment: datetime | None = None

    @classmethod
    def of_authority(cls, authority_id: int, on: date) -> Scope:
        return cls(authority_id, on, everything=True)

    @property
    def stands_for(self) -> tuple[int, ...]:
        """The asker, then the colleagues for whom they stand in: what waits for these is theirs."""
        own = () if self.account_id is None else (self.account_id,)
        return (*own, *(account_id for account_id, _ in self.covers))

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def holds(self, procedure: str, body: str, *posts: str) -> bool:
        """Whether one of these posts of this body is held (of the offices, where it is "")."""
        return any((procedure, body, post) in self.posts for post in posts)

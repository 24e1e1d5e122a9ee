"""What administrators are reminded of among the posts: terms that end, and empty posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.domain.posts import CHAIR, followed_on, remind_on
from core.domain.procedure.membership import Post
from core.domain.staff import last_day
from core.store import posts
from core.store.posts import PostHeld
from core.usecases.posts import Posts


@dataclass(frozen=True, slots=True)
class TermEnds:
    """The term of somebody ends on a last day within its reminder, and nobody follows them."""

    there: Posts
    post: Post
    row: PostHeld
    last: date


@dataclass(frozen=True, slots=True)
class ToFill:
    """The posts of a body that nobody holds today; ``chair`` says that nobody may chair."""

    there: Posts
    posts: tuple[Post, ...]
    chair: bool

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(clause for post in self.posts for clause in post.clauses))


def terms_ending(found: Iterable[Posts]) -> Iterator[TermEnds]:
    """The terms of which today is to be reminded, with who holds them today or later: no query."""
    for there in found:
        everybody = posts.holdings(there.held)
        for row in there.held:
            one, last = row.holding, last_day(row.holding.until)
            post = there.post(one.post)
            if post is None or last is None or not one.on(there.on) or followed_on(one, everybody):
                continue
            if (row.remind_on or remind_on(one.since, last)) <= there.on:
                yield TermEnds(there, post, row, last)


def to_fill(found: Iterable[Posts]) -> Iterator[ToFill]:
    """Each body, or the offices of a procedure, with posts that nobody holds: no query."""
    for there in found:
        empty = there.empty
        if empty:
            chair = any(finding.code == CHAIR for finding in there.findings)
            yield ToFill(there, tuple(p for p in there.posts if p.title in empty), chair)

"""The posts of an authority on a day: those of each body that it follows, and the offices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.finding import Finding
from core.domain.posts import as_post, empty, findings, of_post
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.holding import on_day
from core.domain.procedure.membership import Post
from core.domain.procedure.winning import winning
from core.registry import Registry
from core.store import posts
from core.store.posts import PostHeld
from core.store.scope import Scope
from core.usecases import editions

OFFICES = "Offices"


class NoSuchPost(LookupError):
    """No procedure that the authority follows on that day has such a body or post."""


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts of a body of a procedure (its offices, where ``body`` is None) on a day.

    ``held`` are the holdings that were asked for: of the day, or earlier and coming ones too.
    """

    procedure: Procedure
    body: Body | None
    on: date
    held: tuple[PostHeld, ...] = ()

    @property
    def title(self) -> str:
        return OFFICES if self.body is None else self.body.title or self.procedure.title

    @property
    def code(self) -> str:
        """The body's code; "" for the offices."""
        return "" if self.body is None else self.body.code

    @property
    def posts(self) -> tuple[Post, ...]:
        return tuple(map(as_post, self.procedure.offices if self.body is None else self.body.posts))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is found in who holds them on the day."""
        holdings = posts.holdings(self.held)
        if self.body is not None:
            return findings(self.body, holdings, self.on)
        holding = on_day(holdings, self.on)
        return tuple(found for post in self.posts for found in of_post(post, holding, self.on))

    @property
    def empty(self) -> list[str]:
        """The titles of the posts that nobody holds on the day and somebody should."""
        return empty(self.posts, posts.holdings(self.held), self.on)

    def of(self, post: str) -> list[PostHeld]:
        """The holdings of one post, the earliest first."""
        return [row for row in self.held if row.holding.post == post]

    def now(self, post: str) -> list[PostHeld]:
        """Who holds one post on the day."""
        return [row for row in self.of(post) if row.holding.on(self.on)]

    def post(self, code: str) -> Post | None:
        return next((post for post in self.posts if post.code == code), None)


def there(scope: Scope, registry: Registry, on: date) -> list[Posts]:
    """The bodies with posts of every procedure followed on a day, each followed by its offices.

    Of two with one code that of the first procedure holds.
    """
    found: list[Posts] = []
    followed = editions.followed(scope, registry, on)
    held = {(won.procedure.code, won.rule.code) for won in winning(followed, Body)}
    for procedure in followed:
        bodies = (body for body in procedure.bodies if (procedure.code, body.code) in held)
        found += [Posts(procedure, body, on) for body in bodies if body.posts]
        found += [Posts(procedure, None, on)] if procedure.offices else []
    return found


def on_the_day(scope: Scope, registry: Registry, on: date) -> list[Posts]:
    """Them all with who holds them on a day: three queries."""
    return _with(there(scope, registry, on), posts.on_day(scope, on))


def from_today(scope: Scope, registry: Registry) -> list[Posts]:
    """Them all with who holds them today or later: three queries."""
    return _with(there(scope, registry, scope.on), posts.lasting(scope))


def _with(found: Iterable[Posts], rows: list[PostHeld]) -> list[Posts]:
    return [
        Posts(
            one.procedure,
            one.body,
            one.on,
            tuple(r for r in rows if (r.procedure, r.body) == (one.procedure.code, one.code)),
        )
        for one in found
    ]


def of_body(scope: Scope, registry: Registry, procedure: str, body: str, on: date) -> Posts:
    """The posts of a body (the offices, where it is "") with everybody who ever held them.

    Raises ``NoSuchPost``. Three queries.
    """
    for one in there(scope, registry, on):
        if (one.procedure.code, one.code) == (procedure, body):
            held = tuple(posts.of_body(scope, procedure, body))
            return Posts(one.procedure, one.body, on, held)
    raise NoSuchPost


@dataclass(frozen=True, slots=True)
class Titled:
    """A post in words: its title, and the body whose it is."""

    title: str
    of: str


def titles(scope: Scope, registry: Registry) -> dict[tuple[str, ...], Titled]:
    """Every post followed today in words, by procedure, body ("" for an office) and post."""
    return {
        (one.procedure.code, one.code, post.code): Titled(post.title, one.title)
        for one in there(scope, registry, scope.on)
        for post in one.posts
    }

"""What of the posts needs the administrator: terms that end soon, and posts that nobody holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for

from core.domain.dates import day
from core.store.scope import Scope
from core.usecases import posts, reminders
from core.usecases.reminders import TermEnds, ToFill
from core.web import asker
from core.web.access import ACCESS
from core.web.needs import Need
from core.web.posts import OFFICES

NAMED = 3


def needs(scope: Scope) -> Iterator[Need]:
    """Terms that end within their reminder, then the empty posts of each body: three queries."""
    if not ACCESS["posts.fill"].allows(scope.roles):
        return
    found = posts.from_today(scope, asker.registry())
    yield from map(_term, reminders.terms_ending(found))
    yield from map(_empty, reminders.to_fill(found))


def _term(ending: TermEnds) -> Need:
    there, post, name = ending.there, ending.post, ending.row.holding.name
    return Need(
        ending.last,
        f"The term of {name} ends: {post.title}",
        f"{there.title}: from {day(ending.last + timedelta(days=1))} nobody holds the post",
        post.clauses,
        url_for(
            "posts.page",
            code=there.procedure.code,
            body_code=there.code or OFFICES,
            post_code=post.code,
        ),
        "Extend or replace",
    )


def _empty(to_fill: ToFill) -> Need:
    there, empty = to_fill.there, to_fill.posts
    of = f"the {there.title}" if there.body else f"the offices of {there.procedure.code}"
    what = f"Fill {len(empty)} empty posts of {of}"
    address = {"code": there.procedure.code, "body_code": there.code or OFFICES}
    if len(empty) == 1:
        what = f"Fill the empty post of {of}"
    titles = "; ".join(post.title for post in empty[:NAMED])
    more = f"; and {len(empty) - NAMED} more" if len(empty) > NAMED else ""
    chair = "Nobody who may chair holds a post. " if to_fill.chair else ""
    return Need(
        None,
        what,
        f"{chair}Nobody holds: {titles}{more}.",
        to_fill.clauses,
        url_for("posts.body", **address),  # type: ignore[arg-type]
        "Fill them" if len(empty) > 1 else "Fill it",
    )

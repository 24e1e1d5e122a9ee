"""Who holds the posts of a body on a day: what is filled and empty, and what the rules find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from core.domain.dates import day
from core.domain.finding import Finding, Strength
from core.domain.procedure.bodies import Body
from core.domain.procedure.holding import Holding, on_day
from core.domain.procedure.membership import Office, Post
from core.domain.staff import GRADES

#: How long before a term ends it is reminded of, unless another day is chosen.
REMINDED = timedelta(weeks=8)
TAKEN, GRADE, EMPTY, CHAIR = "post-taken", "post-grade", "post-empty", "post-chair"
SUSPENDED = "post-suspended"
VACANT = frozenset({EMPTY, CHAIR})


def grade_words(grades: Iterable[str]) -> str:
    """Grades in words: "Team manager or Service manager"; "" for none."""
    return " or ".join(GRADES.get(grade, grade) for grade in grades)


def standing(posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts that somebody holds from a day until a day, not those that a case brings."""
    return tuple(post for post in posts if not post.from_case)


def as_post(post: Post | Office) -> Post:
    """A post as it is, and an office as a post of no body."""
    if isinstance(post, Post):
        return post
    return Post(code=post.code, clauses=post.clauses, title=post.title, local=post.local)


def remind_on(since: date, last: date) -> date:
    """The day from which the end of a term is reminded of where no other is chosen."""
    return max(since, last - REMINDED)


def stamp(holdings: Iterable[object]) -> str:
    """What tells whether who holds a post has changed since it was looked at."""
    return sha256("\n".join(repr(one) for one in holdings).encode()).hexdigest()[:16]


def of_grade(post: Post, holding: Holding) -> Finding | None:
    """What a post says to the grade in which it is held: only grades that it names may hold it."""
    if not post.grades or holding.grade in post.grades:
        return None
    wanted = f"{post.title} is for the grade {grade_words(post.grades)}"
    if not holding.grade:
        message = f"{wanted}, and the grade of {holding.name} is not known"
        return Finding(message, GRADE, post.clauses, Strength.WARNS, "grade")
    message = f"{wanted}, and {holding.name} has the grade {grade_words([holding.grade])}"
    return Finding(message, GRADE, post.clauses, field="grade")


def of_post(post: Post | Office, holding: Sequence[Holding], on: date) -> tuple[Finding, ...]:
    """What is found in who holds one post, or an office, on a day: nobody, several, their grade."""
    mine = [one for one in holding if one.post == post.code]
    post = as_post(post)
    found: list[Finding] = []
    if not mine and not post.optional and not post.from_case:
        whose = "" if post.laid_down else ": not laid down by the procedure, set by the authority"
        message = f"Nobody holds {post.title} on {day(on)}{whose}"
        found.append(Finding(message, EMPTY, post.clauses, Strength.WARNS, "who"))
    if len(mine) > 1 and not post.several:
        names = " and ".join(one.name for one in mine)
        message = f"{names} hold {post.title} at once"
        found.append(Finding(message, TAKEN, post.clauses, field="who"))
    for one in mine:
        if one.suspended:
            message = f"{one.name} holds {post.title}, and their account is suspended"
            found.append(Finding(message, SUSPENDED, post.clauses, Strength.WARNS, "who"))
    return (*found, *(wrong for one in mine if (wrong := of_grade(post, one))))


def in_two_posts(body: Body, holding: Sequence[Holding]) -> tuple[Finding, ...]:
    """Who holds two posts of a body: at a meeting they sit in one of them."""
    held: dict[str, list[Holding]] = {}
    for one in holding:
        held.setdefault(one.person, []).append(one)
    found = []
    for mine in held.values():
        posts = [post for code in dict.fromkeys(h.post for h in mine) if (post := body.post(code))]
        if len(posts) > 1:
            titles = " and ".join(post.title for post in posts)
            message = f"{mine[0].name} holds two posts, {titles}, and sits in one at a meeting"
            clauses = tuple(dict.fromkeys(c for post in posts for c in post.clauses))
            found.append(Finding(message, "post-two", clauses, Strength.WARNS, "who"))
    return tuple(found)


def without_chair(body: Body, holding: Sequence[Holding], on: date) -> tuple[Finding, ...]:
    """That nobody holds a post which takes the chair, where nobody does."""
    chairing = [post for post in body.posts if post.chairs is not None]
    if any(post.from_case for post in chairing):
        return ()
    codes = {post.code for post in chairing}
    if any(one.post in codes for one in holding):
        return ()
    clauses = tuple(dict.fromkeys(clause for post in chairing for clause in post.clauses))
    message = f"Nobody who may chair holds a post on {day(on)}"
    if not chairing:
        message = "Nobody chairs: not laid down by the procedure, set by the authority"
    return (Finding(message, CHAIR, clauses, Strength.WARNS, "who"),)


def findings(body: Body, holdings: Iterable[Holding], on: date) -> tuple[Finding, ...]:
    """Everything that is found in who holds the posts of a body on a day, the chair first."""
    holding = on_day(holdings, on)
    posts = standing(body.posts)
    return (
        *without_chair(body, holding, on),
        *(finding for post in posts for finding in of_post(post, holding, on)),
        *in_two_posts(body, holding),
        *(found for rule in body.membership for found in rule.of_holders(body.posts, holding)),
    )


def newly_found(
    body: Body, before: Sequence[Holding], after: Sequence[Holding], since: date
) -> tuple[Finding, ...]:
    """What is found from a day on in who holds the posts ``after`` that is not found ``before``.

    That nobody holds a post is left out: it hinders nobody from changing who does.
    """
    told: dict[str, Finding] = {}
    days = {since} | {one.since for one in after if one.since > since}
    for on in sorted(days):
        known = {(one.code, one.message) for one in findings(body, before, on)}
        for one in findings(body, after, on):
            if one.code not in VACANT and (one.code, one.message) not in known:
                told.setdefault(one.message, one)
    return tuple(told.values())


def empty(posts: Iterable[Post | Office], holdings: Sequence[Holding], on: date) -> list[str]:
    """The titles of the posts that nobody holds on a day, but those that may stay empty."""
    held = {one.post for one in on_day(holdings, on)}
    return [
        post.title
        for post in map(as_post, posts)
        if post.code not in held and not post.optional and not post.from_case
    ]


def followed_on(holding: Holding, others: Iterable[Holding]) -> bool:
    """Whether somebody holds the post on the day on which this term has ended."""
    return holding.until is None or any(
        one.post == holding.post and one.on(holding.until) for one in others
    )


def ended(holding: Holding, until: date) -> Holding:
    """A holding that ends on a day; one that begins later never does."""
    return replace(holding, until=max(holding.since, until))


def by_post(holdings: Iterable[Holding]) -> Mapping[str, list[Holding]]:
    """The holdings of each post, in their order."""
    found: dict[str, list[Holding]] = {}
    for one in holdings:
        found.setdefault(one.post, []).append(one)
    return found

"""Filling a post: who holds it from when until when, changed and ended, as the procedure allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.posts import ended, remind_on, stamp
from core.domain.procedure.holding import Holding
from core.domain.procedure.membership import Post
from core.domain.readable import readable
from core.domain.staff import GRADES, day_after, held_findings, last_day
from core.registry import Registry
from core.store import audit, authorities, directory, posts
from core.store.database import writing
from core.store.directory import PersonOfStaff
from core.store.posts import PostHeld
from core.store.scope import Scope
from core.usecases.post_rules import Term, allowed, in_that_time, last_day_findings
from core.usecases.posts import NoSuchPost, Posts, of_body

_DAY = timedelta(days=1)


class PostMoved(Refused):
    """Somebody else changed who holds the post first."""

    def __init__(self, title: str) -> None:
        super().__init__(
            Finding(
                f"Somebody else changed who holds {title} while you were looking. This page now "
                "shows how it stands: check it, and send yours again if it is still wanted"
            )
        )


@dataclass(frozen=True, slots=True)
class Where:
    """A post as an address names it: procedure, body ("" for an office), post, and the page's day.

    ``seen`` is the stamp of who held it as the page showed it.
    """

    procedure: str
    body: str
    post: str
    on: date
    seen: str


def seen(held: list[PostHeld]) -> str:
    """The stamp of who holds, held and will hold a post."""
    return stamp(held)


@contextmanager
def _opened(scope: Scope, registry: Registry, where: Where) -> Iterator[tuple[Posts, Post]]:
    """One transaction in which nobody else changes the posts, which stand as they were seen."""
    with writing():
        authorities.lock(scope)
        there = of_body(scope, registry, where.procedure, where.body, where.on)
        post = there.post(where.post)
        if post is None or post.from_case:
            raise NoSuchPost
        if seen(there.of(post.code)) != where.seen:
            raise PostMoved(post.title)
        yield there, post


def fill(
    scope: Scope,
    registry: Registry,
    where: Where,
    who: str,
    since: date | None,
    term: Term,
    replaces: bool,
    at: datetime,
) -> None:
    """Have somebody (by their public id) hold a post from a first day on.

    With ``replaces`` whoever holds it on that day ends the day before. Findings are beside ``who``,
    ``since``, ``last``, ``remind``, ``grade``, ``service``, ``outside`` and ``why``; those that
    only warn are refused until ``term.confirmed``. Nobody gives a post to themself.
    """
    faults = held_findings(since, term.last, scope.on, ("since", "last"))
    with _opened(scope, registry, where) as (there, post):
        person = directory.person(scope, who) if who else None
        if person is None or not person.active:
            raise Refused(Finding("Choose who holds it", field="who"), *faults)
        if person.id == scope.account_id:
            message = "Another administrator must give you a post: nobody does so themself"
            raise Refused(Finding(message, field="who"))
        if since is None or faults:
            raise Refused(*faults)
        new = Holding(
            post.code,
            person.public_id,
            person.name,
            since,
            day_after(term.last),
            term.grade or person.grade,
            _service(scope, person, term),
            term.outside,
        )
        follows, faults = in_that_time(scope, post, there.of(post.code), new, replaces)
        ending = {row.id for row in follows}
        after = [
            ended(row.holding, since) if row.id in ending else row.holding for row in there.held
        ]
        why = allowed(there, post, person, term, [*after, new], new, since, faults)
        for row in follows:
            _end(scope, row, since, at)
        values = _kept(term, new)
        posts.add(scope, person.id, (there.procedure.code, there.code, post.code), since, **values)
        audit.changed(
            scope,
            at,
            "give post",
            "account",
            person.public_id,
            after={"what": _what(there, post), **_said(new, values["remind_on"])},
            why=why,
        )


def change(
    scope: Scope,
    registry: Registry,
    where: Where,
    row_id: int,
    since: date | None,
    term: Term,
    at: datetime,
) -> None:
    """Mend how somebody holds a post: first and last day, reminder, their grade and service.

    What has ended stays as it was. Findings are those of ``fill``.
    """
    with _opened(scope, registry, where) as (there, post):
        row = _lasting(scope, there, post, row_id)
        if row is None:
            raise Refused(Finding("This has ended, and stays as it was"))
        old = row.holding
        person = directory.person(scope, old.person)
        if person is None:
            raise NoSuchPost
        if person.id == scope.account_id:
            message = "Another administrator must change a post of yours: nobody does so themself"
            raise Refused(Finding(message))
        faults = last_day_findings(scope, term.last)
        if since != old.since:
            faults += held_findings(since, term.last, scope.on, ("since", "last"))
        if since is None:
            raise Refused(*faults)
        new = replace(
            old,
            since=since,
            until=None if term.last is None else max(since, term.last + _DAY),
            grade=term.grade or person.grade,
            service=_tidy(term.service),
            outside=term.outside,
        )
        others = [one for one in there.of(post.code) if one.id != row.id]
        faults += in_that_time(scope, post, others, new, False, begun=True)[1]
        after = [new if one.id == row.id else one.holding for one in there.held]
        asked_from = since if since < old.since else max(scope.on, since)
        why = allowed(there, post, person, term, after, new, asked_from, faults)
        values = _kept(term, new)
        posts.change(scope, row.id, since=since, **values)
        before = {"what": _what(there, post), **_said(old, row.remind_on)}
        after_words = {"what": _what(there, post), **_said(new, values["remind_on"])}
        audit.changed(
            scope,
            at,
            "change post",
            "account",
            old.person,
            before=before,
            after=after_words,
            why=why,
        )


def end(
    scope: Scope, registry: Registry, where: Where, row_id: int, last: date | None, at: datetime
) -> None:
    """Give a post that somebody holds a last day; one that has not begun by then never begins.

    It is reminded of as any term that ends then, or sooner where that was chosen.
    Findings are beside ``end-last``.
    """
    with _opened(scope, registry, where) as (there, post):
        row = _lasting(scope, there, post, row_id)
        if row is None:
            raise Refused(Finding("This has ended, and stays as it was"))
        faults = last_day_findings(scope, last)
        if last is None:
            faults.append(Finding("Enter the last day", field="last"))
        elif row.holding.until is not None and last + _DAY > row.holding.until:
            message = f"It ends on {day(row.holding.until - _DAY)} already: change the last day"
            faults.append(Finding(message, field="last"))
        if faults or last is None:
            raise Refused(*(replace(fault, field="end-last") for fault in faults))
        _end(scope, row, last + _DAY, at)


def _end(scope: Scope, row: PostHeld, until: date, at: datetime) -> None:
    since, before = row.holding.since, row.holding.until
    until = max(since, until)
    reminded = row.remind_on
    if until != before:
        by_term = remind_on(since, max(since, until - _DAY))
        reminded = by_term if reminded is None else min(reminded, by_term)
    posts.change(scope, row.id, until=until, remind_on=reminded)
    what = ", ".join(part for part in row.what if part)
    audit.changed(
        scope,
        at,
        "end post",
        "account",
        row.holding.person,
        before={"what": what, **_days(since, before), "reminder": _on(row.remind_on)},
        after={"what": what, **_days(since, until), "reminder": _on(reminded)},
    )


def _lasting(scope: Scope, there: Posts, post: Post, row_id: int) -> PostHeld | None:
    """A holding of the post that lasts today or begins later; None where it has ended.

    Raises ``NoSuchPost`` where the post has no such holding.
    """
    for row in there.of(post.code):
        if row.id == row_id:
            lasts = row.holding.shares_a_day(scope.on, None)
            return row if lasts else None
    raise NoSuchPost


def _kept(term: Term, new: Holding) -> dict[str, Any]:
    """The columns of a holding but who and since when."""
    last = last_day(new.until)
    return {
        "until": new.until,
        "remind_on": term.remind_on or (remind_on(new.since, last) if last else None),
        "grade": new.grade,
        "service": new.service,
        "outside": new.outside,
    }


def _service(scope: Scope, person: PersonOfStaff, term: Term) -> str:
    """The service as it was typed; else that in which they work today, where it is one."""
    if term.service or term.outside:
        return _tidy(term.service)
    now = {held.what[1] for held in directory.placings(scope, person.id) if held.now(scope.on)}
    return now.pop() if len(now) == 1 else ""


def _tidy(text: str) -> str:
    return " ".join(readable(text).split())


def _what(there: Posts, post: Post) -> str:
    return ", ".join(part for part in (there.procedure.code, there.code, post.code) if part)


def _days(since: date, until: date | None) -> dict[str, str]:
    last = last_day(until)
    return {"first day": str(since), "last day": str(last) if last else "none"}


def _said(held: Holding, reminded: date | None) -> dict[str, str]:
    """How a post is held, in the words of the audit."""
    return {
        **_days(held.since, held.until),
        "grade": GRADES.get(held.grade, held.grade) or "not known",
        "service": held.service or "not known",
        "comes from": "outside the authority" if held.outside else "the authority",
        "reminder": _on(reminded),
    }


def _on(reminded: date | None) -> str:
    return str(reminded) if reminded else "none"

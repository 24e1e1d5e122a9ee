"""Filling a post: who holds it from when until when, changed and ended, as the procedure allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.domain.dates import day
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.posts import (
    GRADE,
    TAKEN,
    ended,
    grade_words,
    newly_found,
    of_grade,
    remind_on,
    stamp,
)
from core.domain.procedure.holding import Holding
from core.domain.procedure.membership import Post
from core.domain.readable import readable
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.staff import GRADES, day_after, held_findings, last_day
from core.registry import Registry
from core.store import audit, authorities, directory, posts
from core.store.database import writing
from core.store.directory import PersonOfStaff
from core.store.posts import PostHeld
from core.store.scope import Scope
from core.usecases.posts import NoSuchPost, Posts, of_body

MOST_SERVICE = 200
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


@dataclass(frozen=True, slots=True)
class Term:
    """How a post is held: until which last day, reminded of from when, and as what.

    ``confirmed`` says that what was found and only warns was read; ``why`` is the reason for a
    grade that is not that of the account.
    """

    last: date | None = None
    remind_on: date | None = None
    grade: str = ""
    service: str = ""
    outside: bool = False
    confirmed: bool = False
    why: str = ""


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
        follows, faults = _in_that_time(scope, post, there.of(post.code), new, replaces)
        ending = {row.id for row in follows}
        after = [
            ended(row.holding, since) if row.id in ending else row.holding for row in there.held
        ]
        why = _allowed(there, post, person, term, [*after, new], new, since, faults)
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
    scope: Scope, registry: Registry, where: Where, row_id: int, term: Term, at: datetime
) -> None:
    """Change how somebody holds a post: its last day, its reminder, their grade and service.

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
        faults = _last_day(scope, term.last)
        new = replace(
            old,
            until=None if term.last is None else max(old.since, term.last + _DAY),
            grade=term.grade or person.grade,
            service=_tidy(term.service),
            outside=term.outside,
        )
        others = [one for one in there.of(post.code) if one.id != row.id]
        faults += _in_that_time(scope, post, others, new, False, begun=True)[1]
        after = [new if one.id == row.id else one.holding for one in there.held]
        why = _allowed(there, post, person, term, after, new, max(scope.on, new.since), faults)
        values = _kept(term, new)
        posts.change(scope, row.id, **values)
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

    Findings are beside ``end-last``.
    """
    with _opened(scope, registry, where) as (there, post):
        row = _lasting(scope, there, post, row_id)
        if row is None:
            raise Refused(Finding("This has ended, and stays as it was"))
        faults = _last_day(scope, last)
        if last is None:
            faults.append(Finding("Enter the last day", field="last"))
        elif row.holding.until is not None and last + _DAY > row.holding.until:
            message = f"It ends on {day(row.holding.until - _DAY)} already: change the last day"
            faults.append(Finding(message, field="last"))
        if faults or last is None:
            raise Refused(*(replace(fault, field="end-last") for fault in faults))
        _end(scope, row, last + _DAY, at)


def _end(scope: Scope, row: PostHeld, until: date, at: datetime) -> None:
    until = max(row.holding.since, until)
    posts.change(scope, row.id, until=until)
    what = ", ".join(part for part in row.what if part)
    audit.changed(
        scope,
        at,
        "end post",
        "account",
        row.holding.person,
        before={"what": what, **_days(row.holding.since, row.holding.until)},
        after={"what": what, **_days(row.holding.since, until)},
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


def _last_day(scope: Scope, last: date | None) -> list[Finding]:
    if last is None or last + _DAY >= scope.on:
        return []
    message = "The last day must be yesterday or later: what was held stays as it was"
    return [Finding(message, field="last")]


def _in_that_time(
    scope: Scope,
    post: Post,
    held: list[PostHeld],
    new: Holding,
    replaces: bool,
    *,
    begun: bool = False,
) -> tuple[list[PostHeld], list[Finding]]:
    """Whose holdings end for the new one, and what stands against it: past holdings stay."""
    follows: list[PostHeld] = []
    faults: list[Finding] = []
    for row in held:
        one = row.holding
        if not one.shares_a_day(new.since, new.until):
            continue
        if post.several and one.person != new.person:
            continue
        last = last_day(one.until)
        message = f"{one.name} holds {post.title} from {day(one.since)}"
        message += f" until {day(last)}" if last else ""
        if one.since >= new.since or begun:
            message += ": choose a last day before that, or end theirs first"
            faults.append(Finding(message, TAKEN, post.clauses, field="last"))
        elif new.since < scope.on:
            message += ": what was held stays as it was, so choose a later first day"
            faults.append(Finding(message, TAKEN, post.clauses, field="since"))
        elif not replaces:
            message += ". Tick that theirs ends the day before, or choose another time"
            faults.append(Finding(message, TAKEN, post.clauses, field="replaces"))
        else:
            follows.append(row)
    return follows, faults


def _allowed(
    there: Posts,
    post: Post,
    person: PersonOfStaff,
    term: Term,
    after: list[Holding],
    new: Holding,
    since: date,
    faults: list[Finding],
) -> str:
    """The reason for a grade that is not the account's own, "" where none is needed.

    Refused where something stands against it, and where what only warns was not confirmed.
    """
    found = list(faults)
    if term.grade and term.grade not in GRADES and term.grade != person.grade:
        found.append(Finding("Choose a grade from the list", field="grade"))
    if len(term.service) > MOST_SERVICE:
        message = f"The service must be {MOST_SERVICE} characters or fewer"
        found.append(Finding(message, field="service"))
    if term.remind_on is not None:
        found += _reminder(term.remind_on, new.since, term.last)
    if (wrong := of_grade(post, new)) is not None:
        found.append(replace(wrong, strength=Strength.BLOCKS))
    known = {finding.message for finding in found}
    if there.body is not None:
        before = posts.holdings(there.held)
        listed = newly_found(there.body, before, after, since)
        found += [one for one in listed if one.message not in known and one.code != TAKEN]
    why = ""
    if post.grades and new.grade in post.grades and person.grade not in post.grades:
        asked = f"Enter why they hold it as {grade_words([new.grade])}"
        if (fault := reason_fault(term.why, field="why", asked=asked)) is not None:
            found.append(replace(fault, code=GRADE, clauses=post.clauses))
        why = reason_as_kept(term.why)
    if blocking(found) or (found and not term.confirmed):
        raise Refused(*found)
    return why


def _reminder(on: date, since: date, last: date | None) -> list[Finding]:
    if last is None:
        return [Finding("Enter the last day, of which you are to be reminded", field="last")]
    if not since <= on <= last:
        message = "The reminder must be between the first and the last day"
        return [Finding(message, field="remind")]
    return []


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
        "reminder": str(reminded) if reminded else "none",
    }

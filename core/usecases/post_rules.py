"""What stands against somebody holding a post: other holders, the grade, the procedure's rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.dates import day
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.posts import GRADE, TAKEN, grade_words, newly_found, of_grade
from core.domain.procedure.holding import Holding
from core.domain.procedure.membership import Post
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.staff import GRADES, last_day
from core.store import posts
from core.store.directory import PersonOfStaff
from core.store.posts import PostHeld
from core.store.scope import Scope
from core.usecases.posts import Posts

MOST_SERVICE = 200
_DAY = timedelta(days=1)


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


def last_day_findings(scope: Scope, last: date | None) -> list[Finding]:
    """What stands against a last day: what was held in the past stays as it was."""
    if last is None or last + _DAY >= scope.on:
        return []
    message = "The last day must be yesterday or later: what was held stays as it was"
    return [Finding(message, field="last")]


def in_that_time(
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
        if one.since >= new.since:
            message += ": choose a last day before that, or end theirs first"
            faults.append(Finding(message, TAKEN, post.clauses, field="last"))
        elif begun:
            message += ": choose a first day after that" if last else ": end theirs first"
            faults.append(Finding(message, TAKEN, post.clauses, field="since"))
        elif new.since < scope.on:
            message += ": what was held stays as it was, so choose a later first day"
            faults.append(Finding(message, TAKEN, post.clauses, field="since"))
        elif not replaces:
            message += ". Tick that theirs ends the day before, or choose another time"
            faults.append(Finding(message, TAKEN, post.clauses, field="replaces"))
        else:
            follows.append(row)
    return follows, faults


def allowed(
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

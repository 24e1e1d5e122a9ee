"""What somebody holds from a day until a day: roles, where they work, posts; given and ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Refused, Strength
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.sight import ROLES
from core.domain.staff import GRADES, TITLES, day_after, held_findings, last_day
from core.registry import Registry
from core.store import audit, authorities, directory, posts, staff, teams
from core.store.database import writing
from core.store.directory import Held, PersonOfStaff
from core.store.posts import Holder
from core.store.scope import Scope
from core.usecases.people import administered, found, touch

KINDS = {"role": "role", "place": "place of work", "post": "post"}
_LISTS = {"role": directory.roles, "place": directory.placings, "post": directory.posts}
#: What a finding says of a post that can be given all the same, once that is confirmed.
TAKEN, GRADE = "post-taken", "post-grade"


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a body of an enabled procedure, or an office of it (its body is "")."""

    procedure: str
    body: str
    code: str
    title: str
    of: str
    grades: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.procedure}/{self.body}/{self.code}"

    @property
    def grade_words(self) -> str:
        """The grades in which it may be held, in words; "" where any will do."""
        return " or ".join(GRADES.get(grade, grade) for grade in self.grades)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was ticked with a post: end who holds it, and give it in another grade and why."""

    end_theirs: bool = False
    grade: bool = False
    why: str = ""


NOTHING_CONFIRMED = Confirmed()


def posts_there(scope: Scope, registry: Registry) -> list[Post]:
    """Every post of the bodies of the procedures enabled today, then every office."""
    listed: list[Post] = []
    for code, _since in authorities.enabled(scope):
        procedure = registry.edition(code, scope.on)
        if procedure is None:
            continue
        for body in procedure.bodies:
            of = body.title or procedure.title
            listed += [
                Post(code, body.code, post.code, post.title, of, post.grades, post.clauses)
                for post in body.posts
            ]
        listed += [
            Post(code, "", o.code, o.title, "Office", clauses=o.clauses) for o in procedure.offices
        ]
    return listed


def give(
    scope: Scope,
    registry: Registry,
    public_id: str,
    kind: str,
    what: str,
    since: date | None,
    last: date | None,
    seen: int,
    at: datetime,
    confirmed: Confirmed = NOTHING_CONFIRMED,
) -> None:
    """Give somebody a role, a place or a post, from a first day until a last one (None: no end).

    ``what`` is a role; "team 7" or "service 3"; or the key of a ``Post``. Findings are beside the
    fields ``<kind>``, ``<kind>-since`` and ``<kind>-last``; those that ``confirmed`` answers have
    the code ``TAKEN`` or ``GRADE``. Nobody widens what they may do themself: another must.
    """
    faults = held_findings(since, last, scope.on, (f"{kind}-since", f"{kind}-last"))
    until = day_after(last)
    with writing(), administered(scope):
        person = found(scope, public_id)
        if person.id == scope.account_id:
            message = (
                f"Another administrator must give you a {KINDS[kind]}: nobody does so themself"
            )
            raise Refused(Finding(message, field=kind))
        words = _known(scope, registry, kind, what)
        if words is None:
            message = f"Choose a {KINDS[kind]} from the list"
            faults.insert(0, Finding(message, field=kind))
        if faults or since is None or words is None:
            raise Refused(*faults)
        for held in _LISTS[kind](scope, person.id):
            if _same(held, words) and _share_a_day(held, since, until):
                message = f"{person.name} has this already in that time: end it first"
                raise Refused(Finding(message, field=kind))
        why = ""
        if kind == "post":
            why, faults = _of_grade(scope, registry, person, what, confirmed)
            holders = _holding(scope, words, since, until)
            if faults := faults + _taken(scope, holders, since, confirmed):
                raise Refused(*faults)
            _end_before(scope, holders, since, at)
        touch(scope, person, seen)
        _write(scope, person, kind, what, since, until)
        audit.changed(
            scope,
            at,
            f"give {kind}",
            "account",
            public_id,
            after=_said(words, since, last),
            why=why,
        )


def _of_grade(
    scope: Scope, registry: Registry, person: PersonOfStaff, what: str, confirmed: Confirmed
) -> tuple[str, list[Finding]]:
    """Why a post is given in another grade than it asks for, and what is to be confirmed."""
    post = next(post for post in posts_there(scope, registry) if post.key == what)
    if not post.grades or person.grade in post.grades:
        return "", []
    if not confirmed.grade:
        has = GRADES.get(person.grade, person.grade)
        clauses = [registry.clause(clause) for clause in post.clauses]
        told = "".join(f" {one[1].id}: {one[1].rule}" for one in clauses if one)
        message = (
            f"{post.title} is for the grade {post.grade_words}, and {person.name} has "
            f"{f'the grade {has}' if has else 'no grade'}.{told}"
        )
        return "", [Finding(message, GRADE, post.clauses, Strength.WARNS, "post")]
    asked = "Enter why they are given it in another grade"
    if wrong := reason_fault(confirmed.why, field="post-why", asked=asked):
        return "", [replace(wrong, code=GRADE)]
    return reason_as_kept(confirmed.why), []


def _holding(scope: Scope, what: tuple[str, ...], since: date, until: date | None) -> list[Holder]:
    """Who holds a post on some day of that time."""
    everybody = posts.holders(scope, *what)
    return [one for one in everybody if _share_a_day(one.held, since, until)]


def _taken(scope: Scope, holders: list[Holder], since: date, confirmed: Confirmed) -> list[Finding]:
    """What stands against giving a post that others hold: what was held in the past stays."""
    faults = []
    for one in holders:
        last = last_day(one.held.until)
        message = f"{one.name} holds this from {day(one.held.since)}"
        message += f" until {day(last)}" if last else ""
        if since < scope.on:
            faults.append(Finding(f"{message}: choose a later first day", field="post-since"))
        elif not confirmed.end_theirs:
            message += ". Tick “End theirs the day before”, or choose another time"
            faults.append(Finding(message, TAKEN, field="post"))
    return faults


def _end_before(scope: Scope, holders: list[Holder], since: date, at: datetime) -> None:
    for one in holders:
        holder = found(scope, one.public_id)
        touch(scope, holder, holder.version)
        staff.end(scope, holder.id, "post", one.held.id, since)
        audit.changed(
            scope,
            at,
            "end post",
            "account",
            one.public_id,
            before=_said(one.held.what, one.held.since, last_day(one.held.until)),
            after=_said(one.held.what, one.held.since, last_day(since)),
        )


def _known(scope: Scope, registry: Registry, kind: str, what: str) -> tuple[str, ...] | None:
    """What is to be given, as ``Held.what`` says it; None where there is no such thing."""
    if kind == "role":
        return (what,) if what in ROLES else None
    if kind == "post":
        for post in posts_there(scope, registry):
            if post.key == what:
                return (post.procedure, post.body, post.code)
        return None
    for service in teams.tree(scope):
        if what == f"service {service.id}":
            return ("", service.name)
        for team in service.teams:
            if what == f"team {team.id}":
                return (team.name, service.name)
    return None


def _same(held: Held, words: tuple[str, ...]) -> bool:
    return held.what == words


def _share_a_day(held: Held, since: date, until: date | None) -> bool:
    if held.until is not None and held.until <= held.since:
        return False
    begins_before = until is None or held.since < until
    return begins_before and (held.until is None or held.until > since)


def _write(
    scope: Scope, person: PersonOfStaff, kind: str, what: str, since: date, until: date | None
) -> None:
    if kind == "role":
        staff.give_role(scope, person.id, what, since, until)
    elif kind == "post":
        procedure, body, code = what.split("/")
        staff.hold_post(scope, person.id, procedure, body, code, since, until)
    else:
        of, _, number = what.partition(" ")
        if not teams.lock(scope, "team" if of == "team" else "service", int(number)):
            raise Refused(Finding("Somebody has just ended it: choose another", field=kind))
        team_id, service_id = (int(number), None) if of == "team" else (None, int(number))
        staff.place_in(scope, person.id, team_id, service_id, since, until)


def end(
    scope: Scope,
    public_id: str,
    kind: str,
    row_id: int | None,
    last: date | None,
    seen: int,
    at: datetime,
) -> None:
    """Give a role, a place or a post a last day; one that has not begun by then never begins.

    Findings are beside the fields ``end-<kind>`` and ``end-<kind>-last``.
    """
    faults = []
    with writing(), administered(scope):
        person = found(scope, public_id)
        lists = {held.id: held for held in _LISTS[kind](scope, person.id)}
        held = lists.get(row_id or 0)
        if held is None or not (held.now(scope.on) or held.to_come(scope.on)):
            faults.append(Finding(f"Choose the {KINDS[kind]} that ends", field=f"end-{kind}"))
        until = day_after(last)
        if until is None:
            faults.append(Finding("Enter the last day", field=f"end-{kind}-last"))
        elif until < scope.on:
            message = "The last day must be yesterday or later: what was held stays as it was"
            faults.append(Finding(message, field=f"end-{kind}-last"))
        if faults or held is None or until is None:
            raise Refused(*faults)
        touch(scope, person, seen)
        staff.end(scope, person.id, kind, held.id, until)
        audit.changed(
            scope,
            at,
            f"end {kind}",
            "account",
            public_id,
            before=_said(held.what, held.since, last_day(held.until)),
            after=_said(held.what, held.since, last),
        )


def end_all(
    scope: Scope, person: PersonOfStaff, until: date, why: str, at: datetime
) -> dict[str, int]:
    """End every role, place and post that lasts beyond a day, in the transaction under way.

    Gives how many of each kind; each stands in the history of the person, with why.
    """
    lists = {kind: of_person(scope, person.id) for kind, of_person in _LISTS.items()}
    ended = staff.end_everything(scope, person.id, until)
    for kind, ids in ended.items():
        for held in lists[kind]:
            if held.id in ids:
                audit.changed(
                    scope,
                    at,
                    f"end {kind}",
                    "account",
                    person.public_id,
                    before=_said(held.what, held.since, last_day(held.until)),
                    after=_said(held.what, held.since, last_day(until)),
                    why=why,
                )
    return {kind: len(ids) for kind, ids in ended.items()}


def _said(what: tuple[str, ...], since: date, last: date | None) -> dict[str, str]:
    words = TITLES.get(what[0], what[0]) if len(what) == 1 else ", ".join(w for w in what if w)
    return {"what": words, "first day": str(since), "last day": str(last) if last else "none"}

"""What somebody holds from a day until a day: roles, where they work, posts; given and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.finding import Finding, Refused
from core.domain.sight import ROLES
from core.domain.staff import TITLES, day_after, held_findings
from core.registry import Registry
from core.store import audit, authorities, directory, staff, teams
from core.store.database import writing
from core.store.directory import Held, PersonOfStaff
from core.store.scope import Scope
from core.store.tables import Service, Team
from core.usecases.people import administered, found, touch

KINDS = {"role": "role", "place": "place of work", "post": "post"}
_LISTS = {"role": directory.roles, "place": directory.placings, "post": directory.posts}


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a body of an enabled procedure, or an office of it (its body is "")."""

    procedure: str
    body: str
    code: str
    title: str
    of: str

    @property
    def key(self) -> str:
        return f"{self.procedure}/{self.body}/{self.code}"


def posts_there(scope: Scope, registry: Registry) -> list[Post]:
    """Every post of the bodies of the procedures enabled today, then every office."""
    listed: list[Post] = []
    for code, _since in authorities.enabled(scope):
        procedure = registry.edition(code, scope.on)
        if procedure is None:
            continue
        for body in procedure.bodies:
            of = body.title or procedure.title
            listed += [Post(code, body.code, post.code, post.title, of) for post in body.posts]
        listed += [Post(code, "", o.code, o.title, "Office") for o in procedure.offices]
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
) -> None:
    """Give somebody a role, a place or a post, from a first day until a last one (None: no end).

    ``what`` is a role; "team 7" or "service 3"; or the key of a ``Post``. Findings are beside the
    fields ``<kind>``, ``<kind>-since`` and ``<kind>-last``.
    """
    faults = held_findings(since, last, scope.on, (f"{kind}-since", f"{kind}-last"))
    until = day_after(last)
    with writing(), administered(scope):
        person = found(scope, public_id)
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
        touch(scope, person, seen)
        _write(scope, person, kind, what, since, until)
        audit.changed(
            scope,
            at,
            f"give {kind}",
            "account",
            public_id,
            after=_said(words, since, last),
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
        table: type[Team] | type[Service] = Team if of == "team" else Service
        if not teams.lock(scope, table, int(number)):
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
        before_last = None if held.until is None else date.fromordinal(held.until.toordinal() - 1)
        audit.changed(
            scope,
            at,
            f"end {kind}",
            "account",
            public_id,
            before=_said(held.what, held.since, before_last),
            after=_said(held.what, held.since, last),
        )


def _said(what: tuple[str, ...], since: date, last: date | None) -> dict[str, str]:
    words = TITLES.get(what[0], what[0]) if len(what) == 1 else ", ".join(w for w in what if w)
    return {"what": words, "first day": str(since), "last day": str(last) if last else "none"}

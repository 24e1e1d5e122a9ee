"""What somebody holds from a day until a day: roles and where they work; given and ended."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.finding import Finding, Refused
from core.domain.sight import ROLES
from core.domain.staff import TITLES, day_after, held_findings, last_day
from core.store import audit, directory, staff, teams
from core.store.database import writing
from core.store.directory import Held, PersonOfStaff
from core.store.scope import Scope
from core.usecases.people import administered, found, touch

KINDS = {"role": "role", "place": "place of work"}
_LISTS = {"role": directory.roles, "place": directory.placings, "post": directory.posts}


def give(
    scope: Scope,
    public_id: str,
    kind: str,
    what: str,
    since: date | None,
    last: date | None,
    seen: int,
    at: datetime,
) -> None:
    """Give somebody a role or a place, from a first day until a last one (None: no end).

    ``what`` is a role, or "team 7" or "service 3". Findings are beside the fields ``<kind>``,
    ``<kind>-since`` and ``<kind>-last``. Nobody widens what they may do themself: another must.
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
        words = _known(scope, kind, what)
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


def _known(scope: Scope, kind: str, what: str) -> tuple[str, ...] | None:
    """What is to be given, as ``Held.what`` says it; None where there is no such thing."""
    if kind == "role":
        return (what,) if what in ROLES else None
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
    """Give a role or a place a last day; one that has not begun by then never begins.

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

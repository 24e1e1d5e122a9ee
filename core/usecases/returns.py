"""What an import changes of the record: worked out beforehand, with nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from core.domain.child import ChildFacts
from core.domain.episode import RowSource
from core.domain.stated_care import StatedCare, latest_first
from core.domain.typed_care import standing
from core.imports.reader import Found
from core.store import applied, care, record_prepared, returns
from core.store.care import Derived
from core.store.scope import Scope
from core.usecases import (
    stated_actions,
    stated_identity,
    stated_people,
    stated_record,
    stated_teams,
)
from core.usecases.care_changes import Change, care_changes, of_lists
from core.usecases.care_counted import care_counted
from core.usecases.stated_actions import Actions
from core.usecases.stated_identity import Identities, home
from core.usecases.stated_people import People
from core.usecases.stated_teams import Teams

ALIVE_EVERY = 500
ROWS = ("episodes", "reviews", "adoption_decisions", "asylum")
Alive = Callable[[], None]
Audited = tuple[str, str, dict[str, str], dict[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that applying an import writes; ``version`` is the record's that it rests on.

    ``known`` is by each local id that names a child; ``new`` gives the public ids of children to
    add, ``added`` the numbers below 0 that stand for their ids in ``stated``. ``audited`` is what
    core.store.audit.imported takes.
    """

    version: int
    as_at: date
    known: Mapping[str, returns.KnownChild]
    new: Mapping[str, str]
    identities: Identities
    people: People
    teams: Teams
    actions: Actions
    changes: tuple[Change, ...]
    derived: Derived
    stated: record_prepared.Prepared
    audited: tuple[Audited, ...]
    added: Mapping[str, int]


def prepare(
    scope: Scope,
    found: Found,
    file_ids: Mapping[str, int],
    as_at: date,
    alive: Alive = lambda: None,
) -> Prepared:
    """Work out what an import changes; reads the record, holds no lock and writes nothing.

    ``as_at`` is the day of which lists, case lists and trackers speak. ``alive`` is called now and
    then, so that whoever watches knows that the work goes on. The record's version is read first:
    what changes while this reads is noticed when it is applied.
    """
    version = returns.record_version(scope)
    known = returns.known_children(scope)
    named = dict.fromkeys(home(known, local) for local in found.children)
    identities = stated_identity.work_out(scope, found, known, as_at)
    alive()
    people = stated_people.work_out(scope, found, known, as_at, file_ids)
    teams = stated_teams.work_out(scope, found, known, identities)
    actions = stated_actions.work_out(scope, found, known, as_at, file_ids)
    alive()
    before = applied.years_applied(scope)
    years, year = set(before), found.returned.year
    if year is not None and "Episodes" in found.returned.tables:
        years.add(year)
    last = _last_list(scope, found, as_at)
    stored = _stored_facts(scope, found, known)
    facts = _facts_after(found, stored, known, file_ids, as_at, identities.births)
    there = {one.child for one in facts}
    if years and max(years) > max(before, default=0):
        facts += returns.open_children(scope, without=there)
    if stated_record.has_list_8(found) and last == as_at:
        without = there | {one.child for one in facts}
        facts += returns.open_children(scope, without=without, listed=True)
    facts = [replace(one, listed_last=last) for one in facts]
    derived = care.derive(_telling(facts, alive), scope.on, years)
    alive()
    before_care = returns.summaries(scope) if known else {}
    new = {local: returns.new_public_id() for local in named if local not in known}
    added = {local: number - len(new) for number, local in enumerate(new)}
    stated, of_record = stated_record.work_out(scope, found, as_at, known, added, file_ids, alive)
    of_care = care_changes(derived, before_care, known, found.returned, file_ids)
    changes = [
        *identities.changes,
        *of_care,
        *care_counted(stored, facts, {change.child for change in of_care}, file_ids),
        *of_lists(of_record, before_care, derived, known),
        *people.changes,
        *teams.changes,
        *actions.changes,
    ]
    return Prepared(
        version, as_at, known, new, identities, people, teams, actions, tuple(changes), derived,
        stated, _audited(known, new, changes), added,
    )  # fmt: skip


def _telling(things: Iterable[T], alive: Alive) -> Iterator[T]:
    for number, thing in enumerate(things):
        if number % ALIVE_EVERY == 0:
            alive()
        yield thing


def _audited(
    known: Mapping[str, returns.KnownChild], new: Mapping[str, str], changes: Iterable[Change]
) -> tuple[Audited, ...]:
    """What the audit keeps of each child who is added or changed."""
    changed: dict[str, tuple[dict[str, str], dict[str, str]]] = {local: ({}, {}) for local in new}
    for change in changes:
        if change.otherwise or change.beside:
            continue
        before, after = changed.setdefault(change.child, ({}, {}))
        name = change.name
        before[name], after[name] = change.before, change.after
    return tuple(
        (new[local], "add", {}, after)
        if local in new
        else (known[local].public_id, "change", before, after)
        for local, (before, after) in changed.items()
    )


def preview(prepared: Prepared) -> dict[str, Any]:
    """How many children an import adds, changes and leaves as they are, as plain data.

    ``otherwise``, where there are any, are facts that the files say otherwise than what stays.
    """
    otherwise = sum(change.otherwise for change in prepared.changes)
    touched = {
        change.child for change in prepared.changes if not (change.otherwise or change.beside)
    }
    named = set(prepared.identities.births) - prepared.new.keys()
    return {
        "new": len(prepared.new),
        "changed": len(touched - prepared.new.keys()),
        "unchanged": len(named - touched),
        **({"otherwise": otherwise} if otherwise else {}),
    }


def _last_list(scope: Scope, found: Found, as_at: date) -> date | None:
    """The day of the latest list of children in care, once this import is in."""
    before = applied.last_list(scope)
    if not stated_record.has_list_8(found):
        return before
    return as_at if before is None else max(before, as_at)


def _stored_facts(
    scope: Scope, found: Found, known: Mapping[str, returns.KnownChild]
) -> dict[str, ChildFacts]:
    """The facts that are in the record of the children whom the files name, with every row."""
    ids = {known[local].id for local in found.children if local in known}
    return {facts.child: facts for facts in care.facts_of(scope, ids, whole=True)}


def _facts_after(
    found: Found,
    stored: Mapping[str, ChildFacts],
    known: Mapping[str, returns.KnownChild],
    file_ids: Mapping[str, int],
    as_at: date,
    births: Mapping[str, tuple[date, ...]],
) -> list[ChildFacts]:
    """Each child's facts once the import is in: its rows in place of the same year's before."""
    returned = found.returned
    named = dict.fromkeys(home(known, local) for local in found.children)
    new: dict[str, list[tuple[str, ChildFacts]]] = {}
    for facts in returned.child_facts():
        local = home(known, facts.child)
        new.setdefault(local, []).append((facts.child if facts.child != local else "", facts))
    lists = stated_record.stated_cares(found, as_at, known, file_ids)
    after: list[ChildFacts] = []
    for local in named:
        old, said = stored.get(local, ChildFacts(local)), new.get(local, [])
        rows: dict[str, Any] = {
            name: _merged(
                getattr(old, name),
                {said_of: getattr(facts, name) for said_of, facts in said},
                returned.year,
                file_ids,
            )
            for name in ROWS
        }
        after.append(
            standing(
                ChildFacts(
                    child=local,
                    **rows,
                    births=births[local],
                    in_header=True,
                    stated=_stated(old.stated, lists.get(local, ())),
                )
            )
        )
    return after


def _merged(
    old: tuple[Any, ...],
    new: Mapping[str, tuple[Any, ...]],
    year: int | None,
    file_ids: Mapping[str, int],
) -> tuple[Any, ...]:
    """One kind of row, by the local id of which it is said, in place of the same year's before."""
    again = {said_of: rows for said_of, rows in new.items() if rows}
    kept = tuple(
        fact
        for fact in old
        if fact.year != year or fact.source is None or fact.said_of not in again
    )
    return kept + tuple(
        replace(
            fact,
            source=RowSource.of_file(file_ids[fact.source.file], fact.source.line),
            said_of=said_of,
        )
        for said_of, rows in again.items()
        for fact in rows
    )


def _stated(old: tuple[StatedCare, ...], new: Iterable[StatedCare]) -> tuple[StatedCare, ...]:
    """Care as lists state it: what a list says again of a day takes the place of what it said."""
    by_day = {(one.said_of, one.as_at, one.format): one for one in old}
    for one in new:
        key = (one.said_of, one.as_at, one.format)
        before = by_day.get(key)
        if before is not None:
            said = {f.name: getattr(one, f.name) for f in fields(one)}
            one = replace(before, **{name: value for name, value in said.items() if value})
        by_day[key] = one
    return latest_first(by_day.values())

"""What a return changes of the record: worked out beforehand, with nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from core.domain.child import ChildFacts
from core.domain.dates import day
from core.imports.ssda903 import ImportedChild, Return903
from core.store import care, imports, returns
from core.store.care import Derived
from core.store.scope import Scope

FIELDS = {"DOB": "born", "SEX": "sex", "ETHNIC": "ethnicity", "UPN": "upn"}
SHOWN = (
    "status",
    "became_looked_after",
    "ceased",
    "legal_status",
    "placement",
    "base_placement",
    "latest_review",
)
SHOWN_MOST = 100
ALIVE_EVERY = 500
Alive = Callable[[], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import changes of one child, with where the new value stands."""

    child: str
    field: str
    before: str
    after: str
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that applying a return writes; ``version`` is the record's that it rests on.

    ``known`` and ``identity`` are by local id; ``new`` gives the public ids of children to add;
    ``stated`` is what is stored of known children's identity for the same year, and stays.
    """

    version: int
    known: Mapping[str, returns.KnownChild]
    new: Mapping[str, str]
    identity: Mapping[str, dict[str, Any]]
    stated: frozenset[tuple[int, str, str]]
    changes: tuple[Change, ...]
    derived: Derived


def prepare(
    scope: Scope, found: Return903, file_ids: Mapping[str, int], alive: Alive = lambda: None
) -> Prepared:
    """Work out what a return changes; reads the record, holds no lock and writes nothing.

    ``alive`` is called now and then, so that whoever watches knows that the work goes on. The
    record's version is read first: what changes while this reads is noticed when it is applied.
    """
    version = returns.record_version(scope)
    known = returns.known_children(scope)
    stored = returns.identity_facts(
        scope, [known[local].id for local in found.children if local in known]
    )
    changes: list[Change] = []
    identity: dict[str, dict[str, Any]] = {}
    births: dict[str, tuple[date, ...]] = {}
    stated: set[tuple[int, str, str]] = set()
    for child in found.children.values():
        before = known.get(child.child)
        kept = _kept(child, found, stored.get(before.id, ())) if before else []
        if before is not None:
            stated.update((before.id, f.field, f.value) for f in kept if f.year == found.year)
        values = _identity(child, found.year, kept)
        identity[child.child] = values
        births[child.child] = _births(child, before, values, kept)
        changes += _identity_changes(child, before, values)
    applied = imports.years_applied(scope)
    years = set(applied)
    if found.year is not None and "Episodes" in found.tables:
        years.add(found.year)
    facts = _facts_after(scope, found, known, file_ids, births)
    if years and max(years) > max(applied, default=0):
        facts += returns.open_children(scope, without=set(found.children))
    derived = care.derive(_telling(facts, alive), scope.on, years)
    alive()
    changes += _care_changes(derived, returns.summaries(scope) if known else {}, known)
    new = {local: returns.new_public_id() for local in found.children if local not in known}
    return Prepared(version, known, new, identity, frozenset(stated), tuple(changes), derived)


def _telling(things: Iterable[T], alive: Alive) -> Iterator[T]:
    for number, thing in enumerate(things):
        if number % ALIVE_EVERY == 0:
            alive()
        yield thing


def _kept(
    child: ImportedChild, found: Return903, stored: Iterable[returns.StoredIdentity]
) -> list[returns.StoredIdentity]:
    """What is stored of a child's identity and stays: a Header replaces its own year's."""
    if replaces_identity(child, found):
        return [fact for fact in stored if fact.year != found.year]
    return list(stored)


def replaces_identity(child: ImportedChild, found: Return903) -> bool:
    return "Header" in found.tables and any(a.column in FIELDS for a in child.assertions)


def _births(
    child: ImportedChild,
    before: returns.KnownChild | None,
    values: Mapping[str, Any],
    kept: Iterable[returns.StoredIdentity],
) -> tuple[date, ...]:
    """Every date of birth stated, the one in use first, whatever order the years came in."""
    used = values.get("born", before.born if before else None)
    stated = [date.fromisoformat(fact.value) for fact in kept if fact.field == "born"]
    return tuple(dict.fromkeys([*([used] if used else []), *child.births, *stated]))


def preview(prepared: Prepared, found: Return903) -> dict[str, Any]:
    """What the preview page shows, as plain data: how many, and the changes themselves."""
    touched = {change.child for change in prepared.changes}
    return {
        "new": len(prepared.new),
        "changed": len(touched - prepared.new.keys()),
        "unchanged": len(found.children.keys() - touched - prepared.new.keys()),
        "changes": [
            [c.child, c.field, c.before, c.after, c.file, c.line]
            for c in prepared.changes
            if c.child in prepared.known
        ][:SHOWN_MOST],
        "changes_all": sum(c.child in prepared.known for c in prepared.changes),
    }


def _identity(
    child: ImportedChild, year: int | None, stored: Iterable[returns.StoredIdentity]
) -> dict[str, Any]:
    """The values in use: the latest collection year's, and of one year the first of Header.

    ``stored`` is what other returns state; of one year, what was stored first stands.
    """
    values: dict[str, Any] = {}
    for column, field in FIELDS.items():
        latest = max(
            (fact for fact in stored if fact.field == field),
            key=lambda fact: fact.year or 0,
            default=None,
        )
        stated = child.first(column)
        if stated is None and latest is None:
            continue
        if stated is None or (latest is not None and (latest.year or 0) >= (year or 0)):
            value: Any = latest.value if latest else ""
            values[field] = date.fromisoformat(value) if field == "born" else value
        else:
            values[field] = stated.value
    return values


def _identity_changes(
    child: ImportedChild, before: returns.KnownChild | None, values: Mapping[str, Any]
) -> list[Change]:
    if before is None:
        return []
    found: list[Change] = []
    for column, field in FIELDS.items():
        if field in values and getattr(before, field) != values[field]:
            stated = child.first(column)
            found.append(
                Change(
                    child.child,
                    field,
                    _words(getattr(before, field)),
                    _words(values[field]),
                    stated.source.file if stated else "",
                    stated.source.line if stated else None,
                )
            )
    return found


def _words(value: object) -> str:
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else str(value)


def _facts_after(
    scope: Scope,
    found: Return903,
    known: Mapping[str, returns.KnownChild],
    file_ids: Mapping[str, int],
    births: Mapping[str, tuple[date, ...]],
) -> list[ChildFacts]:
    """Each child's facts once the return is in: its rows in place of the same year's before."""
    stored = {
        facts.child: facts
        for facts in care.facts_of(
            scope, [known[local].id for local in found.children if local in known]
        )
    }
    after: list[ChildFacts] = []
    for new in found.child_facts():
        old = stored.get(new.child, ChildFacts(new.child))
        after.append(
            ChildFacts(
                child=new.child,
                episodes=_merged(old.episodes, new.episodes, found.year, file_ids),
                reviews=_merged(old.reviews, new.reviews, found.year, file_ids),
                adoption_decisions=_merged(
                    old.adoption_decisions, new.adoption_decisions, found.year, file_ids
                ),
                asylum=_merged(old.asylum, new.asylum, found.year, file_ids),
                births=births[new.child],
                in_header=True,
            )
        )
    return after


def _merged(
    old: tuple[Any, ...], new: tuple[Any, ...], year: int | None, file_ids: Mapping[str, int]
) -> tuple[Any, ...]:
    if not new:
        return old
    kept = tuple(fact for fact in old if fact.year != year or fact.source is None)
    return kept + tuple(
        replace(fact, source=care.source_of(file_ids[fact.source.file], fact.source.line))
        for fact in new
    )


def _care_changes(
    derived: Derived,
    before: Mapping[int, Mapping[str, Any]],
    known: Mapping[str, returns.KnownChild],
) -> list[Change]:
    found: list[Change] = []
    for local, after in derived.summaries():
        child = known.get(local)
        old = before.get(child.id, {}) if child else {}
        for field in SHOWN:
            if _words(old.get(field)) != _words(after[field]):
                found.append(Change(local, field, _words(old.get(field)), _words(after[field])))
    return found

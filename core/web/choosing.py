"""People to choose from in a list: by name, or by team, those who work with somebody first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from core.store import directory
from core.store.scope import Scope

NOWHERE = "No team"


class Somebody(Protocol):
    """Who can be chosen."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def job(self) -> str: ...


Group = dict[str, str | list[dict[str, str]]]


def by_name(people: Iterable[Somebody]) -> list[dict[str, str]]:
    """The items of a choice with name and job, in the order of their names."""
    ordered = sorted(people, key=lambda one: (one.name.casefold(), one.public_id))
    return [{"value": one.public_id, "text": _told(one)} for one in ordered]


def by_team(
    scope: Scope, people: Iterable[Somebody], beside: Sequence[int | None] = ()
) -> list[Group]:
    """The groups of a choice, a team (or service) each: a label, and items with name and job.

    The teams of the accounts ``beside`` come first, and who works in several is in theirs; those
    who work nowhere come last. One query.
    """
    places = directory.places_now(scope)
    first = list(dict.fromkeys(p for one in beside if one for p in places.get(one, ())))
    groups: dict[str, list[dict[str, str]]] = {}
    for person in people:
        here = places.get(person.id, [])
        place = next((p for p in first if p in here), here[0] if here else NOWHERE)
        groups.setdefault(place, []).append({"value": person.public_id, "text": _told(person)})
    order = {place: position for position, place in enumerate(first)}
    ordered = sorted(groups, key=lambda p: (p == NOWHERE, order.get(p, len(first)), p.casefold()))
    return [{"label": place, "people": groups[place]} for place in ordered]


def _told(person: Somebody) -> str:
    told = person.job or getattr(person, "email", "")
    return f"{person.name}, {told}" if told else person.name

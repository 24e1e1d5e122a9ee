"""Whether connected person care may be an option for a child on a day, and who was identified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.record.connected import CONNECTED_PERSON, NOBODY_IDENTIFIED
from core.domain.record.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Connected:
    """Everybody identified by a day, as it is recorded; ``ruled_out`` are those who were by then.

    It may be an option until everybody is ruled out, with the day and the reason; and while
    nobody has been identified, until it is recorded that nobody could be. ``nobody`` is the last
    search by then that found nobody.
    """

    people: tuple[Recorded, ...]
    ruled_out: frozenset[int]
    nobody: Recorded | None = None

    @property
    def may_be(self) -> bool:
        return bool(self.left) or (not self.people and self.nobody is None)

    @property
    def left(self) -> tuple[Recorded, ...]:
        """Those who are not ruled out."""
        return tuple(one for one in self.people if one.id not in self.ruled_out)


def connected_on(entries: Iterable[Recorded], on: date) -> Connected:
    """The connected persons of a child's record on a day, the first identified before the later."""
    there = [entry for entry in entries if entry.stands]
    people = [
        entry
        for entry in there
        if entry.kind == CONNECTED_PERSON.code and (entry.day("identified_on") or on) <= on
    ]
    people.sort(key=lambda entry: (entry.day("identified_on") or date.min, entry.id))
    out = frozenset(one.id for one in people if _out(one, on))
    searches = [
        (looked, entry.id, entry)
        for entry in there
        if entry.kind == NOBODY_IDENTIFIED.code
        and (looked := entry.day("looked_on")) is not None
        and looked <= on
    ]
    return Connected(tuple(people), out, max(searches)[2] if searches else None)


def _out(person: Recorded, on: date) -> bool:
    ruled = person.day("ruled_out_on")
    return ruled is not None and ruled <= on and bool(person.value("ruled_out_why").strip())

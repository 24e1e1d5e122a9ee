"""What several sources say of one thing: which is in use, which disagree, which came before.

What a person typed is used until a person takes it back; among files, the one of the latest as-at
day. What was said of a record that was merged into this one comes after all that was said of this
one itself. All are kept. A file that says otherwise than the value in use is a disagreement, shown
beside it; an older saying of the same kind of file is history.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

Source = tuple[str, str, str, date | None]
"""Who says something of what: the local id of which it is said ("" for the child's own), the
field, the kind of file, and the day for which it is said."""
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one field: an account (``by``), or a ``file`` at a ``line``.

    ``format`` is the kind of file ("" for what was typed), ``as_at`` the day for which it is said.
    ``replaced_at`` is set where the same source has said something else since. ``said_of`` is the
    local id of which it was said, where that record has been merged into the child's own; ``year``
    the collection year of a return.
    """

    id: int
    field: str
    value: str
    by: str = ""
    file: str = ""
    line: int | None = None
    format: str = ""
    as_at: date | None = None
    stated_at: datetime | None = None
    replaced_at: datetime | None = None
    why: str = ""
    said_of: str = ""
    year: int | None = None

    @property
    def typed(self) -> bool:
        return not self.format


@dataclass(frozen=True, slots=True)
class InUse:
    """The value of a field, with who said it, who says otherwise now, and what was said before."""

    field: str
    statement: Statement
    others: tuple[Statement, ...] = ()
    earlier: tuple[Statement, ...] = ()

    @property
    def value(self) -> str:
        return self.statement.value

    @property
    def disagree(self) -> tuple[Statement, ...]:
        """What current sources say that is not the value in use."""
        return tuple(said for said in self.others if said.value != self.value)

    @property
    def file_says(self) -> Statement | None:
        """What a file says that would be in use if what was typed were taken back.

        None where a file is in use already, or where somebody typed what would be used then.
        """
        then = self.others[0] if self.others else None
        return then if self.statement.typed and then is not None and not then.typed else None


def in_use(statements: Iterable[Statement]) -> dict[str, InUse]:
    """By field: the value in use, and the rest of what was said of it; the order does not matter.

    A field of which nothing stands any more is left out.
    """
    by_field: dict[str, list[Statement]] = {}
    for statement in statements:
        by_field.setdefault(statement.field, []).append(statement)
    found: dict[str, InUse] = {}
    for field, said in by_field.items():
        if len(said) == 1 and said[0].replaced_at is None:
            found[field] = InUse(field, said[0])
            continue
        standing = _standing(said)
        if not standing:
            continue
        used = max(standing, key=_rank)
        others = tuple(sorted((s for s in standing if s is not used), key=_rank, reverse=True))
        earlier = tuple(sorted((s for s in said if s not in standing), key=_rank, reverse=True))
        found[field] = InUse(field, used, others, earlier)
    return found


def _standing(said: Iterable[Statement]) -> list[Statement]:
    """What each source says now: what was typed last, and all of a kind of file's latest day."""
    sources: dict[tuple[str, str], list[Statement]] = {}
    for statement in said:
        if statement.replaced_at is None:
            source = (statement.said_of, statement.format)
            sources.setdefault(source, []).append(statement)
    standing: list[Statement] = []
    for of_source in sources.values():
        latest = max(of_source, key=_rank)
        if latest.typed:
            standing.append(latest)
        else:
            standing += [s for s in of_source if s.as_at == latest.as_at]
    return standing


def _rank(statement: Statement) -> tuple[bool, bool, date, str, str, int]:
    """Of the child's own record, then typed, then the latest day; then in no order of reading."""
    stated = statement.stated_at if statement.typed else None
    return (
        not statement.said_of,
        statement.typed,
        statement.as_at or date.min,
        stated.isoformat() if stated else "",
        statement.value,
        statement.id,
    )


def said_again(
    new: Mapping[Source, Collection[Value]], there: Iterable[tuple[Source, Value, int]]
) -> tuple[list[tuple[Source, Value]], list[int]]:
    """What is to be added, and the ids of what is replaced, where files say something again.

    What a source says takes the place of what the same source said before; what it said already is
    not said again. What one source says leaves alone what another said, though it be the same.
    """
    said: set[tuple[Source, Value]] = set()
    replaced: list[int] = []
    for source, value, number in there:
        if source in new and value not in new[source]:
            replaced.append(number)
        else:
            said.add((source, value))
    added = [
        (source, value)
        for source, values in new.items()
        for value in values
        if (source, value) not in said
    ]
    return added, replaced

"""Whom files name with children: matched to accounts, allocated from and until."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.domain.allocating import Named, allocate, by_hand, given_nothing_new, stands
from core.domain.naming import folded
from core.domain.record.statements import Source, said_again
from core.imports.reader import Found
from core.imports.ssda903 import Problem
from core.imports.stated import StatedPerson
from core.store import matching, stated_people
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.store.stated_people import HeldRow, NamedRow
from core.usecases.care_changes import Change
from core.usecases.stated_identity import home
from core.usecases.stated_names import given_nothing, two_people

Key = tuple[str, str]
Names = tuple[str, str, str]


@dataclass(slots=True)
class People:
    """What is to be written of who works with children, by the local id of the record.

    ``ended`` and ``current`` are ids of stored sayings, ``gone`` those that are replaced; ``held``
    are allocations to add, ``held_gone`` and ``held_until`` what becomes of those that are there.
    """

    named: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    current: list[int] = field(default_factory=list)
    matched: dict[int, int] = field(default_factory=dict)
    held: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    held_gone: list[int] = field(default_factory=list)
    held_until: dict[int, date | None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Said:
    """One saying, stored (``id``) or of this import (``new``).

    ``said_of`` is the local id of which it is said, where that record was merged into the child's.
    """

    said: str
    email: str
    staff_number: str
    format: str
    as_at: date
    account_id: int | None
    id: int = 0
    ended: bool = False
    new: StatedPerson | None = None
    said_of: str = ""

    @property
    def named(self) -> Named:
        return self.as_at, self.account_id

    @property
    def key(self) -> Names:
        return (folded(self.said), folded(self.email), folded(self.staff_number))


def work_out(
    scope: Scope,
    found: Found,
    known: Mapping[str, KnownChild],
    as_at: date,
    file_ids: Mapping[str, int],
) -> People:
    """Work out what the files change of who works with children; writes nothing."""
    out = People()
    new: dict[Key, list[_Said]] = {}
    matcher = matching.known(scope)
    named = any(stated.people for stated in found.stated)
    names = stated_people.account_names(scope) if named else {}
    shut_out = stated_people.suspended(scope) if named else frozenset()
    out.problems = two_people(found, matcher, names)
    for stated in found.stated:
        for person in stated.people:
            account = matcher.account_for(person.name, person.email, person.staff_number)
            local = home(known, person.child)
            new.setdefault((local, person.relation), []).append(
                _Said(
                    person.name[:200],
                    person.email,
                    person.staff_number,
                    stated.format,
                    as_at,
                    account,
                    new=person,
                    said_of=person.child if person.child != local else "",
                )  # fmt: skip
            )
    ids = {known[local].id: local for local, _ in new if local in known}
    stored: dict[Key, list[_Said]] = {}
    for row in stated_people.named(scope, ids):
        stored.setdefault((ids[row.child_id], row.relation), []).append(_stored(row, matcher, out))
    held: dict[Key, list[HeldRow]] = {}
    for one in stated_people.held(scope, ids):
        held.setdefault((ids[one.child_id], one.relation), []).append(one)
    out.problems += given_nothing(
        (saying.named, saying.new, saying.format, held.get(key, []))
        for key, sayings in new.items()
        for saying in sayings
        if saying.new is not None and saying.account_id in shut_out
    )
    names = {one: f"{name} (suspended)" if one in shut_out else name for one, name in names.items()}
    for key, sayings in new.items():
        theirs = held.get(key, [])
        _relation(key, sayings, stored.get(key, []), theirs, names, shut_out, file_ids, out)
    return out


def _stored(row: NamedRow, matcher: matching.Known, out: People) -> _Said:
    account = row.account_id
    if account is None:
        account = matcher.account_for(row.said, row.email, row.staff_number)
        if account is not None:
            out.matched[row.id] = account
    return _Said(
        row.said, row.email, row.staff_number, row.format, row.as_at, account, row.id, row.ended,
        said_of=row.said_of,
    )  # fmt: skip


def _relation(
    key: Key,
    new: list[_Said],
    stored: list[_Said],
    held: list[HeldRow],
    names: Mapping[int, str],
    shut_out: Collection[int],
    file_ids: Mapping[str, int],
    out: People,
) -> None:
    """One child and relation: what is added, replaced and ended, and the allocations of it."""
    local, relation = key
    now: dict[Source, dict[Names, _Said]] = {}
    for saying in new:
        now.setdefault(_source(relation, saying), {}).setdefault(saying.key, saying)
    fresh, gone = said_again(now, [(_source(relation, s), s.key, s.id) for s in stored])
    kept = [saying for saying in stored if saying.id not in gone]
    added = [now[source][names] for source, names in fresh]
    after = [*kept, *added]
    last = max(s.as_at for s in after)
    out.gone += gone
    out.ended += [s.id for s in kept if not s.ended and s.as_at < last]
    out.current += [s.id for s in kept if s.ended and s.as_at == last]
    for saying in added:
        if saying.new is not None:
            out.named.append(
                (
                    local,
                    {
                        "relation": relation,
                        "said": saying.said,
                        "email": saying.email,
                        "staff_number": saying.staff_number,
                        "format": saying.format,
                        "as_at": saying.as_at,
                        "account_id": saying.account_id,
                        "import_file_id": file_ids[saying.new.source.file],
                        "import_line": saying.new.source.line,
                        "said_of": saying.said_of,
                        "ended": saying.as_at < last,
                    },
                )
            )
    _allocate(key, stored, after, held, shut_out, out)
    said_now = [s for s in after if s.as_at == last]
    by_people = by_hand(held, [saying.named for saying in (*stored, *after)])
    chosen = {row.account_id for row in by_people if stands(row, last)}
    if chosen:
        said_now = [s for s in said_now if s.account_id not in chosen]
        if not any(s.new for s in said_now):
            return
    standing = [row.account_id for row in held if stands(row, last)]
    if not chosen:
        said_now = _given(said_now, held, shut_out)
    before_now = _given((s for s in stored if not s.ended), held, shut_out)
    before_words = _words(before_now, names, () if chosen else standing)
    if chosen:
        before_words = _words((), names, standing)
    after_words = _words(said_now, names)
    if before_words != after_words:
        source = next((s.new for s in added if s.as_at == last and s.new), None)
        out.changes.append(
            Change(
                local,
                relation,
                before_words,
                after_words,
                source.source.file if source else "",
                source.source.line if source else None,
                "people",
                otherwise=bool(chosen),
            )  # fmt: skip
        )


def _source(relation: str, saying: _Said) -> Source:
    return saying.said_of, relation, saying.format, saying.as_at


def _allocate(
    key: Key,
    stored: list[_Said],
    after: list[_Said],
    held: list[HeldRow],
    shut_out: Collection[int],
    out: People,
) -> None:
    """The allocations that the sayings give, set against those there are."""
    local, relation = key
    found = allocate(
        given_nothing_new((s.named for s in stored), held, shut_out),
        given_nothing_new((s.named for s in after), held, shut_out),
        held,
    )
    out.held += [
        (local, {"account_id": account, "relation": relation, "since": since, "until": until})
        for account, since, until in found.new
    ]
    out.held_until |= found.until
    out.held_gone += found.gone


def _given(sayings: Iterable[_Said], held: list[HeldRow], shut_out: Collection[int]) -> list[_Said]:
    """The sayings without those that give nothing, because whom they name is suspended."""
    every = list(sayings)
    given = given_nothing_new((one.named for one in every), held, shut_out)
    return [one for one, named in zip(every, given, strict=True) if named == one.named]


def _words(sayings: Iterable[_Said], names: Mapping[int, str], standing: Iterable[int] = ()) -> str:
    said = {names.get(s.account_id or 0, s.said) for s in sayings}
    return ", ".join(sorted(said | {names[account] for account in standing if account in names}))


def write(scope: Scope, people: People, ids: Mapping[str, int], at: datetime) -> None:
    """Write what was worked out, in the transaction under way; ``ids`` are by local id."""
    stated_people.put_named(
        scope,
        (
            {
                "child_id": ids[local],
                **{name: value for name, value in row.items() if name != "ended"},
                "ended_at": at if row["ended"] else None,
            }
            for local, row in people.named
        ),
        gone=people.gone,
        ended=people.ended,
        current=people.current,
        matched=people.matched,
        at=at,
    )
    stated_people.put_held(
        scope,
        ({"child_id": ids[local], **row} for local, row in people.held),
        people.held_gone,
        people.held_until,
    )

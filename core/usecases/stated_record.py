"""What an import states of the record beside care and identity, as the store takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from core.domain.episode import RowSource
from core.domain.stated_care import LIST_8, StatedCare
from core.imports.reader import Found
from core.imports.stated import IDENTITY, StatedFact
from core.store import record_stated
from core.store.record_prepared import Prepared
from core.store.record_stated import StatedRow
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.store.stated_care import KIND, stated_care
from core.usecases.care_changes import Change
from core.usecases.stated_identity import home, returned_on


def facts(
    found: Found, as_at: date, today: date = date.max
) -> Iterator[tuple[str, date, StatedFact]]:
    """Each fact of the record that the files state: the kind of file, its day, the fact."""
    returned, on = found.returned, returned_on(found, today)
    if on is not None:
        for fact in returned.stated.facts:
            if fact.kind != IDENTITY:
                yield returned.stated.format, on, fact
    for stated in found.stated:
        for fact in stated.facts:
            if fact.kind != IDENTITY:
                yield stated.format, as_at, fact


def work_out(
    scope: Scope,
    found: Found,
    as_at: date,
    known: Mapping[str, KnownChild],
    added: Mapping[str, int],
    file_ids: Mapping[str, int],
    alive: Callable[[], None],
) -> tuple[Prepared, list[Change]]:
    """What the facts change of the record, and each change with the line that says it.

    ``added`` gives the numbers below 0 of children who are to be added, by local id.
    """
    ids = {local: child.id for local, child in known.items()}
    prepared = record_stated.prepare(
        scope, _rows(found, as_at, scope.on, known, {**ids, **added}, file_ids), alive
    )
    homes = {child.id: child.local_id for child in known.values()}
    places: dict[tuple[int, str, str, str, str], StatedFact] = {}
    for _, _, fact in facts(found, as_at):
        if fact.child in ids:
            key = (ids[fact.child], fact.kind, fact.key, fact.field, fact.value)
            places.setdefault(key, fact)
    changed: list[Change] = []
    for one in prepared.changes:
        source = places.get((one.child_id, one.kind, one.key, one.field, one.after))
        changed.append(
            Change(
                homes[one.child_id],
                one.field,
                one.before,
                one.after,
                source.source.file if source else "",
                source.source.line if source else None,
                one.kind,
                one.key,
                one.otherwise,
                one.beside,
            )
        )
    for _, _, fact in facts(found, as_at):
        if fact.child not in ids:
            changed.append(
                Change(
                    fact.child,
                    fact.field,
                    "",
                    fact.value,
                    fact.source.file,
                    fact.source.line,
                    fact.kind,
                    fact.key,
                )  # fmt: skip
            )
    return replace(prepared, changes=()), changed


def _rows(
    found: Found,
    as_at: date,
    today: date,
    known: Mapping[str, KnownChild],
    ids: Mapping[str, int],
    file_ids: Mapping[str, int],
) -> Iterator[StatedRow]:
    """The facts of the children whose ids are given, by local id, as rows for the store."""
    for format_, on, fact in facts(found, as_at, today):
        child_id = ids.get(fact.child)
        if child_id is not None:
            yield StatedRow(
                child_id,
                fact.kind,
                fact.key,
                fact.field,
                fact.value,
                format_,
                on,
                file_ids[fact.source.file],
                fact.source.line,
                known[fact.child].said_of if fact.child in known else "",
            )


def stated_cares(
    found: Found, as_at: date, known: Mapping[str, KnownChild], file_ids: Mapping[str, int]
) -> dict[str, list[StatedCare]]:
    """Care as the lists of this import state it, by the local id of the record."""
    values: dict[tuple[str, str, date], dict[str, str]] = {}
    first: dict[tuple[str, str, date], StatedFact] = {}
    for format_, on, fact in facts(found, as_at):
        if fact.kind == KIND:
            key = (fact.child, format_, on)
            values.setdefault(key, {}).setdefault(fact.field, fact.value)
            first.setdefault(key, fact)
    care: dict[str, list[StatedCare]] = {}
    for (child, format_, on), said in values.items():
        source = first[child, format_, on].source
        whence = RowSource.of_file(file_ids[source.file], source.line)
        local = home(known, child)
        care.setdefault(local, []).append(
            stated_care(on, format_, said, whence, child if child != local else "")
        )
    return care


def has_list_8(found: Found) -> bool:
    return any(stated.format == LIST_8 for stated in found.stated)

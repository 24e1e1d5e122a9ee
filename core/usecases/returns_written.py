"""What was worked out of a return, written set by set in the transaction under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.imports.ssda903 import Return903, Row
from core.store import audit, care, returns
from core.store.scope import Scope
from core.store.tables import AdoptionDecision, AsylumStatus, Episode, IdentityFact, Review
from core.usecases.returns import FIELDS, Prepared, replaces_identity

EPISODE = (
    "decom", "rne", "ls", "cin", "place", "place_provider", "dec", "rec",
    "reason_place_change", "home_post", "pl_post", "urn",
)  # fmt: skip


def write(
    scope: Scope,
    found: Return903,
    prepared: Prepared,
    file_ids: Mapping[str, int],
    run: str,
    at: datetime,
) -> None:
    """Write what was prepared, in the transaction under way, which has checked the version."""
    ids = {local: child.id for local, child in prepared.known.items()}
    ids |= returns.add_children(
        scope, {local: prepared.identity[local] for local in prepared.new}, prepared.new
    )
    returns.update_children(
        scope,
        {
            ids[local]: values
            for local, values in prepared.identity.items()
            if local in prepared.known and _differs(prepared.known[local], values)
        },
    )
    known = {child.id for child in prepared.known.values()}
    for table, rows in _rows(found, prepared, file_ids):
        named = {ids[local] for local in rows.children}
        care.remove(
            scope,
            table,
            named & known,
            table.year == found.year,
            table.import_file_id.is_not(None),
        )
        care.insert(scope, table, ids, rows.values)
    care.put_derived(scope, prepared.derived, ids, known)
    _audit(scope, prepared, run, at)


def _differs(before: returns.KnownChild, values: Mapping[str, Any]) -> bool:
    return any(getattr(before, field) != value for field, value in values.items())


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows for one table, made as they are written, and the children that they are of."""

    children: frozenset[str]
    values: Iterator[tuple[str, dict[str, Any]]]


def _rows(
    found: Return903, prepared: Prepared, file_ids: Mapping[str, int]
) -> Iterator[tuple[type[Any], TableRows]]:
    """The rows of each table as the store keeps them, by the child's local id."""
    sources: tuple[tuple[type[Any], Iterable[Row[Any]], Callable[[Any], dict[str, Any]]], ...] = (
        (Episode, found.episodes, _episode),
        (Review, found.reviews, lambda f: {"held_on": f.on, "code": " ".join(f.codes)}),
        (AsylumStatus, found.uasc, lambda f: {"ceases": f.until}),
        (AdoptionDecision, found.adoption_decisions, _decision),
    )
    for table, rows, values in sources:
        yield (
            table,
            TableRows(
                frozenset(row.child for row in rows),
                (
                    (
                        row.child,
                        {
                            **values(row.fact),
                            "year": found.year,
                            "import_file_id": file_ids[row.file],
                            "import_line": row.line,
                        },
                    )
                    for row in rows
                ),
            ),
        )
    replaced = frozenset(c.child for c in found.children.values() if replaces_identity(c, found))
    yield IdentityFact, TableRows(replaced, _identity_rows(found, prepared, file_ids))


def _episode(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in EPISODE}


def _decision(fact: Any) -> dict[str, Any]:
    return {
        "decided_on": fact.decided,
        "ceased_on": fact.reversed_on,
        "ceased_reason": fact.reversed_why,
    }


def _identity_rows(
    found: Return903, prepared: Prepared, file_ids: Mapping[str, int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for child in found.children.values():
        before = prepared.known.get(child.child)
        for stated in child.assertions:
            if stated.column in FIELDS:
                field = FIELDS[stated.column]
                value = stated.value.isoformat() if isinstance(stated.value, date) else stated.value
                if before is not None and (before.id, field, value) in prepared.stated:
                    continue
                yield (
                    child.child,
                    {
                        "field": field,
                        "value": value,
                        "year": found.year,
                        "import_file_id": file_ids[stated.source.file],
                        "import_line": stated.source.line,
                    },
                )


def _audit(scope: Scope, prepared: Prepared, run: str, at: datetime) -> None:
    changed: dict[str, tuple[dict[str, str], dict[str, str]]] = {
        local: ({}, {}) for local in prepared.new
    }
    for change in prepared.changes:
        before, after = changed.setdefault(change.child, ({}, {}))
        before[change.field], after[change.field] = change.before, change.after
    audit.imported(
        scope,
        at,
        run,
        (
            (prepared.new[local], "add", {}, after)
            if local in prepared.new
            else (prepared.known[local].public_id, "change", before, after)
            for local, (before, after) in changed.items()
        ),
    )

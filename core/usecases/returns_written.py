"""What was worked out of an import, written set by set in the transaction under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.imports.reader import Found
from core.imports.ssda903 import Row
from core.store import audit, care, identity, record_prepared, returns
from core.store.scope import Scope
from core.store.tables import AdoptionDecision, AsylumStatus, Episode, IdentityFact, Review
from core.usecases import stated_actions, stated_people
from core.usecases.returns import Prepared

EPISODE = (
    "decom", "rne", "ls", "cin", "place", "place_provider", "dec", "rec",
    "reason_place_change", "home_post", "pl_post", "urn",
)  # fmt: skip


def write(
    scope: Scope,
    found: Found,
    prepared: Prepared,
    file_ids: Mapping[str, int],
    run: str,
    at: datetime,
) -> None:
    """Write what was prepared, in the transaction under way, which has checked the version."""
    columns = prepared.identities.columns
    homes = {child.local_id: child.id for child in prepared.known.values()}
    added = returns.add_children(
        scope, {local: columns.get(local, {}) for local in prepared.new}, prepared.new
    )
    ids = {local: child.id for local, child in prepared.known.items()} | added
    returns.update_children(
        scope, {homes[local]: values for local, values in columns.items() if local in homes}
    )
    _identity(scope, prepared, ids, file_ids, at)
    _returned(scope, found, prepared, ids, file_ids)
    numbers = {number: ids[local] for local, number in prepared.added.items()}
    record_prepared.write(scope, prepared.stated, at, numbers)
    at_home = homes | added
    care.put_derived(scope, prepared.derived, at_home, homes.values())
    stated_people.write(scope, prepared.people, at_home, at, run)
    stated_actions.write(scope, prepared.actions, at_home)
    audit.imported(scope, at, run, prepared.audited)


def _identity(
    scope: Scope,
    prepared: Prepared,
    ids: Mapping[str, int],
    file_ids: Mapping[str, int],
    at: datetime,
) -> None:
    for batch in care.batches(prepared.identities.replaced):
        identity.replace(scope, batch, at)
    care.insert(
        scope,
        IdentityFact,
        ids,
        (
            (
                saying.child,
                {
                    "field": saying.field,
                    "value": saying.value,
                    "format": saying.format,
                    "as_at": saying.as_at,
                    "year": saying.year,
                    "stated_at": at,
                    "import_file_id": file_ids[saying.file],
                    "import_line": saying.line,
                    "said_of": _said_of(prepared, saying.child),
                },
            )
            for saying in prepared.identities.new
        ),
    )


def _said_of(prepared: Prepared, local: str) -> str:
    child = prepared.known.get(local)
    return child.said_of if child is not None else ""


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows for one table, made as they are written, and the children that they are of."""

    children: frozenset[str]
    values: Iterator[tuple[str, dict[str, Any]]]


def _returned(
    scope: Scope,
    found: Found,
    prepared: Prepared,
    ids: Mapping[str, int],
    file_ids: Mapping[str, int],
) -> None:
    """The rows of the return, in place of those of the same year and children before."""
    year = found.returned.year
    for table, rows in _rows(found, prepared, file_ids):
        named = rows.children & prepared.known.keys()
        by_saying: dict[str, set[int]] = {}
        for local in named:
            by_saying.setdefault(_said_of(prepared, local), set()).add(ids[local])
        for said_of, children in by_saying.items():
            care.remove(
                scope,
                table,
                children,
                table.year == year,
                table.import_file_id.is_not(None),
                table.said_of == said_of,
            )
        care.insert(scope, table, ids, rows.values)


def _rows(
    found: Found, prepared: Prepared, file_ids: Mapping[str, int]
) -> Iterator[tuple[type[Any], TableRows]]:
    """The rows of each table as the store keeps them, by the child's local id."""
    returned = found.returned
    sources: tuple[tuple[type[Any], Iterable[Row[Any]], Callable[[Any], dict[str, Any]]], ...] = (
        (Episode, returned.episodes, _episode),
        (Review, returned.reviews, lambda f: {"held_on": f.on, "code": " ".join(f.codes)}),
        (AsylumStatus, returned.uasc, lambda f: {"ceases": f.until}),
        (AdoptionDecision, returned.adoption_decisions, _decision),
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
                            "year": returned.year,
                            "import_file_id": file_ids[row.file],
                            "import_line": row.line,
                            "said_of": _said_of(prepared, row.child),
                        },
                    )
                    for row in rows
                ),
            ),
        )


def _episode(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in EPISODE}


def _decision(fact: Any) -> dict[str, Any]:
    return {
        "decided_on": fact.decided,
        "ceased_on": fact.reversed_on,
        "ceased_reason": fact.reversed_why,
    }

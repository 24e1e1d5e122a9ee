"""What was worked out of an import, written set by set in the transaction under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core.imports.reader import Found
from core.imports.ssda903 import Row
from core.store import audit, care, record_prepared, returned, returns
from core.store.scope import Scope
from core.usecases import stated_actions, stated_people, stated_teams
from core.usecases.returns import Prepared


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
    stated_teams.write(scope, prepared.teams, at_home, at, run)
    stated_people.write(scope, prepared.people, at_home, at)
    stated_actions.write(scope, prepared.actions, at_home)
    audit.imported(scope, at, run, prepared.audited)


def _identity(
    scope: Scope,
    prepared: Prepared,
    ids: Mapping[str, int],
    file_ids: Mapping[str, int],
    at: datetime,
) -> None:
    said = (
        (
            saying.child,
            {
                "field": saying.field,
                "value": saying.value,
                "format": saying.format,
                "as_at": saying.as_at,
                "year": saying.year,
                "import_file_id": file_ids[saying.file],
                "import_line": saying.line,
                "said_of": _said_of(prepared, saying.child),
            },
        )
        for saying in prepared.identities.new
    )
    returned.put_identity(scope, ids, said, prepared.identities.replaced, at)


def _said_of(prepared: Prepared, local: str) -> str:
    child = prepared.known.get(local)
    return child.said_of if child is not None else ""


def _returned(
    scope: Scope,
    found: Found,
    prepared: Prepared,
    ids: Mapping[str, int],
    file_ids: Mapping[str, int],
) -> None:
    """The rows of the return, in place of those of the same year and children before."""
    said = found.returned
    kinds: tuple[tuple[str, Collection[Row[Any]]], ...] = (
        ("episodes", said.episodes),
        ("reviews", said.reviews),
        ("asylum", said.uasc),
        ("adoption_decisions", said.adoption_decisions),
    )
    for kind, rows in kinds:
        again: dict[str, set[int]] = {}
        for local in {row.child for row in rows} & prepared.known.keys():
            again.setdefault(_said_of(prepared, local), set()).add(ids[local])
        of_kind = (
            (row.child, row.fact, file_ids[row.file], row.line, _said_of(prepared, row.child))
            for row in rows
        )
        returned.put_rows(scope, kind, said.year, ids, again, of_kind)

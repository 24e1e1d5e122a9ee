"""A clause of a written procedure, and the file in which a plugin keeps its clauses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``rule`` is what the document lays down, ``shows`` what a user can see of it."""

    id: str
    rule: str
    shows: str


class ClausesUnreadable(ValueError):
    """A clauses.toml that is not one: says which file and what is wrong with it."""


def load_clauses(path: Path) -> Mapping[str, Clause]:
    """Read a plugin's clauses.toml: ``[[clause]]`` tables with ``id``, ``rule`` and ``shows``."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClausesUnreadable(f"{path.name} cannot be read: {error}") from error
    clauses: dict[str, Clause] = {}
    for entry in data.get("clause", []):
        try:
            clause = Clause(entry["id"], entry["rule"], entry["shows"])
        except KeyError as missing:
            raise ClausesUnreadable(
                f"{path.name}: clause {entry.get('id', '(without an id)')} lacks {missing}"
            ) from missing
        if clause.id in clauses:
            raise ClausesUnreadable(f"{path.name}: clause {clause.id} is there twice")
        clauses[clause.id] = clause
    return clauses

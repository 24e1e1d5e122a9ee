"""A clause of a written procedure, and the file in which a plugin keeps its clauses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SEEN: Mapping[str, str] = MappingProxyType(
    {
        "": "",
        "legislation": "seen in the legislation",
        "guidance": "seen in secondary guidance",
    }
)
"""Where the words of a clause were seen, by what clauses.toml says of it."""

SET_HERE = "set here, not by the procedure"
"""Said in the place of a clause where no procedure lays down what holds; templates have it too."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``rule`` is what the document lays down, ``shows`` what a user can see of it.

    ``seen`` says where the words of the law were seen, "legislation" or "guidance"; "" for a
    document that we have.
    """

    id: str
    rule: str
    shows: str
    seen: str = ""

    @property
    def seen_words(self) -> str:
        """ "seen in the legislation", "seen in secondary guidance" or ""."""
        return SEEN[self.seen]


class ClausesUnreadable(ValueError):
    """A clauses.toml that is not one: says which file and what is wrong with it."""


def load_clauses(path: Path) -> Mapping[str, Clause]:
    """Read a plugin's clauses.toml: ``[[clause]]`` tables with ``id``, ``rule`` and ``shows``.

    ``seen`` may stand beside them.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClausesUnreadable(f"{path.name} cannot be read: {error}") from error
    clauses: dict[str, Clause] = {}
    for entry in data.get("clause", []):
        try:
            clause = Clause(entry["id"], entry["rule"], entry["shows"], str(entry.get("seen", "")))
        except KeyError as missing:
            raise ClausesUnreadable(
                f"{path.name}: clause {entry.get('id', '(without an id)')} lacks {missing}"
            ) from missing
        if clause.seen not in SEEN:
            raise ClausesUnreadable(
                f'{path.name}: clause {clause.id} is seen in "{clause.seen}": '
                'say "legislation" or "guidance", or nothing'
            )
        if clause.id in clauses:
            raise ClausesUnreadable(f"{path.name}: clause {clause.id} is there twice")
        clauses[clause.id] = clause
    return clauses

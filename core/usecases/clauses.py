"""What the commands say of clauses and plugins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.registry import Registry
from core.testing import tests_by_clause

ROOT = Path(__file__).parents[2]


def clause_rows(registry: Registry) -> list[dict[str, Any]]:
    """One row a clause, as the interface lays down; ``tests`` are those marked with its id."""
    tests = tests_by_clause(ROOT)
    rows: list[dict[str, Any]] = []
    for entry in registry:
        carried = entry.procedure.carried()
        for clause in entry.procedure.clauses.values():
            rows.append(
                {
                    "id": clause.id,
                    "rule": clause.rule,
                    "shows": clause.shows,
                    "carried_by": list(carried.get(clause.id, ())),
                    "elsewhere": entry.procedure.elsewhere.get(clause.id),
                    "tests": list(tests.get(clause.id, ())),
                    "pending": entry.procedure.pending.get(clause.id),
                }
            )
    return rows


def plugin_rows(registry: Registry) -> list[dict[str, Any]]:
    """The plugins that registered procedures, then folders of plugins/ that are not installed."""
    procedures: dict[str, list[str]] = {}
    for entry in registry:
        procedures.setdefault(entry.plugin, []).append(entry.procedure.code)
    rows: list[dict[str, Any]] = [
        {"plugin": plugin, "procedures": codes, "note": ""} for plugin, codes in procedures.items()
    ]
    for folder in sorted((ROOT / "plugins").glob("*/__init__.py")):
        if folder.parent.name not in procedures and "hookimpl" in folder.read_text("utf-8"):
            rows.append(
                {
                    "plugin": folder.parent.name,
                    "procedures": [],
                    "note": "not installed: run make setup",
                }
            )
    return rows

"""Permanence planning meetings: two standards. Their clauses are here; their rules are not yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain.clauses import Clause, load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl

CLAUSES = load_clauses(Path(__file__).with_name("clauses.toml"))


def _of(code: str) -> Mapping[str, Clause]:
    return {name: clause for name, clause in CLAUSES.items() if name.startswith(f"{code}-")}


def _standard(code: str, title: str, edition: str = "") -> Procedure:
    clauses = _of(code)
    return Procedure(
        code=code,
        title=title,
        edition=edition,
        clauses=clauses,
        pending=dict.fromkeys(clauses, "the whole of this standard"),
    )


PROCEDURES = (
    _standard("PPM2", "Permanency planning meetings: two-week standard"),
    _standard(
        "PPM10",
        "Permanence planning for our children: ten-week standard, with the options matrix",
        "June 2024 v3",
    ),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return list(PROCEDURES)

"""Bournemouth, Christchurch and Poole: its clauses are here; its rules are still to be built."""

from __future__ import annotations

from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl

CLAUSES = load_clauses(Path(__file__).with_name("clauses.toml"))

PROCEDURE = Procedure(
    code="BCP",
    title="Permanence Panel - terms of reference",
    edition="",
    authority="BCP",
    authority_name="Bournemouth, Christchurch and Poole",
    slug="bcp",
    proposes=("BCP", "PPM10"),
    clauses=CLAUSES,
    pending=dict.fromkeys(CLAUSES, "the whole of this procedure"),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

"""Somerset: the Permanence Panel. Its clauses are here; its rules are still to be built."""

from __future__ import annotations

from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl

CLAUSES = load_clauses(Path(__file__).with_name("clauses.toml"))

PROCEDURE = Procedure(
    code="SOM",
    title="Permanence Panel - local guidance 5.1.6",
    edition="October 2016",
    authority="SOM",
    authority_name="Somerset",
    slug="somerset",
    proposes=("SOM", "PPM2"),
    clauses=CLAUSES,
    pending=dict.fromkeys(CLAUSES, "the whole of Somerset's procedure"),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

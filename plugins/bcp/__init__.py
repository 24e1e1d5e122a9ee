"""Bournemouth, Christchurch and Poole: its panel, whose rules are mostly still to be built."""

from __future__ import annotations

from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from plugins.bcp import bodies, escalation, forums, notices, progress, timetable, views

PROCEDURE = Procedure(
    code="BCP",
    title="Permanence Panel - terms of reference",
    edition="",
    authority="BCP",
    authority_name="Bournemouth, Christchurch and Poole",
    slug="bcp",
    proposes=("BCP", "PPM10"),
    clauses=load_clauses(Path(__file__).with_name("clauses.toml")),
    bodies=(bodies.PANEL,),
    forums=forums.FORUMS,
    deadlines=timetable.DEADLINES,
    disputes=escalation.DISPUTES,
    notices=notices.NOTICES,
    views=views.VIEWS,
    pending=progress.PENDING,
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

"""Somerset: the Permanence Panel, as one procedure; most of its rules are still to be built."""

from __future__ import annotations

from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from plugins.somerset import bodies, forums, membership, notices, progress, timetable, views, words

PROCEDURE = Procedure(
    code="SOM",
    title="Permanence Panel - local guidance 5.1.6",
    edition="October 2016",
    authority="SOM",
    authority_name="Somerset",
    slug="somerset",
    proposes=("SOM", "PPM2"),
    clauses=load_clauses(Path(__file__).with_name("clauses.toml")),
    bodies=(bodies.PANEL,),
    offices=membership.OFFICES,
    forums=forums.FORUMS,
    deadlines=timetable.DEADLINES,
    notices=notices.NOTICES,
    statements=words.STATEMENTS,
    views=views.VIEWS,
    pending=progress.PENDING,
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

"""The law's own clocks for children looked after in England: always on, and never replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import MappingProxyType

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from plugins.statutory import timetable, views

PROCEDURE = Procedure(
    code="STAT",
    title="Statutory clocks for children looked after",
    clauses=load_clauses(Path(__file__).with_name("clauses.toml")),
    # One day for every clock, and our reading: no source that we have gives it. On it the Care
    # Planning, Placement and Case Review Regulations, from which most of the clocks are, came into
    # force. The 26 weeks and the yearly review meetings (SI 2015/495) are later law: they count as
    # far as their own rule says since when, and else for whatever began from this day on.
    in_force_from=date(2011, 4, 1),
    authority=None,
    always=True,
    deadlines=timetable.DEADLINES,
    views=views.VIEWS,
    elsewhere=MappingProxyType(
        {"CPPCR-43": "The child's record: plans and assessments that the law asks for"}
    ),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

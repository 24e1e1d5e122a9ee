"""Made-up standards that any authority may follow, and a made-up law that is always on."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from builders.house import House

from core.domain.clauses import Clause
from core.domain.dates import Period, Unit
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body, CaseTiming, MostCases
from core.domain.procedure.membership import MostMembers, Post, Quorum
from core.domain.procedure.schedule import Schedule
from core.domain.procedure.timetable import Deadline
from core.registry import Registered, Registry

BODY = "planning-circle"


def clauses(*ids: str) -> MappingProxyType[str, Clause]:
    return MappingProxyType({one: Clause(one, f"What {one} lays down.", "Shown.") for one in ids})


def deadline(code: str, clause: str, weeks: int, **more: object) -> Deadline:
    return Deadline(
        code=code,
        clauses=(clause,),
        title=f"{code.replace('-', ' ').capitalize()} of {clause}",
        anchor="became-looked-after",
        anchor_words="becoming looked after",
        period=Period(weeks, Unit.WEEKS),
        **more,  # type: ignore[arg-type]
    )


CIRCLE = Body(
    code=BODY,
    clauses=("STD-2",),
    title="Planning Circle",
    schedule=Schedule(code="panel-days", clauses=("STD-2",), title="Weekly", every_weeks=1),
    posts=(
        Post(code="convenor", clauses=("STD-2",), title="Convenor"),
        Post(code="scribe", clauses=("STD-2",), title="Scribe"),
    ),
)
FULL = replace(
    CIRCLE,
    posts=(replace(CIRCLE.posts[0], chairs=1), replace(CIRCLE.posts[1], chairs=2)),
    most_cases=MostCases(code="most-cases", clauses=("STD-2",), title="Four", most=4),
    timing=CaseTiming(
        code="case-timing",
        clauses=("STD-2",),
        title="Twenty",
        presenting=5,
        discussion=10,
        summing_up=5,
    ),
    membership=(
        Quorum(code="quorum", clauses=("STD-2",), title="Two", others=1),
        MostMembers(code="most-members", clauses=("STD-2",), title="Nine", most=9),
    ),
)
STANDARD = Procedure(
    code="STD",
    title="The made-up standard",
    clauses=clauses("STD-1", "STD-2"),
    bodies=(CIRCLE,),
    deadlines=(deadline("made-up-ppm", "STD-1", 10),),
)
OTHER = Procedure(
    code="OTH",
    title="Another made-up standard",
    clauses=clauses("OTH-1"),
    deadlines=(deadline("made-up-ppm", "OTH-1", 2),),
)
THIRD = replace(OTHER, code="THR", title="A third made-up standard")
LAW = Procedure(
    code="LAW",
    title="A made-up law",
    always=True,
    clauses=clauses("LAW-1"),
    deadlines=(deadline("made-up-ppm", "LAW-1", 6),),
)


def with_standards(house: House, *more: Procedure) -> Registry:
    """Have the app of a house know them too; gives its registry."""
    parts = house.app.extensions["permanence"]
    made = [Registered("made up", one) for one in (STANDARD, OTHER, THIRD, LAW, *more)]
    registry = Registry([*parts.registry, *made])
    house.app.extensions["permanence"] = replace(parts, registry=registry)
    return registry

"""A plugin whose authority has three bodies more: on nth weekdays, with themes, of no schedule."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import toyshire

from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.schedule import Schedule, Theme
from core.hookspecs import hookimpl

THEMES = ("toy-young", "toy-middling", "toy-old")
MOOT = Body(
    code="toy-moot",
    clauses=("TOY-1",),
    title="Toyshire Moot",
    schedule=Schedule(
        code="panel-days",
        clauses=("TOY-1",),
        title="The 1st and 3rd Thursday, normally at the Old Mill",
        nth=(1, 3),
        weekday=3,
        place="The Old Mill",
    ),
)
ROUND = Body(
    code="toy-round",
    clauses=("TOY-1",),
    title="Toyshire Round",
    schedule=Schedule(
        code="panel-days",
        clauses=("TOY-1",),
        title="Every week on a Wednesday, the three ages in turn",
        every_weeks=1,
        weekday=2,
        themes=tuple(
            Theme(code=code, clauses=("TOY-1",), title=code.removeprefix("toy-").capitalize())
            for code in THEMES
        ),
    ),
    agenda=toyshire.PANEL.agenda,
    posts=toyshire.PANEL.posts,
)
GATHERING = Body(code="toy-gathering", clauses=("TOY-1",), title="Toyshire Gathering")
PROCEDURE = replace(toyshire.PROCEDURE, bodies=(*toyshire.PROCEDURE.bodies, MOOT, ROUND, GATHERING))


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]


PLUGIN = SimpleNamespace(register_procedures=register_procedures)

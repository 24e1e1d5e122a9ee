"""Toyshire: a made-up authority with a procedure like no real one, for tests and the tutorial."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.dates import Period, Unit
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import AgendaItem, AgendaKind, Body
from core.domain.procedure.forms import Field, FieldType, Form, Section
from core.domain.procedure.membership import Post, Quorum
from core.domain.procedure.options import (
    AgeRow,
    Cell,
    Column,
    Need,
    Option,
    OptionsAdded,
    OptionsMatrix,
)
from core.domain.procedure.outcomes import MakesAction, Outcome
from core.domain.procedure.schedule import Schedule
from core.domain.procedure.stages import Asked, Stages, StageStep
from core.domain.procedure.timetable import Deadline, Direction
from core.hookspecs import hookimpl

CIRCLE = Body(
    code="permanence-planning-meeting",
    clauses=("TOY-1",),
    title="The Circle about one child",
    of_one_child=True,
    weighs_options=True,
)

PANEL = Body(
    code="permanence-panel",
    clauses=("TOY-1",),
    title="Toyshire Home Circle",
    schedule=Schedule(
        code="panel-days",
        clauses=("TOY-1",),
        title="Every week on a Tuesday",
        every_weeks=1,
        weekday=1,
        starts_at=time(14, 0),
    ),
    posts=(
        Post(code="chair", clauses=("TOY-2",), title="Keeper of the Circle", chairs=1),
        Post(code="social-work", clauses=("TOY-2",), title="A social worker"),
    ),
    membership=(
        Quorum(code="quorum", clauses=("TOY-2",), title="The keeper and one more", others=1),
    ),
    agenda=(
        AgendaItem(code="cases", clauses=("TOY-1",), title="Children", kind=AgendaKind.CASES),
        AgendaItem(
            code="previous", clauses=("TOY-1",), title="Last time", kind=AgendaKind.PREVIOUS
        ),
    ),
)

MATRIX = OptionsMatrix(
    code="options-matrix",
    clauses=("TOY-5",),
    title="What is open at which age",
    rows=(
        AgeRow(code="under10", title="Under 10", under_age=10),
        AgeRow(code="10plus", title="10 and over", from_age=10),
    ),
    columns=(
        Column(code="nobody", title="Nobody whom the child knows can care", connected=False),
        Column(code="somebody", title="Somebody whom the child knows may", connected=True),
        Column(code="already", title="The child lives with them already", connected=True),
    ),
    cells=tuple(
        Cell(
            code=f"toy-{row}-{column}",
            clauses=("TOY-5",),
            row=row,
            column=column,
            options=tuple(options),
        )
        for (row, column), options in {
            ("under10", "nobody"): [
                Option(code="adoption", title="A new family", needs=(Need.RATIONALE,))
            ],
            ("under10", "somebody"): [Option(code="cao", title="An order to live with them")],
            ("under10", "already"): [Option(code="sgo", title="To stay with them for good")],
            ("10plus", "nobody"): [Option(code="residential", title="A house of the Circle")],
            ("10plus", "somebody"): [Option(code="cao", title="An order to live with them")],
            ("10plus", "already"): [Option(code="sgo", title="To stay with them for good")],
        }.items()
    ),
)

PROCEDURE = Procedure(
    code="TOY",
    title="The Toyshire Home Circle",
    authority="TOY",
    authority_name="Toyshire",
    slug="toyshire",
    proposes=("TOY",),
    clauses=load_clauses(Path(__file__).with_name("clauses.toml")),
    bodies=(PANEL, CIRCLE),
    outcomes=(
        Outcome(
            code="toy-carry-on",
            clauses=("TOY-4",),
            title="Carry on, and tell the Circle",
            follow_ons=(
                MakesAction(kind="toy-tell", what="Tell the Circle", within=Period(2, Unit.WEEKS)),
            ),
        ),
    ),
    deadlines=(
        Deadline(
            code="referral-received",
            clauses=("TOY-3",),
            title="Card with the clerk",
            anchor="panel-date",
            anchor_words="the Circle",
            period=Period(1, Unit.WEEKS),
            direction=Direction.BEFORE,
            met_by=("submitted",),
        ),
    ),
    options=MATRIX,
    options_added=OptionsAdded(
        code="options-added",
        clauses=("TOY-6",),
        title="What the Circle names itself",
        options=(Option(code="staying-put", title="The room over the Circle"),),
    ),
    forms=(
        Form(
            code="referral",
            clauses=("TOY-3",),
            title="The card",
            sections=(
                Section(
                    code="sought",
                    clauses=("TOY-3",),
                    title="What is asked",
                    fields=(
                        Field(
                            code="sought",
                            label="What is asked of the Circle?",
                            type=FieldType.LONG_TEXT,
                            required=True,
                        ),
                    ),
                ),
            ),
        ),
    ),
    stages=(
        Stages(
            code="toy-letter",
            clauses=("TOY-21",),
            title="Letter to the Circle",
            ends="sent to the Circle",
            end="Record that it is sent",
            stages=(
                (
                    StageStep(
                        code="team-manager",
                        clauses=("TOY-21",),
                        title="Approval by the team manager",
                        who=Asked.TEAM_MANAGER,
                    ),
                ),
            ),
        ),
    ),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

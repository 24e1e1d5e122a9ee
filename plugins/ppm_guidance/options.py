"""The options matrix of the ten-week standard, and what both standards ask of a plan."""

from __future__ import annotations

from core.domain.finding import Strength
from core.domain.phrases import inside
from core.domain.procedure.options import (
    AgeRow,
    AlwaysOptions,
    BeyondMatrix,
    Cell,
    Column,
    Need,
    Option,
    OptionsMatrix,
    PlanRule,
)

ADOPTION = Option(code="adoption", title="Adoption")
LONG_TERM_FOSTERING = Option(code="long-term-fostering", title="Long-term fostering")
LONG_TERM_FOSTERING_UNDER_7 = Option(
    code="long-term-fostering",
    title="Long-term fostering",
    needs=(Need.RATIONALE, Need.HEAD_OF_SERVICE),
)
CONNECTED_TO_SGO = Option(
    code="connected-fostering-to-sgo",
    title="Connected person foster care progressing to SGO with connected carers",
)
CONNECTED = Option(code="connected-fostering", title="Connected person foster care")
SGO = Option(code="sgo", title="Special guardianship order (SGO)")
SGO_EXISTING_CARER = Option(
    code="sgo-existing-carer",
    title="Special guardianship order (SGO) with the existing foster carer",
)
CAO = Option(code="cao", title="Child arrangements order (CAO)")
CARE_ORDER = Option(
    code="care-order-to-sgo-cao", title="Care order with possibility of move to SGO/CAO"
)

ROWS = (
    AgeRow(code="under7", title="Under 7", under_age=7),
    AgeRow(code="7to10", title="7 to 10", from_age=7, under_age=11),
    AgeRow(code="11plus", title="11 and over", from_age=11),
)
NOT = Column(code="no", title="Connected person care is not an option", connected=False)
MAYBE = Column(code="maybe", title="Connected person care may be an option", connected=True)
UNDER_7, FROM_7_TO_10, FROM_11 = ROWS


def _cell(row: AgeRow, column: Column, *options: Option) -> Cell:
    return Cell(
        code=f"ppm10-{row.code}-{column.code}",
        clauses=(f"PPM10-A.{row.code}.{column.code}",),
        title=f"{row.title}: {inside(column.title)}",
        row=row.code,
        column=column.code,
        options=options,
    )


MATRIX = OptionsMatrix(
    code="options-matrix",
    clauses=("PPM10-A.0",),
    title="Permanence options by the child’s age",
    rows=ROWS,
    columns=(NOT, MAYBE),
    cells=(
        _cell(UNDER_7, NOT, ADOPTION, LONG_TERM_FOSTERING_UNDER_7, CONNECTED_TO_SGO),
        _cell(UNDER_7, MAYBE, CONNECTED, SGO, CAO, CARE_ORDER),
        _cell(FROM_7_TO_10, NOT, ADOPTION, LONG_TERM_FOSTERING, SGO_EXISTING_CARER),
        # Only with the existing carer here too, unlike the rows above and below: so it is written.
        _cell(FROM_7_TO_10, MAYBE, CONNECTED, SGO_EXISTING_CARER, CAO, CARE_ORDER),
        _cell(FROM_11, NOT, LONG_TERM_FOSTERING, SGO_EXISTING_CARER),
        _cell(FROM_11, MAYBE, CONNECTED, SGO, CAO, CARE_ORDER),
    ),
    always=AlwaysOptions(
        code="options-always",
        clauses=("PPM10-A.1",),
        title="Return to parents",
        options=(
            Option(code="return-home", title="Return to parents"),
            Option(
                code="return-home-supervision-order",
                title="Return to parents with a supervision order",
            ),
        ),
    ),
    beyond=BeyondMatrix(
        code="options-beyond",
        clauses=("PPM10-A.0",),
        title="Another option, outside the guide at this age",
    ),
    reading="Connected person care may be an option until every identified person is ruled out, "
    "with the date and the reason, or, where nobody is identified, until it is recorded on which "
    "day nobody could be and how it was looked for; an unborn child counts as under 7",
)

TEN_WEEK_PLAN = (
    PlanRule(
        code="reunification-first",
        clauses=("PPM10-A.1",),
        title="Reunification considered before the options at this age",
    ),
    PlanRule(code="contingency", clauses=("PPM10-A.2",), title="A contingency plan"),
    PlanRule(
        code="family-network-meeting",
        clauses=("PPM10-A.3",),
        title="A family network meeting, or why not",
    ),
)

# "Initially likely a parallel plan": what is likely is asked for and refuses nothing.
TWO_WEEK_PLAN = (
    PlanRule(
        code="contingency",
        clauses=("PPM2-2.6",),
        title="A contingency plan beside the primary",
        strength=Strength.WARNS,
    ),
    PlanRule(
        code="twin-tracked",
        clauses=("PPM2-2.6",),
        title="Steps and days of both plans",
        strength=Strength.WARNS,
    ),
)

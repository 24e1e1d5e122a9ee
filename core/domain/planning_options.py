"""The form on which a planning meeting writes its options, its plan and the steps of both plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.domain.procedure.forms import Field, FieldType, Form, Section
from core.domain.procedure.options import OptionsMatrix
from core.domain.record.plan import OPTIONS, PLAN_OPTION, PLAN_STEP

OTHER = "other"
SHORT = 3
FORM = "planning-options"
COLUMN = "options-column"
REUNIFICATION, REUNIFICATION_WHY = "reunification", "reunification-why"
NO_FAMILY_MEETING = "family-meeting-why-not"
PRIMARY, CONTINGENCIES = "plan-primary", "plan-contingencies"
OUTSIDE, STEPS = "outside", "plan-step"

OF_OPTION = ("conclusion", "why", "rationale")
YES_NO = {"yes": "Yes", "no": "No"}
CONCLUSIONS = PLAN_OPTION.by_code["conclusion"].choices
OF_PLAN = PLAN_STEP.by_code["plan"].choices


def option_field(code: str, what: str) -> str:
    """The field of an option: ``what`` is one of ``OF_OPTION``."""
    return f"option-{code}-{what}"


def planning_form(
    matrix: OptionsMatrix | None = None, titles: Mapping[str, str] | None = None
) -> Form:
    """The form with every option there is, so that answers stay when the cell changes.

    ``titles`` are the words under which options are listed, where a procedure has its own.
    """
    words = {**OPTIONS, **(titles or {})}
    columns = {column.code: column.title for column in matrix.columns} if matrix is not None else {}
    asked = (
        Field(code=COLUMN, label="Which is it?", type=FieldType.CHOICE, choices=columns),
        Field(
            code=REUNIFICATION,
            label="Has return to the child’s parents been considered?",
            type=FieldType.CHOICE,
            choices=YES_NO,
        ),
        Field(
            code=REUNIFICATION_WHY,
            label="What came of considering it, and why",
            type=FieldType.LONG_TEXT,
            rows=SHORT,
        ),
        Field(
            code=NO_FAMILY_MEETING,
            label="Why no family network meeting was held",
            type=FieldType.LONG_TEXT,
            rows=SHORT,
        ),
    )
    plan = (
        Field(code=PRIMARY, label="Primary plan", type=FieldType.CHOICE, choices=words),
        Field(code=CONTINGENCIES, label="Contingency plans", type=FieldType.CHOICES, choices=words),
    )
    weighed = tuple(field for code in OPTIONS if code != OTHER for field in _of_option(code, words))
    return Form(
        code=FORM,
        clauses=(),
        title="Options and plan",
        sections=(
            Section(code="options", clauses=(), fields=(*asked, *weighed)),
            _outside(words),
            Section(code="plan", clauses=(), fields=plan),
            _steps(),
        ),
    )


def _of_option(code: str, words: Mapping[str, str]) -> Iterable[Field]:
    title = words[code]
    yield Field(
        code=option_field(code, "conclusion"),
        label=f"{title}: what came of it",
        type=FieldType.CHOICE,
        choices=CONCLUSIONS,
    )
    yield Field(
        code=option_field(code, "rationale"),
        label=f"{title}: the rationale",
        type=FieldType.LONG_TEXT,
        rows=SHORT,
    )
    yield Field(
        code=option_field(code, "why"), label=f"{title}: why", type=FieldType.LONG_TEXT, rows=SHORT
    )


def _outside(words: Mapping[str, str]) -> Section:
    """Options beyond those listed; "other" is one that the core's list does not have."""
    return Section(
        code=OUTSIDE,
        clauses=(),
        title="Another option",
        repeats=True,
        row_words="another option",
        fields=(
            Field(code="option", label="Which option", type=FieldType.CHOICE, choices=words),
            Field(code="words", label="What it is, in words"),
            Field(code="rationale", label="The rationale", type=FieldType.LONG_TEXT, rows=SHORT),
            Field(
                code="conclusion",
                label="What came of it",
                type=FieldType.CHOICE,
                choices=CONCLUSIONS,
            ),
            Field(code="why", label="Why", type=FieldType.LONG_TEXT, rows=SHORT),
        ),
    )


def _steps() -> Section:
    return Section(
        code=STEPS,
        clauses=(),
        title="Steps of both plans",
        repeats=True,
        row_words="step",
        fields=(
            Field(code="plan", label="Of which plan", type=FieldType.CHOICE, choices=OF_PLAN),
            Field(code="what", label="What is done"),
            Field(code="who", label="Who does it"),
            Field(code="due_on", label="By when", type=FieldType.DATE),
        ),
    )

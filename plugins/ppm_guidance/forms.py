"""The forms on which the meetings of both standards are recorded, with the papers they rest on."""

from __future__ import annotations

from core.domain.procedure.forms import Field, FieldType, Form, Section

PAPERS = (
    ("pre-proceedings-plan", "Pre-proceedings plan"),
    ("court-statements", "Court statements"),
    ("assessments", "Assessments"),
    ("care-plan", "Care plan"),
    ("review-minutes", "Minutes of the last Child Looked After Review"),
    ("review-plan", "Plan of the last Child Looked After Review"),
)
#: What is said of a paper. That there is none is kept as the "yes" of a field named "none".
OF_PAPER = {"dated": "There is one, with its day", "yes": "There is none", "not-yet": "Not yet"}
DISCUSSION = Field(code="discussion", label="What was discussed", type=FieldType.LONG_TEXT)
RATIONALE = Field(
    code="rationale",
    label="Analysis, and why the meeting came to its plan",
    type=FieldType.LONG_TEXT,
    required=True,
)
AGREED = Field(
    code="agreed",
    label="What was decided",
    type=FieldType.LONG_TEXT,
    hint="One decision a line. Actions are written below, each with who and by when",
    required=True,
)

TWO_WEEK = Form(
    code="planning-record",
    clauses=("PPM2-6.2",),
    title="Record of the meeting",
    sections=(
        Section(
            code="papers",
            clauses=("PPM2-6.1",),
            title="Papers before the meeting",
            hint="The most recent of each with its day, that there is none, or that it is not "
            "there yet.",
            fields=tuple(
                field
                for code, title in PAPERS
                for field in (
                    Field(
                        code=f"{code}-none", label=title, type=FieldType.CHOICE, choices=OF_PAPER
                    ),
                    Field(code=f"{code}-on", label=f"{title}: dated", type=FieldType.DATE),
                )
            ),
        ),
        Section(
            code="progress",
            clauses=("PPM2-7",),
            title="Progress of the plan",
            fields=(
                Field(
                    code="progress",
                    label="What has happened since the last meeting, and what has not",
                    type=FieldType.LONG_TEXT,
                ),
            ),
        ),
        Section(
            code="meeting",
            clauses=("PPM2-6.2",),
            title="The meeting",
            fields=(DISCUSSION, RATIONALE, AGREED),
        ),
    ),
)

TEN_WEEK = Form(
    code="planning-record",
    clauses=("PPM10-1",),
    title="Record of the meeting",
    sections=(
        Section(
            code="progress",
            clauses=("PPM10-7", "PPM10-8"),
            title="Before the meeting: progress since the last",
            hint="The social worker brings this up to date before the meeting.",
            fields=(
                Field(
                    code="progress",
                    label="Progress on the actions, and what has changed for the child",
                    type=FieldType.LONG_TEXT,
                ),
            ),
        ),
        Section(
            code="meeting",
            clauses=("PPM10-1", "PPM10-4"),
            title="The meeting",
            fields=(DISCUSSION, RATIONALE, AGREED),
        ),
    ),
)

FINAL_CARE_PLANNING = Form(
    code="final-care-planning-record",
    clauses=("PPM10-10",),
    title="Record of the final care planning meeting",
    sections=(
        Section(
            code="rationale-and-analysis",
            clauses=("PPM10-10",),
            title="Rationale and analysis",
            hint="What the decision, or the recommended care plan, rests on.",
            fields=(
                Field(
                    code="rationale",
                    label="Why this plan is recommended",
                    type=FieldType.LONG_TEXT,
                    required=True,
                ),
                Field(
                    code="analysis",
                    label="The analysis under it",
                    type=FieldType.LONG_TEXT,
                    hint="The evidence, the options that were weighed, and what was against each",
                    required=True,
                ),
            ),
        ),
        Section(
            code="proposed-plan",
            clauses=("PPM10-10",),
            title="The proposed plan",
            fields=(
                Field(
                    code="plan",
                    label="Details of the proposed plan",
                    type=FieldType.LONG_TEXT,
                    required=True,
                ),
            ),
        ),
    ),
)

"""The record of a final care planning meeting: the rationale, the analysis and the plan (10)."""

from __future__ import annotations

from core.domain.procedure.forms import Field, FieldType, Form, Section

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

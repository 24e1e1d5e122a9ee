"""Appendix A, Part A: the referral to Bexley's panel."""

from __future__ import annotations

from core.domain.procedure.forms import Field, FieldType, Form, Section

REFERRAL = Form(
    code="referral",
    clauses=("BEX-A.A", "BEX-1.5"),
    title="Permanence Panel Referral",
    sections=(
        Section(
            code="about",
            clauses=("BEX-A.A",),
            title="Who is referring",
            fields=(
                Field(code="worker", label="Name of worker", required=True, prefill="worker"),
                Field(code="team", label="Team", required=True, prefill="team"),
                Field(
                    code="date",
                    label="Date",
                    type=FieldType.DATE,
                    hint="For example, 27 3 2027",
                    required=True,
                    prefill="today",
                ),
            ),
        ),
        Section(
            code="criteria",
            clauses=("BEX-1.5", "BEX-1.4.i"),
            title="Why the panel is asked",
            fields=(
                Field(
                    code="criteria",
                    label="Under which criterion?",
                    type=FieldType.CRITERIA,
                    hint="Choose all that apply.",
                    required=True,
                ),
            ),
        ),
        Section(
            code="family",
            clauses=("BEX-A.A",),
            title="Relevant family members (starting with the children)",
            repeats=True,
            row_words="family member",
            at_least=1,
            fields=(
                Field(code="name", label="Name", required=True, prefill="family"),
                Field(code="born", label="Date of birth", hint="As it is known"),
                Field(code="ethnicity", label="Ethnicity"),
                Field(code="relation", label="Relation to child (or self)", required=True),
            ),
        ),
        Section(
            code="network",
            clauses=("BEX-A.A",),
            title=(
                "Who else is part of the family's support network? "
                "(friends, professionals, community members)"
            ),
            repeats=True,
            row_words="person in the network",
            fields=(
                Field(code="name", label="Name", required=True),
                Field(code="role", label="Role", required=True),
            ),
        ),
        Section(
            code="family-work",
            clauses=("BEX-A.A", "BEX-0.4"),
            title="Work with the family",
            fields=(
                Field(
                    code="family-network-meeting",
                    label="Has a family network meeting already taken place?",
                    type=FieldType.YES_NO,
                    required=True,
                ),
                Field(
                    code="safety-plan",
                    label="Is there a safety plan already in place for the child(ren)?",
                    type=FieldType.YES_NO,
                    required=True,
                ),
                Field(
                    code="why-not",
                    label="If you answered no to any of the above questions, please explain why",
                    type=FieldType.LONG_TEXT,
                    required_when_no=("family-network-meeting", "safety-plan"),
                ),
            ),
        ),
        Section(
            code="sought",
            clauses=("BEX-A.A",),
            title="What is sought",
            fields=(
                Field(
                    code="sought",
                    label="What recommendations or decisions are you seeking from the panel?",
                    type=FieldType.LONG_TEXT,
                    hint=(
                        "Think about what the panel can do to help create a better and safer "
                        "outcome for the child/ren"
                    ),
                    required=True,
                ),
            ),
        ),
    ),
)

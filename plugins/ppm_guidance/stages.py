"""The stages of the final care plan before it is filed with the court (11)."""

from __future__ import annotations

from core.domain.procedure.stages import Asked, Does, Stages, StageStep

CLAUSE = ("PPM10-11",)

FINAL_CARE_PLAN = Stages(
    code="final-care-plan",
    clauses=CLAUSE,
    title="Final care plan",
    ends="filed with the court",
    end="Record that it is filed with the court",
    stages=(
        (
            StageStep(
                code="team-manager",
                clauses=CLAUSE,
                title="Approval by the team manager",
                who=Asked.TEAM_MANAGER,
            ),
        ),
        (
            StageStep(
                code="reviewing-officer",
                clauses=CLAUSE,
                title="Review by the ISRO",
                who=Asked.REVIEWING_OFFICER,
                does=Does.REVIEWS,
            ),
            StageStep(
                code="legal",
                clauses=CLAUSE,
                title="Review by legal",
                who=Asked.LEGAL,
                does=Does.REVIEWS,
            ),
        ),
        (
            StageStep(
                code="head-of-service",
                clauses=CLAUSE,
                title="Approval by the head of service",
                who=Asked.HEAD_OF_SERVICE,
            ),
        ),
    ),
)

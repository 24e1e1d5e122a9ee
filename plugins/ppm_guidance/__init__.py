"""Permanence planning meetings: the two standards, as two procedures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain.clauses import Clause, load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from plugins.ppm_guidance import (
    afterwards,
    bodies,
    checks,
    forms,
    forums,
    notices,
    options,
    progress,
    stages,
    timetable,
    views,
    watches,
)

CLAUSES = load_clauses(Path(__file__).with_name("clauses.toml"))


def _of(code: str) -> Mapping[str, Clause]:
    return {name: clause for name, clause in CLAUSES.items() if name.startswith(f"{code}-")}


PROCEDURES = (
    Procedure(
        code="PPM2",
        title="Permanency planning meetings: two-week standard",
        clauses=_of("PPM2"),
        bodies=(bodies.TWO_WEEK,),
        deadlines=(*timetable.TWO_WEEK, *afterwards.TWO_WEEK),
        forms=(forms.TWO_WEEK,),
        notices=notices.TWO_WEEK,
        offices=watches.OFFICES,
        forums=forums.TWO_WEEK,
        checks=checks.TWO_WEEK,
        approvals=checks.TWO_WEEK_APPROVALS,
        views=views.VIEWS,
        plan_rules=options.TWO_WEEK_PLAN,
        watches=watches.TWO_WEEK,
        elsewhere=progress.TWO_WEEK_ELSEWHERE,
    ),
    Procedure(
        code="PPM10",
        title="Permanence planning for our children: ten-week standard, with the options matrix",
        edition="June 2024 v3",
        clauses=_of("PPM10"),
        bodies=(bodies.TEN_WEEK, bodies.FINAL_CARE_PLANNING),
        deadlines=(*timetable.TEN_WEEK, *afterwards.TEN_WEEK),
        forms=(forms.TEN_WEEK, forms.FINAL_CARE_PLANNING),
        stages=(stages.FINAL_CARE_PLAN,),
        options=options.MATRIX,
        plan_rules=options.TEN_WEEK_PLAN,
        checks=checks.TEN_WEEK,
        approvals=checks.TEN_WEEK_APPROVALS,
    ),
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return list(PROCEDURES)

"""London Borough of Bexley: the Permanence Panel protocol, as one procedure."""

from __future__ import annotations

from pathlib import Path

from core.domain.clauses import load_clauses
from core.domain.procedure import Procedure
from core.hookspecs import hookimpl
from plugins.bexley import (
    bodies,
    checks,
    forms,
    forums,
    membership,
    notices,
    outcomes,
    papers,
    progress,
    remits,
    timetable,
    views,
    words,
)

PROCEDURE = Procedure(
    code="BEX",
    title="Permanence Panel protocol",
    authority="BEX",
    authority_name="London Borough of Bexley",
    slug="bexley",
    proposes=("BEX", "PPM10"),
    clauses=load_clauses(Path(__file__).with_name("clauses.toml")),
    bodies=(bodies.PANEL,),
    offices=membership.OFFICES,
    criteria=remits.CRITERIA,
    outcomes=outcomes.OUTCOMES,
    boxes=outcomes.BOXES,
    decisions=outcomes.DECISIONS,
    returns=outcomes.RETURNS,
    forums=forums.FORUMS,
    deadlines=timetable.DEADLINES,
    views=views.VIEWS,
    notices=notices.NOTICES,
    checks=checks.CHECKS,
    forms=(forms.REFERRAL,),
    statements=words.STATEMENTS,
    papers=(papers.PART_B,),
    words=words.WORDS,
    elsewhere=progress.ELSEWHERE,
    pending=progress.PENDING,
)


@hookimpl
def register_procedures() -> list[Procedure]:
    return [PROCEDURE]

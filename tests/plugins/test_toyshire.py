"""Toyshire keeps the contract with other rules: another cadence, quorum, agenda and outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest
import toyshire

from core.domain.dates import Period, Unit
from core.testing import ProcedureContract


class TestContract(ProcedureContract):
    procedure = toyshire.PROCEDURE
    root = Path(__file__).parents[2]


@pytest.mark.clause("TOY-1", "TOY-2", "TOY-3", "TOY-4")
def test_its_rules_are_its_own() -> None:
    body = toyshire.PROCEDURE.bodies[0]
    assert body.most_cases is None
    assert body.chairing is None
    assert [item.code for item in body.agenda] == ["cases", "previous"]
    assert toyshire.PROCEDURE.deadlines[0].period == Period(1, Unit.WEEKS)


@pytest.mark.clause("TOY-9")
def test_its_letter_has_one_stage() -> None:
    (letter,) = toyshire.PROCEDURE.stages
    assert [[step.code for step in stage] for stage in letter.stages] == [["team-manager"]]
    assert letter.ends == "sent to the Circle"

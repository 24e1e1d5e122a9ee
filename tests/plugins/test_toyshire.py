"""Toyshire keeps the contract with other rules: another cadence, quorum, agenda and outcomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import toyshire

from core.domain.dates import Period, Unit
from core.domain.options import open_columns, placed_at
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


@pytest.mark.clause("TOY-21")
def test_its_letter_has_one_stage() -> None:
    (letter,) = toyshire.PROCEDURE.stages
    assert [[step.code for step in stage] for stage in letter.stages] == [["team-manager"]]
    assert letter.ends == "sent to the Circle"


@pytest.mark.clause("TOY-5", "TOY-6")
def test_its_options_have_ages_and_a_column_of_their_own() -> None:
    matrix = toyshire.PROCEDURE.options
    assert matrix is not None
    assert [column.code for column in open_columns(matrix, True)] == ["somebody", "already"]
    nine = placed_at(matrix, "nobody", date(2017, 1, 9), date(2027, 1, 8))
    assert [option.code for option in nine.cell.options] == ["adoption"]
    assert nine.changes is not None and nine.changes.on == date(2027, 1, 9)
    ten = placed_at(matrix, "nobody", date(2017, 1, 9), date(2027, 1, 9))
    assert [option.code for option in ten.cell.options] == ["residential"]
    assert ten.changes is None
    added = toyshire.PROCEDURE.options_added
    assert added is not None and [option.code for option in added.options] == ["staying-put"]

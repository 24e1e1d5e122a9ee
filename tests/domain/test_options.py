"""Any authority's matrix: which column holds, what is wrong with one, whose options are added."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import toyshire

from core.domain.options import added_by, column_of, matrix_of, open_columns, placed_at
from core.domain.procedure.options import (
    AgeRow,
    AlwaysOptions,
    Column,
    Option,
    OptionsMatrix,
    options_faults,
)

TOY = toyshire.PROCEDURE
MATRIX = toyshire.MATRIX
ADULTS = Option(code="no-such-option", title="Nothing")


def faults(matrix: OptionsMatrix) -> str:
    return "; ".join(matrix.faults())


def test_where_several_columns_are_left_somebody_says_which() -> None:
    assert column_of(MATRIX, True) is None
    assert column_of(MATRIX, True, "nobody") is None
    said = column_of(MATRIX, True, "already")
    assert said is not None and said.code == "already"
    alone = column_of(MATRIX, False, "already")
    assert alone is not None and alone.code == "nobody"


def test_a_column_of_its_own_question_is_open_whatever_connected_persons_there_are() -> None:
    own = replace(MATRIX, columns=(*MATRIX.columns, Column(code="siblings", title="With them")))
    assert [column.code for column in open_columns(own, False)] == ["nobody", "siblings"]
    one = replace(MATRIX, columns=(Column(code="any", title="Every child"),))
    assert column_of(one, True) == column_of(one, False) == one.columns[0]


def test_a_sound_matrix_has_no_fault() -> None:
    assert faults(MATRIX) == ""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (AgeRow(code="under10", title="", under_age=9), MATRIX.rows[1]),
            "the age 9 lies in no rows, not in one",
        ),
        (
            (MATRIX.rows[0], AgeRow(code="10plus", title="", from_age=9)),
            "the age 9 lies in 2 rows, not in one",
        ),
        (
            (MATRIX.rows[0], AgeRow(code="10plus", title="", from_age=10, under_age=17)),
            "the age 17 lies in no rows, not in one",
        ),
    ],
)
def test_an_age_in_no_row_or_in_two_is_a_fault(rows: tuple[AgeRow, ...], said: str) -> None:
    assert faults(replace(MATRIX, rows=rows)) == said


def test_each_row_has_one_cell_in_each_column() -> None:
    first, second = MATRIX.cells[0], MATRIX.cells[1]
    assert faults(replace(MATRIX, cells=MATRIX.cells[1:])) == (
        "no cell is for under10 and nobody, not exactly one"
    )
    twice = replace(MATRIX, cells=(*MATRIX.cells, first))
    assert faults(twice) == "2 cell is for under10 and nobody, not exactly one"
    nowhere = replace(MATRIX, cells=(*MATRIX.cells, replace(second, row="elsewhere")))
    assert "for elsewhere and somebody" in faults(nowhere)
    assert "it has no column" in faults(replace(MATRIX, columns=()))


def test_a_list_of_options_names_options_each_once_and_one_at_least() -> None:
    adoption = Option(code="adoption", title="A new family")
    assert list(options_faults("toy", (adoption,))) == []
    assert list(options_faults("toy", ())) == ["toy has no option"]
    assert list(options_faults("toy", (adoption, adoption))) == ["toy names adoption twice"]
    assert list(options_faults("toy", (ADULTS,))) == [
        "toy names no-such-option, which is no option of the core’s list"
    ]
    always = AlwaysOptions(code="options-always", clauses=("TOY-5",), options=(ADULTS,))
    assert "options-always names no-such-option" in faults(replace(MATRIX, always=always))
    cells = (replace(MATRIX.cells[0], options=(ADULTS,)), *MATRIX.cells[1:])
    assert "toy-under10-nobody names no-such-option" in faults(replace(MATRIX, cells=cells))


def test_the_options_of_ones_own_stand_beside_and_the_first_matrix_holds() -> None:
    other = replace(TOY, code="OTHER", options_added=None, options=replace(MATRIX, title="Second"))
    held = matrix_of([TOY, other])
    assert held is not None and held.rule is MATRIX
    (added,) = added_by([other, TOY])
    assert (added.procedure.code, added.rule) == ("TOY", TOY.options_added)


def test_the_same_child_is_placed_otherwise_by_another_authority() -> None:
    placed = placed_at(MATRIX, "already", date(2019, 5, 4), date(2026, 11, 23))
    assert (placed.age, placed.row.code, placed.clause) == (7, "under10", "TOY-5")

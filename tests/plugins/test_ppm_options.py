"""The options matrix of the ten-week standard against the text: every age, birthday and column."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.finding import Refused, Strength
from core.domain.options import age_at, column_of, matrix_of, placed_at, plan_rules
from core.domain.procedure.options import Need, OptionsMatrix
from core.domain.record.plan import OPTIONS
from plugins.bexley import PROCEDURE as BEX
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
ON = date(2026, 11, 23)
BOTH = (Need.RATIONALE, Need.HEAD_OF_SERVICE)
TEXT = {
    ("under7", "no"): [
        ("adoption", "Adoption", ()),
        ("long-term-fostering", "Long-term fostering", BOTH),
        (
            "connected-fostering-to-sgo",
            "Connected person foster care progressing to SGO with connected carers",
            (),
        ),
    ],
    ("under7", "maybe"): [
        ("connected-fostering", "Connected person foster care", ()),
        ("sgo", "Special guardianship order (SGO)", ()),
        ("cao", "Child arrangements order (CAO)", ()),
        ("care-order-to-sgo-cao", "Care order with possibility of move to SGO/CAO", ()),
    ],
    ("7to10", "no"): [
        ("adoption", "Adoption", ()),
        ("long-term-fostering", "Long-term fostering", ()),
        (
            "sgo-existing-carer",
            "Special guardianship order (SGO) with the existing foster carer",
            (),
        ),
    ],
    ("7to10", "maybe"): [
        ("connected-fostering", "Connected person foster care", ()),
        (
            "sgo-existing-carer",
            "Special guardianship order (SGO) with the existing foster carer",
            (),
        ),
        ("cao", "Child arrangements order (CAO)", ()),
        ("care-order-to-sgo-cao", "Care order with possibility of move to SGO/CAO", ()),
    ],
    ("11plus", "no"): [
        ("long-term-fostering", "Long-term fostering", ()),
        (
            "sgo-existing-carer",
            "Special guardianship order (SGO) with the existing foster carer",
            (),
        ),
    ],
    ("11plus", "maybe"): [
        ("connected-fostering", "Connected person foster care", ()),
        ("sgo", "Special guardianship order (SGO)", ()),
        ("cao", "Child arrangements order (CAO)", ()),
        ("care-order-to-sgo-cao", "Care order with possibility of move to SGO/CAO", ()),
    ],
}
ROW_AT = ["under7"] * 7 + ["7to10"] * 4 + ["11plus"] * 7
"""The row of each age from 0 to 17, as the text has it."""


def matrix() -> OptionsMatrix:
    assert PPM10.options is not None
    return PPM10.options


def born(age: int, on: date = ON) -> date:
    """Born on the day of the month and year that makes this the birthday."""
    return on.replace(year=on.year - age)


@pytest.mark.clause(
    "PPM10-A.under7.no", "PPM10-A.under7.maybe", "PPM10-A.7to10.no",
    "PPM10-A.7to10.maybe", "PPM10-A.11plus.no", "PPM10-A.11plus.maybe",
)  # fmt: skip
@pytest.mark.parametrize("column", ["no", "maybe"])
@pytest.mark.parametrize("age", range(18))
@pytest.mark.parametrize("days", [0, 1, 364])
def test_each_age_has_exactly_the_options_of_the_text(age: int, days: int, column: str) -> None:
    """On the birthday, on the day after it, and on the last day before the next."""
    placed = placed_at(matrix(), column, born(age), ON + timedelta(days=days))
    assert placed.age == age
    assert placed.row.code == ROW_AT[age]
    assert placed.clause == f"PPM10-A.{ROW_AT[age]}.{column}"
    listed = [(option.code, option.title, option.needs) for option in placed.cell.options]
    assert listed == TEXT[ROW_AT[age], column]
    assert {code for code, _, _ in listed} <= set(OPTIONS) - {"other"}


@pytest.mark.parametrize("column", ["no", "maybe"])
@pytest.mark.parametrize("age", range(1, 18))
def test_the_day_before_a_birthday_is_still_of_the_age_before(age: int, column: str) -> None:
    placed = placed_at(matrix(), column, born(age), ON - timedelta(days=1))
    assert placed.age == age - 1
    assert placed.row.code == ROW_AT[age - 1]
    listed = [(option.code, option.title, option.needs) for option in placed.cell.options]
    assert listed == TEXT[ROW_AT[age - 1], column]


@pytest.mark.parametrize("column", ["no", "maybe"])
@pytest.mark.parametrize("age", range(18))
def test_the_next_birthday_that_moves_the_child_is_named_with_what_it_brings(
    age: int, column: str
) -> None:
    changes = placed_at(matrix(), column, born(age), ON).changes
    at = {"under7": 7, "7to10": 11, "11plus": None}[ROW_AT[age]]
    if at is None:
        assert changes is None
        return
    assert changes is not None
    assert changes.on == date(ON.year - age + at, ON.month, ON.day)
    assert changes.row.code == ROW_AT[at]
    listed = [(option.code, option.title, option.needs) for option in changes.cell.options]
    assert listed == TEXT[ROW_AT[at], column]


def test_a_birthday_counts_from_its_day_and_until_the_day_asked_about() -> None:
    placed = placed_at(matrix(), "no", date(2020, 1, 10), ON)
    assert placed.turns_by(date(2027, 1, 9)) is None
    turning = placed.turns_by(date(2027, 1, 10))
    assert turning is not None and turning.row.code == "7to10"
    assert placed_at(matrix(), "no", born(12), ON).turns_by(date(2090, 1, 1)) is None


@pytest.mark.parametrize(
    ("on", "row"),
    [
        (date(2027, 2, 28), "under7"),
        (date(2027, 3, 1), "7to10"),
        (date(2031, 2, 28), "7to10"),
        (date(2031, 3, 1), "11plus"),
    ],
)
def test_born_on_29_february_turns_on_1_march(on: date, row: str) -> None:
    assert placed_at(matrix(), "no", date(2020, 2, 29), on).row.code == row


def test_an_unborn_child_counts_as_under_7_with_or_without_a_day() -> None:
    expected = placed_at(matrix(), "no", date(2027, 1, 4), ON, unborn=True)
    assert (expected.age, expected.row.code) == (None, "under7")
    assert expected.changes is not None and expected.changes.on == date(2034, 1, 4)
    overdue = placed_at(matrix(), "maybe", date(2026, 11, 20), ON, unborn=True)
    assert (overdue.age, overdue.row.code) == (None, "under7")
    unknown = placed_at(matrix(), "no", None, ON, unborn=True)
    assert (unknown.age, unknown.row.code, unknown.changes) == (None, "under7", None)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "lies after 23 November 2026"),
        (date(2008, 11, 23), "turned 18 on 23 November 2026"),
        (date(1990, 1, 1), "Nobody of 36"),
        (None, "not known"),
    ],
)
def test_a_birth_to_come_an_adult_and_an_unknown_birth_are_refused(
    day: date | None, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        placed_at(matrix(), "no", day, ON)
    assert refused.value.findings[0].field == "born"


def test_the_first_day_and_the_last_day_of_childhood_are_in() -> None:
    assert age_at(ON, ON) == 0
    assert age_at(date(2008, 11, 24), ON) == 17


@pytest.mark.parametrize(("may_be", "column"), [(False, "no"), (True, "maybe")])
def test_the_column_follows_from_connected_person_care(may_be: bool, column: str) -> None:
    found = column_of(matrix(), may_be)
    assert found is not None and found.code == column


@pytest.mark.clause("PPM10-A.0", "PPM10-A.1", "PPM10-A.2", "PPM10-A.3")
def test_what_stands_beside_the_matrix_has_its_own_clauses() -> None:
    always, beyond = matrix().always, matrix().beyond
    assert always is not None and always.clauses == ("PPM10-A.1",)
    assert [o.code for o in always.options] == ["return-home", "return-home-supervision-order"]
    assert all(option.needs == () for option in always.options)
    # A child's page names them as the clause does.
    assert [OPTIONS[o.code] for o in always.options] == [o.title for o in always.options]
    assert beyond is not None and beyond.clauses == ("PPM10-A.0",)
    assert beyond.needs == (Need.RATIONALE,)
    assert beyond.title == "Another option, outside the guide at this age"
    rules = plan_rules([BEX, PPM10])
    assert {code: (rule.clauses, rule.strength) for code, rule in rules.items()} == {
        "reunification-first": (("PPM10-A.1",), Strength.BLOCKS),
        "contingency": (("PPM10-A.2",), Strength.BLOCKS),
        "family-network-meeting": (("PPM10-A.3",), Strength.BLOCKS),
    }


def test_an_authority_has_the_matrix_of_the_first_procedure_with_one() -> None:
    held = matrix_of([BEX, PPM10])
    assert held is not None and (held.procedure.code, held.rule) == ("PPM10", PPM10.options)
    assert matrix_of([PPM2]) is None


@pytest.mark.clause("PPM2-2.6")
def test_a_parallel_plan_is_asked_for_and_refuses_nothing_under_the_two_week_standard() -> None:
    rules = plan_rules([PPM2])
    assert list(rules) == ["contingency", "twin-tracked"]
    assert {rule.clauses for rule in rules.values()} == {("PPM2-2.6",)}
    assert {rule.strength for rule in rules.values()} == {Strength.WARNS}

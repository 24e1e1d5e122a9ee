"""Who a child is: which saying is in use, who says otherwise, and what cannot be."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.domain import identity
from core.domain.identity import (
    BY_CODE,
    SSDA903,
    UNSOURCED,
    fault,
    part_of,
    values_in_use,
    with_unsourced,
)
from core.domain.record.statements import Statement

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, 0)


def said(number: int, field: str, value: str, year: int | None = None, **more: object) -> Statement:
    if year is None:
        return Statement(number, field, value, by="A worker", as_at=ON, stated_at=AT, **more)  # type: ignore[arg-type]
    return Statement(
        number, field, value, file="h.csv", format=SSDA903, as_at=date(year, 3, 31), **more
    )  # type: ignore[arg-type]


def test_what_was_typed_stands_over_every_file_and_the_file_says_otherwise() -> None:
    part = part_of(
        BY_CODE["sex"], [said(1, "sex", "M", 2026), said(2, "sex", "F"), said(3, "sex", "M", 2025)]
    )
    assert (part.value, part.typed) == ("F", True)
    assert [s.id for s in part.disagree] == [1]
    assert [s.id for s in part.earlier] == [3]
    assert part.file_says is not None and part.file_says.id == 1


def test_of_one_file_the_first_that_was_stored_is_in_use_and_of_files_the_latest_day() -> None:
    found = [said(5, "upn", "B", 2026), said(4, "upn", "C", 2026), said(9, "upn", "A", 2025)]
    assert values_in_use(found) == {"upn": "C"}
    assert [s.id for s in part_of(BY_CODE["upn"], found).disagree] == [5]


def test_a_code_of_an_older_list_does_not_disagree_with_the_same_in_the_new() -> None:
    part = part_of(BY_CODE["sex"], [said(1, "sex", "1", 2024), said(2, "sex", "M")])
    assert part.disagree == ()
    assert [s.id for s in part.agree] == [1]


@pytest.mark.parametrize(
    ("statements", "born", "expected"),
    [
        ([said(1, "expected", "2027-03-04")], date(2027, 3, 4), True),
        (
            [said(1, "expected", "2027-03-04"), said(2, "born", "2027-03-01")],
            date(2027, 3, 1),
            False,
        ),
        ([said(1, "expected", "2027-03-04"), said(2, "born", "")], date(2027, 3, 4), True),
        ([said(1, "born", "")], None, False),
    ],
)  # fmt: skip
def test_a_birth_takes_the_place_of_the_date_expected(
    statements: list[Statement], born: date | None, expected: bool
) -> None:
    assert values_in_use(statements) == {"born": born, "birth_expected": expected}


def test_what_nobody_says_is_left_alone() -> None:
    found = [said(1, "sex", "F"), said(2, "upn", "A", 2026), said(3, "sibling_group", "")]
    assert values_in_use(found) == {"sex": "F", "upn": "A", "sibling_group": None}


def test_a_value_without_a_source_gives_way_to_every_other() -> None:
    found = with_unsourced([said(1, "sex", "F", 2020)], {"sex": "M", "given_name": "Orlin"})
    assert [(s.field, s.format) for s in found if s.id == 0] == [("given_name", UNSOURCED)]
    both = (*found, Statement(9, "sex", "M", format=UNSOURCED))
    assert part_of(BY_CODE["sex"], both).value == "F"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sex", "X", "choose one"),
        ("born", "2026-11-24", "today or in the past"),
        ("expected", "2029-01-01", "within a year"),
        ("upn", "A-1", "12 digits"),
        ("upn", "A" * 13, "12 digits"),
        ("family_name", "x" * 101, "100 characters"),
        ("languages", "x" * 201, "200 characters"),
    ],
)
def test_what_cannot_be_is_said_with_how_to_mend_it(field: str, value: str, words: str) -> None:
    assert words in fault(BY_CODE[field], value, ON)
    assert fault(BY_CODE[field], "", ON) == ""


@pytest.mark.parametrize("value", ["A123456789012", "B12345678901C", "UN1", "UN5"])
def test_a_pupils_number_of_each_shape_is_taken(value: str) -> None:
    assert fault(BY_CODE["upn"], value, ON) == ""


def test_every_part_is_given_whether_or_not_anybody_says_anything() -> None:
    assert list(identity.parts([])) == [field.code for field in identity.FIELDS]

"""What a file says again takes the place of what the same kind of file said, of the same id."""

from __future__ import annotations

from datetime import date

from core.domain.record.statements import Source, said_again

ON = date(2026, 9, 30)
OWN: Source = ("", "given_name", "annex-a-8", ON)
OTHER: Source = ("0102", "given_name", "annex-a-8", ON)


def test_what_differs_takes_the_place_of_what_was_said() -> None:
    assert said_again({OWN: ["Ann"]}, [(OWN, "Anna", 1)]) == ([(OWN, "Ann")], [1])


def test_what_was_said_already_is_not_said_again() -> None:
    assert said_again({OWN: ["Anna"]}, [(OWN, "Anna", 1)]) == ([], [])


def test_of_another_id_both_stand_whether_they_differ_or_not() -> None:
    there = [(OWN, "Anna", 1)]
    assert said_again({OTHER: ["Ben"]}, there) == ([(OTHER, "Ben")], [])
    assert said_again({OTHER: ["Anna"]}, there) == ([(OTHER, "Anna")], [])


def test_another_day_or_kind_of_file_replaces_nothing() -> None:
    later = ("", "given_name", "annex-a-8", date(2026, 10, 31))
    case_list = ("", "given_name", "case-list", ON)
    there = [(later, "Anna", 1), (case_list, "Anna", 2)]
    assert said_again({OWN: ["Ann"]}, there) == ([(OWN, "Ann")], [])


def test_a_source_that_says_nothing_any_more_takes_back_what_it_said() -> None:
    assert said_again({OWN: []}, [(OWN, "Anna", 1), (OTHER, "Ben", 2)]) == ([], [1])

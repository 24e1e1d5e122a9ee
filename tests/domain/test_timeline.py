"""A timeline as at a day: what is there, what is drawn, its numbers and its ends."""

from __future__ import annotations

from datetime import date, timedelta

from core.domain.timeline import MEANS, Fact, Form, Lane, life

ON = date(2026, 11, 22)


def review(on: date) -> Fact:
    return Fact(Lane.REVIEW, on, Form.FULL, "Review held")


def stay(on: date, until: date | None = None, known: bool = True) -> Fact:
    return Fact(
        Lane.PLACEMENT, on, Form.BAR, "Foster care", "U6", lasts=True, until=until, known=known
    )


def test_what_came_after_the_day_is_not_there_and_what_ended_after_it_goes_on() -> None:
    facts = [
        stay(date(2026, 1, 5), date(2026, 12, 1)),
        review(date(2026, 11, 22)),
        review(date(2026, 11, 23)),
    ]
    found = [one.fact for one in life(facts, None, ON).facts]
    assert [(fact.on, fact.until) for fact in found] == [
        (date(2026, 1, 5), None),
        (date(2026, 11, 22), None),
    ]


def test_what_is_due_lies_ahead_and_beyond_a_year_is_in_the_list_alone() -> None:
    due = [
        Fact(Lane.CLOCK, on, Form.CLOCK, "Review due")
        for on in (date(2027, 2, 1), date(2027, 11, 22), date(2027, 11, 23))
    ]
    found = life([stay(date(2026, 1, 5)), *due], None, ON)
    assert [one.drawn for one in found.facts] == [True, True, True, False]
    assert found.last == date(2027, 11, 22)


def test_a_date_met_before_it_was_due_is_there_at_its_due_day() -> None:
    early = Fact(Lane.CLOCK, date(2026, 11, 24), Form.TICK, "First meeting due")
    found = life([early], None, ON)
    assert [(one.fact, one.drawn) for one in found.facts] == [(early, True)]


def test_what_ended_says_how_only_from_the_day_on_which_it_ended() -> None:
    over = Fact(
        Lane.CARE, date(2026, 1, 5), Form.BAR, "In care", lasts=True,
        until=ON, ending="; it ended: adopted",
    )  # fmt: skip
    said = [
        life([over], None, on).facts[0].fact.words
        for on in (date(2026, 11, 21), ON, date(2026, 12, 1))
    ]
    assert said == ["In care", "In care; it ended: adopted", "In care; it ended: adopted"]


def test_an_expected_birth_lies_ahead() -> None:
    expected = Fact(Lane.AGE, date(2027, 2, 1), Form.HOLLOW, "Birth expected", "birth expected")
    found = life([expected], None, ON)
    assert [one.fact.words for one in found.drawn] == ["Birth expected"]
    assert found.legend == ((Lane.AGE, Form.HOLLOW, "Expected birth"),)


def test_numbers_go_by_the_day_and_birthdays_are_among_them() -> None:
    found = life([review(date(2026, 3, 1)), stay(date(2024, 1, 5))], date(2016, 2, 29), ON)
    said = [(one.number, one.fact.words) for one in found.facts]
    assert said == [
        (1, "Foster care"),
        (2, "8th birthday"),
        (3, "9th birthday"),
        (4, "10th birthday"),
        (5, "Review held"),
    ]
    assert [number for number, _ in said] == list(range(1, len(said) + 1))
    days = [one.fact.on for one in found.facts]
    assert days == sorted(days)
    assert days[1:4] == [date(2024, 2, 29), date(2025, 3, 1), date(2026, 3, 1)]


def test_a_child_of_whom_little_is_known_has_a_picture_of_some_months() -> None:
    found = life([], None, ON)
    assert found.facts == () and found.first < ON < found.last
    assert (found.last - found.first) > timedelta(days=150)


def test_the_legend_names_every_shape_that_is_drawn_and_no_other() -> None:
    facts = [stay(date(2026, 1, 5)), review(date(2026, 3, 1))]
    found = life(facts, None, ON)
    assert found.legend == (
        (Lane.PLACEMENT, Form.BAR, "Placement"),
        (Lane.REVIEW, Form.FULL, "Review held"),
    )
    assert len({(lane, form) for lane, form in MEANS}) == len(MEANS)

"""Until when a match holds: which moves are to or with the matched carers, and which are not."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, dues, run, typed

from core.domain.care_days import Stretch
from core.domain.matched import over
from core.domain.securing import secured
from core.domain.settled import matches
from core.domain.tracking import track
from plugins.ppm_guidance import PROCEDURES

PPM2, _ = PROCEDURES
ON = "2024-05-01"
BEGAN = "2023-06-05"


def match(what: str) -> tuple[str, dict[str, str]]:
    return ("adoption", {}) if what == "adoption" else ("match", {"for": what})


def ended(what: str, *placements: Stretch, care: Stretch | str = BEGAN) -> date | None:
    kind, values = match(what)
    entry = typed(kind, matched_on=ON, **values)
    return over(entry, "matched_on", child(care, placements=placements, recorded=[entry]))


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize(
    ("what", "first", "stays"),
    [
        ("long-term-fostering", "U4", True),
        ("long-term-fostering", "U6", False),
        ("long-term-fostering", "K2", False),
        ("connected-fostering", "U3", True),
        ("connected-fostering", "U1", True),
        ("special-guardianship", "U3", True),
        ("adoption", "A5", True),
        ("adoption", "U5", True),
    ],
)
def test_where_the_placement_of_the_match_is_not_in_hand_the_next_one_tells(
    what: str, first: str, stays: bool
) -> None:
    """Only the files of later years are loaded: the row of the day of the match is in none."""
    assert (ended(what, run(first, "2024-05-20")) is None) is stays


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
def test_a_match_of_before_the_first_day_in_hand_secures_the_care_that_went_on() -> None:
    since = run("", "2024-05-20", known=False)
    entry = typed("match", **{"for": "long-term-fostering", "matched_on": ON})
    one = child(since, placements=[run("U4", "2024-05-20", known=False)], recorded=[entry])
    found = secured(one, since.start)
    assert found is not None and found.words == "a permanent match"
    assert track(one, dues(one, "plan-tracked", PPM2)).secured_on == date(2024, 5, 1)
    anew = child("2024-05-20", placements=[run("U4", "2024-05-20")], recorded=[entry])
    assert secured(anew, since.start) is None
    order = typed("proceedings", ended_on=ON, order="sgo")
    assert secured(child(since, recorded=[order]), since.start) is None


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize("code", ["U4", "U6"])
def test_a_placement_with_the_same_carers_is_no_move(code: str) -> None:
    """Their house, their agency or the code is another: RNE T or U."""
    first = run("U4", BEGAN, "2024-04-01")
    then = run("U4", "2024-04-01", "2024-09-02")
    assert ended("long-term-fostering", first, then) is None
    moved = run(code, "2024-09-02", "2025-01-06", same_carers=True)
    assert ended("long-term-fostering", first, then, moved) is None
    gone = run("U6", "2025-01-06")
    assert ended("long-term-fostering", first, then, moved, gone) == date(2025, 1, 6)


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
def test_the_carers_of_a_temporary_move_are_not_those_of_the_match() -> None:
    first = run("U4", BEGAN, "2024-09-02")
    after = run("U6", "2024-09-06", same_carers=True)
    assert ended("long-term-fostering", first, after) == date(2024, 9, 6)


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize(
    ("was", "later", "until"),
    [
        ("U4", [run("U4", "2024-05-20")], None),
        (
            "U4",
            [run("U4", "2024-05-20", "2024-09-02"), run("U4", "2024-09-02")],
            date(2024, 9, 2),
        ),
        ("U6", [run("U4", ON, "2024-09-02"), run("U4", "2024-09-02")], date(2024, 9, 2)),
        (
            "U6",
            [run("U6", "2024-05-20", "2024-09-02"), run("U4", "2024-09-02", same_carers=True)],
            None,
        ),
        ("U6", [run("U6", "2024-05-20", "2024-09-02"), run("U4", "2024-09-02")], date(2024, 5, 20)),
        ("U6", [run("U6", "2024-05-20")], date(2024, 5, 20)),
        (
            "U4",
            [run("K2", "2024-05-20", "2024-09-02"), run("U4", "2024-09-02")],
            date(2024, 5, 20),
        ),
    ],
)
def test_the_first_move_since_the_match_is_to_the_matched_carers(
    was: str, later: list[Stretch], until: date | None
) -> None:
    """If it is of that kind, or becomes so with the same carers; any other move ends the match."""
    first = run(was, BEGAN, later[0].start.isoformat())
    assert ended("long-term-fostering", first, *later) == until


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize(("was", "fostered", "placed"), [("U6", "U5", "A5"), ("U3", "U2", "A3")])
def test_fostering_by_the_adopters_leads_to_adoption_and_not_back(
    was: str, fostered: str, placed: str
) -> None:
    before = run(was, BEGAN, "2024-05-20")
    for_adoption = run(fostered, "2024-05-20", "2024-09-02")
    assert ended("adoption", before, for_adoption) is None
    assert ended("adoption", before, for_adoption, run(placed, "2024-09-02")) is None
    back = (run(placed, "2024-09-02", "2025-01-06"), run(fostered, "2025-01-06"))
    assert ended("adoption", before, for_adoption, *back) == date(2025, 1, 6)


@pytest.mark.clause("SI-2015-495")
def test_to_be_settled_a_move_between_long_term_placements_asks_for_a_match_anew() -> None:
    entry = typed("match", **{"for": "long-term-fostering", "matched_on": ON})
    moved = [run("U4", BEGAN, "2024-05-20"), run("U4", "2024-05-20")]
    one = child(BEGAN, placements=moved, recorded=[entry])
    assert secured(one, date(2023, 6, 5)) is not None
    (strict,) = matches(one)
    assert strict.end == date(2024, 5, 20)

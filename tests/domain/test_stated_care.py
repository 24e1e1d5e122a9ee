"""Care as lists state it: the start that returns lack, and a child of whom only lists tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.domain.care import care_on
from core.domain.child import ChildFacts
from core.domain.episode import Episode
from core.domain.periods import all_periods, status_runs
from core.domain.ssda903_rules import rule_words
from core.domain.stated_care import (
    START_BEFORE_BIRTH,
    STARTS_DIFFER,
    StatedCare,
    latest_first,
    with_starts,
)

ON = date(2026, 11, 23)
LISTED = date(2026, 9, 30)
FIRST = Episode(decom=date(2025, 6, 1), rne="L", ls="C2", cin="N1", place="U6", year=2027)


def child(
    *stated: StatedCare, episodes: tuple[Episode, ...] = (FIRST,), **more: object
) -> ChildFacts:
    return ChildFacts("0101", episodes, stated=latest_first(stated), **more)  # type: ignore[arg-type]


def listed(started: date | None, as_at: date = LISTED, **more: object) -> StatedCare:
    return StatedCare(as_at=as_at, started_on=started, **more)  # type: ignore[arg-type]


def test_an_unknown_start_is_filled_by_a_list_that_says_an_earlier_day() -> None:
    care = care_on(child(listed(date(2024, 2, 3))), ON)
    assert (care.became_looked_after, care.became_looked_after_known) == (date(2024, 2, 3), True)
    assert care.flags == () and care.legal_status_since_known is False
    same = care_on(child(listed(FIRST.decom)), ON)
    assert same.became_looked_after_known and same.legal_status_since_known


@pytest.mark.parametrize(
    "stated",
    [
        listed(date(2025, 7, 1)),
        listed(date(2024, 2, 3), as_at=date(2025, 3, 1)),
        listed(date(2024, 2, 3), ceased_on=date(2024, 12, 1)),
        listed(None),
    ],
)
def test_a_start_that_cannot_be_this_periods_leaves_it_unknown(stated: StatedCare) -> None:
    care = care_on(child(stated), ON)
    assert (care.became_looked_after, care.became_looked_after_known) == (FIRST.decom, False)


def test_a_known_start_stays_and_a_list_that_says_otherwise_is_flagged() -> None:
    known = replace(FIRST, rne="S")
    care = care_on(child(listed(date(2025, 5, 20)), episodes=(known,)), ON)
    assert care.became_looked_after == known.decom and care.became_looked_after_known
    assert care.flags == (STARTS_DIFFER,) and "different days" in rule_words(STARTS_DIFFER)
    assert care_on(child(listed(known.decom), episodes=(known,)), ON).flags == ()


def test_a_start_before_birth_is_flagged_and_not_used() -> None:
    born = date(2024, 6, 1)
    care = care_on(child(listed(date(2024, 2, 3)), births=(born,)), ON)
    assert not care.became_looked_after_known and care.flags == (START_BEFORE_BIRTH,)


def test_the_latest_list_is_believed_and_what_a_person_typed_before_it() -> None:
    two = (listed(date(2024, 2, 3), date(2025, 9, 30)), listed(date(2024, 3, 4)))
    assert care_on(child(*two), ON).became_looked_after == date(2024, 3, 4)
    typed = StatedCare(as_at=date(2020, 1, 1), format="", started_on=date(2024, 1, 1))
    assert care_on(child(*two, typed), ON).became_looked_after == date(2024, 1, 1)


def test_each_of_two_periods_takes_the_start_said_while_it_lasted() -> None:
    earlier = Episode(date(2020, 5, 1), "L", "V2", place="U6", dec=date(2021, 1, 1), rec="E4A")
    whole = child(
        listed(date(2019, 9, 1), date(2020, 9, 30)),
        listed(date(2024, 2, 3)),
        episodes=(earlier, FIRST),
    )
    first, second = with_starts(all_periods(whole.episodes), whole)
    assert (first.start, second.start) == (date(2019, 9, 1), date(2024, 2, 3))
    assert [run.start_known for run in status_runs(second)] == [False]


def test_a_child_without_episodes_is_as_the_list_has_it() -> None:
    stated = listed(
        date(2025, 2, 3),
        legal_status="C1",
        legal_status_since=date(2025, 9, 1),
        placement="T4",
        latest_review_on=date(2026, 1, 9),
    )
    care = care_on(child(stated, episodes=()), ON)
    assert (care.status, care.became_looked_after) == ("looked after", date(2025, 2, 3))
    assert (care.legal_status, care.placement, care.base_placement) == ("C1", "T4", None)
    assert care.in_proceedings is True and care.latest_review == date(2026, 1, 9)
    assert care.reviews == () and care.second_review is None
    assert care_on(child(stated, episodes=()), date(2025, 1, 1)).status == "no episodes"
    before = care_on(child(stated, episodes=()), date(2025, 5, 1))
    assert before.status == "looked after" and before.legal_status is None


def test_words_that_are_no_code_are_never_a_legal_status_or_a_placement() -> None:
    stated = listed(date(2025, 2, 3), legal_status="Supervision Order", placement="A tent")
    care = care_on(child(stated, episodes=()), ON)
    assert (care.status, care.legal_status, care.placement) == ("looked after", None, None)


def test_care_that_a_list_says_has_ceased_is_over_from_that_day() -> None:
    stated = listed(date(2025, 2, 3), ceased_on=date(2026, 8, 1), ceased_why="E4A")
    care = care_on(child(stated, episodes=()), ON)
    assert (care.status, care.ceased, care.ceased_reason) == ("ceased", date(2026, 8, 1), "E4A")
    assert care_on(child(stated, episodes=()), date(2026, 7, 1)).status == "looked after"


def test_a_child_gone_from_the_latest_list_is_stale_and_never_ended() -> None:
    gone = child(listed(date(2025, 2, 3)), episodes=(), listed_last=date(2026, 10, 31))
    care = care_on(gone, ON)
    assert care.status == "open but missing from latest file" and care.ceased is None
    assert care_on(gone, date(2026, 10, 1)).status == "looked after"


def test_a_list_of_adoptions_tells_a_start_and_no_status() -> None:
    adoption = StatedCare(as_at=LISTED, format="annex-a-10", started_on=date(2024, 2, 3))
    assert care_on(child(adoption, episodes=()), ON).status == "no episodes"
    assert care_on(child(adoption), ON).became_looked_after == date(2024, 2, 3)

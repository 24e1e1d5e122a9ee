"""What the record says on a meeting's day against hearing a child."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.domain.booked_child import (
    BookedChild,
    Heard,
    Joined,
    Said,
    against,
    birthday,
    twice,
    with_sources,
)
from core.domain.child import ChildFacts
from core.domain.episode import Episode, RowSource, Typed
from core.domain.stated_care import StatedCare

PANEL = date(2027, 3, 4)
HEARD = Heard(PANEL, "the panel")
SINCE = date(2026, 1, 5)


def episode(dec: date | None = None, rec: str = "", **more: object) -> Episode:
    since = more.pop("since", SINCE)
    return Episode(since, "S", "C2", place="U6", dec=dec, rec=rec, **more)  # type: ignore[arg-type]


def child(*episodes: Episode, born: date | None = date(2019, 5, 4), **more: object) -> BookedChild:
    facts = ChildFacts("0101", episodes=episodes)
    return BookedChild(1, "abc", "Orlin Thistlewick", born, facts=facts, **more)  # type: ignore[arg-type]


def said(one: BookedChild, heard: Heard = HEARD) -> list[str]:
    return [found.message for found in against(one, heard)]


def test_nothing_is_said_of_a_child_who_is_looked_after() -> None:
    assert said(child(episode())) == []
    assert said(child()) == []
    assert said(BookedChild(1, "abc", "Orlin")) == []


@pytest.mark.parametrize(
    ("until", "rec", "words"),
    [
        (date(2027, 3, 3), "E4A", "Ceased to be looked after on 3 March 2027: returned home, as"),
        (PANEL, "E4A", "Ceased to be looked after on 4 March 2027: returned home, as planned"),
        (date(2027, 3, 3), "E2", "Died on 3 March 2027"),
    ],
)
def test_care_that_has_ended_by_the_meeting_is_said(until: date, rec: str, words: str) -> None:
    (found,) = against(child(episode(until, rec)), HEARD)
    assert found.message.startswith(words)
    assert found.fact_on == until


def test_care_that_ends_after_the_meeting_or_begins_again_before_it_is_not() -> None:
    assert said(child(episode(date(2027, 3, 5), "E4A"))) == []
    again = episode(since=date(2027, 2, 1))
    assert said(child(episode(date(2027, 1, 8), "E4A"), again)) == []


def test_it_is_asked_as_at_the_meeting_not_today() -> None:
    one = child(episode(date(2027, 3, 3), "E4A"))
    assert said(one, Heard(date(2027, 3, 2), "the panel")) == []


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2009, 3, 2), ["Turns 18 on 2 March 2027, before the panel of 4 March 2027"]),
        (date(2009, 3, 4), ["Turns 18 on 4 March 2027, the day of the panel"]),
        (date(2009, 3, 5), []),
        (None, []),
    ],
)
def test_eighteen_by_the_meeting_is_said(born: date | None, words: list[str]) -> None:
    assert said(child(episode(), born=born)) == words


def test_a_birth_that_is_expected_gives_no_age() -> None:
    assert said(child(born=date(2009, 3, 2), birth_expected=True)) == []


def test_a_birthday_on_29_february() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


def test_two_records_of_one_child_are_said_from_the_referral_on() -> None:
    one = child(episode(), joined=(Joined("0999", datetime(2027, 2, 1, 9)),))
    heard = Heard(PANEL, "the panel", datetime(2027, 1, 20))
    assert said(one, heard)[0].startswith("The record 0999 was found to be of the same child on")
    assert said(one, Heard(PANEL, "the panel", datetime(2027, 2, 2))) == []


def test_a_child_in_two_cases_of_one_agenda_is_said_in_both() -> None:
    one, other = child(episode()), BookedChild(2, "def", "Perrin")
    assert [case for case, _ in twice([(7, one), (8, other), (9, one)])] == [7, 9]
    assert twice([(7, one), (8, other)]) == ()


def test_where_it_stands_is_said_in_brackets() -> None:
    file = child(episode(date(2027, 3, 3), "E4A", source=RowSource("000000000007", 12)))
    typed = child(episode(date(2027, 3, 3), "E4A", typed=Typed(by=5)))
    stated = StatedCare(PANEL, "", started_on=SINCE, ceased_on=date(2027, 3, 3), ceased_why="E4A")
    listed = BookedChild(1, "abc", "O", facts=ChildFacts("0101", stated=(stated,)))
    words = {
        Said(RowSource("000000000007", 12)): "from episodes.csv, line 12",
        Said(by=5, typed=True): "typed by Ada",
        Said(typed=True): "typed into the record",
    }
    for one, where in zip((file, typed, listed), words.values(), strict=True):
        (found,) = with_sources(against(one, HEARD), lambda source: words.get(source, ""))
        assert found.message.endswith(f"({where})")


def test_a_finding_warns_and_can_name_the_child() -> None:
    (found,) = against(child(episode(date(2027, 3, 3), "E2")), HEARD)
    assert not found.finding().blocks
    assert found.finding(named=True).message == "Orlin Thistlewick: died on 3 March 2027"

"""A figure that the authority has set holds where cases are accepted, tabled and decided."""

from __future__ import annotations

from datetime import date

import pytest
from builders.house import AT, House
from builders.referred import accepted, registry
from flask import Flask

from core.domain.finding import Refused, blocking
from core.store import items
from core.store.database import db
from core.usecases import local_figures, tabling
from core.usecases.standing import Standing, standing

PANEL, NEXT = date(2026, 12, 1), date(2026, 12, 8)
MOST, TIMING = "TOY/permanence-panel/most-cases/most", "TOY/permanence-panel/case-timing/minutes"
MEMBERS = "TOY/permanence-panel/most-members/most"


@pytest.fixture
def toyshire(app: Flask) -> House:
    """An authority whose procedure lays down neither how many cases nor how long."""
    return House(app, date(2026, 11, 23), "TOY", "toyshire")


def put(house: House, key: str, typed: str, since: date = PANEL) -> None:
    scope, known = house.scope("authority.administrator"), registry(house)
    seen = local_figures.standing(scope, known, key).seen
    local_figures.set_figure(scope, known, key, typed, since, "Agreed", seen, AT)


def stands(house: House, meeting_id: int) -> Standing:
    found = standing(house.scope("panel.chair"), registry(house), meeting_id)
    db.session.rollback()
    return found


def test_without_a_figure_every_case_finds_a_place(toyshire: House) -> None:
    _, meeting = toyshire.meeting(PANEL)
    queued = [accepted(toyshire, meeting, toyshire.child(f"070{n}")[1])[1].queued for n in range(3)]
    assert queued == [False, False, False]


def test_the_most_cases_of_the_meetings_day_hold_when_the_chair_accepts(toyshire: House) -> None:
    put(toyshire, MOST, "1")
    _, meeting = toyshire.meeting(PANEL)
    first = accepted(toyshire, meeting, toyshire.child("0701")[1])[1]
    second = accepted(toyshire, meeting, toyshire.child("0702")[1])[1]
    assert (first.queued, second.queued) == (False, True)


def test_a_figure_of_a_later_day_does_not_hold_at_an_earlier_meeting(toyshire: House) -> None:
    put(toyshire, MOST, "1", NEXT)
    _, meeting = toyshire.meeting(PANEL)
    for number in range(2):
        stood = accepted(toyshire, meeting, toyshire.child(f"070{number}")[1])[1]
        assert not stood.queued


def test_none_is_tabled_for_a_meeting_that_is_full_by_the_figure(toyshire: House) -> None:
    put(toyshire, MOST, "1", NEXT)
    meeting_id, meeting = toyshire.meeting(PANEL)
    _, later = toyshire.meeting(NEXT)
    accepted(toyshire, later, toyshire.child("0701")[1])
    accepted(toyshire, meeting, toyshire.child("0702")[1])
    (item,) = items.of_meeting(toyshire.whole, meeting_id)
    db.session.rollback()
    chair = toyshire.scope("panel.chair")
    with pytest.raises(Refused) as refused:
        tabling.table_case(chair, registry(toyshire), item.public_id, later, "Not reached", AT)
    (finding,) = refused.value.findings
    assert finding.message == (
        "The agenda is full: at most 1 case is presented at one meeting (set by the authority)"
    )
    assert finding.clauses == ()


def test_time_and_most_members_stand_in_the_meeting_without_a_clause(toyshire: House) -> None:
    put(toyshire, TIMING, "5,10,5")
    put(toyshire, MEMBERS, "1")
    meeting_id, _ = toyshire.meeting(PANEL)
    earlier_id, _ = toyshire.meeting(date(2026, 11, 24))
    now = stands(toyshire, meeting_id)
    assert now.body.timing is not None
    assert (now.body.timing.minutes, now.body.timing.clauses) == (20, ())
    assert [rule.code for rule in now.body.membership if rule.local] == ["most-members"]
    assert not any(finding.code == "most-members" for finding in blocking(now.findings))
    before = stands(toyshire, earlier_id)
    assert before.body.timing is None

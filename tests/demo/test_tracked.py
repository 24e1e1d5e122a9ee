"""The demo has a child in each state of a plan between meetings, where those are watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders.house import AT, House
from builders.reckoned import registry
from builders.two_weeks import in_care, two_week, whole
from conftest import TODAY

from core.store import tracking
from core.store.database import db
from core.store.tracking import Show, Wanted
from demo import tracked
from demo.children import MadeUpChild
from demo.lives import make_children

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    yield from two_week(tmp_path, database_url, TODAY)


def made_up(house: House, since: date) -> tuple[MadeUpChild, ...]:
    """One child of the house for each state, as the generator would have made them."""
    found = (
        one
        for one in make_children(903, TODAY, 300)
        if one.plan is None and one.episodes and one.episodes[-1].dec is None
    )
    manager = "team.manager@bexley.example"
    some = []
    for number, one in zip(range(len(tracked.STATES)), found, strict=False):
        local = f"05{number:02}"
        in_care(house, local, f"Wren{number}", since)
        care = (replace(one.episodes[0], decom=since, rne="S", dec=None),)
        some.append(replace(one, local_id=local, team_manager=manager, episodes=care))
    return tuple(some)


def test_there_is_a_child_in_each_state(house: House) -> None:
    children = made_up(house, date(2026, 8, 3))
    people = {"team.manager@bexley.example": house.accounts["team.manager"]}
    scope = whole(house)
    written = tracked.write(scope, registry(house), people, children, TODAY, lambda: AT)
    assert written == len(tracked.STATES) == len(children)
    manager = house.scope("team.manager")
    codes = [one.suggestion.code for one in tracking.suggested(manager)]
    page = tracking.listed(manager, Wanted(Show.TRACKED))
    differing = tracking.listed(manager, Wanted(Show.TRACKED, differs=True))
    db.session.rollback()
    # All are under section 20: a slipped step is drift. One was answered for what is no drift.
    assert {"plan-changed", "section-20-drift"} <= set(codes)
    assert (page.total, differing.total) == (len(children), 1)
    assert sum(row.track.tracked_on is not None for row in page.rows) == 1


def test_an_authority_that_has_no_plans_watched_gets_none(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    assert tracked.write(whole(other), registry(other), {}, (), TODAY, lambda: AT) == 0
    db.session.rollback()

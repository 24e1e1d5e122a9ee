"""The fake national return of 2017-18, where it is there: counts, time and the derivation."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from core.domain.care import care_on, facts_json
from core.imports.ssda903 import Return903, read_return, source_files

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903-2018"
FILES = ("header.csv", "episodes.csv", "reviews.csv", "uasc.csv", "placed_for_adoption.csv")


@pytest.fixture(scope="module")
def fake_return() -> Return903:
    if not DATA.is_dir():
        pytest.skip("the shared SSDA903 data is not beside the project")
    return read_return(source_files(DATA / name for name in FILES))


def test_the_five_files_give_exactly_their_children_and_episodes(fake_return: Return903) -> None:
    counts = fake_return.counts
    assert (counts.children, counts.episodes, counts.reviews) == (2675, 5050, 12582)
    assert (counts.without_episodes, counts.uasc, counts.adoption_decisions) == (552, 132, 29)
    assert (counts.errors, fake_return.year) == (0, 2018)


def test_every_open_episode_is_flagged_148(fake_return: Return903) -> None:
    opened = {row.line for row in fake_return.episodes if row.fact.dec is None}
    flagged = {p.line for p in fake_return.problems if p.rule == "148"}
    assert flagged == opened and len(opened) == 1413


def test_every_child_has_a_status_and_552_have_no_episodes(fake_return: Return903) -> None:
    on = date(2018, 3, 31)
    care = [care_on(facts, on, {2018}) for facts in fake_return.child_facts()]
    statuses = Counter(facts.status for facts in care)
    assert statuses["no episodes"] == 552 and sum(statuses.values()) == 2675
    for facts in care:
        shape = facts_json(facts)
        start = facts.periods[-1].episodes[0] if facts.periods else None
        assert shape["became_looked_after_known"] is (start is not None and start.rne == "S")
        assert (facts.ceased is not None) is (facts.status == "ceased")


def test_the_whole_folder_loads_the_same_children_and_leaves_the_rest() -> None:
    if not DATA.is_dir():
        pytest.skip("the shared SSDA903 data is not beside the project")
    result = read_return(source_files([DATA]))
    assert (result.counts.children, result.counts.episodes) == (2675, 5050)
    assert {left.table for left in result.left} == {
        "OC2", "OC3", "Missing", "SWEpisodes", "DoLo",
    }  # fmt: skip
    disagree = [p for p in result.problems if p.rule == "disagree"]
    assert disagree and {p.file for p in disagree} == {"placed_for_adoption_errors.csv"}

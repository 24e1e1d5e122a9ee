"""The bodies to which each authority refers a child, in the running app under its own names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders.elsewhere import other_authorities
from builders.house import AT, House
from builders.reading import get, words
from conftest import TODAY
from flask import Flask

from core.domain.forums import FORUMS, SORTS
from core.domain.procedure.vocabulary import CODES
from core.usecases import record_new
from plugins import bcp, bexley, somerset

ADOPTION = {"primary": "adoption", "contingencies": "sgo", "identified_on": "2026-10-02"}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with other_authorities(tmp_path, database_url) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


@pytest.fixture
def of(app: Flask) -> Callable[[str, str], House]:
    return lambda code, slug: House(app, TODAY, code, slug)


def refer(house: House, child: str, forum: str, asked: str) -> tuple[int, str]:
    on = {"made_on-day": "20", "made_on-month": "11", "made_on-year": "2026"}
    answer = house.client("social.worker").post(
        f"/children/{child}/refer-on", data={"forum": forum, "asked": asked, **on}
    )
    return answer.status_code, answer.text if answer.status_code == 422 else answer.location


@sqlite
@pytest.mark.clause("SOM-1.2")
def test_somerset_refers_to_its_tracking_meeting_and_gateway_panels_and_names_its_documents(
    of: Callable[[str, str], House],
) -> None:
    house = of("SOM", "somerset")
    _, child = house.child()
    form = words(get(house, f"/children/{child}/refer-on"))
    for title in ("Legal Tracking Meeting", "Area Gateway Panel", "County Gateway Panel"):
        assert title in form
    status, address = refer(house, child, "county-gateway-panel", "Is the threshold met?")
    assert status == 303
    page = words(get(house, address))
    assert "Referral to County Gateway Panel" in page and "SOM-1.2" in page
    assert "Threshold met: issue proceedings" in page
    assert "County Gateway Panel" in words(get(house, "/onward"))
    assert "The documents with which this guidance is read" in get(house, "/procedures/SOM")
    documents = get(house, "/procedures/SOM/statements/read-with")
    for named in ("Looked After Reviews", "Practice Framework Document (Permanence Pathway)"):
        assert named in documents


@sqlite
@pytest.mark.clause("PPM2-2.7")
def test_who_follows_the_two_week_standard_books_for_the_decision_maker_after_a_meeting(
    of: Callable[[str, str], House],
) -> None:
    house = of("SOM", "somerset")
    _, child = house.child()
    record_new.add(house.scope("social.worker"), child, "plan", ADOPTION, AT)
    assert "Agency Decision Maker" in get(house, f"/children/{child}/refer-on")
    status, page = refer(house, child, "agency-decision-maker", "Should the child be placed?")
    assert status == 422 and "No permanence planning meeting was held" in page
    assert "/clauses/PPM2-2.7" in page


@sqlite
@pytest.mark.clause("BCP-1.5")
def test_bcp_refers_to_the_three_bodies_that_its_terms_name(
    of: Callable[[str, str], House],
) -> None:
    house = of("BCP", "bcp")
    _, child = house.child()
    form = words(get(house, f"/children/{child}/refer-on"))
    for title in (
        "Accommodation Pathway Panel (over 17)",
        "Legal Gateway Meeting",
        "Placement and Resource Panel",
    ):
        assert title in form
    status, address = refer(house, child, "placement-and-resource-panel", "Fund the placement")
    assert status == 303 and "BCP-1.5" in get(house, address)


@sqlite
def test_a_referral_to_the_gateway_meeting_without_a_recommendation_is_refused_with_its_clause(
    of: Callable[[str, str], House],
) -> None:
    house = of("BCP", "bcp")
    _, child = house.child()
    status, page = refer(house, child, "legal-gateway-meeting", " ")
    assert status == 422
    assert "Enter a clear recommendation" in page and "/clauses/BCP-6.1" in page
    assert refer(house, child, "legal-gateway-meeting", "Issue proceedings")[0] == 303


def test_every_forum_of_the_vocabulary_and_of_the_plugins_gives_answers() -> None:
    assert set(CODES["Forum"]) == set(FORUMS)
    assert {sort.answers for sort in FORUMS.values()} <= set(SORTS)
    for plugin in (somerset, bcp, bexley):
        for forum in plugin.PROCEDURE.forums:
            assert forum.title and forum.code in FORUMS

"""A meeting that ends an agreed plan says so before it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.with_law import with_law
from flask import Flask

from core.domain.finding import Finding, Strength
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import planning
from core.usecases import planning_closing, planning_options
from core.usecases.record_new import add

OPTIONS = {
    "reunification": "yes",
    "reunification-why": "Both parents were assessed",
    "family-meeting-why-not": "The family did not agree to one",
    "option-connected-fostering-conclusion": "supported",
    "option-connected-fostering-why": "His aunt was assessed",
    "option-cao-conclusion": "considered",
    "option-cao-why": "Later",
}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


def ends(house: House, primary: str, contingency: str, **more: str) -> list[Finding]:
    """What is said of the end of an agreed plan, where the meeting chooses this."""
    _, child = house.child()
    agreed = {"primary": "connected-fostering", "contingencies": "cao", "state": "agreed",
              "identified_on": "2026-09-20", "agreed_by": "IRO", **more}  # fmt: skip
    scope = house.scope("social.worker")
    add(scope, child, "plan", agreed, AT)
    meeting = booked(house, child, date(2026, 11, 23), AT)
    registry: Registry = house.app.extensions["permanence"].registry
    chosen = {**OPTIONS, "plan-primary": primary, "plan-contingencies": contingency}
    answers = {Place(name): value for name, value in chosen.items()}
    saved = planning_options.save(scope, registry, meeting, answers, {}, AT)
    assert not saved.findings, saved.findings
    row = planning.find(house.whole, meeting)
    assert row is not None
    closing = planning_closing.looked_at(scope, registry, row)
    return [one for one in closing.beside if one.message.startswith("This ends")]


def test_other_contingencies_end_an_agreed_plan_and_it_is_said(house: House) -> None:
    before = {"contingencies": "sgo", "agreed_on": "2026-10-20"}
    (found,) = ends(house, "connected-fostering", "cao", **before)
    assert found.message == (
        "This ends the plan agreed on 20 October 2026; the new one is to be agreed anew"
    )
    assert found.strength is Strength.WARNS and found.field == "plan-contingencies"


def test_another_primary_option_ends_an_agreed_plan_and_it_is_said(house: House) -> None:
    (found,) = ends(house, "cao", "connected-fostering", agreed_on="2026-10-20")
    assert found.message.startswith("This ends the plan agreed on 20 October 2026;")
    assert found.field == "plan-primary"


@pytest.mark.parametrize("contingency", ["", "cao"])
def test_nothing_is_said_where_the_agreed_plan_goes_on(house: House, contingency: str) -> None:
    assert ends(house, "connected-fostering", contingency, agreed_on="2026-10-20") == []

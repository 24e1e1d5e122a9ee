"""The demo has planning meetings in every state in both authorities, whatever the day is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.with_law import WITH_LAW
from conftest import TODAY, settings
from flask import Flask

import plugins.somerset
from core.app import create_app
from core.domain.connected_people import connected_on
from core.domain.planning_options import PRIMARY, option_field
from core.domain.procedure.forms import Place
from core.store import (
    accounts,
    answers,
    authorities,
    open_actions,
    planning,
    planning_guests,
    record,
)
from core.store.database import db
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.store.tables import Account, Child
from core.usecases import plan_approving, plan_standing
from demo import loading, meetings_planned
from demo.lives import make_children

AT = datetime(2026, 11, 23, 9)
SORTS = {
    "today", "today-all-out", "journey", "held", "young", "evidence", "due", "tracking",
    "not-on-file", "half",
}  # fmt: skip
DAYS = (TODAY, date(2025, 5, 7), date(2027, 1, 2), date(2028, 2, 29))
Way = list[PlanningRow]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Flask]:
    """The demo, made once: what is asked of it is only read."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_sqlite, folder / "demo.sqlite3")
    chosen = replace(settings(folder, f"sqlite:///{folder / 'demo.sqlite3'}"), today=TODAY)
    made = create_app(chosen, {**WITH_LAW, "somerset": plugins.somerset})
    with made.app_context():
        registry = made.extensions["permanence"].registry
        loading.load(chosen, registry, TODAY, lambda: AT, 240, 903)
        db.session.rollback()
        yield made
        db.session.remove()
        db.engine.dispose()


def whole(code: str) -> Scope:
    row = authorities.by_code(code)
    assert row is not None
    return Scope.of_authority(row.id, TODAY)


def ways(scope: Scope) -> list[Way]:
    """The planning meetings of each child who has any, in their order."""
    ids = db.session.scalars(sa.select(Child.id).where(Child.authority_id == scope.authority_id))
    found = [planning.of_child(scope, child_id) for child_id in ids.all()]
    return [way for way in found if way]


def as_(scope: Scope, role: str, slug: str) -> Scope:
    of = sa.select(Account.id).where(Account.email == f"{role}@{slug}.example")
    return accounts.scope_of(scope, db.session.scalars(of).one(), TODAY)


@pytest.fixture(autouse=True)
def let_go(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()


@pytest.mark.parametrize("today", DAYS)
def test_on_any_day_there_is_a_child_for_every_sort(today: date) -> None:
    bexley = make_children(903, today, 240)
    chosen = meetings_planned.choose(bexley, today)
    assert set(chosen) == SORTS
    assert len({child.local_id for child in chosen.values()}) == len(SORTS)


@pytest.mark.parametrize("code", ["BEX", "SOM"])
def test_meetings_are_booked_under_way_and_held(app: Flask, code: str) -> None:
    found = ways(whole(code))
    rows = [row for way in found for row in way]
    assert sum(row.open and row.held_on == TODAY for row in rows) == 2
    assert sum(row.open and row.held_on > TODAY for row in rows) >= 2
    assert any(len(way) == 3 and all(row.held for row in way) for way in found)
    held = [row for row in rows if row.held]
    assert [TODAY - row.held_on for row in held if row.filed_on is None] == [timedelta(days=10)]
    week = timedelta(days=7)
    assert any(
        row.held and week < TODAY - row.held_on < 2 * week and row.filed_on is None for row in rows
    )


@pytest.mark.parametrize("code", ["BEX", "SOM"])
def test_the_two_of_today_differ_in_who_may_care(app: Flask, code: str) -> None:
    scope = whole(code)
    today = [row for way in ways(scope) for row in way if row.open and row.held_on == TODAY]
    may = []
    for row in today:
        found = connected_on(record.entries(scope, row.child_id), TODAY)
        may.append(len(found.left))
        assert len(found.people) == 2
        said = answers.load(scope, row.case_id)
        assert said[Place(option_field("return-home", "conclusion"))].value == "considered"
        assert Place(PRIMARY) not in said
    assert sorted(may) == [0, 1]


@pytest.mark.parametrize("code", ["BEX", "SOM"])
def test_one_was_held_nine_weeks_ago_and_its_actions_were_rolled(app: Flask, code: str) -> None:
    scope = whole(code)
    (way,) = [
        way for way in ways(scope) if len(way) == 3 and way[-1].held_on > TODAY and way[-1].open
    ]
    carried = open_actions.of_planning(scope, way[-1])
    assert {action.rolled for action in carried} == {0, 1}
    assert any(action.due < TODAY for action in carried)
    entries = record.entries(scope, way[-1].child_id)
    kinds = {entry.kind for entry in entries if entry.stands}
    assert {"plan", "plan-option", "plan-step"} <= kinds


@pytest.mark.parametrize("code", ["BEX", "SOM"])
def test_one_is_half_prepared(app: Flask, code: str) -> None:
    scope = whole(code)
    ahead = [row for way in ways(scope) for row in way if row.open and row.held_on > TODAY]
    guests = {row.id: planning_guests.of_meeting(scope, row.id) for row in ahead}
    (half,) = [row for row in ahead if any(guest.views_on for guest in guests[row.id])]
    assert any(guest.why_not for guest in guests[half.id])
    assert any(guest.invited for guest in guests[half.id])
    views = record.entries(scope, half.child_id, "view")
    forms = {view.value("how") for view in views if view.stands}
    assert {"drawn", "written", "advocate", "told", "not-given"} <= forms
    assert any(view.value("paper") for view in views)


def test_a_plan_under_seven_waits_for_the_head_of_service(app: Flask) -> None:
    scope = as_(whole("BEX"), "head.of.service", "bexley")
    waits = plan_approving.waiting(scope, app.extensions["permanence"].registry)
    assert len([one for one in waits if one.step.rule.code == "fostering-young"]) == 2


def test_nothing_is_recorded_as_agreed_that_lacks_its_approval(app: Flask) -> None:
    registry = app.extensions["permanence"].registry
    approved = 0
    for code in ("BEX", "SOM"):
        scope = whole(code)
        children = db.session.scalars(
            sa.select(Child.id).where(Child.authority_id == scope.authority_id)
        ).all()
        for child_id in children:
            entries = record.entries(scope, child_id)
            how = plan_standing.of_plan(scope, registry, child_id)
            words = how.words if how is not None else ()
            assert not any("Recorded as agreed" in one for one in words), (code, child_id)
            approved += any(one.value("answer") == "given" for one in entries)
    assert approved


def test_a_return_home_at_16_or_17_waits_for_the_assistant_director(app: Flask) -> None:
    scope = as_(whole("SOM"), "assistant.director", "somerset")
    waits = plan_approving.waiting(scope, app.extensions["permanence"].registry)
    assert [one.step.rule.code for one in waits] == ["home-accommodated"]


def test_a_final_care_planning_meeting_is_booked_and_one_is_asked_for(app: Flask) -> None:
    scope = whole("BEX")
    rows = [row for way in ways(scope) for row in way]
    (final,) = [row for row in rows if row.body_code == meetings_planned.FINAL]
    assert final.open and final.held_on > TODAY
    ids = db.session.scalars(sa.select(Child.id).where(Child.authority_id == scope.authority_id))
    soon = [
        child_id
        for child_id in ids.all()
        for entry in record.entries(scope, child_id, "proceedings")
        if (on := entry.day("final_evidence_on")) and TODAY < on <= TODAY + timedelta(days=28)
    ]
    assert set(soon) > {final.child_id}


def test_plans_are_tracked_in_somerset(app: Flask) -> None:
    scope = whole("SOM")
    ids = db.session.scalars(sa.select(Child.id).where(Child.authority_id == scope.authority_id))
    kinds = [entry.kind for child_id in ids.all() for entry in record.entries(scope, child_id)]
    assert {"plan-tracked", "no-further-ppm", "care-plan-aim"} <= set(kinds)
    assert kinds.count("return-home") >= 1


def test_the_demo_names_last_whose_planning_meeting_is_under_way(app: Flask) -> None:
    said = list(loading.accounts(TODAY))
    named = [line.strip() for line in said[said.index("Whose planning meeting is under way") + 1 :]]
    assert any(email.endswith("@bexley.example") for email in named)
    for email in named:
        role, _, place = email.partition("@")
        scope = whole({"bexley": "BEX", "somerset": "SOM"}[place.removesuffix(".example")])
        asker = as_(scope, role, place.removesuffix(".example"))
        assert [row.held_on for row in planning.not_closed(asker, TODAY)].count(TODAY) >= 1, email
    assert not planning.not_closed(whole("BEX"), TODAY - timedelta(days=300))

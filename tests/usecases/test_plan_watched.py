"""What is watched of a plan as people type: kept beside the dates, gone when a reason is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders.acted import registry
from builders.house import AT, House
from builders.reckoned import same_as_from_nothing, up_to_date
from builders.two_weeks import PLAN, in_care, met, moved, planned, said, step, two_week, whole
from conftest import TODAY

from core.domain.finding import Refused
from core.domain.tracking import Track
from core.store import record, tracking
from core.store.database import db
from core.usecases import local_figures
from core.usecases.record import correct, take_out
from core.usecases.record_new import add


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    yield from two_week(tmp_path, database_url, TODAY)


def track(house: House, child_id: int) -> Track:
    found = tracking.of_child(whole(house), child_id)
    db.session.rollback()
    return found


def suggested(house: House, child_id: int) -> list[tuple[str, date, str]]:
    scope = house.scope("social.worker")
    found = [(one.code, one.since, one.of) for one in tracking.suggested_of(scope, child_id)]
    db.session.rollback()
    return found


@pytest.mark.clause("PPM2-2.4")
def test_a_plan_that_is_tracked_is_due_again_six_weeks_later(house: House) -> None:
    child_id, child = in_care(house)
    met(house, child, "2026-10-12")
    assert track(house, child_id).tracked_due == date(2026, 11, 23)
    said(house, child, "plan-tracked", tracked_on="2026-11-20", words="The aunt is assessed")
    now = track(house, child_id)
    assert (now.tracked_on, now.tracked_due) == (date(2026, 11, 20), date(2027, 1, 1))
    same_as_from_nothing(house)
    assert track(house, child_id) == now


@pytest.mark.clause("PPM2-2.4", "PPM2-4.2")
@pytest.mark.parametrize("kind", ["plan-tracked", "reunification-prospect"])
def test_only_the_chair_or_a_manager_tracks_and_answers(house: House, kind: str) -> None:
    _, child = in_care(house)
    values = {
        "plan-tracked": {"tracked_on": "2026-11-20", "words": "It goes on"},
        "reunification-prospect": {"answered_on": "2026-11-20", "prospect": "no", "why": "As seen"},
    }[kind]
    with pytest.raises(Refused) as refused:
        add(house.scope("social.worker"), child, kind, values, AT)
    assert "only the chair or a manager" in refused.value.findings[0].message
    for role in ("team.manager", "service.manager", "head.of.service"):
        day = "tracked_on" if kind == "plan-tracked" else "answered_on"
        values[day] = str(date.fromisoformat(values[day]) - timedelta(days=1))
        assert add(house.scope(role), child, kind, values, AT).public_id


@pytest.mark.clause("PPM2-7", "PPM2-2.5")
def test_a_step_moved_twice_suggests_a_meeting_and_a_reason_takes_that_away(house: House) -> None:
    child_id, child = in_care(house, status="C1")
    met(house, child, "2026-11-02")
    plan = planned(house, child)
    entry = step(house, child, plan, "Assess the aunt", "2026-12-01", plan="contingency")
    moved(house, entry, "2026-12-14")
    assert suggested(house, child_id) == []
    moved(house, entry, "2027-01-11")
    assert suggested(house, child_id) == [("step-slipped", TODAY, "Assess the aunt")]
    same_as_from_nothing(house)
    assert len(suggested(house, child_id)) == 1
    why = {"why": "The aunt is abroad until January", "decided_on": TODAY.isoformat()}
    no = said(
        house, child, "no-further-ppm", suggestion="step-slipped", of="Assess the aunt", **why
    )
    assert suggested(house, child_id) == []
    take_out(house.scope("team.manager"), no, 1, "It was of another child", AT)
    assert len(suggested(house, child_id)) == 1
    met(house, child, TODAY.isoformat())
    assert suggested(house, child_id) == []


@pytest.mark.clause("PPM2-7")
def test_an_authority_says_itself_how_often_a_step_is_moved_before_it_drifts(house: House) -> None:
    child_id, child = in_care(house, status="C1")
    met(house, child, "2026-11-02")
    entry = step(house, child, planned(house, child), "Assess the aunt", "2026-12-01")
    key, admin, rules = "PPM2//step-slipped/moves", house.scope("authority.administrator"), registry
    seen = local_figures.standing(admin, rules(house), key).seen
    db.session.rollback()
    local_figures.set_figure(admin, rules(house), key, "3", TODAY, "Ours", seen, AT)
    up_to_date(house)
    moved(house, entry, "2026-12-14")
    moved(house, entry, "2027-01-11")
    assert suggested(house, child_id) == []
    moved(house, entry, "2027-02-08")
    assert suggested(house, child_id) == [("step-slipped", TODAY, "Assess the aunt")]


@pytest.mark.clause("PPM2-2.5")
def test_a_changed_primary_plan_suggests_a_meeting_until_one_is_held(house: House) -> None:
    child_id, child = in_care(house, status="C1")
    planned(house, child)
    met(house, child, "2026-10-12")
    planned(house, child, primary="adoption", contingencies="sgo", identified_on="2026-11-16")
    assert suggested(house, child_id) == [("plan-changed", date(2026, 11, 16), "Adoption")]
    met(house, child, "2026-11-20")
    assert suggested(house, child_id) == []


@pytest.mark.clause("PPM2-2.5")
def test_a_primary_option_that_is_corrected_suggests_a_meeting_too(house: House) -> None:
    child_id, child = in_care(house, status="C1")
    scope, week_ago = house.scope("team.manager"), AT - timedelta(days=7)
    plan = add(scope, child, "plan", PLAN, week_ago).public_id
    met(house, child, "2026-10-12")
    (one,) = record.entries(scope, child_id, "plan")
    db.session.rollback()
    seen = {"primary": one.values["primary"].statement.id}
    correct(scope, plan, {"primary": "cao"}, seen, "The aunt has said no", AT)
    assert suggested(house, child_id) == [("plan-changed", TODAY, "Child arrangements order")]
    same_as_from_nothing(house)


@pytest.mark.clause("PPM2-2.5", "PPM2-3.8")
def test_under_section_20_no_progress_is_drift_from_the_85th_day(house: House) -> None:
    child_id, child = in_care(house, since=date(2026, 6, 1))
    met(house, child, "2026-08-30")
    assert suggested(house, child_id) == [("section-20-drift", date(2026, 11, 23), "No progress")]
    other, _ = in_care(house, "0102", "Bryn", date(2026, 6, 1), status="C1")
    assert suggested(house, other) == []
    said(house, child, "plan-tracked", tracked_on="2026-11-22", words="The order is applied for")
    assert suggested(house, child_id) == []


@pytest.mark.clause("PPM2-3.6")
def test_a_step_that_only_awaits_the_court_is_refused_with_the_clause(house: House) -> None:
    _, child = in_care(house)
    plan = planned(house, child)
    with pytest.raises(Refused) as refused:
        step(house, child, plan, "File", "2026-10-01", late_why="awaiting-court")
    (finding,) = refused.value.findings
    assert (finding.field, finding.clauses) == ("meanwhile", ("PPM2-3.6",))
    step(house, child, plan, "File", "2026-10-01", late_why="awaiting-court", meanwhile="We visit")


def test_an_authority_that_does_not_follow_the_standard_is_not_asked(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    child_id, child = in_care(other, status="V2", since=date(2026, 6, 1))
    met(other, child, "2026-06-10")
    plan = planned(other, child)
    step(other, child, plan, "File", "2026-07-01", late_why="awaiting-court")
    assert suggested(other, child_id) == []

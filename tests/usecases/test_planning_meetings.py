"""Planning meetings on both databases: booked once, held with what they make, called off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.two_weeks import in_care, whole
from builders.with_law import with_law
from flask import Flask

from core.domain.finding import Refused
from core.domain.planning_people import Guest
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import children, deadlines, planning, planning_guests, record
from core.store.database import db, writing
from core.store.tables import (
    Action,
    Allocation,
    AuditRow,
    CaseInvitee,
    Decision,
    EnabledProcedure,
    Meeting,
    PanelCase,
)
from core.usecases import (
    planning_booking,
    planning_closing,
    planning_document,
    planning_options,
    planning_people,
    planning_record,
    record_new,
)
from core.usecases.planning_people import Came

ON = date(2026, 11, 23)
FINAL = "PPM10/final-care-planning-meeting"
OPTIONS = {
    "reunification": "yes",
    "reunification-why": "Both parents were assessed",
    "family-meeting-why-not": "The family did not agree to one",
    "option-long-term-fostering-conclusion": "supported",
    "option-long-term-fostering-why": "He is settled there",
    "option-long-term-fostering-rationale": "His carers have known him since birth",
    "option-connected-fostering-conclusion": "supported",
    "option-connected-fostering-why": "His aunt was assessed",
    "option-cao-conclusion": "considered",
    "option-cao-why": "Later",
    "plan-contingencies": "cao",
}
RECORD = {"discussion": "His wishes", "rationale": "It is home", "agreed": "So it is planned"}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry  # type: ignore[no-any-return]


def guests(house: House, meeting: str) -> tuple[Guest, ...]:
    row = planning.find(house.whole, meeting)
    assert row is not None
    return planning_guests.of_meeting(house.whole, row.id)


def attended(house: House, meeting: str, role: str = "team.manager") -> None:
    scope = house.scope(role)
    planning_people.ask_everybody(scope, registry(house), meeting, AT)
    marks = [Came(one.public_id, one.version, "present") for one in guests(house, meeting)]
    planning_people.mark_came(scope, meeting, marks, AT)


def carers_left_out(house: House, meeting: str) -> None:
    why = "They are away"
    scope = house.scope("social.worker")
    planning_people.leave_out(scope, registry(house), meeting, "foster-carers", why, AT)


def written(house: House, meeting: str, primary: str = "connected-fostering") -> None:
    scope = house.scope("social.worker")
    typed = {Place(name): value for name, value in {**OPTIONS, "plan-primary": primary}.items()}
    saved = planning_options.save(scope, registry(house), meeting, typed, {}, AT)
    assert not saved.findings, saved.findings
    answers = {Place(name): value for name, value in RECORD.items()}
    planning_record.save(scope, registry(house), meeting, answers, {}, AT)


def close(house: House, meeting: str, role: str = "team.manager") -> planning_closing.Closing:
    chair = next(one for one in guests(house, meeting) if one.code in (role.replace(".", "-"),))
    return planning_closing.close(
        house.scope(role), registry(house), meeting, chair.public_id, "", AT
    )


def test_what_reads_meetings_is_made_once_for_who_asks(house: House) -> None:
    worker, manager = house.scope("social.worker"), house.scope("team.manager")
    assert planning.selected(worker) is planning.selected(replace(worker))
    assert planning.selected(worker) is not planning.selected(manager)


def test_one_meeting_of_a_body_is_booked_at_a_time(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    with pytest.raises(Refused, match="One is booked for 23 November 2026 already"):
        booked(house, child, date(2026, 12, 1), AT)
    scope = house.scope("social.worker")
    planning_booking.call_off(scope, registry(house), meeting, "Another day is needed", 1, AT)
    assert booked(house, child, date(2026, 12, 1), AT)
    _, other = house.child("0102", "Wren")
    assert booked(house, other, date(2026, 12, 1), AT)


def test_a_meeting_that_is_held_meets_the_date_that_asked_for_it(house: House) -> None:
    child_id, child = in_care(house, since=date(2026, 10, 5), status="C1")
    meeting = booked(house, child, ON, AT)
    attended(house, meeting)
    carers_left_out(house, meeting)
    written(house, meeting)
    done = close(house, meeting)
    assert not done.waits
    row = planning.find(house.whole, meeting)
    assert row is not None and row.held and row.chair == "Team Manager Of Bexley"
    assert planning.held_on(house.whole, child_id, ["permanence-planning-meeting"]) == [ON]
    kept = deadlines.of_child(whole(house), registry(house), child_id)
    following = [fact for fact in kept if fact.code == "next-ppm"]
    assert [fact.due for fact in following if fact.met_on is None] == [date(2027, 2, 1)]
    made = db.session.execute(sa.select(Decision.rationale, Decision.agreed)).one()
    assert tuple(made) == ("It is home", "So it is planned")
    until = set(db.session.scalars(sa.select(CaseInvitee.until)))
    assert until == {date(2026, 12, 21)}
    did = set(db.session.scalars(sa.select(AuditRow.did)))
    assert {"book planning meeting", "ask to planning meeting", "close planning meeting"} <= did
    with pytest.raises(Refused):
        planning_booking.call_off(
            house.scope("social.worker"), registry(house), meeting, "Too late", 1, AT
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Action)) == 0


@pytest.mark.clause("PPM2-2.3")
def test_the_meeting_approves_its_plan_and_a_review_is_to_agree_it(house: House) -> None:
    child_id, child = house.child()
    meeting = booked(house, child, ON, AT)
    attended(house, meeting)
    carers_left_out(house, meeting)
    written(house, meeting)
    close(house, meeting)
    plan = next(one for one in record.entries(house.whole, child_id, "plan") if one.stands)
    assert plan.value("state") == "provisional"
    assert plan.day("approved_on") == ON and plan.day("agreed_on") is None


@pytest.mark.clause("PPM10-A.under7.no")
def test_long_term_fostering_under_seven_stays_provisional_until_it_is_approved(
    house: House,
) -> None:
    child_id, child = house.child(born=date(2020, 11, 24))
    aunt = {"name": "Oda Thistlewick", "relation": "Aunt", "identified_on": "2026-10-01",
            "ruled_out_on": "2026-11-02", "ruled_out_why": "Her health"}  # fmt: skip
    record_new.add(house.scope("social.worker"), child, "connected-person", aunt, AT)
    meeting = booked(house, child, ON, AT)
    attended(house, meeting)
    carers_left_out(house, meeting)
    scope = house.scope("social.worker")
    typed = {
        **{name: v for name, v in OPTIONS.items() if "connected" not in name and "cao" not in name},
        "option-adoption-conclusion": "considered",
        "option-adoption-why": "As a contingency",
        "plan-primary": "long-term-fostering",
        "plan-contingencies": "adoption",
    }
    answers = {Place(name): value for name, value in typed.items()}
    saved = planning_options.save(scope, registry(house), meeting, answers, {}, AT)
    assert not saved.findings, saved.findings
    said = {Place(name): value for name, value in RECORD.items()}
    planning_record.save(scope, registry(house), meeting, said, {}, AT)
    done = close(house, meeting)
    assert done.waits
    words = [finding.message for finding in done.beside]
    assert any("head of service" in message for message in words), words
    plan = next(one for one in record.entries(house.whole, child_id, "plan") if one.stands)
    assert plan.value("primary") == "long-term-fostering" and plan.day("approved_on") is None
    text = document(house, meeting)
    waits = "Provisional: waits for the head of service’s approval (PPM10-A.under7.no)"
    assert f"How far it is: {waits}" in text


@pytest.mark.clause("PPM10-A.3")
def test_the_record_of_a_meeting_has_the_family_network_meeting(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    attended(house, meeting)
    carers_left_out(house, meeting)
    written(house, meeting)
    why = "Family network meeting: none was held. The family did not agree to one"
    assert why in document(house, meeting)
    close(house, meeting)
    assert "How far it is: Provisional" in document(house, meeting)
    held = {"held_on": "2026-11-02", "kind": "fnm"}
    record_new.add(house.scope("social.worker"), child, "family-meeting", held, AT)
    assert "Family network meeting: held on 2 November 2026" in document(house, meeting)


def document(house: House, meeting: str) -> str:
    """What the Word document of a meeting says."""
    scope = house.scope("social.worker")
    row = planning.find(scope, meeting)
    assert row is not None
    _, content = planning_document.of_meeting(scope, registry(house), row, AT)
    db.session.rollback()
    said = docx.Document(BytesIO(content))
    rows = (cell.text for table in said.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(one.text for one in said.paragraphs), *rows))


def test_who_came_is_kept_for_one_of_two_who_mark_at_once(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    scope = house.scope("team.manager")
    planning_people.ask_everybody(scope, registry(house), meeting, AT)
    first, *_ = guests(house, meeting)
    planning_people.mark_came(scope, meeting, [Came(first.public_id, 1, "present")], AT)
    with pytest.raises(Refused, match="omebody else changed this first"):
        planning_people.mark_came(scope, meeting, [Came(first.public_id, 1, "absent")], AT)
    assert guests(house, meeting)[0].came == "present"


@pytest.mark.clause("PPM10-10")
def test_the_final_care_planning_meeting_is_held_with_its_rationale(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT, key=FINAL)
    scope = house.scope("head.of.service")
    attended(house, meeting, "head.of.service")
    with pytest.raises(Refused) as refused:
        close(house, meeting, "head.of.service")
    assert {one.field for one in refused.value.findings} == {"rationale", "analysis", "plan"}
    said = {"rationale": "The order", "analysis": "The evidence", "plan": "To live with her aunt"}
    answers = {Place(name): value for name, value in said.items()}
    planning_record.save(scope, registry(house), meeting, answers, {}, AT)
    close(house, meeting, "head.of.service")
    row = planning.find(house.whole, meeting)
    assert row is not None and row.held


def test_where_nothing_is_laid_down_of_who_chairs_anybody_who_came_may_have(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    carers_left_out(house, meeting)
    attended(house, meeting)
    written(house, meeting)
    looked_at = planning_closing.looked_at

    def nobody_chairs(*given: Any) -> planning_closing.Closing:
        closing = looked_at(*given)
        lines = tuple(replace(line, chairs=None) for line in closing.lines)
        return replace(closing, lines=lines, chairs=())

    monkeypatch.setattr(planning_closing, "looked_at", nobody_chairs)
    chair = guests(house, meeting)[-1]
    scope = house.scope("team.manager")
    planning_closing.close(scope, registry(house), meeting, chair.public_id, "", AT)
    row = planning.find(house.whole, meeting)
    assert row is not None and row.chair == chair.name


def test_a_colleague_sees_the_meeting_while_asked_and_for_four_weeks_after(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    adoption = house.scope("adoption")
    assert planning.find(adoption, meeting) is None
    public_id = db.session.scalar(
        sa.text("select public_id from account where email = 'adoption@bexley.example'")
    )
    scope = house.scope("social.worker")
    planning_people.ask(scope, registry(house), meeting, "adoption", public_id, "", "", AT)
    assert planning.find(adoption, meeting) is not None
    attended(house, meeting)
    carers_left_out(house, meeting)
    written(house, meeting)
    close(house, meeting)
    assert planning.find(replace(adoption, on=date(2026, 12, 20)), meeting) is not None
    assert planning.find(replace(adoption, on=date(2026, 12, 21)), meeting) is None


@pytest.mark.parametrize(("born", "age"), [(date(2026, 12, 10), None), (date(2026, 11, 20), 0)])
def test_a_meeting_held_before_the_birth_keeps_its_options_after_it(
    house: House, born: date, age: int | None
) -> None:
    _, child = house.child(born=born)
    row = planning.find(house.whole, booked(house, child, ON, AT))
    assert row is not None and row.unborn == (age is None)
    placed = planning_options.options_of(house.whole, registry(house), row).offer.placed
    assert placed is not None and (placed.age, placed.row.code) == (age, "under7")


def test_a_birth_years_after_the_meeting_is_told_as_a_mistake(house: House) -> None:
    _, child = house.child()
    row = planning.find(house.whole, booked(house, child, ON, AT))
    assert row is not None
    wrong = replace(row, born=date(2029, 5, 4))
    offer = planning_options.options_of(house.whole, registry(house), wrong).offer
    assert offer.placed is None and "it is a mistake" in offer.faults[0].message


def test_nobody_keeps_sight_of_a_child_by_a_meeting_that_is_called_off(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    scope = house.scope("social.worker")
    public_id = db.session.scalar(
        sa.text("select public_id from account where email = 'adoption@bexley.example'")
    )
    planning_people.ask(scope, registry(house), meeting, "adoption", public_id, "", "", AT)
    assert children.child(house.scope("adoption"), child) is not None
    planning_booking.call_off(scope, registry(house), meeting, "It is not needed", 1, AT)
    assert children.child(house.scope("adoption"), child) is None


def test_who_was_asked_sees_a_meeting_until_four_weeks_after_its_day_though_nobody_closes_it(
    house: House,
) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    scope = house.scope("social.worker")
    public_id = db.session.scalar(
        sa.text("select public_id from account where email = 'adoption@bexley.example'")
    )
    planning_people.ask(scope, registry(house), meeting, "adoption", public_id, "", "", AT)

    def sees(on: date) -> bool:
        return children.child(replace(house.scope("adoption"), on=on), child) is not None

    assert sees(date(2026, 12, 20)) and not sees(date(2026, 12, 21))
    wanted = planning_booking.Wanted(date(2026, 12, 1), time(10, 30), "Room 4", "School play")
    planning_booking.move(scope, registry(house), meeting, wanted, 1, AT)
    assert sees(date(2026, 12, 28)) and not sees(date(2026, 12, 29))


def test_a_meeting_that_is_moved_keeps_with_its_case_the_edition_followed_on_that_day(
    house: House,
) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    with writing():
        for table in (Meeting, PanelCase):
            db.session.execute(sa.update(table).values(procedure_edition="Another"))
    wanted = planning_booking.Wanted(date(2026, 12, 1), time(10, 30), "Room 4", "School play")
    scope = house.scope("social.worker")
    planning_booking.move(scope, registry(house), meeting, wanted, 1, AT)
    for table in (Meeting, PanelCase):
        kept = db.session.scalar(sa.select(table.procedure_edition))
        assert kept == registry(house).edition("PPM10", date(2026, 12, 1)).edition
    db.session.rollback()
    with writing():
        ended = sa.update(EnabledProcedure).where(EnabledProcedure.code == "PPM10")
        db.session.execute(ended.values(until=date(2026, 12, 5)))
    later = planning_booking.Wanted(date(2026, 12, 8), time(10, 30), "Room 4", "School play")
    with pytest.raises(Refused, match="is not followed on 8 December 2026"):
        planning_booking.move(scope, registry(house), meeting, later, 2, AT)


def test_booking_a_meeting_gives_no_sight_that_lasts_beyond_working_with_the_child(
    house: House,
) -> None:
    child_id, child = house.child()
    booked(house, child, ON, AT)
    worker = house.scope("social.worker")
    assert children.child(worker, child) is not None
    with writing():
        of_child = sa.update(Allocation).where(Allocation.child_id == child_id)
        db.session.execute(of_child.values(until=worker.on))
    assert children.child(worker, child) is None


def test_what_is_typed_of_a_later_day_is_refused(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, date(2026, 12, 3), AT)
    attended(house, meeting)
    carers_left_out(house, meeting)
    written(house, meeting)
    with pytest.raises(Refused, match="it has not been held yet"):
        close(house, meeting)

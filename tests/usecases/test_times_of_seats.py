"""When somebody came and left, typed and mended; what was entered by mistake; a typed grade."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.sitting import book
from flask.testing import FlaskClient

from core.domain.dates import at_clock
from core.domain.finding import Refused
from core.domain.meeting import Person, Presence
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import AuditRow, Booking, Decision
from core.usecases import attended
from core.usecases.attendance import Mark, SeatClash, mark_seat
from core.usecases.mistakes import remove_stay
from core.usecases.standing import Standing, standing_of

DAY = date(2026, 7, 2)
NOW = datetime(2026, 7, 2, 13, 11)
ADMIN = "panel.administrator"


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def house(house: House) -> House:
    """The authority on the day of its panel, in summer time."""
    house.turn_to(DAY)
    return house


@pytest.fixture
def meeting(house: House) -> str:
    return house.meeting(DAY)[1]


def mark(
    house: House,
    meeting: str,
    state: Presence = Presence.PRESENT,
    clock: str = "",
    who: str = "",
    seen: int = 0,
    post: str = "adoption",
    grade: str = "",
) -> Standing:
    when = at_clock(DAY, time.fromisoformat(clock)) if clock else None
    person = Person(who, grade=grade) if who else None
    chosen = Mark(post, state, person, seen, when)
    return mark_seat(house.scope(ADMIN), registry(house), meeting, chosen, NOW)


def refused(house: House, meeting: str, *arguments: object, **more: object) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        mark(house, meeting, *arguments, **more)  # type: ignore[arg-type]
    db.session.rollback()
    (finding,) = caught.value.findings
    return finding.field or "", finding.message


def removed(house: House, meeting: str, number: int, seen: int) -> Standing:
    scope = house.scope(ADMIN)
    return remove_stay(scope, registry(house), meeting, "adoption", number, seen, NOW)


def present(now: Standing) -> list[str]:
    return [one.line for one in attended.present(now.seats, DAY)]


def stands(house: House, meeting: str) -> Standing:
    now = standing_of(house.scope(ADMIN), registry(house), meeting)
    db.session.rollback()
    return now


OWN = "Adoption Of Bexley, Manager, adoption"


def test_a_time_that_is_typed_is_kept_and_the_same_mark_with_another_mends_it(
    house: House, meeting: str
) -> None:
    assert present(mark(house, meeting)) == [f"{OWN}: from 14:11"]
    assert present(mark(house, meeting, clock="10:00", seen=1)) == [f"{OWN}: from 10:00"]
    assert present(mark(house, meeting, seen=2)) == [f"{OWN}: from 10:00"]
    now = mark(house, meeting, Presence.LEFT, "11:45", seen=2)
    assert present(now) == [f"{OWN}: 10:00 to 11:45"]
    mark(house, meeting, Presence.LEFT, "11:30", seen=3)
    mark(house, meeting, Presence.PRESENT, "12:00", seen=4)
    assert present(stands(house, meeting)) == [f"{OWN}: 10:00 to 11:30, and from 12:00"]
    kept = db.session.scalars(sa.select(AuditRow.after).where(AuditRow.did == "mark seat"))
    assert [row.get("at", "")[11:16] for row in kept] == ["", "09:00", "10:45", "10:30", "11:00"]
    db.session.rollback()


def test_nobody_leaves_before_they_came_nor_comes_back_before_they_left_nor_later_than_now(
    house: House, meeting: str
) -> None:
    mark(house, meeting, clock="10:00")
    field, said = refused(house, meeting, Presence.LEFT, "09:59", seen=1)
    assert (field, "came at 10:00" in said) == ("at-adoption", True)
    assert "not 14:12 yet" in refused(house, meeting, Presence.LEFT, "14:12", seen=1)[1]
    mark(house, meeting, Presence.LEFT, "11:00", seen=1)
    said = refused(house, meeting, Presence.PRESENT, "10:30", seen=2)[1]
    assert said == "Adoption Of Bexley left at 11:00: enter no time before that"
    mark(house, meeting, Presence.PRESENT, "11:10", seen=2)
    assert "left at 11:00" in refused(house, meeting, Presence.PRESENT, "10:50", seen=3)[1]
    assert "came at 11:10" in refused(house, meeting, clock="11:05", who="Bo Wren", seen=3)[1]


def test_what_was_entered_by_mistake_leaves_no_stay_and_is_audited(
    house: House, meeting: str
) -> None:
    mark(house, meeting, clock="10:00", post="chair")
    mark(house, meeting, clock="10:05", who="Jon Smth")
    mark(house, meeting, clock="10:05", who="Jon Smith", seen=1)
    with pytest.raises(SeatClash):
        removed(house, meeting, 1, 1)
    db.session.rollback()
    removed(house, meeting, 1, 2)
    now = stands(house, meeting)
    stand_in = "Jon Smith, Manager, adoption, substitute for Adoption Of Bexley: from 10:05"
    assert present(now)[1:] == [stand_in]
    row = db.session.execute(
        sa.select(AuditRow.before, AuditRow.why).where(AuditRow.did == "remove stay")
    ).one()
    db.session.rollback()
    assert row.before["stay"] == "Jon Smth, 10:05 to 10:05" and row.why == "Entered by mistake"
    removed(house, meeting, 1, 3)
    seat = stands(house, meeting).seat("adoption")
    assert seat is not None and seat.stays == () and seat.state is Presence.EXPECTED
    assert seat.sitter == seat.holder and not seat.substitute
    with pytest.raises(Refused, match="no such stay"):
        removed(house, meeting, 1, 4)
    db.session.rollback()


def test_with_a_mistaken_substitute_gone_who_sat_there_sits_there_again(
    house: House, meeting: str
) -> None:
    mark(house, meeting, clock="10:00")
    mark(house, meeting, clock="10:30", who="Jon Smith", seen=1)
    removed(house, meeting, 2, 2)
    assert present(stands(house, meeting)) == [f"{OWN}: from 10:00"]
    mark(house, meeting, Presence.LEFT, "10:40", seen=3)
    mark(house, meeting, clock="10:50", who="Jon Smith", seen=4)
    removed(house, meeting, 2, 5)
    assert present(stands(house, meeting)) == [f"{OWN}: 10:00 to 10:40"]
    assert removed(house, meeting, 1, 6).meeting.state == "planned"


def test_who_is_recorded_as_present_at_a_decision_stays(house: House, meeting: str) -> None:
    mark(house, meeting, clock="10:00", who="Jon Smith")
    meeting_id = stands(house, meeting).meeting.id
    item, case_id = book(house, meeting_id, (house.child()[0],))
    booked = db.session.scalar(sa.select(Booking.id).where(Booking.public_id == item))
    with writing():
        db.session.execute(
            sa.insert(Decision).values(
                authority_id=house.authority_id, booking_id=booked, case_id=case_id,
                meeting_id=meeting_id, decided_on=DAY, rationale="So.", chair_name="",
                present="Jon Smith (Manager, adoption, substitute)",
                recorded_at=at_clock(DAY, time(10, 30)),
            )
        )  # fmt: skip
    with pytest.raises(Refused, match="recorded as present when an item was decided"):
        removed(house, meeting, 1, 1)
    db.session.rollback()
    mark(house, meeting, Presence.LEFT, "10:40", "Jon Smith", 1)
    mark(house, meeting, Presence.PRESENT, "10:50", "Jon Smith", 2)
    removed(house, meeting, 2, 3)
    assert present(stands(house, meeting))[0].endswith(": 10:00 to 10:40")


@pytest.mark.clause("BEX-1.12")
def test_a_substitute_in_a_managers_seat_is_asked_for_the_grade_of_the_post(
    house: House, meeting: str
) -> None:
    field, said = refused(house, meeting, who="Nia Member", grade="practitioner")
    assert field == "seat-adoption" and "has the grade Practitioner" in said
    now = mark(house, meeting, who="Nia Member")
    (found,) = [one for one in now.membership if one.clauses == ("BEX-1.12",)]
    assert not found.blocks and "the grade of Nia Member is not known" in found.message
    now = mark(house, meeting, who="Nia Member", grade="team-manager", seen=1)
    assert not [one for one in now.membership if one.clauses == ("BEX-1.12",)]
    assert stands(house, meeting).seats == now.seats
    waits = mark(house, meeting, Presence.EXPECTED, who="Nia Member", grade="iro", seen=2)
    (found,) = [one for one in waits.membership if one.clauses == ("BEX-1.12",)]
    assert not found.blocks


def send(client: FlaskClient, meeting: str, **typed: str):
    data = {"post": "adoption", "seen": "0", "state": "present"}
    data |= {name.replace("_", "-"): value for name, value in typed.items()}
    return client.post(f"/meetings/{meeting}/attendance", data=data)


def test_the_form_takes_time_and_grade_and_keeps_what_it_refuses(
    house: House, meeting: str
) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client(ADMIN)
    answer = send(client, meeting, at_adoption="25:99")
    assert answer.status_code == 422 and 'value="25:99"' in answer.text
    assert 'id="at-adoption-error"' in answer.text
    answer = send(client, meeting, who_adoption="Nia Member", grade_adoption="king")
    assert answer.status_code == 422 and 'id="grade-adoption-error"' in answer.text
    answer = send(
        client,
        meeting,
        at_adoption="00:00",
        who_adoption="Nia Member",
        grade_adoption="team-manager",
    )
    assert answer.status_code == 303
    page = client.get(f"/meetings/{meeting}").text
    assert "Nia Member, Manager, adoption, substitute for Adoption Of Bexley: from 00:00" in page
    assert re.search(r'name="grade-adoption".*?value="team-manager" selected', page, re.S)
    assert 'name="grade-legal"' not in page
    assert "This was entered by mistake" in page
    assert send(client, meeting, mistake="1", seen="0").status_code == 422
    assert send(client, meeting, mistake="1", seen="1").status_code == 303
    assert "Nia Member" not in client.get(f"/meetings/{meeting}").text

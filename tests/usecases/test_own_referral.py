"""A manager who refers a case does not sit on it: asked on booking, at the start, for each item."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders import agenda
from builders.house import House
from builders.sitting import HELD, book, sit

from core.domain.finding import Refused, Strength
from core.domain.meeting import Person, Presence
from core.registry import Registry
from core.store import seats
from core.store.database import db, writing
from core.store.tables import PanelCase
from core.usecases.acceptance import accept
from core.usecases.attendance import Mark, mark_seat
from core.usecases.standing import Standing, standing
from core.usecases.who_sits import on_booking

pytestmark = pytest.mark.clause("BEX-1.12")
AT = datetime(2026, 11, 23, 10, 3)
ADMIN, CHAIR, FOSTERING = "panel.administrator", "panel.chair", "panel.member"
SAID = "Panel Member Of Bexley refers a case on this agenda"


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def brings(house: House, case_id: int, role: str = FOSTERING) -> None:
    """Let a case be referred by somebody."""
    with writing():
        mine = sa.update(PanelCase).where(PanelCase.id == case_id)
        db.session.execute(mine.values(referrer_id=house.accounts[role]))


def mark(house: House, meeting: str, post: str, who: Person | None = None) -> Standing:
    chosen = Mark(post, Presence.PRESENT, who, 0)
    return mark_seat(house.scope(ADMIN), registry(house), meeting, chosen, AT)


def somebody(house: House, role: str) -> Person:
    people = {person.id: person for person in seats.people(house.scope(ADMIN))}
    db.session.rollback()
    return people[house.accounts[role]]


def test_the_person_marked_present_is_refused_with_the_clause_and_a_substitute_is_taken(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(HELD)
    _, case_id = book(house, meeting_id, (house.child()[0],))
    brings(house, case_id)
    with pytest.raises(Refused) as caught:
        mark(house, meeting, "fostering")
    db.session.rollback()
    [found] = caught.value.findings
    assert SAID in found.message and "a substitute may" in found.message
    assert (found.clauses, found.field) == (("BEX-1.12",), "seat-fostering")
    assert mark(house, meeting, "fostering", somebody(house, "team.manager")).findings
    with pytest.raises(Refused, match="refers a case on this agenda"):
        mark(house, meeting, "placements", somebody(house, FOSTERING))


def test_who_is_there_when_the_case_comes_keeps_the_meeting_from_deciding(house: House) -> None:
    meeting_id, _ = house.meeting(HELD, state="open")
    sit(house, meeting_id)
    _, case_id = book(house, meeting_id, (house.child()[0],))
    before = standing(house.scope(ADMIN), registry(house), meeting_id)
    db.session.rollback()
    assert before.may_decide
    brings(house, case_id)
    after = standing(house.scope(ADMIN), registry(house), meeting_id)
    db.session.rollback()
    assert not after.may_decide and SAID in after.quorum


def test_a_case_that_is_off_the_agenda_keeps_nobody_out(house: House) -> None:
    meeting_id, meeting = house.meeting(HELD)
    case_id, _ = agenda.case(house, house.child()[0], meeting_id, referrer=FOSTERING)
    agenda.book(house, meeting_id, case_id, state="tabled")
    assert mark(house, meeting, "fostering").seat("fostering").state is Presence.PRESENT  # type: ignore[union-attr]


def test_accepting_a_case_says_who_may_then_not_sit_before_it_and_after(house: House) -> None:
    meeting_id, _ = house.meeting(date(2026, 12, 3))
    case_id, public_id = agenda.case(house, house.child()[0], meeting_id, "submitted", FOSTERING)
    scope = house.scope(CHAIR)
    [before] = on_booking(scope, registry(house), meeting_id, case_id)
    db.session.rollback()
    assert "Panel Member Of Bexley refers this case" in before.message
    assert "3 December 2026" in before.message and before.strength is Strength.WARNS
    accept(scope, registry(house), public_id, AT)
    assert [one.message for one in on_booking(scope, registry(house), meeting_id, case_id)] == [
        before.message
    ]
    db.session.rollback()
    again, _ = agenda.case(house, house.child("0202")[0], meeting_id, "submitted", FOSTERING)
    assert on_booking(scope, registry(house), meeting_id, again) == ()
    db.session.rollback()


def test_who_sent_apologies_or_refers_as_no_manager_is_not_spoken_of(house: House) -> None:
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    scope = house.scope(CHAIR)
    case_id, _ = agenda.case(house, house.child()[0], meeting_id, "submitted", "legal")
    assert on_booking(scope, registry(house), meeting_id, case_id) == ()
    db.session.rollback()
    brings(house, case_id)
    away = Mark("fostering", Presence.APOLOGIES, None, 0)
    mark_seat(house.scope(ADMIN), registry(house), meeting, away, AT)
    assert on_booking(scope, registry(house), meeting_id, case_id) == ()
    assert on_booking(scope, registry(house), None, case_id) == ()
    assert on_booking(scope, registry(house), 10_000_000, case_id) == ()
    db.session.rollback()

"""A booked child who leaves care, comes of age, dies or has two records: found, and decided on."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders import imported
from builders.house import House
from builders.merged import merge
from builders.queries import counted
from builders.referred import AT, accepted, case_of, registry, submitted, typed_care

from core.domain.case import CaseState
from core.domain.finding import Refused
from core.store import booked_children as stored
from core.store.database import db, writing
from core.store.tables import AuditRow, Booking, Child
from core.usecases import acceptance, taking_back
from core.usecases.booked_children import Found, hear_all_the_same, on_agenda
from core.usecases.rechecked import recheck

CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"
PANEL = date(2026, 12, 3)
ADULT_BEFORE = date(2008, 12, 1)


def found(house: House, meeting_id: int, case: str, role: str = CHAIR) -> list[Found]:
    every = on_agenda(house.scope(role), registry(house), meeting_id)
    db.session.rollback()
    return list(every.get(case_of(house, case).id, ()))


def messages(house: House, meeting_id: int, case: str, role: str = CHAIR) -> list[str]:
    return [one.finding.message for one in found(house, meeting_id, case, role)]


def item_of(house: House, case: str) -> str:
    found = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    return str(found)


def test_care_that_is_typed_as_ended_after_booking_is_found_with_who_typed_it(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child()
    case, _ = accepted(house, meeting, child)
    assert messages(house, meeting_id, case) == []
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E4A")
    assert messages(house, meeting_id, case) == [
        "Ceased to be looked after on 20 November 2026: returned home, as planned "
        "(typed by Social Worker Of Bexley)"
    ]


def test_care_that_a_return_ends_after_booking_is_found_with_its_file(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child_id, child = house.child()
    case, _ = accepted(house, meeting, child)
    file = imported.returned(house)
    ended = {"dec": date(2026, 3, 20), "rec": "E4A", "import_line": 12}
    imported.episode(house, child_id, file, date(2025, 9, 2), **ended)
    assert messages(house, meeting_id, case) == [
        "Ceased to be looked after on 20 March 2026: returned home, as planned "
        "(from episodes.csv, line 12, as at 31 March 2026)"
    ]


@pytest.mark.parametrize(
    ("born", "says"),
    [
        (date(2008, 12, 2), ["Turns 18 on 2 December 2026, before the panel of 3 December 2026"]),
        (date(2008, 12, 3), ["Turns 18 on 3 December 2026, the day of the panel"]),
        (date(2008, 12, 4), []),
    ],
)
def test_a_date_of_birth_that_is_corrected_after_booking_is_found(
    house: House, born: date, says: list[str]
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child_id, child = house.child()
    case, _ = accepted(house, meeting, child)
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child_id).values(born=born))
    assert messages(house, meeting_id, case) == says


def test_a_death_is_said_as_such(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child()
    case, _ = accepted(house, meeting, child)
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E2")
    assert messages(house, meeting_id, case)[0].startswith("Died on 20 November 2026")


def test_two_records_that_are_merged_after_booking_are_found(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, first = house.child("0101")
    _, second = house.child("0102")
    case, _ = accepted(house, meeting, first, at=datetime(2026, 11, 20, 9))
    merge(house, (first, second))
    (said,) = messages(house, meeting_id, case)
    assert said.startswith("The record 0102 was found to be of the same child on 23 November 2026")


def test_one_child_of_two_cases_on_one_agenda_is_found_in_both(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, first = house.child("0101")
    _, second = house.child("0102")
    one, _ = accepted(house, meeting, first)
    other, _ = accepted(house, meeting, second)
    merge(house, (first, second))
    for case in (one, other):
        assert "Is on this agenda twice, in two cases" in messages(house, meeting_id, case)


def test_of_a_sibling_group_only_that_child_is_found_decided_on_and_withdrawn(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, first = house.child("0101", "Orlin", sibling_group="T")
    _, second = house.child("0102", "Perrin", sibling_group="T")
    case, _ = accepted(house, meeting, first, second)
    typed_care(house, second, date(2025, 6, 2), date(2026, 11, 20), "E11")
    (one,) = found(house, meeting_id, case)
    assert one.against.child.public_id == second
    assert one.finding.message.startswith("Perrin Thistlewick: ceased to be looked after on")
    item = item_of(house, case)
    taking_back.withdraw_child(house.scope(CHAIR), registry(house), item, second, "Adopted", AT)
    assert messages(house, meeting_id, case) == []
    assert case_of(house, case).state is CaseState.BOOKED


def test_the_chair_hears_a_child_all_the_same_and_it_is_kept_with_the_reason(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child_id, child = house.child()
    case, _ = accepted(house, meeting, child)
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E4A")
    item, chair = item_of(house, case), house.scope(CHAIR)
    for role, why, words in (
        (ADMIN, "Mine", "Only who chairs"),
        (CHAIR, " ", "Say why the child is heard"),
    ):
        with pytest.raises(Refused, match=words):
            hear_all_the_same(house.scope(role), registry(house), item, child, why, AT)
    hear_all_the_same(chair, registry(house), item, child, "To close the plan", AT)
    (one,) = found(house, meeting_id, case)
    assert one.lifted is not None
    assert (one.lifted.why, one.lifted.who) == ("To close the plan", "Panel Chair Of Bexley")
    audited = db.session.execute(
        sa.select(AuditRow.did, AuditRow.why, AuditRow.after)
        .where(AuditRow.subject_id == case)
        .order_by(AuditRow.id.desc())
    ).first()
    db.session.rollback()
    assert audited is not None
    assert audited[:2] == ("hear all the same", "To close the plan")
    assert audited.after["children"] == [child]
    with pytest.raises(Refused, match="nothing to decide"):
        hear_all_the_same(chair, registry(house), item, child, "Again", AT)
    with writing():
        changed = sa.update(Child).where(Child.id == child_id).values(born=ADULT_BEFORE)
        db.session.execute(changed)
    assert [one.lifted is None for one in found(house, meeting_id, case)] == [False, True]


def test_it_stands_again_where_the_record_says_another_day(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child_id, child = house.child(born=ADULT_BEFORE)
    case, _ = accepted(house, meeting, child, all_the_same="Her last panel")
    assert [one.lifted is not None for one in found(house, meeting_id, case)] == [True]
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.id == child_id).values(born=date(2008, 12, 2))
        )
    assert [one.lifted is not None for one in found(house, meeting_id, case)] == [False]


def test_a_child_who_is_18_or_has_left_care_is_accepted_with_a_reason_only(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child(born=ADULT_BEFORE)
    case = submitted(house, meeting, child)
    chair = house.scope(CHAIR)
    with pytest.raises(Refused) as refused:
        acceptance.accept(chair, registry(house), case, AT)
    asks, says = refused.value.findings
    assert (asks.field, asks.blocks) == ("all-the-same", True)
    assert says.message == "Turns 18 on 1 December 2026, before the panel of 3 December 2026"
    assert not says.blocks
    assert case_of(house, case).state is CaseState.SUBMITTED
    done = acceptance.accept(chair, registry(house), case, AT, "The plan ends with this panel")
    assert not done.queued
    (one,) = found(house, meeting_id, case)
    assert one.lifted is not None and one.lifted.why == "The plan ends with this panel"


def test_what_is_found_stands_in_the_one_list_of_the_meeting(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child()
    case, _ = accepted(house, meeting, child)
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E4A")

    def listed() -> list[str]:
        (item,) = recheck(house.scope(CHAIR), registry(house), meeting_id)
        db.session.rollback()
        return [finding.code for finding in item.findings]

    assert listed() == ["child-left-care"]
    hear_all_the_same(
        house.scope(CHAIR), registry(house), item_of(house, case), child, "To end it", AT
    )
    assert listed() == []


def test_who_does_not_see_the_child_finds_nothing(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child(born=ADULT_BEFORE, worker="team.manager", team="Other team")
    case = submitted(house, meeting, child, role="team.manager")
    acceptance.accept(house.scope(CHAIR), registry(house), case, AT, "Once more")
    assert messages(house, meeting_id, case, WORKER) == []
    assert len(messages(house, meeting_id, case, "team.manager")) == 1


def test_a_whole_agenda_takes_as_many_queries_as_one_case(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    scope, counts = house.scope(CHAIR), []
    for number in range(4):
        _, child = house.child(f"060{number}", born=ADULT_BEFORE)
        accepted(house, meeting, child, all_the_same="Once more")
        counts.append(counted(lambda: on_agenda(scope, registry(house), meeting_id)))
    assert len(set(counts)) == 1 and counts[0] <= 16
    assert stored.of_cases(scope, []) == {}

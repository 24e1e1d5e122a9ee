"""Deadlines as stored: bank holidays, each child of a case, as at a day, and who sees them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import House

from core.domain.case import CaseState
from core.domain.dates import Unit
from core.domain.procedure.timetable import State, reckon
from core.domain.time_left import time_left
from core.store import deadlines
from core.store.calendars import calendar_for
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import CaseChild, DeadlineRow, PanelCase
from plugins.bexley import PROCEDURE

PANEL = date(2026, 12, 3)
DUE = date(2026, 11, 30)
RULE = PROCEDURE.deadline("referral-received")
OPENED = datetime(2026, 11, 20, 9, 0)


def registry(house: House):
    return house.app.extensions["permanence"].registry


def a_case(house: House, *child_ids: int, opened_at: datetime = OPENED) -> int:
    with writing():
        case_id = db.session.execute(
            sa.insert(PanelCase)
            .values(
                authority_id=house.authority_id,
                procedure_code="BEX",
                procedure_edition="",
                body_code="permanence-panel",
                form_code="referral",
                referrer_id=house.accounts["social.worker"],
                state=CaseState.DRAFT,
                opened_at=opened_at,
            )
            .returning(PanelCase.id)
        ).scalar_one()
        for child_id in child_ids:
            db.session.execute(
                sa.insert(CaseChild).values(
                    authority_id=house.authority_id, case_id=case_id, child_id=child_id
                )
            )
    return case_id


def put(house: House, case_id: int, *child_ids: int, on: date | None = PANEL) -> None:
    with writing():
        due = reckon(RULE, on, calendar_for((on,)))
        deadlines.put(house.whole, child_ids, case_id, due, PROCEDURE)


def the_days(house: House, case_id: int) -> list[tuple]:
    return [
        tuple(row)
        for row in db.session.execute(
            sa.select(DeadlineRow.child_id, DeadlineRow.due, DeadlineRow.met_on)
            .where(DeadlineRow.case_id == case_id)
            .order_by(DeadlineRow.child_id)
        )
    ]


@pytest.mark.clause("BEX-1.6")
@pytest.mark.parametrize(
    ("panel", "due"),
    [
        (date(2026, 12, 3), date(2026, 11, 30)),
        (date(2026, 12, 7), date(2026, 12, 2)),
        (date(2026, 12, 31), date(2026, 12, 24)),
        (date(2027, 1, 4), date(2026, 12, 29)),
        (date(2027, 4, 1), date(2027, 3, 25)),
    ],
    ids=["in a week", "over a weekend", "over Christmas", "into a new year", "over Easter"],
)
def test_three_working_days_leave_out_weekends_and_bank_holidays(panel: date, due: date) -> None:
    assert reckon(RULE, panel, calendar_for((panel,))).due == due


def test_a_calendar_spans_every_year_from_the_first_to_the_last() -> None:
    spanned = calendar_for((date(2026, 11, 23), date(2028, 2, 1)))
    assert not spanned.is_working_day(date(2027, 12, 27))
    assert not spanned.is_working_day(date(2026, 12, 28))
    assert spanned.is_working_day(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 30), "today"),
        (date(2026, 11, 27), "in 1 working day"),
        (date(2026, 11, 26), "in 2 working days"),
        (date(2026, 12, 2), "2 working days ago"),
    ],
)
def test_the_time_left_is_said_in_the_unit_of_the_rule(on: date, words: str) -> None:
    assert time_left(DUE, on, Unit.WORKING_DAYS, calendar_for((DUE,))) == words


def test_a_weekend_without_a_working_day_is_counted_in_days() -> None:
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)
    assert time_left(sunday, saturday, Unit.WORKING_DAYS, calendar_for((DUE,))) == "in 1 day"


def test_every_child_of_a_case_has_the_deadline_and_one_who_leaves_it_has_none(
    house: House,
) -> None:
    first, _ = house.child("0101")
    second, _ = house.child("0102", "Perrin")
    case_id = a_case(house, first, second)
    put(house, case_id, first, second)
    assert the_days(house, case_id) == [(first, DUE, None), (second, DUE, None)]
    put(house, case_id, second)
    assert the_days(house, case_id) == [(second, DUE, None)]


def test_a_met_day_stays_when_the_meeting_moves_and_goes_to_a_child_added_later(
    house: House,
) -> None:
    first, _ = house.child("0101")
    second, _ = house.child("0102", "Perrin")
    case_id = a_case(house, first, second)
    put(house, case_id, first)
    with writing():
        deadlines.meet(house.whole, case_id, "referral-received", date(2026, 11, 25))
    put(house, case_id, first, second, on=date(2026, 12, 17))
    moved, met = date(2026, 12, 14), date(2026, 11, 25)
    assert the_days(house, case_id) == [(first, moved, met), (second, moved, met)]


def test_a_case_has_its_deadline_once_with_its_state_reason_and_clause(house: House) -> None:
    first, _ = house.child("0101")
    second, _ = house.child("0102", "Perrin")
    case_id = a_case(house, first, second)
    put(house, case_id, first, second)
    (fact,) = deadlines.of_case(house.scope("social.worker"), registry(house), case_id)
    assert fact.why == (
        "by 30 November 2026: 3 working days before the panel on 3 December 2026 "
        "(BEX-1.6, BEX-1.18)"
    )
    assert [fact.state(on) for on in (date(2026, 11, 26), date(2026, 11, 27), DUE)] == [
        State.RUNNING,
        State.SOON,
        State.SOON,
    ]
    assert fact.state(date(2026, 12, 1)) is State.LATE
    assert fact.shown(date(2026, 11, 26)).left == "in 2 working days"


def test_a_stopped_deadline_is_stopped_from_its_day(house: House) -> None:
    child, _ = house.child()
    case_id = a_case(house, child)
    put(house, case_id, child)
    with writing():
        deadlines.stop(house.whole, case_id, "referral-received", date(2026, 11, 24))
    (fact,) = deadlines.of_child(house.whole, registry(house), child)
    assert fact.state(date(2026, 11, 23)) is State.RUNNING
    assert fact.state(date(2026, 11, 24)) is State.STOPPED


def test_as_at_has_the_shape_of_the_command(house: House) -> None:
    child, _ = house.child("0101")
    case_id = a_case(house, child)
    put(house, case_id, child)
    assert deadlines.as_at(house.whole, registry(house)) == []
    scope = Scope.of_authority(house.authority_id, date(2026, 12, 1))
    assert deadlines.as_at(scope, registry(house)) == [
        {
            "child": "0101",
            "code": "referral-received",
            "clauses": ["BEX-1.6", "BEX-1.18"],
            "title": "Referral with the panel administrator",
            "anchor": "panel-date",
            "anchor_date": "2026-12-03",
            "due": "2026-11-30",
            "state": "late",
            "why": "by 30 November 2026: 3 working days before the panel on 3 December 2026 "
            "(BEX-1.6, BEX-1.18)",
            "missing": None,
        }
    ]
    assert deadlines.as_at(scope, registry(house), "0999") == []


def test_a_case_opened_late_on_the_day_is_there_and_one_of_the_next_day_is_not(
    house: House,
) -> None:
    child, _ = house.child("0101")
    for opened_at in (datetime(2026, 7, 1, 22, 30), datetime(2026, 7, 1, 23, 30)):
        put(house, a_case(house, child, opened_at=opened_at), child)
    scope = Scope.of_authority(house.authority_id, date(2026, 7, 1))
    assert len(deadlines.as_at(scope, registry(house))) == 1


def test_an_unknown_anchor_says_what_is_missing(house: House) -> None:
    child, _ = house.child("0101")
    put(house, a_case(house, child), child, on=None)
    (row,) = deadlines.as_at(
        Scope.of_authority(house.authority_id, date(2026, 12, 1)), registry(house)
    )
    assert (row["state"], row["due"]) == ("unknown", None)
    assert row["missing"] == "no panel has been chosen for this referral"


def test_who_does_not_see_the_child_sees_no_deadline(house: House) -> None:
    child, _ = house.child("0101", worker=None, iro=None)
    case_id = a_case(house, child)
    put(house, case_id, child)
    member = house.scope("panel.member")
    assert deadlines.of_child(member, registry(house), child) == []
    assert deadlines.of_case(member, registry(house), case_id) == []
    other = House(house.app, house.today, "TOY", "toyshire")
    assert deadlines.of_child(other.scope("panel.chair"), registry(house), child) == []
    assert deadlines.as_at(other.whole, registry(house)) == []

"""Deadlines of cases as they are kept: through every step that people take, and who sees them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from builders.agenda import case as put_case
from builders.house import House
from builders.reckoned import registry, same_as_from_nothing, up_to_date, waiting
from builders.referred import case_of, submitted, typed_care
from builders.sitting import book, sit

from core.domain.care_typing import EPISODE
from core.domain.dates import Unit
from core.domain.due import State
from core.domain.procedure.forms import Place
from core.domain.reckoning import due_from
from core.domain.time_left import time_left
from core.store import authorities, cases, deadline_marks, deadlines, taken_back
from core.store.calendars import calendar_for
from core.store.database import db, writing
from core.store.deadlines import DeadlineFact
from core.store.scope import Scope
from core.usecases import acceptance, cancelling, moving, referral, taking_back
from core.usecases.cancelling import Cancel
from core.usecases.care import save_row
from core.usecases.decision import record_decision
from core.usecases.moving import Move
from core.usecases.opening import open_referral
from core.usecases.referral import Typed
from plugins.bexley import PROCEDURE

PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 17)
DUE, NEXT_DUE = date(2026, 11, 30), date(2026, 12, 14)
AT = datetime(2026, 11, 23, 9, 30)
WHY = "The hall is flooded."
RULE = PROCEDURE.deadline("referral-received")
assert RULE is not None


def of_case(house: House, public_id: str) -> DeadlineFact:
    (found,) = deadlines.of_case(house.whole, registry(house), case_of(house, public_id).id)
    db.session.rollback()
    return found


def codes(house: House, child_id: int, on: date | None = None) -> dict[str, DeadlineFact]:
    """A child's deadlines by their codes."""
    found = deadlines.of_child(house.whole, registry(house), child_id, on or house.today)
    db.session.rollback()
    return {fact.code: fact for fact in found}


def moved(house: House, meeting: str, to: date) -> None:
    scope, move = house.scope("panel.administrator"), Move(to, time(10, 0), "", WHY)
    seen = moving.preview(scope, registry(house), meeting, move).mark
    db.session.rollback()
    moving.move_meeting(scope, registry(house), meeting, move, seen, AT)


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
    assert due_from(RULE, panel, calendar_for((panel,))).due == due


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


def test_until_a_meeting_is_chosen_it_is_unknown_and_says_so(house: House) -> None:
    child_id, child = house.child()
    case = open_referral(house.scope("social.worker"), registry(house), child, AT)
    fact = of_case(house, case)
    assert fact.state(house.today) is State.UNKNOWN
    assert fact.missing(house.today) == "no panel has been chosen for this referral"
    assert fact.what.enter == "case"
    assert codes(house, child_id, house.today - timedelta(days=1)) == {}


def test_a_referral_meets_it_by_being_submitted_and_runs_again_once_it_is_sent_back(
    house: House,
) -> None:
    _, meeting = house.meeting()
    case = submitted(house, meeting, house.child()[1])
    fact = of_case(house, case)
    assert (fact.due, fact.met_on) == (DUE, date(2026, 11, 23))
    assert fact.why == (
        "by 30 November 2026: 3 working days before the panel on 3 December 2026 "
        "(BEX-1.6, BEX-1.18)"
    )
    acceptance.send_back(house.scope("panel.chair"), registry(house), case, WHY, AT)
    fact = of_case(house, case)
    days = (date(2026, 11, 26), date(2026, 11, 27), DUE, date(2026, 12, 1))
    assert [str(fact.state(on)) for on in days] == ["running", "soon", "soon", "late"]
    late = datetime(2026, 12, 1, 0, 5)
    referral.submit(house.scope("social.worker"), registry(house), case, late)
    assert of_case(house, case).state(date(2026, 12, 1)) is State.MET_LATE
    same_as_from_nothing(house)


def test_a_referral_that_is_withdrawn_stops_it_from_that_day(house: House) -> None:
    _, meeting = house.meeting()
    case = submitted(house, meeting, house.child()[1])
    taking_back.withdraw(house.scope("social.worker"), case, WHY, datetime(2026, 11, 24, 9))
    fact = of_case(house, case)
    assert fact.state(date(2026, 11, 23)) is State.MET
    assert fact.state(date(2026, 11, 24)) is State.STOPPED
    same_as_from_nothing(house)


def test_it_moves_with_the_meeting_that_is_chosen_deferred_to_or_moved(house: House) -> None:
    _, first = house.meeting()
    _, second = house.meeting(NEXT)
    case = submitted(house, first, house.child()[1])
    acceptance.defer(house.scope("panel.chair"), registry(house), case, second, WHY, AT)
    assert (of_case(house, case).due, of_case(house, case).met_on) == (NEXT_DUE, AT.date())
    moved(house, second, date(2026, 12, 31))
    assert of_case(house, case).due == date(2026, 12, 24)
    same_as_from_nothing(house)


def test_a_draft_that_asks_for_a_meeting_moves_with_it_too(house: House) -> None:
    _, meeting = house.meeting()
    scope = house.scope("social.worker")
    case = open_referral(scope, registry(house), house.child()[1], AT)
    referral.save_referral(scope, registry(house), case, Typed({}, {}, ("", meeting)), AT)
    assert of_case(house, case).due == DUE
    moved(house, meeting, NEXT)
    assert of_case(house, case).due == NEXT_DUE
    same_as_from_nothing(house)


def test_the_cases_of_a_meeting_that_is_cancelled_are_due_for_where_they_go(house: House) -> None:
    _, meeting = house.meeting()
    house.meeting(NEXT)
    case = submitted(house, meeting, house.child()[1])
    scope, cancel = house.scope("panel.administrator"), Cancel(WHY)
    seen = cancelling.preview(scope, registry(house), meeting, cancel).mark
    db.session.rollback()
    cancelling.cancel_meeting(scope, registry(house), meeting, cancel, seen, AT)
    assert of_case(house, case).due == NEXT_DUE
    same_as_from_nothing(house)


def test_the_many_cases_of_one_meeting_are_left_to_the_worker(house: House) -> None:
    meeting_id, meeting = house.meeting()
    made = [
        put_case(house, house.child(f"M{number}", f"Ada{number}")[0], meeting_id, "submitted")[1]
        for number in range(25)
    ]
    with writing():
        authorities.lock(house.whole)
        deadline_marks.mark_all(house.whole, AT)
    up_to_date(house)
    moved(house, meeting, NEXT)
    assert waiting(house) == 25 and of_case(house, made[7]).due == DUE
    up_to_date(house)
    assert of_case(house, made[7]).due == NEXT_DUE
    same_as_from_nothing(house)


def test_every_child_of_a_case_has_it_and_one_who_leaves_it_has_none(house: House) -> None:
    first_id, first = house.child("0101", sibling_group="T")
    second_id, second = house.child("0102", "Perrin", sibling_group="T")
    _, meeting = house.meeting()
    scope, alone, both = (
        house.scope("social.worker"),
        frozenset((first,)),
        frozenset((first, second)),
    )
    case = submitted(house, meeting, first)
    acceptance.send_back(house.scope("panel.chair"), registry(house), case, WHY, AT)
    for shown, ticked, has in ((alone, both, True), (both, alone, False)):
        typed = Typed({}, {}, children=(shown, ticked))
        referral.save_referral(scope, registry(house), case, typed, AT)
        assert of_case(house, case).due == DUE
        assert list(codes(house, first_id)) == ["referral-received"]
        assert list(codes(house, second_id)) == (["referral-received"] if has else [])
    same_as_from_nothing(house)


@pytest.mark.clause("BEX-1.1.e")
def test_a_child_who_is_heard_meets_what_asks_for_the_panel(house: House) -> None:
    child_id, child = house.child()
    typed_care(house, child, date(2026, 9, 1), date(2026, 10, 1), "X1")
    _residential(house, child, date(2026, 10, 1))
    fact = codes(house, child_id)["residential-reviewed"]
    assert (fact.due, fact.state(date(2026, 11, 23))) == (date(2026, 10, 29), State.LATE)
    meeting_id, _ = house.meeting(date(2026, 11, 23), state="open", circulated=True)
    sit(house, meeting_id)
    item, _ = book(house, meeting_id, (child_id,))
    chosen = {
        Place.named("outcome-continue-care-plan.chosen"): "yes",
        Place.named("rationale"): "The placement is right for now",
    }
    record_decision(house.scope("panel.administrator"), registry(house), item, chosen, {}, AT)
    fact = codes(house, child_id)["residential-reviewed"]
    assert fact.met_on == date(2026, 11, 23)
    assert fact.state(date(2026, 11, 23)) is State.MET_LATE
    assert fact.state(date(2026, 11, 22)) is State.LATE
    same_as_from_nothing(house)


def _residential(house: House, child: str, since: date) -> None:
    values = {"decom": since.isoformat(), "rne": "P", "ls": "C2", "cin": "N1", "place": "K2",
              "place_provider": "PR1"}  # fmt: skip
    save_row(house.scope("social.worker"), child, EPISODE, None, values, "So it is", True, AT)


def test_as_at_has_the_shape_of_the_command(house: House) -> None:
    _, meeting = house.meeting()
    case = submitted(house, meeting, house.child("0101")[1])
    acceptance.send_back(house.scope("panel.chair"), registry(house), case, WHY, AT)
    before = Scope.of_authority(house.authority_id, date(2026, 11, 22))
    assert deadlines.as_at(before, registry(house)) == []
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


@pytest.mark.parametrize(
    ("opened_at", "there"),
    [(datetime(2026, 7, 1, 22, 30), True), (datetime(2026, 7, 1, 23, 30), False)],
    ids=["late on the day", "on the next day in London"],
)
def test_a_case_is_there_from_the_day_in_london_on_which_it_was_opened(
    house: House, opened_at: datetime, there: bool
) -> None:
    open_referral(house.scope("social.worker"), registry(house), house.child()[1], opened_at)
    scope = Scope.of_authority(house.authority_id, date(2026, 7, 1))
    assert len(deadlines.as_at(scope, registry(house))) == there


def test_who_does_not_see_the_child_sees_no_deadline(house: House) -> None:
    child_id, child = house.child("0101", iro=None)
    _, meeting = house.meeting()
    case = case_of(house, submitted(house, meeting, child)).id
    member = house.scope("panel.member")
    assert deadlines.of_child(member, registry(house), child_id) == []
    assert deadlines.of_case(member, registry(house), case) == []
    other = House(house.app, house.today, "TOY", "toyshire")
    assert deadlines.of_child(other.scope("panel.chair"), registry(house), child_id) == []
    assert deadlines.as_at(other.whole, registry(house)) == []
    assert cases.child_ids(other.whole, case) == frozenset()


def test_a_case_that_goes_on_without_one_sibling_has_its_deadlines_still(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    first, _ = house.child("0101", "Ada")
    second, _ = house.child("0102", "Bryn")
    case_id, case = put_case(house, first, meeting_id, "returned")
    with writing():
        cases.add_child(house.whole, case_id, second)
        taken_back.withdraw_child(house.whole, case_id, first, "Adopted", AT)
    theirs = [codes(house, child)["referral-received"] for child in (first, second)]
    fact = of_case(house, case)
    assert [one.state(house.today) for one in theirs] == [State.STOPPED, State.RUNNING]
    assert (fact.child_id, fact.due, fact.state(house.today)) == (second, DUE, State.RUNNING)

"""A case goes to another meeting: one that still stands, and where nobody waits for a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.referred import AT as REFERRED
from builders.referred import accepted, case_of, full, registry, submitted
from builders.sitting import AT, HELD, book, sit

from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.store import items
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Answer, Booking, DeadlineRow, Decision, Meeting, PanelCase
from core.usecases import reckoning, taking_back
from core.usecases.acceptance import defer
from core.usecases.decision import record_decision
from core.usecases.tabling import table_case

CHAIR, ADMIN = "panel.chair", "panel.administrator"
NEXT, AFTER = date(2026, 12, 3), date(2026, 12, 17)
CHANGES = [
    ({"state": "cancelled"}, "cancelled"),
    ({"state": "closed"}, "closed"),
    ({"held_on": date(2026, 12, 10)}, "moved"),
]


def panel(house: House) -> tuple[str, int]:
    """A quorate open panel with one case: the item and the case's id."""
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id)
    return book(house, meeting_id, (child_id,))


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let somebody change every other meeting between its choice and its lock."""

    def change(**values: Any) -> None:
        read = items.other_meetings

        def then(scope: Scope, item: items.ItemRow, on: date) -> object:
            found = read(scope, item, on)
            ids = [one.id for one in found]
            db.session.execute(sa.update(Meeting).where(Meeting.id.in_(ids)).values(**values))
            return found

        monkeypatch.setattr(items, "other_meetings", then)

    return change


def bookings() -> int:
    found = db.session.scalar(sa.select(sa.func.count(Booking.id)))
    db.session.rollback()
    return found or 0


@pytest.mark.clause("BEX-1.19")
@pytest.mark.parametrize(("values", "word"), CHANGES)
def test_no_case_is_tabled_onto_a_meeting_that_changed_meanwhile(
    house: House, meanwhile: Callable[..., None], values: dict[str, Any], word: str
) -> None:
    item, _ = panel(house)
    _, meeting = house.meeting(NEXT)
    meanwhile(**values)
    with pytest.raises(Refused, match=f"3 December 2026 was {word} just now") as refusal:
        table_case(house.scope(CHAIR), registry(house), item, meeting, "No time", AT)
    assert [f.field for f in refusal.value.findings] == ["meeting"]
    assert bookings() == 1


@pytest.mark.clause("BEX-1.19")
def test_a_case_not_heard_is_tabled_for_another_meeting_to_come_sooner_or_later(
    house: House,
) -> None:
    child_id, _ = house.child()
    own, _ = house.meeting(AFTER, circulated=True)
    item, _ = book(house, own, (child_id,))
    _, sooner = house.meeting(NEXT)
    _, past = house.meeting(house.today - timedelta(days=7))
    chair = house.scope(CHAIR)
    for none in (past, str(items.find(chair, item).meeting_public_id)):  # type: ignore[union-attr]
        with pytest.raises(Refused, match="Choose the meeting"):
            table_case(chair, registry(house), item, none, "No time", AT)
        db.session.rollback()
    assert table_case(chair, registry(house), item, sooner, "Soon 18", AT) == NEXT


@pytest.mark.clause("BEX-1.19")
def test_a_referral_is_deferred_to_another_meeting_to_come_sooner_or_later(house: House) -> None:
    _, sooner = house.meeting(NEXT)
    _, own = house.meeting(AFTER)
    case = submitted(house, own, house.child()[1])
    chair = house.scope(CHAIR)
    with pytest.raises(Refused, match="Choose another meeting"):
        defer(chair, registry(house), case, own, "Soon 18", AT)
    db.session.rollback()
    assert defer(chair, registry(house), case, sooner, "Soon 18", AT) == NEXT


@pytest.mark.clause("BEX-1.24")
@pytest.mark.parametrize(("values", "word"), CHANGES)
def test_no_case_returns_to_a_meeting_that_changed_meanwhile(
    house: House, meanwhile: Callable[..., None], values: dict[str, Any], word: str
) -> None:
    item, case_id = panel(house)
    house.meeting(NEXT)
    typed = {
        Place("chosen", "outcome-continue-care-plan"): "yes",
        Place("rationale"): "The plan is working",
        Place("return-by"): "2026-12-10",
    }
    meanwhile(**values)
    with pytest.raises(Refused, match=f"was {word} just now") as refusal:
        record_decision(house.scope(ADMIN), registry(house), item, typed, {}, AT)
    assert [f.field for f in refusal.value.findings] == ["return-by"]
    assert bookings() == 1 and db.session.scalar(sa.select(sa.func.count(Decision.id))) == 0
    drafted = sa.select(sa.func.count(Answer.id)).where(Answer.case_id == case_id)
    assert db.session.scalar(drafted) == 3


@pytest.mark.clause("BEX-1.13")
def test_a_free_place_is_theirs_who_wait_for_it_before_one_that_is_tabled(house: House) -> None:
    _, meeting = house.meeting(NEXT)
    there = full(house, meeting)
    accepted(house, meeting, house.child("0801", "Wren")[1])
    item, _ = panel(house)
    chair = house.scope(CHAIR)
    on_it = sa.select(Booking.public_id).join(PanelCase, PanelCase.id == Booking.case_id)
    gone = db.session.scalar(on_it.where(PanelCase.public_id == there[0]))
    db.session.rollback()
    taking_back.withdraw_item(chair, registry(house), str(gone), "Gone", REFERRED)
    with pytest.raises(Refused, match="1 case waits for a place on 3 December 2026") as refusal:
        table_case(chair, registry(house), item, meeting, "No time", AT)
    (found,) = refusal.value.findings
    assert (found.field, found.clauses) == ("meeting", ("BEX-1.13",))
    _, later = house.meeting(AFTER)
    assert table_case(chair, registry(house), item, later, "No time", AT) == AFTER


def received(case_id: int) -> date | None:
    """By when the referral of a case is to be in, as it is kept."""
    found = db.session.scalar(
        sa.select(DeadlineRow.due).where(
            DeadlineRow.case_id == case_id, DeadlineRow.code == "referral-received"
        )
    )
    db.session.rollback()
    return found


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many children were worked out, time by time."""
    found: list[int] = []
    again = reckoning.again

    def counted(scope: Scope, rules: Any, ids: Any, *more: Any) -> Any:
        found.append(len(set(ids)))
        return again(scope, rules, ids, *more)

    monkeypatch.setattr(reckoning, "again", counted)
    return found


def test_what_is_due_of_a_tabled_case_is_worked_out_once(house: House, times: list[int]) -> None:
    _, meeting = house.meeting(NEXT)
    item, case_id = panel(house)
    times.clear()
    table_case(house.scope(CHAIR), registry(house), item, meeting, "No time", AT)
    assert (received(case_id), times) == (date(2026, 11, 30), [1])


def test_what_is_due_of_a_deferred_case_is_worked_out_once(house: House, times: list[int]) -> None:
    _, first = house.meeting(NEXT)
    _, later = house.meeting(AFTER)
    case = submitted(house, first, house.child()[1])
    case_id = case_of(house, case).id
    times.clear()
    defer(house.scope(CHAIR), registry(house), case, later, "The chair is away", REFERRED)
    assert (received(case_id), times) == (date(2026, 12, 14), [1])

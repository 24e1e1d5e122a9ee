"""Withdrawing from one item: its quorum and its chair, what is kept of it, and who comes back."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from types import SimpleNamespace

import docx
import pytest
import sqlalchemy as sa
from builders.house import House
from builders.sitting import AT, HELD, book, sit, who

from core.domain.finding import Refused
from core.domain.meeting import Presence
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import decisions, items, withdrawals
from core.store.database import db, writing
from core.store.tables import AuditRow, Booking, Meeting, Withdrawal
from core.usecases import papers
from core.usecases.attendance import Mark, mark_seat
from core.usecases.decision import record_decision
from core.usecases.standing import Standing, for_item, standing
from core.usecases.tabling import table_case
from core.usecases.withdrawing import come_back, withdraw

ADMIN, CHAIR, VICE, MEMBER = "panel.administrator", "panel.chair", "head.of.service", "panel.member"
EVERYBODY = ("chair", "vice-chair", "adoption", "fostering")
DECIDED = {"outcome-continue-care-plan.chosen": "yes", "rationale": "The plan is working."}
LATER = datetime(2026, 11, 23, 10, 45)


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """An open panel of four, the chair and the vice chair among them, with two cases."""
    meeting_id, meeting = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id, EVERYBODY)
    first, first_case = book(house, meeting_id, (house.child()[0],))
    second, _ = book(house, meeting_id, (house.child("0202", "Wim")[0],), position=2)
    return SimpleNamespace(
        id=meeting_id, public_id=meeting, first=first, second=second, case_id=first_case
    )


def out(
    house: House,
    item: str,
    role: str,
    *,
    by: str = ADMIN,
    by_chair: bool | None = False,
    why: str = "",
    at: datetime = AT,
) -> None:
    named = who(house, role)
    withdraw(house.scope(by), registry(house), item, named, by_chair, why, at)


def refused(house: House, item: str, role: str, **more: object) -> dict[str | None, str]:
    with pytest.raises(Refused) as caught:
        out(house, item, role, **more)  # type: ignore[arg-type]
    db.session.rollback()
    return {finding.field: finding.message for finding in caught.value.findings}


def decide(house: House, item: str, role: str = ADMIN, **more: str) -> None:
    typed = {Place.named(name): value for name, value in (DECIDED | more).items()}
    scope = house.scope(role)
    record_decision(scope, registry(house), item, typed, dict.fromkeys(typed, 0), AT)


def undecided(house: House, item: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        decide(house, item)
    db.session.rollback()
    return [finding.message for finding in caught.value.findings]


def at_item(house: House, panel: SimpleNamespace, item: str) -> Standing:
    scope = house.scope(ADMIN)
    found = items.find(scope, item)
    assert found is not None
    held = standing(scope, registry(house), panel.id)
    here = for_item(held, withdrawals.of_items(scope, [found.id]), scope.on)
    db.session.rollback()
    return here


def booking_id(public_id: str) -> int:
    found = db.session.execute(sa.select(Booking.id).where(Booking.public_id == public_id))
    value = found.scalar_one()
    db.session.rollback()
    return value


def kept(house: House, item: str) -> list[withdrawals.Withdrawn]:
    found = withdrawals.of_items(house.scope(ADMIN), [booking_id(item)])
    db.session.rollback()
    return found


@pytest.mark.clause("BEX-1.3", "BEX-1.11")
def test_the_vice_chairs_the_item_of_a_chair_who_withdrew_and_the_next_item_is_the_chairs(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel.first, CHAIR, by=CHAIR, by_chair=None, why="I know the aunt.")
    assert at_item(house, panel, panel.first).chair.name == "Head Of Service Of Bexley"  # type: ignore[union-attr]
    assert at_item(house, panel, panel.second).chair.name == "Panel Chair Of Bexley"  # type: ignore[union-attr]
    decide(house, panel.first)
    decide(house, panel.second)
    scope = house.scope(ADMIN)
    made = {row.booking_public_id: row for row in decisions.load(scope, meeting_ids=[panel.id])}
    db.session.rollback()
    assert made[panel.first].chair_name == "Head Of Service Of Bexley"
    assert "Panel Chair" not in made[panel.first].present
    assert made[panel.second].chair_name == "Panel Chair Of Bexley"
    assert "Panel Chair Of Bexley" in made[panel.second].present


@pytest.mark.clause("BEX-1.2", "BEX-1.3")
def test_an_item_that_is_not_quorate_is_not_decided_and_the_next_one_is(
    house: House, panel: SimpleNamespace
) -> None:
    for role in ("adoption", MEMBER):
        out(house, panel.first, role)
    said = undecided(house, panel.first)
    assert any("1 other member is here besides those who have withdrawn" in one for one in said)
    decide(house, panel.second)


@pytest.mark.clause("BEX-1.11")
def test_with_chair_and_vice_out_of_an_item_it_can_only_be_tabled(
    house: House, panel: SimpleNamespace
) -> None:
    for role in (CHAIR, VICE):
        out(house, panel.first, role)
    assert any("Table the case for another meeting" in one for one in undecided(house, panel.first))


def test_who_comes_back_counts_again_and_both_are_kept(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel.first, MEMBER, by_chair=True, why="She taught the child.")
    assert [one.name for one in at_item(house, panel, panel.first).attendance.withdrawn] == [
        "Panel Member Of Bexley"
    ]
    gone = kept(house, panel.first)[0]
    name = come_back(house.scope(CHAIR), registry(house), panel.first, gone.public_id, LATER)
    assert name == "Panel Member Of Bexley"
    assert not at_item(house, panel, panel.first).attendance.withdrawn
    row = kept(house, panel.first)[0]
    assert (row.by_chair, row.why, row.written_by) == (
        True, "She taught the child.", "Panel Administrator Of Bexley",
    )  # fmt: skip
    assert (row.ended_at, row.ended_by) == (LATER, "Panel Chair Of Bexley")
    out(house, panel.first, MEMBER)
    assert [one.out for one in kept(house, panel.first)] == [False, True]


def test_every_withdrawal_and_return_is_audited(house: House, panel: SimpleNamespace) -> None:
    out(house, panel.first, MEMBER, by=MEMBER, by_chair=True, why="A neighbour.")
    gone = kept(house, panel.first)[0]
    assert not gone.by_chair and gone.written_by == ""
    come_back(house.scope(CHAIR), registry(house), panel.first, gone.public_id, LATER)
    rows = db.session.execute(
        sa.select(AuditRow.did, AuditRow.subject_id, AuditRow.account_id, AuditRow.why)
        .where(AuditRow.subject == "item")
        .order_by(AuditRow.id)
    ).all()
    db.session.rollback()
    assert [tuple(row) for row in rows] == [
        ("withdraw from item", panel.first, house.accounts[MEMBER], "A neighbour."),
        ("come back to item", panel.first, house.accounts[CHAIR], ""),
    ]


def test_what_is_missing_or_not_theirs_to_say_is_refused(
    house: House, panel: SimpleNamespace
) -> None:
    lacking = refused(house, panel.first, MEMBER, by_chair=None)
    assert set(lacking) == {"said-by"}
    assert set(refused(house, panel.first, MEMBER, by_chair=True)) == {"withdraw-why"}
    assert set(refused(house, panel.first, MEMBER, why="w" * 20_001)) == {"withdraw-why"}
    for role, by in (("adoption", MEMBER), ("inspector", ADMIN), ("social.worker", ADMIN)):
        assert refused(house, panel.first, role, by=by) == {"withdraws": "Choose who withdraws"}
    out(house, panel.first, MEMBER)
    assert "already" in refused(house, panel.first, MEMBER)["withdraws"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Withdrawal)) == 1


def test_who_withdrew_does_not_find_the_item_and_cannot_let_themself_back_in(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel.first, CHAIR, by=CHAIR)
    gone = kept(house, panel.first)[0]
    with pytest.raises(Refused, match="not there any more"):
        come_back(house.scope(CHAIR), registry(house), panel.first, gone.public_id, LATER)
    db.session.rollback()
    with pytest.raises(Refused, match="not there any more"):
        decide(house, panel.first, CHAIR)
    db.session.rollback()
    with pytest.raises(Refused, match="Only who runs the meeting"):
        come_back(house.scope("adoption"), registry(house), panel.first, gone.public_id, LATER)
    db.session.rollback()
    come_back(house.scope(VICE), registry(house), panel.first, gone.public_id, LATER)
    with pytest.raises(Refused, match="came back already"):
        come_back(house.scope(ADMIN), registry(house), panel.first, gone.public_id, LATER)


def test_once_the_item_is_settled_or_the_meeting_over_who_took_part_stays_as_it_was(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel.first, "adoption")
    decide(house, panel.first)
    gone = kept(house, panel.first)[0]
    assert "settled" in refused(house, panel.first, MEMBER)[None]
    with pytest.raises(Refused, match="settled"):
        come_back(house.scope(ADMIN), registry(house), panel.first, gone.public_id, LATER)
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(Meeting).values(state="closed"))
    assert "closed" in refused(house, panel.second, MEMBER)[None]


def test_a_member_withdraws_before_the_day_too(house: House) -> None:
    meeting_id, _ = house.meeting(date(2026, 12, 3), circulated=True)
    item, _ = book(house, meeting_id, (house.child()[0],))
    out(house, item, MEMBER, by=MEMBER)
    assert [one.name for one in kept(house, item)] == ["Panel Member Of Bexley"]


def test_a_withdrawal_follows_the_case_to_the_next_agenda_until_the_chair_ends_it(
    house: House, panel: SimpleNamespace
) -> None:
    later_id, later = house.meeting(date(2026, 12, 7), circulated=True)
    out(house, panel.first, MEMBER, by_chair=True, why="She taught the child.")
    out(house, panel.first, "adoption")
    back = kept(house, panel.first)[1]
    come_back(house.scope(ADMIN), registry(house), panel.first, back.public_id, LATER)
    table_case(house.scope(CHAIR), registry(house), panel.first, later, "No time", LATER)
    there = db.session.scalar(sa.select(Booking.public_id).where(Booking.meeting_id == later_id))
    db.session.rollback()
    assert there is not None
    [followed] = kept(house, there)
    assert (followed.name, followed.why, followed.by_chair) == (
        "Panel Member Of Bexley", "She taught the child.", True,
    )  # fmt: skip
    assert items.find(house.scope(MEMBER), there) is None
    db.session.rollback()
    come_back(house.scope(CHAIR), registry(house), there, followed.public_id, LATER)
    assert items.find(house.scope(MEMBER), there) is not None
    assert items.find(house.scope(MEMBER), panel.first) is None
    db.session.rollback()


def test_a_withdrawal_follows_a_decided_case_to_the_meeting_where_it_returns(
    house: House, panel: SimpleNamespace
) -> None:
    later_id, _ = house.meeting(date(2026, 12, 7), circulated=True)
    out(house, panel.first, MEMBER)
    decide(house, panel.first, **{"return-by": "2026-12-07"})
    there = db.session.scalar(sa.select(Booking.public_id).where(Booking.meeting_id == later_id))
    db.session.rollback()
    assert there is not None
    assert [one.name for one in kept(house, there)] == ["Panel Member Of Bexley"]
    assert items.find(house.scope(MEMBER), there) is None
    db.session.rollback()


@pytest.mark.clause("BEX-1.2")
def test_who_was_there_when_an_item_was_decided_is_kept_with_it(
    house: House, panel: SimpleNamespace
) -> None:
    decide(house, panel.first)
    left = Mark("fostering", Presence.LEFT, None, 1)
    mark_seat(house.scope(ADMIN), registry(house), panel.public_id, left, LATER)
    decide(house, panel.second)
    scope = house.scope(ADMIN)
    made = {row.booking_public_id: row for row in decisions.load(scope, meeting_ids=[panel.id])}
    db.session.rollback()
    assert "Panel Member Of Bexley" in made[panel.first].present
    assert "Panel Member Of Bexley" not in made[panel.second].present


def minutes(house: House, panel: SimpleNamespace, role: str) -> str:
    made = papers.minutes(house.scope(role), registry(house), panel.public_id, LATER)
    db.session.rollback()
    assert made is not None
    document = docx.Document(BytesIO(made[1]))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.clause("BEX-1.3")
def test_the_minutes_say_who_withdrew_and_who_chaired_and_leave_the_item_out_of_their_own_copy(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel.first, CHAIR, by=CHAIR, why="I know the aunt.")
    decide(house, panel.first)
    decide(house, panel.second)
    text = minutes(house, panel, VICE)
    assert (
        "Withdrawn from this item: Panel Chair Of Bexley withdrew at 10:30: I know the aunt" in text
    )
    assert "Chair of this item: Head Of Service Of Bexley" in text
    assert "Chair of this item: Panel Chair Of Bexley" in text
    assert "Orlin" in text and "Wim" in text
    own = minutes(house, panel, CHAIR)
    assert "1 item is not in this copy: it was made for somebody who withdrew there." in own
    assert "Orlin" not in own and "aunt" not in own and "Wim" in own

"""What pages say of a meeting's pack: who will see a question, and of a cancelled meeting."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from builders.house import House
from builders.reading import get
from builders.sitting import book

from core.store.database import db, writing
from core.store.tables import Meeting

HELD = date(2026, 12, 3)
READERS = ("panel.member", "panel.chair", "panel.administrator")


def circulated(house: House) -> str:
    """The address of a circulated meeting with one case."""
    meeting_id, meeting = house.meeting(HELD, circulated=True)
    child_id, _ = house.child()
    book(house, meeting_id, (child_id,))
    return f"/meetings/{meeting}"


def test_who_will_see_a_question_is_said_where_it_is_typed(house: House) -> None:
    page = get(house, f"{circulated(house)}/pack", "panel.member")
    assert "Then its chair, its members and who runs the meeting see it on the item" in page


def test_of_a_cancelled_meeting_nobody_is_sent_to_its_pack(house: House) -> None:
    address = circulated(house)
    for role in READERS:
        page = get(house, address, role)
        assert "Read the pack" in page
        assert "Members see its cases, and any booked from now on" in page
    with writing():
        at = datetime(2026, 11, 23, 12, 0)
        db.session.execute(sa.update(Meeting).values(state="cancelled", cancelled_at=at))
    for role in READERS:
        page = get(house, address, role)
        assert "Read the pack" not in page and "from now on" not in page
        assert "Members saw its cases until it was cancelled on 23 November 2026 at 12:00." in page

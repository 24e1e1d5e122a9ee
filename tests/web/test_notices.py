"""Notices on the pages of cases, items, meetings and procedures: day, why, to whom, how far."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.noticed import moved
from builders.queries import counted
from builders.referred import accepted, case_of, submitted

from core.domain.notice_plan import NoticeKind, NoticeState
from core.store.database import db, writing
from core.store.notices import Copy, NoticeRow
from core.store.scope import Scope
from core.store.tables import Booking, Message
from core.usecases import noticing
from core.web import notices_late

AT = datetime(2026, 11, 23, 9, 0)
PANEL, DUE = date(2026, 12, 3), date(2026, 11, 26)
CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def text(house: House, role: str, address: str) -> str:
    html = house.client(role).get(address).text
    part = re.search(r'aria-labelledby="notices">(.*?)</section>', html, re.DOTALL)
    inline = re.sub(r"</?(time|strong|span|a)\b[^>]*>", "", part[1]) if part else ""
    return " ".join(re.sub(r"<[^>]+>", " ", inline).split())


def work(house: House, on: date) -> None:
    while noticing.work_on(Scope.of_authority(house.authority_id, on), AT):
        pass


def booked(house: House, on: date = PANEL) -> tuple[str, str, str]:
    _, meeting = house.meeting(on)
    case, _ = accepted(house, meeting, house.child()[1])
    item = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    return meeting, case, str(item)


def test_a_case_says_its_notice_its_day_why_and_who_it_would_go_to_now(house: House) -> None:
    meeting, case, item = booked(house)
    for address in (f"/cases/{case}", f"/items/{item}"):
        said = text(house, ADMIN, address)
        assert "To come On 26 November 2026: 5 working days before the panel on 3 December" in said
        assert "set here, not by the procedure" in said and "BEX-1.14" in said
        assert (
            "To the child’s social worker, the team manager and whoever referred the case" in said
        )
        assert "(now: Social Worker Of Bexley, Team Manager Of Bexley)" in said
    assert "Notices of its cases: 1 to come" in text(house, ADMIN, f"/meetings/{meeting}")


def test_once_it_went_the_page_says_to_whom_and_how_far_it_is(house: House) -> None:
    _, case, _ = booked(house)
    work(house, DUE)
    said = text(house, ADMIN, f"/cases/{case}")
    assert "In the outbox For 26 November 2026" in said
    assert "Social Worker Of Bexley: in the outbox, to go from 26 November 2026 at 07:00" in said
    with writing():
        db.session.execute(sa.update(Message).values(state="sent", sent_at=AT))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "Sent For 26 November 2026" in said and "sent on 23 November 2026 at 09:00" in said
    stopped = {"state": "stopped", "sent_at": None, "stopped_at": AT, "said": "Not sent: off"}
    with writing():
        db.session.execute(sa.update(Message).values(**stopped))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "Not sent For 26 November 2026" in said and "Sent For" not in said
    with writing():
        db.session.execute(sa.update(Message).values(maybe_sent_at=AT))
    assert "Not sent For" not in text(house, ADMIN, f"/cases/{case}")
    with writing():
        db.session.execute(sa.update(Message).values(state="failed", sent_at=None, failed_at=AT))
    assert "Not delivered For 26 November" in text(house, ADMIN, f"/cases/{case}")
    html = house.client(ADMIN).get(f"/cases/{case}").text
    assert "put into the outbox, to Social Worker Of Bexley, Team Manager Of Bexley" in html


def test_one_booked_after_its_day_is_shown_late_with_both_days(house: House) -> None:
    _, case, _ = booked(house, date(2026, 11, 26))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "Late: its day was 19 November 2026, so it goes at once" in said
    assert "it came up on 23 November 2026, when that day had gone by" in said
    work(house, house.today)
    said = text(house, ADMIN, f"/cases/{case}")
    assert "its day was 19 November 2026, and it waits in the outbox: it came up" in said
    assert "mail server" not in said
    with writing():
        db.session.execute(sa.update(Message).values(state="sent", sent_at=AT))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "its day was 19 November 2026, and it went on 23 November 2026 at 09:00" in said


def row(**more: object) -> NoticeRow:
    made = datetime(2026, 6, 10, 9, 0)
    there = NoticeRow(
        1, "", "key", 1, NoticeKind.NOTICE, "BEX", "", "", "Case booked", (), (), 1, 1, 1, "", None,
        PANEL, date(2026, 6, 10), "why", NoticeState.SENT, "", made, made, None,
    )  # fmt: skip
    return replace(there, **more)  # type: ignore[arg-type]


def copy(message: str, at: datetime) -> Copy:
    return Copy(1, 1, "A worker", "", "", message, at, "")


def how_late(
    one: NoticeRow, *copies: Copy, on: int = 10, moved: bool = False, shown: bool = False
) -> str:
    found = notices_late.late(one, copies, date(2026, 6, on), moved, {1} if shown else set())
    return f"{found.how} {found.at or ''}: {found.why}" if found else ""


def june(on: int, hour: int = 9) -> datetime:
    return datetime(2026, 6, on, hour)


@pytest.mark.usefixtures("house")
def test_one_made_just_after_midnight_in_summer_is_late_by_the_day_in_london() -> None:
    made = datetime(2026, 6, 10, 23, 30)
    after = row(made_at=made, sent_at=made)
    assert how_late(after, on=11) == (
        "and it went on 2026-06-10 23:30:00: it came up on 11 June 2026, when that day had gone by"
    )
    assert not how_late(replace(after, due=date(2026, 6, 11)), on=11)


@pytest.mark.usefixtures("house")
def test_late_is_what_was_sent_after_its_day_with_the_cause() -> None:
    assert not how_late(row(), copy("sent", june(10)), on=20)
    assert how_late(row(), copy("sent", june(12)), on=20) == (
        "and it went on 2026-06-12 09:00:00: it waited for the mail server"
    )
    assert how_late(row(sent_at=june(11)), copy("sent", june(11)), on=20) == (
        "and it went on 2026-06-11 09:00:00: it was put into the outbox on 11 June 2026 only"
    )
    assert not how_late(row(), copy("waiting", june(10)))
    assert how_late(row(), copy("waiting", june(10)), on=11) == (
        "and it waits in the outbox : it waited for the mail server"
    )
    assert how_late(row(), copy("failed", june(10)), on=11) == "and it did not reach everybody : "
    assert not how_late(row(), copy("stopped", june(12)), on=20)
    assert not how_late(row(), copy("sent", june(12)), on=20, shown=True)
    assert how_late(row(state=NoticeState.TO_COME, sent_at=None), on=11) == "so it goes at once : "
    for state in (NoticeState.STOPPED, NoticeState.NOBODY):
        assert not how_late(row(state=state), on=20)


@pytest.mark.usefixtures("house")
def test_what_a_move_made_late_says_so_and_what_tells_again_is_not_late_for_it() -> None:
    first = row(state=NoticeState.STOPPED)
    second = row(id=2, number=2, meeting_on=date(2026, 12, 1), made_at=june(11), sent_at=june(11))
    assert notices_late.moved_here([first, second]) == {2}
    said = "the meeting moved on 11 June 2026, when that day had gone by"
    assert said in how_late(second, copy("sent", june(11)), on=20, moved=True)
    again = replace(second, follows_id=1)
    assert not how_late(again, copy("sent", june(11)), on=20, moved=True)
    assert how_late(again, copy("sent", june(13)), on=20, moved=True) == (
        "and it went on 2026-06-13 09:00:00: it waited for the mail server"
    )


def test_what_tells_again_after_a_move_says_so_in_its_heading(house: House) -> None:
    meeting, case, _ = booked(house)
    work(house, DUE)
    with writing():
        db.session.execute(sa.update(Message).values(state="sent", sent_at=AT))
    moved(house, meeting, date(2026, 12, 17))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "presents it: moved To come On 23 November 2026" in said
    assert "presents it: again, since the meeting moved To come On 10 December 2026" in said
    moved(house, meeting, date(2026, 11, 27))
    said = text(house, ADMIN, f"/cases/{case}")
    at_once = "told again at once, since the meeting moved: its day, 20 November 2026, had gone by"
    assert at_once in said and "Late" not in said
    work(house, house.today)
    said = text(house, ADMIN, f"/cases/{case}")
    assert (
        "Told again on 23 November 2026 at 09:00, since the meeting moved: its day, 20 Nov" in said
    )


def test_what_is_only_shown_here_is_not_said_to_be_sent(house: House) -> None:
    meeting, case, _ = booked(house)
    work(house, DUE)
    with writing():
        shown = {"state": "sent", "sent_at": AT, "shown_only": True}
        db.session.execute(sa.update(Message).values(shown))
    said = text(house, ADMIN, f"/cases/{case}")
    assert "Shown here For 26 November 2026" in said
    assert "Social Worker Of Bexley: shown here on 23 November 2026 at 09:00" in said
    html = house.client(ADMIN).get(f"/cases/{case}").text
    assert "Shown here, " in html and ">Sent" not in html and "sent on" not in html
    listed = house.client(ADMIN).get("/outbox").text
    assert "Sent or shown here" in listed and "Shown here" in listed and ">Sent<" not in listed


def test_booking_says_when_papers_are_due_and_when_the_notice_goes(house: House) -> None:
    for on, said in (
        (PANEL, "the booking notice goes on 26 November 2026"),
        (date(2026, 11, 26), "on 19 November 2026, which has gone by: it goes at once"),
    ):
        _, meeting = house.meeting(on)
        case = submitted(house, meeting, house.child(f"{on:%m%d}")[1])
        client = house.client(CHAIR)
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/cases/{case}").text)
        assert token is not None
        answer = client.post(f"/cases/{case}/accept", data={"csrf_token": token[1]})
        assert answer.status_code == 303
        page = client.get(answer.location).text
        assert "papers are due by" in page and said in page


def test_whoever_does_not_see_the_case_sees_nothing_of_its_notices(house: House) -> None:
    meeting, case, _ = booked(house)
    house.account(WORKER, "other@bexley.example", team="Another team")
    assert house.client("other").get(f"/cases/{case}").status_code == 404
    assert (
        "Notices of its cases" not in house.client("panel.member").get(f"/meetings/{meeting}").text
    )


def test_the_page_of_a_procedure_lists_its_notices_with_their_clauses(house: House) -> None:
    html = house.client(ADMIN).get("/procedures/BEX").text
    said = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert (
        "Referral due soon , for each referral that is begun and not submitted: to whoever" in said
    )
    assert "2 working days before the day by which referrals are due: 3 working days before" in said


def test_the_queries_of_a_meeting_do_not_grow_with_its_notices(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    accepted(house, meeting, house.child("0101")[1])
    client = house.client(ADMIN)
    client.get(f"/meetings/{meeting}")
    one = counted(lambda: client.get(f"/meetings/{meeting}"))
    for number in range(3):
        accepted(house, meeting, house.child(f"020{number}")[1])
    assert counted(lambda: client.get(f"/meetings/{meeting}")) <= one

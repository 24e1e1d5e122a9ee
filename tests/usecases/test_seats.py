"""The seats of a meeting: one for each who holds a post that several hold; who is from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import AT, BODY, SINCE, House
from builders.sitting import book, who
from conftest import TODAY

from core.domain.finding import Refused
from core.domain.meeting import Person, Presence, Seat
from core.registry import Registry
from core.store import posts, seats
from core.store.database import db, writing
from core.store.tables import Attendance, AuditRow, Meeting, PostHolder
from core.usecases import attended
from core.usecases.attendance import Mark, SeatClash, mark_seat
from core.usecases.standing import Standing, standing_of
from core.usecases.withdrawing import withdraw

ADMIN, POST = "panel.administrator", "operations-managers"


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def held(house: House, post: str, *roles: str, outside: bool = False) -> None:
    with writing():
        for role in roles:
            what = (house.code, BODY, post)
            posts.add(house.whole, house.accounts[role], what, SINCE, None, outside=outside)


def of_today(house: House, edition: str) -> str:
    """A meeting of today, of the edition that the plugin declares."""
    _, public_id = house.meeting(house.today, circulated=True)
    with writing():
        db.session.execute(sa.update(Meeting).values(procedure_edition=edition))
    return public_id


@pytest.fixture
def somerset(database_url: str, tmp_path: Path) -> Iterator[House]:
    with other_authorities(tmp_path, database_url) as app:
        yield House(app, TODAY, "SOM", "somerset")


@pytest.fixture
def bcp(database_url: str, tmp_path: Path) -> Iterator[House]:
    with other_authorities(tmp_path, database_url) as app:
        yield House(app, TODAY, "BCP", "bcp")


def mark(
    house: House,
    meeting: str,
    seat: str,
    state: Presence = Presence.PRESENT,
    person: Person | None = None,
    seen: int = 0,
) -> Standing:
    chosen = Mark(seat, state, person, seen)
    return mark_seat(house.scope(ADMIN), registry(house), meeting, chosen, AT)


def refusal(*arguments: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        mark(*arguments, **more)  # type: ignore[arg-type]
    db.session.rollback()
    return caught.value


def stands(house: House, meeting: str) -> Standing:
    now = standing_of(house.scope(ADMIN), registry(house), meeting)
    db.session.rollback()
    return now


def of_several(now: Standing) -> list[tuple[str, str, str]]:
    """The seats of the post that several hold: the holder, who sits there, and as what."""
    return [
        (
            seat.holder.name if seat.holder else "",
            seat.sitter.name if seat.sitter else "",
            str(seat.state),
        )
        for seat in now.seats
        if seat.post.code == POST
    ]


def seat_of(house: House, now: Standing, role: str) -> Seat:
    seat = now.seat(f"{POST}_{house.accounts[role]}")
    assert seat is not None
    return seat


FIRST, SECOND = "Adoption Of Somerset", "Kinship Of Somerset"


@pytest.mark.clause("SOM-8.2")
def test_each_holder_of_a_post_that_several_hold_has_a_seat_and_is_marked_there(
    somerset: House,
) -> None:
    held(somerset, POST, "kinship", "adoption")
    meeting = of_today(somerset, "October 2016")
    now = stands(somerset, meeting)
    assert of_several(now) == [(FIRST, FIRST, "expected"), (SECOND, SECOND, "expected")]
    first, second = (seat_of(somerset, now, role) for role in ("adoption", "kinship"))
    mark(somerset, meeting, first.key)
    now = mark(somerset, meeting, second.key, person=Person("Bo Wren"))
    assert of_several(now) == [(FIRST, FIRST, "present"), (SECOND, "Bo Wren", "present")]
    assert now.seats == stands(somerset, meeting).seats
    assert len(now.attendance.members_here) == 2
    assert [one.said for one in attended.present(now.seats, somerset.today)] == [
        f"{FIRST}, All other Operations Managers",
        f"Bo Wren, All other Operations Managers, substitute for {SECOND}",
    ]
    now = mark(somerset, meeting, first.key, Presence.LEFT, seen=1)
    assert of_several(now) == [(FIRST, FIRST, "left"), (SECOND, "Bo Wren", "present")]
    subjects = set(db.session.scalars(sa.select(AuditRow.subject_id).where(
        AuditRow.subject == seats.SUBJECT
    )))  # fmt: skip
    db.session.rollback()
    assert subjects == {seats.subject_id(meeting, one) for one in (first, second)}
    with pytest.raises(SeatClash):
        mark(somerset, meeting, first.key)
    db.session.rollback()


def test_a_holder_of_such_a_post_withdraws_from_an_item_and_so_does_each_other(
    somerset: House,
) -> None:
    held(somerset, POST, "kinship", "adoption")
    meeting = stands(somerset, of_today(somerset, "October 2016")).meeting
    item, _ = book(somerset, meeting.id, (somerset.child()[0],))
    for role in ("kinship", "adoption"):
        scope, named = somerset.scope(role), who(somerset, role)
        assert (
            withdraw(scope, registry(somerset), item, named, None, "", AT).id
            == (somerset.accounts[role])
        )


def test_a_post_of_several_that_nobody_holds_is_one_empty_seat_and_what_was_marked_stays(
    somerset: House,
) -> None:
    meeting = of_today(somerset, "October 2016")
    assert of_several(stands(somerset, meeting)) == [("", "", "expected")]
    mark(somerset, meeting, POST, person=Person("Bo Wren"))
    held(somerset, POST, "kinship")
    now = stands(somerset, meeting)
    assert of_several(now) == [(SECOND, SECOND, "expected"), ("", "Bo Wren", "present")]
    mark(somerset, meeting, seat_of(somerset, now, "kinship").key)
    with writing():
        db.session.execute(sa.update(PostHolder).where(PostHolder.post_code == POST).values(
            until=SINCE
        ))  # fmt: skip
    now = stands(somerset, meeting)
    assert of_several(now) == [("", "Bo Wren", "present"), ("", SECOND, "present")]
    assert not seat_of(somerset, now, "kinship").substitute
    kept = Person(SECOND, somerset.accounts["kinship"])
    key = seat_of(somerset, now, "kinship").key
    now = mark(somerset, meeting, key, Presence.LEFT, kept, 1)
    assert not seat_of(somerset, now, "kinship").substitute


def test_a_seat_that_was_marked_when_a_post_had_one_is_that_of_whoever_sat_in_it(
    somerset: House,
) -> None:
    held(somerset, POST, "kinship", "adoption")
    meeting = of_today(somerset, "October 2016")
    meeting_id = stands(somerset, meeting).meeting.id
    with writing():
        db.session.execute(
            sa.insert(Attendance).values(
                authority_id=somerset.authority_id, meeting_id=meeting_id, post_code=POST,
                account_id=somerset.accounts["kinship"], name=SECOND, state="present",
                arrived_at=AT,
            )
        )  # fmt: skip
    now = stands(somerset, meeting)
    assert of_several(now) == [(FIRST, FIRST, "expected"), (SECOND, SECOND, "present")]
    now = mark(somerset, meeting, POST, Presence.LEFT, seen=1)
    assert of_several(now) == [(FIRST, FIRST, "expected"), (SECOND, SECOND, "left")]


@pytest.mark.clause("BCP-3.1")
def test_a_substitute_from_outside_is_refused_and_warned_of_beforehand(bcp: House) -> None:
    meeting = of_today(bcp, "")
    outside = Person("Bo Wren", outside=True)
    refused = refusal(bcp, meeting, "administration", person=outside)
    assert [one.clauses for one in refused.findings] == [("BCP-3.1",)]
    assert refused.findings[0].field == "seat-administration"
    now = mark(bcp, meeting, "administration", Presence.EXPECTED, outside)
    assert [(one.clauses, one.blocks) for one in now.membership] == [(("BCP-3.1",), False)]
    assert now.seats == stands(bcp, meeting).seats
    mark(bcp, meeting, "administration", Presence.EXPECTED, Person("Bo Wren"), 1)
    now = mark(bcp, meeting, "administration", person=Person("Bo Wren"), seen=2)
    assert now.membership == () and not now.attendance.members_here[0].outside


@pytest.mark.clause("BCP-3.1")
def test_whoever_holds_a_post_as_somebody_from_outside_is_so_as_a_substitute_too(
    bcp: House,
) -> None:
    held(bcp, "chair", "legal", outside=True)
    meeting = of_today(bcp, "")
    account = Person("Legal Of Bcp", bcp.accounts["legal"])
    refused = refusal(bcp, meeting, "administration", person=account)
    assert [one.clauses for one in refused.findings] == [("BCP-3.1",)]
    with writing():
        db.session.execute(sa.update(PostHolder).values(outside=False))
    assert mark(bcp, meeting, "administration", person=account).membership == ()
    with writing():
        db.session.execute(sa.update(PostHolder).values(outside=True))
    assert [one.clauses for one in stands(bcp, meeting).membership] == [("BCP-3.1",)] * 2


def test_the_form_asks_whether_a_substitute_comes_from_outside_where_that_matters(
    bcp: House,
) -> None:
    bcp.app.config["WTF_CSRF_ENABLED"] = False
    meeting = of_today(bcp, "")
    client = bcp.client(ADMIN)
    typed = {
        "post": "administration", "seen": "0", "state": "present",
        "who-administration": "Bo Wren", "outside-administration": "yes",
    }  # fmt: skip
    answer = client.post(f"/meetings/{meeting}/attendance", data=typed)
    assert answer.status_code == 422 and "comes from outside" in answer.text
    ticked = re.compile(r'name="outside-administration"[^>]*checked')
    assert ticked.search(answer.text)
    answer = client.post(f"/meetings/{meeting}/attendance", data=typed | {"state": "expected"})
    assert answer.status_code == 303
    page = client.get(f"/meetings/{meeting}").text
    assert ticked.search(page) and "(from outside)" in page
    del typed["outside-administration"]
    answer = client.post(f"/meetings/{meeting}/attendance", data=typed | {"seen": "1"})
    assert answer.status_code == 303
    assert not ticked.search(client.get(f"/meetings/{meeting}").text)


def test_the_form_of_each_seat_of_several_marks_that_seat(somerset: House) -> None:
    somerset.app.config["WTF_CSRF_ENABLED"] = False
    held(somerset, POST, "kinship", "adoption")
    meeting = of_today(somerset, "October 2016")
    client = somerset.client(ADMIN)
    page = client.get(f"/meetings/{meeting}").text
    keys = re.findall(rf'name="post" value="({POST}[^"]*)"', page)
    assert keys == [f"{POST}_{somerset.accounts[role]}" for role in ("adoption", "kinship")]
    assert "From outside?" not in page
    for key in keys:
        data = {"post": key, "seen": "0", "state": "present"}
        answer = client.post(f"/meetings/{meeting}/attendance", data=data)
        assert answer.status_code == 303 and answer.location.endswith(f"#seat-{key}")
    assert [state for *_, state in of_several(stands(somerset, meeting))] == ["present"] * 2

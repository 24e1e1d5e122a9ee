"""A meeting asked again for one item: who is out of it, who chairs then, and who may not sit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from core.domain.chair_order import chair_order
from core.domain.finding import Strength
from core.domain.meeting import (
    Person,
    Presence,
    Seat,
    can_withdraw,
    kept_out,
    same_person,
    sitting,
)
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Attendance, NotOwnReferral, Post, Quorum
from core.domain.procedure.on_agenda import OnAgenda
from plugins.bexley.bodies import PANEL

AT = datetime(2026, 12, 3, 10, 0)
POSTS = {post.code: post for post in PANEL.posts}
HEAD, MANAGER = "head-of-service", "team-manager"
PEOPLE = {
    "chair": Person("Ada Quill", 1, "a", HEAD),
    "vice-chair": Person("Bo Marsh", 2, "b", HEAD),
    "adoption": Person("Cy Fenn", 3, "c", MANAGER),
    "fostering": Person("Di Holt", 4, "d", MANAGER),
    "legal": Person("Ed Rowe", 5, "e", "practitioner"),
}


def seat(post: str, state: Presence = Presence.PRESENT, **more: object) -> Seat:
    who = PEOPLE[post]
    arrived = AT if state is Presence.PRESENT else None
    return replace(Seat(POSTS[post], who, who, state=state, arrived_at=arrived), **more)  # type: ignore[arg-type]


def here(*posts: str) -> tuple[Seat, ...]:
    return tuple(seat(post) for post in posts or PEOPLE)


def out(*posts: str) -> set[tuple[int | None, str]]:
    return {same_person(PEOPLE[post]) for post in posts}


def asked(seats: tuple[Seat, ...], *posts: str, leave: bool | None = None) -> Attendance:
    return sitting(PANEL, seats, None, leave, (), out(*posts))


def blocking(attendance: Attendance) -> list[str]:
    return [finding.message for finding in PANEL.findings(attendance) if finding.blocks]


@pytest.mark.clause("BEX-1.11", "BEX-1.3")
def test_the_vice_chairs_an_item_from_which_the_chair_withdrew_and_the_quorum_is_of_the_rest() -> (
    None
):
    seats = here("chair", "vice-chair", "adoption", "fostering")
    item = asked(seats, "chair")
    assert item.chair is not None and item.chair.name == "Bo Marsh"
    assert [one.name for one in item.withdrawn] == ["Ada Quill"]
    assert [one.name for one in item.others_here] == ["Cy Fenn", "Di Holt"]
    assert blocking(item) == []
    after = asked(seats)
    assert after.chair is not None and after.chair.name == "Ada Quill" and not after.withdrawn


@pytest.mark.clause("BEX-1.2", "BEX-1.3")
def test_who_withdrew_does_not_count_towards_the_quorum_of_the_item() -> None:
    item = asked(here("chair", "adoption", "fostering"), "fostering")
    assert blocking(item) == [
        "Not quorate: the chair and at least 2 other members are needed, and 1 other member is "
        "here besides those who have withdrawn"
    ]
    quorum = next(rule for rule in PANEL.membership if isinstance(rule, Quorum))
    assert quorum.missing(item) == ("1 more member",)
    assert quorum.missing(asked(here("chair", "adoption", "fostering"))) == ()


@pytest.mark.clause("BEX-1.11")
def test_with_both_who_chair_out_of_an_item_it_is_tabled_and_no_leave_is_asked_for() -> None:
    held_up = asked(here("chair", "vice-chair", "adoption", "legal"), "chair", "vice-chair")
    said = blocking(held_up)
    assert any("Ada Quill and Bo Marsh have withdrawn. Table the case" in each for each in said)
    assert not any("Deputy Director" in each for each in said)
    away = asked((seat("vice-chair", Presence.APOLOGIES), *here("chair", "adoption")), "chair")
    assert any("Ada Quill has withdrawn" in each for each in blocking(away))
    coming = asked((seat("vice-chair", Presence.EXPECTED), *here("chair", "adoption")), "chair")
    assert not any("has withdrawn. Table" in each for each in blocking(coming))
    to_come = (seat("chair", Presence.EXPECTED), *here("vice-chair", "adoption"))
    assert any(
        "Ada Quill and Bo Marsh have withdrawn. Table" in each
        for each in blocking(asked(to_come, "chair", "vice-chair"))
    )


@pytest.mark.clause("BEX-1.11")
def test_with_both_withdrawn_and_gone_both_are_said_and_leave_is_asked_for() -> None:
    gone = (seat("chair", Presence.LEFT), seat("vice-chair", Presence.LEFT), *here("adoption"))
    said = blocking(asked(gone, "chair", "vice-chair"))
    (why,) = [each for each in said if "Deputy Director" in each]
    assert why.startswith("Ada Quill and Bo Marsh have withdrawn from this item, and are not here.")


def test_a_body_without_a_rule_on_the_chair_follows_the_order_of_its_posts() -> None:
    body = Body(
        code="permanence-panel",
        clauses=("TOY-1",),
        posts=(
            Post(code="chair", clauses=("TOY-2",), chairs=1),
            Post(code="vice-chair", clauses=("TOY-2",), chairs=2),
        ),
    )
    seats = here("chair", "vice-chair")
    named = sitting(body, seats, 1, None, (), out("chair"))
    assert named.chair is not None and named.chair.name == "Bo Marsh"
    assert body.findings(sitting(body, seats, None, None, (), out("chair", "vice-chair"))) == ()


def test_a_name_that_was_typed_withdraws_too() -> None:
    typed = Person("Fay Lunn")
    seats = (*here("chair", "adoption"), seat("legal", sitter=typed, substitute=True))
    item = sitting(PANEL, seats, None, None, (), {same_person(Person("fay lunn"))})
    assert [one.name for one in item.withdrawn] == ["Fay Lunn"]


def test_who_can_withdraw_is_whoever_sits_or_holds_the_post_each_once() -> None:
    stand_in = Person("Gil Ames", 9, "g", MANAGER)
    seats = (
        *here("chair"),
        seat("adoption", sitter=stand_in, substitute=True),
        Seat(POSTS["placements"]),
        seat("vice-chair", sitter=PEOPLE["chair"], substitute=True),
    )
    names = [person.name for person in can_withdraw(seats)]
    assert names == ["Ada Quill", "Gil Ames", "Cy Fenn", "Bo Marsh"]


@pytest.mark.clause("BEX-1.12")
def test_a_manager_who_refers_a_case_of_the_agenda_is_kept_out_and_a_substitute_is_not() -> None:
    agenda = (OnAgenda(1, 7, frozenset({3, 40})), OnAgenda(2, 8, frozenset({5}), heard=True))
    attendance = sitting(PANEL, here("chair", "adoption", "legal"), None, None, agenda)
    found = [f for f in PANEL.findings(attendance) if f.code == "not-own-referral"]
    assert [(f.clauses, f.blocks) for f in found] == [(("BEX-1.12",), True)]
    assert "Cy Fenn refers a case on this agenda" in found[0].message
    adoption, legal = attendance.attendees[1:]
    assert kept_out(PANEL, attendance, adoption) and not kept_out(PANEL, attendance, legal)
    stand_in = replace(adoption, name="Gil Ames", person="9", substitute=True)
    assert kept_out(PANEL, attendance, stand_in) == ()
    assert kept_out(PANEL, replace(attendance, agenda=agenda[1:]), adoption) == ()


@pytest.mark.clause("BEX-1.12")
def test_who_is_expected_is_warned_of_and_who_withdrew_from_the_item_is_not_asked_again() -> None:
    agenda = (OnAgenda(1, 7, frozenset({3})),)
    seats = (*here("chair", "fostering", "legal"), seat("adoption", Presence.EXPECTED))
    found = PANEL.findings(sitting(PANEL, seats, None, None, agenda))
    assert [(f.code, f.strength) for f in found] == [("not-own-referral", Strength.WARNS)]
    item = sitting(PANEL, here(), None, None, agenda, out("adoption"))
    assert blocking(item) == []
    away = (*here("chair", "fostering", "legal"), seat("adoption", Presence.APOLOGIES))
    assert PANEL.findings(sitting(PANEL, away, None, None, agenda)) == ()


@pytest.mark.clause("BEX-1.12")
def test_a_manager_by_grade_is_kept_out_of_any_seat_and_a_practitioner_of_none_but_a_managers() -> (
    None
):
    rule = next(rule for rule in PANEL.membership if isinstance(rule, NotOwnReferral))
    assert set(rule.posts) == {
        "adoption", "fostering", "placements", "independent-reviewing", "looked-after-children",
    }  # fmt: skip
    agenda = (OnAgenda(1, 7, frozenset({4, 5})),)
    seats = (seat("legal", sitter=PEOPLE["fostering"], substitute=True),)
    by_grade = sitting(PANEL, seats, None, None, agenda)
    assert len(rule.findings(by_grade)) == 1
    assert rule.findings(sitting(PANEL, here("legal"), None, None, agenda)) == ()


@pytest.mark.clause("BEX-1.11")
def test_the_order_of_the_chair_says_who_can_take_it_and_why_the_others_cannot() -> None:
    seats = (*here("chair", "adoption"), seat("vice-chair", Presence.EXPECTED))
    order = chair_order(PANEL, seats, asked(seats))
    assert [(one.seat.post.code, one.chairs, one.why_not) for one in order] == [
        ("chair", True, ""),
        ("vice-chair", False, "is not here yet"),
    ]
    gone = chair_order(
        PANEL, here("chair", "vice-chair"), asked(here("chair", "vice-chair"), "chair")
    )
    assert [(one.chairs, one.why_not) for one in gone] == [
        (False, "has withdrawn from this item"),
        (True, ""),
    ]
    stand_in = seat("chair", sitter=PEOPLE["adoption"], substitute=True)
    empty = Seat(POSTS["vice-chair"])
    said = chair_order(PANEL, (stand_in, empty), asked((stand_in, empty)))
    assert [one.why_not for one in said] == [
        "sits there as a substitute, and a substitute does not take the chair",
        "nobody holds this post",
    ]
    assert chair_order(Body(code="permanence-panel", clauses=()), (), Attendance(())) == ()

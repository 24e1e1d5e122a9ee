"""Who holds the posts of a body on a day: filled and empty, and what each rule finds in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import plugins.bcp
import plugins.bexley
import plugins.somerset
from core.domain import posts
from core.domain.finding import Finding, Strength
from core.domain.procedure.bodies import Body
from core.domain.procedure.holding import Holding
from core.domain.procedure.membership import Attendance, Attendee, Office, Post
from core.domain.staff import GRADES

ON = date(2026, 11, 23)
DAY = timedelta(days=1)
BEXLEY = plugins.bexley.PROCEDURE.bodies[0]
BCP = plugins.bcp.PROCEDURE.bodies[0]
SOMERSET = plugins.somerset.PROCEDURE.bodies[0]


def held(post: str, name: str = "", **more: object) -> Holding:
    name = name or f"The {post}"
    values = {"since": date(2026, 1, 1), **more}
    return Holding(post, name, name, **values)  # type: ignore[arg-type]


def grade_of(post: Post) -> str:
    return post.grades[0] if post.grades else "practitioner"


def filled(body: Body) -> list[Holding]:
    return [held(post.code, grade=grade_of(post)) for post in body.posts if not post.from_case]


def found(body: Body, holdings: list[Holding], on: date = ON) -> list[Finding]:
    return list(posts.findings(body, holdings, on))


def without(holdings: list[Holding], *codes: str) -> list[Holding]:
    return [one for one in holdings if one.post not in codes]


@pytest.mark.parametrize("body", [BEXLEY, BCP, SOMERSET], ids=lambda body: body.title)
def test_of_a_body_that_is_filled_as_laid_down_nothing_is_found(body: Body) -> None:
    assert found(body, filled(body)) == []
    assert posts.empty(body.posts, filled(body), ON) == []


@pytest.mark.clause("BEX-1.12")
def test_an_empty_post_is_found_with_its_clause_and_an_optional_one_is_not() -> None:
    (one,) = found(BEXLEY, without(filled(BEXLEY), "legal"))
    assert one.message == "Nobody holds Legal representative on 23 November 2026"
    assert one.clauses == ("BEX-1.12",) and one.strength is Strength.WARNS
    optional = {post.code for post in SOMERSET.posts if post.optional}
    assert len(optional) == 3
    assert found(SOMERSET, without(filled(SOMERSET), *optional)) == []


def test_a_term_holds_from_its_first_day_and_no_more_on_the_day_it_has_ended() -> None:
    term = held("legal", since=ON, until=ON + 3 * DAY)
    rest = without(filled(BEXLEY), "legal")
    empty = [bool(found(BEXLEY, [*rest, term], ON + n * DAY)) for n in (-1, 0, 2, 3)]
    assert empty == [True, False, False, True]
    never = replace(term, until=ON)
    assert not never.on(ON) and not never.shares_a_day(ON, None)
    assert term.shares_a_day(ON + 2 * DAY, None) and not term.shares_a_day(ON + 3 * DAY, None)
    assert term.shares_a_day(ON - DAY, ON + DAY) and not term.shares_a_day(ON - DAY, ON)


@pytest.mark.clause("BEX-1.12", "BEX-1.11")
@pytest.mark.parametrize(
    ("post", "grade", "wrong"),
    [
        ("adoption", "team-manager", False),
        ("adoption", "service-manager", False),
        ("adoption", "head-of-service", True),
        ("chair", "head-of-service", False),
        ("vice-chair", "service-manager", True),
        ("legal", "solicitor", False),
    ],
)
def test_a_grade_that_the_post_does_not_name_is_not_allowed(
    post: str, grade: str, wrong: bool
) -> None:
    rest = without(filled(BEXLEY), post)
    told = found(BEXLEY, [*rest, held(post, "Ada Quill", grade=grade)])
    assert [one.blocks for one in told] == [True] * wrong
    for one in told:
        assert one.code == posts.GRADE and one.clauses == BEXLEY.post(post).clauses  # type: ignore[union-attr]
        assert f"Ada Quill has the grade {GRADES[grade]}" in one.message


def test_a_grade_that_is_not_known_is_said_to_be_so() -> None:
    rest = without(filled(BEXLEY), "adoption")
    (one,) = found(BEXLEY, [*rest, held("adoption", "Ada Quill")])
    assert "the grade of Ada Quill is not known" in one.message and not one.blocks


def test_two_who_hold_one_post_at_once_are_not_allowed_but_where_several_may() -> None:
    two = [*filled(BEXLEY), held("legal", "Bo Wren")]
    assert any(
        "The legal and Bo Wren hold" in one.message and one.blocks for one in found(BEXLEY, two)
    )
    several = [*filled(SOMERSET), held("operations-managers", "Bo Wren", grade="iro")]
    assert found(SOMERSET, several) == []


@pytest.mark.clause("BEX-1.2")
def test_a_ninth_member_is_found_and_the_vice_chair_is_none() -> None:
    assert len(filled(BEXLEY)) == 9 and found(BEXLEY, filled(BEXLEY)) == []
    nine = [*filled(BEXLEY), held("legal", "Bo Wren")]
    (one,) = [f for f in found(BEXLEY, nine) if f.code == "most-members"]
    assert one.clauses == ("BEX-1.2",) and one.blocks and "9 people hold" in one.message


def test_one_person_in_two_posts_of_a_body_is_warned_of_with_both_clauses() -> None:
    rest = without(filled(BEXLEY), "chair", "legal")
    both = [held(post, "Ada Quill", grade="head-of-service") for post in ("chair", "legal")]
    (one,) = found(BEXLEY, rest + both)
    assert one.clauses == ("BEX-1.11", "BEX-1.12") and not one.blocks
    assert "Ada Quill holds two posts" in one.message and "Legal representative" in one.message


@pytest.mark.clause("BEX-1.11")
def test_with_neither_chair_nor_vice_nobody_may_chair() -> None:
    rest = without(filled(BEXLEY), "chair", "vice-chair")
    assert posts.CHAIR in [one.code for one in found(BEXLEY, rest)]
    assert posts.CHAIR not in [
        one.code
        for one in found(
            BEXLEY, without(rest, "legal") + [held("vice-chair", grade="head-of-service")]
        )
    ]


def test_a_chair_that_is_not_laid_down_is_said_to_be_the_authoritys_to_set() -> None:
    told = found(SOMERSET, without(filled(SOMERSET), "chair"))
    assert [one.code for one in told] == [posts.CHAIR, posts.EMPTY]
    assert "not laid down by the procedure, set by the authority" in told[1].message
    nowhere = replace(SOMERSET, posts=tuple(p for p in SOMERSET.posts if p.code != "chair"))
    (one,) = found(nowhere, without(filled(SOMERSET), "chair"))
    assert one.message.startswith("Nobody chairs: not laid down") and one.clauses == ()


@pytest.mark.clause("BCP-3.1")
def test_somebody_from_outside_is_no_member_where_the_body_is_internal() -> None:
    rest = without(filled(BCP), "administration")
    told = found(BCP, [*rest, held("administration", "Bo Wren", outside=True)])
    assert [(one.clauses, one.blocks) for one in told] == [(("BCP-3.1",), True)]
    assert found(BEXLEY, [replace(one, outside=True) for one in filled(BEXLEY)]) == []
    there = Attendance((Attendee("Bo Wren", "administration", True, outside=True),))
    assert "BCP-3.1" in {clause for one in BCP.findings(there) for clause in one.clauses}


@pytest.mark.clause("SOM-8.3")
@pytest.mark.parametrize(
    ("grade", "of_holder", "state", "blocks"),
    [
        ("team-manager", "team-manager", {"present": True}, None),
        ("practitioner", "team-manager", {"present": True}, True),
        ("practitioner", "team-manager", {"present": False, "expected": True}, True),
        ("practitioner", "team-manager", {"present": False}, None),
        ("", "team-manager", {"present": True}, False),
        ("team-manager", "", {"present": True}, False),
    ],
)
def test_a_substitute_has_the_grade_in_which_the_member_holds_the_post(
    grade: str, of_holder: str, state: dict[str, bool], blocks: bool | None
) -> None:
    stand_in = Attendee(
        "Bo Wren", "finance", substitute=True, grade=grade, grade_of_holder=of_holder, **state
    )
    told = SOMERSET.findings(Attendance((stand_in,)))
    assert [one.blocks for one in told] == ([] if blocks is None else [blocks])
    assert all(one.clauses == ("SOM-8.3",) for one in told)
    own = replace(stand_in, substitute=False)
    assert SOMERSET.findings(Attendance((own,))) == ()


@pytest.mark.clause("SOM-8.2", "SOM-8.3")
@pytest.mark.parametrize("post", ["chair", "placements", "operations-managers"])
def test_a_substitute_in_a_seat_that_is_no_core_members_may_have_any_grade(post: str) -> None:
    stand_in = Attendee(
        "Bo Wren", post, True, substitute=True, grade="iro", grade_of_holder="team-manager"
    )
    assert SOMERSET.findings(Attendance((stand_in,))) == ()
    rest = without(filled(SOMERSET), post)
    assert found(SOMERSET, [*rest, held(post, "Bo Wren")]) == []


@pytest.mark.clause("SOM-8.3")
def test_a_member_of_unknown_grade_is_said_to_be_so_beforehand() -> None:
    rest = without(filled(SOMERSET), "finance")
    (one,) = found(SOMERSET, [*rest, held("finance", "Bo Wren")])
    assert one.clauses == ("SOM-8.3",) and "grade of Bo Wren is not known" in one.message


def test_a_post_that_the_case_fills_is_neither_empty_nor_without_a_chair() -> None:
    brought = Post(code="team-manager", clauses=(), chairs=1, from_case="the child’s manager")
    body = replace(BEXLEY, posts=(brought,), membership=())
    assert found(body, []) == [] and posts.empty(body.posts, [], ON) == []
    assert posts.standing(body.posts) == ()


def test_of_a_change_only_what_is_new_is_told_and_on_whichever_day_it_begins() -> None:
    before = without(filled(BEXLEY), "legal", "adoption")
    coming = held("adoption", "Ada Quill", grade="team-manager", since=ON + 30 * DAY)
    new = held("legal", "Ada Quill", grade="solicitor", since=ON)
    told = posts.newly_found(BEXLEY, [*before, coming], [*before, coming, new], ON)
    assert [one.code for one in told] == ["post-two"]
    assert posts.newly_found(BEXLEY, [*before, coming, new], [*before, coming, new], ON) == ()
    assert posts.newly_found(BEXLEY, before, without(before, "chair"), ON) == ()


def test_an_office_is_held_as_a_post_of_no_body() -> None:
    office = Office(code="deputy-director", clauses=("SOM-5",), title="Deputy Director")
    (one,) = posts.of_post(office, (), ON)
    assert one.clauses == ("SOM-5",) and "Nobody holds Deputy Director" in one.message
    two = (held("deputy-director", "Ada Quill"), held("deputy-director", "Bo Wren"))
    assert [one.blocks for one in posts.of_post(office, two, ON)] == [True]
    assert posts.empty([office], [], ON) == ["Deputy Director"]


def test_a_term_is_followed_where_somebody_holds_the_post_on_the_next_day() -> None:
    term = held("legal", until=ON)
    assert not posts.followed_on(term, [term])
    assert posts.followed_on(term, [term, held("legal", "Bo Wren", since=ON)])
    assert not posts.followed_on(term, [term, held("legal", "Bo Wren", since=ON + DAY)])
    assert not posts.followed_on(term, [term, held("adoption", since=ON)])
    assert posts.followed_on(held("legal"), [])


def test_a_reminder_comes_eight_weeks_before_the_end_or_on_the_first_day() -> None:
    assert posts.remind_on(date(2026, 1, 1), date(2026, 12, 31)) == date(2026, 11, 5)
    assert posts.remind_on(date(2026, 12, 1), date(2026, 12, 31)) == date(2026, 12, 1)


def test_a_stamp_tells_one_standing_from_another() -> None:
    term = held("legal", until=ON)
    assert posts.stamp([term]) == posts.stamp([replace(term)])
    assert (
        len({posts.stamp([term]), posts.stamp([]), posts.stamp([replace(term, until=None)])}) == 3
    )


def test_a_holder_whose_account_is_suspended_is_found() -> None:
    rest = without(filled(BEXLEY), "legal")
    told = found(BEXLEY, [*rest, held("legal", "Ada Quill", suspended=True)])
    assert [(one.code, one.strength) for one in told] == [(posts.SUSPENDED, Strength.WARNS)]
    assert "Ada Quill" in told[0].message and told[0].clauses == ("BEX-1.12",)

"""What the conditions of sight say: of which children and cases what is seen, and by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import AT, House

from core.domain.allocation import RELATIONS
from core.domain.sight import ROLES, SHOWS, Relation, What, lines, most
from core.store import closings, invitees, meetings
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import Attendance, Child, Meeting, PanelCase, StatedAccess

ASKED = (
    "allocation",
    "attendance",
    "booking",
    "case_child",
    "case_invitee",
    "child",
    "named_access",
    "panel_case",
    "placing",
    "post_holder",
    "stated_access",
)
MOMENT = datetime(2026, 11, 23, 10, 0)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_table_that_sight_asks_is_asked_for_the_askers_authority(role: str) -> None:
    scope = Scope(7, date(2026, 11, 23), 3, roles=frozenset((role,)), moment=MOMENT)
    query = sa.select(PanelCase.id).where(cases_seen(scope))
    said = str(query.compile(compile_kwargs={"literal_binds": True})).replace('"', "")
    for table in ASKED:
        for name in named(table, said):
            assert f"{name}.authority_id = 7" in said, (name, said)


def named(table: str, said: str) -> set[str]:
    """The names under which a statement asks a table: its own, or another for this once."""
    return {other or table for other in re.findall(rf"FROM {table}\b(?: AS (\w+))?", said)}


def test_the_scan_sees_the_tables_it_looks_for() -> None:
    roles = frozenset({"social.worker", "team.manager", "service.manager", "iro", "panel.member"})
    scope = Scope(7, date(2026, 11, 23), 3, roles=roles, moment=MOMENT)
    said = str(sa.select(PanelCase.id).where(cases_seen(scope))).replace('"', "")
    assert [table for table in ASKED if f"FROM {table}" not in said] == ["child"]


def seen(scope: Scope, what: What = What.RECORD) -> set[int]:
    found = set(db.session.scalars(sa.select(Child.id).where(children_seen(scope, what))))
    db.session.rollback()
    return found


def cases(scope: Scope) -> set[int]:
    found = set(db.session.scalars(sa.select(PanelCase.id).where(cases_seen(scope))))
    db.session.rollback()
    return found


def put(meeting_id: int, **values: object) -> None:
    with writing():
        db.session.execute(sa.update(Meeting).where(Meeting.id == meeting_id).values(**values))


def test_a_member_sees_a_case_from_circulation_until_it_is_ratified(house: House) -> None:
    meeting, _ = house.meeting()
    child, _ = house.child()
    other, _ = house.child("0102")
    case_id, _ = case(house, child, meeting)
    earlier, _ = case(house, child, None, "heard")
    late, _ = case(house, other, meeting)
    book(house, meeting, case_id)
    member = house.scope("panel.member")
    assert seen(member) == set() and cases(member) == set()
    put(meeting, circulated_at=AT)
    assert seen(member) == {child} and cases(member) == {case_id}
    assert earlier in cases(house.scope("social.worker"))
    assert seen(member, What.PAPERS) == {child}
    assert seen(member, What.PEOPLE) == set()
    assert seen(house.scope("kinship")) == set()
    book(house, meeting, late, 2)
    assert cases(member) == {case_id, late}
    put(meeting, ratified_at=AT)
    assert seen(member) == set() and cases(member) == set()
    assert seen(house.scope("panel.chair")) == {child, other}


@pytest.mark.parametrize("role", ["kinship", "team.manager"])
def test_who_stands_in_for_a_post_sees_that_one_agenda(house: House, role: str) -> None:
    (meeting, public_id), (later, other) = house.meeting(), house.meeting(date(2026, 12, 15))
    child, _ = house.child(team="none", worker=None, iro=None)
    case_id, _ = case(house, child, meeting)
    book(house, meeting, case_id)
    elsewhere, _ = case(house, house.child("0102", team="none", worker=None)[0], later)
    book(house, later, elsewhere)
    for one in (meeting, later):
        put(one, circulated_at=AT)
    scope = house.scope(role)
    assert cases(scope) == set() and (role != "kinship" or meetings.find(scope, public_id) is None)
    seat = {"meeting_id": meeting, "post_code": "fostering", "account_id": scope.account_id}
    with writing():
        db.session.execute(
            sa.insert(Attendance).values(
                authority_id=house.authority_id, substitute=True, state="expected", **seat
            )
        )
    assert cases(scope) == {case_id} and seen(scope) == {child}
    assert meetings.find(scope, public_id) is not None
    assert role != "kinship" or meetings.find(scope, other) is None
    with writing():
        db.session.execute(sa.update(Attendance).values(state="apologies"))
    assert cases(scope) == set() and seen(scope) == set()


def test_an_invitee_sees_the_one_case_until_the_invitation_ends(house: House) -> None:
    child, _ = house.child()
    case_id, _ = case(house, child, None)
    case(house, child, None, "heard")
    kinship = house.scope("kinship")
    chair = house.scope("panel.chair")
    assert cases(kinship) == set()
    with writing():
        invitees.invite(chair, case_id, house.accounts["kinship"])
    assert cases(kinship) == {case_id} and seen(kinship) == {child}
    assert seen(kinship, What.PEOPLE) == set()
    with writing():
        assert invitees.end(chair, case_id, house.accounts["kinship"])
    assert cases(kinship) == set() and seen(kinship) == set()
    with writing():
        invitees.invite(chair, case_id, house.accounts["kinship"])
    assert cases(kinship) == {case_id}


def test_a_stated_reason_lasts_to_the_minute_and_is_ones_own(house: House) -> None:
    child, _ = house.child(team="none", worker=None, iro=None)
    with writing():
        db.session.execute(
            sa.insert(StatedAccess).values(
                authority_id=house.authority_id,
                account_id=house.accounts["iro"],
                child_id=child,
                reason="Asked by the school",
                since=MOMENT,
                until=MOMENT + timedelta(hours=1),
            )
        )
    iro = house.scope("iro")

    def at(minutes: int) -> set[int]:
        return seen(replace(iro, moment=MOMENT + timedelta(minutes=minutes)))

    assert [at(minutes) for minutes in (-1, 0, 59, 60)] == [set(), {child}, {child}, set()]
    assert seen(iro) == set()
    stands_in = replace(
        house.scope("social.worker"),
        moment=MOMENT,
        covers=((house.accounts["iro"], frozenset({"iro"})),),
    )
    assert seen(stands_in) == set()
    assert seen(replace(iro, moment=MOMENT), What.LOOKED) == set()
    with writing():
        db.session.execute(sa.update(StatedAccess).values(ended_at=MOMENT))
    assert at(0) == set()


def test_who_stands_in_for_a_colleague_sees_what_the_colleague_sees(house: House) -> None:
    mine, _ = house.child("0101")
    theirs, _ = house.child("0102", worker=None)
    house.account("social.worker", "other@bexley.example", team="Other team")
    other = house.scope("other")
    assert seen(other) == set()
    manages = (house.accounts["team.manager"], frozenset({"team.manager"}))
    works = (house.accounts["social.worker"], frozenset({"social.worker"}))
    assert seen(replace(other, covers=(manages,))) == {mine, theirs}
    assert seen(replace(other, covers=(works,))) == {mine}


def test_who_stands_in_sees_no_agenda_by_the_posts_of_the_colleague(house: House) -> None:
    child, _ = house.child(team="none", worker=None, iro=None)
    meeting_id, _ = house.meeting(circulated=True)
    shared, _ = case(house, child, meeting_id, referrer="iro")
    book(house, meeting_id, shared)
    member = house.scope("panel.member")
    assert (seen(member), cases(member)) == ({child}, {shared})
    covers = ((house.accounts["panel.member"], frozenset({"panel.member"})),)
    stands_in = replace(house.scope("social.worker"), covers=covers)
    assert (seen(stands_in), cases(stands_in)) == (set(), set())
    with writing():
        invitees.invite(house.whole, shared, house.accounts["panel.member"])
    assert cases(stands_in) == {shared}, "an invitation is work that is taken over"


def test_a_closed_record_is_seen_by_those_named_and_by_nobody_else(house: House) -> None:
    child, _ = house.child()
    brother, _ = house.child("0102")
    shared, _ = case(house, child, None)
    with writing():
        db.session.execute(
            sa.text(
                "INSERT INTO case_child (authority_id, case_id, child_id) VALUES (:a, :c, :b)"
            ).bindparams(a=house.authority_id, c=shared, b=brother)
        )
    scopes = {role: house.scope(role) for role in ROLES}
    before = {role for role in ROLES if child in seen(scopes[role])}
    assert {"panel.chair", "inspector", "social.worker", "team.manager"} <= before
    with writing():
        closings.close(house.whole, child, "restricted", "Staff", AT)
        closings.name(house.whole, child, [house.accounts["legal"]])
    assert {role for role in ROLES if child in seen(scopes[role])} == {"legal"}
    assert {role for role in ROLES if shared in cases(scopes[role])} == {"legal"}
    assert brother in seen(scopes["social.worker"])
    assert seen(house.whole) == {child, brother} and cases(house.whole) == {shared}
    with writing():
        closings.unname(house.whole, child, house.accounts["legal"])
    tomorrow = replace(scopes["legal"], on=house.today + timedelta(days=1))
    assert seen(tomorrow) == set()


def test_who_administers_an_authority_sees_who_a_child_is_and_no_more(house: House) -> None:
    child, _ = house.child()
    case(house, child, None)
    administrator = house.scope("authority.administrator")
    assert seen(administrator) == {child}
    assert [what for what in What if seen(administrator, what)] == [What.RECORD, What.CHANGE]
    assert cases(administrator) == set()


def test_the_table_is_what_the_database_answers(house: House) -> None:
    """One child, allocated and in a team: each role sees what its lines of the table say."""
    child, _ = house.child()
    for role in ROLES:
        scope = house.scope(role)
        told = {
            what
            for named, relation, through in lines()
            if named == role and relation not in BESIDE
            for what in through
        }
        assert {what for what in What if child in seen(scope, what)} == told, role


@pytest.mark.parametrize("role", sorted(RELATIONS["worker"].roles))
def test_who_is_allocated_as_social_worker_sees_the_child_in_any_team(
    house: House, role: str
) -> None:
    child, _ = house.child(team="none", worker=role, iro=None)
    assert seen(house.scope(role)) == {child}


def test_what_is_asked_for_together_comes_one_way(house: House) -> None:
    """One role mends every child, another shows a few plans: no plan is changed by the two."""
    child, _ = house.child(team="none", worker=None, iro=None)
    mine, _ = house.child("0102")
    roles = frozenset({"authority.administrator", "social.worker"})
    both = replace(house.scope("social.worker"), roles=roles, moment=MOMENT)
    with writing():
        db.session.execute(
            sa.insert(StatedAccess).values(
                authority_id=house.authority_id,
                account_id=house.accounts["social.worker"],
                child_id=child,
                reason="Asked by the school",
                since=MOMENT,
                until=MOMENT + timedelta(hours=1),
            )
        )
    assert seen(both, What.PLAN) == seen(both, What.CHANGE) == {child, mine}
    query = sa.select(Child.id).where(children_seen(both, What.PLAN, What.CHANGE))
    found = set(db.session.scalars(query))
    db.session.rollback()
    assert found == {mine}


BESIDE = {
    Relation.AGENDA,
    Relation.REFERRED,
    Relation.INVITED,
    Relation.STATED,
    Relation.NAMED,
}


def test_nothing_is_seen_through_a_relation_beyond_the_most_that_a_role_sees() -> None:
    for role, relation, through in lines():
        assert set(through) == SHOWS[relation] & most(role)

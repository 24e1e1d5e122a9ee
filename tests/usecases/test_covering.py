"""Cover for an absence: what is seen while it runs, who may arrange it, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.records import whole_record
from builders.staff import public

from core.domain.finding import Refused
from core.store import accounts, actions, children, covers, directory, waiting
from core.store.actions import Wanted
from core.store.database import db, writing
from core.store.tables import AccountRole, PanelCase
from core.usecases import covering
from core.usecases.covering import NoSuchCover

ADMIN, AWAY, BY = "authority.administrator", "social.worker", "fostering"


def arrange(house: House, by: str = ADMIN, away: str = AWAY, to: str = BY, days: int = 5) -> None:
    last = house.today + timedelta(days=days)
    covering.arrange(
        house.scope(by), public(house, away), public(house, to), house.today, last, "Leave", AT
    )


def test_while_it_runs_the_other_sees_the_children_and_what_waits(house: House) -> None:
    ids = whole_record(house)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state="draft"))
    assert children.child(house.scope(BY), ids["children"]) is None
    arrange(house)
    scope = house.scope(BY)
    assert (house.accounts[AWAY], frozenset({AWAY})) in scope.covers
    assert children.child(scope, ids["children"]) is not None
    assert [action.away for action in waiting.own_actions(scope)] == ["An owner"]
    assert actions.listed(scope, Wanted(whose="mine"))[1] == 1
    for on, seen in ((5, True), (6, False)):
        later = accounts.scope_of(scope, house.accounts[BY], house.today + timedelta(days=on))
        assert (children.child(later, ids["children"]) is not None) is seen
        assert bool(waiting.own_actions(later)) is seen


def test_a_cover_does_not_reach_a_third(house: House) -> None:
    ids = whole_record(house)
    arrange(house)
    arrange(house, away=BY, to="kinship")
    third = house.scope("kinship")
    assert house.accounts[BY] in dict(third.covers)
    assert children.child(third, ids["children"]) is None


def test_somebody_arranges_their_own_and_a_manager_their_teams(house: House) -> None:
    house.account("social.worker", "far@bexley.example", team="Far team")
    house.accounts["far"] = house.account("iro", "far.iro@bexley.example", team="Far team")
    arrange(house, by=AWAY)
    arrange(house, by="team.manager", away="iro")
    for by, away in ((AWAY, "iro"), ("team.manager", "far"), ("iro", AWAY)):
        with pytest.raises(Refused, match="Choose who is away"):
            arrange(house, by=by, away=away, to="legal")
    names = [name for _, name in covers.may_be_away(house.scope(AWAY))]
    assert names == ["Social Worker Of Bexley"]


def test_an_administrator_does_not_arrange_that_they_stand_in(house: House) -> None:
    for role in ("social.worker", "team.manager"):
        also = {"account_id": house.accounts[role], "role": ADMIN, "since": house.today}
        with writing():
            db.session.execute(
                sa.insert(AccountRole).values(authority_id=house.authority_id, **also)
            )
    house.account("social.worker", "far@bexley.example", team="Far team")
    with pytest.raises(Refused, match="Another administrator must arrange that you stand in"):
        arrange(house, by="social.worker", away="head.of.service", to="social.worker")
    with pytest.raises(Refused, match="Another administrator must arrange that you stand in"):
        arrange(house, by="team.manager", away="far", to="team.manager")
    arrange(house, by="team.manager", away=AWAY, to="team.manager")
    arrange(house, by="team.manager", away="head.of.service", to="kinship")


def test_what_cannot_be_arranged_is_refused_beside_its_field(house: House) -> None:
    today, scope = house.today, house.scope(ADMIN)
    away, by, day = public(house, AWAY), public(house, BY), timedelta(days=1)
    toyshire = House(house.app, today, "TOY", "toyshire")
    for who, stands_in, since, last, why, field in (
        ("", by, today, today, "", "away"),
        (public(toyshire, AWAY), by, today, today, "", "away"),
        (away, "", today, today, "", "by"),
        (away, away, today, today, "", "by"),
        (away, public(toyshire, BY), today, today, "", "by"),
        (away, public(house, "inspector"), today, today, "", "by"),
        (away, public(house, ADMIN), today, today, "", "by"),
        (away, by, None, today, "", "since"),
        (away, by, today, None, "", "last"),
        (away, by, today, today - day, "", "last"),
        (away, by, today - 9 * day, today - day, "", "last"),
        (away, by, today, today + 400 * day, "", "last"),
        (away, by, today, today, "w" * 401, "why"),
    ):
        with pytest.raises(Refused) as refused:
            covering.arrange(scope, who, stands_in, since, last, why, AT)
        assert field in [finding.field for finding in refused.value.findings], field
    arrange(house)
    with pytest.raises(Refused, match="in that time already"):
        arrange(house, days=20)


def test_it_is_ended_before_its_day_by_who_may_and_both_are_told(house: House) -> None:
    arrange(house)
    cover = covers.lasting(house.scope(BY))[0]
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    for scope in (toyshire.scope(ADMIN), house.scope(BY), house.scope("iro")):
        with pytest.raises(NoSuchCover):
            covering.end(scope, cover.public_id, AT)
    covering.end(house.scope(AWAY), cover.public_id, AT)
    assert house.accounts[AWAY] not in dict(house.scope(BY).covers)
    for role in (AWAY, BY):
        told = [event.did for event in directory.history(house.whole, public(house, role))]
        assert told[:2] == ["end cover", "arrange cover"]
    with pytest.raises(NoSuchCover):
        covering.end(house.scope(AWAY), cover.public_id, AT)


def test_one_to_come_that_is_ended_never_begins(house: House) -> None:
    soon, last = house.today + timedelta(days=3), date(2026, 12, 24)
    scope = house.scope(ADMIN)
    covering.arrange(scope, public(house, AWAY), public(house, BY), soon, last, "", AT)
    covering.end(scope, covers.lasting(scope)[0].public_id, AT)
    assert covers.lasting(scope) == []
    on = accounts.scope_of(scope, house.accounts[BY], soon)
    assert house.accounts[AWAY] not in dict(on.covers)

"""Somebody leaves: everything in hand passes on in one step, or nothing does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.records import whole_record
from builders.staff import allocations, public, version

from core.domain.finding import Refused
from core.store import accounts, closings, leaving
from core.store.database import db, writing
from core.store.tables import (
    Account,
    AccountRole,
    Action,
    AuditRow,
    Child,
    Cover,
    PanelCase,
    Placing,
)
from core.usecases import closings as closing
from core.usecases import covering, people
from core.usecases.leaving import Plan, leave
from core.usecases.people import PersonMoved

ADMIN, WORKER = "authority.administrator", "social.worker"


def colleague(house: House, role: str = WORKER) -> str:
    house.accounts["colleague"] = house.account(role, "colleague@bexley.example")
    return public(house, "colleague")


def go(house: House, plan: Plan, who: str = WORKER, seen: int | None = None):  # type: ignore[no-untyped-def]
    version_seen = version(house, who) if seen is None else seen
    return leave(house.scope(ADMIN), public(house, who), plan, version_seen, AT)


def in_hand(house: House, who: str = WORKER) -> dict[str, int]:
    tomorrow = house.today + timedelta(days=1)
    hand = leaving.in_hand(house.scope(ADMIN), house.accounts[who], tomorrow)
    db.session.rollback()
    return {kind: len(things) for kind, things in hand.kinds.items() if things}


def test_children_actions_and_referrals_pass_to_a_colleague_and_the_account_ends(
    house: House,
) -> None:
    whole_record(house)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state="submitted"))
    to = colleague(house)
    assert in_hand(house) == {"worker": 2, "actions": 1, "referrals": 1}
    left = go(house, Plan(house.today, {"everything": to}))
    assert {kind: one.name for kind, one in left.takers.items()} == {
        "worker": "Social Worker Of Bexley",
        "actions": "Social Worker Of Bexley",
        "referrals": "Social Worker Of Bexley",
    }
    tomorrow, new = house.today + timedelta(days=1), house.accounts["colleague"]
    child_id = db.session.scalar(sa.select(sa.func.min(Child.id)))
    assert child_id is not None
    assert allocations(house, child_id) == [
        (house.accounts[WORKER], SINCE, tomorrow),
        (new, house.today, None),
    ]
    action = db.session.execute(sa.select(Action.owner_id, Action.owner_name, Action.version)).one()
    assert tuple(action) == (new, "Social Worker Of Bexley", 2)
    assert db.session.scalar(sa.select(PanelCase.referrer_id)) == new
    for table in (AccountRole, Placing):
        ends = db.session.scalars(
            sa.select(table.until).where(table.account_id == house.accounts[WORKER])
        ).all()
        assert ends == [tomorrow]
    assert accounts.credentials("social.worker@bexley.example") is None
    assert in_hand(house) == {}
    told = db.session.execute(
        sa.select(AuditRow.subject, AuditRow.after).where(AuditRow.did == "hand over")
    ).all()
    assert sorted(row.subject for row in told) == ["action", "case", "child", "child"]
    whole = db.session.scalar(sa.select(AuditRow.before).where(AuditRow.did == "leave"))
    assert whole is not None and whole["open actions"] == 1


def test_each_kind_may_pass_to_somebody_else(house: House) -> None:
    whole_record(house)
    to, chair = colleague(house), public(house, "panel.chair")
    go(house, Plan(house.today, {"everything": to, "actions": chair}))
    assert db.session.scalar(sa.select(Action.owner_id)) == house.accounts["panel.chair"]


def test_who_cannot_take_it_is_said_and_nothing_moves(house: House) -> None:
    whole_record(house)
    before = in_hand(house)
    inspector, own = public(house, "inspector"), public(house, WORKER)
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    for plan, field, words in (
        (Plan(house.today, {}), "to-worker", "Choose who takes"),
        (Plan(house.today, {"everything": inspector}), "to-worker", "they need a role"),
        (Plan(house.today, {"everything": own}), "to-everything", "is the one who leaves"),
        (Plan(house.today, {"everything": public(toyshire, WORKER)}), "to-worker", "Choose who"),
        (Plan(None, {}), "last", "Enter their last day"),
        (Plan(house.today + timedelta(days=1), {}), "last", "today or within the last year"),
        (Plan(date(2020, 1, 1), {}), "last", "today or within the last year"),
    ):
        with pytest.raises(Refused) as refused:
            go(house, plan)
        faults = [(f.field, f.message) for f in refused.value.findings]
        assert any(found == field and words in said for found, said in faults), faults
    assert in_hand(house) == before
    assert db.session.scalar(sa.select(Account.active).where(Account.id == house.accounts[WORKER]))


def test_a_fault_at_the_end_undoes_all_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_record(house)
    to, before = colleague(house), in_hand(house)

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("core.usecases.leaving.leaving.end_sight", broken)
    with pytest.raises(RuntimeError):
        go(house, Plan(house.today, {"everything": to}))
    assert in_hand(house) == before
    assert accounts.credentials("social.worker@bexley.example") is not None


def test_of_two_who_let_somebody_leave_the_second_is_told(house: House) -> None:
    house.child()
    to, seen = colleague(house), version(house, WORKER)
    go(house, Plan(house.today, {"everything": to}), seen=seen)
    with pytest.raises(PersonMoved):
        go(house, Plan(house.today, {"everything": to}), seen=seen)


def test_the_last_administrator_cannot_leave_nor_anybody_let_themself_go(house: House) -> None:
    with pytest.raises(Refused, match="for yourself"):
        go(house, Plan(house.today, {}), who=ADMIN)
    house.accounts["second"] = house.account(ADMIN, "second@bexley.example")
    go(house, Plan(house.today, {}), who="second")


def test_a_child_that_is_closed_to_the_administrator_passes_unnamed(house: House) -> None:
    child_id, _ = house.child()
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
    hand = leaving.in_hand(house.scope(ADMIN), house.accounts[WORKER], house.today)
    assert [one.name for one in hand.kinds["worker"]] == [""]
    go(house, Plan(house.today, {"everything": colleague(house)}))
    assert allocations(house, child_id)[-1][0] == house.accounts["colleague"]


def test_their_covers_end_too(house: House) -> None:
    to, scope = colleague(house), house.scope(ADMIN)
    last = house.today + timedelta(days=20)
    covering.arrange(scope, public(house, WORKER), to, house.today, last, "", AT)
    go(house, Plan(house.today, {}))
    assert db.session.scalar(sa.select(Cover.until)) == house.today + timedelta(days=1)


def test_the_words_of_what_the_administrator_does_not_see_are_not_shown(house: House) -> None:
    whole_record(house)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state="submitted"))

    def words(role: str) -> list[tuple[str, str]]:
        hand = leaving.in_hand(house.scope(role), house.accounts[WORKER], house.today)
        db.session.rollback()
        kinds = ("actions", "referrals")
        return [(one.name, one.about) for kind in kinds for one in hand.kinds[kind]]

    assert words(ADMIN) == [("", ""), ("", "")], "counted, and nothing said"
    shown = words("panel.chair")
    assert shown[0][0] == "Write to the court" and shown[1][1] == "submitted"
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="sealed"))
    assert words("panel.chair") == [("", ""), ("", "")]


def test_the_last_one_named_for_a_closed_record_does_not_leave(house: House) -> None:
    child_id, _ = house.child("LOC-9", worker=None, iro=None)
    with writing():
        closings.close(house.whole, child_id, "restricted", "Staff", AT)
        closings.name(house.whole, child_id, [house.accounts[WORKER], house.accounts["legal"]])
        inactive = sa.update(Account).where(Account.id == house.accounts["legal"])
        db.session.execute(inactive.values(active=False))
    with pytest.raises(Refused, match="only one named for the closed record LOC-9"):
        go(house, Plan(house.today, {}))
    (found,), total = closings.listed(house.scope(ADMIN), 1, 10)
    assert (found[1], total) == (1, 1), "who cannot sign in is not counted"
    worker, closed = public(house, WORKER), found[0].public_id
    db.session.rollback()
    with pytest.raises(Refused, match="Name somebody else first"):
        closing.unname(house.scope(ADMIN), closed, worker, AT)
    seen = version(house, WORKER)
    assert people.suspend(house.scope(ADMIN), worker, "At once", seen, AT) == ["LOC-9"]
    with writing():
        closings.name(house.whole, child_id, [house.accounts["iro"]])
    go(house, Plan(house.today, {}))

"""Somebody leaves: everything in hand passes on in one step, or nothing does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.records import whole_record
from builders.staff import allocations, public, version

from core.domain.finding import Refused
from core.store import accounts, children, closings, leaving
from core.store import allocations as allocated
from core.store.database import db, writing
from core.store.tables import (
    Account,
    AccountRole,
    Action,
    ActionNote,
    Allocation,
    AuditRow,
    CaseInvitee,
    Child,
    Cover,
    Message,
    PanelCase,
    Placing,
)
from core.usecases import closings as closing
from core.usecases import covering, people
from core.usecases.allocation import open_now
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
    noted = db.session.execute(
        sa.select(
            ActionNote.kind, ActionNote.words, ActionNote.before, ActionNote.after, ActionNote.by
        )
    ).one()
    own, admin = "Social Worker Of Bexley", house.accounts[ADMIN]
    assert tuple(noted) == ("handed-on", f"{own} leaves", own, own, admin)
    told = sa.select(Message.account_id, Message.subject, Message.body)
    message = db.session.execute(told.where(Message.kind == "action")).one()
    path = f"/actions/{db.session.scalar(sa.select(Action.public_id))}"
    assert tuple(message[:2]) == (new, "An action was handed on") and path in message.body
    referred = sa.select(PanelCase.referrer_id).where(sa.not_(PanelCase.of_one_child))
    assert db.session.scalar(referred) == new
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


def test_many_actions_are_told_of_in_one_message(house: House) -> None:
    with writing():
        own = {"authority_id": house.authority_id, "owner_id": house.accounts[WORKER]}
        days = {"due": house.today, "first_due": house.today}
        words = {"kind": "task", "what": "Ask Orlin Thistlewick", "owner_name": "A"}
        db.session.execute(sa.insert(Action), [{**own, **days, **words} for _ in range(8)])
    go(house, Plan(house.today, {"everything": public(house, "panel.chair")}))
    (message,) = db.session.scalars(sa.select(Message))
    assert message.subject == "8 actions were handed on" and "Orlin" not in message.body
    assert message.body.count("\n/actions/") == 8
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ActionNote)) == 8


def test_a_manager_takes_the_children_and_sees_them(house: House) -> None:
    child_id, public_id = house.child(team="none")
    go(house, Plan(house.today, {"everything": public(house, "team.manager")}))
    assert allocations(house, child_id)[-1][0] == house.accounts["team.manager"]
    assert children.child(house.scope("team.manager"), public_id) is not None


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


def test_each_thing_that_ends_stands_where_its_ending_by_itself_would(house: House) -> None:
    ids = whole_record(house)
    child_id, closed = house.child("LOC-9", worker=None, iro=None)
    scope, who = house.scope(ADMIN), public(house, "legal")
    of_case = PanelCase.public_id == ids["cases"]
    case_id = db.session.scalar(sa.select(PanelCase.id).where(of_case))
    last, yesterday = house.today + timedelta(days=20), house.today - timedelta(days=1)
    db.session.rollback()
    with writing():
        closings.close(house.whole, child_id, "restricted", "Staff", AT)
        named = [house.accounts[role] for role in ("legal", "iro")]
        closings.name(house.whole, child_id, named)
        invitation = {"case_id": case_id, "account_id": house.accounts["legal"]}
        own = {"authority_id": house.authority_id, "since": house.today}
        db.session.execute(sa.insert(CaseInvitee).values(**own, **invitation))
    covering.arrange(scope, who, public(house, "kinship"), house.today, last, "", AT)
    left = go(house, Plan(yesterday, {}), who="legal")
    assert left.ended == {"role": 1, "place": 1, "post": 1}
    why = "Legal Of Bexley leaves"
    rows = db.session.execute(
        sa.select(AuditRow.did, AuditRow.subject, AuditRow.subject_id, AuditRow.before)
        .add_columns(AuditRow.after)
        .where(AuditRow.why == why)
    ).all()
    said = {(row.did, row.subject, row.subject_id): (row.before, row.after) for row in rows}
    assert set(said) == {
        ("end role", "account", who),
        ("end place", "account", who),
        ("end post", "account", who),
        ("end cover", "account", who),
        ("end cover", "account", public(house, "kinship")),
        ("end invitation to case", "case", ids["cases"]),
        ("take name off closed record", "child", closed),
    }
    day = {"first day": str(SINCE)}
    assert said["end role", "account", who] == (
        {"what": "Legal colleague", **day, "last day": "none"},
        {"what": "Legal colleague", **day, "last day": str(yesterday)},
    )
    assert said["end cover", "account", who][0] == {"last day": str(last)}
    invited = {"invited": "Legal Of Bexley", "account": who}
    assert said["end invitation to case", "case", ids["cases"]] == (invited, None)


def test_what_never_began_is_not_said_to_end_again(house: House) -> None:
    scope, later = house.scope(ADMIN), house.today + timedelta(days=9)
    with writing():
        for table, more in (
            (AccountRole, {"role": "iro"}),
            (Placing, {"team_id": db.session.scalar(sa.select(Placing.team_id).limit(1))}),
        ):
            of = {"authority_id": house.authority_id, "account_id": house.accounts["legal"]}
            never = {"since": later, "until": later}
            db.session.execute(sa.insert(table).values(**of, **more, **never))
    public_id = public(house, "kinship")
    covering.arrange(scope, public(house, "legal"), public_id, later, later, "", AT)
    cover = db.session.scalar(sa.select(Cover.public_id))
    assert cover is not None
    db.session.rollback()
    covering.end(scope, cover, AT)
    left = go(house, Plan(house.today, {}), who="legal")
    assert left.ended == {"role": 1, "place": 1, "post": 1}
    where = (AuditRow.did == "end cover", AuditRow.why != "")
    assert not db.session.scalar(sa.select(sa.func.count()).where(*where))


def test_an_allocation_that_was_to_begin_later_is_with_the_colleague_alone(house: House) -> None:
    child_id, _ = house.child(worker=None)
    later = house.today + timedelta(days=30)
    held(house, child_id, WORKER, later, None)
    go(house, Plan(house.today, {"everything": colleague(house)}))
    scope = house.scope(ADMIN)
    now = open_now(scope, allocated.rows(scope, child_id), "worker")
    db.session.rollback()
    assert [(row.account_id, row.since) for row in now] == [(house.accounts["colleague"], later)]


def held(house: House, child_id: int, role: str, since: date, until: date | None) -> None:
    with writing():
        db.session.execute(
            sa.insert(Allocation).values(
                authority_id=house.authority_id,
                child_id=child_id,
                account_id=house.accounts[role],
                relation="worker",
                since=since,
                until=until,
            )
        )


def test_an_allocation_keeps_its_own_days(house: House) -> None:
    to, today = colleague(house), house.today
    month, year = today + timedelta(days=30), today + timedelta(days=365)
    planned, _ = house.child("0101", worker=None)
    held(house, planned, WORKER, SINCE, month)
    to_come, _ = house.child("0102", worker=None)
    held(house, to_come, WORKER, month, year)
    go(house, Plan(today, {"everything": to}))
    worker, new, tomorrow = house.accounts[WORKER], house.accounts["colleague"], today
    tomorrow += timedelta(days=1)
    assert allocations(house, planned) == [(worker, SINCE, tomorrow), (new, today, month)]
    assert allocations(house, to_come) == [(worker, month, month), (new, month, year)]


def test_who_has_the_child_on_some_of_the_days_gets_the_others(house: House) -> None:
    to, today = colleague(house), house.today
    soon, later = today + timedelta(days=10), today + timedelta(days=30)
    first, _ = house.child("0101")
    second, _ = house.child("0102")
    third, _ = house.child("0103")
    held(house, first, "colleague", soon, later)
    held(house, second, "colleague", SINCE, later)
    held(house, third, "colleague", SINCE, None)
    go(house, Plan(today, {"everything": to}))
    new = house.accounts["colleague"]

    def theirs(child_id: int) -> list[tuple[object, ...]]:
        return [row[1:] for row in allocations(house, child_id) if row[0] == new]

    assert theirs(first) == [(today, soon), (soon, later), (later, None)]
    assert theirs(second) == [(SINCE, later), (later, None)]
    assert theirs(third) == [(SINCE, None)]


def test_passing_many_children_asks_as_much_as_passing_few(house: House) -> None:
    asked = []
    for start, many in ((100, 2), (200, 12)):
        role = f"leaver{many}"
        house.accounts[role] = house.account(WORKER, f"{role}@bexley.example")
        house.accounts["colleague"] = house.account(WORKER, f"taker{many}@bexley.example")
        to, plan_of = public(house, "colleague"), version(house, role)
        for number in range(start, start + many):
            house.child(f"{number:04}", worker=role)
        done = []

        def leave_them(
            role: str = role, to: str = to, seen: int = plan_of, done: list[object] = done
        ) -> None:
            done.append(go(house, Plan(house.today, {"everything": to}), who=role, seen=seen))

        asked.append(counted(leave_them))
    assert asked[0] == asked[1]

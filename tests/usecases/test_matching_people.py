"""Whom files name: what decides it, a person's match with its allocations, and taking it back."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.staff import AS_AT, allocations, named, public

from core.domain.finding import Refused
from core.store import directory, matching, unmatched
from core.store.database import db, writing
from core.store.matching import Said
from core.store.tables import (
    Account,
    Action,
    ActionNote,
    Allocation,
    AuditRow,
    ImportFile,
    ImportRun,
    Message,
    StatedWorker,
)
from core.usecases.matching import NobodyThere, NotToMatch, candidates, match, take_back

ADMIN = "authority.administrator"


def rename(house: House, role: str, **values: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts[role]).values(**values)
        )


def matches(house: House) -> list[unmatched.Matched]:
    found = unmatched.matches(house.scope(ADMIN))[0]
    db.session.rollback()
    return found


def test_an_email_or_a_staff_number_decides_and_a_name_alone_does_not(house: House) -> None:
    rename(house, "iro", staff_number="40117", name="Jane Wexcombe")
    rename(house, "legal", staff_number="40118")
    known = matching.known(house.scope(ADMIN))
    iro = house.accounts["iro"]
    assert known.account_for("Anybody", "IRO@bexley.example ") == iro
    assert known.account_for("Anybody", "", " 40117") == iro
    assert known.account_for("Anybody", "iro@bexley.example", "40118") is None
    assert known.account_for("Jane Wexcombe") is None
    assert known.account_for("") is None
    rename(house, "legal", staff_number="40117")
    assert matching.known(house.scope(ADMIN)).account_for("Anybody", "", "40117") is None
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    other = matching.known(toyshire.scope(ADMIN))
    assert other.account_for("Anybody", "iro@bexley.example") is None


def test_candidates_come_by_email_then_number_then_name(house: House) -> None:
    child_id, _ = house.child()
    rename(house, "iro", name="Jane Wexcombe", staff_number="40117")
    rename(house, "legal", name="Wexcombe,\u00a0Jo")
    rename(house, "kinship", name="Somebody Else", email="jw@bexley.example")
    row = named(house, child_id, email="jw@bexley.example", staff_number="40117")
    scope = house.scope(ADMIN)
    one = unmatched.one(scope, row)
    assert one is not None
    found = candidates(one, directory.everybody(scope))
    assert [(c.name, c.strong) for c in found] == [
        ("Somebody Else", True),
        ("Jane Wexcombe", True),
        ("Wexcombe,\u00a0Jo", False),
    ]


def test_a_match_allocates_its_children_once_and_ends_what_a_file_said_before(
    house: House,
) -> None:
    first, first_public = house.child("0101")
    second, _ = house.child("0102", worker=None)
    before = house.accounts["social.worker"]
    named(house, first, "Old", as_at=SINCE, account_id=before, ended_at=AT)
    row = named(house, first)
    named(house, second)
    named(house, second, relation="iro")
    iro, legal = house.accounts["iro"], house.accounts["legal"]
    assert unmatched.unmatched(house.scope(ADMIN))[0][0].children == {"worker": 2, "iro": 1}
    made = match(house.scope(ADMIN), row, public(house, "iro"), AT)
    assert made == 2, "of the second child they are the reviewing officer already"
    assert allocations(house, first) == [(before, SINCE, AS_AT), (iro, AS_AT, None)]
    assert allocations(house, second) == [(iro, AS_AT, None)]
    assert allocations(house, second, "iro") == [(iro, SINCE, None)]
    assert unmatched.how_many(house.scope(ADMIN)) == 0
    with pytest.raises(NotToMatch):
        match(house.scope(ADMIN), row, public(house, "legal"), AT)
    assert matching.known(house.scope(ADMIN)).account_for("j.  WEXCOMBE") == iro
    told = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.after).where(AuditRow.did == "allocate")
    ).all()
    assert (first_public, {"worker": "Iro Of Bexley"}) in [tuple(one) for one in told]
    assert legal not in [row[0] for row in allocations(house, first)]


def test_a_match_and_its_taking_back_ask_as_much_for_many_children_as_for_few(
    house: House,
) -> None:
    scope, before, legal = house.scope(ADMIN), house.accounts["social.worker"], "legal"
    asked: dict[str, list[int]] = {"allocate": [], "unallocate": []}
    ended = 0
    for start, many in ((100, 2), (200, 12)):
        said = f"W. Number {many}"
        for number in range(start, start + many):
            child_id, _ = house.child(f"{number:04}")
            named(house, child_id, "Old", as_at=SINCE, account_id=before, ended_at=AT)
            named(house, child_id, said)
        rows = matching.sayings(scope, (said, "", ""))
        for what, counts in asked.items():
            done: list[int] = []

            def go(what: str = what, rows: list[Said] = rows, done: list[int] = done) -> None:
                with writing():
                    done.append(len(getattr(matching, what)(scope, house.accounts[legal], rows)))

            counts.append(counted(go))
            assert done == [many]
        ended += many
        where = (Allocation.account_id == before, Allocation.until == AS_AT)
        assert db.session.scalar(sa.select(sa.func.count()).where(*where)) == ended
    for counts in asked.values():
        assert counts[0] == counts[1] <= 4


def test_nobody_is_matched_in_beside_whom_a_person_allocated(house: House) -> None:
    child_id, _ = house.child()
    ended, _ = house.child("0102")
    later, _ = house.child("0103", worker=None)
    worker, legal = house.accounts["social.worker"], house.accounts["legal"]
    row = named(house, child_id)
    for other in (ended, later):
        named(house, other)
    with writing():
        before = sa.update(Allocation).where(Allocation.child_id == ended)
        db.session.execute(before.values(until=date(2026, 10, 1)))
        db.session.execute(
            sa.insert(Allocation).values(
                authority_id=house.authority_id,
                child_id=later,
                account_id=worker,
                relation="worker",
                since=house.today,
            )
        )
    made = match(house.scope(ADMIN), row, public(house, "legal"), AT)
    assert made == 1, "of one child nobody is left whom a person allocated"
    assert allocations(house, child_id) == [(worker, SINCE, None)]
    assert allocations(house, ended) == [(worker, SINCE, date(2026, 10, 1)), (legal, AS_AT, None)]
    assert allocations(house, later) == [(worker, house.today, None)]


def test_whom_a_later_file_names_too_stays_where_a_person_allocated_them(house: House) -> None:
    child_id, _ = house.child()
    worker = house.accounts["social.worker"]
    named(house, child_id, "Old", as_at=date(2026, 3, 31), account_id=worker, ended_at=AT)
    assert match(house.scope(ADMIN), named(house, child_id), public(house, "legal"), AT) == 0
    assert allocations(house, child_id) == [(worker, SINCE, None)]


def test_a_match_to_somebody_suspended_gives_them_nothing(house: House) -> None:
    child_id, _ = house.child(worker=None)
    row = named(house, child_id)
    with writing():
        one = sa.update(Account).where(Account.id == house.accounts["legal"])
        db.session.execute(one.values(active=False))
    assert match(house.scope(ADMIN), row, public(house, "legal"), AT) == 0
    assert allocations(house, child_id) == []
    assert unmatched.how_many(house.scope(ADMIN)) == 0, "who is meant is known all the same"


def test_every_writing_of_a_name_is_matched_and_taken_back_together(house: House) -> None:
    first, _ = house.child("0101", worker=None)
    second, _ = house.child("0102", worker=None)
    row = named(house, first)
    named(house, second, "J.  W\u00c9XCOMBE")
    legal = house.accounts["legal"]
    assert match(house.scope(ADMIN), row, public(house, "legal"), AT) == 2
    assert unmatched.how_many(house.scope(ADMIN)) == 0
    assert take_back(house.scope(ADMIN), matches(house)[0].id, AT) == 2
    for child_id in (first, second):
        assert allocations(house, child_id) == [(legal, AS_AT, house.today)]
    assert unmatched.how_many(house.scope(ADMIN)) == 2


def test_a_wrong_match_is_taken_back_and_its_sight_ends_today(house: House) -> None:
    child_id, _ = house.child(worker=None)
    row = named(house, child_id)
    match(house.scope(ADMIN), row, public(house, "legal"), AT)
    made = matches(house)
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NotToMatch):
        take_back(toyshire.scope(ADMIN), made[0].id, AT)
    assert take_back(house.scope(ADMIN), made[0].id, AT) == 1
    assert allocations(house, child_id) == [(house.accounts["legal"], AS_AT, house.today)]
    assert [one.said for one in unmatched.unmatched(house.scope(ADMIN))[0]] == ["J. Wexcombe"]
    with pytest.raises(NotToMatch):
        take_back(house.scope(ADMIN), made[0].id, AT)
    assert match(house.scope(ADMIN), row, public(house, "kinship"), AT) == 1


def test_one_name_is_one_person_until_that_is_taken_back(house: House) -> None:
    first, _ = house.child("0101", worker=None)
    second, _ = house.child("0102", worker=None)
    match(house.scope(ADMIN), named(house, first), public(house, "legal"), AT)
    later = named(house, second, "J. WEXCOMBE")
    with pytest.raises(Refused, match="matched to Legal Of Bexley already"):
        match(house.scope(ADMIN), later, public(house, "kinship"), AT)
    assert match(house.scope(ADMIN), later, public(house, "legal"), AT) == 1
    assert len(matches(house)) == 1


def test_nobody_of_another_authority_is_matched_or_matches(house: House) -> None:
    child_id, _ = house.child(worker=None)
    row = named(house, child_id)
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NotToMatch):
        match(toyshire.scope(ADMIN), row, public(toyshire, "iro"), AT)
    with pytest.raises(NobodyThere):
        match(house.scope(ADMIN), row, public(toyshire, "iro"), AT)
    assert db.session.scalar(sa.select(StatedWorker.account_id)) is None


def test_open_actions_of_a_tracker_go_to_whom_their_owner_is_matched(house: House) -> None:
    def action(owner: str, **more: object) -> str:
        made = sa.insert(Action).values(
            authority_id=house.authority_id,
            kind="task",
            what="Write to the court",
            owner_name=owner,
            due=AS_AT,
            first_due=AS_AT,
            **more,
        )
        return str(db.session.execute(made.returning(Action.id)).scalar_one())

    with writing():
        file_id = imported_file(house)
        first = action("J. Wexcombe", import_file_id=file_id)
        done = action("J. Wexcombe", import_file_id=file_id, done_on=AS_AT, accepted_on=AS_AT)
        typed = action("J. Wexcombe")
    scope = house.scope(ADMIN)
    (one,), count = unmatched.unmatched(scope)
    assert (one.address, one.said, one.actions, count) == (f"a{first}", "J. Wexcombe", 1, 1)
    match(scope, one.address, public(house, "legal"), AT)
    owners = sa.select(Action.id, Action.owner_id)
    legal = house.accounts["legal"]
    assert {str(row.id): row.owner_id for row in db.session.execute(owners)} == {
        first: legal,
        done: None,
        typed: None,
    }
    assert unmatched.how_many(scope) == 0
    (message,) = db.session.execute(sa.select(Message.account_id, Message.body)).all()
    given = db.session.scalar(sa.select(Action.public_id).where(Action.id == int(first)))
    assert message.account_id == legal and f"/actions/{given}" in message.body
    db.session.rollback()
    take_back(scope, matches(house)[0].id, AT)
    assert unmatched.how_many(scope) == 1
    notes = sa.select(ActionNote.action_id, ActionNote.kind, ActionNote.before, ActionNote.after)
    assert db.session.execute(notes.order_by(ActionNote.id)).all() == [
        (int(first), "handed-on", "J. Wexcombe", "Legal Of Bexley"),
        (int(first), "handed-on", "Legal Of Bexley", "J. Wexcombe"),
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    db.session.rollback()
    for address in ("a0", "a99999999999", "b1", "", "٣"):
        assert unmatched.one(scope, address) is None


def imported_file(house: House) -> int:
    own = {"authority_id": house.authority_id}
    run = db.session.execute(
        sa.insert(ImportRun)
        .values(**own, state="applied", asked_at=AT, changed_at=AT, counts={})
        .returning(ImportRun.id)
    ).scalar_one()
    made = sa.insert(ImportFile).values(**own, run_id=run, name="tracker.csv", size=1)
    return int(db.session.execute(made.returning(ImportFile.id)).scalar_one())

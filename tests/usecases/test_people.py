"""Somebody added, edited, given what they hold, suspended and reset; and the last administrator."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, PASSWORD, House
from builders.staff import public, version

from core.domain.finding import Refused
from core.domain.staff import Details
from core.store import accounts, directory, staff
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AccountLink, AccountRole, AccountSession, AuditRow
from core.usecases import people, roles
from core.usecases.account_links import LinkOver, choose_password
from core.usecases.people import NewPerson, NobodyThere, PersonMoved
from core.usecases.tries import Caller

CALLER = Caller(b"key for tests")
ADMIN = "authority.administrator"
TESS = Details("Tess  Quarry ", " Tess.Quarry@bexley.example", "40117", "Worker", "practitioner")


def add(house: House, details: Details = TESS, *chosen: str) -> people.Added:
    return people.add_person(
        house.scope(ADMIN), NewPerson(details, chosen or ("social.worker",)), AT
    )


def second_administrator(house: House) -> str:
    email = f"second@{house.slug}.example"
    account_id = house.account(ADMIN, email)
    house.accounts["second"] = account_id
    return public(house, "second")


def messages(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.message) for finding in refused.value.findings]


def test_somebody_added_chooses_a_password_by_a_link_that_works_once(house: House) -> None:
    added = add(house)
    scope = house.scope(ADMIN)
    person = directory.person(scope, added.public_id)
    assert person is not None
    assert (person.name, person.email, person.state) == (
        "Tess Quarry",
        "tess.quarry@bexley.example",
        "invited",
    )
    again = people.invite_again(scope, added.public_id, AT)
    with pytest.raises(LinkOver):
        choose_password(added.token, "stone heron kettle 7", "stone heron kettle 7", AT, CALLER)
    with pytest.raises(LinkOver):
        late = AT + timedelta(days=7)
        choose_password(again, "stone heron kettle 7", "stone heron kettle 7", late, CALLER)
    choose_password(again, "stone heron kettle 7", "stone heron kettle 7", AT, CALLER)
    with pytest.raises(LinkOver):
        choose_password(again, "stone heron kettle 8", "stone heron kettle 8", AT, CALLER)
    with pytest.raises(Refused, match="has a password already"):
        people.invite_again(scope, added.public_id, AT)
    assert accounts.scope_of(scope, added.id, house.today).roles == {"social.worker"}


def test_what_somebody_else_has_already_is_refused_beside_its_field(house: House) -> None:
    add(house)
    other = Details("Ned Larkin", "TESS.quarry@bexley.example", "40117")
    with pytest.raises(Refused) as refused:
        add(house, other)
    assert [field for field, _ in messages(refused)] == ["email", "staff_number"]
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(Refused) as elsewhere:
        add(toyshire)
    assert messages(elsewhere) == [("email", people.UNUSABLE)] and "account" not in people.UNUSABLE
    pat = add(toyshire, Details("Pat Other", "pat@toyshire.example"))
    theirs = directory.person(toyshire.scope(ADMIN), pat.public_id)
    assert theirs is not None
    with pytest.raises(Refused, match="cannot be used here"):
        people.edit_details(
            toyshire.scope(ADMIN),
            pat.public_id,
            Details("Pat Other", "tess.quarry@bexley.example"),
            theirs.version,
            AT,
        )
    assert add(toyshire, Details("Tess Other", "tess@toyshire.example", "40117")).token


BAD: tuple[tuple[Details, tuple[str, ...], str], ...] = (
    (Details("", "a@b.example"), ("iro",), "name"),
    (Details("A", ""), ("iro",), "email"),
    (Details("A", "a at b"), ("iro",), "email"),
    (Details("A" * 201, "a@b.example"), ("iro",), "name"),
    (Details("A\x07B", "a@b.example"), ("iro",), "name"),
    (Details("A", f"{'a' * 250}@b.example"), ("iro",), "email"),
    (Details("A", "a@b.example", "9" * 65), ("iro",), "staff_number"),
    (Details("A", "a@b.example"), (), "roles"),
    (Details("A", "a@b.example"), ("emperor",), "roles"),
)


def test_bad_details_add_nobody(house: House) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Account))
    scope = house.scope(ADMIN)
    for details, chosen, field in BAD:
        with pytest.raises(Refused) as refused:
            people.add_person(scope, NewPerson(details, chosen), AT)
        assert [found for found, _ in messages(refused)] == [field]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == before


def test_nobody_gives_themself_a_role_or_a_place(house: House) -> None:
    own = (house.scope(ADMIN), public(house, ADMIN))
    for kind, what in (("role", "head.of.service"), ("place", "service 1")):
        with pytest.raises(Refused, match="Another administrator must give you") as refused:
            roles.give(*own, kind, what, house.today, None, version(house, ADMIN), AT)
        assert [field for field, _ in messages(refused)] == [kind]
    second_administrator(house)
    other = house.scope("second")
    role = (public(house, ADMIN), "role", "head.of.service", house.today, None)
    roles.give(other, *role, version(house, ADMIN), AT)
    held = directory.roles(other, house.accounts[ADMIN])
    assert {("head.of.service",), (ADMIN,)} == {one.what for one in held}


def test_of_two_who_edit_one_person_the_second_is_told(house: House) -> None:
    iro, seen = public(house, "iro"), version(house, "iro")
    scope = house.scope(ADMIN)
    people.edit_details(scope, iro, Details("Ivo Rook", "iro@bexley.example"), seen, AT)
    with pytest.raises(PersonMoved) as moved:
        people.edit_details(scope, iro, Details("Ida Rook", "iro@bexley.example"), seen, AT)
    assert moved.value.now.name == "Ivo Rook"
    with pytest.raises(PersonMoved):
        roles.give(scope, iro, "role", "legal", house.today, None, seen, AT)
    row = db.session.execute(
        sa.select(AuditRow.before, AuditRow.after).where(AuditRow.did == "edit")
    ).one()
    assert row.after["name"] == "Ivo Rook" and row.before["name"] == "Iro Of Bexley"


def test_roles_are_given_and_ended_by_day_and_stay_in_the_history(house: House) -> None:
    iro, scope, today = public(house, "iro"), house.scope(ADMIN), house.today
    coming = today + timedelta(days=3)
    roles.give(scope, iro, "role", "legal", coming, coming, version(house, "iro"), AT)
    with pytest.raises(Refused, match="has this already in that time"):
        roles.give(scope, iro, "role", "legal", today, None, version(house, "iro"), AT)
    for day, held in ((2, {"iro"}), (3, {"iro", "legal"}), (4, {"iro"})):
        on = today + timedelta(days=day)
        assert accounts.scope_of(scope, house.accounts["iro"], on).roles == held
    rows = {held.what[0]: held for held in directory.roles(scope, house.accounts["iro"])}
    yesterday = today - timedelta(days=1)
    roles.end(scope, iro, "role", rows["iro"].id, yesterday, version(house, "iro"), AT)
    roles.end(scope, iro, "role", rows["legal"].id, yesterday, version(house, "iro"), AT)
    for day in (0, 3):
        on = today + timedelta(days=day)
        assert accounts.scope_of(scope, house.accounts["iro"], on).roles == frozenset()
    told = [event.did for event in directory.history(scope, iro)]
    assert told[:3] == ["end role", "end role", "give role"]
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).where(AccountRole.account_id == house.accounts["iro"])
        )
        == 2
    )


def test_what_cannot_be_given_is_refused_beside_its_field(house: House) -> None:
    today, scope, iro = house.today, house.scope(ADMIN), public(house, "iro")
    day = timedelta(days=1)
    for kind, what, since, last, field in (
        ("role", "emperor", today, None, "role"),
        ("role", "legal", None, None, "role-since"),
        ("role", "legal", today, today - day, "role-last"),
        ("role", "legal", today + 400 * day, None, "role-since"),
        ("place", "team 99999", today, None, "place"),
        ("place", "nowhere", today, None, "place"),
        ("place", "office 1", today, None, "place"),
    ):
        with pytest.raises(Refused) as refused:
            seen = version(house, "iro")
            roles.give(scope, iro, kind, what, since, last, seen, AT)
        assert [found for found, _ in messages(refused)] == [field]


def test_somebody_of_another_authority_is_nobody_there(house: House) -> None:
    iro, today = public(house, "iro"), house.today
    held = directory.roles(house.scope(ADMIN), house.accounts["iro"])
    toyshire = House(house.app, today, "TOY", "toyshire")
    for act in (
        lambda: people.suspend(toyshire.scope(ADMIN), iro, "Guessed", 1, AT),
        lambda: people.reset(toyshire.scope(ADMIN), iro, 1, AT),
        lambda: roles.end(toyshire.scope(ADMIN), iro, "role", held[0].id, today, 1, AT),
    ):
        with pytest.raises(NobodyThere):
            act()


def test_suspended_at_once_and_let_in_again(house: House) -> None:
    iro, scope = public(house, "iro"), house.scope(ADMIN)
    house.client("iro")
    with pytest.raises(Refused, match="Enter why"):
        people.suspend(scope, iro, "  ", version(house, "iro"), AT)
    people.suspend(scope, iro, "A lost laptop", version(house, "iro"), AT)
    assert accounts.credentials("iro@bexley.example") is None
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                AccountSession.account_id == house.accounts["iro"],
                AccountSession.ended_at.is_(None),
            )
        )
        == 0
    )
    people.let_in_again(scope, iro, version(house, "iro"), AT)
    assert accounts.credentials("iro@bexley.example") is not None
    assert [event.why for event in directory.history(scope, iro)][1] == "A lost laptop"


def test_a_reset_takes_the_old_password_away_at_once(house: House) -> None:
    iro, scope = public(house, "iro"), house.scope(ADMIN)
    house.client("iro")
    token = people.reset(scope, iro, version(house, "iro"), AT)
    found = accounts.credentials("iro@bexley.example")
    assert found is not None and found.password_hash == ""
    open_sessions = sa.select(sa.func.count()).where(
        AccountSession.account_id == house.accounts["iro"], AccountSession.ended_at.is_(None)
    )
    assert db.session.scalar(open_sessions) == 0
    choose_password(token, "stone heron kettle 7", "stone heron kettle 7", AT, CALLER)
    with pytest.raises(LinkOver):
        choose_password(token, PASSWORD, PASSWORD, AT, CALLER)
    assert db.session.scalar(sa.select(AccountLink.kind)) == "reset"


def test_nobody_suspends_or_resets_themself(house: House) -> None:
    second_administrator(house)
    own, scope = public(house, ADMIN), house.scope(ADMIN)
    for act in (
        lambda: people.suspend(scope, own, "Tired", version(house, ADMIN), AT),
        lambda: people.reset(scope, own, version(house, ADMIN), AT),
    ):
        with pytest.raises(Refused, match="another administrator can"):
            act()


def end_own(house: House, role: str, last: date) -> None:
    scope = house.scope(role)
    held = next(h for h in directory.roles(scope, house.accounts[role]) if h.what == (ADMIN,))
    roles.end(scope, public(house, role), "role", held.id, last, version(house, role), AT)


def test_the_last_administrator_stays_now_and_from_a_day(house: House) -> None:
    today = house.today
    for last in (today - timedelta(days=1), today + timedelta(days=30)):
        with pytest.raises(Refused, match="nobody who administers it"):
            end_own(house, ADMIN, last)
    second = second_administrator(house)
    end_own(house, ADMIN, today + timedelta(days=30))
    scope = house.scope(ADMIN)
    with pytest.raises(Refused, match=r"administers it from 24 December 2026"):
        people.suspend(scope, second, "Leaves", version(house, "second"), AT)
    with pytest.raises(Refused, match="nobody who administers it"):
        end_own(house, "second", today + timedelta(days=60))


def test_an_administrator_who_cannot_sign_in_does_not_count(house: House) -> None:
    add(house, TESS, ADMIN)
    with pytest.raises(Refused, match="nobody who administers it"):
        end_own(house, ADMIN, house.today)
    second = second_administrator(house)
    people.suspend(house.scope(ADMIN), second, "Away", version(house, "second"), AT)
    with pytest.raises(Refused, match="nobody who administers it"):
        end_own(house, ADMIN, house.today)


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(house: House) -> None:
    second_administrator(house)
    pairs = [(ADMIN, "second"), ("second", ADMIN)]
    scopes: list[Scope] = [house.scope(by) for by, _ in pairs]
    targets = [(public(house, whom), version(house, whom)) for _, whom in pairs]
    gate, ends = threading.Barrier(2), ["", ""]
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                people.suspend(scopes[number], targets[number][0], "Out", targets[number][1], AT)
                ends[number] = "done"
            except Refused as refusal:
                ends[number] = refusal.findings[0].message
            except Exception as error:
                ends[number] = f"failed: {error!r}"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(end == "done" for end in ends) == [False, True], ends
    assert any("nobody who administers it" in end for end in ends), ends
    assert staff.first_day_without_administrator(house.whole) is None


def test_a_first_day_of_another_age_is_asked_about(house: House) -> None:
    role = ("role", "legal", date(1900, 6, 1), None, 1, AT)
    with pytest.raises(Refused) as refused:
        roles.give(house.scope(ADMIN), public(house, "iro"), *role)
    told = "Check the year of the first day: 1900 is too long ago"
    assert messages(refused) == [("role-since", told)]

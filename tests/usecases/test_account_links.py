"""Links that open an account: each used once, ended by time or by another, and nothing said."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, PASSWORD, House

from core.domain.finding import Refused
from core.store import accounts
from core.store.database import db, writing
from core.store.tables import Account, AccountLink, AuditRow
from core.usecases.account_links import (
    Kind,
    LinkOver,
    choose_password,
    make_link,
    opened,
)
from core.usecases.sign_in import SignInRefused, TriesRefused, sign_in
from core.usecases.tries import Caller

CALLER = Caller(b"a key", "198.51.100.7", "A test")
GOOD = "kettle marmot violin"


def link(house: House, role: str = "iro", kind: Kind = "invitation") -> str:
    return make_link(house.scope("authority.administrator"), house.accounts[role], kind, AT)


def test_a_link_is_used_once_and_only_its_hash_is_kept(house: House) -> None:
    token = link(house)
    assert len(token) >= 43
    kept = db.session.execute(sa.select(AccountLink)).scalar_one()
    assert token not in str(vars(kept))
    assert choose_password(token, GOOD, GOOD, AT, CALLER) == "iro@bexley.example"
    assert isinstance(sign_in("iro@bexley.example", GOOD, AT, CALLER), str)
    with pytest.raises(LinkOver):
        choose_password(token, GOOD + "s", GOOD + "s", AT, CALLER)
    did = db.session.scalars(sa.select(AuditRow.did)).all()
    assert {"invite", "choose password"} <= set(did)


@pytest.mark.parametrize(("kind", "days"), [("invitation", 7), ("reset", 1)])
def test_a_link_ends_by_itself(house: House, kind: Kind, days: int) -> None:
    token = link(house, kind=kind)
    assert opened(token, AT + timedelta(days=days, seconds=-1))
    with pytest.raises(LinkOver):
        opened(token, AT + timedelta(days=days))


def test_a_new_link_ends_the_one_before_and_nobody_elses(house: House) -> None:
    first, other = link(house), link(house, "legal")
    second = link(house, kind="reset")
    with pytest.raises(LinkOver):
        opened(first, AT)
    assert opened(second, AT)
    assert opened(other, AT)


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000, "\ud800"])
def test_a_token_that_is_none_is_over(house: House, token: str) -> None:
    with pytest.raises(LinkOver):
        opened(token, AT)


def test_a_password_that_is_refused_leaves_the_link_as_it_is(house: House) -> None:
    token = link(house)
    with pytest.raises(Refused, match="at least 12"):
        choose_password(token, "short", "short", AT, CALLER)
    with pytest.raises(Refused, match="not the same"):
        choose_password(token, GOOD, GOOD + "x", AT, CALLER)
    assert opened(token, AT)


def test_choosing_ends_the_sessions_and_forgets_the_failures(house: House) -> None:
    session = house.session("iro")
    for step in range(5):
        with pytest.raises(SignInRefused):
            sign_in("iro@bexley.example", "guess", AT + timedelta(seconds=step), CALLER)
    with pytest.raises(TriesRefused):
        sign_in("iro@bexley.example", PASSWORD, AT, CALLER)
    choose_password(link(house, kind="reset"), GOOD, GOOD, AT, CALLER)
    assert accounts.signed_in(session, house.today) is None
    assert isinstance(sign_in("iro@bexley.example", GOOD, AT, CALLER), str)


def test_a_suspended_account_has_no_link_and_its_link_is_over(house: House) -> None:
    token = link(house)
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["iro"]).values(active=False)
        )
    with pytest.raises(LinkOver):
        opened(token, AT)
    with pytest.raises(Refused, match="suspended"):
        link(house)


def test_no_link_is_made_for_another_authoritys_account(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(Refused):
        make_link(other.scope("authority.administrator"), house.accounts["iro"], "reset", AT)
    assert db.session.execute(sa.select(sa.func.count()).select_from(AccountLink)).scalar() == 0


def test_of_two_who_use_a_link_at_once_one_does(house: House) -> None:
    token = link(house)
    db.session.rollback()
    done: list[str] = []
    start = threading.Barrier(2)

    def choose(password: str) -> None:
        with house.app.app_context():
            start.wait()
            try:
                choose_password(token, password, password, AT, CALLER)
                done.append(password)
            except LinkOver:
                done.append("over")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=choose, args=(GOOD + end,)) for end in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 2
    assert done.count("over") == 1
    (chosen,) = (password for password in done if password != "over")
    assert isinstance(sign_in("iro@bexley.example", chosen, AT, CALLER), str)

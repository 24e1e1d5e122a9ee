"""Which passwords are taken, how they are kept, and changing one's own."""

from __future__ import annotations

import time
import unicodedata
from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, HASH, PASSWORD, QUICK, House
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.domain.finding import Refused
from core.store import accounts
from core.store.database import db
from core.store.tables import Account, AuditRow
from core.usecases import passwords
from core.usecases.sign_in import SignInRefused, TriesRefused, sign_in
from core.usecases.tries import Caller

CALLER = Caller(b"a key", "198.51.100.7", "A test")
OWN = ("Orlin Thistlewick", "orlin.thistlewick@toyshire.example", "Toyshire Council")
GOOD = "kettle marmot violin"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kettle 7!", "at least 12 characters"),
        ("x" * 201, "at most 200 characters"),
        ("passwordpassword", "easily guessed"),
        ("qwertyuiop12", "easily guessed"),
        ("aaaaaaaaaaaaaaaa", "easily guessed"),
        ("Passw0rd123456", "easily guessed"),
        ("Orlin Thistlewick", "made of your name"),
        ("orlin.thistlewick@toyshire.example", "made of your name"),
        ("ToyshireCouncil2026", "made of your name"),
        ("Permanence-panel-1", "made of your name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, said: str) -> None:
    assert said in passwords.fault(password, OWN)


@pytest.mark.parametrize(
    "password",
    [GOOD, "k7#mQz!vRp2w", "Straße über Brücken", "雨の日は家で本を読みます", "x7 " * 66],
)
def test_length_counts_and_any_character_may_be_in_it(password: str) -> None:
    assert passwords.fault(password, OWN) in ("", passwords.fault("aaaaaaaaaaaaaaaa", OWN))
    assert passwords.fault(password[:60] + GOOD, OWN) == ""


def test_a_long_password_is_judged_at_once() -> None:
    began = time.monotonic()
    passwords.fault("qwerty123581321" * 13, OWN)
    assert time.monotonic() - began < 1


def test_letters_made_in_two_ways_are_one_password() -> None:
    composed = unicodedata.normalize("NFC", "café au lait dimanche")
    kept = passwords.hashed(composed)
    assert passwords.fits(unicodedata.normalize("NFD", composed), kept)
    assert not passwords.fits(composed + "x", kept)
    assert not passwords.fits(composed, "")


def test_a_hash_is_made_anew_when_hashing_has_become_dearer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=8, parallelism=1),))
    monkeypatch.setitem(passwords._kept, "hasher", dearer)
    sign_in("iro@bexley.example", PASSWORD, AT, CALLER)
    now = kept(house, "iro")
    assert now != HASH
    assert "t=2" in now
    sign_in("iro@bexley.example", PASSWORD, AT, CALLER)
    assert kept(house, "iro") == now


def kept(house: House, role: str) -> str:
    found = db.session.execute(
        sa.select(Account.password_hash).where(Account.id == house.accounts[role])
    ).scalar_one()
    db.session.rollback()
    return str(found)


def test_the_usual_cost_is_what_argon2_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_kept", {})
    assert (
        passwords.hasher()
        .hash("kettle marmot violin")
        .startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    )
    assert passwords.hasher() is not QUICK


def test_changing_it_asks_for_the_old_one_and_ends_the_other_sessions(house: House) -> None:
    here, there = house.session("iro"), house.session("iro")
    scope = house.scope("iro")
    passwords.change_password(scope, PASSWORD, GOOD, GOOD, AT, CALLER, session_id=here)
    assert accounts.signed_in(here, house.today) is not None
    assert accounts.signed_in(there, house.today) is None
    with pytest.raises(SignInRefused):
        sign_in("iro@bexley.example", PASSWORD, AT, CALLER)
    assert isinstance(sign_in("iro@bexley.example", GOOD, AT, CALLER), str)
    did = db.session.scalars(sa.select(AuditRow.did).order_by(AuditRow.id)).all()
    assert "change password" in did


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", GOOD, GOOD, "old_password"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, GOOD, GOOD + "x", "again"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password"),
        (PASSWORD, "Iro of Bexley 1", "Iro of Bexley 1", "new_password"),
    ],
)
def test_a_change_that_is_wrong_says_where(
    house: House, old: str, new: str, again: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        passwords.change_password(house.scope("iro"), old, new, again, AT, CALLER)
    assert [finding.field for finding in refused.value.findings] == [field]
    assert kept(house, "iro") == HASH


def test_old_passwords_guessed_at_an_open_screen_are_failed_tries(house: House) -> None:
    scope = house.scope("iro")
    for step in range(5):
        with pytest.raises(Refused):
            passwords.change_password(
                scope, "guess", GOOD, GOOD, AT + timedelta(seconds=step), CALLER
            )
    with pytest.raises(TriesRefused):
        passwords.change_password(scope, PASSWORD, GOOD, GOOD, AT, CALLER)
    assert kept(house, "iro") == HASH

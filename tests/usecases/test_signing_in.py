"""Signing in: tries that failed make the next wait, whoever has the e-mail; sessions and codes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
from builders.house import AT, PASSWORD, House

from core.domain.finding import Refused
from core.domain.one_time_codes import period_at
from core.store import accounts
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Account, AuditRow, Authority, SignInAttempt
from core.usecases import codes
from core.usecases.sign_in import (
    AgainFromStart,
    Half,
    SignInRefused,
    TriesRefused,
    enter_code,
    set_codes_up,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from core.usecases.tries import Caller

CALLER = Caller(b"a key", "198.51.100.7", "A test")
IRO = "iro@bexley.example"
SECOND = timedelta(seconds=1)


def guess(email: str, at: datetime, caller: Caller = CALLER) -> str:
    with pytest.raises((SignInRefused, TriesRefused)) as refused:
        sign_in(email, "a guess", at, caller)
    return str(refused.value)


def elsewhere(number: int) -> Caller:
    return Caller(b"a key", f"203.0.113.{number}")


@pytest.mark.parametrize("email", [IRO, "nobody@bexley.example", "x" * 5000, "\ud800@x", ""])
def test_after_five_failures_the_right_password_waits_too(house: House, email: str) -> None:
    said = [guess(email, AT + SECOND * step, elsewhere(step)) for step in range(6)]
    assert set(said[:5]) == {"Check the e-mail address and the password: they do not match"}
    assert "Wait 5 minutes" in said[5]
    with pytest.raises(TriesRefused, match="Wait 1 minute before"):
        sign_in(f" {email.upper()} ", PASSWORD, AT + timedelta(minutes=5), elsewhere(9))
    if email == IRO:
        later = AT + timedelta(minutes=5, seconds=5)
        assert isinstance(sign_in(email, PASSWORD, later, CALLER), str)
        assert "match" in guess(email, later)  # what came before is forgotten


def test_nothing_typed_is_kept_of_a_failed_try(house: House) -> None:
    guess("a password typed into the wrong box", AT)
    kept = db.session.execute(sa.select(SignInAttempt)).scalar_one()
    assert "password" not in kept.email_hash
    assert "198.51" not in kept.address_hash
    assert len(kept.email_hash) == len(kept.address_hash) == 64


def test_one_address_waits_after_fifty_whatever_the_email(house: House) -> None:
    with writing():
        mark = CALLER.mark("address 198.51.100.7")
        rows = [{"at": AT, "email_hash": str(n), "address_hash": mark} for n in range(50)]
        db.session.execute(sa.insert(SignInAttempt), rows)
    with pytest.raises(TriesRefused):
        sign_in(IRO, PASSWORD, AT + SECOND, CALLER)
    assert isinstance(sign_in(IRO, PASSWORD, AT + SECOND, elsewhere(1)), str)


def test_the_audit_has_each_failure_and_the_wait(house: House) -> None:
    for step in range(7):
        guess(IRO, AT + SECOND * step)
    rows = db.session.execute(
        sa.select(AuditRow.did, AuditRow.why).where(AuditRow.account_id == house.accounts["iro"])
    ).all()
    did = [row.did for row in rows]
    assert did.count("sign-in refused") == 5
    assert did.count("sign-in locked") == 1


def test_many_guesses_at_once_are_counted_one_after_another(house: House) -> None:
    db.session.rollback()
    said: list[str] = []

    def one() -> None:
        with house.app.app_context():
            try:
                sign_in(IRO, "a guess", AT, CALLER)
            except (SignInRefused, TriesRefused) as refusal:
                said.append(type(refusal).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["SignInRefused"] * 5 + ["TriesRefused"] * 7


def test_signing_out_ends_this_session_and_everywhere_ends_all(house: House) -> None:
    here, there = (str(sign_in(IRO, PASSWORD, AT, CALLER)) for _ in range(2))
    scope = house.scope("iro")
    sign_out(scope, here, AT)
    assert accounts.signed_in(here, house.today) is None
    assert accounts.signed_in(there, house.today) is not None
    sign_out_everywhere(scope, AT)
    assert accounts.signed_in(there, house.today) is None


def test_a_session_is_of_its_account_alone(house: House) -> None:
    iro, legal = house.session("iro"), house.session("legal")
    mixed = f"{iro.partition(':')[0]}:{legal.partition(':')[2]}"
    assert accounts.signed_in(mixed, house.today) is None
    assert accounts.signed_in("", house.today) is None
    assert accounts.signed_in(iro.partition(":")[0] + ":", house.today) is None


def secret(house: House, role: str = "iro") -> pyotp.TOTP:
    found = db.session.execute(
        sa.select(Account.codes_secret).where(Account.id == house.accounts[role])
    ).scalar_one()
    db.session.rollback()
    return pyotp.TOTP(found)


def code(totp: pyotp.TOTP, at: datetime) -> str:
    return totp.generate_otp(period_at(at))


def with_codes(house: House, role: str = "iro") -> Scope:
    scope = house.scope(role)
    codes.start_codes(scope, AT)
    codes.confirm_codes(scope, code(secret(house, role), AT), AT, AT, CALLER)
    return scope


def test_with_codes_on_the_password_alone_lets_nobody_in(house: House) -> None:
    with_codes(house)
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    assert not half.sets_up
    later = AT + timedelta(minutes=1)
    session = enter_code(half, code(secret(house), later), later, later, CALLER)
    assert accounts.signed_in(session, house.today) is not None


def test_each_code_is_taken_once(house: House) -> None:
    with_codes(house)
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    with pytest.raises(SignInRefused, match="has been used"):  # the one that turned them on
        enter_code(half, code(secret(house), AT), AT, AT, CALLER)
    later = AT + timedelta(minutes=1)
    typed = code(secret(house), later)
    enter_code(half, typed, later, later, CALLER)
    for _ in range(6):  # none of them is a failed try
        with pytest.raises(SignInRefused, match="has been used: wait for the next one"):
            enter_code(half, typed, later, later, CALLER)
    next_one = later + timedelta(minutes=1)
    assert enter_code(half, code(secret(house), next_one), next_one, next_one, CALLER)


def test_a_box_left_empty_is_no_try(house: House) -> None:
    with_codes(house)
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    for _ in range(6):
        with pytest.raises(SignInRefused, match="Enter the six digits"):
            enter_code(half, "  ", AT, AT, CALLER)
        with pytest.raises(Refused, match="Enter the password"):
            codes.turn_own_codes_off(house.scope("iro"), "", AT, CALLER)
    scope = house.scope("legal")
    codes.start_codes(scope, AT)
    with pytest.raises(Refused, match="Enter the six digits"):
        codes.confirm_codes(scope, "", AT, AT, CALLER)
    assert db.session.scalars(sa.select(SignInAttempt)).all() == []


def test_wrong_codes_are_failed_tries(house: House) -> None:
    with_codes(house)
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    for step in range(5):
        with pytest.raises(SignInRefused):
            enter_code(half, "000000", AT, AT + SECOND * step, CALLER)
    later = AT + timedelta(minutes=1)
    with pytest.raises(TriesRefused):
        enter_code(half, code(secret(house), later), later, later, CALLER)
    with pytest.raises(TriesRefused):
        sign_in(IRO, PASSWORD, later, CALLER)


def test_half_a_sign_in_ends_when_codes_are_turned_off(house: House) -> None:
    with_codes(house)
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    administrator = house.scope("authority.administrator")
    codes.turn_codes_off(administrator, house.accounts["iro"], AT)
    with pytest.raises(AgainFromStart):
        enter_code(half, "000000", AT, AT, CALLER)
    assert isinstance(sign_in(IRO, PASSWORD, AT, CALLER), str)


def test_codes_are_of_ones_own_authority(house: House) -> None:
    with_codes(house)
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(Refused):
        codes.turn_codes_off(other.scope("authority.administrator"), house.accounts["iro"], AT)
    assert isinstance(sign_in(IRO, PASSWORD, AT, CALLER), Half)


def test_turning_them_off_asks_for_the_password(house: House) -> None:
    scope = with_codes(house)
    with pytest.raises(Refused, match="not your password"):
        codes.turn_own_codes_off(scope, "a guess", AT, CALLER)
    codes.turn_own_codes_off(scope, PASSWORD, AT, CALLER)
    assert isinstance(sign_in(IRO, PASSWORD, AT, CALLER), str)


def test_turning_them_on_wants_a_right_code_and_ends_other_sessions(house: House) -> None:
    here, there = house.session("iro"), house.session("iro")
    scope = house.scope("iro")
    codes.start_codes(scope, AT)
    with pytest.raises(Refused, match="not the code of this moment"):
        codes.confirm_codes(scope, "000000", AT, AT, CALLER)
    typed = code(secret(house), AT)
    codes.confirm_codes(scope, typed, AT, AT, CALLER, session_id=here)
    assert accounts.signed_in(here, house.today) is not None
    assert accounts.signed_in(there, house.today) is None
    with pytest.raises(Refused, match="already"):
        codes.start_codes(scope, AT)


def test_an_authority_that_requires_codes_leads_to_setting_them_up(house: House) -> None:
    administrator = house.scope("authority.administrator")
    with pytest.raises(Refused, match="your own"):
        codes.require_codes(administrator, True, AT)
    with_codes(house, "authority.administrator")
    without, having = house.session("iro"), house.session("authority.administrator")
    codes.require_codes(administrator, True, AT)
    assert accounts.signed_in(without, house.today) is None
    assert accounts.signed_in(having, house.today) is not None
    half = sign_in(IRO, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    assert half.sets_up
    with pytest.raises(SignInRefused):
        set_codes_up(half, "000000", AT, AT, CALLER)
    with pytest.raises(AgainFromStart):
        enter_code(half, code(secret(house), AT), AT, AT, CALLER)
    session = set_codes_up(half, code(secret(house), AT), AT, AT, CALLER)
    assert accounts.signed_in(session, house.today) is not None
    with pytest.raises(AgainFromStart):
        set_codes_up(half, code(secret(house), AT), AT, AT, CALLER)


def test_requiring_codes_is_of_one_authority(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    with_codes(house, "authority.administrator")
    elsewhere_session = other.session("iro")
    codes.require_codes(house.scope("authority.administrator"), True, AT)
    db.session.rollback()
    required = db.session.scalars(sa.select(Authority.code).where(Authority.codes_required)).all()
    assert required == ["BEX"]
    assert accounts.signed_in(elsewhere_session, house.today) is not None


def test_where_codes_are_required_whoever_turns_theirs_off_is_signed_out(house: House) -> None:
    scope = with_codes(house, "authority.administrator")
    here, there = (house.session("authority.administrator") for _ in range(2))
    codes.require_codes(scope, True, AT)
    assert codes.turn_own_codes_off(scope, PASSWORD, AT, CALLER) is False
    assert accounts.signed_in(here, house.today) is None
    email = "authority.administrator@bexley.example"
    half = sign_in(email, PASSWORD, AT, CALLER)
    assert isinstance(half, Half)
    assert half.sets_up
    typed = code(secret(house, "authority.administrator"), AT)
    session = set_codes_up(half, typed, AT, AT, CALLER)
    assert accounts.signed_in(session, house.today) is not None
    assert accounts.signed_in(there, house.today) is None


def test_where_codes_are_required_a_session_without_them_is_none(house: House) -> None:
    """Also where codes were turned off at the moment in which they began to be required."""
    session = house.session("iro")
    with writing():
        db.session.execute(
            sa.update(Authority).where(Authority.code == "BEX").values(codes_required=True)
        )
    assert accounts.signed_in(session, house.today) is None

"""One-time codes: turned on and off by their person, off by an administrator, required of all."""

from __future__ import annotations

from datetime import datetime

import pyotp

from core.domain import one_time_codes
from core.domain.finding import Finding, Refused
from core.store import accounts, audit, codes, sessions
from core.store.accounts import Credentials
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.passwords import confirmed
from core.usecases.tries import Caller, Tries

WRONG = "This is not the code of this moment: type the six digits that the app shows now"
USED = "This code has been used: wait for the next one"
NONE = "Enter the six digits that the app shows"
ISSUER = "Permanence"


def new_secret() -> str:
    """A secret of 160 bits, in the letters that apps take."""
    return pyotp.random_base32(32)


def address_of(secret: str, email: str, authority_name: str) -> str:
    """The address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"{ISSUER} {authority_name}")


def period_of(secret: str, code: str, moment: datetime, used: str = "") -> int | None:
    """The period of a right code that was not taken yet; ``moment`` is the true time, UTC."""
    return one_time_codes.period_of(code, pyotp.TOTP(secret).generate_otp, moment, used)


def was_used(found: Credentials, code: str, moment: datetime) -> bool:
    """Whether a code is the last one taken of an account: nobody who guesses gains by it."""
    code_of = pyotp.TOTP(found.codes_secret).generate_otp
    return one_time_codes.was_used(code, code_of, moment, found.codes_used)


def start_codes(scope: Scope, at: datetime) -> None:
    """Propose a new secret to the asker, who then confirms it by a code."""
    with writing():
        if not codes.propose(scope, _own(scope).account_id, new_secret()):
            raise Refused(Finding("You have one-time codes already"))
        audit.changed(scope, at, "propose codes", "account", _own(scope).public_id)


def confirm_codes(
    scope: Scope, code: str, moment: datetime, at: datetime, caller: Caller, *, session_id: str = ""
) -> None:
    """Turn the asker's codes on, by the first one; their other sessions end."""
    if not one_time_codes.plain(code):
        raise Refused(Finding(NONE, field="code"))
    wrong = False
    with writing():
        found = _own(scope)
        tries = Tries.of(found.email, caller)
        tries.alone(at)
        if found.codes_since is not None:
            raise Refused(Finding("You have one-time codes already"))
        if not found.codes_secret:
            raise Refused(Finding("Start again: there is nothing to confirm any more"))
        wrong = not turned_on(scope, found, code, moment, at)
        if wrong:
            tries.failed(at, found.authority_id, found.account_id)
        else:
            sessions.end_all(scope, found.account_id, at, but=session_id.partition(":")[2])
    if wrong:
        raise Refused(Finding(WRONG, field="code"))


def turned_on(scope: Scope, found: Credentials, code: str, moment: datetime, at: datetime) -> bool:
    """Turn an account's codes on by its first one, in the transaction under way."""
    period = period_of(found.codes_secret, code, moment)
    if period is None or not codes.confirm(scope, found.account_id, found.codes_secret, period, at):
        return False
    audit.changed(scope, at, "turn codes on", "account", found.public_id)
    return True


def turn_own_codes_off(scope: Scope, password: str, at: datetime, caller: Caller) -> bool:
    """Turn the asker's codes off, the password being asked for; whether they are still signed in.

    Where the authority requires codes they are not: they set them up as they sign in again.
    """
    found = confirmed(scope, password, at, caller, field="password")
    return not _turn_off(scope, found.account_id, at)


def turn_codes_off(scope: Scope, account_id: int, at: datetime) -> None:
    """Turn a colleague's codes off, as where a telephone is lost; their sessions end.

    One's own are turned off with one's password.
    """
    if account_id == scope.account_id:
        raise Refused(Finding("Turn your own codes off on the page of your account"))
    _turn_off(scope, account_id, at)


def _turn_off(scope: Scope, account_id: int, at: datetime) -> bool:
    """Turn codes off; whether the sessions of the account ended with them."""
    with writing():
        found = accounts.credentials_of(account_id)
        if not codes.turn_off(scope, account_id):
            raise Refused(Finding("There is no such account"))
        ends = account_id != scope.account_id or codes.required(scope)
        if ends:
            sessions.end_all(scope, account_id, at)
        audit.changed(
            scope, at, "turn codes off", "account", found.public_id if found else str(account_id)
        )
    return ends


def require_codes(scope: Scope, yes: bool, at: datetime) -> None:
    """Require codes of everybody in the authority, or no longer.

    Whoever requires them has them; the sessions of those who do not end, so that they set them up
    when they next sign in.
    """
    with writing():
        if codes.required(scope) == yes:
            return
        if yes and _own(scope).codes_since is None:
            raise Refused(
                Finding("Turn on your own one-time codes first, then require them of everybody")
            )
        codes.require(scope, yes)
        if yes:
            sessions.end_without_codes(scope, at)
        did = "require codes" if yes else "require codes no longer"
        audit.changed(
            scope, at, did, "authority", "", before={"required": not yes}, after={"required": yes}
        )


def _own(scope: Scope) -> Credentials:
    found = accounts.credentials_of(scope.account_id or 0)
    if found is None or found.authority_id != scope.authority_id:
        raise Refused(Finding("Your account is not there any more"))
    return found

"""Signing in and out: the password, then the code where there is one; the audit is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from core.domain import one_time_codes
from core.domain.dates import london_day
from core.store import accounts, audit, codes, sessions
from core.store.accounts import Credentials
from core.store.database import let_go, writing
from core.store.scope import Scope
from core.usecases import passwords
from core.usecases.codes import NONE, USED, WRONG, new_secret, period_of, turned_on, was_used
from core.usecases.tries import Caller, Tries, TriesRefused, plain_email

__all__ = [
    "AgainFromStart",
    "Half",
    "SignInRefused",
    "TriesRefused",
    "enter_code",
    "half_signed_in",
    "set_codes_up",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]


class SignInRefused(Exception):
    """The e-mail or the password is wrong (which of them is not said), or the code is."""


class AgainFromStart(Exception):
    """The password was given too long ago, or has changed since: it is asked for again."""


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose password was right and who is asked for a code: nothing is shown to them.

    ``proof`` ends to be one where the password or the secret changes.
    """

    account_id: int
    proof: str
    sets_up: bool


def sign_in(email: str, password: str, at: datetime, caller: Caller) -> str | Half:
    """Check an e-mail and password; gives the session's id, or what is still asked.

    The password is checked outside any transaction, since that is slow on purpose, and what was
    found is looked at again within the one that lets somebody in.
    """
    tries = Tries.of(email, caller)
    tries.check(at)
    found = accounts.credentials(plain_email(email))
    let_go()
    known = found.password_hash if found is not None else ""
    right = passwords.fits(password, known)
    anew = passwords.rehashed(password, known) if right else ""
    entered: str | Half | None = None
    with writing():
        tries.alone(at)
        now = accounts.credentials_of(found.account_id) if found is not None else None
        if right and now is not None and now.password_hash == known:
            if anew:
                accounts.keep_rehashed(_scope(now, at), now.account_id, anew, before=known)
                now = accounts.credentials_of(now.account_id) or now
            entered = _let_in(now, at, caller, tries)
        else:
            tries.failed(
                at,
                found.authority_id if found else None,
                found.account_id if found else None,
            )
    if entered is None:
        raise SignInRefused("Check the e-mail address and the password: they do not match")
    return entered


def _let_in(found: Credentials, at: datetime, caller: Caller, tries: Tries) -> str | Half:
    """Begin the session, or say what is asked before it."""
    if found.codes_since is not None:
        return Half(found.account_id, _proof(found), sets_up=False)
    if found.codes_required:
        codes.propose(_scope(found, at), found.account_id, new_secret())
        found = accounts.credentials_of(found.account_id) or found
        return Half(found.account_id, _proof(found), sets_up=True)
    return _begin(found, at, caller, tries)


def _begin(found: Credentials, at: datetime, caller: Caller, tries: Tries) -> str:
    tries.clear(at)
    audit.signing(at, "sign-in", found.authority_id, found.account_id)
    scope = _scope(found, at)
    return sessions.start(scope, found.account_id, found.public_id, caller.device, at)


def half_signed_in(half: Half) -> Credentials:
    """Whose password was right; ``AgainFromStart`` where that has been overtaken."""
    found = accounts.credentials_of(half.account_id)
    if found is None or half.proof != _proof(found):
        raise AgainFromStart
    return found


def enter_code(half: Half, code: str, moment: datetime, at: datetime, caller: Caller) -> str:
    """Check the code of somebody whose password was right; gives the session's id.

    ``moment`` is the true time. Each code is taken once; wrong ones are failed tries, the one that
    was taken last is none.
    """
    _check_typed(code)
    entered, used = "", False
    with writing():
        found = half_signed_in(half)
        tries = Tries.of(found.email, caller)
        tries.alone(at)
        found = half_signed_in(half)  # another may have been let in while this one waited
        if found.codes_since is None:
            raise AgainFromStart
        used = was_used(found, code, moment)
        period = period_of(found.codes_secret, code, moment, found.codes_used)
        if period is not None and codes.take(
            _scope(found, at), found.account_id, period, found.codes_used
        ):
            entered = _begin(found, at, caller, tries)
        elif not used:
            tries.failed(at, found.authority_id, found.account_id)
    if not entered:
        raise SignInRefused(USED if used else WRONG)
    return entered


def set_codes_up(half: Half, code: str, moment: datetime, at: datetime, caller: Caller) -> str:
    """Turn codes on while signing in, where the authority requires them; gives the session's id."""
    _check_typed(code)
    entered = ""
    with writing():
        found = half_signed_in(half)
        tries = Tries.of(found.email, caller)
        tries.alone(at)
        if found.codes_since is not None:
            raise AgainFromStart
        if turned_on(_scope(found, at), found, code, moment, at):
            entered = _begin(found, at, caller, tries)
        else:
            tries.failed(at, found.authority_id, found.account_id)
    if not entered:
        raise SignInRefused(WRONG)
    return entered


def sign_out(scope: Scope, session_id: str, at: datetime) -> None:
    """End one session: a copy of its cookie is worth nothing from now on."""
    with writing():
        sessions.end(scope, session_id.partition(":")[2], at)
        audit.signing(at, "sign-out", scope.authority_id, scope.account_id)


def sign_out_everywhere(scope: Scope, at: datetime) -> None:
    """End every session of the asker's."""
    with writing():
        sessions.end_all(scope, scope.account_id or 0, at)
        audit.signing(at, "sign-out everywhere", scope.authority_id, scope.account_id)


def _check_typed(code: str) -> None:
    """Refuse an empty box, which is no try at all."""
    if not one_time_codes.plain(code):
        raise SignInRefused(NONE)


def _proof(found: Credentials) -> str:
    said = f"{found.password_hash} {found.codes_secret} {found.codes_since}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _scope(found: Credentials, at: datetime) -> Scope:
    return Scope(found.authority_id, london_day(at), account_id=found.account_id, name=found.name)

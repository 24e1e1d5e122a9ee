"""Signing in and out: the password is checked, and the audit told."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.store import accounts, audit
from core.store.database import writing
from core.store.scope import Scope


class SignInRefused(Exception):
    """The e-mail or the password is wrong; which of them is not said."""


@lru_cache(maxsize=1)
def hasher() -> PasswordHash:
    """Argon2 with its usual cost."""
    return PasswordHash((Argon2Hasher(),))


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that an unknown e-mail is checked against, so that it takes as long as a known one."""
    return hasher().hash("nobody has this password")


def sign_in(email: str, password: str, at: datetime) -> str:
    """Check an e-mail and password; the answer is the id for the session."""
    found = accounts.credentials(email)
    known = found.password_hash if found and found.password_hash else _nobody()
    right = hasher().verify(password, known)
    with writing():
        if found is None or not found.password_hash or not right:
            audit.signing(
                at,
                "sign-in refused",
                found.authority_id if found else None,
                found.account_id if found else None,
            )
        else:
            audit.signing(at, "sign-in", found.authority_id, found.account_id)
    if found is None or not found.password_hash or not right:
        raise SignInRefused("Check the e-mail address and the password: they do not match")
    return found.session_id


def sign_out(scope: Scope, at: datetime) -> None:
    """End every session of the account: a copy of its cookie is worth nothing from now on."""
    with writing():
        accounts.end_sessions(scope)
        audit.signing(at, "sign-out", scope.authority_id, scope.account_id)

"""Passwords: how they are kept, which are taken, and changing one's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from core.domain.finding import Finding, Refused
from core.store import accounts, audit, sessions
from core.store.accounts import Credentials
from core.store.database import let_go, writing
from core.store.scope import Scope
from core.usecases.tries import Caller, Tries

LEAST, MOST = 12, 200
#: A password is judged by its beginning: judging takes longer than in proportion to its length.
JUDGED = 64
STRONG_ENOUGH = 3
BEYOND_OWN = 8
SERVICE = ("permanence", "panel")
NONE = "Enter the password you have now"
HOW = "Three or four words that nobody would expect together make a good one"

_kept: dict[str, PasswordHash] = {}
_nobody: dict[int, str] = {}


def hasher() -> PasswordHash:
    """Argon2 with its usual cost, or what has been put in its place."""
    return _kept.setdefault("hasher", PasswordHash((Argon2Hasher(),)))


def hash_with(other: PasswordHash) -> None:
    """Put another hasher in place: a dearer one, to which hashes move, or a cheap one for tests."""
    _kept["hasher"] = other


def hashed(password: str) -> str:
    """A password as it is kept."""
    return hasher().hash(_same(password))


def fits(password: str, known: str) -> bool:
    """Whether a password is that of a hash; for no hash, it takes as long and is not."""
    if not known:
        current = hasher()
        if id(current) not in _nobody:
            _nobody[id(current)] = current.hash("nobody has this password")
        hasher().verify(_same(password), _nobody[id(current)])
        return False
    return len(password) <= 1000 and hasher().verify(_same(password), known)


def rehashed(password: str, known: str) -> str:
    """The hash anew where what hashing costs has been raised since; "" where it need not be."""
    _, new = hasher().verify_and_update(_same(password), known)
    return new or ""


def _same(password: str) -> str:
    """One text for what looks the same, however a keyboard makes its letters."""
    return unicodedata.normalize("NFC", password[:1000])


def fault(password: str, own: Iterable[str]) -> str:
    """What is wrong with a password that somebody chooses; "" where it may be taken.

    ``own`` are the names and addresses of which it may not be made.
    """
    if len(password) < LEAST:
        return f"Your password must have at least {LEAST} characters. {HOW}"
    if len(password) > MOST:
        return f"Your password must have at most {MOST} characters"
    words = _words(own)
    beyond = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        beyond = beyond.replace(word, "")
    if beyond != password.casefold() and len(re.sub(r"[\W_]", "", beyond)) < BEYOND_OWN:
        return (
            "Your password is made of your name, your e-mail address or your authority’s name. "
            f"{HOW}"
        )
    judged = zxcvbn(password[:JUDGED], user_inputs=words)
    if judged["score"] < STRONG_ENOUGH:
        return f"Your password is one that is easily guessed. {HOW}"
    return ""


def _words(own: Iterable[str]) -> list[str]:
    texts = [text.casefold() for text in (*own, *SERVICE)]
    parts = (part for text in texts for part in re.split(r"[\W_]+", text))
    return sorted({word for word in (*texts, *parts) if len(word) >= 3})


def check_new(password: str, again: str | None, own: Iterable[str], field: str) -> None:
    """Refuse a password that may not be taken, or that was not typed the same twice."""
    wrong = fault(password, own)
    if wrong:
        raise Refused(Finding(wrong, field=field))
    if again is not None and again != password:
        raise Refused(Finding("The two passwords are not the same", field="again"))


def of_account(found: Credentials) -> tuple[str, str, str]:
    """What the password of an account may not be made of."""
    return (found.name, found.email, found.authority_name)


def change_password(
    scope: Scope,
    old: str,
    new: str,
    again: str,
    at: datetime,
    caller: Caller,
    *,
    session_id: str = "",
) -> None:
    """Change one's own password: the old one is asked for, the other sessions end.

    Raises ``TriesRefused`` where too many old ones were wrong.
    """
    empty = []
    if not old:
        empty.append(Finding(NONE, field="old_password"))
    if not new:
        empty.append(Finding("Enter a new password", field="new_password"))
    if empty:
        raise Refused(*empty)
    found = confirmed(scope, old, at, caller, field="old_password")
    check_new(new, again, of_account(found), "new_password")
    if fits(new, found.password_hash):
        raise Refused(
            Finding("Choose another password than the one you have", field="new_password")
        )
    kept = hashed(new)
    with writing():
        if not accounts.set_password(scope, found.account_id, kept, at, before=found.password_hash):
            raise Refused(Finding("Your password was changed meanwhile: sign in again"))
        sessions.end_all(scope, found.account_id, at, but=session_id.partition(":")[2])
        audit.changed(scope, at, "change password", "account", found.public_id)


def confirmed(
    scope: Scope, password: str, at: datetime, caller: Caller, *, field: str
) -> Credentials:
    """The asker's account, once their password is typed; wrong ones count as failed tries.

    An empty box is no try.
    """
    if not password:
        raise Refused(Finding(NONE, field=field))
    found = accounts.credentials_of(scope.account_id or 0)
    if found is None or found.authority_id != scope.authority_id:
        raise Refused(Finding("Your account is not there any more"))
    tries = Tries.of(found.email, caller)
    tries.check(at)
    let_go()
    right = fits(password, found.password_hash)
    with writing():
        tries.alone(at)
        if not right:
            tries.failed(at, found.authority_id, found.account_id)
    if not right:
        raise Refused(Finding("This is not your password", field=field))
    return found

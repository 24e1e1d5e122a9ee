"""Links that open an account: made by an administrator, used once to choose a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from core.domain.dates import london_day
from core.domain.finding import Finding, Refused
from core.store import account_links, accounts, audit, sessions
from core.store.account_links import Link
from core.store.accounts import Credentials
from core.store.database import let_go, writing
from core.store.scope import Scope
from core.usecases import passwords
from core.usecases.tries import Caller, Tries

Kind = Literal["invitation", "reset"]
LASTS: dict[Kind, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(days=1)}
MADE: dict[Kind, str] = {"invitation": "invite", "reset": "make reset link"}


class LinkOver(Exception):
    """The link was used, has ended, or never was; which of them is not said."""


def make_link(scope: Scope, account_id: int, kind: Kind, at: datetime) -> str:
    """Make a link for an account of the asker's authority, and end its earlier ones.

    Gives the token, which is shown once: its page is /welcome/<token>, for seven days (an
    invitation) or one (a reset). Raises ``Refused`` for an account that is suspended or not there.
    """
    with writing():
        return make_link_within(scope, account_id, kind, at)


def make_link_within(scope: Scope, account_id: int, kind: Kind, at: datetime) -> str:
    """The same as ``make_link``, in the transaction under way."""
    token = secrets.token_urlsafe(32)
    try:
        public_id = account_links.add(scope, account_id, kind, _hash(token), at, at + LASTS[kind])
    except LookupError:
        raise Refused(
            Finding("There is no such account, or it is suspended: no link can be made for it")
        ) from None
    audit.changed(scope, at, MADE[kind], "account", public_id)
    return token


def opened(token: str, at: datetime) -> tuple[Link, Credentials]:
    """The link of a token and its account; ``LinkOver`` where it cannot be used."""
    link = account_links.find(_hash(token), at)
    found = accounts.credentials_of(link.account_id) if link is not None else None
    if link is None or found is None:
        raise LinkOver
    return link, found


def choose_password(token: str, password: str, again: str, at: datetime, caller: Caller) -> str:
    """Choose a password by a link, which is used up by it; gives the account's e-mail.

    Every session of the account ends, and the failures before are forgotten. Where two use a link
    at once, the second gets ``LinkOver``.
    """
    link, found = opened(token, at)
    let_go()
    passwords.check_new(password, again, passwords.of_account(found), "password")
    kept = passwords.hashed(password)
    scope = Scope(link.authority_id, london_day(at), account_id=link.account_id, name=found.name)
    with writing():
        accounts.lock(scope, link.account_id)
        if not account_links.use(link, at):
            raise LinkOver
        account_links.end_open(scope, link.account_id, at)
        if not accounts.set_password(scope, link.account_id, kept, at):
            raise LinkOver
        sessions.end_all(scope, link.account_id, at)
        Tries.of(found.email, caller).clear(at)
        audit.changed(
            scope, at, "choose password", "account", found.public_id, after={"by": link.kind}
        )
    return found.email


def _hash(token: str) -> str:
    return hashlib.sha256(token[:200].encode("utf-8", "replace")).hexdigest()

"""Who is asking: flask-login's user around the store's, and the scope of this request."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app, session
from flask_login import LoginManager, UserMixin, current_user

from core.registry import Registry
from core.settings import Settings
from core.store import accounts
from core.store.accounts import SignedIn
from core.store.scope import Scope
from core.web.clock import now, today

MOST_SECONDS = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app is made of, for the pages."""

    settings: Settings
    registry: Registry


class User(UserMixin):  # type: ignore[misc]
    """flask-login's user: a session ends when it is ended in its table."""

    def __init__(self, person: SignedIn) -> None:
        self.person = person

    def get_id(self) -> str:
        return self.person.session_id


login = LoginManager()
login.session_protection = "basic"


@login.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> User | None:
    if seconds_left() <= 0:
        return None
    person = accounts.signed_in(session_id, today())
    if person is None:
        return None
    return User(replace(person, scope=replace(person.scope, moment=now())))


def begin(person: SignedIn) -> None:
    """Begin the browser's session: its cookie bears since when, and ends after twelve hours."""
    session.permanent = True
    session["since"] = int(time.time())


def seconds_left() -> int:
    """For how long the session may still last, however much it is used."""
    since = session.get("since")
    return int(since + MOST_SECONDS - time.time()) if isinstance(since, int | float) else 0


def person() -> SignedIn | None:
    return current_user.person if current_user.is_authenticated else None


def session_id() -> str:
    """The id of the session of whoever is signed in."""
    return cast(SignedIn, person()).session_id


def mark(session_id: str) -> str:
    """Tells one account from another on a device, and says nothing of either."""
    account = session_id.partition(":")[0]
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"whose {account}".encode(), "sha256").hexdigest()[:32]


def scope() -> Scope:
    """The scope of a request whose access has been decided: somebody is signed in."""
    return cast(SignedIn, person()).scope


def parts() -> Parts:
    return cast(Parts, current_app.extensions["permanence"])


def registry() -> Registry:
    return parts().registry

"""What an open page asks by itself does not keep anybody signed in."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

BY_ITSELF = frozenset({"planning_live.record", "planning_live.options"})


class Sessions(SecureCookieSessionInterface):
    """A session is prolonged by what somebody does, not by a page that was left open."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if request.endpoint in BY_ITSELF and not session.modified:
            return False
        return super().should_set_cookie(app, session)

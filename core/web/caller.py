"""Where a request comes from, as tries at a password and the list of sessions have it."""

from __future__ import annotations

from flask import current_app, request

from core.usecases.tries import Caller

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def caller() -> Caller:
    """The caller of this request; behind a proxy its address is what the proxy says."""
    key = f"tries {current_app.config['SECRET_KEY']}".encode()
    return Caller(key, request.remote_addr or "", device(request.headers.get("User-Agent", "")))


def device(agent: str) -> str:
    """A browser as its person knows it: "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "A browser that is not known")

"""Where a request comes from, as tries at a password and the list of sessions have it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

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
    agent = request.headers.get("User-Agent", "")
    return Caller(key, network(request.remote_addr or ""), device(agent))


def network(address: str) -> str:
    """The address as tries are counted by it: of IPv6 its first half, since one has the other."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def device(agent: str) -> str:
    """A browser as its person knows it: "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "A browser that is not known")

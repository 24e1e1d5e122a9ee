"""Cases to which somebody is invited, and when they are heard."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.store import invitees
from core.store.scope import Scope
from core.web.access import ACCESS
from core.web.needs import More, Need, listed, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """For somebody invited to a case: which, and when it is heard."""
    if not ACCESS["items.page"].allows(scope.roles):
        return
    found = invitees.own(scope)
    for one in found:
        listed(one.children)
        names = ", ".join(child.name for child in one.children) or "a child"
        address = url_for("items.page", public_id=one.item)
        to, until, link = "the case of", "the minutes are ratified", "Open the case"
        if one.planning:
            address = url_for("planning.page", public_id=one.planning)
            to, link = "the planning meeting about", "Open the meeting"
            until = "four weeks after it"
        what = f"You are invited to {to} {names} on {day(one.held_on)}"
        yield Need(
            one.held_on,
            f"{what}: it is withdrawn" if one.withdrawn else f"{what} at {one.starts_at:%H:%M}",
            one.withdrawn
            or f"{f'At {one.place}. ' if one.place else ''}You see the case and its papers until "
            f"{until}",
            (),
            address,
            link,
            due=one.held_on >= scope.on and not one.withdrawn,
        )
    words = ("case is one to which you are invited", "cases are ones to which you are invited")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")

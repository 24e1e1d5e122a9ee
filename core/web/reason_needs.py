"""Records that somebody opened for a stated reason, for the managers who are told."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day, london_day
from core.store import reasons
from core.store.scope import Scope
from core.web import pages
from core.web.access import ACCESS
from core.web.clock import in_london
from core.web.needs import LIST, More, Need, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """For a manager: who opened a child of their team for a stated reason."""
    if not ACCESS["reasons.told"].allows(scope.roles):
        return
    found = reasons.told(scope)
    for row in found:
        pages.listed(LIST, [row.child_public_id])
        yield Need(
            london_day(row.since),
            f"{row.by or 'Somebody'} opened the record of {row.child_name}",
            f"At {in_london(row.since):%H:%M} on {day(london_day(row.since))}, for this "
            f"reason: {row.reason}",
            (),
            url_for("reasons.told", public_id=row.public_id),
            "Read it, and say so",
            due=False,
        )
    words = ("record was opened for a reason", "records were opened for a reason")
    address = url_for("home.page", kind="records-opened")
    yield from more(found, *words, address, "Read these first")

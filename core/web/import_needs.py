"""Imports that were read and wait for whoever may apply them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day, london_day
from core.store import waiting
from core.store.scope import Scope
from core.web.access import ACCESS
from core.web.needs import More, Need, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who applies imports: two queries."""
    if not ACCESS["imports.apply"].allows(scope.roles):
        return
    found = waiting.ready_imports(scope)
    for run in found:
        year = f" for {run.year}" if run.year else ""
        on = london_day(run.asked_at)
        yield Need(
            on,
            f"Apply or discard the import{year}",
            f"It was read on {day(on)} and waits: nothing of it is in the record",
            (),
            url_for("imports.page", public_id=run.public_id),
            "Look at it",
        )
    words = ("import waits", "imports wait")
    yield from more(found, *words, url_for("imports.runs"), "See the imports")

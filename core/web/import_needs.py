"""Imports that were read and wait for whoever may apply them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day, london_day
from core.store import waiting
from core.store.scope import Scope
from core.web.access import ACCESS
from core.web.needs import Need


def needs(scope: Scope) -> Iterator[Need]:
    """For who applies imports: one query."""
    if not ACCESS["imports.apply"].allows(scope.roles):
        return
    for run in waiting.ready_imports(scope):
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

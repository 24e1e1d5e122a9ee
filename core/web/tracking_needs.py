"""Planning meetings that are suggested, for those who work with the child."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.store import tracking
from core.store.scope import Scope
from core.web import plan_watch
from core.web.access import ACCESS
from core.web.needs import More, Need, listed, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """One line for each suggestion: one query, or two; whose they are is in the statement."""
    if not ACCESS["suggestions.form"].allows(scope.roles):
        return
    found = tracking.suggested(scope)
    listed(one.child for one in found)
    for one in found:
        said = plan_watch.suggests(one.child.public_id, one.suggestion)
        set_here = f" ({said.set_here})" if said.set_here else ""
        yield Need(
            None,
            f"A further planning meeting is suggested: {one.child.name}",
            f"{said.why}{set_here}.",
            said.clauses,
            url_for("children.page", public_id=one.child.public_id, _anchor="suggested"),
            "Book it, or say why not",
            now=True,
        )
    yield from more(
        found, "planning meeting is suggested", "planning meetings are suggested",
        url_for("tracking.page") if ACCESS["tracking.page"].allows(scope.roles)
        else url_for("children.register"),
        "Open the list",
    )  # fmt: skip

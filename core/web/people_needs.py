"""People whom imported files name and who are still to be matched."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.store import unmatched
from core.store.scope import Scope
from core.web.access import ACCESS
from core.web.needs import Need


def needs(scope: Scope) -> Iterator[Need]:
    """For who administers: people whom imported files name and nobody has matched."""
    if not ACCESS["matching.people"].allows(scope.roles):
        return
    if count := unmatched.how_many(scope):
        yield Need(
            None,
            f"Match {count} {'person' if count == 1 else 'people'} whom imported files name",
            "Until then the children for whom they are named are allocated to nobody",
            (),
            url_for("matching.people"),
            "Match",
        )

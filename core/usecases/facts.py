"""What is known of each child's care on a day, as `permanence facts --json` gives it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.domain.care import care_on, facts_json
from core.store import care, imports
from core.store.scope import Scope


def facts(scope: Scope, as_at: date) -> Iterator[dict[str, object]]:
    """Each child's facts as at the end of a day, by local id; read in batches, none held back.

    For today it gives what the lists show, which is stored when a return is applied.
    """
    years = imports.years_applied(scope)
    for child in care.facts_of(scope):
        yield facts_json(care_on(child, as_at, years))

"""What is known of each child's care on a day, as `permanence facts --json` gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from core.domain.care import CareFacts, care_on, facts_json
from core.domain.record.recorded import Recorded, proceedings_on
from core.store import applied, care, proceedings
from core.store.scope import Scope


def facts(scope: Scope, as_at: date) -> Iterator[dict[str, object]]:
    """Each child's facts as at the end of a day, by local id; read in batches, none held back.

    For today it gives what the lists show, which is stored when a return is applied.
    """
    years = applied.years_applied(scope)
    recorded = proceedings.by_child(scope)
    for child in care.facts_of(scope):
        known = care_on(child, as_at, years)
        yield facts_json(in_court(known, recorded.get(child.child, ()), as_at))


def in_court(known: CareFacts, recorded: Iterable[Recorded], on: date) -> CareFacts:
    """The facts with what is recorded of proceedings: issued and not ended, the child is in them.

    Where all that were issued have ended the child is not, unless under an interim care order;
    where none are recorded the legal status alone tells.
    """
    inside = proceedings_on(recorded, on)
    if inside is None:
        return known
    return replace(known, in_proceedings=inside or known.legal_status == "C1")

"""Meetings held outside this system, with what the record says of the options at them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from core.documents.planning_record import OptionFact, OutsideFact
from core.domain.met_elsewhere import met_elsewhere
from core.domain.planning_options import CONCLUSIONS
from core.domain.record.plan import OPTIONS, PLAN_OPTION
from core.domain.record.recorded import Recorded


def outside(entries: Collection[Recorded], held: Collection[date]) -> Iterator[OutsideFact]:
    """Each with the options considered on its day; ``held`` are the days of meetings held here.

    What was considered on a day on which a meeting was held here too is told of that one.
    """
    for one in met_elsewhere(entries):
        said = () if one.on in held else tuple(_options(entries, one.on))
        yield OutsideFact(one.on, one.title, one.outcome, said)


def _options(entries: Collection[Recorded], on: date) -> Iterator[OptionFact]:
    for entry in entries:
        if entry.kind == PLAN_OPTION.code and entry.stands and entry.day("considered_on") == on:
            code, came = entry.value("option"), entry.value("conclusion")
            title, words = OPTIONS.get(code, code), CONCLUSIONS.get(came, came)
            yield OptionFact(title, "", words, entry.value("why"))

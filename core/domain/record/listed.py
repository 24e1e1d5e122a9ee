"""What lists state of a child's care, as it is shown: of one local id, never of two rows mixed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from core.domain.record.elsewhere import STATED_CARE
from core.domain.record.statements import InUse, Statement, in_use
from core.domain.stated_care import StatedCare, latest_first


def values_of(kind: str, statements: Iterable[Statement]) -> dict[str, InUse]:
    """By field, the value in use of an entry of a kind, and the rest of what was said of it.

    Of care as lists state it, all values in use are of the local id whose row is believed, as the
    care itself is; what a list states of another is shown beside the fields that both state.
    """
    listed = list(statements)
    found = in_use(listed)
    if kind != STATED_CARE.code:
        return found
    standing = {said.said_of for used in found.values() for said in _standing(used)}
    if len(standing) < 2:
        return found
    of = _believed(found.values())
    own = in_use(said for said in listed if said.said_of == of)
    return {
        field: replace(
            used,
            others=(*used.others, *(s for s in _standing(found[field]) if s.said_of != of)),
            earlier=found[field].earlier,
        )
        for field, used in own.items()
    }


def _standing(used: InUse) -> tuple[Statement, ...]:
    return used.statement, *used.others


def _believed(values: Iterable[InUse]) -> str:
    """The local id of the row of which the care is taken, "" for the child's own."""
    starts: dict[tuple[str, date, str], date | None] = {}
    for used in values:
        for said in _standing(used):
            row = (said.said_of, said.as_at or date.min, said.format)
            starts.setdefault(row, None)
            if said.field == "started_on":
                starts[row] = _day(said.value)
    rows = latest_first(
        StatedCare(as_at, form, started_on=start, said_of=of)
        for (of, as_at, form), start in starts.items()
    )
    return next((row for row in rows if row.tells_status), rows[0]).said_of


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None

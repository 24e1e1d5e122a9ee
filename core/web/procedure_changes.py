"""What somebody changed of the procedures that an authority follows, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.staff import last_day
from core.store.enabled import Change, Enabled


@dataclass(frozen=True, slots=True)
class Said:
    """A change in words, with who made it, when and why."""

    words: str
    change: Change


def said(change: Change) -> Said:
    """A change, by what the audit says stood before it and after."""
    return Said(_words(change), change)


def said_of(row: Enabled, changes: Iterable[Change], *, moves: bool) -> tuple[Said, ...]:
    """Of the changes, the last one first, those that made a row what it is: one of each kind."""
    last = last_day(row.until)
    found: dict[str, Change] = {}
    for change in changes:
        after = change.after
        holds = {
            "end": last is not None and after.get("last day") == str(last),
            "change first day": after.get("first day") == str(row.since),
            "take last day back": last is None and after.get("first day") == str(row.since),
            "move": moves,
        }
        if change.code == row.code and holds.get(change.did):
            found.setdefault(change.did, change)
    return tuple(said(change) for change in found.values())


def replaced_by(row: Enabled, changes: Iterable[Change]) -> str:
    """The procedure that took the place of one as it ended, by the changes; "" where none did."""
    last = str(last_day(row.until))
    for change in changes:
        if (change.did, change.code, change.after.get("last day")) == ("end", row.code, last):
            return str(change.after.get("replaced by", ""))
    return ""


def _words(change: Change) -> str:
    before, after = change.before, change.after
    first, last = _day(after.get("first day")), _day(after.get("last day"))
    if change.did == "enable":
        place = after.get("in place of")
        return f"Followed from {first}" + (f", in the place of {place}" if place else "")
    if change.did == "end":
        by = after.get("replaced by")
        return f"Last day {last}" + (f", replaced by {by}" if by else "")
    if change.did == "change first day":
        return f"First day {first}, instead of {_day(before.get('first day'))}"
    if change.did == "take last day back":
        return f"Last day {_day(before.get('last day'))} taken back"
    return f"Order: {_order(after)}; it was {_order(before)}"


def _day(text: object) -> str:
    try:
        return day(date.fromisoformat(str(text)))
    except ValueError:
        return "not known"


def _order(side: object) -> str:
    codes = side.get("order") if isinstance(side, dict) else None
    return ", ".join(map(str, codes)) if isinstance(codes, list) else "not known"

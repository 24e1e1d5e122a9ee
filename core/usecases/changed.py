"""What changes of a meeting changed, read back from where it was kept as they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.domain.dates import day
from core.domain.what_changes import Says
from core.store import booked, meeting_changes
from core.store.booked import Named
from core.store.scope import Scope
from core.usecases.changes import of_kept

WORDS = {
    "move meeting": "Moved",
    "cancel meeting": "Cancelled",
    "swap themes": "Theme swapped",
}


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case of which something changed; without id and names where the asker does not see it."""

    public_id: str
    names: str
    children: tuple[str, ...]
    goes: str
    says: tuple[Says, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a meeting: what was done, when, by whom and why, and what it changed.

    ``moved`` are those of date, time and place that changed: (which, before, after), in words.
    ``themes`` are (day, theme before, theme after); ``hidden`` counts the cases not seen. ``left``
    is the code of a theme that had no meeting then, or "".
    """

    what: str
    at: datetime
    by: str
    why: str
    moved: tuple[tuple[str, str, str], ...]
    of_meeting: tuple[Says, ...]
    cases: tuple[CaseChanged, ...]
    themes: tuple[tuple[date, str, str], ...]
    hidden: int
    left: str = ""


def of_meeting(scope: Scope, public_id: str) -> list[Changed]:
    """Every change of a meeting that the asker sees, the latest first: four queries at most."""
    rows = meeting_changes.of_meeting(scope, public_id, tuple(WORDS))
    ids = {case["case"] for row in rows for case in row.after.get("cases", ())}
    named = booked.named(scope, ids, public_id)
    return [_changed(row, named) for row in rows]


def _changed(row: meeting_changes.Row, named: Mapping[str, Named]) -> Changed:
    kept: list[dict[str, Any]] = row.after.get("cases", [])
    return Changed(
        WORDS[row.did],
        row.at,
        row.by,
        row.why,
        tuple(_moved(row.before, row.after)),
        tuple(of_kept(one) for one in row.after.get("checks", ())),
        tuple(
            CaseChanged(
                case["case"],
                named[case["case"]].names,
                named[case["case"]].children,
                case["goes"],
                tuple(of_kept(one) for one in case["checks"]),
            )
            for case in kept
            if case["case"] in named
        ),
        tuple(
            (date.fromisoformat(on), *_two(words))
            for on, words in row.after.get("themes", {}).items()
        ),
        sum(case["case"] not in named for case in kept),
        str(row.after.get("left", "")),
    )


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Of date, time and place those that changed, in words."""
    for name, words in (("on", "Date"), ("starts at", "Time"), ("place", "Place")):
        was, now = str(before.get(name, "")), str(after.get(name, ""))
        if name in before and name in after and was != now:
            if name == "on":
                was, now = (day(date.fromisoformat(text)) for text in (was, now))
            yield words, was or "not set", now or "not set"


def _two(words: str) -> tuple[str, str]:
    before, _, after = words.partition(" to ")
    return before, after

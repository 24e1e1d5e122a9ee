"""The day that an address asks for: today, or another, in three boxes or in one word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, redirect, request, url_for

from core.domain.finding import Finding
from core.web import asker
from core.web.typed import FIRST_YEAR, IN_YEARS, LAST_YEAR, PARTS, boxes, date_boxes


@dataclass(frozen=True, slots=True)
class Asked:
    """The day that an address asks for: in three boxes as typed, and what is wrong with it."""

    on: date
    boxes: Mapping[str, str]
    fault: str = ""

    @property
    def findings(self) -> list[Finding]:
        return [Finding(self.fault, field="on")] if self.fault else []

    @property
    def kept(self) -> dict[str, str]:
        """What every address of these pages carries: nothing where the day is today."""
        return {} if self.on == asker.scope().on else {"on": self.on.isoformat()}


def asked() -> Asked:
    """The day of ``?on=2027-03-04``, or of three boxes; today where none is named or it is none."""
    today = asker.scope().on
    if any(f"on-{part}" in request.args for part in PARTS):
        typed, on, fault = date_boxes(request.args, "on")
    else:
        text = request.args.get("on", "")
        typed, on, fault = _in_one_word(text)
    if on is None:
        return Asked(today, typed if fault else boxes(today.isoformat()), fault)
    return Asked(on, boxes(on.isoformat()))


def _in_one_word(text: str) -> tuple[dict[str, str], date | None, str]:
    """A day in one word, as ``date_boxes`` gives one; nothing is wrong where none is named."""
    if not text:
        return boxes(""), None, ""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return boxes(""), None, "This date must be a real date, such as 27 3 2027"
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return boxes(on.isoformat()), None, f"This date {IN_YEARS}"
    return boxes(on.isoformat()), on, ""


def to_one_word(day: Asked, **named: str) -> Response | None:
    """Where to go once a day was typed: its address names it in one word."""
    if day.fault or not any(f"on-{part}" in request.args for part in PARTS):
        return None
    return redirect(url_for(str(request.endpoint), **named, **day.kept))  # type: ignore[return-value, arg-type]

"""What was typed into a form whose session had ended: carried in the page, and offered back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Request

from core.domain.dates import day_of_parts

MOST = 4_000_000
NEVER_KEPT = frozenset({"csrf_token", "password", "old_password", "new_password", "again", "code"})
UNSHOWN = ("-seen", "-clash", "-keep")
CHOICES = frozenset({"meeting", "children", "submit", "save", "add", "remove"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent: its address and its fields, as they were typed."""

    address: str
    fields: tuple[tuple[str, str], ...]


def typed(request: Request) -> str:
    """What was typed, as JSON; "" where nothing was, or where another site sent it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return ""
    fields = [
        [name, value]
        for name in request.form
        if name not in NEVER_KEPT
        for value in request.form.getlist(name)
    ]
    kept = json.dumps({"to": request.full_path.rstrip("?"), "fields": fields}, ensure_ascii=False)
    return kept if fields and len(kept) <= MOST else ""


def read(kept: str) -> Kept | None:
    """Read it back; None where it is not what was sent out."""
    try:
        data = json.loads(kept.encode("utf-8"))
        fields = tuple(
            (str(name), str(value)) for name, value in data["fields"] if name not in NEVER_KEPT
        )
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # half a character is no text
        return Kept(str(data["to"]), fields)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def shown(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The answers a person would know again, each under its name in words; dates as dates."""
    said: dict[str, list[str]] = {}
    dates: dict[str, dict[str, str]] = {}
    for name, value in fields:
        stem, _, part = name.rpartition("-")
        if part in ("day", "month", "year"):
            dates.setdefault(stem, {})[part] = value
        elif value.strip() and not name.endswith(UNSHOWN) and name not in CHOICES:
            said.setdefault(name, []).append(value)
    lines = [(_words(name), "\n".join(values)) for name, values in said.items()]
    lines += [(_words(name), day_of_parts(parts)) for name, parts in dates.items()]
    return [(name, value) for name, value in lines if value]


def _words(name: str) -> str:
    """A field's name as words: "family-0001-ab12.why-not" is "Family 1: why not"."""
    row, _, field = name.rpartition(".")
    words = field.replace("-", " ").replace("_", " ")
    kind, _, number = row.removesuffix(row[-5:] if row else "").rpartition("-")
    if number.isdecimal():
        return f"{kind.replace('-', ' ').capitalize()} {int(number)}: {words}"
    return words.capitalize()

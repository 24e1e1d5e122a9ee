"""Rows of the audit in words: what was done, to what, and each value before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from core.domain.dates import day
from core.store.audit_trail import Row
from core.web.access import ACCESS
from core.web.clock import in_london

NOUNS = {
    "register": "the register of children",
    "list": "a list",
    "audit": "the audit",
    "authority": "the authority",
    "closed records": "the list of closed records",
    "account": "their own account",
}
PAGES = {
    "child": "children.page",
    "case": "cases.page",
    "meeting": "meetings.page",
    "item": "items.page",
    "action": "actions.page",
    "dispute": "disputes.page",
    "import": "imports.page",
    "staged document": "staged.page",
}
ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?")
QUIET = frozenset({"children", "ids", "cases"})
SHORT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One value: what it was and what it is; None where there was, or is, none."""

    name: str
    before: str | None
    after: str | None


def did(row: Row) -> str:
    """What was done, as the beginning of a sentence."""
    if row.did == "look":
        return "Looked at"
    if row.did == "refused":
        return "Asked for, and was not shown,"
    return row.did.replace("_", " ").capitalize() + ":"


def what(row: Row) -> str:
    """To what it was done."""
    if row.closed:
        return "a closed record"
    if row.about:
        return row.about
    if row.subject == "list" and row.after and row.after.get("list"):
        return str(row.after["list"])
    if row.subject_id:
        return f"{_article(row.subject)} {row.subject}"
    return NOUNS.get(row.subject, f"{_article(row.subject)} {row.subject}")


def address(row: Row, roles: frozenset[str]) -> str:
    """Where the thing has a page that these roles may use; "" where it has none."""
    endpoint = PAGES.get(row.subject, "")
    if (
        not row.subject_id
        or row.closed
        or row.did == "refused"
        or endpoint not in ACCESS
        or not ACCESS[endpoint].allows(roles)
    ):
        return ""
    return url_for(endpoint, public_id=row.subject_id)


def changes(row: Row) -> list[Change]:
    """Each value of a row, before and after; of a look, what was seen."""
    before, after = dict(_flat(row.before or {})), dict(_flat(row.after or {}))
    return [
        Change(name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))
    ]


def are_short(said: list[Change]) -> bool:
    """Whether one value is all there is, in a few words: it needs no folding away."""
    return len(said) == 1 and sum(len(t or "") for t in (said[0].before, said[0].after)) <= SHORT


def seen(detail: Mapping[str, Any]) -> str:
    """What of a child was looked at, from what the look noted."""
    for name in ("page", "on"):
        if words := detail.get(name):
            return str(words)
    if "case" in detail:
        return "a case"
    if "kind" in detail:
        return str(detail["kind"])
    return "the record"


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        words = str(name).replace("_", " ").replace("-", " ")
        if name in QUIET and isinstance(value, list):
            yield words, f"{len(value)} in the list"
        elif isinstance(value, Mapping):
            if value:
                yield words, "; ".join(f"{key}: {_text(one)}" for key, one in value.items())
        elif value is not None and value != "":
            yield words, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(one)}" for key, one in value.items())
    return _dated(str(value))


def _dated(text: str) -> str:
    """A day or a moment as it is said; any other text as it is."""
    if ISO.fullmatch(text) is None:
        return text
    try:
        if len(text) == 10:
            return day(date.fromisoformat(text))
        moment = in_london(datetime.fromisoformat(text))
        return f"{day(moment.date())} at {moment:%H:%M}"
    except ValueError:
        return text

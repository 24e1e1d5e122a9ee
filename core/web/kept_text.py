"""What was typed into a form whose session had ended: carried in the page, and offered back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Request

from core.domain.dates import day_of_parts
from core.domain.paper import shown_name
from core.domain.record import KINDS, FactField
from core.web import record_words

MOST = 4_000_000
NEVER_KEPT = frozenset({"csrf_token", "password", "old_password", "new_password", "again", "code"})
UNSHOWN = ("-seen", "-clash", "-keep")
CHOICES = frozenset(
    {
        "meeting",
        "children",
        "submit",
        "save",
        "add",
        "remove",
        "version",
        "other_version",
        "seen",
        "seen_day",
        "team_seen",
        "seen-name",
        "seen-service",
    }
)
#: What a list of people, teams or meetings sends for one of them: it says nothing to a reader.
#: A word of so many letters is no id: nearly every id has a figure.
AN_ID = re.compile(r"((team|service) )?(?=.*[2-9])[a-hjkmnp-z2-9]{14}")
A_CODE = re.compile(r"[a-z]+([-_][a-z]+)*")
#: How the name of a field of the record begins on a form (core.web.record_form).
FACT = "fact-"
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent: its address and its fields, as they were typed.

    Of its files there are the names alone: they have to be chosen again.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


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
    to = request.full_path.rstrip("?")
    kept = {"to": to, "fields": fields, "files": files_of(request)}
    said = json.dumps(kept, ensure_ascii=False)
    return said if fields and len(said) <= MOST else ""


def files_of(request: Request) -> list[str]:
    """The names of the files that were sent."""
    sent = (file.filename for name in request.files for file in request.files.getlist(name))
    return [shown_name(name) for name in sent if name][:MOST_FILES]


def read(kept: str) -> Kept | None:
    """Read it back; None where it is not what was sent out."""
    try:
        data = json.loads(kept.encode("utf-8"))
        fields = tuple(
            (str(name), str(value)) for name, value in data["fields"] if name not in NEVER_KEPT
        )
        files = tuple(shown_name(str(name)) for name in data.get("files", ())[:MOST_FILES])
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # half a character is no text
        return Kept(str(data["to"]), fields, files)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def shown(
    fields: Iterable[tuple[str, str]], paper_kinds: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, str]]:
    """The answers a person would know again, each under its name in words; dates as dates.

    ``paper_kinds`` are the titles of the kinds of paper, by their codes.
    """
    fields = list(fields)
    recorded = _recorded(name for name, _ in fields)
    said: dict[str, list[str]] = {}
    dates: dict[str, dict[str, str]] = {}
    for name, value in fields:
        stem, _, part = name.rpartition("-")
        if part in ("day", "month", "year"):
            dates.setdefault(stem, {})[part] = value
        elif _is_read(name, value):
            words = paper_kinds.get(value) if name == "kind" else None
            said.setdefault(name, []).append(words or _answer(name, value, recorded))
    lines = [(_words(name, recorded), "\n".join(values)) for name, values in said.items()]
    lines += [(_words(name, recorded), day_of_parts(parts)) for name, parts in dates.items()]
    return [(name, value) for name, value in lines if value]


def _is_read(name: str, value: str) -> bool:
    """Whether a person would know an answer again."""
    if not value.strip() or name.endswith(UNSHOWN) or name in CHOICES:
        return False
    return AN_ID.fullmatch(value.strip()) is None


def _recorded(names: Iterable[str]) -> Mapping[str, FactField]:
    """The fields of the record that a form has, by their names on it.

    Which kind of entry it is of is told by the fields that it has; where several could be meant,
    those that each of them calls otherwise are left out.
    """
    named = {name for name in names if name.startswith(FACT)}
    codes = {name.removeprefix(FACT).partition("-")[0] for name in named}
    meant = [kind.by_code for kind in KINDS.values() if codes <= kind.by_code.keys()]
    return {
        f"{FACT}{code}": meant[0][code]
        for code in codes
        if len({kind[code].label for kind in meant}) == 1
    }


def _answer(name: str, value: str, recorded: Mapping[str, FactField]) -> str:
    """An answer in words: one that was chosen from a list is a code on the form."""
    if (fact := recorded.get(name)) is not None:
        return record_words.value(fact, value)
    if name == "kind" and A_CODE.fullmatch(value):
        return value.replace("-", " ").replace("_", " ").capitalize()
    return value


def _words(name: str, recorded: Mapping[str, FactField]) -> str:
    """A field's name as words: "family-0001-ab12.why-not" is "Family 1: why not"."""
    if (fact := recorded.get(name)) is not None:
        return fact.label
    name = name.removeprefix(FACT)
    row, _, field = name.rpartition(".")
    words = field.replace("-", " ").replace("_", " ")
    kind, _, number = row.removesuffix(row[-5:] if row else "").rpartition("-")
    if number.isdecimal():
        return f"{kind.replace('-', ' ').capitalize()} {int(number)}: {words}"
    return words.capitalize()

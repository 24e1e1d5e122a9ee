"""What of a child's care can be typed: episodes, reviews, decisions for adoption, asylum status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.domain.finding import Finding
from core.domain.record.kind import FactField, FactType
from core.domain.ssda903_codes import LISTS, Code
from core.domain.ssda903_rules import rule_words

#: The national list from which a field is chosen.
LIST_OF: Mapping[str, str] = MappingProxyType(
    {
        "rne": "RNE",
        "ls": "LS",
        "cin": "CIN",
        "place": "PLACE",
        "place_provider": "PLACE_PROVIDER",
        "rec": "REC",
        "reason_place_change": "REASON_PLACE_CHANGE",
        "code": "REVIEW_CODE",
        "ceased_reason": "REASON_PLACED_CEASED",
    }
)


@dataclass(frozen=True, kw_only=True)
class CareKind:
    """A kind of row: ``one`` in a sentence, ``day`` the field that tells rows apart ("" none).

    ``ends`` is the field with the day on which it ends.
    """

    code: str
    title: str
    one: str
    fields: tuple[FactField, ...]
    day: str = ""
    ends: str = ""

    def field(self, code: str) -> FactField:
        return next(field for field in self.fields if field.code == code)


def _said(entry: Code) -> str:
    if entry.last is not None:
        return f"{entry.meaning} (until March {entry.last})"
    if entry.first is not None:
        return f"{entry.meaning} (from April {entry.first - 1})"
    return entry.meaning


def _chosen(code: str, label: str, *, required: bool = False, hint: str = "") -> FactField:
    choices = {key: _said(entry) for key, entry in LISTS[LIST_OF[code]].items()}
    return FactField(
        code=code, label=label, type=FactType.CHOICE, choices=choices, required=required, hint=hint
    )


def _day(
    code: str, label: str, *, required: bool = False, future: bool = False, hint: str = ""
) -> FactField:
    return FactField(
        code=code, label=label, type=FactType.DAY, required=required, future=future, hint=hint
    )


EPISODE = CareKind(
    code="episode",
    title="Episodes of care",
    one="an episode",
    day="decom",
    ends="dec",
    fields=(
        _day("decom", "Started on", required=True),
        _chosen("rne", "What happened that day", required=True),
        _chosen("ls", "Legal status", required=True),
        _chosen("cin", "Category of need", required=True),
        _chosen("place", "Placement", required=True),
        _chosen("place_provider", "Who provides it"),
        _day("dec", "Ended on", hint="Leave empty where it is still so"),
        _chosen("rec", "Why it ended"),
        _chosen("reason_place_change", "Why the placement changed"),
        FactField(code="home_post", label="Home postcode"),
        FactField(code="pl_post", label="Placement postcode"),
        FactField(code="urn", label="Ofsted number of the placement (URN)"),
    ),
)
REVIEW = CareKind(
    code="review",
    title="Reviews",
    one="a review",
    day="held_on",
    fields=(
        _day("held_on", "Held on", required=True),
        _chosen("code", "How the child took part", required=True),
    ),
)
ADOPTION_DECISION = CareKind(
    code="adoption-decision",
    title="Decisions that the child should be placed for adoption",
    one="a decision for adoption",
    day="decided_on",
    ends="ceased_on",
    fields=(
        _day("decided_on", "Decided on", required=True),
        _day("ceased_on", "Reversed on", hint="Leave empty where the decision stands"),
        _chosen("ceased_reason", "Why it was reversed"),
    ),
)
ASYLUM = CareKind(
    code="asylum",
    title="Unaccompanied asylum-seeking child",
    one="the asylum status",
    ends="ceases",
    fields=(
        _day(
            "ceases", "Until", future=True,
            hint="The day on which the status ended or will end; leave empty where it is not known",
        ),
    ),
)  # fmt: skip
CARE_KINDS: Mapping[str, CareKind] = MappingProxyType(
    {kind.code: kind for kind in (EPISODE, REVIEW, ADOPTION_DECISION, ASYLUM)}
)
LONGEST = 64


def faults(
    kind: CareKind, values: Mapping[str, str], kept: Mapping[str, str], born: date | None, on: date
) -> tuple[Finding, ...]:
    """What is impossible in a row that was typed: each refuses it, beside its field.

    ``values`` are ISO days, codes and text; ``kept`` is the row that is corrected, whose codes may
    stay as they are. ``born`` is None for a child whose birth is not recorded.
    """
    return tuple(_faults(kind, values, kept, born, on))


def _faults(
    kind: CareKind, values: Mapping[str, str], kept: Mapping[str, str], born: date | None, on: date
) -> Iterator[Finding]:
    for field in kind.fields:
        value = values.get(field.code, "")
        if not value:
            if field.required:
                yield Finding(f"{field.label}: {_wanted(field)}", field=field.code)
        elif field.type is FactType.DAY:
            if fault := _day_fault(field, date.fromisoformat(value), born, on):
                yield Finding(fault, field=field.code)
        elif field.type is FactType.CHOICE:
            if value not in field.choices and value != kept.get(field.code):
                yield Finding(f"{field.label}: choose one from the list", field=field.code)
        elif len(value) > LONGEST:
            message = f"{field.label} must be {LONGEST} characters or fewer"
            yield Finding(message, field=field.code)
    start, end = values.get(kind.day, ""), values.get(kind.ends, "")
    if kind.day and start and end and end < start:
        first, last = (kind.field(code).label for code in (kind.day, kind.ends))
        message = f"“{last}” must be on or after “{first}”: check both dates"
        yield Finding(message, field=kind.ends)
    if kind is ADOPTION_DECISION and bool(end) != bool(values.get("ceased_reason")):
        lacking = ("ceased_reason", "why") if end else ("ceased_on", "when")
        yield Finding(f"Say {lacking[1]} the decision was reversed", field=lacking[0])


def _wanted(field: FactField) -> str:
    return "enter the date" if field.type is FactType.DAY else "choose one from the list"


def _day_fault(field: FactField, day: date, born: date | None, on: date) -> str:
    if day > on and not field.future:
        return f"{field.label}: this date must be today or in the past"
    if born is not None and day < born:
        return f"{field.label}: this date is before the child was born. Check both dates"
    return ""


_IN_BRACKETS = re.compile(r" \([^)]*\)")
_CODES = re.compile(r"\b(?:[A-Z]{1,2}\d{1,2}|[SLPTBU])\b")


def rule_in_words(rule: str) -> str:
    """What a rule says to who types a row and sees no codes: each code by its meaning."""
    said = _IN_BRACKETS.sub("", rule_words(rule)).replace("PLACE_PROVIDER", "“Who provides it”")
    return _CODES.sub(lambda found: _meant(found.group()), said)


def _meant(code: str) -> str:
    entry = next((entries[code] for entries in LISTS.values() if code in entries), None)
    return f"“{entry.meaning}”" if entry is not None else code

"""What is wrong with an entry as it is typed: values that cannot be, and parts that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from core.domain.dates import age_on, day, partial_day
from core.domain.finding import Finding
from core.domain.naming import EMAIL
from core.domain.procedure.forms import LONG_TEXT_MOST, TEXT_MOST, too_long
from core.domain.record.going_home import CHECKED_FROM, TOO_YOUNG
from core.domain.record.kind import FactField, FactType, Kind

PHONE = re.compile(r"(?=(?:\D*[0-9]){3})[-+0-9 ()./,;#*\w]+", re.ASCII)
YES_NO = {"yes": "Yes", "no": "No"}
NEEDS = {
    "plan": (
        ("state", "agreed", ("agreed_on", "agreed_by")),
        ("state", "achieved", ("achieved_on",)),
        ("state", "ended", ("ended_on",)),
    ),
    "proceedings": (("order", "", ("ended_on",)),),
    "temporary-approval": (("outcome", "", ("ended_on",)),),
    "connected-person": (
        ("ruled_out_on", "", ("ruled_out_why",)),
        ("ruled_out_why", "", ("ruled_out_on",)),
    ),
    "adoption": (("doubted_on", "", ("doubt_words",)), ("doubt_words", "", ("doubted_on",))),
    "return-home": (("wishes", "", ("wishes_on",)), ("assessed_on", "", ("assessment",))),
    "household-check": (("result", "", ("dbs_on",)), ("unchecked", "", ("unchecked_why",))),
    "return-home-delay": (
        ("escalated_on", "", ("viable", "review_words")),
        ("viable", "", ("escalated_on", "review_words")),
        ("review_words", "", ("escalated_on", "viable")),
    ),
}
"""By kind: a field, one of its values ("" for any), and the fields that must then be there."""

AT_ODDS = {
    "plan": (("state", ("provisional", "agreed"), "achieved_on"),),
    "household-check": (("unchecked", (TOO_YOUNG,), "dbs_on"),),
}
"""By kind: a field, values of it, and a field that must then be empty. The day on which a plan
ended is no such field: a new plan gives it to the one before, of which it stays how far it came."""

IN_ORDER = {
    "plan": (
        ("identified_on", "approved_on"), ("identified_on", "agreed_on"),
        ("identified_on", "achieved_on"),
        ("agreed_on", "achieved_on"), ("identified_on", "ended_on"), ("agreed_on", "ended_on"),
        ("achieved_on", "ended_on"),
    ),
    "proceedings": (
        ("issued_on", "ended_on"), ("issued_on", "final_hearing_on"),
        ("issued_on", "final_evidence_on"), ("issued_on", "extended_to"),
    ),
    "gateway": (("held_on", "review_on"),),
    "family-meeting": (("held_on", "next_on"),),
    "connected-person": (("identified_on", "ruled_out_on"),),
    "decision-elsewhere": (("decided_on", "review_on"),),
    "adoption": (
        ("decided_on", "matched_on"), ("decided_on", "placed_on"), ("matched_on", "placed_on"),
        ("matched_on", "order_on"), ("placed_on", "order_on"), ("placed_on", "application_on"),
        ("application_on", "order_on"), ("placement_order_on", "order_on"),
    ),
    "expert-assessment": (("asked_on", "done_on"),),
    "return-home": (("considered_on", "ended_on"),),
    "return-home-delay": (
        ("raised_on", "escalated_on"), ("raised_on", "ended_on"), ("escalated_on", "ended_on"),
    ),
    "match": (("panel_on", "matched_on"), ("matched_on", "ended_on")),
    "carers-approval": (("approved_on", "ended_on"), ("approved_on", "reviewed_on")),
    "temporary-approval": (
        ("approved_on", "extended_on"), ("approved_on", "ended_on"), ("extended_on", "ended_on"),
    ),
    "stated-care": (("started_on", "ceased_on"),),
}  # fmt: skip
"""By kind: days of which the first cannot come after the second."""


def value_fault(
    field: FactField, value: str, on: date, born: date | None, expected: bool = False
) -> str:
    """What is wrong with a value that is not empty, "" where nothing is.

    ``on`` is today; ``born`` is the child's birth where it is known, ``expected`` if still to come.
    """
    match field.type:
        case FactType.DAY:
            return _day_fault(field, value, on, None if expected else born)
        case FactType.CHOICE:
            answers = field.choices.keys() - field.only_files
            return "" if value in answers else f"{field.label}: choose one of the answers"
        case FactType.CHOICES:
            unknown = set(value.split(",")) - set(field.choices)
            return f"{field.label}: choose among the answers" if unknown else ""
        case FactType.YES_NO:
            return "" if value in YES_NO else f"{field.label}: choose yes or no"
        case FactType.NUMBER:
            whole = value.isascii() and value.isdecimal() and len(value) <= len(str(field.most))
            if whole and field.least <= int(value) <= field.most:
                return ""
            return f"{field.label} must be a whole number, {field.least} to {field.most:,}"
        case FactType.PARTIAL_DAY:
            return _partial_fault(field, value, on)
        case FactType.EMAIL if not EMAIL.fullmatch(value):
            return f"{field.label} must be one address, such as wim@home.example"
        case FactType.PHONE if not PHONE.fullmatch(value):
            return f"{field.label} must be a number, such as 0121 496 0000"
        case FactType.LONG_TEXT:
            return too_long(value, LONG_TEXT_MOST) or ""
        case _:
            return too_long(value, TEXT_MOST) or ""


def _partial_fault(field: FactField, value: str, on: date) -> str:
    if partial_day(value) is None:
        return f"{field.label} must be a day, a month and year, or a year: 27/3/2019, 3/2019, 2019"
    year = re.search(r"[0-9]{4}", value)
    ahead = year is not None and int(year[0]) > on.year
    return f"{field.label} must be in the past" if ahead else ""


def _day_fault(field: FactField, value: str, on: date, born: date | None) -> str:
    try:
        typed = date.fromisoformat(value)
    except ValueError:
        return f"{field.label} must be a real date, such as 27 3 2027"
    if typed > on and not field.future:
        return f"{field.label} must be today or in the past"
    if born is not None and (born - typed).days > field.before_birth:
        if field.before_birth:
            return f"{field.label} is too long before the child was born, on {day(born)}"
        return f"{field.label} must be on or after {day(born)}, when the child was born"
    return ""


def entry_faults(
    kind: Kind, values: Mapping[str, str], changed: frozenset[str], on: date | None = None
) -> Iterator[Finding]:
    """What does not fit among the values of an entry as it would stand, each at its field.

    ``changed`` are the fields typed now; only what they touch is looked at, so that an entry which
    a file left incomplete can be corrected. ``on`` is today, for what goes by an age.
    """
    for field in kind.fields:
        if field.required and field.code in changed and not values.get(field.code):
            yield Finding(f"{field.label}: {_ask(field)}", field=field.code)
    for field_code, value, needed in NEEDS.get(kind.code, ()):
        said = values.get(field_code, "")
        if not said or (value and said != value) or changed.isdisjoint({field_code, *needed}):
            continue
        state = kind.field(field_code)
        assert state is not None
        words = f" “{state.choices[said].lower()}”" if said in state.choices else " there"
        for code in needed:
            lacking = kind.field(code)
            if lacking is not None and not values.get(code):
                because = f"“{state.label}” is{words}"
                yield Finding(f"{lacking.label}: {_ask(lacking)}, as {because}", field=code)
    for field_code, states, other_code in AT_ODDS.get(kind.code, ()):
        said, pair = values.get(field_code, ""), {field_code, other_code}
        if said in states and values.get(other_code) and not changed.isdisjoint(pair):
            one, other = kind.field(field_code), kind.field(other_code)
            assert one is not None and other is not None
            words = one.choices.get(said, said).lower()
            message = f"“{one.label}” cannot be “{words}” where “{other.label}” has a day"
            yield Finding(message, field=field_code if field_code in changed else other_code)
    if kind.code == "plan":
        yield from _plan_faults(values, changed)
    if kind.code == "household-check" and on is not None:
        yield from _age_faults(values, changed, on)
    for first, second in IN_ORDER.get(kind.code, ()):
        before, after = values.get(first, ""), values.get(second, "")
        if before and after and after < before and not changed.isdisjoint({first, second}):
            one, other = kind.field(first), kind.field(second)
            assert one is not None and other is not None
            at = second if second in changed else first
            message = f"“{other.label}” cannot be before “{one.label}”, {_said(before)}"
            yield Finding(message, field=at)


def _plan_faults(values: Mapping[str, str], changed: frozenset[str]) -> Iterator[Finding]:
    primary = values.get("primary", "")
    spare = values.get("contingencies", "").split(",")
    if primary and primary in spare and not changed.isdisjoint({"primary", "contingencies"}):
        at = "contingencies" if "contingencies" in changed else "primary"
        yield Finding(
            "The primary plan cannot be its own contingency: choose another, or take it out of "
            "the contingency plans",
            field=at,
        )


def _age_faults(values: Mapping[str, str], changed: frozenset[str], on: date) -> Iterator[Finding]:
    """Nobody is too young for a check whose date of birth says that they are 18."""
    born = values.get("born_on", "")
    if values.get("unchecked") != TOO_YOUNG or changed.isdisjoint({"unchecked", "born_on"}):
        return
    if born and age_on(date.fromisoformat(born), on) >= CHECKED_FROM:
        yield Finding(
            f"Born on {_said(born)}, they are {CHECKED_FROM} or older: record their DBS check",
            field="unchecked" if "unchecked" in changed else "born_on",
        )


def _ask(field: FactField) -> str:
    if field.type is FactType.DAY:
        return "enter the day"
    return "choose an answer" if field.choices or field.type is FactType.YES_NO else "enter it"


def _said(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value

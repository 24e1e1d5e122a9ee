"""How an import is said: its states, its collection year, and each thing that it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.domain.dates import day
from core.domain.episode import year_ends, year_starts
from core.domain.identity import SIBLINGS
from core.domain.record import KINDS, FactField, FactType
from core.domain.ssda903_codes import words
from core.imports.case_list import GROUP
from core.store.import_changes import RunChange
from core.store.imports import RunState
from core.usecases.care_changes import BESIDE, OTHERWISE
from core.web import record_words

STATES: Mapping[RunState, tuple[str, str]] = {
    RunState.RECEIVED: ("Waiting to be read", "grey"),
    RunState.READING: ("Being read", "blue"),
    RunState.READY: ("Ready to check", "yellow"),
    RunState.ASKED: ("Waiting to be applied", "grey"),
    RunState.APPLYING: ("Being applied", "blue"),
    RunState.APPLIED: ("Applied", "green"),
    RunState.FAILED: ("Could not be done", "red"),
    RunState.DISCARDED: ("Discarded", "grey"),
}
#: What a change is of, where it is none of the record's kinds.
SUBJECTS: Mapping[str, str] = {
    "identity": "Who the child is",
    "care": "Time in care",
    "people": "Who works with the child",
    "team": "Team",
    "action": "Actions",
}
#: A field of identity or of care: its name, and the code list of its values.
FIELDS: Mapping[str, tuple[str, str]] = {
    "given_name": ("Given name", ""),
    "family_name": ("Family name", ""),
    "born": ("Date of birth", ""),
    "birth_expected": ("Expected birth", ""),
    "sex": ("Sex", "SEX"),
    "ethnicity": ("Ethnicity", "ETHNIC"),
    "disability": ("Disability", ""),
    "languages": ("Languages", ""),
    "upn": ("Unique pupil number", ""),
    "sibling_group": ("Sibling group", ""),
    "team": ("Team", ""),
    "worker": ("Social worker", ""),
    "manager": ("Manager", ""),
    "iro": ("Independent reviewing officer", ""),
    "status": ("Care", ""),
    "became_looked_after": ("Became looked after", ""),
    "ceased": ("Ceased to be looked after", ""),
    "legal_status": ("Legal status", "LS"),
    "placement": ("Placement", "PLACE"),
    "base_placement": ("Placement, temporary ones left out", "PLACE"),
    "latest_review": ("Latest review", ""),
    "periods": ("Periods of care", ""),
    "episodes": ("Episodes of care", ""),
    "reviews": ("Reviews", ""),
    "adoption_decisions": ("Decisions for adoption", ""),
    "asylum": ("Unaccompanied asylum-seeking child", ""),
}
NOTHING = "not recorded"
DERIVED = "worked out from the episodes"


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One change in words; codes are said as what they mean."""

    child: str
    subject: str
    field: str
    before: str
    after: str
    where: str


def said(change: RunChange) -> SaidChange:
    """A change as the preview and its CSV say it."""
    otherwise = change.subject.endswith(OTHERWISE)
    subject = change.subject.removesuffix(OTHERWISE).removesuffix(BESIDE)
    name, before, after = _field(replace(change, subject=subject))
    if otherwise:
        after = f"stays; the file says {after or NOTHING}"
    if change.file:
        where = f"{change.file}, line {change.line}" if change.line else change.file
    else:
        where = DERIVED if subject == "care" else ""
    new = change.public_id is None
    return SaidChange(
        f"{change.child} (new child)" if new else change.child,
        subject_words(change.subject),
        name,
        before or NOTHING,
        after or NOTHING,
        where,
    )


def subject_words(subject: str) -> str:
    """What a change is of."""
    if subject.endswith(OTHERWISE):
        return f"{subject_words(subject.removesuffix(OTHERWISE))}: the file says otherwise"
    if subject.endswith(BESIDE):
        return f"{subject_words(subject.removesuffix(BESIDE))}: kept beside the plan in use"
    if subject in KINDS:
        return KINDS[subject].title
    return SUBJECTS.get(subject, subject.replace("-", " ").capitalize())


def _field(change: RunChange) -> tuple[str, str, str]:
    """The field's name, and both values in words."""
    kind = KINDS.get(change.subject)
    field = kind.field(change.field) if kind else None
    if field is not None:
        return field.label, _value(field, change.before), _value(field, change.after)
    name, codes = FIELDS.get(change.field, (change.field.replace("_", " ").capitalize(), ""))
    if change.field == SIBLINGS:
        return name, change.before.removeprefix(GROUP), change.after.removeprefix(GROUP)
    if not codes:
        return name, change.before, change.after
    return (
        name,
        words(codes, change.before) if change.before else "",
        words(codes, change.after) if change.after else "",
    )


def _value(field: FactField, value: str) -> str:
    """A value of an entry in words; what is no code or day stays as it is."""
    if field.codes:
        return record_words.value(field, value) if value else ""
    if field.type is FactType.CHOICE:
        return field.choices.get(value, value)
    if field.type is FactType.CHOICES:
        return ", ".join(field.choices.get(one, one) for one in value.split(","))
    if field.type is FactType.DAY:
        return day_words(value)
    return value.capitalize() if field.type is FactType.YES_NO else value


def year_words(year: int) -> str:
    """A collection year said in full: "2018: 1 April 2017 to 31 March 2018"."""
    return f"{year}: {day(year_starts(year))} to {day(year_ends(year))}"


def day_words(value: str) -> str:
    """A day that is kept as ISO in words; what is no day stays as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value

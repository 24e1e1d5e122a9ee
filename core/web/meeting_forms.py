"""What is typed into the forms of meetings, read back: days, times, and who is in a seat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time

from core.domain.finding import Finding, Refused
from core.domain.meeting import Person
from core.domain.staff import GRADES
from core.web.typed import date_boxes, version

CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.I | re.A)


def typed_day(form: Mapping[str, str], field: str) -> Mapping[str, str]:
    """The three boxes of a date as they were typed."""
    return date_boxes(form, field)[0]


def day(form: Mapping[str, str], field: str, words: str) -> date:
    """A date from its three boxes; Refused, beside them, where it is not one."""
    _parts, made, fault = date_boxes(form, field)
    if made is not None:
        return made
    if not fault:
        raise Refused(Finding(f"Enter {words}", field=field))
    said = fault.removeprefix("This date")
    raise Refused(Finding(f"{words[0].upper()}{words[1:]}{said}", field=field))


def clock_time(typed: str, field: str) -> time:
    """A time of day: 10:00, 10.30, 2pm; Refused where it is not one."""
    found = CLOCK.fullmatch(typed.strip())
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Refused(Finding("Enter a time of day, like 10:00 or 2.30pm", field=field))


def grade(form: Mapping[str, str], field: str) -> str:
    """A grade as it was chosen, "" for one that is not known; Refused where there is none such."""
    chosen = form.get(field, "")
    if chosen and chosen not in GRADES:
        raise Refused(Finding("Choose a grade of the list", field=field))
    return chosen


def label(person: Person) -> str:
    """How somebody is offered in a list of people."""
    return f"{person.name}, {person.job}" if person.job else person.name


def somebody(typed: str, people: Iterable[Person], field: str) -> Person | None:
    """Who is meant: an account of the list, else the name as it was typed; None for nothing."""
    words = " ".join(typed.split())
    if not words:
        return None
    if len(words) > 200:
        raise Refused(Finding("A name can be 200 characters long", field=field))
    listed = list(people)
    for said in (label, lambda person: person.name):
        meant = [person for person in listed if said(person).casefold() == words.casefold()]
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise Refused(
                Finding(
                    f"There are several people called {words}: choose one with their job",
                    field=field,
                )
            )
    return Person(words)


def seen_version(typed: str) -> int:
    """The version that a form carries; one that is none of ours was never seen."""
    return version(typed)

"""Notices: who is told what on which day, for each case or once a meeting, and where not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import Formatter
from types import MappingProxyType

from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Run

OF_DEADLINE = "deadline."
"""An anchor that is the limit day of a deadline of the same procedure: ``deadline.<its code>``."""

#: What a notice may run from beside the limit day of a deadline that runs from the meeting's day.
NOTICE_ANCHORS = frozenset({"meeting-date", "circulated", "ratified"})

#: What the words of a notice may name. None of it is of a child: a message names no child.
PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "body": "The title of the body",
        "on": "The meeting's day, with its weekday",
        "at": "The time at which it begins",
        "day": "The day from which the notice runs: the meeting's, or that of the deadline",
        "asked": "How many cases are on the agenda, in words",
    }
)


class ToWhom(StrEnum):
    """To whom a notice goes, as at the day on which it goes."""

    REFERRER = "referrer"
    SOCIAL_WORKER = "social-worker"
    TEAM_MANAGER = "team-manager"
    SERVICE_MANAGER = "service-manager"
    REVIEWING_OFFICER = "reviewing-officer"
    INVITED = "invited"
    MEMBERS = "members"
    CHAIR = "chair"
    ADMINISTRATOR = "administrator"
    AUTHORITY_ADMINISTRATOR = "authority-administrator"
    OFFICE = "office"
    OWNER = "owner"


TO_WORDS: Mapping[str, str] = MappingProxyType(
    {
        ToWhom.REFERRER: "whoever referred the case",
        ToWhom.SOCIAL_WORKER: "the child’s social worker",
        ToWhom.TEAM_MANAGER: "the team manager",
        ToWhom.SERVICE_MANAGER: "the service manager",
        ToWhom.REVIEWING_OFFICER: "the child’s reviewing officer",
        ToWhom.INVITED: "whoever is invited to the case",
        ToWhom.MEMBERS: "the members of the body",
        ToWhom.CHAIR: "whoever holds the post of chair",
        ToWhom.ADMINISTRATOR: "the panel administrators",
        ToWhom.AUTHORITY_ADMINISTRATOR: "the authority administrators",
        ToWhom.OFFICE: "whoever holds the office",
        ToWhom.OWNER: "whoever has the action",
    }
)

#: Those who come with a case: a notice that goes once a meeting cannot name them.
OF_A_CASE = frozenset(
    {
        ToWhom.REFERRER,
        ToWhom.SOCIAL_WORKER,
        ToWhom.TEAM_MANAGER,
        ToWhom.SERVICE_MANAGER,
        ToWhom.REVIEWING_OFFICER,
        ToWhom.INVITED,
    }
)

#: Those to whom the core's own notices alone go: no rule of a procedure can name them.
OF_THE_CORE = frozenset({ToWhom.OWNER, ToWhom.AUTHORITY_ADMINISTRATOR})


class Each(StrEnum):
    """How often a notice goes: for each booked case, each unfinished referral, or once a meeting.

    An unfinished referral is one that asks for the meeting and is not submitted.
    """

    CASE = "case"
    REFERRAL = "referral"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice may ask about before it goes: days of the meeting, nothing of a child.

    ``item`` is under which item of the agenda the case stands, "" where it is of no case.
    """

    on: date
    held_on: date
    circulated_on: date | None = None
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice(Rule, Run):
    """Somebody is told something on a computed day.

    The day is that of a ``Run`` from an anchor of NOTICE_ANCHORS, or from the limit day of one of
    the procedure's own deadlines (``deadline.booking-notice``): without a period it is that day
    itself. ``to`` says to whom it goes, ``office`` which office where it goes to one. ``subject``
    and ``text`` may name the PLACEHOLDERS in braces; a path to open is added. ``not_for`` says why
    it does not go, or "", and ``not_for_words`` say that in a sentence. ``set_here`` marks a notice
    or a day that is set here, not by the procedure.
    """

    to: tuple[ToWhom, ...]
    subject: str
    text: str
    each: Each = Each.CASE
    office: str = ""
    not_for: Callable[[Told], str] | None = None
    not_for_words: str = ""
    set_here: bool = False

    @property
    def deadline(self) -> str:
        """The code of the deadline from whose limit day it runs; "" where it runs from none."""
        return self.anchor.removeprefix(OF_DEADLINE) if self.anchor.startswith(OF_DEADLINE) else ""

    def faults(self, deadlines: Mapping[str, str], offices: frozenset[str]) -> tuple[str, ...]:
        """What is wrong with it as declared, in words; ``deadlines`` are code to anchor."""
        found = []
        if not self.to:
            found.append("it goes to nobody")
        if self.deadline:
            if self.deadline not in deadlines:
                found.append(f"the procedure has no deadline {self.deadline}")
            elif deadlines[self.deadline] not in ("meeting-date", "panel-date"):
                found.append(f"the deadline {self.deadline} does not run from the day of a meeting")
        elif self.anchor not in NOTICE_ANCHORS:
            found.append(f"nothing of a meeting goes by the name {self.anchor}")
        if wrong := sorted(OF_THE_CORE.intersection(self.to)):
            found.append(f"only what the core reminds of itself can go to: {', '.join(wrong)}")
        if self.each is Each.MEETING and (wrong := sorted(OF_A_CASE.intersection(self.to))):
            found.append(f"once a meeting it cannot go to: {', '.join(wrong)}")
        if (ToWhom.OFFICE in self.to) != bool(self.office):
            found.append("an office is named where it goes to one, and only there")
        elif self.office and self.office not in offices:
            found.append(f"the procedure has no office {self.office}")
        if self.not_for is not None and not self.not_for_words:
            found.append("it does not say in a sentence to what it does not go")
        if not self.subject or not self.text:
            found.append("it has no subject or no words")
        if unknown := sorted(named(self.subject, self.text) - set(PLACEHOLDERS)):
            found.append(f"its words name {', '.join(unknown)}, which a message cannot tell")
        return tuple(found)


def named(*texts: str) -> frozenset[str]:
    """What is named in braces."""
    return frozenset(
        name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None
    )


def to_words(to: tuple[str, ...]) -> str:
    """To whom, in words: "the child’s social worker and the team manager"."""
    words = [TO_WORDS.get(one, one) for one in to]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""

"""What is said of somebody who works for an authority: checked, and the words for roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from core.domain.allocation import RELATIONS
from core.domain.finding import Finding
from core.domain.naming import EMAIL
from core.domain.paper import KEEPS_PAPERS
from core.domain.sight import ROLES, Relation, seeing

LONGEST = timedelta(days=60 * 366)
MOST: Mapping[str, int] = MappingProxyType(
    {"name": 200, "email": 254, "staff_number": 64, "job": 200, "grade": 64}
)
TITLES: Mapping[str, str] = MappingProxyType(
    {role: role.replace(".", " ").capitalize() for role in ROLES}
    | {"iro": "Independent reviewing officer (IRO)", "legal": "Legal colleague"}
    | {f: f"{f.capitalize()} colleague" for f in ("adoption", "fostering", "kinship")}
)
GRADES: Mapping[str, str] = MappingProxyType(
    {
        "practitioner": "Practitioner",
        "senior-practitioner": "Senior practitioner",
        "team-manager": "Team manager",
        "service-manager": "Service manager",
        "head-of-service": "Head of service",
        "assistant-director": "Assistant director",
        "deputy-director": "Deputy director",
        "iro": "Independent reviewing officer",
        "solicitor": "Solicitor",
        "administrator": "Administrator",
        "inspector": "Inspector",
    }
)
_NAMES = {
    "name": "The name",
    "email": "The e-mail address",
    "staff_number": "The staff number",
    "job": "The job",
    "grade": "The grade",
}

#: Who may be allocated to a child as what; the last two are what else may be handed on.
SUITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{code: one.roles for code, one in RELATIONS.items()},
        "referrals": seeing(Relation.REFERRED),
        "papers": KEEPS_PAPERS,
    }
)


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is, as it is typed or read from a file."""

    name: str
    email: str
    staff_number: str = ""
    job: str = ""
    grade: str = ""

    def tidy(self) -> Details:
        """With single spaces, and the e-mail in small letters."""
        parts = {name: " ".join(getattr(self, name).split()) for name in MOST}
        return Details(**parts | {"email": parts["email"].lower()})

    def findings(self) -> list[Finding]:
        """What is wrong with it, each beside its field."""
        found = []
        if not self.name:
            found.append(Finding("Enter the person’s name", field="name"))
        if not self.email:
            found.append(Finding("Enter the person’s e-mail address", field="email"))
        elif not EMAIL.fullmatch(self.email):
            message = "Enter an e-mail address in the form name@place.example"
            found.append(Finding(message, field="email"))
        for name, most in MOST.items():
            text = getattr(self, name)
            if len(text) > most:
                found.append(
                    Finding(f"{_NAMES[name]} must be {most} characters or fewer", field=name)
                )
            elif not text.isprintable():
                message = f"{_NAMES[name]} has a character that cannot be shown: type it again"
                found.append(Finding(message, field=name))
        return found


def held_findings(
    since: date | None, last: date | None, on: date, names: tuple[str, str]
) -> list[Finding]:
    """What is wrong with a first and a last day; ``names`` are the fields of the two."""
    if since is None:
        return [Finding("Enter the first day", field=names[0])]
    if last is not None and last < since:
        return [Finding("The last day must be on or after the first day", field=names[1])]
    if since < on - LONGEST:
        message = f"Check the year of the first day: {since.year} is too long ago"
        return [Finding(message, field=names[0])]
    if since > on + timedelta(days=366):
        return [Finding("The first day must be within a year from today", field=names[0])]
    return []


def day_after(last: date | None) -> date | None:
    """The day on which something has ended whose last day this is."""
    return None if last is None else last + timedelta(days=1)


def last_day(until: date | None) -> date | None:
    """The last day of something that has ended on ``until``."""
    return None if until is None else until - timedelta(days=1)

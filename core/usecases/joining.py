"""Several people added at once from a table of text: good rows added, bad ones named by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.naming import folded
from core.domain.staff import GRADES, TITLES, Details
from core.store import account_links, authorities, teams
from core.store.database import writing
from core.store.scope import Scope
from core.store.teams import ServiceRow
from core.usecases.account_links import make_link_within
from core.usecases.people import Added, NewPerson, add_within, own_email, taken

MOST = 500
COLUMNS = ("e-mail", "name", "staff number", "roles", "team", "service", "job", "grade")
NEEDED = ("e-mail", "name", "roles")
EXAMPLE = (
    "e-mail,name,staff number,roles,team,service,job,grade\n"
    "tess.quarry@toyshire.example,Tess Quarry,40117,social worker,Quill team,,Social worker,\n"
    "ned.larkin@toyshire.example,Ned Larkin,40118,team manager; panel member,Quill team,,,\n"
)
_SPELT = {"email": "e-mail", "e-mail address": "e-mail", "email address": "e-mail"} | {
    "staff no": "staff number",
    "role": "roles",
    "role(s)": "roles",
    "job title": "job",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of the table, counted from 1 with its headings."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody added, and the token of their invitation."""

    name: str
    email: str
    public_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a table."""

    invited: tuple[Invited, ...]
    problems: tuple[Problem, ...]


def table(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a table (commas, semicolons or tabs between), each with its line.

    Raises ``Refused`` where it cannot be read, beside the field ``people``.
    """
    text = text.lstrip("\ufeff")
    first = text.strip().partition("\n")[0]
    between = max(",\t;", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text.rstrip()), delimiter=between, strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        message = f"This cannot be read as a table: {error}. Check its quotation marks"
        raise Refused(Finding(message, field="people")) from None
    if len(rows) < 2:
        raise Refused(
            Finding(
                "Paste or choose a table: a line of headings, then a line a person", field="people"
            )
        )
    if len(rows) - 1 > MOST:
        message = f"This table has {len(rows) - 1:,} people: add at most {MOST} at once"
        raise Refused(Finding(message, field="people"))
    headings = [_SPELT.get(folded(cell), folded(cell)) for cell in rows[0][1]]
    if missing := [name for name in NEEDED if name not in headings]:
        message = f"The first line must have the headings {', '.join(missing)}"
        raise Refused(Finding(message, field="people"))
    if unknown := [
        cell for cell, name in zip(rows[0][1], headings, strict=True) if name not in COLUMNS
    ]:
        named = ", ".join(cell.strip()[:40] or "an empty one" for cell in unknown)
        raise Refused(Finding(f"These headings are not known: {named}", field="people"))
    for line, row in rows[1:]:
        yield (
            line,
            dict(zip(headings, (cell.strip() for cell in row), strict=False))
            | ({"too many": "yes"} if any(cell.strip() for cell in row[len(headings) :]) else {}),
        )


def join(scope: Scope, text: str, at: datetime) -> Joined:
    """Add everybody of a table of whom nothing is wrong, each in a transaction of their own.

    Teams and services must be there already; nothing is guessed.
    """
    invited: list[Invited] = []
    problems: list[Problem] = []
    services = teams.tree(scope)
    for line, row in list(table(text)):
        new, faults = _read(scope, services, row)
        if not faults and new is not None:
            try:
                added = _add(scope, new, at)
            except Refused as refusal:
                faults = [finding.message for finding in refusal.findings]
            else:
                details = new.details
                invited.append(Invited(details.name, details.email, added.public_id, added.token))
        problems += [Problem(line, fault) for fault in faults]
    return Joined(tuple(invited), tuple(problems))


def invite_everybody(scope: Scope, at: datetime) -> list[Invited]:
    """New invitations for everybody who has never chosen a password: the earlier links end.

    At most ``MOST`` at once, those who have waited longest for one first.
    """
    with writing():
        authorities.lock(scope)
        waiting = account_links.never_opened(scope, MOST)
        if not waiting:
            message = "Everybody has chosen a password: nobody waits for an invitation"
            raise Refused(Finding(message, field="again"))
        return [
            Invited(
                one.name,
                one.email,
                one.public_id,
                make_link_within(scope, one.id, "invitation", at),
            )
            for one in waiting
        ]


def _add(scope: Scope, new: NewPerson, at: datetime) -> Added:
    with own_email(new.details.email):
        authorities.lock(scope)
        if faults := taken(scope, new.details):
            raise Refused(*faults)
        return add_within(scope, new, new.details, at)


def _read(
    scope: Scope, services: list[ServiceRow], row: Mapping[str, str]
) -> tuple[NewPerson | None, list[str]]:
    """A person from a row, or everything that is wrong with it."""
    faults = ["This line has more columns than there are headings"] if "too many" in row else []
    details = Details(
        name=row.get("name", ""),
        email=row.get("e-mail", ""),
        staff_number=row.get("staff number", ""),
        job=row.get("job", ""),
        grade=_grade(row.get("grade", "")),
    ).tidy()
    faults += [finding.message for finding in details.findings()]
    if details.grade and details.grade not in GRADES:
        faults.append(f"There is no grade {row['grade'][:60]}: one of {', '.join(GRADES.values())}")
    roles, unknown = _roles(row.get("roles", ""))
    faults += [f"There is no role {name[:60]}" for name in unknown]
    if not roles and not unknown:
        faults.append("Give at least one role")
    team_id, service_id, fault = _place(services, row.get("team", ""), row.get("service", ""))
    faults += [fault] if fault else []
    if faults:
        return None, faults + [finding.message for finding in taken(scope, details)]
    return NewPerson(details, roles, team_id, service_id), []


def _grade(text: str) -> str:
    by_words = {folded(title): code for code, title in GRADES.items()}
    return by_words.get(folded(text), folded(text).replace(" ", "-"))


def _roles(text: str) -> tuple[tuple[str, ...], list[str]]:
    """Roles by code or in words, with semicolons or commas between; and those not known."""
    known = {folded(words): code for code, words in TITLES.items()}
    known |= {code: code for code in TITLES} | {c.replace(".", " "): c for c in TITLES}
    known["independent reviewing officer"] = "iro"
    names = [name.strip() for name in text.replace(",", ";").split(";") if name.strip()]
    found = [known[folded(name)] for name in names if folded(name) in known]
    return tuple(dict.fromkeys(found)), [name for name in names if folded(name) not in known]


def _place(
    services: list[ServiceRow], team: str, service: str
) -> tuple[int | None, int | None, str]:
    """The ids of a team and a service by name; "" twice is nowhere."""
    of = next((s for s in services if folded(s.name) == folded(service)), None)
    if service and of is None:
        return None, None, f"There is no service {service[:60]}: add it first"
    if not team:
        return None, of.id if of else None, ""
    for one in (row for s in services for row in s.teams if folded(row.name) == folded(team)):
        if of is not None and one.service_id != of.id:
            return None, None, f"The team {one.name} is part of {one.service}, not of {of.name}"
        return one.id, None, ""
    return None, None, f"There is no team {team[:60]}: add it first"

"""A child's parents who do not come to a planning meeting: views gained before, told after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.domain.finding import Finding, Refused
from core.domain.planning_people import family
from core.domain.reason import reason_given
from core.domain.record.recorded import Recorded
from core.domain.record.voices import CONTACT
from core.registry import Registry
from core.store import planning_guests, record
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_after import held_to_follow, said_after
from core.usecases.planning_booking import body_of
from core.usecases.planning_people import NAME_MOST, WHY_NOT, audited, open_meeting, views_fault

NOBODY = "Choose somebody of the child’s record, or enter a name"
OTHER = "other"
BESIDE = {"": "The child’s parents"}
"""Where no rule of a body speaks of the parents, they stand beside its lines."""
NOT_THEY = Finding("Nobody’s views are gained before this meeting by its procedure")


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the family as typed: ``known`` is the entry of the child's record, if chosen."""

    known: str = ""
    name: str = ""
    relation: str = ""


def known(scope: Scope, row: PlanningRow) -> list[Recorded]:
    """The people to reach of the child's record on the meeting's day, parents before the rest."""
    there = [
        one
        for one in record.entries(scope, row.child_id, CONTACT.code)
        if one.stands and one.value("name") and (one.day("until_on") or date.max) > row.held_on
    ]
    return sorted(there, key=lambda one: (one.value("responsibility") != "yes", one.id))


def named(people: Iterable[Recorded], relative: Relative) -> tuple[str, str]:
    """The name and who they are to the child: as the record has it, else as it was typed."""
    for one in people:
        if relative.known and one.public_id == relative.known:
            return one.value("name"), one.value("relation")
    return " ".join(relative.name.split()), " ".join(relative.relation.split())


def not_attending(
    scope: Scope,
    registry: Registry,
    public_id: str,
    code: str,
    relative: Relative,
    why: str,
    views_on: date | None,
    at: datetime,
) -> None:
    """Say who of the parents is not invited and why, and when their views were gained before."""
    with writing():
        row, key = open_meeting(scope, public_id), code or OTHER
        name, relation = named(known(scope, row), relative)
        findings = list(_faults(scope, registry, row, code, name, relation, f"apart-{key}"))
        if fault := views_fault(scope, row, views_on):
            findings.append(Finding(fault, field=f"apart-views-{key}"))
        try:
            why = reason_given(why, field=f"apart-why-{key}", asked=WHY_NOT)
        except Refused as refusal:
            findings += refusal.findings
        if findings:
            raise Refused(*findings)
        values = {"why_not": why, "views_on": views_on}
        _add(scope, row, code, name, relation, values)
        after = {"under": code, "views gained on": views_on.isoformat() if views_on else ""}
        audited(scope, at, "leave out of planning meeting", row, after, why)


def told_after(
    scope: Scope,
    registry: Registry,
    public_id: str,
    code: str,
    relative: Relative,
    on: date | None,
    at: datetime,
) -> None:
    """Write down when a parent who was not on the list was told of the meeting after it."""
    with writing():
        row, key = held_to_follow(scope, public_id), code or OTHER
        name, relation = named(known(scope, row), relative)
        findings = list(_faults(scope, registry, row, code, name, relation, f"else-{key}"))
        words = "the day on which they were told"
        try:
            on = said_after(scope, row, on, f"else-told-{key}", words)
        except Refused as refusal:
            findings += refusal.findings
        if findings or on is None:
            raise Refused(*findings)
        _add(scope, row, code, name, relation, {"told_on": on})
        after = {"under": code, "told on": on.isoformat()}
        audited(scope, at, "tell of planning meeting", row, after)


def _faults(
    scope: Scope,
    registry: Registry,
    row: PlanningRow,
    code: str,
    name: str,
    relation: str,
    field: str,
) -> Iterator[Finding]:
    if code not in (family(body_of(scope, registry, row).body) or BESIDE):
        raise Refused(NOT_THEY)
    if not name:
        yield Finding(NOBODY, field=field)
    elif len(name) > NAME_MOST or len(relation) > NAME_MOST:
        yield Finding(f"At most {NAME_MOST} characters", field=field)
    for guest in planning_guests.of_meeting(scope, row.id):
        if name and guest.code == code and guest.name.casefold() == name.casefold():
            yield Finding(f"{name} is on the list already", field=field)


def _add(
    scope: Scope, row: PlanningRow, code: str, name: str, relation: str, values: dict[str, Any]
) -> None:
    """Somebody not invited, in the place of the line's reason where nobody was named with it."""
    there = planning_guests.of_meeting(scope, row.id)
    nobody = next((one for one in there if code and one.code == code and not one.name), None)
    if nobody is not None:
        planning_guests.change(scope, nobody, {"name": name, "relation": relation, **values})
        return
    planning_guests.add(
        scope, row.id, rule_code=code, account_id=None, name=name, relation=relation, **values
    )

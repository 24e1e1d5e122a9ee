"""The record of a planning meeting as it is written: opened with its form, and saved by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain import next_meeting
from core.domain.finding import Finding
from core.domain.merge import Clash
from core.domain.planning_record import next_on, record_form
from core.domain.procedure.forms import Form, Place
from core.domain.sight import MAY_OWN
from core.registry import Registry
from core.store import accounts, answers
from core.store.answers import Stored
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.answers import save_answers
from core.usecases.planning_booking import PlanningBody, body_of, open_row


@dataclass(frozen=True, slots=True)
class Written:
    """A meeting with the form of its record and what is written on it."""

    row: PlanningRow
    meets: PlanningBody
    form: Form
    stored: Mapping[Place, Stored]

    @property
    def given(self) -> dict[Place, str]:
        return {place: one.value for place, one in self.stored.items()}

    @property
    def notes(self) -> dict[str, Finding]:
        """What is to be known of an answer as it stands, by its field."""
        on, held_on = next_on(self.given), self.row.held_on
        found = next_meeting.impossible(on, held_on) or next_meeting.late(
            on, held_on, self.meets.procedure, self.meets.body.code
        )
        return {found.field: found} if found is not None and found.field else {}


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """What two people changed at once, and what cannot be said and why: neither is saved."""

    clashes: tuple[Clash, ...]
    findings: tuple[Finding, ...] = ()


def written(scope: Scope, registry: Registry, row: PlanningRow) -> Written:
    """The record of a meeting that the asker sees."""
    meets = body_of(scope, registry, row)
    owners = {
        one.public_id: f"{one.name}, {one.job}" if one.job else one.name
        for one in accounts.colleagues(scope, roles=MAY_OWN)
    }
    form = record_form(meets.procedure, meets.body, owners)
    return Written(row, meets, form, answers.load(scope, row.case_id))


def save(
    scope: Scope,
    registry: Registry,
    public_id: str,
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    at: datetime,
) -> SavedRecord:
    """Save what was typed on the record, field by field; refused once the meeting is over.

    A day of the next meeting that cannot be is not saved, and comes back.
    """
    with writing():
        row = open_row(scope, public_id)
        meets = body_of(scope, registry, row)
        form = record_form(meets.procedure, meets.body)
        known = {place: value for place, value in typed.items() if form.field(place) is not None}
        wrong = next_meeting.impossible(next_on(known), row.held_on)
        if wrong is not None:
            known = {place: value for place, value in known.items() if str(place) != wrong.field}
        saved = save_answers(scope, (row.case_id, row.case_public_id), known, seen, at)
    return SavedRecord(saved.clashes, () if wrong is None else (wrong,))

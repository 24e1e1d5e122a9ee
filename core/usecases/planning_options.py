"""The options of a planning meeting: read with what was answered, saved, and who might care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.finding import Finding, Refused
from core.domain.merge import Clash
from core.domain.next_meeting import limits
from core.domain.offer import Asked, Offer, offer_of
from core.domain.planned import PlanDraft, draft_of, impossible, lacking
from core.domain.planning_options import COLUMN, planning_form
from core.domain.planning_record import next_on
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Form, Place
from core.domain.record.connected import CONNECTED_PERSON, NOBODY_IDENTIFIED
from core.domain.record.recorded import Recorded
from core.registry import Registry
from core.store import answers, planning, record
from core.store.answers import Stored
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.answers import save_answers
from core.usecases.editions import Editions
from core.usecases.planning_booking import open_row
from core.usecases.record import correct_here
from core.usecases.record_new import add_here

RULED_OUT = ("ruled_out_on", "ruled_out_why")


@dataclass(frozen=True, slots=True)
class Options:
    """What is chosen among at a meeting, what was answered, and the plan that this makes."""

    row: PlanningRow
    procedure: Procedure
    form: Form
    offer: Offer
    draft: PlanDraft
    stored: Mapping[Place, Stored]
    entries: tuple[Recorded, ...]

    @property
    def family_meetings(self) -> tuple[Recorded, ...]:
        """The family network meetings held by the meeting's day, the last of them first."""
        held = [
            (on, entry)
            for entry in self.entries
            if entry.kind == "family-meeting"
            and entry.stands
            and (on := entry.day("held_on")) is not None
            and on <= self.row.held_on
        ]
        return tuple(entry for _, entry in sorted(held, key=lambda one: one[0], reverse=True))

    def lacking(self, approved: Iterable[str] = ()) -> tuple[Finding, ...]:
        """What options and plan lack; ``approved`` by the head of service are not among it."""
        held = bool(self.family_meetings)
        return tuple(
            lacking(self.draft, self.offer, family_meeting=held, approved=frozenset(approved))
        )

    def last_said(self) -> dict[str, Recorded]:
        """By option, what came of it when it was considered last before the meeting's day."""
        found: dict[str, Recorded] = {}
        for entry in self.entries:
            on = entry.day("considered_on")
            if entry.kind != "plan-option" or not entry.stands or on is None:
                continue
            before = found.get(entry.value("option"))
            if on < self.row.held_on and (
                before is None or (before.day("considered_on") or date.min) <= on
            ):
                found[entry.value("option")] = entry
        return found


@dataclass(frozen=True, slots=True)
class SavedOptions:
    """What was saved, what two people changed at once, and what cannot be said and why."""

    versions: Mapping[Place, int]
    clashes: tuple[Clash, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What is read once for all the meetings of a child, by the case of each where it is its own.

    ``planned`` is by body the meeting that is booked of it, and its day.
    """

    rules: Editions
    stored: Mapping[int, Mapping[Place, Stored]]
    entries: tuple[Recorded, ...]
    planned: Mapping[str, tuple[str, date]]


def read_of(scope: Scope, registry: Registry, child_id: int, rows: Iterable[PlanningRow]) -> Read:
    """What the options of meetings about one child are worked out from: six queries."""
    return Read(
        editions.of(scope, registry),
        answers.load_many(scope, [row.case_id for row in rows]),
        tuple(record.entries(scope, child_id)),
        planning.planned_of(scope, child_id),
    )


def options_of(
    scope: Scope,
    registry: Registry,
    row: PlanningRow,
    typed: Mapping[Place, str] | None = None,
    read: Read | None = None,
) -> Options:
    """The options of a meeting that the asker sees; with what is ``typed`` in place of the stored.

    The procedures are those followed on the meeting's day, of its own the edition that it keeps.
    ``read`` is what it is worked out from, where that is read already for several.
    """
    there = read or read_of(scope, registry, row.child_id, [row])
    kept = there.rules.kept(row.procedure_code, row.procedure_edition, row.held_on)
    if kept is None:
        code = row.procedure_code
        raise Refused(Finding(f"The procedure {code} of this meeting is not installed any more"))
    followed = there.rules.followed(row.held_on)
    procedures = tuple(kept if one.code == kept.code else one for one in followed)
    if kept not in procedures:
        procedures = (kept, *procedures)
    stored = there.stored.get(row.case_id, {})
    given = {place: one.value for place, one in stored.items()} | dict(typed or {})
    following = _next_by(there.planned.get(row.body_code), next_on(given), procedures, row)
    asked = Asked(row.born, row.unborn, row.held_on, following)
    offer = offer_of(procedures, there.entries, asked, given.get(Place(COLUMN), ""))
    titles = {option.code: option.title for group in offer.groups for option in group.options}
    form = planning_form(offer.matrix, titles)
    return Options(row, kept, form, offer, draft_of(offer, given), stored, there.entries)


def last_time(scope: Scope, registry: Registry, row: PlanningRow) -> Options | None:
    """The options of the meeting held last before this one that weighed any, as it left them."""
    for before in planning.held_before(scope, row):
        try:
            options = options_of(scope, registry, before)
        except Refused:
            continue
        body = options.procedure.body(before.body_code)
        if body is not None and body.weighs_options:
            return options
    return None


def _next_by(
    booked: tuple[str, date] | None,
    written: date | None,
    procedures: Iterable[Procedure],
    row: PlanningRow,
) -> date | None:
    """By when the next meeting is held: the day for which it is booked, or which the record says.

    The later where they differ; where neither is known, its deadline.
    """
    other = booked is not None and booked[0] != row.public_id
    known = [on for on in (booked[1] if booked and other else None, written) if on is not None]
    if ahead := [on for on in known if on > row.held_on]:
        return max(ahead)
    return min((on for on, _ in limits(procedures, row.body_code, row.held_on)), default=None)


def save(
    scope: Scope,
    registry: Registry,
    public_id: str,
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    at: datetime,
) -> SavedOptions:
    """Save what was typed, field by field; what cannot be said yet is not saved, and comes back.

    What nobody else changed is saved, whatever becomes of the rest.
    """
    with writing():
        row = open_row(scope, public_id)
        options = options_of(scope, registry, row, typed)
        moved = {
            str(place)
            for place, value in typed.items()
            if options.stored.get(place, answers.NEVER).value != value
        }
        findings = tuple(
            found for found in impossible(options.draft, options.offer) if found.field in moved
        )
        wrong = {found.field for found in findings}
        kept = {place: value for place, value in typed.items() if str(place) not in wrong}
        saved = save_answers(scope, (row.case_id, row.case_public_id), kept, seen, at)
    return SavedOptions(saved.versions, saved.clashes, findings)


def identify(scope: Scope, public_id: str, typed: Mapping[str, str], at: datetime) -> None:
    """Add somebody who might care for the child to the child's record, from the meeting's page."""
    with writing():
        row = open_row(scope, public_id)
        add_here(scope, row.child_public_id, CONNECTED_PERSON.code, typed, at)


def nobody_found(scope: Scope, public_id: str, typed: Mapping[str, str], at: datetime) -> None:
    """Say in the child's record, from the meeting's page, that nobody could be identified."""
    with writing():
        row = open_row(scope, public_id)
        add_here(scope, row.child_public_id, NOBODY_IDENTIFIED.code, typed, at)


def rule_out(
    scope: Scope,
    public_id: str,
    entry_public_id: str,
    typed: Mapping[str, str],
    seen: Mapping[str, int],
    at: datetime,
) -> None:
    """Rule a connected person out, with the day and the reason, or take that back with both empty.

    ``seen`` are the statements that the page showed, as on the form of the entry.
    """
    with writing():
        row = open_row(scope, public_id)
        there = record.entries(scope, row.child_id, CONNECTED_PERSON.code)
        person = next((one for one in there if one.public_id == entry_public_id), None)
        if person is None or not person.stands:
            raise Refused(Finding("This person is not in the record any more"))
        lacking_of = [code for code in RULED_OUT if not typed.get(code, "").strip()]
        if lacking_of and any(typed.get(code, "").strip() for code in RULED_OUT):
            words = {"ruled_out_on": "Enter the day", "ruled_out_why": "Say why"}
            raise Refused(*(Finding(words[code], field=code) for code in lacking_of))
        if lacking_of and not person.value("ruled_out_on"):
            raise Refused(
                Finding("Enter the day", field="ruled_out_on"),
                Finding("Say why", field="ruled_out_why"),
            )
        values = {code: typed.get(code, "") for code in RULED_OUT}
        why = "Said at the planning meeting"
        correct_here(scope, entry_public_id, values, seen, why, at)

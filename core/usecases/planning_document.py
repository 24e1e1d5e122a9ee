"""The record of planning meetings gathered for a document: one of them, or all of a child."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.documents.planning_record import (
    OutsideFact,
    PlanningFacts,
    StepFact,
    Whose,
    meeting_record,
    running_record,
)
from core.domain import planning_options as fields
from core.domain.dates import day
from core.domain.finding import Refused
from core.domain.meeting import MeetingState
from core.domain.planning_after import Sent
from core.domain.planning_people import Guest
from core.domain.planning_record import NOT_YET, THERE_IS_NONE, declared, next_on
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import Field, FieldType, Form, Place
from core.domain.record.recorded import Recorded
from core.domain.record.voices import VIEW
from core.domain.sight import MAY_OWN
from core.registry import Registry
from core.store import (
    accounts,
    actions,
    children,
    decisions,
    planning,
    planning_copies,
    planning_guests,
)
from core.store.actions import ActionRow, Wanted
from core.store.children import ChildRow
from core.store.decisions import DecisionRow
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases import plan_standing
from core.usecases import planning_options_told as weighed
from core.usecases import planning_told as told
from core.usecases.plan_standing import HowFar
from core.usecases.planning_booking import body_of, titled
from core.usecases.planning_early import early
from core.usecases.planning_options import Read, options_of, read_of
from core.usecases.planning_outside import outside

MOST_ACTIONS = 1_000
STATES: Mapping[str, str] = {
    MeetingState.PLANNED: "booked, not held yet",
    MeetingState.OPEN: "under way",
    MeetingState.CLOSED: "held",
    MeetingState.CANCELLED: "called off",
}
TOLD_APART = frozenset({"discussion", "rationale", "agreed"})
"""Answers of the form that stand under headings of their own."""
EARLY = "pre-proceedings: not looked after on that day, and no proceedings recorded"
ON, NONE = "-on", "-none"
OF_PAPER = {THERE_IS_NONE: "none", NOT_YET: "not yet"}


@dataclass(frozen=True, slots=True)
class Around:
    """What is read once for all the meetings of a child."""

    guests: Mapping[int, tuple[Guest, ...]]
    copies: Mapping[int, tuple[Sent, ...]]
    decided: Mapping[int, DecisionRow]
    actions: Sequence[ActionRow]
    voices: Sequence[Recorded]
    owners: Mapping[str, str]
    later: Sequence[PlanningRow]
    read: Read
    early: Collection[date]
    alone: bool
    how: HowFar | None


def of_meeting(
    scope: Scope, registry: Registry, row: PlanningRow, at: datetime
) -> tuple[str, bytes]:
    """The record of one meeting: file name and .docx. No name of a child is in the file's name."""
    around = _around(scope, registry, (row.child_id, row.child_public_id), [row])
    facts = facts_of(scope, registry, row, around)
    name = f"planning-record-{row.local_id}-{row.held_on.isoformat()}.docx"
    return _safe(name), meeting_record(_whose(row), facts, at)


def of_child(scope: Scope, registry: Registry, child: ChildRow, at: datetime) -> tuple[str, bytes]:
    """The running record of a child: every meeting by date, those held elsewhere among them."""
    rows = planning.of_child(scope, child.id)
    around = _around(scope, registry, (child.id, child.public_id), rows)
    found: list[PlanningFacts | OutsideFact] = []
    for row in rows:
        try:
            found.append(facts_of(scope, registry, row, around))
        except Refused as refusal:
            words = "; ".join(finding.message for finding in refusal.findings)
            found.append(OutsideFact(row.held_on, titled(None), words))
    days = {row.held_on for row in rows if row.held}
    found += outside(around.read.entries, days)
    found.sort(key=lambda one: one.held_on)
    unborn = child.birth_expected
    born = f"expected on {day(child.born)}" if unborn and child.born else _born(child.born)
    whose = Whose(_name(child), child.local_id, born)
    name = f"planning-record-{child.local_id}.docx"
    return _safe(name), running_record(whose, tuple(found), at, as_at=scope.on)


def facts_of(scope: Scope, registry: Registry, row: PlanningRow, around: Around) -> PlanningFacts:
    """One meeting as its record tells of it; Refused where its procedure is not installed."""
    meets = body_of(scope, registry, row, around.read.rules)
    options = options_of(scope, registry, row, read=around.read)
    decided = around.decided.get(row.booking_id)
    form = declared(meets.procedure, meets.body)
    said = {place: one.value for place, one in options.stored.items()}
    guests = around.guests.get(row.id, ())
    before = _before(row, around.later)
    draft = options.draft
    return PlanningFacts(
        title=meets.title,
        procedure=_procedure(meets.procedure),
        held_on=row.held_on,
        starts_at=row.starts_at,
        place=row.place,
        state=_state(row),
        weighs=meets.body.weighs_options,
        why=row.why,
        clauses=meets.body.clauses,
        aged=_aged(row),
        early=EARLY if row.held_on in around.early else "",
        chair=f"{row.chair} ({row.chair_why})" if row.chair and row.chair_why else row.chair,
        came=told.those(meets, guests, "present"),
        apologies=told.those(meets, guests, "apologies"),
        absent=told.those(meets, guests, "absent"),
        not_said=told.those(meets, guests, ""),
        not_invited=tuple(told.not_invited(meets, guests)),
        advice=tuple(told.advice(meets, guests)),
        parents=tuple(told.parents(meets.body, guests)),
        papers=tuple(_papers(form, said)),
        views=tuple(told.views(around.voices, row, before)),
        sections=tuple(_sections(form, said)),
        carried=tuple(told.carried(around.actions, row, scope.on)),
        reunification=weighed.reunification(options),
        options=tuple(weighed.option(one, options) for one in draft.weighed if one.code),
        words=tuple(weighed.words(options, registry)),
        connected=tuple(weighed.connected(options)),
        nobody=weighed.nobody(options),
        alone=around.alone,
        primary=weighed.titled(options, draft.primary),
        contingencies=tuple(weighed.titled(options, code) for code in draft.contingencies),
        how_far=weighed.how_far(options, around.how),
        family_meeting=weighed.family_meeting(options),
        steps=tuple(
            StepFact(fields.OF_PLAN.get(one.plan, "") or "Not said", one.what, one.who, one.due_on)
            for one in draft.steps
        ),
        decisions=_agreed(decided, said),
        discussion=decided.discussion if decided else _said(form, said, "discussion"),
        rationale=decided.rationale if decided else _said(form, said, "rationale"),
        actions=tuple(
            told.made(around.actions, decided, scope.on)
            if decided is not None
            else told.written(meets.procedure, said, around.owners)
        ),
        next_meeting=_next(row, around, next_on(said)),
        filed=_filed(row),
        copies=tuple(_copies(around.copies.get(row.id, ()), meets.body)),
    )


def _around(
    scope: Scope, registry: Registry, whose: tuple[int, str], rows: Sequence[PlanningRow]
) -> Around:
    child_id, public_id = whose
    ids = [row.id for row in rows]
    there = read_of(scope, registry, child_id, rows)
    made = decisions.load(scope, booking_ids=[row.booking_id for row in rows]) if rows else []
    wanted = Wanted(whose="all", show="all", child_id=child_id)
    of_child = actions.of_ids(scope, actions.ids(scope, wanted, MOST_ACTIONS))
    return Around(
        planning_guests.of_meetings(scope, ids),
        planning_copies.of_meetings(scope, ids),
        {one.booking_id: one for one in made},
        of_child,
        [entry for entry in there.entries if entry.kind == VIEW.code],
        {one.public_id: one.name for one in accounts.colleagues(scope, roles=MAY_OWN)},
        planning.of_child(scope, child_id),
        there,
        early(scope, public_id, [row.held_on for row in rows]),
        any(children.for_one_case(scope, row.child_public_id) for row in rows[:1]),
        plan_standing.of_plan(scope, registry, child_id),
    )


def _whose(row: PlanningRow) -> Whose:
    unborn = row.birth_expected and row.born is not None
    born = f"expected on {day(row.born)}" if unborn and row.born else _born(row.born)
    return Whose(row.child, row.local_id, born)


def _born(born: date | None) -> str:
    return day(born) if born is not None else "not known"


def _name(child: ChildRow) -> str:
    return f"{child.given_name} {child.family_name}".strip() or child.local_id


def _safe(name: str) -> str:
    """A file's name with nothing in it that a folder has no room for."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name)


def _procedure(procedure: Procedure) -> str:
    edition = f", edition {procedure.edition}" if procedure.edition else ""
    return f"{procedure.code}: {procedure.title}{edition}"


def _state(row: PlanningRow) -> str:
    said = STATES.get(row.state, row.state)
    if row.cancelled_why:
        return f"{said}: {row.cancelled_why}"
    if row.moved_from is not None:
        return f"{said}; moved from {day(row.moved_from)}: {row.moved_why}"
    return said


def _aged(row: PlanningRow) -> str:
    if row.born is None:
        return "date of birth not known"
    return "not born yet" if row.age is None else str(row.age)


def _papers(form: Form, said: Mapping[Place, str]) -> Iterator[tuple[str, str]]:
    """Each paper of the form with its day, or that there is none."""
    for _, field in form.fields():
        if field.type is not FieldType.DATE or not field.code.endswith(ON):
            continue
        code = field.code.removesuffix(ON)
        if form.field(Place(f"{code}{NONE}")) is None:
            continue
        title = field.label.rpartition(":")[0] or field.label
        dated = said.get(Place(field.code), "")
        answer = said.get(Place(f"{code}{NONE}"), "")
        yield title, _day_in(dated) if dated else OF_PAPER.get(answer, "Not recorded")


def _sections(
    form: Form, said: Mapping[Place, str]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The rest of the form, section by section: what was answered."""
    apart = TOLD_APART if form.field(Place("agreed")) is not None else frozenset()
    for section in form.sections:
        rows = form.rows(section, said) if section.repeats else ("",)
        pairs = tuple(
            (field.label, _answer(field, said[Place(field.code, row)]))
            for row in rows
            for field in section.fields
            if field.code not in apart
            and not _of_paper(form, field)
            and said.get(Place(field.code, row), "").strip()
        )
        if pairs:
            yield section.title, pairs


def _of_paper(form: Form, field: Field) -> bool:
    code = field.code.removesuffix(ON).removesuffix(NONE)
    both = (form.field(Place(f"{code}{end}")) for end in (ON, NONE))
    return code != field.code and all(one is not None for one in both)


def _answer(field: Field, value: str) -> str:
    if field.type is FieldType.DATE:
        return _day_in(value)
    if field.type is FieldType.CHOICES:
        return ", ".join(field.choices.get(code, code) for code in value.split(",") if code)
    return field.choices.get(value, value)


def _day_in(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def _said(form: Form, said: Mapping[Place, str], code: str) -> str:
    """An answer that stands under a heading of its own, while nothing is decided yet."""
    apart = form.field(Place("agreed")) is not None
    return said.get(Place(code), "") if apart else ""


def _agreed(decided: DecisionRow | None, said: Mapping[Place, str]) -> tuple[str, ...]:
    if decided is None:
        lines = said.get(Place("agreed"), "").splitlines()
        return tuple(line.strip() for line in lines if line.strip())
    outcomes = (one.words for one in decided.outcomes)
    return tuple(filter(None, (*outcomes, *decided.agreed)))


def _before(row: PlanningRow, every: Iterable[PlanningRow]) -> date | None:
    """The day of the last meeting held before this one."""
    return max(
        (one.held_on for one in every if one.held and one.held_on < row.held_on), default=None
    )


def _next(row: PlanningRow, around: Around, said: date | None) -> str:
    booked = (one for one in around.later if one.state != MeetingState.CANCELLED)
    after = [one for one in booked if one.held_on > row.held_on]
    if after:
        return f"{day(after[0].held_on)} at {after[0].starts_at:%H:%M}"
    if said is not None:
        return f"to be on {day(said)}, not booked"
    return "none that you see is booked" if around.alone else "none is booked"


def _filed(row: PlanningRow) -> str:
    if row.filed_on is None:
        return ""
    return f"since {day(row.filed_on)}" + (f", ticked by {row.filed_by}" if row.filed_by else "")


def _copies(sent: Iterable[Sent], body: Body) -> Iterator[str]:
    titles = {rule.code: rule.title for rule in body.copies}
    for one in sent:
        title = titles.get(one.code, "")
        yield f"{one.name}{f', {title}' if title else ''}: {one.said.lower()}, {day(one.sent_on)}"

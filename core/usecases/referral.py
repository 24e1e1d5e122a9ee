"""A referral by whoever makes it: saved as it is typed, and submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.domain.booked import RECEIVED
from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import OVER, MeetingState
from core.domain.merge import Clash, merge
from core.domain.procedure.checks import Step
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import audit, authorities, case_history, cases, deadlines
from core.store.cases import CaseRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.answers import save_answers
from core.usecases.case_step import (
    NOT_YOURS,
    facts_of,
    held_case,
    in_state,
    move,
    rules_of,
    set_deadlines,
)

MEETING, CHILDREN = "meeting", "children"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed on the form, each beside what the page had shown them.

    ``meeting`` is (the public id shown, the one chosen); ``children`` (the public ids shown as
    ticked, those ticked now). None where the page did not ask.
    """

    answers: Mapping[Place, str] = field(default_factory=dict)
    seen: Mapping[Place, int] = field(default_factory=dict)
    meeting: tuple[str, str] | None = None
    children: tuple[frozenset[str], frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class SavedReferral:
    """What was saved, what two people changed at once, and what could not be saved and why."""

    versions: Mapping[Place, int]
    clashes: tuple[Clash, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A referral as it was submitted: late where the day is after its deadline."""

    late: bool
    unanswered: int
    meeting_on: date


def save_referral(
    scope: Scope, registry: Registry, public_id: str, typed: Typed, at: datetime
) -> SavedReferral:
    """Save what was typed on a draft or a returned referral, field by field.

    What nobody else changed is saved, whatever becomes of the rest.
    """
    with writing():
        if typed.children is not None:  # Who waits here may wait for a merge of two of them.
            authorities.lock(scope)
        case = _own_case(scope, public_id)
        in_state(case, CaseState.DRAFT, CaseState.RETURNED)
        saved = save_answers(scope, (case.id, public_id), typed.answers, typed.seen, at)
        clashes, findings = list(saved.clashes), []
        if typed.children is not None:
            findings += _choose_children(scope, case, *typed.children, at)
        if typed.meeting is not None:
            clash, wrong, case = _choose_meeting(scope, case, *typed.meeting, at)
            clashes += clash
            findings += wrong
        if typed.children is not None or typed.meeting is not None:
            set_deadlines(scope, registry, case)
    return SavedReferral(saved.versions, tuple(clashes), tuple(findings))


def _own_case(scope: Scope, public_id: str) -> CaseRow:
    """The case, locked; refused for whoever sees it and works with none of its children."""
    case = held_case(scope, public_id)
    if not cases.may_change(scope, case.id):
        raise Refused(NOT_YOURS)
    return case


def _choose_children(
    scope: Scope, case: CaseRow, shown: frozenset[str], ticked: frozenset[str], at: datetime
) -> list[Finding]:
    """Add and take away brothers and sisters: what was ticked against what was shown."""
    in_case = cases.children_of(scope, case.id)
    offered = {c.public_id: c.id for c in cases.siblings_to_refer(scope, in_case)}
    now = {child.public_id for child in in_case}
    added = {public_id for public_id in ticked - shown if public_id in offered} - now
    gone = (shown - ticked) & now
    if not added and not gone:
        return []
    if not (now | added) - gone:
        return [Finding("Choose at least one child for this referral", field=CHILDREN)]
    for public_id in sorted(added):
        cases.add_child(scope, case.id, offered[public_id])
    cases.remove_children(scope, case.id, [offered[public_id] for public_id in gone])
    audit.changed(
        scope,
        at,
        "choose children",
        "case",
        case.public_id,
        before={"children": sorted(now)},
        after={"children": sorted((now | added) - gone)},
    )
    return []


def _choose_meeting(
    scope: Scope, case: CaseRow, shown: str, chosen: str, at: datetime
) -> tuple[list[Clash], list[Finding], CaseRow]:
    """Ask for a meeting: a clash where somebody else has asked for another one meanwhile."""
    stored = case.meeting_public_id or ""
    merged = merge({MEETING: shown}, {MEETING: chosen}, {MEETING: stored})
    if merged.clashes:
        last = case_history.last_change(scope, case.public_id, "choose meeting")
        clash = replace(
            merged.clashes[0], who=last.who if last else "", when=last.at if last else at
        )
        return [clash], [], case
    if not merged.changes:
        return [], [], case
    if not chosen:
        move(scope, case, meeting_id=None)
        unchosen = replace(
            case, version=case.version + 1, meeting_id=None, meeting_public_id=None, meeting_on=None
        )
        audit.changed(scope, at, "choose meeting", "case", case.public_id, after={"meeting": ""})
        return [], [], unchosen
    meeting = open_meeting(scope, case, chosen)
    if meeting is None:
        return [], [Finding("Choose a meeting that is still to come", field=MEETING)], case
    move(scope, case, meeting_id=meeting.id)
    audit.changed(
        scope,
        at,
        "choose meeting",
        "case",
        case.public_id,
        after={"meeting": chosen, "on": meeting.held_on.isoformat()},
    )
    now = replace(
        case,
        version=case.version + 1,
        meeting_id=meeting.id,
        meeting_public_id=chosen,
        meeting_on=meeting.held_on,
    )
    return [], [], now


def open_meeting(scope: Scope, case: CaseRow, public_id: str) -> cases.MeetingChoice | None:
    """A meeting of the case's body by public id, where it is still to come."""
    choices = cases.meetings_to_choose(scope, case.procedure_code, case.body_code, most=1_000)
    return next((choice for choice in choices if choice.public_id == public_id), None)


def submit(scope: Scope, registry: Registry, public_id: str, at: datetime) -> Submitted:
    """Hand a referral in, as it is stored.

    What its procedure requires blocks; a late or an incomplete one is submitted all the same, and
    the chair may defer it or send it back.
    """
    with writing():
        case = _own_case(scope, public_id)
        in_state(case, CaseState.DRAFT, CaseState.RETURNED)
        procedure, body, form = rules_of(scope, registry, case)
        facts = facts_of(scope, form, case)
        findings = list(blocking(procedure.checked(Step.SUBMIT, facts)))
        if case.meeting_on is None:
            findings.append(Finding(f"Choose a meeting of the {body.title}", field=MEETING))
        elif case.meeting_on < scope.on or case.meeting_state in OVER:
            cancelled = case.meeting_state == MeetingState.CANCELLED
            findings.append(
                Finding(
                    f"The meeting of {day(case.meeting_on)} is "
                    f"{'cancelled: choose another' if cancelled else 'over: choose a later'} one",
                    field=MEETING,
                )
            )
        if findings or case.meeting_on is None:
            raise Refused(*findings)
        given = {Place.named(name): value for name, value in facts.answers.items()}
        unanswered = len(form.incomplete(given))
        move(scope, case, state=CaseState.SUBMITTED, submitted_at=at, unanswered=unanswered)
        set_deadlines(scope, registry, case)
        stored = {fact.code: fact for fact in deadlines.of_case(scope, registry, case.id)}
        due = stored[RECEIVED].due if RECEIVED in stored else None
        late = due is not None and scope.on > due
        audit.changed(
            scope,
            at,
            "submit",
            "case",
            public_id,
            before={"state": case.state},
            after={
                "state": CaseState.SUBMITTED,
                "on": case.meeting_on.isoformat(),
                "late": late,
                "unanswered": unanswered,
            },
        )
    return Submitted(late, unanswered, case.meeting_on)

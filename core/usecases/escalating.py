"""Late actions are taken to those who answer for them: recorded once, told, answered and paused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from core.domain import escalating as domain
from core.domain.dates import Calendar, day
from core.domain.escalating import Pause, Step
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.escalation import Ladder, Stage, Whom, ladder_of
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.sending import from_morning
from core.registry import Registry
from core.store import actions, audit, calendars, escalations, outbox, responsible
from core.store.actions import ActionRow
from core.store.database import writing
from core.store.escalations import LateAction, NewStage
from core.store.outbox import Letter
from core.store.responsible import Answering
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.action_rights import rights
from core.usecases.editions import Editions
from core.usecases.escalating_many import few

BATCH = 100
KIND = "escalation"


def authorities_to_go_through(on: date) -> list[int]:
    """The authorities whose late actions have not been gone through on a day."""
    return escalations.authorities_to_go_through(on)


def escalate(scope: Scope, registry: Registry, at: datetime) -> bool:
    """Take the next late actions to whoever is to hear of them; False where none is left today.

    One transaction: what it recorded, whom it told and how far it came stand together or not at
    all. So many queries, however many the actions of the batch are.
    """
    with writing():
        after = escalations.begin_batch(scope)
        if after is None:
            return False
        late = escalations.late(scope, after, BATCH)
        _take(scope, registry, late, at)
        finished = len(late) < BATCH
        escalations.end_batch(scope, late[-1].id if late else after, finished=finished)
    return not finished


def _take(scope: Scope, registry: Registry, late: list[LateAction], at: datetime) -> None:
    if not late:
        return
    ids = [one.id for one in late]
    there = escalations.recorded(scope, ids)
    pauses = escalations.pauses(scope, ids)
    followed = editions.of(scope, registry)
    calendar = calendars.calendar_of(scope, [scope.on, *(one.due for one in late)])
    coming = {
        one.id: [
            step
            for step in domain.steps(
                ladder(followed, one),
                one.due,
                calendar,
                [row.pause for row in pauses.get(one.id, ())],
                owner_gone(one),
            )
            if step.on <= scope.on and (one.id, one.due, step.stage.code) not in there
        ]
        for one in late
    }
    _record(scope, [(one, coming[one.id]) for one in late if coming[one.id]], followed, at)


def _record(
    scope: Scope,
    found: list[tuple[LateAction, list[Step]]],
    followed: Editions,
    at: datetime,
) -> None:
    if not found:
        return
    children = responsible.children_of_actions(
        scope, [(one.id, one.case_id, one.child_id) for one, _ in found]
    )
    whose = responsible.answering(scope, (child for ids in children.values() for child in ids))
    new: list[NewStage] = []
    letters: list[Letter] = []
    goes = from_morning(scope.on, at)
    for one, steps in found:
        answering = [whose[child] for child in children[one.id] if child in whose]
        final = ladder(followed, one).stages[-1].code
        for step in steps:
            told, nobody = _told(one, step.stage, answering)
            new.append(
                NewStage(
                    one.id,
                    one.due,
                    step.stage.code,
                    step.stage.title,
                    step.on,
                    step.why,
                    step.stage.clauses,
                    nobody,
                    step.stage.code == final,
                    told,
                )
            )
            letters += [_letter(one, step, account_id, goes) for account_id in told]
            audit.changed(
                scope,
                at,
                "escalate",
                "action",
                one.public_id,
                after={
                    "stage": step.stage.title,
                    "due": one.due.isoformat(),
                    "reached": step.on.isoformat(),
                    "told": sorted(told.values()),
                    "nobody": nobody,
                },
                why=step.why,
            )
    escalations.record(scope, new, at)
    outbox.put(scope, few(scope, letters, at), at)


def _told(
    one: LateAction, stage: Stage, answering: Iterable[Answering]
) -> tuple[dict[int, str], str]:
    """Whom a stage tells (of several children each one's, once), and whom there is nobody to."""
    if Whom.OWNER in stage.whom:
        gone = owner_gone(one)
        if gone:
            return {}, f"{gone}: give it another owner"
        return {one.owner_id or 0: one.owner}, ""
    told: dict[int, str] = {}
    nobody: dict[str, None] = {}
    children = list(answering)
    for child in children:
        for whom in stage.whom:
            people = child.of((whom,))
            told |= people
            if not people:
                nobody[child.nobody(whom)] = None
    if not children:
        nobody["The action is about no child whose record is here: give it another owner"] = None
    return told, "; ".join(nobody)


def _letter(one: LateAction, step: Step, account_id: int, goes: datetime) -> Letter:
    """What somebody is told: no child is named, and the action stands on its own page."""
    return Letter(
        key=f"escalation/{one.public_id}/{one.due.isoformat()}/{step.stage.code}/{account_id}",
        kind=KIND,
        account_id=account_id,
        subject=f"An action is late: it was due on {day(one.due)}",
        body=(
            f"An action was due on {day(one.due)}, and nobody has said that it is done.\n\n"
            f"You are told as: {step.stage.title}.\n"
            f"Why now: {step.why}.\n\n"
            "Say what happens next:\n"
            f"/actions/{one.public_id}/escalation\n"
        ),
        not_before=goes,
    )


def owner_gone(one: LateAction) -> str:
    """Why nobody can be told as the owner of an action; "" where somebody can."""
    if one.owner_id is None:
        return f"{one.owner} has no account here" if one.owner else "Nobody owns the action"
    return "" if one.owner_active else f"{one.owner} has left"


def ladder(followed: Editions, one: LateAction) -> Ladder:
    """The ladder in force on the due day: of the procedure of its meeting, else the first one's."""
    procedure: Procedure | None = None
    if one.procedure_code:
        procedure = followed.kept(one.procedure_code, one.procedure_edition, one.due)
    else:
        own = (p for p in followed.followed(one.due) if not p.always and p.bodies)
        procedure = next(own, None)
    return ladder_of(procedure)


def coming(
    scope: Scope, registry: Registry, one: LateAction, pauses: Iterable[Pause]
) -> tuple[tuple[Step, ...], Calendar]:
    """Every stage of an action with its day as things stand, and the calendar: four queries."""
    followed = editions.of(scope, registry)
    calendar = calendars.calendar_of(scope, [scope.on, one.due])
    return domain.steps(ladder(followed, one), one.due, calendar, pauses, owner_gone(one)), calendar


def may_pause(scope: Scope, registry: Registry, action: ActionRow) -> bool:
    """Who answers for the child or runs the body, as they direct the action; never its owner."""
    return rights(scope, registry, action).pauses


def answer(scope: Scope, public_id: str, escalation: str, words: str, at: datetime) -> None:
    """Keep what somebody who was told answers; Refused where they were not, or said nothing."""
    with writing():
        action = _seen(scope, public_id)
        _still_open(action)
        reached = escalations.of_action(scope, action.id)
        found = next((one for one in reached if one.public_id == escalation), None)
        if found is None or not may_answer(scope, (key for key, _ in found.told)):
            raise Refused(Finding("This was not put to you"))
        said = reason_as_kept(words)
        if not said:
            raise Refused(Finding("Enter what happens next", field=f"answer-{escalation}"))
        if long := too_long(said, LONG_TEXT_MOST):
            raise Refused(Finding(long, field=f"answer-{escalation}"))
        escalations.answer(scope, found.id, said, at)
        audit.changed(
            scope,
            at,
            "answer escalation",
            "action",
            public_id,
            after={"stage": found.title, "answer": said},
        )


def may_answer(scope: Scope, told: Iterable[int]) -> bool:
    """Whether the asker, or a colleague whom they cover, is among those who were told."""
    return not set(told).isdisjoint(scope.stands_for)


def pause(
    scope: Scope,
    registry: Registry,
    public_id: str,
    until: date | None,
    why: str,
    at: datetime,
    *,
    day_fault: str = "",
) -> None:
    """Pause an action's escalation from today up to and with a day, with a reason."""
    with writing():
        action = _seen(scope, public_id)
        if not may_pause(scope, registry, action):
            raise Refused(Finding("This escalation is not yours to pause"))
        escalations.lock(scope, action.id)
        there = escalations.pauses(scope, [action.id]).get(action.id, [])
        if any(row.pause.on(scope.on) for row in there):
            raise Refused(Finding("It is paused already: somebody else was first"))
        _still_open(action)
        if action.done_on is not None:
            raise Refused(Finding("The action is said to be done: there is nothing to pause"))
        calendar = calendars.calendar_of(scope, [scope.on])
        faults = domain.pause_findings(until, day_fault, scope.on, calendar)
        fault = reason_fault(why, asked="Enter why it is paused")
        if faults or fault or until is None:
            raise Refused(*faults, *([fault] if fault else []))
        escalations.pause(scope, action.id, until, reason_as_kept(why), at)
        after: Mapping[str, str] = {"from": scope.on.isoformat(), "until": until.isoformat()}
        audit.changed(
            scope, at, "pause escalation", "action", public_id, after=after, why=reason_as_kept(why)
        )


def end_pause(
    scope: Scope, registry: Registry, public_id: str, pause_id: str, at: datetime
) -> None:
    """End a pause by hand: today counts again."""
    with writing():
        action = _seen(scope, public_id)
        if not may_pause(scope, registry, action):
            raise Refused(Finding("This escalation is not yours to pause"))
        if not escalations.end_pause(scope, action.id, pause_id):
            raise Refused(Finding("This pause has ended already"))
        audit.changed(
            scope,
            at,
            "end pause of escalation",
            "action",
            public_id,
            after={"ended": scope.on.isoformat()},
        )


def _seen(scope: Scope, public_id: str) -> ActionRow:
    action = actions.find(scope, public_id)
    if action is None:
        raise Refused(Finding("This action is not there any more"))
    return action


def _still_open(action: ActionRow) -> None:
    """Refuse what can be done of an action only until it is accepted or ended."""
    if action.ended_on is not None:
        raise Refused(Finding("The action was ended: nobody is asked about it any more"))
    if action.accepted_on is not None:
        raise Refused(Finding("The action is done: nobody is asked about it any more"))

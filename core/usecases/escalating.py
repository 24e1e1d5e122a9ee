"""Late actions are taken to those who answer for them: recorded once, told, answered and paused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from core.domain import escalating as domain
from core.domain.dates import Calendar, day
from core.domain.escalating import Pause, Step
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.escalation import Ladder, Whom, ladder_of
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.sending import from_morning
from core.registry import Registry
from core.store import actions, audit, calendars, escalations, late_actions, outbox, responsible
from core.store.actions import ActionRow
from core.store.database import writing
from core.store.escalations import Hearer
from core.store.late_actions import LateAction, NewStage, Recorded, ToldSince
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
    return late_actions.authorities_to_go_through(on)


def escalate(scope: Scope, registry: Registry, at: datetime) -> bool:
    """Take the next late actions to whoever is to hear of them; False where none is left today.

    One transaction: what it recorded, whom it told and how far it came stand together or not at
    all. So many queries, however many the actions of the batch are.
    """
    with writing():
        after = late_actions.begin_batch(scope)
        if after is None:
            return False
        late = late_actions.late(scope, after, BATCH)
        _take(scope, registry, late, at)
        finished = len(late) < BATCH
        late_actions.end_batch(scope, late[-1].id if late else after, finished=finished)
    return not finished


def _take(scope: Scope, registry: Registry, late: list[LateAction], at: datetime) -> None:
    """Record the stages that these actions come to, and tell who came to one since, in one go."""
    if not late:
        return
    coming = _to_come(scope, registry, late)
    whose = _answering(scope, late)
    new: list[NewStage] = []
    since: list[ToldSince] = []
    letters: list[Letter] = []
    goes = from_morning(scope.on, at)
    for one in late:
        steps, recorded = coming[one.id]
        for step in steps:
            stage = _new(one, step, whose[one.id])
            new.append(stage)
            letters += [_letter(one, stage, stage.why, key, goes) for key in stage.told]
            _audit(scope, at, one, stage, stage.told, stage.nobody)
        for stood in recorded:
            told, nobody = _told(one, stood.whom, whose[one.id], stood.told)
            if told or nobody != stood.nobody:
                since.append(ToldSince(stood.id, nobody, told))
                letters += [_letter(one, stood, _since(stood), key, goes) for key in told]
                _audit(scope, at, one, stood, told, nobody, before={"nobody": stood.nobody})
    late_actions.record(scope, new, at)
    late_actions.record_since(scope, since)
    outbox.put(scope, few(scope, letters, at), at)


def _to_come(
    scope: Scope, registry: Registry, late: list[LateAction]
) -> dict[int, tuple[list[Step], list[Recorded]]]:
    """By action the steps that have come and are not recorded, and what is recorded unanswered."""
    ids = [one.id for one in late]
    recorded: dict[int, list[Recorded]] = {one.id: [] for one in late}
    due = {one.id: one.due for one in late}
    for stage in late_actions.recorded(scope, ids):
        if stage.due == due[stage.action_id]:
            recorded[stage.action_id].append(stage)
    pauses = escalations.pauses(scope, ids)
    followed = editions.of(scope, registry)
    calendar = calendars.calendar_of(scope, [scope.on, *due.values()])
    found = {}
    for one in late:
        there = {stage.stage for stage in recorded[one.id]}
        paused = [row.pause for row in pauses.get(one.id, ())]
        steps = domain.steps(ladder(followed, one), one.due, calendar, paused, owner_gone(one))
        found[one.id] = (
            [step for step in steps if step.on <= scope.on and step.stage.code not in there],
            [stage for stage in recorded[one.id] if not stage.answered],
        )
    return found


def _answering(scope: Scope, late: list[LateAction]) -> dict[int, list[Answering]]:
    """Who answers for the children of each action today."""
    children = responsible.children_of_actions(
        scope, [(one.id, one.case_id, one.child_id) for one in late]
    )
    whose = responsible.answering(scope, (child for ids in children.values() for child in ids))
    return {
        action_id: [whose[child] for child in ids if child in whose]
        for action_id, ids in children.items()
    }


def _new(one: LateAction, step: Step, answering: list[Answering]) -> NewStage:
    stage = step.stage
    told, nobody = _told(one, stage.whom, answering)
    return NewStage(
        one.id, one.due, stage.code, stage.title, stage.whom, step.on, step.why, stage.clauses,
        nobody, told,
    )  # fmt: skip


def _told(
    one: LateAction,
    whom: Iterable[Whom],
    answering: Iterable[Answering],
    before: frozenset[int] = frozenset(),
) -> tuple[dict[int, str], str]:
    """Whom a stage tells (of several children each one's, once), and whom there is nobody to.

    Where one of those who hold a place was told before, nobody is told anew.
    """
    told: dict[int, str] = {}
    nobody: dict[str, None] = {}
    for people, words in _holding(one, whom, list(answering)):
        if not people:
            nobody[words] = None
        elif before.isdisjoint(people):
            told |= people
    return told, "; ".join(nobody)


def _holding(
    one: LateAction, whom: Iterable[Whom], answering: list[Answering]
) -> Iterator[tuple[dict[int, str], str]]:
    """Who is each of these today, to the action or to each child; and what to say if nobody is."""
    for each in whom:
        if each is Whom.OWNER:
            gone = owner_gone(one)
            yield {} if gone else {one.owner_id or 0: one.owner}, f"{gone}: give it another owner"
            continue
        for child in answering:
            yield child.of((each,)), child.nobody(each)
        if not answering:
            yield {}, "The action is about no child whose record is here: give it another owner"


def _since(stood: Recorded) -> str:
    """Why somebody is told of a stage that was recorded before."""
    return (
        f"{stood.why}; it came to this stage on {day(stood.reached_on)}, "
        "and nobody who answers for it today was told then"
    )


def _letter(
    one: LateAction, stage: NewStage | Recorded, why: str, account_id: int, goes: datetime
) -> Letter:
    """What somebody is told in the morning: no child is named, the action has its own page."""
    return Letter(
        key=f"escalation/{one.public_id}/{one.due.isoformat()}/{stage.stage}/{account_id}",
        kind=KIND,
        account_id=account_id,
        not_before=goes,
        subject=f"An action is late: it was due on {day(one.due)}",
        body=(
            f"An action was due on {day(one.due)}, and nobody has said that it is done.\n\n"
            f"You are told as: {stage.title}.\n"
            f"Why now: {why}.\n\n"
            "Say what happens next:\n"
            f"/actions/{one.public_id}/escalation\n"
        ),
    )


def _audit(
    scope: Scope,
    at: datetime,
    one: LateAction,
    stage: NewStage | Recorded,
    told: Mapping[int, str],
    nobody: str,
    before: Mapping[str, str] | None = None,
) -> None:
    after = {
        "stage": stage.title,
        "due": one.due.isoformat(),
        "reached": stage.reached_on.isoformat(),
        "told": sorted(told.values()),
        "nobody": nobody,
    }
    audit.changed(
        scope, at, "escalate", "action", one.public_id, before=before, after=after, why=stage.why
    )


def owner_gone(one: LateAction) -> str:
    """Why nobody can be told as the owner of an action; "" where somebody can."""
    if one.owner_id is None:
        return f"{one.owner} has no account here" if one.owner else "Nobody owns the action"
    if one.owner_shut_out:
        return f"{one.owner} is not named for the child’s closed record"
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
) -> tuple[tuple[Step, ...], Ladder, Calendar]:
    """Every stage of an action with its day as things stand, by which ladder: four queries."""
    rule = ladder(editions.of(scope, registry), one)
    calendar = calendars.calendar_of(scope, [scope.on, one.due])
    return domain.steps(rule, one.due, calendar, pauses, owner_gone(one)), rule, calendar


def may_pause(scope: Scope, registry: Registry, action: ActionRow) -> bool:
    """Who answers for the child or runs the body, as they direct the action; never its owner."""
    return rights(scope, registry, action).pauses


def answer(scope: Scope, public_id: str, escalation: str, words: str, at: datetime) -> bool:
    """Keep what somebody who was told answers; Refused where they were not, or said nothing.

    What the same person's latest answer says, and holds still, is not kept again: false then.
    """
    with writing():
        escalations.hold(scope, escalation)
        action = _seen(scope, public_id)
        _still_open(action)
        reached = escalations.of_action(scope, action.id)
        found = next((one for one in reached if one.public_id == escalation), None)
        if found is None or not may_answer(scope, found.told):
            raise Refused(Finding("This was not put to you"))
        said = reason_as_kept(words)
        if not said:
            raise Refused(Finding("Enter what happens next", field=f"answer-{escalation}"))
        if long := too_long(said, LONG_TEXT_MOST):
            raise Refused(Finding(long, field=f"answer-{escalation}"))
        own = [one for one in found.answers if one.by == scope.account_id][-1:]
        since = late_actions.answers_since(scope)
        if any(one.words == said and one.at >= since for one in own):
            return False
        escalations.answer(scope, found.id, said, at)
        audit.changed(
            scope,
            at,
            "answer escalation",
            "action",
            public_id,
            after={"stage": found.title, "answer": said},
        )
        return True


def may_answer(scope: Scope, told: Iterable[Hearer]) -> bool:
    """Whether the asker, or a colleague whom they cover, is among those who were told."""
    return any(one.account_id in scope.stands_for for one in told)


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
        rule = ladder(editions.of(scope, registry), late_actions.action(scope, action.id))
        faults = domain.pause_findings(until, day_fault, scope.on, rule, calendar)
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

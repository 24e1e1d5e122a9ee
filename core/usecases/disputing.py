"""A reviewing officer opens a dispute on a child; it is answered, taken further, and ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from core.domain import dispute as domain
from core.domain.clauses import SET_HERE
from core.domain.dates import day
from core.domain.dispute import ACTION, DATE, OTHER, Answer, Opening
from core.domain.due import State
from core.domain.finding import Finding, Moved, Refused
from core.domain.procedure.escalation import (
    DisputeResolution,
    Stage,
    Whom,
    disputes_of,
    disputes_under,
)
from core.domain.reason import reason_as_kept
from core.domain.sight import What
from core.registry import Registry
from core.store import (
    actions,
    audit,
    calendars,
    children,
    deadlines,
    disputes,
    outbox,
    panel_record,
    record_summary,
    responsible,
)
from core.store.children import ChildRow
from core.store.database import writing
from core.store.disputes import DisputeRow, StageRow
from core.store.outbox import Letter
from core.store.panel_record import ActionRow
from core.store.scope import Scope
from core.usecases import editions

IRO = "iro"
DATE_STATES = {
    State.LATE: "late",
    State.SOON: "to come",
    State.RUNNING: "to come",
    State.UNKNOWN: "not known whether it was met",
}


class DisputeMoved(Moved[DisputeRow]):
    """Somebody else answered, moved or ended the dispute first."""

    def __init__(self, now: DisputeRow, field: str) -> None:
        message = "Somebody else changed this dispute while you were typing: look at it again"
        super().__init__(now, message, field=field)


def on_caseload(scope: Scope, child_id: int) -> bool:
    """Whether the child is on the asker's caseload as reviewing officer, or whom they cover."""
    return scope.has(IRO) and not set(disputes.officers(scope, child_id)).isdisjoint(
        scope.stands_for
    )


def path(scope: Scope, registry: Registry) -> tuple[str, DisputeResolution]:
    """How a dispute opened on the scope's day goes, and the code of the procedure that says so."""
    return disputes_of(editions.followed(scope, registry, scope.on))


def open_actions(scope: Scope, child_id: int) -> list[ActionRow]:
    """The actions of a child of which nobody has said that they are done, by date: one query."""
    found = panel_record.actions(scope, child_id)
    return [one for one in found if one.is_open and one.done_on is None]


def dates(scope: Scope, registry: Registry, child_id: int) -> dict[str, str]:
    """The dates of a child that are late or to come, as a dispute keeps each, and with its state.

    What was met or stopped is none that is not kept.
    """
    found = {}
    for fact in deadlines.of_child(scope, registry, child_id):
        state = DATE_STATES.get(fact.state(scope.on), "")
        if fact.due is not None and state:
            said = f"{fact.title}, due by {day(fact.due)}"
            found[said] = f"{said} ({state})"
    return found


def open_dispute(
    scope: Scope, registry: Registry, child_public_id: str, opening: Opening, at: datetime
) -> str:
    """Open a dispute on a child, and tell those to whom its first stage goes; its public id."""
    with writing():
        child = children.child(scope, child_public_id)
        if (
            child is None
            or not on_caseload(scope, child.id)
            or not children.may_change(scope, child_public_id, What.CASES)
        ):
            raise Refused(Finding("A dispute is opened by the child’s reviewing officer"))
        record_summary.lock(scope, [child.id])
        action_id, faults = _of_record(scope, registry, child.id, opening)
        if faults := (*opening.findings(), *faults):
            raise Refused(*faults)
        _none_alike(scope, child, opening, action_id)
        code, rule = path(scope, registry)
        calendar = calendars.calendar_of(scope, [scope.on])
        ours = rule.local or (SET_HERE if rule.set_here else "")
        dispute_id, public_id = disputes.add(
            scope,
            child_id=child.id,
            about=opening.about,
            words=reason_as_kept(opening.words),
            action_id=action_id,
            deadline=opening.deadline,
            procedure_code=code,
            clauses=",".join(rule.clauses),
            opened_at=at,
            whole_by=calendar.working_days(scope.on, rule.whole),
            whole_why=f"{rule.whole} working days from its opening{f' ({ours})' if ours else ''}",
        )
        stage = rule.stages[0]
        told, due = _begin(scope, dispute_id, child.id, stage)
        _tell(scope, public_id, stage, told, due, at)
        audit.changed(
            scope,
            at,
            "open dispute",
            "dispute",
            public_id,
            after={
                "child": child.public_id,
                "about": domain.ABOUT[opening.about],
                "words": reason_as_kept(opening.words),
                "action": opening.action,
                "deadline": opening.deadline,
                "stage": stage.title,
                "told": sorted(told.values()),
            },
        )
    return public_id


def _of_record(
    scope: Scope, registry: Registry, child_id: int, opening: Opening
) -> tuple[int | None, tuple[Finding, ...]]:
    """The id of the action that was chosen, and what of the child's record was chosen wrongly.

    What is about an action or a date says which: another one is another dispute.
    """
    action, faults = None, []
    open_ones = {one.public_id for one in open_actions(scope, child_id)}
    days = dates(scope, registry, child_id)
    if opening.about == ACTION and not opening.action:
        none = Finding("The child has no action that is not done: choose another", field="about")
        which = Finding("Choose the action that is not done", field="action")
        faults.append(which if open_ones else none)
    if opening.about == DATE and not opening.deadline:
        none = Finding(
            "The child has no date that is late or to come: choose another", field="about"
        )
        which = Finding("Choose the date that is not kept", field="deadline")
        faults.append(which if days else none)
    if opening.action:
        if opening.action in open_ones:
            action = actions.find(scope, opening.action)
        if action is None:
            message = "Choose an action of the child that is not done: the list has changed"
            faults.append(Finding(message, field="action"))
    if opening.deadline and opening.deadline not in days:
        message = "Choose a date of the child that is late or to come: the list has changed"
        faults.append(Finding(message, field="deadline"))
    return action.id if action else None, tuple(faults)


def _none_alike(scope: Scope, child: ChildRow, opening: Opening, action_id: int | None) -> None:
    """Refuse what is open already: about the same, and of something else in the same words."""
    about = (opening.about, action_id, opening.deadline)
    words = reason_as_kept(opening.words)
    for row in disputes.of_children(scope, [child.public_id]).get(child.public_id, ()):
        if (row.about, row.action_id, row.deadline) != about:
            continue
        if opening.about != OTHER or row.words == words:
            by = f" by {row.opened_by}" if row.opened_by else ""
            message = (
                f"A dispute on this child about the same is open: opened on {day(row.opened_on)}"
                f"{by}, at this stage: {row.stage}"
            )
            raise Refused(Finding(message, field="about"))


def _begin(
    scope: Scope, dispute_id: int, child_id: int, stage: Stage
) -> tuple[dict[int, str], date]:
    """Begin a stage today; gives to whom it is addressed, and by when it is to be answered."""
    answering = responsible.answering(scope, [child_id])[child_id]
    told: dict[int, str] = {}
    nobody = []
    for whom in stage.whom:
        if whom is Whom.OUTSIDE:
            continue
        people = answering.of((whom,))
        told |= people
        if not people:
            nobody.append(answering.nobody(whom))
    due = calendars.calendar_of(scope, [scope.on]).working_days(scope.on, stage.days)
    disputes.begin_stage(
        scope,
        dispute_id,
        told,
        stage=stage.code,
        title=stage.title,
        due=due,
        why=f"{stage.counted} after it began on {day(scope.on)}",
        nobody="; ".join(nobody),
    )
    return told, due


def _tell(
    scope: Scope, public_id: str, stage: Stage, told: dict[int, str], due: date, at: datetime
) -> None:
    letters = [
        Letter(
            key=f"dispute/{public_id}/{stage.code}/{account_id}",
            kind="dispute",
            account_id=account_id,
            subject="A reviewing officer’s dispute waits for your answer",
            body=(
                "A reviewing officer has a dispute on a child for whom you answer.\n\n"
                f"It is at this stage: {stage.title}.\n"
                f"To be answered by {day(due)}: {stage.counted}.\n\n"
                f"Read and answer it:\n/disputes/{public_id}\n"
            ),
        )
        for account_id in told
    ]
    outbox.put(scope, letters, at)


def current(scope: Scope, row: DisputeRow) -> StageRow:
    """The stage at which a dispute stands."""
    return disputes.stages(scope, row.id)[-1]


def may_answer(scope: Scope, row: DisputeRow, stage: StageRow) -> bool:
    """To whom the stage is addressed, or the reviewing officer who writes an answer down."""
    addressed = {account_id for account_id, _ in stage.told}
    return not addressed.isdisjoint(scope.stands_for) or on_caseload(scope, row.child_id)


def answer(scope: Scope, public_id: str, said: Answer, seen: int, at: datetime) -> None:
    """Keep the answer to the stage at which a dispute stands, and tell the reviewing officer.

    Raises ``Refused`` with what is wrong, ``DisputeMoved`` where ``seen`` is not its version.
    """
    with writing():
        row = _open(scope, public_id, seen, "answer")
        stage = current(scope, row)
        if not may_answer(scope, row, stage):
            raise Refused(Finding("This dispute is not put to you"))
        if stage.answered_on is not None:
            raise Refused(Finding(f"{stage.answered_name} has answered this stage already"))
        if faults := said.findings(stage.begun_on, scope.on):
            raise Refused(*faults)
        if not disputes.save(scope, row.id, seen):
            raise DisputeMoved(row, "answer")
        kept = {"answered_name": said.name.strip(), "answer": reason_as_kept(said.words)}
        disputes.change_stage(
            scope,
            stage.id,
            answered_on=said.on,
            answered_at=at,
            answered_by=scope.account_id,
            **kept,
        )
        outbox.put(
            scope,
            [
                Letter(
                    key=f"dispute-answered/{public_id}/{stage.stage}/{officer}",
                    kind="dispute",
                    account_id=officer,
                    subject="A dispute of yours is answered",
                    body=f"Say whether it is resolved or goes further:\n/disputes/{public_id}\n",
                )
                for officer in disputes.officers(scope, row.child_id)
                if officer != scope.account_id
            ],
            at,
        )
        after = {"stage": stage.title, "answered": said.on.isoformat() if said.on else "", **kept}
        audit.changed(scope, at, "answer dispute", "dispute", public_id, after=after)


def decide(
    scope: Scope,
    registry: Registry,
    public_id: str,
    what: str,
    words: str,
    seen: int,
    at: datetime,
) -> None:
    """Take a dispute to its next stage, or end it as resolved or withdrawn, in words.

    Raises ``Refused`` with what is wrong, ``DisputeMoved`` where ``seen`` is not its version.
    """
    with writing():
        row = _open(scope, public_id, seen, "outcome")
        if not on_caseload(scope, row.child_id):
            raise Refused(Finding("Only the child’s reviewing officer says how it goes on"))
        stages = disputes.stages(scope, row.id)
        stage = stages[-1]
        following = next_stage(scope, registry, row, stages)
        if faults := domain.outcome_findings(what, words, last=following is None):
            raise Refused(*faults)
        said = reason_as_kept(words)
        ends = what in domain.ENDS
        ended = {
            "ended_on": scope.on,
            "ended_at": at,
            "ended_by": scope.account_id,
            "ended_how": what,
            "outcome": said,
        }
        if not disputes.save(scope, row.id, seen, **(ended if ends else {})):
            raise DisputeMoved(row, "outcome")
        after = {"stage": stage.title, "is": what, "words": said}
        if following is not None and not ends:
            disputes.change_stage(scope, stage.id, moved_on=scope.on, moved_words=said)
            told, due = _begin(scope, row.id, row.child_id, following)
            _tell(scope, public_id, following, told, due, at)
            after |= {"stage": following.title, "is": "next stage"}
        did = "take dispute further" if not ends else "end dispute"
        audit.changed(
            scope, at, did, "dispute", public_id, before={"stage": stage.title}, after=after
        )


def next_stage(
    scope: Scope, registry: Registry, row: DisputeRow, stages: Iterable[StageRow]
) -> Stage | None:
    """The stage after these, by the procedure under which it was opened, as it was on that day.

    None after the last. Which procedures are followed, in which order, may be mended since.
    """
    procedure = editions.in_force(scope, registry, row.procedure_code, row.opened_on)
    return disputes_under(procedure).after(stage.stage for stage in stages)


def _open(scope: Scope, public_id: str, seen: int, field: str) -> DisputeRow:
    row = disputes.find(scope, public_id)
    if row is None:
        raise Refused(Finding("This dispute is not there any more"))
    if row.ended_on is not None or row.version != seen:
        raise DisputeMoved(row, field)
    return row

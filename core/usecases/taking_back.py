"""A referral withdrawn: by whoever made it, or off an agenda, whole or for one child."""

from __future__ import annotations

from datetime import datetime

from core.domain.case import BEFORE_THE_AGENDA, CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.meeting import BookingState, MeetingState
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import agenda, audit, authorities, items, meetings, taken_back
from core.store.cases import CaseRow
from core.store.database import writing
from core.store.items import ItemRow
from core.store.scope import Scope
from core.usecases import noticing
from core.usecases.case_step import held_case, in_state, move, rules_of
from core.usecases.standing import NoMeeting, chair_only, runs, standing

GONE = Finding("This item is not there any more")
NOT_THE_REFERRER = Finding("Only whoever made this referral can withdraw it")
REASON_MOST = 300
"""What fits on an agenda, beside the day."""


def withdraw(scope: Scope, public_id: str, reason: str, at: datetime) -> None:
    """Take a referral back, with a reason; once it is on an agenda the chair decides (``ask``)."""
    with writing():
        case = held_case(scope, public_id)
        if case.referrer_id != scope.account_id:
            raise Refused(NOT_THE_REFERRER)
        in_state(case, *BEFORE_THE_AGENDA)
        asked = "Say why the referral is withdrawn"
        why = reason_given(reason, field="withdraw-reason", asked=asked)
        _withdrawn(scope, case, why, at)


def ask(scope: Scope, public_id: str, reason: str, at: datetime) -> None:
    """Ask the chair to withdraw one's referral, which is on an agenda, with a reason."""
    with writing():
        case = held_case(scope, public_id)
        if case.referrer_id != scope.account_id:
            raise Refused(NOT_THE_REFERRER)
        in_state(case, CaseState.BOOKED)
        why = _reason(reason, "withdraw-reason", "Say why it should be withdrawn")
        move(scope, case, withdrawal_asked_at=at, withdrawal_why=why)
        audit.changed(scope, at, "ask to withdraw", "case", public_id, why=why)


def keep(scope: Scope, registry: Registry, public_id: str, reason: str, at: datetime) -> None:
    """Say, as the chair, that a case stays on the agenda although its withdrawal is asked for."""
    with writing():
        case = held_case(scope, public_id)
        chair_only(scope, case, rules_of(scope, registry, case)[1])
        in_state(case, CaseState.BOOKED)
        if case.withdrawal_asked_at is None:
            raise Refused(Finding("Nobody asks for this referral to be withdrawn any more"))
        why = _reason(reason, "keep-reason", "Say why it stays on the agenda")
        move(scope, case, withdrawal_asked_at=None, withdrawal_why="", chair_words=why)
        audit.changed(
            scope,
            at,
            "keep on the agenda",
            "case",
            public_id,
            before={"withdrawal asked for": case.withdrawal_why},
            why=why,
        )


def withdraw_item(
    scope: Scope, registry: Registry, public_id: str, reason: str, at: datetime
) -> None:
    """Take a case off an agenda with a reason; who chairs or runs the meeting does.

    It stays to be seen there, as withdrawn, and frees its place. A referral is over with it; of a
    case that only returns for review, the decision stands as it is.
    """
    with writing():
        item = _held_item(scope, registry, public_id)
        why = _reason(reason, "reason", "Say why it is withdrawn")
        _take_off(scope, item, why, at)
        noticing.follow(scope, registry, [item.meeting_id], at)


def withdraw_child(
    scope: Scope,
    registry: Registry,
    public_id: str,
    child_public_id: str,
    reason: str,
    at: datetime,
) -> None:
    """Withdraw one child of a case on an agenda; the last one left takes the case with them."""
    with writing():
        item = _held_item(scope, registry, public_id)
        children = items.children(scope, [item.case_id])
        child = next((c for c in children if c.public_id == child_public_id), None)
        if child is None:
            raise Refused(Finding("Choose which child is withdrawn", field="child"))
        why = _reason(reason, "reason", "Say why they are withdrawn")
        held_case(scope, item.case_public_id)
        if taken_back.left_in(scope, item.case_id) <= {child.id}:
            _take_off(scope, item, why, at)
            noticing.follow(scope, registry, [item.meeting_id], at)
            return
        if not taken_back.withdraw_child(scope, item.case_id, child.id, why, at):
            raise Refused(Finding("This child is withdrawn from the case already", field="child"))
        audit.changed(
            scope,
            at,
            "withdraw child",
            "case",
            item.case_public_id,
            after={"children": [child.public_id], "on": item.held_on.isoformat()},
            why=why,
        )


def _held_item(scope: Scope, registry: Registry, public_id: str) -> ItemRow:
    """A booked item of a meeting that the asker runs, held until the transaction ends."""
    authorities.lock(scope)  # Cancelling holds the cases of a meeting before the meeting.
    item = items.find(scope, public_id)
    if item is None:
        raise Refused(GONE)
    meetings.lock(scope, item.meeting_id)
    try:
        held = standing(scope, registry, item.meeting_id)
    except NoMeeting as error:
        raise Refused(GONE) from error
    if not runs(scope, held):
        raise Refused(Finding("Only who chairs or runs this meeting can withdraw a case"))
    item = items.find(scope, public_id)
    if item is None:
        raise Refused(GONE)
    if item.meeting_state == MeetingState.CLOSED:
        raise Refused(Finding("The meeting is closed: nothing more is recorded in it"))
    if item.state != BookingState.BOOKED:
        raise Refused(Finding(f"This case is {item.state} already: it cannot be withdrawn"))
    return item


def _take_off(scope: Scope, item: ItemRow, why: str, at: datetime) -> None:
    said = f"Withdrawn on {day(scope.on)}: {why}"
    if not items.settle(scope, item.id, BookingState.WITHDRAWN, said):
        raise Refused(Finding("This item was settled by somebody else just now"))
    case = held_case(scope, item.case_public_id)
    if item.item == agenda.CASES and case.state is CaseState.BOOKED:
        _withdrawn(scope, case, why, at, item)
        return
    audit.changed(
        scope,
        at,
        "take off the agenda",
        "case",
        item.case_public_id,
        before={"on": item.held_on.isoformat()},
        why=why,
    )


def _withdrawn(
    scope: Scope, case: CaseRow, why: str, at: datetime, item: ItemRow | None = None
) -> None:
    """The referral is over: its deadlines stop; its answers, papers and follow-ups stay."""
    move(
        scope,
        case,
        state=CaseState.WITHDRAWN,
        queued_at=None,
        withdrawn_at=at,
        withdrawal_asked_at=None,
        withdrawal_why=why,
    )
    audit.changed(
        scope,
        at,
        "withdraw",
        "case",
        case.public_id,
        before={"state": case.state},
        after={
            "state": CaseState.WITHDRAWN,
            **({"on": item.held_on.isoformat()} if item is not None else {}),
        },
        why=why,
    )


def _reason(text: str, field: str, asked: str) -> str:
    return reason_given(text, field=field, asked=asked, most=REASON_MOST)

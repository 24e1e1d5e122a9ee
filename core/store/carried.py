"""What meetings decided and what came of it: outcomes, actions and onward referrals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.meeting import BookingState, MeetingState
from core.store import action_states
from core.store.agenda import PREVIOUS, AgendaChild, children
from core.store.database import db
from core.store.decisions import DecisionRow, MadeAction
from core.store.meetings import MeetingRow
from core.store.outcomes import OutcomeRow, of_decisions
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Action,
    Booking,
    Decision,
    Meeting,
    OnwardReferral,
    PanelCase,
)
from core.store.withdrawn_sight import takes_part

DAYS = frozenset({"due", "done_on", "accepted_on", "ended_on", "made_on", "answered_on"})
#: What minutes say of an action that their own meeting made as it stands until they are ratified.
UNTIL_RATIFIED = ("owner", "due", "done_means", "ended_on", "ended_why")


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action of a decision, as it stands, or stood when its meeting was closed or ratified.

    One of a meeting closed before acceptance was kept has no ``accepted_on``, though it was done.
    """

    public_id: str
    what: str
    owner: str
    due: date
    progress: str
    done_on: date | None
    done_words: str
    done_means: str = ""
    accepted_on: date | None = None
    ended_on: date | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class OnwardLine:
    """A referral to another forum; of one about a person only that it was made."""

    public_id: str
    forum: str
    about_person: bool
    made_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on a case that the asker sees, with everything that it made.

    ``returned_on`` is the day on which its case was heard again, where that is by the meeting
    asked about.
    """

    id: int
    meeting_id: int
    booking_public_id: str
    case_public_id: str
    case_id: int
    decided_on: date
    rationale: str
    return_by: date | None
    returned_on: date | None = None
    outcomes: tuple[OutcomeRow, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    onward: tuple[OnwardLine, ...] = ()
    children: tuple[AgendaChild, ...] = ()

    @property
    def names(self) -> str:
        return ", ".join(child.name for child in self.children)


def _earlier(scope: Scope, meeting: MeetingRow) -> tuple[Any, ...]:
    return (
        Meeting.authority_id == scope.authority_id,
        Meeting.procedure_code == meeting.procedure_code,
        Meeting.body_code == meeting.body_code,
        Meeting.held_on < meeting.held_on,
        Meeting.state.in_((MeetingState.OPEN, MeetingState.CLOSED)),
    )


def decided(scope: Scope, meeting: MeetingRow) -> tuple[list[Decided], list[Decided]]:
    """What is decided here, and what earlier meetings of the body decided that is still to review.

    Earlier: everything of the last meeting that was held, and of those before it whatever made an
    action or a referral that is open, or was ended since that last meeting. Five queries. Of a
    closed meeting both are as they stood when it was closed (``made_by``).
    """
    frozen = meeting.carried
    if frozen is None:
        made = _decided(scope, meeting, _to_review(scope, meeting))
    else:
        listed = [*frozen["today"], *frozen["earlier"]]
        found = {d.id: d for d in _decided(scope, meeting, Decision.id.in_(listed))}
        made = [_as_it_stood(meeting, found[one]) for one in listed if one in found]
    return (
        [d for d in made if d.meeting_id == meeting.id],
        [d for d in made if d.meeting_id != meeting.id],
    )


def freeze(scope: Scope, meeting: MeetingRow) -> dict[str, Any]:
    """What ``decided`` gives for the whole authority, to keep with a meeting as it is closed.

    ``made`` is what had come of each of these decisions, by its id, and of every decision on a
    case of the agenda.
    """
    whole = Scope.of_authority(scope.authority_id, scope.on)
    today, earlier = decided(whole, meeting)
    booked = sa.select(Booking.case_id).where(Booking.meeting_id == meeting.id)
    of_cases = _decided(whole, meeting, Decision.case_id.in_(booked))
    return {
        "today": [d.id for d in today],
        "earlier": [d.id for d in earlier],
        "made": {
            str(d.id): {
                "actions": [_plain(action) for action in d.actions],
                "onward": [_plain(referral) for referral in d.onward],
            }
            for d in (*today, *earlier, *of_cases)
        },
    }


def freeze_anew(scope: Scope, meeting: MeetingRow) -> dict[str, Any]:
    """What was kept at a meeting's close, with its own actions as they stand at its ratification.

    Who owns them, by when, what done looks like and that they were ended: what had been done of
    them stays as at the close.
    """
    kept = dict(meeting.carried or freeze(scope, meeting))
    whole = Scope.of_authority(scope.authority_id, scope.on)
    made = dict(kept["made"])
    for decision in _decided(whole, meeting, Decision.meeting_id == meeting.id):
        stood = made_by(meeting, decision)
        if stood is not None:
            actions = [_plain(action) for action in stood[0]]
            made[str(decision.id)] = {**made[str(decision.id)], "actions": actions}
    return {**kept, "made": made}


def made_by(
    meeting: MeetingRow, decision: Decided | DecisionRow
) -> tuple[tuple[ActionLine, ...], tuple[OnwardLine, ...]] | None:
    """What had come of a decision when a meeting was closed; None where that is not frozen.

    Until its minutes are ratified its own actions have their owner, day and what done looks like
    as they stand.
    """
    kept = (meeting.carried or {}).get("made", {}).get(str(decision.id))
    if kept is None:
        return None
    actions = _actions_kept(kept)
    if decision.meeting_id == meeting.id and meeting.ratified_at is None:
        actions = _as_they_stand(actions, decision.actions)
    return actions, tuple(OnwardLine(**_facts(referral)) for referral in kept["onward"])


def ratified(scope: Scope, meeting_ids: Collection[int]) -> Mapping[str, ActionLine]:
    """The actions made at those of these meetings whose minutes are ratified, by public id.

    They are as the minutes say them: one query.
    """
    found: dict[str, ActionLine] = {}
    for frozen in db.session.scalars(
        sa.select(Meeting.carried).where(
            Meeting.authority_id == scope.authority_id,
            Meeting.id.in_(meeting_ids),
            Meeting.ratified_at.is_not(None),
        )
    ):
        made = (frozen or {}).get("made", {})
        own = (made[str(one)] for one in (frozen or {}).get("today", ()) if str(one) in made)
        found |= {line.public_id: line for kept in own for line in _actions_kept(kept)}
    return found


def _actions_kept(kept: Mapping[str, Any]) -> tuple[ActionLine, ...]:
    return tuple(
        ActionLine(**_facts({"accepted_on": action["done_on"], **action}))
        for action in kept["actions"]
    )


def _as_they_stand(
    kept: Iterable[ActionLine], live: Iterable[ActionLine | MadeAction]
) -> tuple[ActionLine, ...]:
    now = {one.public_id: one for one in live}
    return tuple(
        replace(one, **{name: getattr(now[one.public_id], name) for name in UNTIL_RATIFIED})
        if one.public_id in now
        else one
        for one in kept
    )


def _as_it_stood(meeting: MeetingRow, decision: Decided) -> Decided:
    kept = made_by(meeting, decision)
    return replace(decision, actions=kept[0], onward=kept[1]) if kept else decision


def _plain(line: ActionLine | OnwardLine) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(line).items()
    }


def _facts(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in DAYS and value else value
        for name, value in kept.items()
    }


def _to_review(scope: Scope, meeting: MeetingRow) -> sa.ColumnElement[bool]:
    earlier = _earlier(scope, meeting)
    last = sa.select(Meeting.id).where(*earlier).order_by(Meeting.held_on.desc()).limit(1)
    since = sa.select(sa.func.max(Meeting.held_on)).where(*earlier).scalar_subquery()
    moving = sa.or_(
        sa.exists().where(
            Action.decision_id == Decision.id,
            sa.or_(
                action_states.still_open(), Action.accepted_on >= since, Action.ended_on >= since
            ),
        ),
        sa.exists().where(
            OnwardReferral.decision_id == Decision.id,
            sa.or_(OnwardReferral.answered_on.is_(None), OnwardReferral.answered_on >= since),
        ),
    )
    return sa.or_(
        Decision.meeting_id == meeting.id,
        Decision.meeting_id == last.scalar_subquery(),
        sa.and_(Decision.meeting_id.in_(sa.select(Meeting.id).where(*earlier)), moving),
    )


def _heard_again(meeting: MeetingRow) -> Any:
    """The day on which the case of a decision was heard again, up to a meeting's own day."""
    again, later = aliased(Booking), aliased(Meeting)
    return (
        sa.select(sa.func.min(later.held_on))
        .select_from(again)
        .join(later, later.id == again.meeting_id)
        .where(
            again.authority_id == Decision.authority_id,
            again.case_id == Decision.case_id,
            again.state == BookingState.HEARD,
            later.held_on > Decision.decided_on,
            later.held_on <= meeting.held_on,
        )
        .scalar_subquery()
    )


def _decided(scope: Scope, meeting: MeetingRow, which: sa.ColumnElement[bool]) -> list[Decided]:
    """Decisions that the asker sees, the latest day first, each day in its agenda's order.

    Not those on items from which they withdrew.
    """
    rows = db.session.execute(
        sa.select(
            Decision.id,
            Decision.meeting_id,
            Booking.public_id,
            PanelCase.public_id,
            Decision.case_id,
            Decision.decided_on,
            Decision.rationale,
            Decision.return_by,
            _heard_again(meeting),
        )
        .join(PanelCase, PanelCase.id == Decision.case_id)
        .join(Booking, Booking.id == Decision.booking_id)
        .where(
            Decision.authority_id == scope.authority_id,
            cases_seen(scope),
            takes_part(scope),
            which,
        )
        .order_by(
            Decision.decided_on.desc(),
            sa.case((Booking.item == PREVIOUS, 0), else_=1),
            Booking.position,
            Booking.id,
        )
    ).all()
    ids = [row[0] for row in rows]
    if not ids:
        return []
    of_case = children(scope, [row[4] for row in rows])
    outcomes, actions, onward = of_decisions(scope, ids), _actions(scope, ids), _onward(scope, ids)
    found = []
    for row in rows:
        made = (tuple(part.get(row[0], ())) for part in (outcomes, actions, onward))
        facts: list[Any] = [*row, *made, of_case.get(row[4], ())]
        found.append(Decided(*facts))
    return found


def _actions(scope: Scope, ids: list[int]) -> dict[int, list[ActionLine]]:
    found: dict[int, list[ActionLine]] = {}
    for decision, *line in db.session.execute(
        sa.select(
            Action.decision_id,
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.due,
            Action.progress,
            Action.done_on,
            Action.done_words,
            Action.done_means,
            Action.accepted_on,
            Action.ended_on,
            Action.ended_why,
        )
        .where(Action.authority_id == scope.authority_id, Action.decision_id.in_(ids))
        .order_by(sa.not_(action_states.still_open()), Action.due, Action.id)
    ):
        found.setdefault(decision or 0, []).append(ActionLine(*line))
    return found


def _onward(scope: Scope, ids: list[int]) -> dict[int, list[OnwardLine]]:
    found: dict[int, list[OnwardLine]] = {}
    for decision, public_id, words, person_id, made_on, answered_on, answer in db.session.execute(
        sa.select(
            OnwardReferral.decision_id,
            OnwardReferral.public_id,
            OnwardReferral.forum_words,
            OnwardReferral.person_id,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer,
        )
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.decision_id.in_(ids),
        )
        .order_by(OnwardReferral.made_on, OnwardReferral.id)
    ):
        about_person = person_id is not None
        found.setdefault(decision or 0, []).append(
            OnwardLine(
                public_id,
                "" if about_person else words,
                about_person,
                made_on,
                None if about_person else answered_on,
                "" if about_person else answer,
            )
        )
    return found

"""Messages of escalations and disputes that hold no longer: known by their keys and their paths."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store import action_states
from core.store.message_closed import ACTIONS, action_closed, shut_to
from core.store.notice_keys import IsoDay
from core.store.tables import (
    Action,
    Dispute,
    DisputeStage,
    Escalation,
    EscalationAnswer,
    EscalationTold,
    Message,
)

#: How their keys begin, which go on with the public id (core.usecases.escalating, disputing).
LATE, ASKED, ANSWERED = "escalation/", "dispute/", "dispute-answered/"
PUBLIC_ID = 14
_told = sa.and_(
    Escalation.action_id == Action.id,
    EscalationTold.escalation_id == Escalation.id,
    EscalationTold.account_id == Message.account_id,
    Action.authority_id == Message.authority_id,
)


def needless(on: date) -> sa.ColumnElement[bool]:
    """A message of a late action or a dispute that asks its addressee for nothing any more."""
    stands = _stands(on)
    late = sa.and_(Message.kind == "escalation", _exists(_one(), sa.not_(stands)))
    many = sa.and_(
        Message.kind == "escalations", _exists(_among()), sa.not_(_exists(_among(), stands))
    )
    return sa.or_(late, many, sa.and_(Message.kind == "dispute", _dispute_over()))


def _exists(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a stage that its addressee was told of is of these conditions."""
    own = (Action, Escalation, EscalationTold)
    return sa.exists().where(_told, *which).correlate_except(*own)


def _one() -> sa.ColumnElement[bool]:
    """The stage of which a message tells that is of one alone."""
    return sa.and_(
        Action.public_id == _id_after(LATE),
        Message.key
        == sa.literal(LATE)
        + Action.public_id
        + "/"
        + IsoDay(Escalation.due)
        + "/"
        + Escalation.stage
        + "/"
        + sa.cast(EscalationTold.account_id, sa.Text()),
    )


def _among() -> sa.ColumnElement[bool]:
    """The stages of the actions of which a message of many tells."""
    return Message.body.contains(sa.literal(ACTIONS) + Action.public_id + "/")


def _stands(on: date) -> sa.ColumnElement[bool]:
    """Whether an action is late still by the same day, and waits for who was told at a stage."""
    answered = (
        sa.exists()
        .where(
            EscalationAnswer.escalation_id == Escalation.id,
            EscalationAnswer.by == EscalationTold.account_id,
        )
        .correlate_except(EscalationAnswer)
    )
    shut = shut_to(Action.authority_id, EscalationTold.account_id, on)
    return sa.and_(
        Action.due == Escalation.due,
        Action.done_on.is_(None),
        action_states.still_open(),
        sa.not_(answered),
        sa.not_(action_closed(shut)),
    )


def _dispute_over() -> sa.ColumnElement[bool]:
    """Whether a dispute has ended, or waits no more for the person whom a message asks.

    Who answers for the child is asked until their stage is answered or it goes further; the
    reviewing officer who is told of an answer, until it goes further.
    """
    further = DisputeStage.moved_on.is_not(None)
    answered = DisputeStage.answered_on.is_not(None)
    return (
        sa.exists()
        .where(
            Dispute.authority_id == Message.authority_id,
            DisputeStage.dispute_id == Dispute.id,
            sa.or_(
                sa.and_(_of_stage(ASKED), sa.or_(answered, further, Dispute.ended_on.is_not(None))),
                sa.and_(_of_stage(ANSWERED), sa.or_(further, Dispute.ended_on.is_not(None))),
            ),
        )
        .correlate_except(Dispute, DisputeStage)
    )


def _of_stage(begins: str) -> sa.ColumnElement[bool]:
    key = sa.literal(begins) + Dispute.public_id + "/" + DisputeStage.stage + "/"
    return sa.and_(
        Dispute.public_id == _id_after(begins),
        Message.key == key + sa.cast(Message.account_id, sa.Text()),
    )


def _id_after(begins: str) -> Any:
    return sa.func.substr(Message.key, len(begins) + 1, PUBLIC_ID)

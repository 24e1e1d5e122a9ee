"""Invitations to meetings: whom each meeting concerns, and what their calendars were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from core.domain.inviting import Change, Held, Told
from core.domain.meeting import OFF_AGENDA, MeetingState
from core.domain.notice_plan import NoticeKind
from core.domain.sending import STOPPABLE, MessageState
from core.store import child_people
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import (
    Account,
    Booking,
    CaseChild,
    CaseInvitee,
    Child,
    Invitation,
    Meeting,
    Message,
    Notice,
    NoticeCopy,
    PanelCase,
)

ASKED, TAKEN_BACK = "invitation", "invitation-taken-back"
KINDS = (ASKED, TAKEN_BACK)
CANCELLED = "Not sent: the meeting was cancelled"
REPLACED = "Not sent: what came later says it anew"
NOT_CONCERNED = "Not sent: the meeting no longer concerns them"


@dataclass(frozen=True, slots=True)
class Meets:
    """A meeting that has not begun, or one that was cancelled."""

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str


@dataclass(frozen=True, slots=True)
class Reached:
    """An account that can be written to."""

    id: int
    name: str
    address: str


def to_follow(scope: Scope, until: date) -> list[Meets]:
    """The meetings planned until a day, and any other of which a calendar holds something."""
    told = sa.select(Invitation.meeting_id).where(
        Invitation.authority_id == scope.authority_id,
        sa.not_(Invitation.ended),
        Invitation.held_on >= scope.on,
    )
    rows = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.state,
        )
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.CANCELLED)),
            Meeting.held_on >= scope.on,
            sa.or_(
                sa.and_(Meeting.state == MeetingState.PLANNED, Meeting.held_on <= until),
                Meeting.id.in_(told),
            ),
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [Meets(*row) for row in rows]


def brought_by_cases(scope: Scope, meeting_ids: Iterable[int]) -> dict[int, set[int]]:
    """By meeting, who comes for a case on its agenda: four queries at most.

    Its referrer, the managers of its children's teams, and whoever is invited to it; for a case
    with a restricted or sealed child only those of them who are named for that record.
    """
    booked = (
        Booking.authority_id == scope.authority_id,
        Booking.meeting_id.in_(list(meeting_ids)),
        Booking.state.not_in(OFF_AGENDA),
    )
    children = db.session.execute(
        sa.select(
            Booking.meeting_id,
            Booking.case_id,
            PanelCase.referrer_id,
            Child.id,
            Child.team_id,
            Child.closed_to,
        )
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .join(Child, Child.id == CaseChild.child_id)
        .where(*booked, CaseChild.withdrawn_at.is_(None))
    ).all()
    invited = db.session.execute(
        sa.select(Booking.meeting_id, Booking.case_id, CaseInvitee.account_id)
        .join(CaseInvitee, CaseInvitee.case_id == Booking.case_id)
        .where(*booked, held(CaseInvitee, scope.on))
    ).all()
    managers: dict[int, set[int]] = {}
    for one in child_people.managing(scope, {row.team_id for row in children if row.team_id}):
        managers.setdefault(one.place, set()).add(one.account_id)
    come: dict[tuple[int, int], set[int]] = {}
    closed: dict[int, set[int]] = {}
    for row in children:
        who = come.setdefault((row.meeting_id, row.case_id), set())
        who |= managers.get(row.team_id or 0, set())
        if row.referrer_id is not None:
            who.add(row.referrer_id)
        if row.closed_to:
            closed.setdefault(row.case_id, set()).add(row.id)
    for asked in invited:
        come.setdefault((asked.meeting_id, asked.case_id), set()).add(asked.account_id)
    records = {child_id for ids in closed.values() for child_id in ids}
    named = child_people.named_for(scope, records) if records else set()
    found: dict[int, set[int]] = {}
    for (meeting_id, case_id), who in come.items():
        of_case = closed.get(case_id, ())
        found.setdefault(meeting_id, set()).update(
            one for one in who if all((child_id, one) in named for child_id in of_case)
        )
    return found


def reached(scope: Scope, account_ids: Iterable[int]) -> dict[int, Reached]:
    """Those of the accounts that can be written to."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.email).where(
            Account.authority_id == scope.authority_id,
            Account.active,
            Account.id.in_(sorted(set(account_ids))),
        )
    )
    return {row[0]: Reached(*row) for row in rows}


def key_of(public_id: str, account_id: int, sequence: int) -> str:
    """The key of what somebody’s calendar is told of a meeting under this sequence."""
    return f"invitation {public_id} {account_id} {sequence}"


def _key() -> sa.ColumnElement[str]:
    """The key of what a calendar was told last (``key_of``)."""
    numbers = (Invitation.account_id, Invitation.sequence)
    account_id, sequence = (sa.cast(one, sa.Text()) for one in numbers)
    return sa.literal("invitation ") + Meeting.public_id + " " + account_id + " " + sequence


def _went(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a message of these was sent, or may have been."""
    return sa.exists().where(
        Message.authority_id == Invitation.authority_id,
        *which,
        sa.or_(
            Message.state.in_((MessageState.SENT, MessageState.SENDING)),
            Message.maybe_sent_at.is_not(None),
        ),
    )


def held_by(scope: Scope, meeting_ids: Iterable[int]) -> dict[tuple[int, int], Held]:
    """What calendars hold, by meeting and account: one query."""
    went = _went(
        Message.meeting_id == Invitation.meeting_id,
        Message.account_id == Invitation.account_id,
        Message.kind.in_(KINDS),
    )
    rows = db.session.execute(
        sa.select(
            Invitation.meeting_id,
            Invitation.account_id,
            Invitation.sequence,
            Invitation.told,
            Invitation.ended,
            Invitation.known,
            went.label("went"),
            _went(Message.key == _key()).label("last_went"),
        )
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.authority_id == scope.authority_id,
            Invitation.meeting_id.in_(list(meeting_ids)),
        )
    )
    return {
        (row.meeting_id, row.account_id): Held(
            row.sequence,
            Told.of_kept(row.told),
            row.ended,
            bool(row.went),
            Told.of_kept(row.known) if row.known else None,
            not row.last_went,
        )
        for row in rows
    }


def keep(scope: Scope, meeting_id: int, account_id: int, change: Change, *, ended: bool) -> None:
    """Keep what is told now, in the transaction under way; the caller holds the authority."""
    values = {
        "sequence": change.sequence,
        "told": change.told.kept(),
        "known": change.known.kept() if change.known is not None else None,
        "held_on": change.told.on,
        "ended": ended,
    }
    mine = (
        Invitation.authority_id == scope.authority_id,
        Invitation.meeting_id == meeting_id,
        Invitation.account_id == account_id,
    )
    done = db.session.execute(sa.update(Invitation).where(*mine).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            sa.insert(Invitation).values(
                authority_id=scope.authority_id,
                meeting_id=meeting_id,
                account_id=account_id,
                **values,
            )
        )


def stop_waiting(scope: Scope, who: Mapping[tuple[int, int], str], at: datetime) -> None:
    """Stop what waits to tell these (meeting, account) of a meeting, each with its reason.

    What may have been sent once stays stopped too: what is told next takes its place. So does what
    could not be sent: tried again, it would ask somebody to what is not so any more.
    """
    for (meeting_id, account_id), why in who.items():
        db.session.execute(
            sa.update(Message)
            .where(
                Message.authority_id == scope.authority_id,
                Message.meeting_id == meeting_id,
                Message.account_id == account_id,
                Message.kind.in_(KINDS),
                Message.state.in_(STOPPABLE),
            )
            .values(state=MessageState.STOPPED, stopped_at=at, said=why)
        )


def stop_of_cancelled(scope: Scope, at: datetime) -> dict[str, list[str]]:
    """Stop what waits to tell of a meeting from before it was cancelled.

    Gives to whom it was, by the public ids of the meetings.
    """
    stopped = db.session.execute(
        sa.update(Message)
        .where(*_of_cancelled(scope))
        .values(state=MessageState.STOPPED, stopped_at=at, said=CANCELLED)
        .returning(Message.meeting_id, Message.to_name)
        .execution_options(synchronize_session=False)
    ).all()
    of = sa.select(Meeting.id, Meeting.public_id).where(
        Meeting.authority_id == scope.authority_id,
        Meeting.id.in_({meeting_id for meeting_id, _ in stopped}),
    )
    meetings = {row.id: row.public_id for row in db.session.execute(of)} if stopped else {}
    found: dict[str, list[str]] = {}
    for meeting_id, name in stopped:
        found.setdefault(meetings[meeting_id], []).append(name)
    return found


def waits_of_cancelled(scope: Scope) -> bool:
    """Whether anything waits to tell of a meeting from before it was cancelled."""
    query = sa.select(Message.id).where(*_of_cancelled(scope)).limit(1)
    return db.session.execute(query).first() is not None


def _of_cancelled(scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    """What was put there before its meeting was cancelled, and may go still.

    Invitations are taken back by ``stop_waiting``; a notice that says that a case is off still
    goes.
    """
    cancelled = sa.exists().where(
        Meeting.authority_id == scope.authority_id,
        Meeting.id == Message.meeting_id,
        Meeting.state == MeetingState.CANCELLED,
        Meeting.cancelled_at > Message.queued_at,
    )
    off = sa.exists().where(
        NoticeCopy.authority_id == scope.authority_id,
        NoticeCopy.message_id == Message.id,
        Notice.id == NoticeCopy.notice_id,
        Notice.kind == NoticeKind.CALLED_OFF,
    )
    return (
        Message.authority_id == scope.authority_id,
        Message.state.in_(STOPPABLE),
        Message.kind.not_in(KINDS),
        cancelled,
        sa.not_(off),
    )

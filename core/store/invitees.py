"""Who is invited to one case, from when and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa

from core.domain.meeting import OVER, BookingState
from core.store.agenda import AgendaChild, children
from core.store.database import db
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import cases_seen, held
from core.store.tables import Account, Booking, CaseInvitee, Meeting, PanelCase
from core.store.withdrawn_sight import takes_part

MOST = 50


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody invited to a case, who sees it now."""

    account_id: int
    public_id: str
    name: str
    job: str
    since: date


def of_case(scope: Scope, case_id: int) -> list[Invitee]:
    """Who is invited to a case that the asker sees, by name."""
    return [
        Invitee(*row)
        for row in db.session.execute(
            sa.select(Account.id, Account.public_id, Account.name, Account.job, CaseInvitee.since)
            .join(CaseInvitee, CaseInvitee.account_id == Account.id)
            .join(PanelCase, PanelCase.id == CaseInvitee.case_id)
            .where(
                CaseInvitee.authority_id == scope.authority_id,
                CaseInvitee.case_id == case_id,
                held(CaseInvitee, scope.on),
                cases_seen(scope),
            )
            .order_by(Account.name, Account.id)
        )
    ]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A case to which the asker is invited: its item on an agenda, when and where it is heard.

    ``withdrawn`` says when and why the case was withdrawn from that agenda, "" where it was not.
    ``planning`` is the public id of the meeting, where it is a planning meeting about one child.
    """

    item: str
    held_on: date
    starts_at: time
    place: str
    children: tuple[AgendaChild, ...]
    withdrawn: str = ""
    planning: str = ""


def own(scope: Scope) -> Some[Invitation]:
    """The cases to which the asker is invited, until the minutes are ratified: three queries."""
    rows = first(
        sa.select(
            Booking.public_id,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Booking.case_id,
            sa.case((Booking.state == BookingState.WITHDRAWN, Booking.why), else_="").label("off"),
            sa.case((Meeting.of_one_child, Meeting.public_id), else_="").label("planning"),
        )
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .join(CaseInvitee, CaseInvitee.case_id == Booking.case_id)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.state != BookingState.TABLED,
            Meeting.ratified_at.is_(None),
            sa.or_(sa.not_(Meeting.of_one_child), Meeting.state.not_in(OVER)),
            CaseInvitee.authority_id == scope.authority_id,
            CaseInvitee.account_id == scope.account_id,
            held(CaseInvitee, scope.on),
            cases_seen(scope),
            takes_part(scope),
        )
        .order_by(Meeting.held_on, Meeting.starts_at, Booking.id),
        MOST,
    )
    of_case = children(scope, [row.case_id for row in rows]) if rows else {}
    found = (
        Invitation(
            row[0], row[1], row[2], row[3], of_case.get(row.case_id, ()), row.off, row.planning
        )
        for row in rows
    )
    return Some(found, rows.more)


def invite(scope: Scope, case_id: int, account_id: int, until: date | None = None) -> None:
    """Invite somebody to a case from today, until a day or for good."""
    values = {"since": scope.on, "until": until, "invited_by": scope.account_id}
    mine = (
        CaseInvitee.authority_id == scope.authority_id,
        CaseInvitee.case_id == case_id,
        CaseInvitee.account_id == account_id,
    )
    done = db.session.execute(sa.update(CaseInvitee).where(*mine).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            sa.insert(CaseInvitee).values(
                authority_id=scope.authority_id, case_id=case_id, account_id=account_id, **values
            )
        )


def end(scope: Scope, case_id: int, account_id: int) -> bool:
    """End an invitation today, in the transaction under way; False where there is none."""
    done = db.session.execute(
        sa.update(CaseInvitee)
        .where(
            CaseInvitee.authority_id == scope.authority_id,
            CaseInvitee.case_id == case_id,
            CaseInvitee.account_id == account_id,
            held(CaseInvitee, scope.on),
        )
        .values(until=scope.on)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def end_of_meeting(scope: Scope, meeting_id: int) -> int:
    """End every invitation to the cases heard at a meeting; gives how many there were."""
    done = db.session.execute(
        sa.update(CaseInvitee)
        .where(
            CaseInvitee.authority_id == scope.authority_id,
            CaseInvitee.case_id.in_(
                sa.select(Booking.case_id).where(
                    Booking.authority_id == scope.authority_id,
                    Booking.meeting_id == meeting_id,
                    Booking.state != BookingState.TABLED,
                )
            ),
            held(CaseInvitee, scope.on),
        )
        .values(until=scope.on)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def last_until(scope: Scope, case_id: int, account_ids: Collection[int], until: date) -> None:
    """Let the invitations of these people to a case last until a day, also one that was over."""
    db.session.execute(
        sa.update(CaseInvitee)
        .where(
            CaseInvitee.authority_id == scope.authority_id,
            CaseInvitee.case_id == case_id,
            CaseInvitee.account_id.in_(sorted(account_ids)),
        )
        .values(until=until)
    )


def end_on(scope: Scope, case_id: int, on: date) -> None:
    """End every invitation to a case that lasts longer on a day, in the transaction under way."""
    db.session.execute(
        sa.update(CaseInvitee)
        .where(
            CaseInvitee.authority_id == scope.authority_id,
            CaseInvitee.case_id == case_id,
            sa.or_(CaseInvitee.until.is_(None), CaseInvitee.until > on),
        )
        .values(until=on)
    )

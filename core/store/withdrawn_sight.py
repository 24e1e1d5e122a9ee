"""What somebody who withdrew from an item does not see of it, as SQL conditions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.store.scope import Scope
from core.store.tables import Booking, Withdrawal
from core.store.tables.meetings import Meeting

#: Made once, because nearly every page asks through them.
_HERE, _LATER, _ITEM = aliased(Booking), aliased(Booking), aliased(Booking)
_HELD = aliased(Meeting)


def _out(scope: Scope) -> sa.Select[Any]:
    """The items that the asker has withdrawn from and not come back to."""
    return (
        sa.select(Withdrawal.booking_id)
        .where(
            Withdrawal.authority_id == scope.authority_id,
            Withdrawal.account_id == scope.account_id if scope.account_id else sa.false(),
            Withdrawal.ended_at.is_(None),
        )
        .correlate(None)
    )


def takes_part(scope: Scope) -> ColumnElement[bool]:
    """True for the items (rows of ``booking``) that the asker has not withdrawn from."""
    if scope.account_id is None:
        return sa.true()
    return Booking.id.not_in(_out(scope))


def takes_part_in_all(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings from none of whose items the asker has withdrawn.

    What is filed with a meeting as a whole, such as its minutes, cannot leave an item out.
    """
    if scope.account_id is None:
        return sa.true()
    meetings = sa.select(_ITEM.meeting_id).where(
        _ITEM.authority_id == scope.authority_id, _ITEM.id.in_(_out(scope))
    )
    return Meeting.id.not_in(meetings.correlate(None))


def withdrawn_cases(scope: Scope) -> sa.Select[Any]:
    """The cases from which the asker has withdrawn.

    They are out of a case while they are out of the last of its items, by when it was booked and
    not by the meeting's day: a withdrawal follows the case to each (core.store.withdrawals), until
    the chair lets them come back. A case that a cancelled meeting left waiting for a place has that
    meeting's item as its last: nobody has let them come back to it yet.
    """
    goes_on = (
        sa.exists()
        .where(
            _LATER.authority_id == scope.authority_id,
            _LATER.case_id == _HERE.case_id,
            _LATER.turn > _HERE.turn,
        )
        .correlate(_HERE)
    )
    return (
        sa.select(_HERE.case_id)
        .where(
            _HERE.authority_id == scope.authority_id,
            _HERE.id.in_(_out(scope)),
            sa.not_(goes_on),
        )
        .correlate(None)
    )


def withdrawn_at(scope: Scope, meeting_public_id: str) -> sa.Select[Any]:
    """The cases from whose item at this meeting the asker has withdrawn."""
    return (
        sa.select(_ITEM.case_id)
        .join(_HELD, _HELD.id == _ITEM.meeting_id)
        .where(
            _ITEM.authority_id == scope.authority_id,
            _HELD.authority_id == scope.authority_id,
            _HELD.public_id == meeting_public_id,
            _ITEM.id.in_(_out(scope)),
        )
        .correlate(None)
    )

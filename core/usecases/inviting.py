"""Somebody invited to one case: they see it, its children and its papers until it is ratified."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.sight import MAY_STATE_A_REASON
from core.store import accounts, audit, cases, invitees, items, meetings
from core.store.database import writing
from core.store.items import ItemRow
from core.store.scope import Scope


def invite(scope: Scope, booking: str, who: str, at: datetime) -> str:
    """Invite a colleague, by their public id, to the case of an item; gives their name."""
    with writing():
        item = _item(scope, booking)
        able = accounts.colleagues(scope, roles=MAY_STATE_A_REASON)
        person = next((one for one in able if one.public_id == who), None)
        if person is None:
            raise Refused(Finding("Choose whom to invite", field="invitee"))
        if any(one.account_id == person.id for one in invitees.of_case(scope, item.case_id)):
            raise Refused(Finding(f"{person.name} is invited already", field="invitee"))
        invitees.invite(scope, item.case_id, person.id)
        audit.changed(
            scope,
            at,
            "invite to case",
            "case",
            item.case_public_id,
            after={"invited": person.name, "account": person.public_id},
        )
        return person.name


def end(scope: Scope, booking: str, who: str, at: datetime) -> None:
    """End an invitation to the case of an item."""
    with writing():
        item = _item(scope, booking)
        person = next(
            (one for one in invitees.of_case(scope, item.case_id) if one.public_id == who), None
        )
        if person is None or not invitees.end(scope, item.case_id, person.account_id):
            raise Refused(Finding("They are not invited any more", field="invitee"))
        audit.changed(
            scope,
            at,
            "end invitation to case",
            "case",
            item.case_public_id,
            before={"invited": person.name, "account": person.public_id},
        )


def _item(scope: Scope, booking: str) -> ItemRow:
    """The item, its meeting and its case held: nothing is ratified or invited to meanwhile."""
    item = items.find(scope, booking)
    if item is not None:
        meetings.lock(scope, item.meeting_id)
        cases.case_by_public_id(scope, item.case_public_id, lock=True)
        item = items.find(scope, booking)
    meeting = meetings.find_by_id(scope, item.meeting_id) if item is not None else None
    if item is None or meeting is None:
        raise Refused(Finding("This case is not on the agenda any more", field="invitee"))
    if meeting.ratified_at is not None:
        raise Refused(
            Finding("The minutes are ratified: nobody is invited to it any more", field="invitee")
        )
    return item

"""Who takes the chair, and the decision whether a meeting goes ahead without a usual chair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.chair_order import out_of_order
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.meeting import Person, usual_chair
from core.domain.procedure.forms import LONG_TEXT_MOST, TEXT_MOST, too_long
from core.domain.procedure.membership import Attendee
from core.registry import Registry
from core.store import audit, meetings, seats
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.standing import Standing, begun, locked


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether a meeting goes ahead without a usual chair; ``by`` is an account's id."""

    goes_ahead: bool | None
    by: int | None
    asked_by: str
    on: date | None
    reason: str
    seen: bool | None = None


def take_chair(
    scope: Scope,
    registry: Registry,
    public_id: str,
    account_id: int | None,
    at: datetime,
    why: str = "",
) -> str:
    """Name the chair among those here, and give their name.

    Refused where the procedure does not let them chair, and without a reason where the order of
    the chair gives somebody else: the reason is kept.
    """
    with writing():
        now = locked(scope, registry, public_id)
        begun(scope, now, "chair")
        chosen = next(
            (a for a in now.attendance.members_here if a.person and a.person == str(account_id)),
            None,
        )
        if chosen is None:
            raise Refused(Finding("Choose who takes the chair, among those here", field="chair"))
        rule = now.body.chairing
        if rule is not None:
            faults = rule.findings(replace(now.attendance, chair=chosen))
            if blocking(faults):
                raise Refused(*faults)
        why = _reason(now, chosen, why)
        meetings.change(scope, now.meeting.id, {"chair_id": account_id, "chair_why": why})
        audit.changed(
            scope,
            at,
            "take chair",
            "meeting",
            public_id,
            before={"chair": now.chair.name if now.chair else ""},
            after={"chair": chosen.name},
            why=why,
        )
    return chosen.name


def _reason(now: Standing, chosen: Attendee, why: str) -> str:
    """Why somebody is named whom the order does not give; "" for whom it gives."""
    found = out_of_order(now.body, now.attendance, chosen)
    if found is None:
        return ""
    if not (why := why.strip()):
        asked = f"{found.message}: give the reason"
        raise Refused(replace(found, message=asked, strength=Strength.BLOCKS))
    if long := too_long(why, LONG_TEXT_MOST):
        raise Refused(Finding(long, field="chair-why"))
    return why


def record_leave(
    scope: Scope, registry: Registry, public_id: str, leave: Leave, at: datetime
) -> None:
    """Record whether a meeting goes ahead with no usual chair: who decided, whom asked, why."""
    with writing():
        now = locked(scope, registry, public_id)
        rule = now.body.chairing
        if rule is None or usual_chair(now.body, now.attendance) is not None:
            raise Refused(Finding("Somebody who usually chairs is here: no decision is needed"))
        if rule.still_expected(now.attendance):
            raise Refused(
                Finding(
                    "Somebody who usually chairs is still expected: mark their apologies first",
                    field="attendance",
                )
            )
        if now.meeting.leave_given is not leave.seen:
            raise Refused(
                Finding(
                    "Somebody else recorded this decision while you did: it is shown here now",
                    field="goes-ahead",
                )
            )
        deciders = leave_deciders(scope, now)
        by = next((person for person in deciders if person.id == leave.by), None)
        faults = []
        if leave.goes_ahead is None:
            faults.append(Finding("Say whether the meeting goes ahead", field="goes-ahead"))
        if by is None:
            faults.append(Finding("Say who decided", field="decided-by"))
        if not leave.asked_by:
            faults.append(Finding("Say who asked for the decision", field="asked-by"))
        if leave.on is None or leave.on > scope.on:
            faults.append(Finding("Enter the date of the decision, not in the future", field="on"))
        if not leave.reason:
            faults.append(Finding("Give the reason for the decision", field="reason"))
        for text, most, field in (
            (leave.reason, LONG_TEXT_MOST, "reason"),
            (leave.asked_by, TEXT_MOST, "asked-by"),
        ):
            if long := too_long(text, most):
                faults.append(Finding(long, field=field))
        if faults or by is None or leave.on is None:
            raise Refused(*(replace(f, code=rule.code, clauses=rule.clauses) for f in faults))
        values = {
            "leave_given": leave.goes_ahead,
            "leave_by": by.name,
            "leave_asked_by": leave.asked_by,
            "leave_on": leave.on,
            "leave_reason": leave.reason,
        }
        meetings.change(scope, now.meeting.id, values)
        audit.changed(
            scope,
            at,
            "record leave",
            "meeting",
            public_id,
            before={"leave_given": now.meeting.leave_given},
            after={**values, "leave_on": leave.on.isoformat()},
            why=leave.reason,
        )


def leave_deciders(scope: Scope, now: Standing) -> tuple[Person, ...]:
    """Who holds the office that decides whether the meeting goes ahead, on the meeting's date."""
    rule = now.body.chairing
    if rule is None:
        return ()
    found = seats.holders(scope, now.meeting.procedure_code, "", now.meeting.held_on)
    return tuple(found.get(rule.leave_from, ()))

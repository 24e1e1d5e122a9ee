"""Opening a child outside one's own sight for a stated reason, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.finding import Finding, Refused
from core.domain.reason import SOME_WORDS, reason_fault
from core.store import audit, reasons
from core.store.database import writing
from core.store.scope import Scope

LASTS = timedelta(hours=1)
MOST_TRIES = 10
MOST_ID = 64
NOT_FOUND = Finding(
    "No record can be opened with what you typed. Check the local id, and the date of birth or the "
    "family name",
    field="local-id",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is typed: the child's local id, one or both of two things to be sure, and why."""

    local_id: str
    born: date | None
    family_name: str
    reason: str


def open_record(scope: Scope, wanted: Wanted, at: datetime) -> str:
    """Open a child for an hour; gives the child's public id.

    A child who is not there, not the one meant, or closed to the asker is refused with the same
    words; each such try is recorded, and after ten within an hour there are no more.
    """
    if faults := _faults(wanted):
        raise Refused(*faults)
    refusal: Finding | None = None
    child_public_id = ""
    with writing():
        tries = reasons.refused_since(scope, at - LASTS)
        if len(tries) >= MOST_TRIES:
            raise Refused(_too_many(at, tries[0]))
        child = reasons.by_local_id(scope, wanted.local_id)
        if child is None or not _meant(child, wanted) or (child.closed and not child.seen):
            refusal = NOT_FOUND
            typed = {"local_id": wanted.local_id}
            audit.changed(scope, at, reasons.REFUSED, "child", "", after=typed, why=wanted.reason)
        elif child.seen:
            child_public_id = child.public_id
        else:
            until = at + LASTS
            reasons.state(scope, child.id, wanted.reason, at, until)
            child_public_id = child.public_id
            audit.changed(
                scope,
                at,
                "open record",
                "child",
                child.public_id,
                after={"until": until.isoformat(timespec="minutes")},
                why=wanted.reason,
            )
    if refusal is not None:
        raise Refused(refusal)
    return child_public_id


def end(scope: Scope, public_id: str, at: datetime) -> bool:
    """End what the asker opened, before its hour is over; False where it has ended already."""
    with writing():
        child = reasons.end(scope, public_id, at)
        if child is None:
            return False
        audit.changed(scope, at, "close record", "child", child)
        return True


def read(scope: Scope, public_id: str, at: datetime) -> bool:
    """Say that one has read who opened a child and why; False where that is nobody's to say now."""
    with writing():
        told = next(iter(reasons.told(scope, public_id)), None)
        if told is None:
            return False
        reasons.read(scope, public_id, at)
        audit.changed(
            scope,
            at,
            "read of opened record",
            "child",
            told.child_public_id,
            after={"opened by": told.by, "opened at": told.since.isoformat(timespec="minutes")},
            why=told.reason,
        )
        return True


def _faults(wanted: Wanted) -> tuple[Finding, ...]:
    faults = []
    if not wanted.local_id or len(wanted.local_id) > MOST_ID:
        faults.append(Finding("Enter the child's local id", field="local-id"))
    if wanted.born is None and not wanted.family_name:
        faults.append(
            Finding("Enter the date of birth or the family name, to be sure", field="family-name")
        )
    if len(wanted.reason.split()) < SOME_WORDS:
        faults.append(Finding("Say why you need to see this record, in some words", field="reason"))
    elif wrong := reason_fault(wanted.reason, field="reason"):
        faults.append(wrong)
    return tuple(faults)


def _meant(child: reasons.Asked, wanted: Wanted) -> bool:
    """Whether what was typed to be sure is so of the child; all of it, where both were typed."""
    born = wanted.born is None or wanted.born == child.born
    typed = wanted.family_name.casefold()
    return born and (not typed or typed == child.family_name.strip().casefold())


def _too_many(at: datetime, first: datetime) -> Finding:
    minutes = max(1, -(-int((first + LASTS - at).total_seconds()) // 60))
    return Finding(
        f"No record was found {MOST_TRIES} times within an hour. Try again in {minutes} "
        f"{'minute' if minutes == 1 else 'minutes'}, or ask the child's team",
        field="local-id",
    )

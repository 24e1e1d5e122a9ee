"""Taking out of a seat a stay that was entered by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import Presence, Seat, Stay, same_person
from core.registry import Registry
from core.store import audit, decisions, declarations, meetings, seats
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.attendance import clash_of, kept, said
from core.usecases.attended import stay_words
from core.usecases.standing import Standing, locked


def remove_stay(
    scope: Scope,
    registry: Registry,
    public_id: str,
    key: str,
    number: int,
    seen: int,
    at: datetime,
) -> Standing:
    """Remove one stay of a seat, by its number from 1, and give how the meeting stands then.

    Who sat there when it began sits there again; with nobody before, the holder is expected.
    Refused where an item has recorded somebody since as one who was there: as present at its
    decision, or with a declaration. SeatClash where somebody else changed the seat.
    """
    with writing():
        before = locked(scope, registry, public_id)
        old = before.seat(key)
        if old is None or not 1 <= number <= len(old.stays):
            raise Refused(Finding("This seat has no such stay any more", field=f"seat-{key}"))
        stay = old.stays[number - 1]
        new = _without(old, number - 1)
        if old.version != seen:
            raise clash_of(scope, public_id, new, old, at)
        _not_recorded(scope, before, old, stay)
        decided = meetings.has_decided(scope, before.meeting.id)
        after = kept(scope, public_id, before, (old, new), decided, at)
        audit.changed(
            scope,
            at,
            "remove stay",
            seats.SUBJECT,
            seats.subject_id(public_id, old),
            before={"seat": said(old), "stay": stay_words(stay, before.meeting.held_on)},
            after={"seat": said(new)},
            why="Entered by mistake",
        )
    return after


def _without(old: Seat, index: int) -> Seat:
    """The seat without one of its stays."""
    if index < len(old.earlier):
        return replace(old, earlier=(*old.earlier[:index], *old.earlier[index + 1 :]))
    gone = old.stays[index]
    if not old.earlier:
        return replace(
            old,
            sitter=old.holder,
            substitute=False,
            state=Presence.EXPECTED,
            arrived_at=None,
            left_at=None,
        )
    last = old.earlier[-1]
    stayed = last.left_at == gone.arrived_at and same_person(last.who) != same_person(gone.who)
    holder = old.holder
    if holder is not None and same_person(last.who) == same_person(holder):
        who = holder
    else:
        who = last.who
    return replace(
        old,
        sitter=who,
        substitute=last.substitute,
        state=Presence.PRESENT if stayed else Presence.LEFT,
        arrived_at=last.arrived_at,
        left_at=None if stayed else last.left_at,
        earlier=old.earlier[:-1],
    )


def _not_recorded(scope: Scope, now: Standing, seat: Seat, stay: Stay) -> None:
    """Refuse where an item has recorded that they were there."""
    mine = f"{stay.who.name} ({seat.post.title}"
    others = sum(same_person(one.who) == same_person(stay.who) for one in seat.stays) - 1
    for recorded_at, present in decisions.present_at(scope, now.meeting.id):
        within = stay.arrived_at <= recorded_at <= (stay.left_at or recorded_at)
        listed = any(line.startswith(mine) for line in present.splitlines())
        if listed and (within or not others):
            message = f"{stay.who.name} is recorded as present when an item was decided"
            raise Refused(Finding(f"{message}: this stays", field=f"seat-{seat.key}"))
    if not others and stay.who.name in declarations.made_by(scope, now.meeting.id):
        message = f"{stay.who.name} has made a declaration on an item: this stays"
        raise Refused(Finding(message, field=f"seat-{seat.key}"))

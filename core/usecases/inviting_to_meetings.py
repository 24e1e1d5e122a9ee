"""Calendars follow the meetings: what each person was told last is compared with what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.domain.dates import at_clock, day
from core.domain.inviting import (
    AHEAD,
    AHEAD_IN_DEMO,
    Change,
    Method,
    Told,
    change,
    minutes,
)
from core.domain.meeting import MeetingState, Presence
from core.domain.procedure.bodies import Body
from core.notices.invitation import Organizer, invitation
from core.registry import Registry
from core.store import authorities, inviting, outbox, place_names, seats
from core.store.database import let_go, writing
from core.store.inviting import Meets, Reached
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.notices_stopped import audited

__all__ = ["MADE_UP_SENDER", "Organizer", "follow"]

#: Whose invitations those of made-up data are, where no mail server is set.
MADE_UP_SENDER = "permanence@permanence.example"


@dataclass(frozen=True, slots=True)
class Differs:
    """What is to be told to one person about one meeting."""

    meeting: Meets
    account_id: int
    change: Change


def follow(
    scope: Scope, registry: Registry, organizer: Organizer, at: datetime, *, demo: bool = False
) -> int:
    """Bring every calendar of an authority up to its meetings; gives how many were told something.

    What waits and holds no longer is stopped. Nothing is written where nothing differs. A meeting
    that has begun, or is over, is left alone. A dozen queries, however many meetings there are.
    """
    differs = _differences(scope, registry, at, demo=demo)
    stale = inviting.waits_of_cancelled(scope)
    let_go()
    if not differs and not stale:
        return 0
    with writing():
        authorities.lock(scope)
        if stale:
            for meeting, names in inviting.stop_of_cancelled(scope, at).items():
                audited(scope, meeting, {"to": sorted(names)}, inviting.CANCELLED, at)
        differs = _differences(scope, registry, at, demo=demo)
        inviting.stop_waiting(scope, {_key(one): _why_stopped(one) for one in differs}, at)
        for one in differs:
            ended = one.change.method is not Method.REQUEST
            inviting.keep(scope, one.meeting.id, one.account_id, one.change, ended=ended)
        outbox.put(scope, _letters(differs, organizer, at), at)
    return len(differs)


def _key(one: Differs) -> tuple[int, int]:
    return one.meeting.id, one.account_id


def _why_stopped(one: Differs) -> str:
    if one.change.method is Method.REQUEST:
        return inviting.REPLACED
    if one.meeting.state == MeetingState.CANCELLED:
        return inviting.CANCELLED
    return inviting.NOT_CONCERNED


def _differences(scope: Scope, registry: Registry, at: datetime, *, demo: bool) -> list[Differs]:
    until = scope.on + (AHEAD_IN_DEMO if demo else AHEAD)
    found = [
        one
        for one in inviting.to_follow(scope, until)
        if one.state == MeetingState.CANCELLED or at_clock(one.held_on, one.starts_at) > at
    ]
    if not found:
        return []
    bodies = _bodies(scope, registry, found)
    wanted = _wanted(scope, found, bodies)
    holds = inviting.held_by(scope, [one.id for one in found])
    by_id = {one.id: one for one in found}
    return [
        Differs(by_id[meeting_id], account_id, differs)
        for meeting_id, account_id in sorted(wanted.keys() | holds.keys())
        if meeting_id in bodies or by_id[meeting_id].state == MeetingState.CANCELLED
        if (
            differs := change(
                holds.get((meeting_id, account_id)), wanted.get((meeting_id, account_id))
            )
        )
    ]


def _bodies(scope: Scope, registry: Registry, found: list[Meets]) -> dict[int, Body]:
    """The bodies of the meetings; one whose procedure is not installed any more has none."""
    bodies = {}
    rules = editions.of(scope, registry)
    for one in found:
        procedure = rules.kept(one.procedure_code, one.procedure_edition, one.held_on)
        body = procedure.body(one.body_code) if procedure is not None else None
        if body is not None:
            bodies[one.id] = body
    return bodies


def _wanted(
    scope: Scope, found: list[Meets], bodies: dict[int, Body]
) -> dict[tuple[int, int], Told]:
    """What each calendar is to hold, by meeting and account."""
    planned = [one for one in found if one.state == MeetingState.PLANNED and one.id in bodies]
    seated = seats.to_come(
        scope, [(one.id, one.held_on, one.procedure_code, bodies[one.id]) for one in planned]
    )
    by_case = inviting.brought_by_cases(scope, [one.id for one in planned])
    concerns: dict[int, set[int]] = {}
    for one in planned:
        sits = {
            seat.sitter.id
            for seat in seated[one.id]
            if seat.sitter is not None and seat.state is not Presence.APOLOGIES
        }
        concerns[one.id] = {who for who in sits if who is not None} | by_case.get(one.id, set())
    people = inviting.reached(scope, {who for one in concerns.values() for who in one})
    named = place_names.naming_a_child(scope, {one.id: one.place for one in planned})
    return {
        (one.id, who): _told(one, bodies[one.id], people[who], "" if one.id in named else one.place)
        for one in planned
        for who in concerns[one.id]
        if who in people
    }


def _told(meeting: Meets, body: Body, person: Reached, place: str) -> Told:
    """What a calendar holds; a place that names a child is read on the meeting's page alone."""
    return Told(
        body.title or "Meeting",
        meeting.held_on,
        meeting.starts_at,
        minutes(body),
        place,
        person.name,
        person.address,
    )


def _letters(differs: list[Differs], organizer: Organizer, at: datetime) -> Iterator[Letter]:
    for one in differs:
        told, method = one.change.told, one.change.method
        if method is None:
            continue
        asked = method is Method.REQUEST
        public_id, sequence = one.meeting.public_id, one.change.sequence
        yield Letter(
            key=inviting.key_of(public_id, one.account_id, sequence),
            kind=inviting.ASKED if asked else inviting.TAKEN_BACK,
            account_id=one.account_id,
            subject=_subject(one)[:200],
            body=_body(one),
            meeting_id=one.meeting.id,
            calendar=invitation(public_id, told, sequence, method, organizer, at),
            method=method,
        )


def _subject(one: Differs) -> str:
    told, before = one.change.told, one.change.before
    what = f"{told.title}, {day(told.on)}"
    if one.change.method is Method.REQUEST:
        if one.change.again:
            return f"Your invitation, sent anew: {what}"
        return f"Changed: {what}" if before is not None else f"Invitation: {what}"
    cancelled = one.meeting.state == MeetingState.CANCELLED
    return f"Cancelled: {what}" if cancelled else f"No longer asked to come: {what}"


def _body(one: Differs) -> str:
    told, before = one.change.told, one.change.before
    if one.change.method is Method.REQUEST and before is not None:
        said = f"The {told.title} is now on\n{told.when}.\n\nIt was to be on\n{before.when}."
    elif one.change.method is Method.REQUEST and one.change.again:
        said = (
            f"You are asked to come to the {told.title} on\n{told.when}.\n\n"
            "This is your invitation, sent anew: the day, the time and the place are as they were."
        )
    elif one.change.method is Method.REQUEST:
        said = f"You are asked to come to the {told.title} on\n{told.when}."
    elif one.meeting.state == MeetingState.CANCELLED:
        said = f"This meeting is cancelled: the {told.title} on\n{told.when}."
    else:
        said = f"You are no longer asked to come to the {told.title} on\n{told.when}."
    if one.change.method is Method.REQUEST and one.meeting.place and not told.place:
        said += "\n\nThe place stands on the page of the meeting:"
    return f"{said}\n\n/meetings/{one.meeting.public_id}\n"

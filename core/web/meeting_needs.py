"""What of meetings needs somebody: to close them, and to decide on those on hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flask import url_for

from core.domain.dates import day
from core.domain.meeting import sitting
from core.domain.procedure.bodies import Body
from core.store import seats, waiting
from core.store.paging import Some
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.usecases.standing import on_hold
from core.web import asker
from core.web.chaired import chaired_or_all
from core.web.meeting_titles import body_title, procedure_of
from core.web.needs import More, Need, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who administers, who chairs, and who gives and asks leave to meet without a chair."""
    yield from _to_close(scope)
    yield from _on_hold(scope)


def _to_close(scope: Scope) -> Iterator[Need | More]:
    bodies = chaired_or_all(scope)
    if bodies is not None and not bodies:
        return
    found = waiting.to_close(scope, bodies)
    for meeting in found:
        is_open = meeting.state == "open"
        yield Need(
            meeting.held_on,
            f"Close the {body_title(meeting)} of {day(meeting.held_on)}",
            "It is open" if is_open else "Its day has gone by, and nobody was marked present",
            (),
            url_for("meetings.page", public_id=meeting.public_id),
            "Open the meeting",
        )
    yield from _more(found, "is to be closed", "are to be closed")


def _more(found: Some[OwnMeeting], one: str, many: str) -> Iterator[More]:
    words = (f"meeting {one}", f"meetings {many}")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")


def _on_hold(scope: Scope) -> Iterator[Need | More]:
    """Meetings on hold, for who decides whether they go ahead and for who asks for that."""
    chairing = {
        (entry.procedure.code, body.code): body.chairing.posts
        for entry in asker.registry()
        for body in entry.procedure.bodies
        if body.chairing is not None
        and (_gives(scope, entry.procedure.code, body) or _asks(scope, entry.procedure.code, body))
    }
    if not chairing:
        return
    found = waiting.chair_away(scope, chairing)
    for meeting, body in _held_up(scope, found):
        yield from _on_hold_need(scope, meeting, body)
    for more_of_them in _more(found, "may be on hold", "may be on hold"):
        # They only may be: what is not known to need somebody is not counted among what does.
        yield replace(more_of_them, count=0)


def _held_up(scope: Scope, found: Iterable[OwnMeeting]) -> Iterator[tuple[OwnMeeting, Body]]:
    """Those of them that are on hold, with their bodies: two queries, however many there are."""
    bodies = {}
    for meeting in found:
        procedure = procedure_of(meeting)
        body = procedure.body(meeting.body_code) if procedure else None
        if body is not None:
            bodies[meeting] = body
    if not bodies:
        return
    seated = seats.to_come(
        scope, ((m.id, m.held_on, m.procedure_code, body) for m, body in bodies.items())
    )
    for meeting, body in bodies.items():
        there = seated[meeting.id]
        # Nobody has decided whether it goes ahead: whoever is named does not chair it.
        if on_hold(meeting.state, body, there, sitting(body, there, None, None)):
            yield meeting, body


def _on_hold_need(scope: Scope, meeting: OwnMeeting, body: Body) -> Iterator[Need]:
    procedure, rule = procedure_of(meeting), body.chairing
    if procedure is None or rule is None:
        return
    office = next((o.title for o in procedure.offices if o.code == rule.leave_from), "")
    to_do = []
    if _gives(scope, meeting.procedure_code, body):
        to_do.append("Decide whether it goes ahead, and tell who runs the meeting")
    if _asks(scope, meeting.procedure_code, body):
        to_do.append(f"Ask the {office} whether it goes ahead, and tell who runs the meeting")
    if to_do:
        yield Need(
            meeting.held_on,
            f"The {body_title(meeting)} of {day(meeting.held_on)} is on hold",
            f"{rule.leave_words}. {'. '.join(to_do)}.",
            rule.clauses,
            url_for("meetings.page", public_id=meeting.public_id, _anchor="leave"),
            "Open the meeting",
        )


def _gives(scope: Scope, procedure: str, body: Body) -> bool:
    """Whether the asker holds the office that decides if a body meets with no usual chair."""
    rule = body.chairing
    return rule is not None and scope.holds(procedure, "", rule.leave_from)


def _asks(scope: Scope, procedure: str, body: Body) -> bool:
    """Whether the asker holds the post (or the office) that asks for that decision."""
    rule = body.chairing
    return rule is not None and (
        scope.holds(procedure, body.code, rule.leave_asked_by)
        or scope.holds(procedure, "", rule.leave_asked_by)
    )

"""What of meetings needs somebody: to close them, and to decide on those on hold."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.domain.procedure.bodies import Body
from core.store import waiting
from core.store.scope import Scope
from core.usecases.standing import standing
from core.web import asker
from core.web.access import ADMINISTERS_PANEL
from core.web.chaired import body_of, chaired
from core.web.meeting_titles import body_title
from core.web.needs import Need


def needs(scope: Scope) -> Iterator[Need]:
    """For who administers, who chairs, and who gives and asks leave to meet without a chair."""
    yield from _to_close(scope)
    yield from _on_hold(scope)


def _to_close(scope: Scope) -> Iterator[Need]:
    chairing, administers = chaired(scope), scope.has(*ADMINISTERS_PANEL)
    if not chairing and not administers:
        return
    for meeting in waiting.to_close(scope):
        if not administers and body_of(meeting) not in chairing:
            continue
        is_open = meeting.state == "open"
        yield Need(
            meeting.held_on,
            f"Close the {body_title(meeting)} of {day(meeting.held_on)}",
            "It is open" if is_open else "Its day has gone by, and nobody was marked present",
            (),
            url_for("meetings.page", public_id=meeting.public_id),
            "Open the meeting",
        )


def _on_hold(scope: Scope) -> Iterator[Need]:
    """Meetings on hold, for who decides whether they go ahead and for who asks for that."""
    bodies = [(e.procedure.code, b) for e in asker.registry() for b in e.procedure.bodies]
    if not any(_gives(scope, *one) or _asks(scope, *one) for one in bodies):
        return
    for meeting in waiting.chair_away(scope):
        now = standing(scope, asker.registry(), meeting.id)
        rule = now.body.chairing
        if rule is None or not now.on_hold:
            continue
        office = next((o.title for o in now.procedure.offices if o.code == rule.leave_from), "")
        to_do = []
        if _gives(scope, meeting.procedure_code, now.body):
            to_do.append("Decide whether it goes ahead, and tell who runs the meeting")
        if _asks(scope, meeting.procedure_code, now.body):
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

"""What of the actions needs somebody: to be done, accepted, handed on, or completed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.store import actions, minutes, waiting
from core.store.scope import Scope
from core.usecases.action_rights import ACCEPTS, KEEPS_ACTIONS, rights
from core.usecases.standing import chairs_body
from core.web import action_words, asker
from core.web.access import ACCESS, CHAIRS
from core.web.needs import Need, for_whom, listed

MANAGERS = ("team.manager", "service.manager")
MOST = 50


def needs(scope: Scope) -> Iterator[Need]:
    """What the asker has to do with actions; the queries do not grow with them."""
    if not ACCESS["actions.save"].allows(scope.roles):
        return
    yield from _own(scope)
    if scope.has(KEEPS_ACTIONS, ACCEPTS, *MANAGERS, *CHAIRS):
        yield from _to_accept(scope)
    if scope.has(KEEPS_ACTIONS, *MANAGERS):
        yield from _without_owner(scope)
    if scope.has(KEEPS_ACTIONS, *CHAIRS):
        yield from _to_complete(scope)


def _own(scope: Scope) -> Iterator[Need]:
    for action in waiting.own_actions(scope):
        listed(action.children)
        names = ", ".join(child.name for child in action.children)
        yield Need(
            action.due,
            f"{action.what}{f': {names}' if names else ''}",
            for_whom(action.away)
            + (action.due_why or ("" if action.away else "An action of yours")),
            (),
            url_for("actions.page", public_id=action.public_id),
            "Say how far it is",
        )


def _to_accept(scope: Scope) -> Iterator[Need]:
    said = actions.to_accept(scope, MOST)
    mine = [row for row in said if rights(scope, asker.registry(), row).accepts]
    of_rows = actions.children_of(scope, mine)
    for row in mine:
        children = of_rows.get(row.id, [])
        listed(children)
        names = ", ".join(child.name for child in children)
        on = f" since {day(row.done_on)}" if row.done_on else ""
        yield Need(
            row.done_on,
            f"Accept or send back: {row.what}{f': {names}' if names else ''}",
            f"It is said to be done{on}. Somebody else than who said so accepts that",
            (),
            url_for("actions.page", public_id=row.public_id),
            "Look at it",
            due=False,
        )


def _without_owner(scope: Scope) -> Iterator[Need]:
    count, due = actions.unowned(scope, everywhere=scope.has(KEEPS_ACTIONS))
    if count:
        yield Need(
            due,
            f"Hand on {count:,} {'action' if count == 1 else 'actions'} that nobody has",
            "The owner has left or is suspended, or is nobody’s account",
            (),
            url_for("actions.open", whose="nobody"),
            "See which",
        )


def _to_complete(scope: Scope) -> Iterator[Need]:
    for meeting in minutes.to_complete(scope):
        code, edition = meeting.procedure_code, meeting.procedure_edition
        procedure = asker.registry().named(code, edition)
        body = procedure.body(meeting.body_code) if procedure else None
        chairs = body is not None and chairs_body(scope, code, body)
        if not (chairs or scope.has(KEEPS_ACTIONS)):
            continue
        title = action_words.title(code, edition, meeting.body_code)
        many = f"{meeting.count} {'action' if meeting.count == 1 else 'actions'}"
        yield Need(
            meeting.held_on,
            f"Complete {many} of the {title} of {day(meeting.held_on)}",
            "Its minutes cannot be ratified while an action lacks an owner, a date or what done "
            "looks like",
            (),
            url_for("meetings.page", public_id=meeting.public_id),
            "Open the meeting",
            due=False,
        )

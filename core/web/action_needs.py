"""What of the actions needs somebody: to be done, accepted, handed on, or completed."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from flask import url_for

from core.domain.dates import day
from core.domain.escalating import ANSWER_COUNTED, ANSWER_HOLDS
from core.store import actions, actions_waiting, waiting
from core.store.actions import ActionRow
from core.store.scope import Scope
from core.store.waiting import OwnAction
from core.usecases.action_rights import ACCEPTS, KEEPS_ACTIONS, chaired
from core.web import action_words, asker
from core.web.access import ACCESS, CHAIRS
from core.web.needs import More, Need, for_whom, listed, more
from core.web.rules_here import calendar_here

SHORT = 120
MANAGERS = ("team.manager", "service.manager")


def needs(scope: Scope) -> Iterator[Need | More]:
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


def _own(scope: Scope) -> Iterator[Need | More]:
    found = waiting.own_actions(scope)
    for action in found:
        listed(action.children)
        names = ", ".join(child.name for child in action.children)
        yield Need(
            action.due,
            f"{action.what}{f': {names}' if names else ''}",
            for_whom(action.away) + _why(action),
            (),
            url_for("actions.page", public_id=action.public_id),
            "Say how far it is",
        )
    words = ("action is still to do", "actions are still to do")
    yield from more(found, *words, url_for("actions.open"), "See them all")


def _why(action: OwnAction) -> str:
    """Why it stands there: that it was sent back, with what is still to be done; or its day."""
    if action.sent_back:
        back = shorten(action.sent_back, SHORT, placeholder="…")
        why = f" ({action.due_why})" if action.due_why else ""
        return f"Sent back, it is not done yet: {back}{why}"
    return action.due_why or ("" if action.away else "An action of yours")


def _to_accept(scope: Scope) -> Iterator[Need | More]:
    everywhere = scope.has(KEEPS_ACTIONS, ACCEPTS)
    bodies = None if everywhere else chaired(scope, asker.registry())
    found = actions_waiting.to_accept(scope, bodies)
    of_rows = actions.children_of(scope, found)
    calendar = calendar_here(row.done_on for row in found)
    for row in found:
        children = of_rows.get(row.id, [])
        listed(children)
        names = ", ".join(child.name for child in children)
        yield Need(
            calendar.after(row.done_on, ANSWER_HOLDS) if row.done_on else None,
            f"Accept or send back: {row.what}{f': {names}' if names else ''}",
            _said(row),
            (),
            url_for("actions.page", public_id=row.public_id),
            "Look at it",
            now=True,
            waits=True,
        )
    words = ("action waits to be accepted", "actions wait to be accepted")
    address = url_for("actions.open", whose="all", show="said")
    yield from more(found, *words, address, "See what waits for acceptance")


def _said(row: ActionRow) -> str:
    """Since when it waits to be accepted, who said that it is done, and how long it may wait."""
    by = f"{row.said_by_name} said that it is done" if row.said_by_name else "It is said to be done"
    since = f". It waits since {day(row.done_on)}" if row.done_on else ""
    return f"{by}{since}: somebody else accepts that within {ANSWER_COUNTED}"


def _without_owner(scope: Scope) -> Iterator[Need]:
    count, due = actions.unowned(scope, everywhere=scope.has(KEEPS_ACTIONS))
    if count:
        yield Need(
            due,
            f"Hand on {count:,} {'action' if count == 1 else 'actions'} that nobody has",
            "The owner has left or is suspended, may not see the child, or is nobody’s account",
            (),
            url_for("actions.open", whose="nobody"),
            "See which",
        )


def _to_complete(scope: Scope) -> Iterator[Need | More]:
    bodies = None if scope.has(KEEPS_ACTIONS) else chaired(scope, asker.registry())
    found = actions_waiting.to_complete(scope, bodies)
    for meeting in found:
        title = action_words.title(
            meeting.procedure_code, meeting.procedure_edition, meeting.body_code
        )
        many = f"{meeting.count} {'action' if meeting.count == 1 else 'actions'}"
        yield Need(
            meeting.held_on,
            f"Complete {many} of the {title} of {day(meeting.held_on)}",
            "Its minutes cannot be ratified while an action lacks an owner or what done looks like",
            (),
            url_for("meetings.page", public_id=meeting.public_id),
            "Open the meeting",
            due=False,
        )
    words = ("meeting has actions to complete", "meetings have actions to complete")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")

"""What needs me: the first page, soonest first, each line with its reason and one thing to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, abort, request, url_for

from core.store import waiting
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.web import (
    action_needs,
    approval_needs,
    asker,
    board_needs,
    case_needs,
    deadline_needs,
    escalation_needs,
    handoff_needs,
    import_needs,
    invitation_needs,
    meeting_needs,
    minutes_needs,
    outbox_needs,
    pack_needs,
    pages,
    paper_needs,
    people_needs,
    planning_after_needs,
    post_needs,
    reason_needs,
    referral_needs,
    return_home_needs,
    staged_needs,
    tracking_needs,
)
from core.web.meeting_titles import body_title
from core.web.needs import More, Need, When

blueprint = Blueprint("home", __name__)

#: Who says what waits, each with the kind under which the page offers it. One a line; a kind may
#: come more than once. The order is that in which the page offers the kinds.
PROVIDERS: tuple[tuple[str, Callable[[Scope], Iterator[Need | More]]], ...] = (
    ("Dates", deadline_needs.needs),
    ("Approvals", approval_needs.needs),
    ("Approvals", approval_needs.refused),
    ("Return home", return_home_needs.needs),
    ("Planning", tracking_needs.needs),
    ("Board", board_needs.needs),
    ("Referrals", referral_needs.needs),
    ("Cases", case_needs.needs),
    ("Documents to approve", staged_needs.needs),
    ("Papers", paper_needs.needs),
    ("Packs", pack_needs.needs),
    ("Meetings", meeting_needs.needs),
    ("Minutes", minutes_needs.needs),
    ("After planning meetings", planning_after_needs.needs),
    ("Invitations", invitation_needs.needs),
    ("Actions", action_needs.needs),
    ("Escalations and disputes", escalation_needs.needs),
    ("Messages", outbox_needs.needs),
    ("Hand-offs", handoff_needs.needs),
    ("Records opened", reason_needs.needs),
    ("Posts", post_needs.needs),
    ("People", people_needs.needs),
    ("Imports", import_needs.needs),
)
#: So many lines are shown at once; of more, the page asks to choose a kind.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Sits:
    """A meeting to come in which the person sits, with its body's name."""

    meeting: OwnMeeting
    body: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what waits: its name, how many there are, and where it is shown alone.

    ``at_least``: there are more, which were not counted.
    """

    name: str
    count: int
    address: str
    chosen: bool
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The lines under one heading, the soonest first."""

    when: When
    needs: tuple[Need, ...]


@blueprint.get("/")
def page() -> Response:
    scope, chosen = asker.scope(), request.args.get("kind", "")
    names = {slug(name): name for name, _ in PROVIDERS}
    if chosen and chosen not in names:
        abort(404)
    found = [(name, one) for name, needs in PROVIDERS for one in needs(scope)]
    asked = [one for name, one in found if not chosen or name == names[chosen]]
    wanted = [one for one in asked if isinstance(one, Need)]
    more = [one for one in asked if isinstance(one, More)]
    sits = [Sits(m, body_title(m)) for m in waiting.own_meetings(scope)]
    return pages.page(
        "home/page.html",
        block="waiting",
        groups=groups(wanted, scope.on),
        count=sum(map(how_many, asked)),
        at_least=any(one.at_least for one in more),
        shown=min(len(wanted), SHOWN),
        hidden=max(len(wanted) - SHOWN, 0),
        more=more,
        kinds=kinds(found, chosen),
        chosen=names.get(chosen, ""),
        sits=sits,
        on_day=scope.on,
    )


def groups(needs: Iterable[Need], on: date) -> list[Group]:
    """The lines by when they are due, the soonest first, as many as are shown."""
    ordered = sorted(needs, key=lambda n: (n.when(on).place, n.by or date.max, n.what))[:SHOWN]
    return [Group(when, tuple(some)) for when, some in groupby(ordered, lambda n: n.when(on))]


def how_many(one: Need | More) -> int:
    """How many things a line stands for: what the page does not show is counted too."""
    return one.count if isinstance(one, More) else 1


def kinds(found: Iterable[tuple[str, Need | More]], chosen: str) -> list[Kind]:
    """The kinds of which there is something, and the one that is chosen; none for one kind."""
    counted: Counter[str] = Counter()
    uncounted = set()
    for name, one in found:
        counted[name] += how_many(one)
        if isinstance(one, More) and one.at_least:
            uncounted.add(name)
    offered = dict.fromkeys(name for name, _ in PROVIDERS)
    made = [
        Kind(
            name,
            counted[name],
            url_for("home.page", kind=slug(name)),
            slug(name) == chosen,
            name in uncounted,
        )
        for name in offered
        if counted[name] or slug(name) == chosen
    ]
    return made if len(made) > 1 or chosen else []


def slug(name: str) -> str:
    """A kind as an address has it: "records-opened"."""
    return name.lower().replace(" ", "-")

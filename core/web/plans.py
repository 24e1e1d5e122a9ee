"""Plans to review: the list of those who agree and review them, each child's plan in one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from core.domain.due import State
from core.domain.finding import Finding
from core.domain.tracking import Track
from core.store import board, deadline_marks, deadlines, tracking
from core.store import register as lists
from core.store.board import Sort, Wanted
from core.store.board_rows import Row
from core.store.deadlines import Shown
from core.store.paging import Some
from core.store.register import Choice
from core.store.tracking import TrackRow
from core.web import asker, board_words, child_words, pages, plan_watch
from core.web.access import LEADS, READS
from core.web.board_asked import PLAN_STATES
from core.web.plan_watch import Says
from core.web.register import items
from core.web.typed import page_number

blueprint = Blueprint("plans", __name__)
LIST = "plans/page.html"
REVIEWS = frozenset({"service.manager"}) | LEADS | READS


@dataclass(frozen=True, slots=True)
class Line:
    """A child's row: the plan and since when, the meetings and tracking, and what is late."""

    row: Row
    name: str
    plan: str
    state: str
    colour: str
    planning: Says | None
    track: Track
    section_20: Says | None
    differs: Says | None
    late: tuple[Shown, ...]


def reviews() -> bool:
    """Whether the asker is shown the list: a manager of the service, or who holds such a post."""
    scope = asker.scope()
    if scope.has(*REVIEWS):
        return True
    offices = {post for _, body, post in scope.posts if not body}
    rule = plan_watch.watch("plans-reviewed") if offices else None
    return rule is not None and not offices.isdisjoint(rule.offices)


@blueprint.get("/plans")
def page() -> Response:
    """Every child looked after with their plan, what is late first; by team and state."""
    if not reviews():
        abort(404)
    scope = asker.scope()
    teams = lists.teams(scope)
    wanted, typed, findings = _wanted(teams)
    context: dict[str, Any] = {
        "on": scope.on,
        "typed": typed,
        "teams": items(teams),
        "plan_states": PLAN_STATES,
        "clauses": plan_watch.clauses("plans-reviewed"),
    }
    if findings:
        return pages.refused(LIST, findings, block="listed", found=None, lines=[], **context)
    found = board.page(scope, asker.registry(), wanted, scope.on)
    before = tracking.before_care(scope) if found.page == 1 else Some()
    kept = {name: value for name, value in typed.items() if value}
    shown = [*(row.public_id for row in found.rows), *(row.public_id for row in before)]
    pages.listed("plans to review", shown, **kept, page=found.page)
    return pages.page(
        LIST,
        block="listed",
        found=found,
        lines=_lines(found.rows),
        before=Some([(row, _before(row)) for row in before], before.more),
        being_worked_out=deadline_marks.waiting(scope),
        page_address=_addresses(kept),
        **context,
    )


def _addresses(kept: dict[str, str]) -> Callable[[int], str]:
    """A function that gives the address of another page of this list."""
    return lambda number: url_for("plans.page", page=number, **kept)  # type: ignore[arg-type]


def _wanted(teams: Sequence[Choice]) -> tuple[Wanted, dict[str, str], list[Finding]]:
    typed = {name: request.args.get(name, "").strip() for name in ("team", "plan", "late")}
    findings = []
    team = next((one.id for one in teams if one.key == typed["team"]), None)
    if typed["team"] and team is None:
        findings.append(Finding("Choose a team from the list", field="team"))
    if typed["plan"] and typed["plan"] not in {one.value for one in PLAN_STATES}:
        findings.append(Finding("Choose how far the plan is from the list", field="plan"))
    wanted = Wanted(
        team_id=team,
        plan_state=typed["plan"],
        late=typed["late"] == "yes",
        sort=Sort.LATE,
        page=page_number(request.args.get("page", "1")),
    )
    return wanted, typed, findings


def _lines(rows: Sequence[Row]) -> list[Line]:
    """The rows in words: three queries, however many they are."""
    scope = asker.scope()
    ids = [row.child_id for row in rows]
    tracks = tracking.of_children(scope, ids)
    facts = deadlines.of_children(scope, asker.registry(), ids) if ids else {}
    late = {
        child_id: [fact for fact in listed if fact.state(scope.on) is State.LATE]
        for child_id, listed in facts.items()
    }
    every = [fact for listed in late.values() for fact in listed]
    shown = dict(zip(map(id, every), deadlines.on_page(scope, every), strict=True)) if every else {}
    return [
        _line(
            row,
            tracks.get(row.child_id, Track()),
            tuple(shown[id(fact)] for fact in late.get(row.child_id, [])),
        )
        for row in rows
    ]


def _line(row: Row, track: Track, late: tuple[Shown, ...]) -> Line:
    state, colour = board_words.STATES[row.plan_state]
    plan = board_words.plan(row.plan)
    return Line(
        row,
        child_words.full_name(row),
        plan,
        state,
        colour,
        plan_watch.planning(track),
        track,
        plan_watch.section_20(track, asker.scope().on),
        plan_watch.differs(track, plan),
        late,
    )


def _before(row: TrackRow) -> tuple[str, Says | None]:
    return board_words.plan(row.plan), plan_watch.planning(row.track)

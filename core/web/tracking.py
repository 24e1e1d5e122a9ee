"""Plans that are tracked: the list of the chair or manager, and that one was tracked today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.due import State
from core.domain.finding import Finding, Refused
from core.domain.record.recorded import Recorded
from core.domain.record.tracked import PLAN_TRACKED
from core.domain.tracking import TRACKS
from core.store import deadline_marks, deadlines, record, tracking
from core.store import register as lists
from core.store.deadlines import DeadlineFact, Shown
from core.store.record import ChildOf
from core.store.register import Choice
from core.store.tracking import Show, TrackRow, Wanted
from core.usecases import record_new
from core.web import (
    asker,
    board_words,
    child_words,
    dates_moved,
    pages,
    plan_watch,
    plans,
    record_shown,
)
from core.web.access import ACCESS
from core.web.child_pages import child_pages
from core.web.clock import now
from core.web.plan_watch import Says
from core.web.register import items
from core.web.typed import boxes, date_boxes, joined, page_number, words

blueprint = Blueprint("tracking", __name__)
LIST, FORM = "tracking/page.html", "tracking/form.html"
OPEN = (State.LATE, State.SOON, State.RUNNING)
LAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: the plan in words, what asks for it next, and what is late by name."""

    row: TrackRow
    plan: str
    state: str
    colour: str
    contingencies: str
    due: Shown | None
    section_20: Says | None
    differs: Says | None
    late: tuple[Shown, ...] = ()
    ended: str = ""


@blueprint.get("/tracking")
def page() -> Response:
    """The plans asked for in the address: show (tracked, ended), team, marks and page."""
    scope = asker.scope()
    teams = lists.teams(scope)
    wanted, typed, findings = _wanted(teams)
    context: dict[str, Any] = {
        "on": scope.on,
        "wanted": wanted,
        "typed": typed,
        "teams": items(teams),
        "clauses": plan_watch.clauses("plan-tracking"),
        "of_section_20": plan_watch.clauses("section-20"),
        "reviews": plans.reviews(),
        "tracks": ACCESS["tracking.track"].allows(scope.roles),
    }
    if findings:
        return pages.refused(LIST, findings, block="listed", found=None, lines=[], **context)
    found = tracking.listed(scope, wanted)
    kept = {name: value for name, value in typed.items() if value}
    pages.listed("tracking", (row.public_id for row in found.rows), **kept, page=found.page)
    return pages.page(
        LIST,
        block="listed",
        found=found,
        lines=_lines(found.rows, wanted),
        being_worked_out=deadline_marks.waiting(scope),
        page_address=_addresses(kept),
        **context,
    )


def _addresses(kept: dict[str, str]) -> Callable[[int], str]:
    """A function that gives the address of another page of this list."""
    return lambda number: url_for("tracking.page", page=number, **kept)  # type: ignore[arg-type]


def _wanted(teams: Sequence[Choice]) -> tuple[Wanted, dict[str, str], list[Finding]]:
    names = ("show", "team", "section-20", "differs")
    typed = {name: request.args.get(name, "").strip() for name in names}
    findings = []
    team = next((one.id for one in teams if one.key == typed["team"]), None)
    if typed["team"] and team is None:
        findings.append(Finding("Choose a team from the list", field="team"))
    if typed["show"] not in ("", *Show):
        findings.append(Finding("Choose which plans to show", field="show"))
        typed["show"] = ""
    return (
        Wanted(
            Show(typed["show"] or Show.TRACKED),
            team,
            typed["section-20"] == "yes",
            typed["differs"] == "yes",
            page_number(request.args.get("page", "1")),
        ),
        typed,
        findings,
    )


def _lines(rows: Sequence[TrackRow], wanted: Wanted) -> list[Line]:
    """The rows in words, with what asks for each plan next: two queries, however many they are."""
    scope = asker.scope()
    tracked = wanted.show is Show.TRACKED
    ids = [row.child_id for row in rows] if tracked else []
    facts = deadlines.of_children(scope, asker.registry(), ids) if ids else {}
    wanted_facts = [
        fact
        for listed in facts.values()
        for fact in listed
        if fact.state(scope.on) in OPEN
        and (fact.code in TRACKS or fact.state(scope.on) is State.LATE)
    ]
    shown = dict(
        zip(
            map(id, wanted_facts),
            deadlines.on_page(scope, wanted_facts) if wanted_facts else (),
            strict=True,
        )
    )
    return [_line(row, facts.get(row.child_id, []), shown) for row in rows]


def _line(row: TrackRow, facts: list[DeadlineFact], shown: dict[int, Shown]) -> Line:
    on = asker.scope().on
    asks = [fact for fact in facts if fact.code in TRACKS and id(fact) in shown]
    due = min(asks, key=lambda fact: (str(fact.due), fact.code), default=None)
    state, colour = board_words.STATES.get(
        row.plan_state, board_words.STATES["unknown" if row.plan else "none"]
    )
    plan = board_words.plan(row.plan)
    by_agreement = plan_watch.section_20(row.track, on)
    late = [
        shown[id(fact)]
        for fact in facts
        if by_agreement and id(fact) in shown and fact.state(on) is State.LATE
    ]
    return Line(
        row,
        plan,
        state,
        colour,
        "; ".join(board_words.plan(code) for code in row.contingencies.split(",") if code),
        shown[id(due)] if due is not None else None,
        by_agreement,
        plan_watch.differs(row.track, plan),
        tuple(late),
        plan_watch.ended(row.track, on),
    )


def _child(public_id: str) -> ChildOf:
    child = record.child(asker.scope(), public_id, changes=True)
    if child is None:
        abort(404)
    return child


@blueprint.get("/children/<public_id>/tracking")
def form(public_id: str) -> Response:
    child = _child(public_id)
    typed = {"words": "", "on": asker.scope().on.isoformat()}
    return pages.page(FORM, **_context(child, typed))


@blueprint.post("/children/<public_id>/tracking")
def track(public_id: str) -> Response:
    """Keep that the plan was looked at, on the day and in the words that were typed."""
    child = _child(public_id)
    parts, on, fault = date_boxes(request.form, "tracked_on", "The day")
    said = words(request.form.get("words", "")).strip()
    typed = {"words": said, "on": joined(parts)}
    try:
        if fault:
            raise Refused(Finding(fault, field="tracked_on"))
        values = {"tracked_on": on.isoformat() if on else "", "words": said}
        record_new.add(asker.scope(), public_id, PLAN_TRACKED.code, values, now())
    except Refused as refusal:
        return pages.refused(FORM, refusal.findings, **_context(child, typed))
    flash(f"The plan of {child_words.full_name(child)} is recorded as tracked", "success")
    dates_moved.say(child.id)
    return redirect(url_for("tracking.page"), 303)  # type: ignore[return-value]


def _context(child: ChildOf, typed: dict[str, str]) -> dict[str, Any]:
    scope = asker.scope()
    pages.looked_at("child", child.public_id, page="tracking")
    facts = [
        fact
        for fact in deadlines.of_child(scope, asker.registry(), child.id)
        if fact.code in TRACKS and fact.state(scope.on) in OPEN
    ]
    before = record_shown.latest_first(
        PLAN_TRACKED, _standing(record.entries(scope, child.id, PLAN_TRACKED.code))
    )
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "typed": typed,
        "parts": boxes(typed["on"]),
        "dues": deadlines.on_page(scope, facts),
        "before": [record_shown.entry(one) for one in before[:LAST_SHOWN]],
        "clauses": plan_watch.clauses("plan-tracking"),
        "watched": plan_watch.of_child(child.id, child.public_id),
    }


def _standing(entries: list[Recorded]) -> list[Recorded]:
    return [one for one in entries if one.stands]

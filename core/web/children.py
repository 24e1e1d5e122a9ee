"""Pages of children: the register with its filters and search, and a child's own page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for

from core.domain.care import LOOKED_AFTER, MISSING
from core.domain.case import UNDER_WAY
from core.domain.finding import Finding
from core.domain.identity import Part, team_part
from core.domain.identity import parts as identity_parts
from core.domain.record.adoption_decision import latest
from core.domain.sight import What
from core.domain.ssda903_codes import words
from core.store import (
    care_shown,
    cases_under_way,
    deadline_marks,
    deadlines,
    identity,
    panel_record,
)
from core.store import children as record
from core.store import register as lists
from core.store.panel_record import ActionRow, CaseRow
from core.web import (
    asker,
    care_words,
    child_next,
    child_words,
    clock,
    dates_shown,
    dispute_shown,
    hand_offs,
    pages,
    plan_watch,
    record_words,
)
from core.web.access import ACCESS
from core.web.acts_next import Step
from core.web.child_pages import brothers_and_sisters, child_pages
from core.web.register import (
    MINE,
    Asked,
    Item,
    items,
    legal_statuses,
    placements,
    read,
    statuses,
)

blueprint = Blueprint("children", __name__)

SEARCHED = "children-searched"
LONGEST_SEARCH = 100
PAST_SHOWN = 12
"""So many dates that are met or over stand on a child's page; every one on the page of dates."""


@blueprint.get("/children")
def register() -> Response:
    searched = session.get(SEARCHED, "") if request.args.get("search") == "yes" else ""
    if not searched:
        session.pop(SEARCHED, None)
    return _register(searched)


@blueprint.post("/children/search")
def search() -> Response:
    """Keep the words out of the address: they wait in the session for the list that they find."""
    typed = " ".join(request.form.get("words", "").split())
    if not typed:
        return _register("", Finding("Enter part of a name, a local id or a UPN", field="words"))
    if len(typed) > LONGEST_SEARCH:
        message = f"Search words must be {LONGEST_SEARCH} characters or fewer"
        return _register(typed, Finding(message, field="words"))
    session[SEARCHED] = typed
    return redirect(url_for("children.register", search="yes"), 303)  # type: ignore[return-value]


def _register(searched: str, *also: Finding) -> Response:
    scope, on = asker.scope(), clock.today()
    teams, workers = lists.teams(scope), lists.workers(scope)
    asked = read(request.args, on, scope.account_id, teams, workers, searched)
    address = _addresses(asked, bool(searched))
    context: dict[str, Any] = {
        "on": on,
        "asked": asked,
        "typed": asked.typed,
        "searched": searched,
        "said": child_words,
        "words": words,
        "address": address,
        "page_address": lambda number: address(page=number),
        "statuses": statuses(),
        "legal_statuses": legal_statuses(),
        "placements": placements(),
        "teams": items(teams),
        "adds": ACCESS["new_child.form"].allows(scope.roles),
        "merges": ACCESS["merges.likely"].allows(scope.roles),
        "opens_others": ACCESS["reasons.page"].allows(scope.roles),
        "workers": [Item(MINE, "Allocated to me"), *items(workers)],
    }
    if findings := [*asked.findings, *also]:
        return pages.refused(
            "children/register.html", findings, block="register", found=None, **context
        )
    found = lists.register(scope, asked.wanted)
    pages.looked_at(
        "register",
        "",
        filters={name: value for name, value in asked.typed.items() if value},
        searched=bool(searched),
        page=found.page,
        children=[row.public_id for row in found.rows],
    )
    response = pages.page("children/register.html", block="register", found=found, **context)
    if pages.wants_block():
        message = f"{found.total:,} {'child' if found.total == 1 else 'children'} in the list"
        response.headers["HX-Trigger"] = json.dumps({"announce": {"message": message}})
    return response


def _addresses(asked: Asked, searching: bool) -> Callable[..., str]:
    """A function that gives the address of this list with some of what was asked changed."""
    here = {name: value for name, value in asked.typed.items() if value}
    if searching:
        here["search"] = "yes"

    def address(**changed: object) -> str:
        new = here | {name.replace("_", "-"): value for name, value in changed.items()}
        return url_for("children.register", **{k: v for k, v in new.items() if v})  # type: ignore[arg-type]

    return address


@blueprint.get("/children/<public_id>")
def page(public_id: str) -> Response:
    scope, on = asker.scope(), clock.today()
    child = record.child(scope, public_id)
    if child is None:
        abort(404)
    pages.looked_at("child", child.public_id)
    allocated = record.allocated(scope, child.id)
    workers = sorted(row.name for row in allocated if row.relation == "worker")
    care = care_shown.care(scope, child.id)
    identity_said = identity.said_of(scope, [child.id]).get(child.id, [])
    parts = identity_parts(identity_said)
    plan = record_words.overview(
        scope, asker.registry(), child.id, latest(row.values for row in care.adoption_decisions)
    )
    facts = deadlines.of_child(scope, asker.registry(), child.id)
    lines = dates_shown.lines(public_id, facts, deadlines.on_page(scope, facts))
    dates = dates_shown.parts(dates_shown.things(lines))
    cases: list[CaseRow] = []
    actions: list[ActionRow] = []
    onward = panel_record.Onward((), ())
    next_steps: list[Step] = []
    sees_cases = ACCESS["cases.page"].allows(scope.roles)
    if sees_cases:
        cases = panel_record.cases(scope, child.id)
        actions = panel_record.actions(scope, child.id)
        onward = panel_record.onward(scope, child.id)
        under_way = cases_under_way.under_way(scope, [child.id]).get(child.id, [])
        next_steps = child_next.steps(public_id, on, facts, actions, under_way, workers)
    sees_plan = ACCESS["record.page"].allows(scope.roles)
    watched = plan_watch.of_child(child.id, public_id) if sees_plan else plan_watch.Watched()
    sees_people = ACCESS["people.page"].allows(scope.roles)
    return pages.page(
        "children/page.html",
        on=on,
        child=child,
        name=child_words.full_name(child),
        child_pages=child_pages(public_id),
        said=child_words,
        care_said=care_words,
        words=words,
        workers=[row for row in allocated if row.relation == "worker"],
        managers=[row for row in allocated if row.relation == "manager"],
        officers=[row for row in allocated if row.relation == "iro"],
        siblings=brothers_and_sisters(child),
        care=care,
        disagreements=_disagreements(
            child.public_id,
            parts,
            care.differ,
            plan.disagreements,
            team_part(identity_said, child.team),
        ),
        plan=plan,
        stale=child_words.missing(care.has_episodes) if child.status == MISSING else "",
        unrecognised=record_words.unrecognised(scope, child.id, _not_told(child)),
        dates={str(part): there for part, there in dates.items()},
        gaps=dates_shown.gaps(dates[dates_shown.Part.UNKNOWN]),
        worked_out=not deadline_marks.waits(scope, child.id),
        past_shown=PAST_SHOWN,
        late_actions=[row for row in actions if row.is_open and not row.waits and row.due < on],
        next_steps=next_steps,
        with_others=child_next.handed_on(onward.of_child),
        sees_cases=sees_cases,
        sees_plan=sees_plan,
        watched=watched,
        latest_meeting=plan_watch.beside_review(public_id, watched),
        tracks_plan=ACCESS["tracking.form"].allows(scope.roles)
        and record.may_change(scope, public_id, What.PLAN),
        cases=cases,
        panels=_panel_titles(cases),
        actions=actions,
        onward=onward,
        disputes=dispute_shown.of_child(child.id, public_id),
        people=panel_record.people(scope, child.id) if sees_people else [],
        can_refer=ACCESS["cases.refer"].allows(scope.roles)
        and record.may_change(scope, public_id, What.CASES),
        can_hand_on=hand_offs.may_hand_on(child),
        under_way=next(
            (case for case in cases if case.state in UNDER_WAY and not case.of_one_child), None
        ),
    )


def _not_told(child: record.ChildRow) -> list[str]:
    """What is not known of the care of a child who is in care, as lists name it."""
    if child.status not in (LOOKED_AFTER, MISSING):
        return []
    placed = child.base_placement or child.placement
    told = {"legal_status": child.legal_status, "placement": placed}
    return [field for field, said in told.items() if not said]


def _panel_titles(cases: list[CaseRow]) -> dict[str, str]:
    """Case public id to the title of the body that it was brought to."""
    titles: dict[str, str] = {}
    for case in cases:
        procedure = asker.registry().named(case.procedure_code, case.procedure_edition)
        body = procedure.body(case.body_code) if procedure is not None else None
        titles[case.public_id] = body.title if body is not None and body.title else "Panel"
    return titles


@dataclass(frozen=True, slots=True)
class Differ:
    """Something of which sources say different things, and the page where each is seen."""

    words: str
    address: str
    number: int = 1


def _disagreements(
    public_id: str, parts: Mapping[str, Part], care: int, plan: int, team: Part
) -> list[Differ]:
    """What sources disagree on: parts of the identity by name, the rest by number."""
    here = url_for("care.page", public_id=public_id)
    found = [
        Differ(part.field.label, f"{here}#identity-{code}")
        for code, part in parts.items()
        if part.disagree
    ]
    if team.disagree:
        found.append(Differ(team.field.label, url_for("allocations.page", public_id=public_id)))
    if care:
        found.append(Differ(f"{care} in the care over time", f"{here}#care", care))
    if plan and "record.page" in ACCESS and ACCESS["record.page"].allows(asker.scope().roles):
        address = url_for("record.page", public_id=public_id)
        found.append(Differ(f"{plan} in the plan and record", address, plan))
    return found

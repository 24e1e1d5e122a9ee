"""Pages of children: the register with its filters and search, and a child's own page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for

from core.domain.case import UNDER_WAY, CaseState
from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.procedure.timetable import State
from core.domain.ssda903_codes import words
from core.store import children as record
from core.store import deadlines, panel_record
from core.store import register as lists
from core.store.children import IdentityRow
from core.store.panel_record import ActionRow, CaseRow
from core.web import asker, child_words, clock, pages
from core.web.access import ACCESS
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
DUE = (State.RUNNING, State.SOON, State.UNKNOWN)
IDENTITY = {
    "born": "Date of birth",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "upn": "Unique pupil number",
    "given_name": "Given name",
    "family_name": "Family name",
}


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


@dataclass(frozen=True, slots=True)
class Stated:
    """A part of a child's identity of which sources say different things."""

    name: str
    stated: tuple[tuple[str, IdentityRow], ...]


@dataclass(frozen=True, slots=True)
class Next:
    """Somebody who acts next: who, what, by when, and where."""

    who: str
    what: str
    due: date | None
    address: str


@blueprint.get("/children/<public_id>")
def page(public_id: str) -> Response:
    scope, on = asker.scope(), clock.today()
    child = record.child(scope, public_id)
    if child is None:
        abort(404)
    pages.looked_at("child", child.public_id)
    allocated = record.allocated(scope, child.id)
    due = [fact.shown(on) for fact in deadlines.of_child(scope, asker.registry(), child.id)]
    cases: list[CaseRow] = []
    actions: list[ActionRow] = []
    onward = panel_record.Onward((), ())
    sees_cases = ACCESS["cases.page"].allows(scope.roles)
    if sees_cases:
        cases = panel_record.cases(scope, child.id)
        actions = panel_record.actions(scope, child.id)
        onward = panel_record.onward(scope, child.id)
    sees_people = ACCESS["people.page"].allows(scope.roles)
    return pages.page(
        "children/page.html",
        on=on,
        child=child,
        name=child_words.full_name(child, child.local_id),
        said=child_words,
        words=words,
        workers=[row for row in allocated if row.relation == "worker"],
        officers=[row for row in allocated if row.relation == "iro"],
        siblings=record.siblings(scope, child),
        care=record.care(scope, child.id),
        disagreements=_disagreements(record.identity(scope, child.id)),
        due=[row for row in due if row.state in DUE],
        late=[row for row in due if row.state is State.LATE],
        past=[row for row in due if row.state not in (*DUE, State.LATE)],
        late_actions=[row for row in actions if row.done_on is None and row.due < on],
        next_steps=_next(cases, actions, _panel_titles(cases)),
        sees_cases=sees_cases,
        cases=cases,
        panels=_panel_titles(cases),
        actions=actions,
        onward=onward,
        people=panel_record.people(scope, child.id) if sees_people else [],
        can_refer=ACCESS["cases.refer"].allows(scope.roles),
        under_way=next((case for case in cases if case.state in UNDER_WAY), None),
    )


def _panel_titles(cases: list[CaseRow]) -> dict[str, str]:
    """Case public id to the title of the body that it was brought to."""
    titles: dict[str, str] = {}
    for case in cases:
        procedure = asker.registry().named(case.procedure_code, case.procedure_edition)
        body = procedure.body(case.body_code) if procedure is not None else None
        titles[case.public_id] = body.title if body is not None and body.title else "Panel"
    return titles


def _next(cases: list[CaseRow], actions: list[ActionRow], panels: dict[str, str]) -> list[Next]:
    """Who acts next: the open actions by date, then what each open case waits for."""
    steps = [
        Next(
            action.owner,
            action.what,
            action.due,
            url_for("actions.page", public_id=action.public_id),
        )
        for action in actions
        if action.done_on is None
    ]
    for case in cases:
        address = url_for("cases.page", public_id=case.public_id)
        panel = panels[case.public_id]
        if case.state in (CaseState.DRAFT, CaseState.RETURNED):
            what = f"Complete the referral to {panel} and send it"
            steps.append(Next(case.referrer or "The referrer", what, None, address))
        elif case.state == CaseState.SUBMITTED:
            what = f"Accept the referral to {panel}, or send it back"
            steps.append(Next("The chair", what, case.asked_for, address))
        elif case.state == CaseState.BOOKED:
            coming = min((m.held_on for m in case.meetings if m.state == "booked"), default=None)
            steps.append(Next(panel, "Consider the case", coming or case.asked_for, address))
    return steps


def _disagreements(rows: list[IdentityRow]) -> list[Stated]:
    """The parts of an identity of which the sources in hand do not all say the same."""
    by_field: dict[str, list[IdentityRow]] = {}
    for row in rows:
        by_field.setdefault(row.field, []).append(row)
    return [
        Stated(
            IDENTITY.get(name, name.replace("_", " ").capitalize()),
            tuple((_identity_words(row), row) for row in said),
        )
        for name, said in by_field.items()
        if len({row.value for row in said}) > 1
    ]


def _identity_words(row: IdentityRow) -> str:
    if row.field == "born":
        try:
            return day(date.fromisoformat(row.value))
        except ValueError:
            return row.value
    column = {"sex": "SEX", "ethnicity": "ETHNIC", "ethnic": "ETHNIC"}.get(row.field)
    return child_words.stated(column, row.value) if column else row.value or "Not recorded"

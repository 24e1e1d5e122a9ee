"""Pages of the people of an authority: the list with its search and filters, and one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for

from core.domain.finding import Finding
from core.domain.sight import ROLES
from core.domain.staff import GRADES
from core.store import account_links, codes, covers, directory, matching, teams
from core.store.directory import INVITED, PAGE, STATES, Wanted
from core.usecases.posts import titles
from core.usecases.tries import locked_until
from core.web import admin_pages, asker, pages
from core.web.admin_pages import choices
from core.web.caller import caller
from core.web.clock import now
from core.web.typed import page_number, words

blueprint = Blueprint("directory", __name__)
SEARCHED = "staff-searched"
LONGEST_SEARCH = 100
FILTERS = ("role", "where", "state")


@blueprint.get("/staff")
def people() -> Response:
    """The people of the authority; the words searched for wait in the session, not the address."""
    searched = session.get(SEARCHED, "") if request.args.get("search") == "yes" else ""
    if not searched:
        session.pop(SEARCHED, None)
    return _list(searched)


@blueprint.post("/staff/search")
def search() -> Response:
    typed = " ".join(words(request.form.get("words", "")).split())
    if not typed:
        message = "Enter part of a name, an e-mail or a staff number"
        return _list("", Finding(message, field="words"))
    if len(typed) > LONGEST_SEARCH:
        message = f"Search words must be {LONGEST_SEARCH} characters or fewer"
        return _list(typed, Finding(message, field="words"))
    session[SEARCHED] = typed
    return redirect(url_for("directory.people", search="yes"), 303)  # type: ignore[return-value]


def places(scope_tree: Iterable[teams.ServiceRow]) -> list[dict[str, str]]:
    """Every service and, after it, its teams, as the items of a choice."""
    found = []
    for service in scope_tree:
        found.append((f"service {service.id}", f"{service.name} (the service)"))
        found += [(f"team {team.id}", f"{team.name}, {service.name}") for team in service.teams]
    return choices(found)


def _list(searched: str, *also: Finding) -> Response:
    scope = asker.scope()
    typed = {name: request.args.get(name, "") for name in FILTERS}
    where = places(teams.tree(scope))
    findings = list(also)
    known = {
        "role": set(ROLES),
        "where": {item["value"] for item in where},
        "state": set(STATES),
    }
    for name in FILTERS:
        if typed[name] and typed[name] not in known[name]:
            findings.append(Finding("Choose one from the list", field=name))
    number = page_number(request.args.get("page", "1"))
    here = {name: value for name, value in typed.items() if value}
    if searched:
        here["search"] = "yes"
    context: dict[str, Any] = {
        "said": admin_pages,
        "admin_pages": admin_pages.admin_pages(),
        "searched": searched,
        "typed": typed,
        "filtered": any(typed.values()),
        "roles": choices((role, admin_pages.title(role)) for role in ROLES),
        "places": where,
        "states": choices((state, admin_pages.STATES[state][0]) for state in STATES),
    }
    if findings:
        return pages.refused("admin/people.html", findings, rows=None, count=0, **context)
    of, _, key = typed["where"].partition(" ")
    wanted = Wanted(
        words=tuple(searched.split()),
        role=typed["role"],
        team_id=int(key) if of == "team" else None,
        service_id=int(key) if of == "service" else None,
        state=typed["state"],
        page=number,
    )
    rows, count = directory.listed(scope, wanted)
    last = max(1, -(-count // PAGE))
    return pages.page(
        "admin/people.html",
        rows=rows,
        count=count,
        page_number=min(number, last),
        last=last,
        page_address=lambda n: url_for("directory.people", **here, page=n),  # type: ignore[arg-type]
        **context,
    )


@blueprint.get("/staff/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("admin/person.html", **person_context(public_id))


def person_context(
    public_id: str, typed: Mapping[str, Any] | None = None, opened: str = ""
) -> dict[str, Any]:
    """What a person's page shows; ``typed`` is put back, and the form ``opened`` stands open."""
    scope = asker.scope()
    person = directory.person(scope, public_id)
    if person is None:
        abort(404)
    pages.looked_at("account", public_id)
    by_what = titles(scope, asker.registry())
    holdings = {
        "role": directory.roles(scope, person.id),
        "place": directory.placings(scope, person.id),
        "post": directory.posts(scope, person.id),
    }
    return {
        "said": admin_pages,
        "admin_pages": admin_pages.admin_pages(),
        "somebody": person,
        "codes_since": codes.since(scope, person.id),
        "own": person.id == scope.account_id,
        "on": scope.on,
        "children": matching.children_of(scope, person.id),
        "holdings_of": {
            kind: [admin_pages.shown(held, scope.on, by_what) for held in rows]
            for kind, rows in holdings.items()
        },
        "choices": {
            "role": choices((role, admin_pages.title(role)) for role in ROLES),
            "place": places(teams.tree(scope)),
        },
        "covers": covers.of_account(scope, person.id),
        "history": [
            admin_pages.line(event, by_what) for event in directory.history(scope, public_id)
        ],
        "grade": GRADES.get(person.grade, person.grade),
        "reset": account_links.latest(scope, person.id) if person.state == INVITED else None,
        "at_now": now(),
        "locked_until": locked_until(person.email, caller(), now()) if person.active else None,
        "typed": typed or {},
        "opened": opened,
    }

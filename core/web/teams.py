"""Pages of services and teams: all of them with their numbers, and one to change or to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.store import teams
from core.store.teams import ServiceRow, TeamRow
from core.usecases import teams as changes
from core.usecases.teams import NoSuchTeam, TeamMoved
from core.web import admin_pages, asker, pages
from core.web.admin_pages import choices
from core.web.clock import now
from core.web.typed import row_id, words

blueprint = Blueprint("teams", __name__)


def _id(public_id: str) -> int:
    number = row_id(public_id)
    if number is None:
        abort(404)
    return number


def _typed(*names: str) -> dict[str, str]:
    return {name: words(request.form.get(name, "")) for name in names}


@blueprint.get("/teams")
def tree() -> Response:
    return pages.page("admin/teams.html", **_tree({}))


def _tree(typed: Mapping[str, str], opened: str = "") -> dict[str, Any]:
    services = teams.tree(asker.scope())
    return {
        "admin_pages": admin_pages.admin_pages(),
        "services": services,
        "items": choices((str(service.id), service.name) for service in services),
        "typed": typed,
        "opened": opened,
    }


def _add(act: Callable[[], None], typed: Mapping[str, str], opened: str, done: str) -> Response:
    try:
        act()
    except Refused as refusal:
        return pages.refused("admin/teams.html", refusal.findings, **_tree(typed, opened))
    flash(done, "success")
    return redirect(url_for("teams.tree"), 303)  # type: ignore[return-value]


@blueprint.post("/services")
def add_service() -> Response:
    typed = _typed("service-name")
    name = typed["service-name"]
    return _add(
        lambda: changes.add_service(asker.scope(), name, now()),
        typed,
        "service",
        "The service is added",
    )


@blueprint.post("/teams")
def add_team() -> Response:
    typed = _typed("team-name", "team-service")
    service_id = row_id(typed["team-service"])
    return _add(
        lambda: changes.add_team(asker.scope(), typed["team-name"], service_id, now()),
        typed,
        "team",
        "The team is added",
    )


def _one(row: TeamRow | ServiceRow, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    shown = {"name": row.name, "service": str(getattr(row, "service_id", ""))}
    return {
        "admin_pages": admin_pages.admin_pages(),
        "one": row,
        "is_team": isinstance(row, TeamRow),
        "items": choices((str(s.id), s.name) for s in teams.tree(asker.scope())),
        "typed": typed or shown,
        "seen": shown,
    }


def _team(public_id: str) -> TeamRow:
    try:
        return changes.find_team(asker.scope(), _id(public_id))
    except NoSuchTeam:
        abort(404)


def _service(public_id: str) -> ServiceRow:
    try:
        return changes.find_service(asker.scope(), _id(public_id))
    except NoSuchTeam:
        abort(404)


def _changed(
    public_id: str,
    there: Callable[[str], TeamRow | ServiceRow],
    act: Callable[[], None],
    typed: Mapping[str, str] | None,
    done: str,
) -> Response:
    try:
        act()
    except NoSuchTeam:
        abort(404)
    except Refused as refusal:
        stands = there(public_id)
        context = _one(stands, typed)
        context["conflict"] = isinstance(refusal, TeamMoved)
        return pages.refused("admin/team.html", refusal.findings, **context)
    flash(done, "success")
    return redirect(url_for("teams.tree"), 303)  # type: ignore[return-value]


@blueprint.get("/teams/<public_id>")
def team(public_id: str) -> Response:
    return pages.page("admin/team.html", **_one(_team(public_id)), conflict=False)


@blueprint.get("/services/<public_id>")
def service(public_id: str) -> Response:
    return pages.page("admin/team.html", **_one(_service(public_id)), conflict=False)


@blueprint.post("/teams/<public_id>")
def change_team(public_id: str) -> Response:
    _team(public_id)
    typed = _typed("name", "service", "seen-name", "seen-service")
    seen = (typed["seen-name"], row_id(typed["seen-service"]) or 0)
    service_id = row_id(typed["service"])

    def act() -> None:
        scope = asker.scope()
        changes.change_team(scope, _id(public_id), typed["name"], service_id, seen, now())

    return _changed(public_id, _team, act, typed, "The team is changed")


@blueprint.post("/services/<public_id>")
def change_service(public_id: str) -> Response:
    _service(public_id)
    typed = _typed("name", "seen-name")

    def act() -> None:
        scope = asker.scope()
        changes.change_service(scope, _id(public_id), typed["name"], typed["seen-name"], now())

    return _changed(public_id, _service, act, typed, "The service is renamed")


@blueprint.post("/teams/<public_id>/end")
def end_team(public_id: str) -> Response:
    number = _id(public_id)
    return _changed(
        public_id,
        _team,
        lambda: changes.end_team(asker.scope(), number, now()),
        None,
        "The team is ended",
    )


@blueprint.post("/services/<public_id>/end")
def end_service(public_id: str) -> Response:
    number = _id(public_id)
    return _changed(
        public_id,
        _service,
        lambda: changes.end_service(asker.scope(), number, now()),
        None,
        "The service is ended",
    )

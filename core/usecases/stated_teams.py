"""The teams that files give children, made and moved where they are not there or not in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.naming import folded
from core.imports.reader import Found
from core.store import audit, stated_people, teams_named
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.store.stated_people import TeamRow
from core.usecases.care_changes import Change
from core.usecases.stated_identity import Identities


@dataclass(slots=True)
class Teams:
    """What is to be written of teams, by their names as they are compared.

    ``new`` are the teams to make, with their services; ``moved`` the services of those of which
    none was known, by id; ``children`` the teams of children, by the local id of the record;
    ``ids`` those that are there.
    """

    new: dict[str, tuple[str, str]] = field(default_factory=dict)
    moved: dict[int, str] = field(default_factory=dict)
    children: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def work_out(
    scope: Scope,
    found: Found,
    known: Mapping[str, KnownChild],
    identities: Identities,
) -> Teams:
    """The children who come into another team, and the teams and services that are made.

    A team that a person gave a child, other than what files said, stays.
    """
    out = Teams()
    if not identities.teams:
        return out
    rows = stated_people.teams(scope)
    by_name: dict[str, TeamRow] = {}
    for row in rows:
        by_name.setdefault(folded(row.name), row)
    by_id = {row.id: row for row in rows}
    out.ids = {name: row.id for name, row in by_name.items()}
    services: dict[str, str] = {}
    for stated in found.stated:
        for team in stated.teams:
            if team.service:
                services.setdefault(folded(team.team), team.service)
    for local, (said, saying) in identities.teams.items():
        name = folded(said)
        if not name:  # a person typed that the child is in no team
            continue
        before = known.get(local)
        now = by_id.get(before.team_id) if before and before.team_id else None
        if now is not None and folded(now.name) != folded(identities.teams_before.get(local, "")):
            continue
        if name not in by_name:
            out.new.setdefault(name, (said, services.get(name, "")))
        if now is None or folded(now.name) != name:
            out.children[local] = name
            out.changes.append(
                Change(
                    local,
                    "team",
                    now.name if now else "",
                    said,
                    saying.file if saying else "",
                    saying.line if saying else None,
                    "team",
                )  # fmt: skip
            )
    for local, saying in identities.teams_said.items():
        before = known.get(local)
        now = by_id.get(before.team_id) if before and before.team_id else None
        if local not in out.children and folded(now.name if now else "") != folded(saying.value):
            out.changes.append(
                Change(
                    local,
                    "team",
                    now.name if now else "",
                    saying.value,
                    saying.file,
                    saying.line,
                    "team",
                    otherwise=True,
                )  # fmt: skip
            )
    for name, service in services.items():
        there = by_name.get(name)
        if there is None or there.service != teams_named.UNPLACED:
            continue
        if folded(service) != folded(teams_named.UNPLACED):
            out.moved[there.id] = service
    return out


def write(scope: Scope, teams: Teams, ids: Mapping[str, int], at: datetime, run: str) -> None:
    """Write what was worked out, in the transaction under way; ``ids`` are by local id.

    Each team and service that is made, moved or opened again stands in the audit with the import.
    """
    by_name = {**teams.ids, **_make_teams(scope, teams, at, run)}
    of_children = {ids[local]: by_name[name] for local, name in teams.children.items()}
    ended, services = stated_people.open_again(scope, set(of_children.values()))
    for service in services:
        _say_service(scope, service, at, run)
    for row in ended:
        _say_team(scope, row.name, row.service, at, run)
    stated_people.set_teams(scope, of_children)


def _make_teams(scope: Scope, teams: Teams, at: datetime, run: str) -> Mapping[str, int]:
    """Make the teams of files that are not there, and move those whose service is known now."""
    if not (teams.new or teams.moved):
        return {}
    services, made = teams_named.make(scope, teams.new, teams.moved)
    there = {row.id: row for row in stated_people.teams(scope)}
    for service in services.new.values():
        _say_service(scope, service, at, run)
    for name in made.new:
        team = there[made.ids[name]]
        _say_team(scope, team.name, team.service, at, run)
    for team_id in teams.moved:
        now = {"name": there[team_id].name, "service": there[team_id].service}
        was, why = now | {"service": teams_named.UNPLACED}, f"import {run}"
        audit.changed(
            scope, at, "change team", "team", str(team_id), before=was, after=now, why=why
        )
    return made.ids


def _say_service(scope: Scope, service: str, at: datetime, run: str) -> None:
    after, why = {"name": service}, f"import {run}"
    audit.changed(scope, at, "add service", "service", "", after=after, why=why)


def _say_team(scope: Scope, team: str, service: str, at: datetime, run: str) -> None:
    after, why = {"name": team, "service": service}, f"import {run}"
    audit.changed(scope, at, "add team", "team", "", after=after, why=why)

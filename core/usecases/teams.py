"""Services and teams: added, renamed, a team moved to another service, ended when empty."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Moved, Refused
from core.store import audit, authorities, teams
from core.store.database import writing
from core.store.scope import Scope
from core.store.teams import Kind, ServiceRow, TeamRow

MOST = 200


class NoSuchTeam(LookupError):
    """The authority has no such team or service, or it has been ended."""


class TeamMoved(Moved[TeamRow | ServiceRow]):
    """Somebody else changed it first."""

    def __init__(self, now: TeamRow | ServiceRow) -> None:
        where = f" in {now.service}" if isinstance(now, TeamRow) else ""
        super().__init__(
            now,
            f"Somebody else changed this while you were typing: it is now “{now.name}”{where}. "
            "Yours is still below: save again to change it to that",
            field="name",
        )


def find_team(scope: Scope, team_id: int) -> TeamRow:
    """A team as it stands; raises ``NoSuchTeam``."""
    for service in teams.tree(scope):
        for team in service.teams:
            if team.id == team_id:
                return team
    raise NoSuchTeam


def find_service(scope: Scope, service_id: int) -> ServiceRow:
    """A service as it stands; raises ``NoSuchTeam``."""
    for service in teams.tree(scope):
        if service.id == service_id:
            return service
    raise NoSuchTeam


def _checked(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(Finding("Enter a name", field=field))
    if len(name) > MOST:
        raise Refused(Finding(f"The name must be {MOST} characters or fewer", field=field))
    if not name.isprintable():
        message = "The name has a character that cannot be shown: type it again"
        raise Refused(Finding(message, field=field))
    return name


def add_service(scope: Scope, name: str, at: datetime) -> None:
    """Add a service, or open again one of that name that was ended."""
    name = _checked(name, "service-name")
    with writing():
        authorities.lock(scope)
        there = teams.by_name(scope, "service", name)
        if there is None:
            teams.add(scope, name, None)
        elif there[1]:
            teams.reopened(scope, "service", there[0], name=name)
        else:
            raise Refused(
                Finding(f"There is already a service called “{name}”", field="service-name")
            )
        audit.changed(scope, at, "add service", "service", "", after={"name": name})


def add_team(scope: Scope, name: str, service_id: int | None, at: datetime) -> None:
    """Add a team to a service, or open again one of that name that was ended."""
    name = _checked(name, "team-name")
    with writing():
        authorities.lock(scope)
        if service_id is None or not teams.lock(scope, "service", service_id):
            raise Refused(Finding("Choose the service of the team", field="team-service"))
        there = teams.by_name(scope, "team", name)
        if there is None:
            teams.add(scope, name, service_id)
        elif there[1]:
            teams.reopened(scope, "team", there[0], name=name, service_id=service_id)
        else:
            raise Refused(Finding(f"There is already a team called “{name}”", field="team-name"))
        service = find_service(scope, service_id).name
        audit.changed(scope, at, "add team", "team", "", after={"name": name, "service": service})


def change_team(
    scope: Scope,
    team_id: int,
    name: str,
    service_id: int | None,
    seen: tuple[str, int],
    at: datetime,
) -> None:
    """Rename a team or move it to another service; ``seen`` is its name and service as shown.

    Moving it changes which children the managers of the two services see.
    """
    name = _checked(name, "name")
    with writing():
        authorities.lock(scope)
        before = find_team(scope, team_id)
        if service_id is None or not teams.lock(scope, "service", service_id):
            raise Refused(Finding("Choose the service of the team", field="service"))
        _free(scope, "team", name, team_id)
        if not teams.change(
            scope,
            "team",
            team_id,
            {"name": seen[0], "service_id": seen[1]},
            name=name,
            service_id=service_id,
        ):
            raise TeamMoved(before)
        after = {"name": name, "service": find_service(scope, service_id).name}
        was = {"name": before.name, "service": before.service}
        audit.changed(scope, at, "change team", "team", str(team_id), before=was, after=after)


def change_service(scope: Scope, service_id: int, name: str, seen: str, at: datetime) -> None:
    """Rename a service; ``seen`` is its name as shown."""
    name = _checked(name, "name")
    with writing():
        authorities.lock(scope)
        before = find_service(scope, service_id)
        _free(scope, "service", name, service_id)
        if not teams.change(scope, "service", service_id, {"name": seen}, name=name):
            raise TeamMoved(before)
        audit.changed(
            scope,
            at,
            "change service",
            "service",
            str(service_id),
            before={"name": before.name},
            after={"name": name},
        )


def _free(scope: Scope, kind: Kind, name: str, own: int) -> None:
    there = teams.by_name(scope, kind, name)
    if there is not None and there[0] != own:
        ended = " that was ended: add it again instead" if there[1] else " already"
        raise Refused(Finding(f"There is a {kind} {name}{ended}", field="name"))


def end_team(scope: Scope, team_id: int, at: datetime) -> None:
    """End a team in which nobody works and of which no child is."""
    with writing():
        authorities.lock(scope)
        if not teams.lock(scope, "team", team_id):
            raise NoSuchTeam
        team = find_team(scope, team_id)
        _empty(team.name, teams.in_use(scope, team_id=team_id))
        teams.ended_on(scope, "team", team_id, scope.on)
        was = {"name": team.name, "service": team.service}
        audit.changed(scope, at, "end team", "team", str(team_id), before=was)


def end_service(scope: Scope, service_id: int, at: datetime) -> None:
    """End a service that has no team and in which nobody works."""
    with writing():
        authorities.lock(scope)
        if not teams.lock(scope, "service", service_id):
            raise NoSuchTeam
        service = find_service(scope, service_id)
        _empty(service.name, teams.in_use(scope, service_id=service_id))
        teams.ended_on(scope, "service", service_id, scope.on)
        audit.changed(
            scope, at, "end service", "service", str(service_id), before={"name": service.name}
        )


def _empty(name: str, uses: list[str]) -> None:
    if uses:
        message = f"{name} cannot end yet: {' and '.join(uses)}. Move them first"
        raise Refused(Finding(message, field="end"))

"""A child added by hand: the local id, who they are, and the team and worker they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.identity import BORN, EXPECTED, FIELDS, NAMES, fault, values_in_use
from core.domain.sight import Relation, relations
from core.store import adding, allocations, audit, authorities, described, identity, returns
from core.store.database import writing
from core.store.scope import Scope

LOCAL_ID_MOST = 64
OWN_WORKER = "social.worker"


@dataclass(frozen=True, slots=True)
class NewChild:
    """What is known of a child; ``identity`` is text by field, days as ISO."""

    local_id: str
    identity: Mapping[str, str]
    team_id: int | None = None


class LocalIdTaken(Refused):
    """A child has this local id: ``public_id`` is theirs where the asker sees them, else ""."""

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id
        message = (
            "A child with this local id is in the record already"
            if public_id
            else "This local id cannot be used: ask your administrator"
        )
        super().__init__(Finding(message, field="local_id"))


def add_child(scope: Scope, new: NewChild, at: datetime) -> str:
    """Add a child; gives the public id. A social worker is allocated whom they add.

    Raises ``Refused`` with everything that is wrong, or ``LocalIdTaken``.
    """
    with writing():
        authorities.lock(scope)
        local_id = " ".join(new.local_id.split())
        said = {field.code: " ".join(new.identity.get(field.code, "").split()) for field in FIELDS}
        said["upn"] = said["upn"].upper()
        teams = {team.id: team.name for team in allocations.teams(scope)}
        if found := _faults(scope, local_id, said, new.team_id, teams):
            raise Refused(*found)
        if (taken := adding.who_has(scope, local_id)) is not None:
            raise LocalIdTaken(taken)
        public_id = returns.new_public_id()
        child_id = returns.add_children(scope, {local_id: {}}, {local_id: public_id})[local_id]
        for field, value in said.items():
            if value:
                identity.add(scope, child_id, field, value, at)
        values = values_in_use(identity.said_of(scope, [child_id]).get(child_id, []))
        identity.put_in_use(scope, child_id, {**values, "team_id": new.team_id})
        described.without_episodes(scope, [child_id])
        worker = scope.account_id if scope.has(OWN_WORKER) else None
        if worker is not None:
            allocations.add(scope, child_id, worker, "worker", scope.on, None)
        after = {"local_id": local_id, **{k: v for k, v in said.items() if v}}
        after |= {"team": teams[new.team_id]} if new.team_id else {}
        after |= {"worker": scope.name} if worker is not None else {}
        audit.changed(scope, at, "add", "child", public_id, after=after)
        returns.move_record(scope)
        return public_id


def sees_every_child(roles: frozenset[str]) -> bool:
    """Whether somebody with these roles sees children whatever team they are in."""
    return Relation.EVERY_CHILD in relations(roles)


def _faults(
    scope: Scope,
    local_id: str,
    said: Mapping[str, str],
    team_id: int | None,
    teams: Mapping[int, str],
) -> list[Finding]:
    found: list[Finding] = []
    if not local_id:
        found.append(Finding("Enter the local id, as your case system has it", field="local_id"))
    elif len(local_id) > LOCAL_ID_MOST or not local_id.isprintable():
        message = f"The local id must be {LOCAL_ID_MOST} characters or fewer"
        found.append(Finding(message, field="local_id"))
    if not any(said[name] for name in NAMES):
        found.append(Finding("Give at least one name, such as Baby", field="given_name"))
    for field in FIELDS:
        if wrong := fault(field, said[field.code], scope.on):
            found.append(Finding(wrong, field=field.code))
    if said[BORN] and said[EXPECTED]:
        message = "Give the date of birth or the date expected, not both"
        found.append(Finding(message, field=EXPECTED))
    elif not said[BORN] and not said[EXPECTED]:
        message = "Enter the date of birth, or the date expected for a child not born yet"
        found.append(Finding(message, field=BORN))
    if team_id is not None and team_id not in teams:
        found.append(Finding("Choose a team from the list", field="team"))
    if team_id is None and not scope.has(OWN_WORKER) and not sees_every_child(scope.roles):
        message = "Choose the team that has the child: without one you would not see the child"
        found.append(Finding(message, field="team"))
    return found

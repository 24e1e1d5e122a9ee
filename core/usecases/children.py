"""What returns do not carry of children: names, teams, siblings, and who works with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.identity import BORN, EXPECTED, SIBLINGS
from core.store import audit, authorities, described, returns, staff
from core.store.database import writing
from core.store.scope import Scope


@dataclass(frozen=True, slots=True)
class Described:
    """One child by local id. ``workers`` are account ids by relation ("worker", "iro")."""

    local_id: str
    given_name: str
    family_name: str
    team: str
    service: str
    workers: Mapping[str, int]
    since: date
    disability: str = ""
    sibling_group: str | None = None
    born: date | None = None
    birth_expected: bool = False


def describe_children(scope: Scope, described_children: Iterable[Described], at: datetime) -> None:
    """Set what is said of children, and add those who are in no return yet, such as the unborn."""
    with writing():
        authorities.lock(scope)
        there = returns.known_children(scope)
        said = list(described_children)
        public = {local: child.public_id for local, child in there.items()}
        new = {
            child.local_id: {"born": child.born} for child in said if child.local_id not in there
        }
        public |= {local: returns.new_public_id() for local in new}
        added = returns.add_children(scope, new, public)
        described.without_episodes(scope, added.values())
        ids = {local: child.id for local, child in there.items()} | added
        teams = {(c.service, c.team): staff.find_team(scope, c.service, c.team)[1] for c in said}
        described.describe(
            scope, {ids[c.local_id]: _said(c, teams[c.service, c.team]) for c in said}
        )
        described.say(
            scope,
            (
                (ids[c.local_id], field, value, c.workers.get("worker"))
                for c in said
                for field, value in _sayings(c, c.local_id in new)
            ),
            at,
        )
        described.allocate(
            scope,
            (
                (ids[child.local_id], account_id, relation, child.since)
                for child in said
                for relation, account_id in child.workers.items()
            ),
        )
        audit.imported(
            scope,
            at,
            "of names and teams",
            ((public[c.local_id], "describe", {}, {"team": c.team}) for c in said),
        )
        returns.move_record(scope)


def _said(child: Described, team_id: int | None) -> dict[str, object]:
    return {
        "given_name": child.given_name,
        "family_name": child.family_name,
        "disability": child.disability,
        "sibling_group": child.sibling_group,
        "birth_expected": child.birth_expected,
        "team_id": team_id,
    }


def _sayings(child: Described, new: bool) -> Iterator[tuple[str, str]]:
    """What is said of who a child is, as the worker would type it; a birth only of a new child."""
    yield "given_name", child.given_name
    yield "family_name", child.family_name
    for field, value in (("disability", child.disability), (SIBLINGS, child.sibling_group)):
        if value:
            yield field, value
    if new and child.born is not None:
        yield (EXPECTED if child.birth_expected else BORN), child.born.isoformat()

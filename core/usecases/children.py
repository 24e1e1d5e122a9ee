"""What returns do not carry of children: names, teams, siblings, and who works with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.store import audit, returns
from core.store.care import NO_EPISODES_SUMMARY
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Allocation, CareSummary, Child
from core.usecases.authority import find_team


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


def describe_children(scope: Scope, described: Iterable[Described], at: datetime) -> None:
    """Set what is said of children, and add those who are in no return yet, such as the unborn."""
    with writing():
        there = returns.known_children(scope)
        known = {local: child.id for local, child in there.items()}
        public = {local: child.public_id for local, child in there.items()}
        said = list(described)
        new = {
            child.local_id: {"born": child.born} for child in said if child.local_id not in known
        }
        public |= {local: returns.new_public_id() for local in new}
        added = returns.add_children(scope, new, public)
        known |= added
        if added:
            db.session.execute(
                sa.insert(CareSummary),
                [
                    {
                        "authority_id": scope.authority_id,
                        "child_id": child_id,
                        **NO_EPISODES_SUMMARY,
                    }
                    for child_id in added.values()
                ],
            )
        teams = {(c.service, c.team): find_team(scope, c.service, c.team)[1] for c in said}
        for child in said:
            db.session.execute(
                sa.update(Child)
                .where(Child.authority_id == scope.authority_id, Child.id == known[child.local_id])
                .values(
                    given_name=child.given_name,
                    family_name=child.family_name,
                    disability=child.disability,
                    sibling_group=child.sibling_group,
                    birth_expected=child.birth_expected,
                    team_id=teams[child.service, child.team],
                    version=Child.version + 1,
                )
            )
        allocations = [
            {
                "authority_id": scope.authority_id,
                "child_id": known[child.local_id],
                "account_id": account_id,
                "relation": relation,
                "since": child.since,
            }
            for child in said
            for relation, account_id in child.workers.items()
        ]
        if allocations:
            db.session.execute(sa.insert(Allocation), allocations)
        audit.imported(
            scope,
            at,
            "of names and teams",
            ((public[c.local_id], "describe", {}, {"team": c.team}) for c in said),
        )
        returns.move_record(scope)

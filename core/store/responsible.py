"""Who answers for a child on a day: worker, team and service managers, reviewing officer, heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.domain.procedure.escalation import WHOM_WORDS, Whom
from core.store import child_people
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, AccountRole, CaseChild, Child, Service, Team

HEADS = {
    "head.of.service": Whom.HEAD_OF_SERVICE,
    "deputy.director": Whom.DIRECTOR,
    "assistant.director": Whom.DIRECTOR,
}
MANAGERS = {
    child_people.TEAM_MANAGER: Whom.TEAM_MANAGER,
    child_people.SERVICE_MANAGER: Whom.SERVICE_MANAGER,
}
RELATIONS = {child_people.WORKER: Whom.SOCIAL_WORKER, child_people.OFFICER: Whom.IRO}


@dataclass(slots=True)
class Answering:
    """Who answers for one child; only accounts that are active, by name."""

    public_id: str
    team: str = ""
    service: str = ""
    closed: bool = False
    people: dict[Whom, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, whom: Iterable[Whom]) -> dict[int, str]:
        """The accounts and names of these, each once."""
        return {key: name for one in whom for key, name in self.people.get(one, {}).items()}

    def nobody(self, whom: Whom) -> str:
        """That nobody is this to the child, and what to do; it names no child."""
        if self.closed:
            return f"Nobody who is {WHOM_WORDS[whom]} is named for this closed record: name one"
        if whom in (Whom.TEAM_MANAGER, Whom.SERVICE_MANAGER) and not self.team:
            return "The child is in no team: give the child one"
        if whom is Whom.TEAM_MANAGER:
            return f"Nobody is the team manager of {self.team}: give the team one"
        if whom is Whom.SERVICE_MANAGER:
            return f"Nobody is the service manager of {self.service}: give the service one"
        if whom in (Whom.IRO, Whom.SOCIAL_WORKER):
            return f"The child has no {WHOM_WORDS[whom].removeprefix('the ')}: allocate one"
        return f"Nobody is {WHOM_WORDS[whom]}: give somebody that role"


def children_of_actions(
    scope: Scope, actions: Iterable[tuple[int, int | None, int | None]]
) -> dict[int, tuple[int, ...]]:
    """By the id of each action (id, case id, child id), its children; one query."""
    rows = list(actions)
    of_case: dict[int, list[int]] = defaultdict(list)
    case_ids = {case_id for _, case_id, _ in rows if case_id is not None}
    if case_ids:
        for case_id, child_id in db.session.execute(
            sa.select(CaseChild.case_id, CaseChild.child_id)
            .where(
                CaseChild.authority_id == scope.authority_id,
                CaseChild.case_id.in_(case_ids),
                CaseChild.withdrawn_at.is_(None),
            )
            .order_by(CaseChild.id)
        ):
            of_case[case_id].append(child_id)
    return {
        action_id: tuple(
            dict.fromkeys([*of_case.get(case_id or 0, ()), *([child_id] if child_id else [])])
        )
        for action_id, case_id, child_id in rows
    }


def answering(scope: Scope, child_ids: Iterable[int]) -> Mapping[int, Answering]:
    """Who answers for these children on the scope's day, by the child's id: five queries.

    For a restricted or sealed child only those who are named for the record.
    """
    ids = sorted(set(child_ids))
    if not ids:
        return {}
    found: dict[int, Answering] = {}
    of_team: dict[int, list[int]] = defaultdict(list)
    of_service: dict[int, list[int]] = defaultdict(list)
    for row in db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.closed_to,
            Team.id.label("team_id"),
            Team.name.label("team"),
            Service.id.label("service_id"),
            Service.name.label("service"),
        )
        .outerjoin(Team, Team.id == Child.team_id)
        .outerjoin(Service, Service.id == Team.service_id)
        .where(Child.authority_id == scope.authority_id, Child.id.in_(ids))
    ):
        found[row.id] = Answering(
            row.public_id, row.team or "", row.service or "", bool(row.closed_to)
        )
        if row.team_id is not None:
            of_team[row.team_id].append(row.id)
            of_service[row.service_id].append(row.id)
    for one in child_people.managing(scope, of_team, of_service):
        whom = MANAGERS[one.role]
        for child_id in (of_team if whom is Whom.TEAM_MANAGER else of_service)[one.place]:
            if one.active:
                found[child_id].people[whom][one.account_id] = one.name
    for works in child_people.allocated(scope, ids):
        if works.active:
            people = found[works.child_id].people
            people[RELATIONS[works.relation]][works.account_id] = works.name
    for whom, key, name in _heads(scope):
        for answers in found.values():
            answers.people[whom][key] = name
    _only_named(scope, found)
    return found


def _heads(scope: Scope) -> Iterator[tuple[Whom, int, str]]:
    rows = db.session.execute(
        sa.select(AccountRole.role, Account.id, Account.name)
        .join(Account, Account.id == AccountRole.account_id)
        .where(
            AccountRole.authority_id == scope.authority_id,
            AccountRole.role.in_(list(HEADS)),
            held(AccountRole, scope.on),
            Account.active,
        )
        .order_by(Account.name, Account.id)
    )
    yield from ((HEADS[role], key, name) for role, key, name in rows)


def _only_named(scope: Scope, found: Mapping[int, Answering]) -> None:
    """Of a closed record nobody hears who is not named for it."""
    closed = [child_id for child_id, one in found.items() if one.closed]
    named = child_people.named_for(scope, closed) if closed else set()
    for child_id in closed:
        for people in found[child_id].people.values():
            for key in [key for key in people if (child_id, key) not in named]:
                del people[key]

"""How long the first page takes: for a worker, a manager, and who sees every child."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks import asking
from core import worker
from core.registry import Registry
from core.store import bulk
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Action, Allocation, CareSummary, Child, DeadlineRow, Team
from core.usecases import reckoning
from core.usecases.authority import NewAccount, create_account

#: So many children are imported and worked out; more are copies of them, with all their dates.
SEED = 1_000
OWN, TEAM, SERVICE = 20, 40, 4
TIMES = 30
ROLES = (
    ("social.worker", f"{OWN} children"),
    ("team.manager", f"one child in {TEAM}"),
    ("service.manager", f"one child in {SERVICE}"),
    ("panel.administrator", "every child"),
    ("head.of.service", "every child"),
)
HEADING = (
    "\n| first page of | sees | children | deadlines | median, ms | 95th percentile, ms "
    "| queries | peak memory, MB |\n|---|---|---:|---:|---:|---:|---:|---:|"
)


def lines(app: Flask, scope: Scope, size: int) -> Iterator[str]:
    """The first page of each role, asked for again and again."""
    registry: Registry = app.extensions["permanence"].registry
    reckoning.bring_up_to_date(scope, registry, worker.now)
    db.session.rollback()
    _multiply(size)
    accounts = {role: _account(scope, role) for role, _ in ROLES}
    _place(scope, accounts["social.worker"])
    _act(scope, accounts["social.worker"])
    asking.counted()
    dates = db.session.scalar(sa.select(sa.func.count()).select_from(DeadlineRow))
    for role, sees in ROLES:
        client = asking.signed_in(app, scope, accounts[role])
        assert f">{role}</a>" in client.get("/").get_data(as_text=True)
        taken = asking.take(client, ["/"] * TIMES)
        yield (
            f"| {role} | {sees} | {size:,} | {dates:,} | {taken.median:.1f} "
            f"| {taken.percentile:.1f} | {taken.queries} | {taken.peak:.0f} |"
        )


def _account(scope: Scope, role: str) -> int:
    new = NewAccount(
        f"{role}@bexley.example",
        role,
        (role,),
        team="" if role == "service.manager" else "A team",
        service="A service",
    )
    return create_account(scope, new, worker.now(), since=scope.on)


def _place(scope: Scope, worker_id: int) -> None:
    """Put every fortieth child into the manager's team, and every fourth into the service."""
    with writing():
        team = db.session.execute(sa.select(Team.id, Team.service_id)).first()
        assert team is not None
        values = {"authority_id": scope.authority_id, "name": "The others"}
        insert = sa.insert(Team).values(**values, service_id=team.service_id)
        others = db.session.scalar(insert.returning(Team.id))
        db.session.execute(sa.update(Child).values(team_id=None))
        for every, team_id in ((SERVICE, others), (TEAM, team.id)):
            every_so_many = Child.id % every == 0
            db.session.execute(sa.update(Child).where(every_so_many).values(team_id=team_id))
        ids = db.session.scalars(sa.select(Child.id).order_by(Child.id).limit(OWN)).all()
        allocated = {"account_id": worker_id, "relation": "worker", "since": scope.on}
        db.session.execute(
            sa.insert(Allocation),
            [
                {"authority_id": scope.authority_id, "child_id": child_id, **allocated}
                for child_id in ids
            ],
        )


def _act(scope: Scope, owner_id: int) -> None:
    """To each child three actions that were accepted, and to every other one that is open."""
    ids = list(db.session.scalars(sa.select(Child.id).order_by(Child.id)))
    with writing():
        bulk.insert(
            Action,
            (
                ((scope.authority_id,), _action(scope, owner_id, child_id, number))
                for child_id in ids
                for number in range(4 if child_id % 2 else 3)
            ),
            ("authority_id",),
        )


def _action(scope: Scope, owner_id: int, child_id: int, number: int) -> dict[str, Any]:
    """The fourth is open, late for every eighth child, and of every hundredth said to be done."""
    is_open = number == 3
    due = scope.on + timedelta(days=child_id % 64 - 8 if is_open else -90 * (number + 1))
    accepted = None if is_open else due
    return {
        "child_id": child_id, "kind": "tracker", "what": "Finish the assessment",
        "owner_id": owner_id, "owner_name": "A worker", "due": due, "first_due": due,
        "done_on": accepted or (scope.on if child_id % 100 == 1 else None), "accepted_on": accepted,
    }  # fmt: skip


def _multiply(size: int) -> None:
    """Copy the children, their care and their dates until there are so many."""
    step = db.session.scalar(sa.select(sa.func.max(Child.id))) or 0
    db.session.rollback()
    for copy in range(1, size // SEED):
        with writing():
            beyond = copy * step
            named = {"local_id": f"-{copy}", "public_id": f"-{copy}"}
            _copy(Child, Child.id, step, {"id": Child.id + beyond}, named)
            for table in (CareSummary, DeadlineRow):
                moved = {"child_id": table.child_id + beyond}
                _copy(table, table.child_id, step, moved, {})


def _copy(
    table: Any, child_id: Any, step: int, moved: dict[str, Any], ended: dict[str, str]
) -> None:
    columns = [column for column in table.__table__.columns if column.name != "id" or "id" in moved]
    chosen = [
        moved.get(column.name, column + ended[column.name] if column.name in ended else column)
        for column in columns
    ]
    first = sa.select(*chosen).where(child_id <= step)
    db.session.execute(sa.insert(table).from_select([one.name for one in columns], first))

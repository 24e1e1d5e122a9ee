"""The board's speed: children made up straight into the tables, and its page asked for in turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from benchmarks import asking
from benchmarks.asking import Taken
from core.documents.spreadsheet import MEDIA
from core.domain.board import SECTION_20_DAYS, Span, Standing
from core.domain.board_views import VIEWS
from core.store import board_kept, bulk
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Action,
    Allocation,
    Child,
    DeadlineRow,
    Service,
    Team,
)

HEADING = (
    "| board | children | median, ms | 95th percentile, ms | of it computing, ms | queries "
    "| peak memory, MB |\n|---|---:|---:|---:|---:|---:|---:|"
)
TIMES = 40
SOME = 5_000
STAFF, TEAMS = 200, 40
PLANS = ("return-home", "adoption", "long-term-fostering", "sgo", "residential")
STATES = ("none", "unknown", "provisional", "agreed", "agreed", "agreed", "achieved")
LEGAL = ("C2", "C2", "C1", "V2", "V2", "E1")
PLACES = ("U6", "U4", "U1", "P1", "K2", "A5", "H5")
PAGES = {
    "first page": "/board",
    "last page": "/board?page=999999",
    "by name": "/board?sort=name",
    "by age": "/board?sort=age",
    "by days looked after, most first": "/board?sort=since&order=descending",
    "by next date": "/board?sort=next",
    "by match": "/board?sort=match&order=descending",
    "by last PPM": "/board?sort=ppm",
    "by actions overdue": "/board?sort=overdue&order=descending",
    "filtered by legal status": "/board?legal-status=C2&sort=since&order=descending",
    "filtered by plan and age, late only": "/board?plan=provisional&age-from=5&age-to=9&late=yes",
    "filtered and sorted": "/board?legal-status=V2&plan=agreed&late=yes&sort=next",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: its name and address."""

    name: str
    address: str


def pages() -> Iterator[Measured]:
    for name, address in PAGES.items():
        yield Measured(name, address)
    for view in VIEWS:
        yield Measured(f"view: {view.title.lower()}", f"/board?view={view.code}")


def lines(client: FlaskClient, size: int) -> Iterator[str]:
    """A line of the table for each page, asked for again and again, and for each file, once."""
    for one in pages():
        yield _line(one, size, asking.take(client, [one.address] * TIMES))
    for kind in MEDIA:
        file = Measured(f"every child as {kind}", f"/board/file.{kind}")
        yield _line(file, size, asking.take(client, [file.address]))


def _line(one: Measured, size: int, taken: Taken) -> str:
    return (
        f"| {one.name} | {size:,} | {taken.median:.1f} | {taken.percentile:.1f} "
        f"| {taken.computing:.1f} | {taken.queries} | {taken.peak:.0f} |"
    )


def fill(scope: Scope, size: int) -> None:
    """Make so many children up: who they are, how they stand, deadlines, actions and workers."""
    made = random.Random(5)
    own = {"authority_id": scope.authority_id}
    with writing():
        service = db.session.execute(
            sa.insert(Service).values(name="A service", **own).returning(Service.id)
        ).scalar_one()
        db.session.execute(
            sa.insert(Team),
            [{"name": f"Team {n:02d}", "service_id": service, **own} for n in range(TEAMS)],
        )
        db.session.execute(
            sa.insert(Account),
            [
                {"email": f"w{n}@bexley.example", "name": f"Worker {n}", "staff_number": f"S{n}",
                 "password_hash": "", "grade": "", "job": "", **own}
                for n in range(STAFF)
            ],
        )  # fmt: skip
    teams = list(db.session.scalars(sa.select(Team.id)))
    staff = list(db.session.scalars(sa.select(Account.id).where(Account.staff_number != "")))
    for start in range(0, size, SOME):
        with writing():
            _some(scope, made, range(start, min(start + SOME, size)), teams, staff)
    asking.counted()


def _some(
    scope: Scope, made: random.Random, numbers: range, teams: list[int], staff: list[int]
) -> None:
    def put(table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
        bulk.insert(table, (((scope.authority_id,), row) for row in rows), ("authority_id",))

    born = {n: scope.on - timedelta(days=made.randrange(30, 6_500)) for n in numbers}
    put(
        Child,
        (
            {"local_id": f"{n:06d}", "given_name": f"Given{made.randrange(900)}",
             "family_name": f"Family{made.randrange(5_000)}", "born": born[n],
             "team_id": made.choice(teams)}
            for n in numbers
        ),
    )  # fmt: skip
    first, last = f"{numbers[0]:06d}", f"{numbers[-1]:06d}"
    ids = list(
        db.session.scalars(
            sa.select(Child.id).where(Child.local_id.between(first, last)).order_by(Child.local_id)
        )
    )
    day = scope.on - timedelta(days=900)
    put(
        Allocation,
        (
            {"child_id": i, "account_id": made.choice(staff), "relation": "worker", "since": day,
             "until": None}
            for i in ids
        ),
    )  # fmt: skip
    put(DeadlineRow, (row for i in ids for row in _deadlines(made, i, scope.on)))
    put(
        Action,
        (
            {"child_id": i, "kind": "tracker", "what": "Finish the assessment",
             "owner_name": f"Worker {i % STAFF}", "due": due, "first_due": due}
            for i in ids
            if made.random() < 0.4
            for due in [scope.on + timedelta(days=made.randrange(-60, 90))]
        ),
    )  # fmt: skip
    spans = {
        i: (Span(one.started, None, one),)
        for i, n in zip(ids, numbers, strict=True)
        for one in [_standing(made, scope.on, born[n])]
    }
    board_kept.put(scope, ids, spans)


def _deadlines(made: random.Random, child_id: int, on: date) -> Iterator[dict[str, Any]]:
    """Twelve deadlines of a child, most of them met."""
    for number in range(12):
        due = on + timedelta(days=made.randrange(-700, 200))
        met = due < on and made.random() < 0.95
        yield {
            "child_id": child_id,
            "procedure_code": "STAT",
            "procedure_edition": "",
            "code": "review-n",
            "run": number + 1,
            "anchor": "review",
            "anchor_date": due - timedelta(days=180),
            "due": due,
            "soon_on": due - timedelta(days=14),
            "met_on": due if met else None,
            "spell": 1,
            "why": "6 months from the last review",
        }


def _standing(made: random.Random, on: date, born: date) -> Standing:
    started = max(born, on - timedelta(days=made.randrange(1, 2_500)))
    later = started + timedelta(days=made.randrange(max((on - started).days, 1)))
    legal, place, state = made.choice(LEGAL), made.choice(PLACES), made.choice(STATES)
    fostered = place.startswith("U")
    matched = fostered and made.random() < 0.5
    second = started + timedelta(days=120)
    return Standing(
        started=started,
        started_known=made.random() < 0.95,
        legal_status=legal,
        legal_since=later,
        legal_since_known=True,
        placement=place,
        placement_since=later,
        placement_since_known=True,
        plan="" if state == "none" else made.choice(PLANS),
        plan_state=state,
        plan_state_on=None if state in ("none", "unknown") else later,
        plan_since=None if state == "none" else later,
        plan_reviews=made.randrange(6),
        match=("yes" if matched else "no") if fostered else "",
        matched_on=later if matched else None,
        placement_order=legal == "E1",
        placement_order_on=later if legal == "E1" else None,
        placed_for_adoption=place == "A5",
        second_review=second,
        second_review_held=second < on,
        section_20_limit=later + timedelta(days=SECTION_20_DAYS) if legal == "V2" else None,
        last_planning=later,
        last_panel=later if made.random() < 0.4 else None,
    )

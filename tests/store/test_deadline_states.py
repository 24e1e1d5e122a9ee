"""The state of a kept deadline on a day in SQL is the one that the domain says, row for row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import sqlalchemy as sa
from builders.house import AT, House
from builders.states import RULE, examples

from core.domain.due import Due
from core.domain.windows import Reckoned
from core.store import deadlines, deadlines_kept
from core.store.database import db, writing
from core.store.deadlines_kept import OfChild
from core.store.tables import DeadlineRow
from plugins.bexley import PROCEDURE

FIRST = date(2026, 12, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(45)]
ROWS = 400


def kept(house: House, dues: list[Due]) -> dict[int, Due]:
    """Keep these as they are, by the numbers of their runs."""
    child_id, _ = house.child()
    numbered = {run: replace(due, run=run) for run, due in enumerate(dues, 1)}
    rows = tuple(Reckoned(PROCEDURE, due) for due in numbered.values())
    with writing():
        found = [OfChild(child_id, None, 1, rows)]
        deadlines_kept.put(house.whole, [child_id], found, AT)
    return numbered


def in_sql(on: date) -> dict[int, str]:
    query = sa.select(DeadlineRow.run, deadlines.state_on(on))
    found = dict(map(tuple, db.session.execute(query)))
    db.session.rollback()
    return found


def anything(random: Random) -> Due:
    """A deadline of which nothing is sure, its days near each other."""

    def day(likely: float) -> date | None:
        return random.choice(DAYS) if random.random() < likely else None

    due, met = day(0.85), day(0.5)
    hours = due is not None and met is not None and random.random() < 0.4
    return Due(
        replace(RULE, soon=random.choice([0, 3, 7])),
        FIRST,
        due,
        met,
        day(0.3),
        missing=random.choice(["", "", "it is not known"]),
        not_for=random.choice(["", "", "", "it is for others"]),
        due_at=_moment(due, random) if hours else None,
        met_at=_moment(met, random) if hours else None,
        begins=day(0.5),
        ends=day(0.3),
    )


def _moment(on: date | None, random: Random) -> datetime | None:
    return None if on is None else datetime.combine(on, time(random.choice([9, 12, 12, 15])))


def test_the_examples_of_the_page_are_so_in_sql(house: House) -> None:
    rows = examples()
    kept(house, [example.due for example in rows])
    for run, example in enumerate(rows, 1):
        assert in_sql(example.on)[run] == example.said, example


def test_the_state_of_anything_on_any_day_is_that_of_the_domain(house: House) -> None:
    random = Random(4)
    dues = kept(house, [anything(random) for _ in range(ROWS)])
    seen: set[str] = set()
    for on in DAYS:
        states = in_sql(on)
        assert states == {run: str(due.state(on)) for run, due in dues.items()}
        seen |= set(states.values())
        query = sa.select(DeadlineRow.run).where(deadlines.there_on(on))
        assert set(db.session.scalars(query)) == {run for run, d in dues.items() if d.there(on)}
    assert seen == {str(example.said) for example in examples()}


def test_as_many_clauses_as_it_stands_in_for_are_kept_whole(house: House) -> None:
    clauses = tuple(f"AAA-{number}.b.iii" for number in range(60))
    due = Due(PROCEDURE.deadlines[0], date(2026, 11, 2), date(2026, 12, 3), instead_of=clauses)
    kept(house, [due])
    (row,) = db.session.scalars(sa.select(DeadlineRow.instead_of))
    db.session.rollback()
    assert tuple(row.split(deadlines_kept.BETWEEN)) == clauses

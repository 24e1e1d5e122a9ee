"""The fake return of 2017-18, where it is there: its deadlines against a plain reading of it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders import slowly
from builders.reckoned import differs
from conftest import PLUGINS, settings
from flask import Flask

import plugins.statutory
from core.app import create_app
from core.domain.dates import Period, Unit
from core.store import authorities, deadline_marks, deadlines
from core.store.database import db, migrate_up, writing
from core.store.deadlines_kept import COLUMNS
from core.store.scope import Scope
from core.store.tables import DeadlineRow
from core.usecases import importing, reckoning
from core.usecases.authority import create_authority

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903-2018"
FILES = ("header.csv", "episodes.csv", "reviews.csv")
AT, YEAR_BEGAN, AS_AT = datetime(2026, 11, 23, 9), date(2017, 4, 1), date(2018, 3, 31)
LAW_BEGAN = date(2011, 4, 1)
TWENTY, THREE_MONTHS = Period(20, Unit.WORKING_DAYS), Period(3, Unit.MONTHS)
YEARS = range(2011, 2020)
Row = dict[str, Any]


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def read(name: str) -> list[Row]:
    with (DATA / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An authority with that return, imported as the command does it."""
    if not DATA.is_dir():
        pytest.skip("the shared SSDA903 data is not beside the project")
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder / 'shared.sqlite3'}"
    made = create_app(settings(folder, url), {**PLUGINS, "statutory": plugins.statutory})
    with made.app_context():
        migrate_up()
        registry = made.extensions["permanence"].registry
        own = create_authority(registry, "BEX", AT, date(2010, 1, 1), demo=True)
        importing.import_paths(
            own, [DATA / name for name in FILES], folder / "uploads", lambda: AT,
            limit_bytes=50_000_000, year=2018,
        )  # fmt: skip
        reckoning.bring_up_to_date(own, registry, lambda: AT, lambda _: None)
        yield made
        db.session.remove()
        db.engine.dispose()


def scope(on: date = AS_AT) -> Scope:
    row = authorities.by_code("BEX")
    assert row is not None
    return Scope.of_authority(row.id, on)


def told(app: Flask, on: date = AS_AT) -> dict[tuple[str, str, str], list[Row]]:
    """What the command would say, by child, code and clause."""
    found = defaultdict(list)
    for row in deadlines.as_at(scope(on), app.extensions["permanence"].registry):
        found[row["child"], row["code"], row["clauses"][0]].append(row)
    db.session.rollback()
    return found


def one_period() -> dict[str, tuple[date, bool, date | None]]:
    """The children whose rows are one unbroken period: its start, whether it is known, its end."""
    rows = defaultdict(list)
    for row in read("episodes.csv"):
        rows[row["CHILD"]].append(row)
    found = {}
    for child, own in rows.items():
        own.sort(key=lambda row: day(row["DECOM"]))
        ends = [row["DEC"] for row in own]
        pairs = zip(ends, own[1:], strict=False)
        follows = all(end == row["DECOM"] and row["RNE"] != "S" for end, row in pairs)
        if follows and not {row["LS"] for row in own} & {"V3", "V4"}:
            start = day(own[0]["DECOM"])
            found[child] = (start, own[0]["RNE"] == "S", day(ends[-1]) if ends[-1] else None)
    return found


def reviews() -> dict[str, list[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    for row in read("reviews.csv"):
        found[row["CHILD"]].add(day(row["REVIEW"]))
    return {child: sorted(days) for child, days in found.items()}


def test_the_first_review_of_each_child_is_as_one_reads_it_off_the_files(app: Flask) -> None:
    off = {on for year in YEARS for on in slowly.announced(year)}
    found, held, seen = told(app), reviews(), Counter[str]()
    for child, (start, known, end) in one_period().items():
        rows = found[child, "review-1", "CPPCR-33-1"]
        if start > AS_AT or (known and start < LAW_BEGAN):
            assert not [row for row in rows if row["anchor_date"]]
            continue
        (row,) = rows
        seen[row["state"]] += 1
        if not known:
            assert (row["due"], row["anchor_date"]) == (None, None)
            assert row["state"] == ("stopped" if end and end <= AS_AT else "unknown")
            continue
        limit = slowly.limit(start, TWENTY, 1, off)
        assert (row["anchor_date"], row["due"]) == (str(start), str(limit))
        within = [on for on in held.get(child, []) if start <= on and (end is None or on <= end)]
        first = within[0] if within and start >= YEAR_BEGAN else None
        if first is not None and first <= AS_AT:
            assert row["state"] == ("met" if first <= limit else "met late"), (child, first)
        elif within and within[0] <= min(limit, AS_AT):
            # Whichever was the first: it was held by then.
            assert row["state"] == "met", child
        elif end is not None and end <= AS_AT:
            assert row["state"] == "stopped", child
        elif limit < AS_AT:
            # A return holds its own year: what was before it, or lies in later ones, is not known.
            sure = start >= YEAR_BEGAN and not within
            assert row["state"] == ("late" if sure else "unknown"), child
        else:
            assert row["state"] in ("running", "soon"), child
    assert sum(seen.values()) > 500 and {"unknown", "stopped", "met"} <= set(seen), seen


def test_the_second_review_runs_from_the_first_where_that_is_known(app: Flask) -> None:
    found, held, checked = told(app), reviews(), 0
    for child, (start, known, end) in one_period().items():
        within = [on for on in held.get(child, []) if start <= on and (end is None or on <= end)]
        if not known or start < YEAR_BEGAN or start > AS_AT or not within or within[0] > AS_AT:
            continue
        (row,) = found[child, "review-2", "CPPCR-33-1"]
        assert row["anchor_date"] == str(within[0])
        assert row["due"] == str(slowly.limit(within[0], THREE_MONTHS, 1))
        checked += 1
    assert checked > 5, checked


def test_every_unknown_says_what_is_missing_and_every_other_has_its_day(app: Flask) -> None:
    rows = [row for some in told(app).values() for row in some]
    assert len(rows) > 5_000
    for row in rows:
        assert bool(row["missing"]) is (row["state"] == "unknown"), row
        assert row["clauses"][0] in row["why"], row
        assert row["due"] or row["state"] in ("unknown", "stopped", "not applicable"), row


@pytest.mark.parametrize("on", [date(2017, 9, 30), AS_AT, date(2018, 12, 31)])
def test_the_states_of_all_are_the_same_in_sql(app: Flask, on: date) -> None:
    query = sa.select(deadlines.state_on(on), sa.func.count()).where(deadlines.there_on(on))
    in_sql = dict(map(tuple, db.session.execute(query.group_by(sa.text("1")))))
    assert Counter(row["state"] for some in told(app, on).values() for row in some) == in_sql


def test_it_is_what_is_worked_out_from_nothing(app: Flask) -> None:
    def kept() -> list[Row]:
        columns = [getattr(DeadlineRow, name) for name in COLUMNS]
        rows = db.session.execute(sa.select(*columns).order_by(*columns[:6])).mappings().all()
        db.session.rollback()
        return [dict(row) for row in rows]

    before, registry = kept(), app.extensions["permanence"].registry
    with writing():
        authorities.lock(scope())
        db.session.execute(sa.delete(DeadlineRow))
        deadline_marks.mark_all(scope(), AT)
    own = replace(scope(), on=date(2031, 1, 1))  # Whatever day it is.
    reckoning.bring_up_to_date(own, registry, lambda: AT, lambda _: None)
    after = kept()
    assert before == after or differs(before, after) == []

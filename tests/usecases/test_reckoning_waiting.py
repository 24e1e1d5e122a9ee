"""Deadlines left to the worker: marked, said to be worked out, and never lost in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, settings, text
from builders.queries import counted
from builders.reckoned import (
    differs,
    from_nothing,
    kept,
    registry,
    same_as_from_nothing,
    up_to_date,
    waiting,
    with_the_law,
)
from builders.uploaded import EPISODES, HEADER, REVIEWS

from core import worker
from core.store import deadline_marks, deadlines_kept, enabled
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Child, DeadlineRow
from core.usecases import local_figures, reckoning
from core.usecases.record_new import add

ROOT = Path(__file__).parents[2]
MANY, FIGURE = 30, "PPM10//first-ppm/period"


def returned(house: House, numbers: range, year: int = 2026, start: str = "01/05/2025") -> None:
    """A return of a year with so many children, each with one review, applied by the worker."""
    header, episodes, reviews = [HEADER], [EPISODES], [REVIEWS]
    for number in numbers:
        header.append(f"R{number:03},F,04/05/2012,WBRI,UN1,0,")
        episodes.append(f"R{number:03},{start},S,C1,N1,U6,PR1,,,,AB1 2CD,AB1 2CD,")
        reviews.append(f"R{number:03},04/05/2012,20/06/2025,PN1")
    files = {"header.csv": header, "episodes.csv": episodes, "reviews.csv": reviews}
    bring_in(house, {name: text(*lines) for name, lines in files.items()}, year=year)


def ids(house: House) -> list[int]:
    found = list(db.session.scalars(sa.select(Child.id).order_by(Child.id)))
    db.session.rollback()
    return found


def public_id(house: House, child_id: int) -> str:
    found = db.session.scalar(sa.select(Child.public_id).where(Child.id == child_id))
    db.session.rollback()
    assert found is not None
    return found


@pytest.fixture
def many(house: House) -> House:
    """A house with many children, whose dates wait to be worked out."""
    with_the_law(house)
    with writing():
        enabled.add(house.whole, "PPM10", 0, date(2020, 1, 1), "", AT)
    returned(house, range(MANY))
    return house


@contextmanager
def beside(house: House, act: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Something that somebody else does at the same time; gives what went wrong with it."""
    wrong: list[BaseException] = []

    def go() -> None:
        with house.app.app_context():
            try:
                act()
            except BaseException as error:
                wrong.append(error)
            finally:
                db.session.remove()

    thread = threading.Thread(target=go)
    thread.start()
    yield wrong
    thread.join(60)
    assert not thread.is_alive() and not wrong, wrong


class Held:
    """Holds whoever comes first to write deadlines until they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there, self.free, self._first = threading.Event(), threading.Event(), True
        real = deadlines_kept.put

        def put(*arguments: Any) -> int:
            if self._first:
                self._first = False
                self.there.set()
                assert self.free.wait(60)
            return real(*arguments)

        monkeypatch.setattr(deadlines_kept, "put", put)


def test_a_few_are_worked_out_with_the_change_and_many_are_left_to_the_worker(house: House) -> None:
    with_the_law(house)
    returned(house, range(reckoning.AT_ONCE))
    assert waiting(house) == 0 and len(same_as_from_nothing(house)) > reckoning.AT_ONCE
    returned(house, range(reckoning.AT_ONCE + 1))
    assert waiting(house) == reckoning.AT_ONCE + 1
    assert worker.work_once(settings(house))
    same_as_from_nothing(house)
    assert not worker.work_out_deadlines(settings(house))


def test_the_pages_of_a_child_say_that_their_dates_are_being_worked_out(many: House) -> None:
    address = f"/children/{public_id(many, ids(many)[0])}"
    client = many.client("head.of.service")
    pages = (address, f"{address}/dates")
    for page in pages:
        assert "The dates of this child are being worked out" in client.get(page).text
    worker.work_once(settings(many))
    for page in pages:
        assert "being worked out" not in client.get(page).text


def test_so_many_at_a_time_until_nobody_waits(many: House) -> None:
    left = []
    while reckoning.work_off(many.whole, registry(many), AT, 12):
        left.append(waiting(many))
    assert left == [MANY - 12, MANY - 24, 0]
    same_as_from_nothing(many)


def test_the_return_of_another_year_has_the_others_worked_out_too(house: House) -> None:
    """A review in hand is the first of all only where the years since care began are in hand."""
    with_the_law(house)
    returned(house, range(1), start="01/02/2025")
    known = [row for row in kept(house) if row["code"] == "review-n"]
    assert [row["missing"] for row in known if not row["due"]] == [
        "whether reviews were held in the year to 31 March 2025: that return is not in hand"
    ]
    returned(house, range(7, 8), year=2025, start="01/02/2025")
    up_to_date(house)
    (first,) = [r for r in same_as_from_nothing(house) if r["code"] == "review-2" and r["run"] == 1
                and r["child_id"] == ids(house)[0]]  # fmt: skip
    assert first["anchor_date"] == date(2025, 6, 20)


def test_what_fails_in_the_middle_leaves_everything_as_it_was(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError("no room")

    monkeypatch.setattr(deadlines_kept, "_keep", full)
    with pytest.raises(OSError, match="no room"):
        reckoning.work_off(many.whole, registry(many), AT)
    assert waiting(many) == MANY and kept(many) == []
    monkeypatch.undo()
    up_to_date(many)
    same_as_from_nothing(many)


def test_a_child_whose_dates_cannot_be_worked_out_stops_nobody_else_and_keeps_those_there_are(
    many: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    up_to_date(many)
    before, some = kept(many), ids(many)[2:5]
    sound, broken, _ = some
    assert len([row for row in before if row["child_id"] == broken]) > 3
    real = reckoning.worked_out

    def worked_out(child_id: int, *more: Any) -> Iterator[Any]:
        """Of one child the last course cannot be worked out."""
        yield from real(child_id, *more)
        if child_id == broken:
            raise OverflowError("a date beyond the calendar")

    with writing():
        care = sa.text("UPDATE period_of_care SET start = '2025-05-02' WHERE child_id IN (:a, :b)")
        db.session.execute(care, {"a": sound, "b": broken})
        monkeypatch.setattr(reckoning, "worked_out", worked_out)
        reckoning.again(many.whole, registry(many), some, AT)
    monkeypatch.undo()
    after = kept(many)
    assert waiting(many) == 1 and "could not be worked out" in caplog.text
    assert [r for r in after if r["child_id"] == broken] == [
        r for r in before if r["child_id"] == broken
    ]
    assert {row["child_id"] for row in after if row not in before} == {sound}
    up_to_date(many)
    same_as_from_nothing(many)


WORKER = """
import sys
from datetime import date
from pathlib import Path
import plugins.bexley, plugins.statutory, plugins.ppm_guidance
from core.app import create_app
from core.settings import Settings
from core.store.scope import Scope
from core.usecases import reckoning
folder, url, authority = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
found = {"bexley": plugins.bexley, "statutory": plugins.statutory, "ppm": plugins.ppm_guidance}
app = create_app(Settings(url, "only for tests", folder, today=date(2026, 11, 23)), found)
with app.app_context():
    scope = Scope.of_authority(authority, date(2026, 11, 23))
    registry = app.extensions["permanence"].registry
    print("ready", flush=True)
    while reckoning.work_off(scope, registry, __import__("datetime").datetime(2026, 11, 23), 5):
        pass
    print("done", flush=True)
"""


def test_killed_again_and_again_the_worker_loses_nobody(house: House, database_url: str) -> None:
    with_the_law(house)
    returned(house, range(300))
    db.session.remove()
    folder, chance = settings(house).data_folder, random.Random(7)
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(folder), database_url, str(house.authority_id)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = set(db.session.scalars(sa.select(DeadlineRow.child_id).distinct()))
        db.session.rollback()
        assert len(done) + waiting(house) == 300
    assert waiting(house), "no kill came in time"
    up_to_date(house)
    same_as_from_nothing(house)


def test_two_workers_at_once_do_everybody_once(many: House) -> None:
    done: list[int] = []

    def work() -> None:
        while count := reckoning.work_off(many.whole, registry(many), AT, 4):
            done.append(count)

    with beside(many, work), beside(many, work):
        pass
    assert sum(done) == MANY
    same_as_from_nothing(many)


def test_a_change_that_comes_in_the_middle_of_a_batch_is_in_what_is_kept(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_id = ids(many)[3]
    child, held = public_id(many, child_id), Held(monkeypatch)
    with beside(many, lambda: reckoning.work_off(many.whole, registry(many), AT)):
        assert held.there.wait(60)
        with beside(many, lambda: _entry(many, child)):
            time.sleep(0.5)
            held.free.set()
    (row,) = [r for r in kept(many) if (r["child_id"], r["code"]) == (child_id, "care-plan")]
    assert row["met_on"] == date(2025, 5, 9)
    same_as_from_nothing(many)


def _entry(house: House, child: str) -> None:
    values = {"what": "care-plan", "done_on": "2025-05-09"}
    scope = Scope(house.authority_id, house.today, everything=True, moment=AT)
    add(scope, child, "assessment", values, AT)


def test_many_who_are_marked_in_the_middle_of_a_batch_stay_marked(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, every = Held(monkeypatch), ids(many)

    def marks() -> None:
        with writing():
            db.session.execute(
                sa.text("UPDATE placement SET start = :on WHERE authority_id = :own"),
                {"on": "2025-05-02", "own": many.authority_id},
            )
            deadline_marks.touched(many.whole, every)

    with beside(many, lambda: reckoning.work_off(many.whole, registry(many), AT)):
        assert held.there.wait(60)
        with beside(many, marks):
            time.sleep(0.5)
            held.free.set()
    assert waiting(many) == MANY
    up_to_date(many)
    same_as_from_nothing(many)


def test_a_figure_that_is_set_in_the_middle_of_a_change_reaches_that_child_too(
    many: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    up_to_date(many)
    child_id = ids(many)[3]
    scope = many.scope("authority.administrator")
    seen = local_figures.standing(scope, registry(many), FIGURE).seen
    db.session.rollback()
    held = Held(monkeypatch)

    def set_figure() -> None:
        local_figures.set_figure(
            scope, registry(many), FIGURE, "5 weeks", date(2024, 1, 1), "Agreed", seen, AT
        )

    def change() -> None:
        with writing():
            db.session.execute(
                sa.update(Child).where(Child.id == child_id).values(born=date(2011, 1, 1))
            )
            deadline_marks.touched(many.whole, [child_id])

    with beside(many, change):
        assert held.there.wait(60)
        with beside(many, set_figure):
            time.sleep(0.5)
            held.free.set()
    assert waiting(many) == MANY
    up_to_date(many)
    rows = same_as_from_nothing(many)
    assert {str(row["due"]) for row in rows if row["code"] == "first-ppm"} == {"2025-06-05"}


def test_the_statements_that_it_takes_do_not_grow_with_the_children(many: House) -> None:
    up_to_date(many)
    every = ids(many)

    def again(some: list[int]) -> Callable[[], object]:
        def act() -> None:
            with writing():
                reckoning.again(many.whole, registry(many), some, AT)

        return act

    def forgotten(some: list[int]) -> int:
        with writing():
            db.session.execute(sa.delete(DeadlineRow).where(DeadlineRow.child_id.in_(some)))
        return counted(again(some))

    assert counted(again(every[:1])) == counted(again(every)) <= 32
    assert forgotten(every[:2]) == forgotten(every) <= 33
    assert differs(kept(many), from_nothing(many)) == []


def test_it_does_not_matter_how_the_children_are_divided(many: House) -> None:
    chance, every = random.Random(11), ids(many)
    chance.shuffle(every)
    while every:
        some = [every.pop() for _ in range(min(len(every), chance.randint(1, 9)))]
        with writing():
            reckoning.again(many.whole, registry(many), some, AT + timedelta(minutes=len(every)))
    same_as_from_nothing(many)

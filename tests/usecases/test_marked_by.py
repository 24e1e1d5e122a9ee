"""Whose change it was is kept while the worker has still to work out what it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.reckoned import registry, up_to_date, with_the_law

from core.domain.care_typing import EPISODE
from core.store import deadline_marks, deadlines_earlier, enabled
from core.store.database import db, writing
from core.store.tables import Child
from core.usecases import local_figures, reckoning, record_new
from core.usecases.care import save_row

FIGURE = "PPM10//first-ppm/period"
CARE = {"rne": "S", "ls": "C1", "cin": "N1", "place": "U6", "place_provider": "PR1"}


@pytest.fixture
def child(house: House) -> int:
    """A child in care since May 2025, where the first planning meeting is PPM10's."""
    with_the_law(house)
    with writing():
        enabled.add(house.whole, "PPM10", 0, date(2020, 1, 1), "", AT)
    ident, public_id = house.child(became_looked_after=None)
    began = {**CARE, "decom": "2025-05-01"}
    save_row(house.scope("social.worker"), public_id, EPISODE, None, began, "", True, AT)
    up_to_date(house)
    return ident


def set_figure(house: House) -> None:
    scope = house.scope("authority.administrator")
    seen = local_figures.standing(scope, registry(house), FIGURE).seen
    db.session.rollback()
    local_figures.set_figure(
        scope, registry(house), FIGURE, "5 weeks", date(2024, 1, 1), "Agreed", seen, AT
    )


def whose(house: House, child: int) -> set[tuple[str, str]]:
    """Which deadlines say something else than before, and by whose change."""
    found = deadlines_earlier.of_child(house.whole, child)
    db.session.rollback()
    return {(key[3], was.by) for key, said in found.items() for was in said}


def test_who_set_a_figure_is_who_changed_the_days_that_the_worker_moves(
    house: House, child: int
) -> None:
    """Whose change it was first stays with the mark, whoever comes before the worker does."""
    set_figure(house)
    with writing():
        deadline_marks.mark(house.scope("team.manager"), [child], AT)
    up_to_date(house)
    assert whose(house, child) == {("first-ppm", "Authority Administrator Of Bexley")}


def test_who_saves_a_child_that_waits_is_not_said_to_have_moved_what_the_figure_moved(
    house: House, child: int
) -> None:
    set_figure(house)
    public_id = db.session.scalars(sa.select(Child.public_id).where(Child.id == child)).one()
    db.session.rollback()
    done = {"what": "pep", "done_on": "2026-11-02"}
    record_new.add(house.scope("social.worker"), public_id, "assessment", done, AT)
    assert whose(house, child) == {("first-ppm", "Authority Administrator Of Bexley")}


def test_whose_change_it_was_stays_where_a_child_cannot_be_worked_out(
    house: House, child: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = house.accounts["team.manager"]
    with writing():
        deadline_marks.mark(house.scope("team.manager"), [child], AT)

    def worked_out(*_: Any) -> Iterator[Any]:
        raise OverflowError("a date beyond the calendar")

    monkeypatch.setattr(reckoning, "worked_out", worked_out)
    reckoning.work_off(house.whole, registry(house), AT)
    monkeypatch.undo()
    with writing():
        assert deadline_marks.done(house.whole, [child]) == {child: manager}

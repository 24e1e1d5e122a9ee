"""A child's timeline: the picture and the list say the same, of what the asker sees alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.queries import counted
from builders.reading import get, words
from builders.records import whole_record

from core.domain.due import Due
from core.domain.procedure.timetable import Deadline
from core.domain.timeline import Fact, Form, Lane, Numbered, life
from core.store.care_shown import CareRecord, PeriodRow
from core.store.database import db, writing
from core.store.deadlines import DeadlineFact
from core.store.tables import AuditRow, LegalStatus, PeriodOfCare, Placement, Review
from core.usecases.timeline import _clocks, _over
from core.web.timeline_drawn import ROW, WIDTH, picture, when

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def lived(house: House, child_id: int, times: int = 1) -> None:
    """A start that nobody knows, two orders at once, and one placement after another."""
    own = {"authority_id": house.authority_id, "child_id": child_id}
    start = date(2025, 1, 6)
    with writing():
        db.session.execute(
            sa.insert(PeriodOfCare).values(
                **own, start=start, start_known=False, end_reason="", short_breaks=False
            )
        )
        for code, begun in (("C2", start), ("E1", date(2026, 2, 2))):
            db.session.execute(
                sa.insert(LegalStatus).values(**own, code=code, start=begun, start_known=True)
            )
        for number in range(times):
            begun = start + timedelta(days=10 * number)
            over = begun + timedelta(days=10) if number + 1 < times else None
            db.session.execute(
                sa.insert(Placement).values(
                    **own, code="U6", provider="PR1", start=begun, start_known=number > 0,
                    end=over, temporary=False,
                )
            )  # fmt: skip
        db.session.execute(sa.insert(Review).values(**own, held_on=date(2025, 2, 3), code="PN1"))


def numbers(html: str) -> tuple[list[int], list[int]]:
    """The numbers of the marks of the picture, in order, and those of the lines of the list."""
    marks = sorted(int(one) for one in re.findall(r'data-number="(\d+)"', html))
    lines = [int(one) for one in re.findall(r'data-line="(\d+)"', html)]
    return marks, lines


@sqlite
def test_every_mark_of_the_picture_has_its_line_in_the_list(house: House) -> None:
    child_id, child = house.child()
    lived(house, child_id, 12)
    html = get(house, f"/children/{child}/timeline")
    marks, lines = numbers(html)
    assert len(marks) > 15 and len(set(marks)) == len(marks)
    assert lines == list(range(1, len(lines) + 1)) and set(marks) <= set(lines)
    titles = dict(re.findall(r'data-number="(\d+)"><title>\d+\. ([^<]+)</title>', html))
    for number, title in titles.items():
        when, _, what = title.partition(": ")
        line = re.search(rf'data-line="{number}">(.*?)</tr>', html, re.S)
        assert line is not None and when in words(line[1]) and what in words(line[1])
    said = words(html)
    assert "from before 6 January 2025, start not known" in said
    assert "Placement order (E1)" in said and "Full care order" in said
    hint = "The picture is wider than your screen: scroll it sideways."
    assert html.index("app-picture-hint") < html.index('role="img"') and hint in said
    assert 'role="img"' in html and 'tabindex="0"' in html and " style=" not in html


@sqlite
def test_as_at_another_day_it_shows_what_had_happened(house: House) -> None:
    child_id, child = house.child()
    lived(house, child_id)
    address = f"/children/{child}/timeline"
    assert "Placement order (E1)" not in words(get(house, f"{address}?on=2026-02-01"))
    assert "Placement order (E1)" in words(get(house, f"{address}?on=2026-02-02"))
    assert "must be a real date" in get(house, f"{address}?on=2026-02-31", status=422)


@sqlite
def test_who_does_not_see_plan_and_cases_sees_neither_in_the_picture(house: House) -> None:
    ids = whole_record(house)
    address = f"/children/{ids['children']}/timeline"
    whole = words(get(house, address, "panel.administrator"))
    assert "Permanence Panel held" in whole and "With the legal planning meeting, open" in whole
    part = words(get(house, address, "authority.administrator"))
    assert "Permanence Panel" not in part and "legal planning" not in part
    assert "not shown to your role" in part
    assert house.client("panel.member").get(address).status_code == 404
    assert house.client("panel.member").get("/children/nobody/timeline").status_code == 404


@sqlite
def test_a_look_is_audited_and_the_queries_do_not_grow(house: House) -> None:
    (one, first), (two, second) = house.child(), house.child("0102", "Maren")
    lived(house, one)
    lived(house, two, 60)
    client = house.client("social.worker")
    few = counted(lambda: client.get(f"/children/{first}/timeline"))
    many = counted(lambda: client.get(f"/children/{second}/timeline"))
    assert few == many <= 40
    looks = db.session.scalars(
        sa.select(AuditRow.subject_id)
        .where(AuditRow.did == "look", AuditRow.subject == "child")
        .order_by(AuditRow.id)
    ).all()
    db.session.rollback()
    assert list(looks) == [first, second]


@sqlite
def test_care_that_has_no_end_is_drawn_to_the_18th_birthday_and_no_further(house: House) -> None:
    child_id, child = house.child(born=date(2008, 12, 16))
    lived(house, child_id)
    address = f"/children/{child}/timeline"
    before = words(get(house, f"{address}?on=2026-12-15"))
    assert "no end is recorded" not in before and "from before 6 January 2025" in before
    after = words(get(house, f"{address}?on=2030-01-01"))
    said = "In care; shown to the 18th birthday: no end is recorded"
    assert f"before 6 January 2025, start not known to 16 December 2026 {said}" in after
    assert "2 February 2026 to 16 December 2026 Placement order (E1); shown to" in after
    assert after.count("no end is recorded") == 2 * 4  # each in the picture and in the list
    with writing():
        db.session.execute(sa.update(PeriodOfCare).values(end=date(2026, 12, 20)))
    assert said not in words(get(house, f"{address}?on=2030-01-01"))


def test_what_was_due_after_care_was_over_is_gone_from_then_on_though_it_was_met() -> None:
    rule = Deadline(
        code="yearly", clauses=("X-1",), title="Yearly review", anchor="a", anchor_words="a"
    )
    what = Due(rule, date(2026, 1, 5), date(2027, 1, 5), met_on=date(2026, 9, 1))
    fact = DeadlineFact(1, None, "X", what, 1)
    period = PeriodRow(date(2025, 1, 6), True, date(2026, 10, 1), "", False, None)
    care = CareRecord((period,), (), (), (), (), ())
    born: Any = SimpleNamespace(born=date(2012, 5, 4), birth_expected=False)
    grown: Any = SimpleNamespace(born=date(2008, 9, 3), birth_expected=False)
    going_on = replace(care, periods=(replace(period, end=None), period))
    assert _over(going_on, born) == date(2030, 5, 4)
    assert _over(care, grown) == date(2026, 9, 3)
    over = _over(care, born)
    assert over == date(2026, 10, 1)

    def titles(on: date, over: date | None, case_id: int | None = None) -> list[str]:
        return [one.words for one in _clocks([replace(fact, case_id=case_id)], on, over)]

    assert titles(date(2026, 9, 30), over) == titles(date(2026, 10, 1), None)
    assert titles(date(2026, 9, 30), over) == ["Yearly review due"]
    assert titles(over, over) == []
    assert titles(over, over, case_id=1) == ["Yearly review due"]


def test_the_year_in_which_a_picture_begins_is_named_and_its_days_are_in_its_bounds() -> None:
    on = date(2026, 11, 22)
    for first in (date(2026, 9, 1), date(2025, 3, 9), date(2023, 5, 5)):
        drawn = picture(life([Fact(Lane.REVIEW, first, Form.FULL, "Review held")], None, on))
        years = [tick.year for tick in drawn.ticks if tick.year]
        first = min(first, date(2026, 8, 22))
        assert years == [str(year) for year in range(first.year, 2028)]
        assert all(b.x - a.x > 28 for a, b in pairwise(t for t in drawn.ticks if t.year))
    due = date(2027, 6, 1)
    unborn = Fact(Lane.AGE, due, Form.HOLLOW, "Birth expected", "expected")
    birthday = picture(life([replace(unborn, lane=Lane.CLOCK, form=Form.CLOCK)], due, on))
    for drawn in (picture(life([unborn], None, on)), birthday):
        for one in (shape for lane in drawn.lanes for shape in lane.shapes):
            assert one.label_x + 6.8 * len(one.label) <= WIDTH


def test_what_began_and_ended_on_one_day_has_that_day_alone() -> None:
    on = date(2026, 11, 22)
    one_day = Fact(Lane.HAND_OFF, on, Form.BAR, "With a panel", lasts=True, until=on)
    assert when(Numbered(1, one_day, True)) == "22 November 2026"
    unknown = replace(one_day, known=False)
    assert when(Numbered(1, unknown, True)).startswith("before 22 November 2026")


def test_nothing_of_a_long_life_stands_over_anything_else_of_its_lane() -> None:
    on, start = date(2026, 11, 22), date(2011, 1, 3)
    facts = [
        Fact(
            Lane.PLACEMENT, start + timedelta(days=96 * n), Form.BAR,
            "Foster care with another carer", "U6", lasts=True,
            until=start + timedelta(days=96 * (n + 1)),
        )
        for n in range(60)
    ]  # fmt: skip
    facts += [
        Fact(Lane.REVIEW, start + timedelta(days=180 * n), Form.FULL, "Review held")
        for n in range(30)
    ]
    drawn = picture(life(facts, date(2010, 12, 1), on))
    for lane in drawn.lanes:
        rows: dict[float, list[tuple[float, float]]] = {}
        for one in lane.shapes:
            left = one.x if one.path else one.x - 7
            right = max(one.x + one.width, one.label_x + 6 * len(one.label))
            rows.setdefault(one.y, []).append((left, right))
            assert left >= 0 and right <= WIDTH, one
        for there in rows.values():
            there.sort()
            for (_, end), (begun, _) in zip(there, there[1:], strict=False):
                assert end <= begun
    assert drawn.height < 30 * ROW

"""A child's timeline: the picture and the list say the same, of what the asker sees alone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.queries import counted
from builders.reading import get, words
from builders.records import whole_record

from core.domain.timeline import Fact, Form, Lane, life
from core.store.database import db, writing
from core.store.tables import AuditRow, LegalStatus, PeriodOfCare, Placement, Review
from core.web.timeline_drawn import ROW, WIDTH, picture

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

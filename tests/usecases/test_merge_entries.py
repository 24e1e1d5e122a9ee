"""Entries of two records that are taken apart: each goes to one of its own, and none joins two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, text
from builders.merged import apart, merge, side

from core.store import record, record_stated
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.store.tables import Child, Entry, EntryStatement
from core.usecases import record as change
from core.usecases.record_new import add

ON = date(2026, 9, 30)
HELD = "2026-09-08"
LATER = AT + timedelta(hours=1)
OUT = "It was never held"


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    return house.child("0101", "Anna")[1], house.child("0102", "Ben")[1]


def said(house: House) -> list[tuple[str, str, list[str]]]:
    """Each entry: whose it is, why it was taken out, and what is said in it."""
    found = db.session.execute(
        sa.select(Entry.id, Child.local_id, Entry.taken_out_why, EntryStatement.value)
        .join(Child, Child.id == Entry.child_id)
        .outerjoin(EntryStatement, EntryStatement.entry_id == Entry.id)
        .order_by(Child.local_id, Entry.id, EntryStatement.id)
    ).all()
    db.session.rollback()
    entries: dict[int, tuple[str, str, list[str]]] = {}
    for entry_id, local_id, why, value in found:
        entries.setdefault(entry_id, (local_id, why, []))[2].append(value)
    read = [(child, why, sorted(values, key=str)) for child, why, values in entries.values()]
    return sorted(read, key=repr)


def test_an_entry_that_stands_does_not_fall_into_one_that_was_taken_out(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    for public_id, determination in zip(two, ("issue", "s20"), strict=True):
        gateway = {"held_on": HELD, "determination": determination}
        add(worker, public_id, "gateway", gateway, AT)
    merge(house, two)
    kept = side(house, two[0])
    (both,) = record.entries(house.whole, kept.id)
    db.session.rollback()
    change.take_out(worker, both.public_id, both.version, OUT, LATER)
    add(worker, two[0], "gateway", {"held_on": HELD, "determination": "other"}, LATER)
    lgm = text("Local ID,LGM date,LGM determination", "0102,08/09/2026,issue")
    bring_in(house, {"t.csv": lgm}, as_at=ON)
    apart(house, two, LATER)
    assert said(house) == [
        ("0101", "", [HELD, "other"]),
        ("0101", OUT, [HELD, "issue"]),
        ("0102", "", [HELD, "issue", "issue"]),
        ("0102", OUT, [HELD, "s20"]),
    ]


def test_two_entries_without_a_key_do_not_fall_into_one(house: House, two: tuple[str, str]) -> None:
    worker = house.scope("social.worker")
    kept, other = (side(house, one).id for one in two)
    primaries = {"tracker": "sgo", "annex-a-8": "adoption"}
    for primary in ("cao", "return-home"):
        add(worker, two[0], "plan", {"primary": primary, "state": "provisional"}, AT)
    merge(house, two)
    plans = db.session.scalars(sa.select(Entry.id).order_by(Entry.id)).all()
    db.session.rollback()
    with writing():
        for entry_id, (form, primary) in zip(plans, primaries.items(), strict=True):
            db.session.execute(
                sa.insert(EntryStatement).values(
                    authority_id=house.authority_id, child_id=kept, entry_id=entry_id,
                    field="primary", value=primary, format=form, as_at=ON, said_of="0102",
                    stated_at=AT,
                )
            )  # fmt: skip
    apart(house, two, LATER)
    whose = db.session.execute(
        sa.select(EntryStatement.entry_id, EntryStatement.value).where(
            EntryStatement.child_id == other
        )
    ).all()
    db.session.rollback()
    assert {value for _, value in whose} == {"sgo", "adoption"}
    assert len({entry_id for entry_id, _ in whose}) == 2


def test_two_entries_of_one_key_do_not_both_come_into_the_one_that_is_there(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    plan = {"primary": "sgo", "identified_on": HELD}
    add(worker, two[0], "plan", plan, AT)
    for primary in ("sgo", "sgo-existing-carer"):
        add(worker, two[1], "plan", {**plan, "primary": primary}, AT)
    before = said(house)
    merge(house, two)
    assert len([one for one in said(house) if one[0] == "0101"]) == 2
    apart(house, two, LATER)
    assert said(house) == before


def test_plans_of_one_day_and_of_other_options_stay_two_with_their_parts(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    agreed = {"agreed_on": HELD, "agreed_by": "panel", "state": "agreed"}
    primaries = ("adoption", "long-term-fostering")
    for public_id, primary, more in zip(two, primaries, ({}, agreed), strict=True):
        add(worker, public_id, "plan", {"primary": primary, "identified_on": HELD, **more}, AT)
        (plan,) = record.entries(house.whole, side(house, public_id).id)
        option = {"option": "sgo", "conclusion": "ruled-out", "why": f"Instead {primary}"}
        add(worker, public_id, "plan-option", option, AT, part_of=plan.public_id)
    before = said(house)
    merge(house, two)
    entries = record.entries(house.whole, side(house, two[0]).id)
    plans = {one.id: one for one in entries if one.kind == "plan"}
    assert sorted(one.value("primary") for one in plans.values()) == list(primaries)
    for plan in plans.values():
        assert bool(plan.value("agreed_on")) is (plan.value("primary") == "long-term-fostering")
    options = [one for one in entries if one.kind == "plan-option"]
    assert len(options) == 2
    for one in options:
        assert one.parent_id is not None
        assert one.value("why") == f"Instead {plans[one.parent_id].value('primary')}"
    db.session.rollback()
    apart(house, two, LATER)
    assert said(house) == before


def test_an_entry_left_empty_keeps_when_it_was_made(house: House, two: tuple[str, str]) -> None:
    for public_id, at in zip(two, (AT, LATER), strict=True):
        child_id = side(house, public_id).id
        row = StatedRow(child_id, "adoption", "", "decided_on", HELD, "annex-a-10", ON)
        with writing():
            record_stated.put(house.whole, [row], at)
    merge(house, two)
    apart(house, two, LATER)
    made = db.session.execute(
        sa.select(Child.local_id, Entry.made_at)
        .join(Child, Child.id == Entry.child_id)
        .order_by(Child.local_id)
    ).all()
    db.session.rollback()
    assert [tuple(row) for row in made] == [("0101", AT), ("0102", LATER)]

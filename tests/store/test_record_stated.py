"""What files state of the record: entries found or made, the same whatever the order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.domain.record.recorded import typed_on
from core.store import record_stated, record_summary
from core.store.database import db, writing
from core.store.record_stated import StatedChange, StatedRow
from core.store.tables import Child, Entry, EntryStatement, RecordSummary

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)


@pytest.fixture
def child(house: House) -> int:
    return house.child()[0]


def gateway(child: int, determination: str, as_at: date = MARCH, held: str = "2026-02-03"):
    usual = {"format": "tracker", "as_at": as_at, "line": 2}
    return [
        StatedRow(child, "gateway", "row", "held_on", held, **usual),
        StatedRow(child, "gateway", "row", "determination", determination, **usual),
    ]


def list8(child: int, plan: str, as_at: date = MARCH, format: str = "list 8") -> list[StatedRow]:
    return [StatedRow(child, "plan", "", "primary", plan, format, as_at)]


def put(house: House, rows: list[StatedRow]) -> set[int]:
    with writing():
        return record_stated.put(house.whole, rows, AT)


def said(house: House) -> list[tuple[str, str, str, str, bool]]:
    """Everything stated: kind, key, field, value, whether it stands."""
    rows = db.session.execute(
        sa.select(
            Entry.kind,
            Entry.match_key,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.replaced_at.is_(None),
        ).join(EntryStatement, EntryStatement.entry_id == Entry.id)
    )
    return sorted(tuple(row) for row in rows)


def typed(house: House, child: int, kind: str, key: str, **values: str) -> int:
    own = {"authority_id": house.authority_id, "child_id": child}
    with writing():
        made = sa.insert(Entry).values(**own, kind=kind, match_key=key, made_at=AT)
        entry = db.session.execute(made.returning(Entry.id)).scalar_one()
        for field, value in values.items():
            db.session.execute(
                sa.insert(EntryStatement).values(
                    **own,
                    entry_id=entry,
                    field=field,
                    value=value,
                    typed_by=house.accounts["social.worker"],
                    stated_at=AT,
                )
            )
    return entry


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def test_an_entry_is_made_once_and_the_same_file_again_changes_nothing(
    house: House, child: int
) -> None:
    rows = gateway(child, "s20")
    assert put(house, rows) == {child}
    before = said(house)
    assert before == [
        ("gateway", "2026-02-03", "determination", "s20", True),
        ("gateway", "2026-02-03", "held_on", "2026-02-03", True),
    ]
    assert put(house, rows) == set()
    assert said(house) == before
    assert record_stated.preview(house.whole, rows) == []


def test_files_of_several_days_give_the_same_whatever_their_order(house: House) -> None:
    files = [("adoption", MARCH), ("sgo-or-cao", JUNE), ("long-term-fostering", date(2025, 3, 31))]
    plans = []
    for number, order in enumerate(permutations(files)):
        child = house.child(f"9{number:03}")[0]
        for plan, as_at in order:
            put(house, list8(child, plan, as_at))
        plans.append(record_summary.standing(house.whole, [child])[child][0].value("primary"))
    assert set(plans) == {"sgo-or-cao"}
    assert db.session.execute(sa.select(RecordSummary.plan).distinct()).scalars().all() == [
        "sgo-or-cao"
    ]


def test_a_file_of_the_same_kind_and_day_takes_the_place_of_the_one_before(
    house: House, child: int
) -> None:
    put(house, gateway(child, "s20"))
    put(house, gateway(child, "issue"))
    assert [row[3:] for row in said(house) if row[2] == "determination"] == [
        ("issue", True),
        ("s20", False),
    ]


def test_two_rows_of_one_import_that_differ_are_both_kept(house: House, child: int) -> None:
    rows = gateway(child, "s20") + gateway(child, "issue")
    assert put(house, rows) == {child}
    assert put(house, rows) == set()
    assert len([row for row in said(house) if row[2] == "determination" and row[4]]) == 2


def test_what_is_typed_and_what_a_file_says_meet_in_one_entry_and_disagree(
    house: House, child: int
) -> None:
    typed(house, child, "gateway", "2026-02-03", held_on="2026-02-03", determination="issue")
    rows = gateway(child, "s20")
    (beside,) = record_stated.preview(house.whole, rows)
    assert beside == (child, "gateway", "row", "determination", "issue", "s20", True, False)
    put(house, rows)
    (entry,) = record_summary.standing(house.whole, [child])[child]
    assert entry.value("determination") == "issue"
    assert [one.value for one in entry.disagreements["determination"]] == ["s20"]
    assert db.session.execute(sa.select(RecordSummary.disagreements)).scalar_one() == 1


def test_a_preview_says_before_and_after_and_writes_nothing(house: House, child: int) -> None:
    put(house, list8(child, "adoption"))
    before = said(house)
    rows = [*list8(child, "long-term-fostering", JUNE), *gateway(child, "s20", JUNE)]
    assert record_stated.preview(house.whole, rows) == [
        StatedChange(child, "plan", "", "primary", "adoption", "long-term-fostering"),
        StatedChange(child, "gateway", "row", "held_on", "", "2026-02-03"),
        StatedChange(child, "gateway", "row", "determination", "", "s20"),
    ]
    assert record_stated.preview(house.whole, list8(child, "sgo", date(2020, 3, 31))) == []
    assert said(house) == before


def test_what_a_person_took_out_stays_out_when_the_file_says_it_again(
    house: House, child: int
) -> None:
    put(house, gateway(child, "s20"))
    with writing():
        db.session.execute(sa.update(Entry).values(taken_out_at=AT, taken_out_why="Not this child"))
    rows = gateway(child, "issue", JUNE)
    assert record_stated.preview(house.whole, rows) == []
    put(house, rows)
    assert db.session.execute(sa.select(sa.func.count()).select_from(Entry)).scalar_one() == 1
    assert record_summary.standing(house.whole, [child]) == {}
    assert db.session.execute(sa.select(RecordSummary.id)).all() == []


def test_what_was_typed_and_taken_out_does_not_swallow_what_a_file_says(
    house: House, child: int
) -> None:
    entry = typed(house, child, "gateway", "2026-02-03", held_on="2026-02-03", determination="s20")
    with writing():
        db.session.execute(sa.update(Entry).where(Entry.id == entry).values(taken_out_at=AT))
    put(house, gateway(child, "issue"))
    (stands,) = record_summary.standing(house.whole, [child])[child]
    assert stands.id != entry
    assert stands.value("determination") == "issue"


def test_several_choices_in_another_order_are_the_same(house: House, child: int) -> None:
    typed(house, child, "plan", "", primary="sgo", contingencies="adoption,cao")
    put(house, [StatedRow(child, "plan", "", "contingencies", "cao, adoption", "tracker", MARCH)])
    (plan,) = record_summary.standing(house.whole, [child])[child]
    assert len(plan.values["contingencies"].others) == 1
    assert not plan.disagreements


@pytest.mark.parametrize(
    ("kind", "field"), [("gateway", "nothing"), ("nothing", "held_on"), ("plan-step", "what")]
)
def test_what_no_file_can_state_is_an_error(
    house: House, child: int, kind: str, field: str
) -> None:
    with pytest.raises(ValueError, match="No file can state"):
        put(house, [StatedRow(child, kind, "", field, "x", "tracker", MARCH)])


def test_a_row_without_a_value_says_nothing_and_null_bytes_are_left_out(
    house: House, child: int
) -> None:
    rows = list8(child, " ") + [replace(gateway(child, "s20")[1], key="k\x00" + "x" * 300)]
    put(house, [replace(row, value=row.value + "\x00") for row in rows])
    assert [row[2:] for row in said(house)] == [("determination", "s20", True)]


def test_the_queries_do_not_grow_with_the_children(house: House) -> None:
    def ask(children: list[int]) -> int:
        rows = [row for child in children for row in gateway(child, "s20") + list8(child, "sgo")]
        record_stated.preview(house.whole, rows)
        db.session.rollback()
        with counted() as asked:
            put(house, rows)
            put(house, [replace(row, value="issue", as_at=row.as_at) for row in rows[1::3]])
        return len(asked)

    with writing():
        db.session.execute(
            sa.insert(Child),
            [{"authority_id": house.authority_id, "local_id": f"8{n:04}"} for n in range(301)],
        )
    ids = list(db.session.execute(sa.select(Child.id)).scalars())
    assert ask(ids[1:]) <= ask(ids[:1]) + 1
    assert db.session.execute(
        sa.select(sa.func.count()).select_from(RecordSummary)
    ).scalar_one() == len(ids)


def plan(child: int, primary: str, on: str, as_at: date = JUNE, **more: str) -> list[StatedRow]:
    """A tracker's plan: what it is, the day on which it was identified ("" for none), the rest."""
    said = {"primary": primary, "identified_on": on, **more}
    return [StatedRow(child, "plan", on, *one, "tracker", as_at) for one in said.items()]


def of_plan(house: House, rows: list[StatedRow]) -> list[tuple[str, str, str, bool]]:
    changes = record_stated.preview(house.whole, rows)
    return [(one.field, one.before, one.after, one.otherwise) for one in changes]


def beside(house: House, rows: list[StatedRow]) -> list[StatedChange]:
    """What a preview says of plans that are kept beside the plan in use: no disagreement."""
    changes = record_stated.preview(house.whole, rows)
    assert all(one.beside and not one.otherwise for one in changes)
    return changes


def primaries(house: House, child: int) -> list[tuple[str, str, str]]:
    """Of the plans that stand: the option and contingencies in use, and whether it was typed."""
    return sorted(
        (one.value("primary"), one.value("contingencies"), "typed" * (typed_on(one) is not None))
        for one in record_summary.standing(house.whole, [child])[child]
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_file_s_plan_of_a_typed_one_s_day_is_a_plan_of_its_own_where_it_is_another_option(
    house: House, child: int, order: tuple[int, ...]
) -> None:
    day = "2026-02-17"
    typed(house, child, "plan", day, primary="adoption", identified_on=day)
    files = (
        plan(child, "long-term-fostering", day, JUNE, contingencies="adoption"),
        plan(child, "adoption", day, MARCH, state="agreed"),
        plan(child, "sgo", day, date(2026, 4, 30)),
    )
    for number in order:
        put(house, files[number])
    mine, filed = primaries(house, child)
    assert mine == ("adoption", "", "typed")
    assert filed == ("long-term-fostering", "adoption", "")
    summary = db.session.execute(sa.select(RecordSummary)).scalar_one()
    assert (summary.plan, summary.contingencies, summary.disagreements) == ("adoption", "", 1)
    assert (summary.plan_state, put(house, files[0])) == ("agreed", set())


def test_a_plan_of_a_file_that_a_person_corrected_is_found_again(house: House, child: int) -> None:
    day = "2026-02-17"
    put(house, plan(child, "adoption", day, MARCH))
    with writing():
        (entry,) = db.session.scalars(sa.select(Entry.id)).all()
        own = {"authority_id": house.authority_id, "child_id": child, "entry_id": entry}
        said = {"field": "primary", "value": "sgo", "format": "", "typed_by": house.accounts["iro"]}
        db.session.execute(sa.insert(EntryStatement).values(**own, **said, stated_at=AT))
    put(house, plan(child, "adoption", day, JUNE))
    assert primaries(house, child) == [("sgo", "", "typed")]


@pytest.mark.parametrize(
    ("as_at", "differs"), [(date(2026, 4, 20), True), (date(2026, 3, 31), False)]
)
def test_a_preview_says_otherwise_what_the_page_says_otherwise(
    house: House, child: int, as_at: date, differs: bool
) -> None:
    typed(house, child, "plan", "2026-04-01", primary="sgo", identified_on="2026-04-01")
    later = plan(child, "return-home", "2026-04-02", as_at)
    if differs:
        assert of_plan(house, later) == [
            ("primary", "sgo", "return-home", True),
            ("identified_on", "2026-04-01", "2026-04-02", True),
        ]
    else:
        assert [(one[3], one[4], one[5]) for one in beside(house, later)] == [
            ("primary", "", "return-home"), ("identified_on", "", "2026-04-02"),
        ]  # fmt: skip
    put(house, later)
    summary = db.session.execute(sa.select(RecordSummary)).scalar_one()
    assert (summary.plan, summary.disagreements) == ("sgo", int(differs))


def test_a_list_older_than_a_tracker_s_plan_is_previewed_as_kept_beside_it(
    house: House, child: int
) -> None:
    put(house, plan(child, "return-home", "2026-05-05", JUNE))
    older = list8(child, "adoption", MARCH)
    assert [(one.field, one.after) for one in beside(house, older)] == [("primary", "adoption")]
    put(house, older)
    assert db.session.execute(sa.select(RecordSummary.disagreements)).scalar_one() == 0


def test_a_plan_that_stays_in_use_is_previewed_as_staying(house: House, child: int) -> None:
    typed(house, child, "plan", "2026-01-05", primary="sgo", identified_on="2026-01-05")
    later = plan(child, "return-home", "2026-05-01", contingencies="adoption", state="agreed")
    assert of_plan(house, later) == [
        ("primary", "sgo", "return-home", True),
        ("identified_on", "2026-01-05", "2026-05-01", True),
        ("contingencies", "", "adoption", True),
        ("state", "", "agreed", True),
    ]
    unknown = plan(child, "unspecified", "", primary_words="Something local")
    assert [(one[3], one[5]) for one in beside(house, unknown)] == [
        ("primary", "unspecified"), ("primary_words", "Something local"),
    ]  # fmt: skip
    put(house, unknown)
    put(house, later)
    assert of_plan(house, later) == []
    summary = db.session.execute(sa.select(RecordSummary)).scalar_one()
    assert (summary.plan, summary.contingencies) == ("sgo", "")


def test_a_list_beside_the_plan_of_a_tracker_is_previewed_as_said_otherwise(
    house: House, child: int
) -> None:
    put(house, plan(child, "return-home", "2026-01-05", MARCH))
    said = [("primary", "return-home", "long-term-fostering", True)]
    assert of_plan(house, list8(child, "long-term-fostering", JUNE)) == said
    put(house, list8(child, "adoption", MARCH))
    assert of_plan(house, list8(child, "long-term-fostering", JUNE)) == said
    put(house, list8(child, "long-term-fostering", JUNE))
    summary = db.session.execute(sa.select(RecordSummary)).scalar_one()
    assert (summary.plan, summary.disagreements) == ("return-home", 1)


def test_a_plan_that_takes_the_place_of_another_is_previewed_with_what_was_in_use(
    house: House, child: int
) -> None:
    put(house, plan(child, "return-home", "2026-01-05", MARCH, contingencies="adoption"))
    newer = plan(child, "sgo", "2026-05-01", contingencies="cao")
    assert of_plan(house, newer) == [
        ("primary", "return-home", "sgo", False),
        ("identified_on", "2026-01-05", "2026-05-01", False),
        ("contingencies", "adoption", "cao", False),
    ]
    put(house, newer)
    assert db.session.execute(sa.select(RecordSummary.plan)).scalar_one() == "sgo"

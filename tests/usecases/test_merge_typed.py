"""What is typed on a record into which another was merged, and what of it each has afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders.house import AT, House
from builders.imports import bring_in, list_8, text
from builders.merged import apart, merge, side

from core.domain.finding import Refused
from core.domain.identity import BY_CODE, Part, part_of
from core.domain.record.recorded import Recorded
from core.domain.record.summary import disagreements
from core.store import identity, record
from core.store.database import db
from core.usecases import record as change
from core.usecases.identity import say, take_back
from core.usecases.record_new import add
from core.web import record_shown

LATER = AT + timedelta(hours=1)
LAST = AT + timedelta(hours=2)
WHY = "The certificate says so"


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    return house.child("0101", "")[1], house.child("0102", "")[1]


def entries(house: House, public_id: str, kind: str) -> list[Recorded]:
    found = record.entries(house.whole, side(house, public_id).id, kind)
    db.session.rollback()
    return found


def part(house: House, public_id: str, field: str) -> Part:
    said = identity.said_with_columns(house.whole, side(house, public_id).id)
    db.session.rollback()
    return part_of(BY_CODE[field], said)


def typed(house: House, public_id: str, field: str, value: str) -> None:
    worker = house.scope("social.worker")
    say(worker, public_id, field, value, WHY, part(house, public_id, field).value, AT)


def correct(house: House, entry: Recorded, **values: str) -> None:
    seen = {code: used.statement.id for code, used in entry.values.items()}
    change.correct(house.scope("social.worker"), entry.public_id, values, seen, WHY, LATER)


def adopters(house: House, two: tuple[str, str], *numbers: str) -> None:
    for public_id, number in zip(two, numbers, strict=True):
        add(house.scope("social.worker"), public_id, "adoption", {"adopters": number}, AT)


def test_what_is_typed_of_the_two_leaves_what_was_typed_of_each(
    house: House, two: tuple[str, str]
) -> None:
    said = {"given_name": ("Cee", "Dee"), "born": ("2014-05-05", "2014-06-06")}
    for field, values in said.items():
        for public_id, value in zip(two, values, strict=True):
            typed(house, public_id, field, value)
    adopters(house, two, "2", "1")
    merge(house, two)
    typed(house, two[0], "given_name", "Celia")
    typed(house, two[0], "born", "2014-05-07")
    (both,) = entries(house, two[0], "adoption")
    correct(house, both, adopters="3")
    assert part(house, two[0], "given_name").value == "Celia"
    assert [s.value for s in part(house, two[0], "given_name").disagree] == ["Dee"]
    apart(house, two, LAST)
    of_each = [(part(house, o, "given_name").value, part(house, o, "born").value) for o in two]
    assert of_each == [("Celia", "2014-05-07"), ("Dee", "2014-06-06")]
    numbers = [[e.value("adopters") for e in entries(house, o, "adoption")] for o in two]
    assert numbers == [["3"], ["1"]]


def test_a_correction_of_what_is_of_the_other_alone_goes_back_with_it(
    house: House, two: tuple[str, str]
) -> None:
    gateway = {"held_on": "2026-09-08", "determination": "issue"}
    add(house.scope("social.worker"), two[1], "gateway", gateway, AT)
    merge(house, two)
    (held,) = entries(house, two[0], "gateway")
    correct(house, held, determination="s20")
    apart(house, two, LAST)
    assert entries(house, two[0], "gateway") == []
    (held,) = entries(house, two[1], "gateway")
    assert (held.value("determination"), held.value("held_on")) == ("s20", "2026-09-08")


def test_a_part_of_a_plan_of_the_other_alone_goes_back_with_the_plan(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    plan = add(worker, two[1], "plan", {"primary": "adoption", "identified_on": "2026-09-05"}, AT)
    merge(house, two)
    step = {"what": "Ask the health adviser", "due_on": "2026-12-01"}
    add(worker, two[0], "plan-step", step, LATER, part_of=plan.public_id)
    apart(house, two, LAST)
    (step_of,) = entries(house, two[1], "plan-step")
    assert step_of.parent_id == entries(house, two[1], "plan")[0].id
    assert entries(house, two[0], "plan-step") == []


def test_what_was_typed_of_the_other_record_is_not_emptied(
    house: House, two: tuple[str, str]
) -> None:
    add(house.scope("social.worker"), two[0], "adoption", {"relinquished": "no"}, AT)
    add(house.scope("social.worker"), two[1], "adoption", {"adopters": "1"}, AT)
    merge(house, two)
    (both,) = entries(house, two[0], "adoption")
    with pytest.raises(Refused, match="merged into this one"):
        correct(house, both, adopters="")
    assert entries(house, two[0], "adoption")[0].value("adopters") == "1"


def test_what_a_person_typed_of_the_other_is_nothing_that_a_file_says(
    house: House, two: tuple[str, str]
) -> None:
    for public_id, name in zip(two, ("Cee", "Dee"), strict=True):
        typed(house, public_id, "given_name", name)
    adopters(house, two, "2", "1")
    merge(house, two)
    worker = house.scope("social.worker")
    (both,) = entries(house, two[0], "adoption")
    used = both.values["adopters"]
    assert used.file_says is None and used.disagree
    shown = record_shown.entry(both).of("adopters")
    assert shown is not None and shown.otherwise and not shown.can_use_file
    with pytest.raises(Refused, match="nothing typed here that a file says"):
        change.use_file(worker, both.public_id, "adopters", used.statement.id, WHY, LATER)
    assert part(house, two[0], "given_name").file_says is None
    with pytest.raises(Refused, match="No file says"):
        take_back(worker, two[0], "given_name", WHY, "Cee", LATER)


def test_what_the_own_file_says_is_used_and_what_was_typed_of_the_other_stays(
    house: House, two: tuple[str, str]
) -> None:
    names = text("Local ID,Given name,Family name", "0101,Filea,Brackenfold")
    bring_in(house, {"c.csv": names}, as_at=date(2026, 9, 30))
    for public_id, name in zip(two, ("Cee", "Dee"), strict=True):
        typed(house, public_id, "given_name", name)
    merge(house, two)
    take_back(house.scope("social.worker"), two[0], "given_name", WHY, "Cee", LATER)
    assert part(house, two[0], "given_name").value == "Filea"
    apart(house, two, LAST)
    assert [part(house, one, "given_name").value for one in two] == ["Filea", "Dee"]


def test_the_file_of_the_other_is_used_where_what_was_typed_of_it_is_taken_back(
    house: House, two: tuple[str, str]
) -> None:
    lgm = text("Local ID,LGM date,LGM determination", "0102,08/09/2026,issue")
    add(
        house.scope("social.worker"), two[1], "gateway",
        {"held_on": "2026-09-08", "determination": "s20"}, AT,
    )  # fmt: skip
    bring_in(house, {"t.csv": lgm}, as_at=date(2026, 9, 30))
    merge(house, two)
    (held,) = entries(house, two[0], "gateway")
    used = held.values["determination"]
    assert used.file_says is not None and used.file_says.value == "issue"
    worker = house.scope("social.worker")
    change.use_file(worker, held.public_id, "determination", used.statement.id, WHY, LATER)
    assert entries(house, two[0], "gateway")[0].value("determination") == "issue"
    apart(house, two, LAST)
    assert entries(house, two[0], "gateway") == []


def test_a_new_plan_ends_that_of_the_other_only_as_long_as_they_are_one(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    of_each = (("sgo", "2026-09-01"), ("adoption", "2026-09-05"))
    for public_id, (primary, on) in zip(two, of_each, strict=True):
        add(worker, public_id, "plan", {"primary": primary, "identified_on": on}, AT)
    merge(house, two)
    new = {"primary": "long-term-fostering", "identified_on": "2026-10-01"}
    assert add(worker, two[0], "plan", new, LATER).closed == 2
    assert disagreements(entries(house, two[0], "plan")) == 0
    apart(house, two, LAST)
    kept, other = (
        [(e.value("primary"), e.value("ended_on")) for e in entries(house, one, "plan")]
        for one in two
    )
    assert kept == [("sgo", "2026-10-01"), ("long-term-fostering", "")]
    assert other == [("adoption", "")]


def test_care_as_a_list_states_it_is_that_of_one_row(house: House, two: tuple[str, str]) -> None:
    """Also where the row of the other is the one that is believed."""
    ceased = {"started_on": date(2019, 2, 1), "ceased_on": date(2024, 5, 1), "ceased_why": "E8"}
    is_open = {"started_on": date(2020, 3, 23), "legal_status": "C1"}
    rows = ({"child": "0101", **is_open}, {"child": "0102", **ceased})
    bring_in(house, {"l.xlsx": list_8(*rows)}, as_at=date(2026, 9, 30))
    merge(house, two)
    (listed,) = entries(house, two[0], "stated-care")
    stated = {field: used.value for field, used in listed.values.items()}
    assert (stated["started_on"], stated["legal_status"]) == ("2020-03-23", "C1")
    assert not {"ceased_on", "ceased_why"} & stated.keys()
    assert [said.value for said in listed.disagreements["started_on"]] == ["2019-02-01"]
    again = {"child": "0102", "started_on": date(2025, 1, 2), "legal_status": "V2"}
    bring_in(house, {"l.xlsx": list_8(again)}, as_at=date(2026, 10, 31))
    (listed,) = entries(house, two[0], "stated-care")
    assert (listed.value("started_on"), listed.value("legal_status")) == ("2025-01-02", "V2")
    assert [said.value for said in listed.disagreements["legal_status"]] == ["C1"]
    apart(house, two, LAST)
    (kept,), (other,) = (entries(house, one, "stated-care") for one in two)
    assert (kept.value("started_on"), other.value("started_on")) == ("2020-03-23", "2025-01-02")

"""The record as people write it: added, corrected with a reason, taken out and put back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.domain.care import CareFacts
from core.domain.finding import Refused
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.record.summary import summary
from core.store import record, record_stated, record_summary
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.store.tables import AuditRow
from core.store.tables.record import RecordSummary
from core.usecases import record as change
from core.usecases.facts import facts, in_court
from core.usecases.record_new import add

LGM = {"held_on": "2026-02-03", "determination": "issue", "words": "Threshold met"}
LATER = AT + timedelta(hours=1)


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    return house.child()


def entries(house: House, child: tuple[int, str]) -> list[Recorded]:
    db.session.rollback()
    found = record.entries(house.whole, child[0])
    summarised = db.session.execute(
        sa.select(*[RecordSummary.__table__.c[name] for name in asdict(summary([]))])
    ).first()
    standing = [entry for entry in found if entry.stands]
    assert (summarised and summarised._asdict()) == (asdict(summary(found)) if standing else None)
    db.session.rollback()
    return found


def put(house: House, child: tuple[int, str], said: str = "s20", as_at: date = date(2026, 3, 31)):
    rows = [
        StatedRow(child[0], "gateway", "x", "held_on", "2026-02-03", "tracker", as_at, line=2),
        StatedRow(child[0], "gateway", "x", "determination", said, "tracker", as_at, line=2),
    ]
    with writing():
        record_stated.put(house.whole, rows, AT)


def seen(entry: Recorded) -> dict[str, int]:
    return {code: used.statement.id for code, used in entry.values.items()}


def audits(house: House) -> list[AuditRow]:
    rows = db.session.execute(sa.select(AuditRow).order_by(AuditRow.id)).scalars()
    return [row for row in rows if "record" in row.did or "file says" in row.did]


def message(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value)


def test_an_entry_is_added_with_who_when_and_audited(house: House, child: tuple[int, str]) -> None:
    made = add(house.scope("social.worker"), child[1], "gateway", LGM, AT)
    (entry,) = entries(house, child)
    assert entry.public_id == made.public_id
    assert {code: used.value for code, used in entry.values.items()} == LGM
    said = entry.values["determination"].statement
    assert (said.by, said.stated_at, said.as_at) == (
        "Social Worker Of Bexley", AT, house.today,
    )  # fmt: skip
    (written,) = audits(house)
    assert (written.subject, written.subject_id, written.after["determination"]) == (
        "child", child[1], "issue",
    )  # fmt: skip


def test_the_same_form_sent_twice_adds_once(house: House, child: tuple[int, str]) -> None:
    scope = house.scope("social.worker")
    assert add(scope, child[1], "gateway", LGM, AT) == add(scope, child[1], "gateway", LGM, LATER)
    assert len(entries(house, child)) == 1


def test_typed_and_imported_in_either_order_meet_and_both_are_kept(house: House) -> None:
    first, second = house.child("0001"), house.child("0002")
    scope = house.scope("social.worker")
    add(scope, first[1], "gateway", LGM, AT)
    put(house, first)
    put(house, second)
    add(scope, second[1], "gateway", LGM, AT)
    for child in (first, second):
        (entry,) = record.entries(house.whole, child[0])
        assert entry.value("determination") == "issue"
        (other,) = entry.disagreements["determination"]
        assert (other.value, other.format, other.line) == ("s20", "tracker", 2)


def test_a_correction_needs_a_reason_and_keeps_the_old_value(
    house: House, child: tuple[int, str]
) -> None:
    made = add(house.scope("social.worker"), child[1], "gateway", LGM, AT)
    scope = house.scope("team.manager")
    (entry,) = entries(house, child)
    typed = {"determination": "s20", "meeting": "lgm"}
    with pytest.raises(Refused, match="Say why"):
        change.correct(scope, made.public_id, typed, seen(entry), "  ", LATER)
    assert change.correct(scope, made.public_id, typed, seen(entry), "Minutes say so", LATER) == 2
    (entry,) = entries(house, child)
    assert (entry.value("determination"), entry.value("meeting")) == ("s20", "lgm")
    old, new = [said for said in entry.statements if said.field == "determination"]
    assert (old.value, old.by, old.replaced_at) == ("issue", "Social Worker Of Bexley", LATER)
    assert (new.by, new.why, new.replaced_at) == (
        "Team Manager Of Bexley", "Minutes say so", None,
    )  # fmt: skip
    written = audits(house)[-1]
    assert (written.before["determination"], written.after["determination"], written.why) == (
        "issue", "s20", "Minutes say so",
    )  # fmt: skip


def test_what_was_not_recorded_is_entered_without_a_reason(
    house: House, child: tuple[int, str]
) -> None:
    made = add(house.scope("social.worker"), child[1], "gateway", LGM, AT)
    (entry,) = entries(house, child)
    change.correct(house.scope("iro"), made.public_id, {"meeting": "lpm"}, seen(entry), "", LATER)
    assert entries(house, child)[0].value("meeting") == "lpm"


def test_two_people_are_merged_field_by_field_and_told_where_they_clash(
    house: House, child: tuple[int, str]
) -> None:
    made = add(house.scope("social.worker"), child[1], "gateway", LGM, AT).public_id
    (entry,) = entries(house, child)
    saw = seen(entry)
    change.correct(
        house.scope("iro"), made, {"determination": "s20", "words": LGM["words"]}, saw, "A", AT
    )
    mine = {"determination": "issue", "words": "Threshold met, and why"}
    change.correct(house.scope("team.manager"), made, mine, saw, "B", LATER)
    (entry,) = entries(house, child)
    assert (entry.value("determination"), entry.value("words")) == ("s20", mine["words"])
    with pytest.raises(change.Clashed) as refused:
        change.correct(
            house.scope("team.manager"), made, {"determination": "continue"}, saw, "C", LATER
        )
    (clash,) = refused.value.clashes
    assert (clash.mine, clash.theirs, clash.who) == ("continue", "s20", "Iro Of Bexley")
    assert entries(house, child)[0].value("determination") == "s20"


def test_what_a_file_says_is_used_once_the_typed_value_is_taken_back(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    made = add(scope, child[1], "gateway", LGM, AT).public_id
    with pytest.raises(Refused, match="nothing typed"):
        change.use_file(scope, made, "determination", 1, "Because", AT)
    put(house, child)
    used = entries(house, child)[0].values["determination"].statement.id
    with pytest.raises(Refused, match="Say why"):
        change.use_file(scope, made, "determination", used, "", LATER)
    with pytest.raises(change.EntryMoved):
        change.use_file(scope, made, "determination", used + 99, "Because", LATER)
    change.use_file(scope, made, "determination", used, "The minutes say s20", LATER)
    (entry,) = entries(house, child)
    assert entry.value("determination") == "s20"
    assert not entry.disagreements
    back = [said for said in entry.statements if said.field == "determination" and not said.value]
    assert [(said.by, said.why) for said in back] == [
        ("Social Worker Of Bexley", "The minutes say s20")
    ]
    assert audits(house)[-1].before["determination"] == "issue"


def test_what_a_file_says_cannot_be_emptied(house: House, child: tuple[int, str]) -> None:
    put(house, child)
    (entry,) = entries(house, child)
    with pytest.raises(Refused, match="cannot be emptied"):
        change.correct(
            house.scope("iro"), entry.public_id, {"determination": ""}, seen(entry), "x", AT
        )


def test_an_entry_is_taken_out_with_the_reason_and_put_back(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    made = add(scope, child[1], "gateway", LGM, AT).public_id
    with pytest.raises(Refused, match="Say why"):
        change.take_out(scope, made, 1, "", LATER)
    with pytest.raises(change.EntryMoved):
        change.take_out(scope, made, 7, "Not this child", LATER)
    change.take_out(scope, made, 1, "Not this child", LATER)
    (entry,) = entries(house, child)
    assert (entry.stands, entry.taken_out_why, entry.taken_out_by) == (
        False, "Not this child", "Social Worker Of Bexley",
    )  # fmt: skip
    with pytest.raises(Refused, match="put it back to correct"):
        change.correct(scope, made, {"words": "x"}, seen(entry), "x", LATER)
    change.put_back(scope, made, 2, LATER)
    assert entries(house, child)[0].stands
    assert [written.did for written in audits(house)] == [
        "add to record", "take out of record", "put back into record",
    ]  # fmt: skip


def test_a_new_plan_closes_the_one_before_and_opens_it_again_when_taken_out(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    first = {"primary": "adoption", "identified_on": "2025-01-10"}
    made = add(scope, child[1], "plan", first, AT)
    assert made.closed == 0
    second = {"primary": "sgo", "identified_on": "2026-01-10"}
    newer = add(scope, child[1], "plan", second, LATER)
    assert newer.closed == 1
    before, after = entries(house, child)
    assert (before.value("ended_on"), after.value("ended_on")) == ("2026-01-10", "")
    older = {"primary": "return-home", "identified_on": "2024-01-10"}
    assert add(scope, child[1], "plan", older, LATER).closed == 0
    assert db.session.execute(sa.select(RecordSummary.plan)).scalar_one() == "sgo"
    change.take_out(scope, newer.public_id, 1, "It was not agreed", LATER)
    assert not entries(house, child)[0].ended
    assert db.session.execute(sa.select(RecordSummary.plan)).scalar_one() == "adoption"


def test_a_part_belongs_to_a_plan_of_the_same_child(house: House, child: tuple[int, str]) -> None:
    scope = house.scope("social.worker")
    other = house.child("0202")
    plan = add(scope, child[1], "plan", {"primary": "sgo"}, AT).public_id
    step = {"what": "Assess the aunt", "due_on": "2027-01-01"}
    add(scope, child[1], "plan-step", step, AT, part_of=plan)
    whole, part = entries_of(house, child)
    assert part.parent_id == whole.id
    for wrong in ("", part.public_id):
        with pytest.raises(Refused, match="not in the record"):
            add(scope, child[1], "plan-step", step, AT, part_of=wrong)
    with pytest.raises(Refused, match="not in the record"):
        add(scope, other[1], "plan-step", step, AT, part_of=plan)


def entries_of(house: House, child: tuple[int, str]) -> list[Recorded]:
    return record.entries(house.whole, child[0])


def test_a_single_kind_has_one_entry(house: House, child: tuple[int, str]) -> None:
    scope = house.scope("social.worker")
    made = add(scope, child[1], "adoption", {"matched_on": "2026-01-10"}, AT).public_id
    with pytest.raises(Refused, match="recorded already"):
        add(scope, child[1], "adoption", {"matched_on": "2026-02-10"}, AT)
    change.take_out(scope, made, 1, "Wrong child", AT)
    add(scope, child[1], "adoption", {"matched_on": "2026-02-10"}, AT)
    with pytest.raises(Refused, match="recorded anew"):
        change.put_back(scope, made, 2, AT)


def test_nobody_writes_of_a_child_whom_they_do_not_see(house: House) -> None:
    child = house.child("0303", worker=None, team="No such team")
    made = add(house.scope("head.of.service"), child[1], "gateway", LGM, AT).public_id
    other = House(house.app, house.today, "TOY", "toyshire")
    for scope in (house.scope("social.worker"), other.scope("head.of.service")):
        with pytest.raises(Refused, match="not in the record"):
            add(scope, child[1], "gateway", LGM, AT)
        with pytest.raises(Refused, match="not in the record"):
            change.take_out(scope, made, 1, "x", AT)


def test_summaries_of_many_are_as_if_worked_out_from_scratch(house: House) -> None:
    children = [house.child(f"70{n}") for n in range(3)]
    for child in children:
        put(house, child)
        add(house.whole, child[1], "plan", {"primary": "sgo", "contingencies": "cao"}, AT)

    def stored() -> list[dict[str, object]]:
        table = RecordSummary.__table__
        rows = db.session.execute(sa.select(table).order_by(table.c.child_id))
        return [{k: v for k, v in row._asdict().items() if k != "id"} for row in rows]

    before = stored()
    assert len(before) == 3
    with writing():
        db.session.execute(sa.delete(RecordSummary))
        record_summary.put(house.whole, [child[0] for child in children])
    assert stored() == before


def test_recorded_proceedings_say_whether_a_child_is_in_them(house: House) -> None:
    scope = house.scope("head.of.service")
    issued, over, nothing = (house.child(f"80{n}") for n in range(3))
    add(scope, issued[1], "proceedings", {"issued_on": "2026-09-10"}, AT)
    ended = {"issued_on": "2026-01-10", "ended_on": "2026-06-10"}
    add(scope, over[1], "proceedings", ended, AT)

    def inside(on: date) -> list[object]:
        return [child["in_proceedings"] for child in facts(house.whole, on)]

    assert inside(house.today) == [True, False, None]
    assert inside(date(2026, 3, 1)) == [None, True, None]


@pytest.mark.parametrize(
    ("status", "ended", "inside"),
    [("C1", "2026-06-10", True), ("C2", "2026-06-10", False), ("C2", "", True)],
)
def test_an_interim_care_order_outlasts_a_final_order_recorded(
    status: str, ended: str, inside: bool
) -> None:
    on = date(2026, 11, 1)
    values = {"issued_on": "2026-01-10"} | ({"ended_on": ended} if ended else {})
    said = tuple(Statement(n, code, value) for n, (code, value) in enumerate(values.items()))
    entry = Recorded(1, "e", "proceedings", AT, said)
    known = CareFacts("0101", on, "looked after", legal_status=status, in_proceedings=None)
    assert in_court(known, [entry], on).in_proceedings is inside


def test_two_entries_of_one_thing_do_not_stand_side_by_side(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    first = add(scope, child[1], "gateway", LGM, AT).public_id
    again = {**LGM, "determination": "s20"}
    with pytest.raises(Refused, match="with the same “Held on” is recorded already"):
        add(scope, child[1], "gateway", again, LATER)
    other = add(scope, child[1], "gateway", {**again, "held_on": "2026-02-04"}, LATER).public_id
    there = next(e for e in entries(house, child) if e.public_id == other)
    with pytest.raises(Refused, match="correct that one"):
        change.correct(scope, other, {"held_on": LGM["held_on"]}, seen(there), "So", LATER)
    change.take_out(scope, first, 1, "Not this child", LATER)
    change.correct(scope, other, {"held_on": LGM["held_on"]}, seen(there), "So", LATER)
    with pytest.raises(Refused, match="take that out before"):
        change.put_back(scope, first, 2, LATER)
    put(house, child)
    assert [entry.public_id for entry in entries(house, child) if entry.stands] == [other]


def test_what_people_tell_apart_is_recorded_twice_of_one_day(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    aunt = {"whose": "family", "said_on": "2026-02-03", "name": "Aunt Fern", "words": "Yes"}
    add(scope, child[1], "view", aunt, AT)
    add(scope, child[1], "view", {**aunt, "name": "Uncle Moss"}, AT)
    with pytest.raises(Refused, match="“Whose” and “When” and “Name”"):
        add(scope, child[1], "view", {**aunt, "words": "No"}, AT)
    assert len(entries(house, child)) == 2


def test_a_plan_agreed_after_the_new_one_s_day_ends_when_it_was_agreed_and_can_be_corrected(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    agreed = {
        "primary": "adoption", "identified_on": "2026-10-01", "state": "agreed",
        "agreed_on": "2026-11-10", "agreed_by": "The panel",
    }  # fmt: skip
    made = add(scope, child[1], "plan", agreed, AT)
    newer = {"primary": "sgo", "identified_on": "2026-11-05"}
    assert add(scope, child[1], "plan", newer, LATER).closed == 1
    before = next(one for one in entries(house, child) if one.public_id == made.public_id)
    assert before.value("ended_on") == "2026-11-10"
    told = audits(house)[-2]
    assert (told.did, told.after["ended_on"]) == ("correct record", "2026-11-10")
    on = {"agreed_on": "2026-11-09"}
    change.correct(scope, made.public_id, on, seen(before), "The minutes say so", LATER)
    assert db.session.execute(sa.select(RecordSummary.plan)).scalar_one() == "sgo"


@pytest.mark.parametrize(("primary", "plans"), [("sgo", 2), ("adoption", 1)])
def test_a_plan_typed_of_the_day_of_a_file_s_meets_it_where_it_is_the_same_option(
    house: House, child: tuple[int, str], primary: str, plans: int
) -> None:
    day = "2025-02-03"
    said = {"primary": "adoption", "identified_on": day, "contingencies": "long-term-fostering"}
    rows = [StatedRow(child[0], "plan", day, *one, "tracker", AT.date()) for one in said.items()]
    with writing():
        record_stated.put(house.whole, rows, AT)
    add(
        replace(house.whole, on=AT.date()),
        child[1],
        "plan",
        {"primary": primary, "identified_on": day},
        LATER,
    )
    assert len(entries(house, child)) == plans
    summary = db.session.execute(sa.select(RecordSummary)).scalar_one()
    own = ("", 1) if plans == 2 else ("long-term-fostering", 0)
    assert (summary.plan, summary.contingencies, summary.disagreements) == (primary, *own)


def test_a_new_plan_of_the_same_day_takes_the_place_of_the_one_before(
    house: House, child: tuple[int, str]
) -> None:
    scope = house.scope("social.worker")
    plan = {"primary": "sgo", "identified_on": "2026-02-03"}
    add(scope, child[1], "plan", plan, AT)
    newer = add(scope, child[1], "plan", {**plan, "primary": "adoption"}, LATER)
    assert newer.closed == 1
    change.take_out(scope, newer.public_id, 1, "Not agreed", LATER)
    with pytest.raises(Refused, match="take that out before"):
        change.put_back(scope, newer.public_id, 2, LATER)

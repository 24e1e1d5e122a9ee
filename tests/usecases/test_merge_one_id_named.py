"""A file that names one of the two ids of a child leaves alone what was said of the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import Files, bring_in, list_8, numbered, rows, text

from core.store import allocations, applied, care, import_changes, merges
from core.store.database import db, writing
from core.store.imports import Run
from core.store.tables import (
    Allocation,
    AuditRow,
    CareSummary,
    Child,
    EntryStatement,
    Episode,
    IdentityFact,
    StatedWorker,
)
from core.usecases.facts import facts
from core.usecases.merge import merge_children, unmerge_children

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
BOTH: Files = {
    "e.csv": text(
        EPISODES,
        "0101,01/05/2024,S,C1,N1,U6,PR1,01/11/2024,E8",
        "0102,01/12/2024,S,V2,N1,U6,PR1,,",
    )
}
ON = date(2026, 9, 30)
NAMES = "Local ID,Given name,Family name"


def names(*lines: str) -> Files:
    return {"c.csv": text(NAMES, *lines)}


def side(house: House, local_id: str) -> merges.Side:
    found = merges.side(house.whole, local_id=local_id)
    db.session.rollback()
    assert found is not None
    return found


def merge(house: House) -> None:
    kept, other = side(house, "0101"), side(house, "0102")
    scope = house.scope("panel.administrator")
    merge_children(scope, kept, other, (kept.version, other.version), "One child", AT)


def apart(house: House) -> None:
    scope, kept = house.scope("panel.administrator"), side(house, "0101")
    (made,) = merges.of_child(scope, kept.id)
    unmerge_children(scope, kept, made.public_id, "They are cousins", AT)


def now(house: House) -> dict[str, Any]:
    (one,) = facts(house.whole, house.today)
    db.session.rollback()
    return one


def anew(house: House) -> dict[str, Any]:
    """What is derived of the one child from all that is stored, and not from one import."""
    found = care.derive(care.facts_of(house.whole), house.today, applied.years_applied(house.whole))
    db.session.rollback()
    ((_, values),) = found.summaries()
    return values


def changed(house: House, run: Run) -> set[tuple[str, str, str, str]]:
    found = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    return {(one.child, one.field, one.before, one.after) for one in found}


def stored(house: House) -> dict[str, Any]:
    kept = Child.local_id == "0101"
    (row,) = rows(house, CareSummary.status, CareSummary.ceased, where=kept)
    return {"status": row[1], "ceased": row[2]}


@pytest.mark.parametrize("named", ["0101", "0102"])
def test_a_return_of_one_id_derives_care_from_the_rows_of_both(house: House, named: str) -> None:
    bring_in(house, BOTH)
    merge(house)
    assert now(house)["status"] == "looked after"
    line = next(one for one in BOTH["e.csv"].decode().splitlines() if one.startswith(named))
    bring_in(house, {"e.csv": text(EPISODES, line)})
    assert set(rows(house, Episode.decom, Episode.said_of)) == {
        ("0101", date(2024, 5, 1), ""),
        ("0101", date(2024, 12, 1), "0102"),
    }
    told = anew(house)
    assert stored(house) == {"status": told["status"], "ceased": told["ceased"]}
    assert told["status"] == "looked after"


def test_the_preview_shows_what_a_return_of_the_other_id_changes(house: House) -> None:
    bring_in(house, BOTH)
    merge(house)
    ended = text(EPISODES, "0102,01/12/2024,S,V2,N1,U6,PR1,02/02/2025,E4A")
    run = bring_in(house, {"e.csv": ended})
    assert ("0101", "status", "looked after", "ceased") in changed(house, run)
    assert ("0101", "ceased", "", "2 February 2025") in changed(house, run)
    told = anew(house)
    assert stored(house) == {"status": told["status"], "ceased": told["ceased"]}


def test_two_rows_of_one_list_are_never_made_into_one(house: House) -> None:
    bring_in(
        house,
        {
            "l.xlsx": list_8(
                {"child": "0101", "started_on": date(2026, 3, 23), "legal_status": "C1: ICO"},
                {"child": "0102", "started_on": date(2019, 2, 1), "legal_status": "V2",
                 "ceased_on": date(2024, 5, 1)},
            )
        },
        as_at=ON,
    )  # fmt: skip
    merge(house)
    found = now(house)
    assert (found["status"], found["ceased"]) == ("looked after", None)
    assert found["became_looked_after"] == "2026-03-23"
    again = {"child": "0102", "started_on": date(2019, 2, 1), "legal_status": "V2",
             "ceased_on": date(2024, 5, 2)}  # fmt: skip
    bring_in(house, {"l.xlsx": list_8(again)}, as_at=ON)
    found = now(house)
    assert (found["status"], found["became_looked_after"]) == ("looked after", "2026-03-23")


WORKERS = "Local ID,Given name,Worker name,Worker staff number,IRO name,IRO staff number"


def workers(house: House) -> list[tuple[str, str, int, date, date | None]]:
    return rows(
        house, Allocation.relation, Allocation.account_id, Allocation.since, Allocation.until
    )


def test_whom_files_name_since_goes_back_to_the_id_of_which_it_was_said(house: House) -> None:
    """Also who works with whom: nobody keeps sight of a child by what was said of another."""
    numbered(house)
    worker, iro = house.accounts["social.worker"], house.accounts["iro"]
    august = date(2026, 8, 31)

    def named(*lines: str) -> Files:
        return {"c.csv": text(WORKERS, *lines)}

    first = ("0101,Anna,Perrin,S1,,", "0102,Ben,Somebody,,Idris,S2")
    bring_in(house, named(*first), as_at=august)
    merge(house)
    bring_in(house, named("0102,Ben,Perrin,S1,,", "0101,Anna,Otto,,Idris,S2"), as_at=ON)
    apart(house)
    said = rows(house, StatedWorker.relation, StatedWorker.said, StatedWorker.as_at)
    assert set(said) == {
        ("0101", "worker", "Perrin", august),
        ("0101", "worker", "Otto", ON),
        ("0101", "iro", "Idris", ON),
        ("0102", "worker", "Somebody", august),
        ("0102", "worker", "Perrin", ON),
        ("0102", "iro", "Idris", august),
    }
    assert set(rows(house, StatedWorker.said_of)) == {("0101", ""), ("0102", "")}
    assert set(workers(house)) == {
        ("0101", "worker", worker, august, ON),
        ("0101", "iro", iro, ON, None),
        ("0102", "worker", worker, ON, None),
        ("0102", "iro", iro, august, None),
    }
    standing = rows(
        house, StatedWorker.relation, StatedWorker.said, where=StatedWorker.ended_at.is_(None)
    )
    assert set(standing) == {
        ("0101", "worker", "Otto"),
        ("0101", "iro", "Idris"),
        ("0102", "worker", "Perrin"),
        ("0102", "iro", "Idris"),
    }
    social, officer = "Social Worker Of Bexley", "Iro Of Bexley"
    since, until = {"since": ON.isoformat()}, {"until": ON.isoformat()}
    assert told(house) == [
        ("0101", "allocate", {"iro": ""}, {"iro": officer, **since, "until": ""}),
        ("0101", "end allocation", {"worker": f"{social} since 2026-08-31"},
         {"worker": social, **until}),
        ("0102", "allocate", {"worker": ""}, {"worker": social, **since, "until": ""}),
    ]  # fmt: skip


def told(house: House) -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    """What the audit says of allocations as the two were taken apart, by the child's local id."""
    found = db.session.execute(
        sa.select(Child.local_id, AuditRow.did, AuditRow.before, AuditRow.after)
        .join(Child, Child.public_id == AuditRow.subject_id)
        .where(AuditRow.did.in_(("allocate", "end allocation")), AuditRow.why == "They are cousins")
    )
    read = sorted(((row[0], row[1], row[2], row[3]) for row in found), key=repr)
    db.session.rollback()
    return read


def test_an_allocation_that_goes_back_is_told_as_over_from_its_first_day(house: House) -> None:
    numbered(house)
    bring_in(house, {"c.csv": text(WORKERS, "0101,Anna,,,,", "0102,Ben,,,,")}, as_at=ON)
    merge(house)
    bring_in(house, {"c.csv": text(WORKERS, "0102,Ben,Perrin,S1,,")}, as_at=ON)
    apart(house)
    social = "Social Worker Of Bexley"
    assert told(house) == [
        ("0101", "end allocation", {"worker": f"{social} since 2026-09-30"},
         {"worker": social, "until": "2026-09-30"}),
        ("0102", "allocate", {"worker": ""},
         {"worker": social, "since": "2026-09-30", "until": ""}),
    ]  # fmt: skip


def test_whom_a_person_allocated_stays_though_the_other_id_s_file_names_them_from_that_day(
    house: House,
) -> None:
    numbered(house)
    worker = house.accounts["social.worker"]
    lines = ("0101,Anna,,,,", "0102,Ben,Perrin,S1,,")
    bring_in(house, {"c.csv": text(WORKERS, *lines)}, as_at=ON)
    kept = side(house, "0101").id
    with writing():
        allocations.add(house.whole, kept, worker, "worker", ON, None)
    merge(house)
    apart(house)
    assert workers(house) == [
        ("0101", "worker", worker, ON, None),
        ("0102", "worker", worker, ON, None),
    ]
    assert told(house) == []


def test_whom_a_later_file_names_with_one_id_takes_nobody_from_the_other_for_good(
    house: House,
) -> None:
    numbered(house)
    august = date(2026, 8, 31)
    line = "0101,Anna,Perrin,S1,,"
    bring_in(house, {"c.csv": text(WORKERS, line, "0102,Ben,Somebody,,,")}, as_at=august)
    merge(house)
    bring_in(house, {"c.csv": text(WORKERS, "0102,Ben,Otto,,,")}, as_at=ON)
    apart(house)
    worker = house.accounts["social.worker"]
    assert workers(house) == [("0101", "worker", worker, august, None)]
    standing = rows(house, StatedWorker.said, where=StatedWorker.ended_at.is_(None))
    assert set(standing) == {("0101", "Perrin"), ("0102", "Otto")}


def test_what_a_file_says_again_of_one_id_leaves_who_is_named_with_the_other(house: House) -> None:
    bring_in(house, {"c.csv": text(WORKERS, "0101,Anna,Perrin,,,", "0102,Ben,Otto,,,")}, as_at=ON)
    merge(house)
    bring_in(house, {"c.csv": text(WORKERS, "0102,Ben,Idris,,,")}, as_at=ON)
    assert set(rows(house, StatedWorker.said, StatedWorker.said_of)) == {
        ("0101", "Perrin", ""),
        ("0101", "Idris", "0102"),
    }


@pytest.mark.parametrize("kept_first", [True, False])
def test_a_name_said_again_of_one_id_leaves_the_name_of_the_other(
    house: House, kept_first: bool
) -> None:
    kept, other = "0101,Anna,Thistlewick", "0102,Ben,Thistlewick"
    bring_in(house, names(kept, other), as_at=ON)
    merge(house)
    bring_in(house, names(*([kept] if kept_first else [other])), as_at=ON)
    assert side(house, "0101").name == "Anna Thistlewick"
    apart(house)
    standing = rows(
        house, IdentityFact.field, IdentityFact.value, where=IdentityFact.replaced_at.is_(None)
    )
    assert [row for row in standing if row[1] == "given_name"] == [
        ("0101", "given_name", "Anna"),
        ("0102", "given_name", "Ben"),
    ]


def test_what_is_said_alike_of_both_ids_is_kept_of_both(house: House) -> None:
    bring_in(house, names("0101,Anna,Thistlewick", "0102,Anna,Quill"), as_at=date(2026, 8, 31))
    merge(house)
    bring_in(house, names("0101,Anna,Oakshade", "0102,Anna,Oakshade"), as_at=ON)
    apart(house)
    said = rows(house, IdentityFact.field, IdentityFact.value, where=IdentityFact.as_at == ON)
    for local in ("0101", "0102"):
        assert (local, "family_name", "Oakshade") in said


def test_an_entry_said_again_of_one_id_leaves_what_was_said_of_the_other(house: House) -> None:
    def listed(child: str, plan: str) -> dict[str, Any]:
        return {"child": child, "started_on": date(2025, 2, 3), "plan": plan, "legal_status": "V2"}

    kept = listed("0101", "f) Long-term fostering")
    other = listed("0102", "f) Long-term fostering")
    bring_in(house, {"l.xlsx": list_8(kept, other)}, as_at=ON)
    merge(house)
    other = listed("0102", "a) Return to family")
    bring_in(house, {"l.xlsx": list_8(other)}, as_at=ON)
    apart(house)
    plans = db.session.execute(
        sa.select(EntryStatement.value).where(
            EntryStatement.field == "primary", EntryStatement.replaced_at.is_(None)
        )
    )
    assert len(plans.all()) == 2
    db.session.rollback()

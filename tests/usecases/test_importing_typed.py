"""What people typed, matched, moved and merged stands, whatever a later file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import NOW, bring_in, list_8, numbered, rows, text

from core.store import import_changes, imports
from core.store.database import db, writing
from core.store.imports import Run
from core.store.tables import (
    Account,
    Allocation,
    AuditRow,
    Child,
    Episode,
    IdentityFact,
    ImportChange,
    KnownAs,
    RecordSummary,
    Service,
    StatedWorker,
    Team,
)
from core.usecases.facts import facts
from core.usecases.record_new import add

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = date(2026, 10, 31)


def cases(*lines: str) -> dict[str, bytes]:
    heads = "Local ID,Given name,Family name,Team,Worker name,Worker staff number"
    return {"cases.csv": text(heads, *lines)}


def child(house: House, *columns: Any) -> Any:
    found = db.session.execute(
        sa.select(*columns).where(
            Child.authority_id == house.authority_id, Child.local_id == "0101"
        )
    ).one()
    db.session.rollback()
    return tuple(found)


def held(house: House) -> list[tuple[Any, ...]]:
    return [
        row[1:] for row in rows(house, Allocation.account_id, Allocation.since, Allocation.until,
                                where=Allocation.relation == "worker")
    ]  # fmt: skip


def said_otherwise(house: House, run: Run) -> list[tuple[Any, ...]]:
    found = db.session.execute(
        sa.select(
            ImportChange.subject, ImportChange.field, ImportChange.before, ImportChange.after
        ).where(
            ImportChange.authority_id == house.authority_id,
            ImportChange.run_id == run.id,
            ImportChange.subject.like("%-otherwise"),
        )
    )
    read = [tuple(row) for row in found]
    db.session.rollback()
    return read


def test_a_typed_name_stays_and_what_the_file_says_is_kept_beside_it(house: House) -> None:
    bring_in(house, cases("0101,Orlin,Thistlewick,,,"), as_at=LATER)
    with writing():
        child_id = db.session.execute(sa.select(Child.id)).scalar_one()
        db.session.execute(
            sa.insert(IdentityFact).values(
                authority_id=house.authority_id,
                child_id=child_id,
                field="given_name",
                value="Orla",
                typed_by=house.accounts["social.worker"],
                as_at=date(2026, 1, 1),
                stated_at=NOW,
            )  # fmt: skip
        )
    run = bring_in(house, cases("0101,Orlando,Thistle,,,"), as_at=date(2026, 11, 20))
    assert said_otherwise(house, run) == [("identity-otherwise", "given_name", "Orla", "Orlando")]
    assert child(house, Child.given_name, Child.family_name) == ("Orla", "Thistle")
    said = {row[2] for row in rows(house, IdentityFact.field, IdentityFact.value)
            if row[1] == "given_name"}  # fmt: skip
    assert said == {"Orlin", "Orla", "Orlando"}


def test_a_corrected_file_of_the_same_day_takes_the_place_of_what_it_said(house: House) -> None:
    bring_in(house, cases("0101,Orlin,Thistlewick,,P. Oakshade,"), as_at=LATER)
    bring_in(house, cases("0101,Orla,Thistlewick,,Perrin Oakshade,"), as_at=LATER)
    assert child(house, Child.given_name) == ("Orla",)
    named = rows(house, StatedWorker.said, StatedWorker.ended_at)
    assert named == [("0101", "Perrin Oakshade", None)]


def test_a_worker_of_a_file_follows_the_file_before_and_nobody_that_was_typed(
    house: House,
) -> None:
    numbered(house)
    child_id, _ = house.child(worker="team.manager", iro=None)
    typed = (house.accounts["team.manager"], date(2020, 1, 1), None)
    mine = house.accounts["social.worker"]
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    assert held(house) == [typed]
    with writing():
        db.session.execute(sa.delete(StatedWorker))
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    assert held(house) == [typed]
    assert run.counts["preview"]["otherwise"] == 1
    (shown,) = said_otherwise(house, run)
    assert shown[:2] == ("people-otherwise", "worker") and shown[2] and shown[2] != shown[3]
    with writing():
        db.session.execute(sa.update(Allocation).values(until=date(2026, 10, 10)))
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=LATER)
    assert (mine, LATER, None) in held(house)
    bring_in(house, cases("0101,,,,Somebody else,"), as_at=date(2026, 11, 10))
    assert (mine, LATER, date(2026, 11, 10)) in held(house)


def suspend(house: House, role: str, active: bool = False) -> None:
    with writing():
        whose = sa.update(Account).where(Account.id == house.accounts[role])
        db.session.execute(whose.values(active=active))


def columns(house: House, run: Run) -> list[str]:
    found, _ = imports.problems(house.whole, run.id)
    db.session.rollback()
    return [one.column for one in found]


def problems(house: House, run: Run) -> list[tuple[Any, Any]]:
    found, _ = imports.problems(house.whole, run.id)
    db.session.rollback()
    return [(one.rule, one.line) for one in found]


def test_nobody_who_is_suspended_is_given_a_child_and_the_line_is_named(house: House) -> None:
    numbered(house)
    mine = house.accounts["social.worker"]
    suspend(house, "social.worker")
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    assert held(house) == []
    assert rows(house, StatedWorker.account_id) == [("0101", mine)], "who is meant is known"
    assert problems(house, run) == [("suspended", 2)]
    assert columns(house, run) == ["Worker name"], "as people know it"
    suspend(house, "social.worker", active=True)
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=LATER)
    assert held(house) == [(mine, date(2026, 9, 30), None)]
    assert problems(house, run) == []


def test_who_is_suspended_keeps_what_a_file_gave_until_a_file_names_another(house: House) -> None:
    numbered(house)
    mine, iro = house.accounts["social.worker"], house.accounts["iro"]
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    suspend(house, "social.worker")
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=LATER)
    assert held(house) == [(mine, date(2026, 9, 30), None)]
    assert problems(house, run) == []
    later = date(2026, 11, 10)
    bring_in(house, cases("0101,,,,Quill,S2"), as_at=later)
    ended = (mine, date(2026, 9, 30), later)
    assert held(house) == [ended, (iro, later, None)]
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 11, 15))
    assert held(house) == [ended, (iro, later, date(2026, 11, 15))]
    assert problems(house, run) == [("suspended", 2)]


def workers(house: House, run: Run) -> list[tuple[Any, ...]]:
    shown = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    return [(one.before, one.after) for one in shown if one.field == "worker"]


def test_the_preview_says_of_a_suspended_worker_what_will_be(house: House) -> None:
    numbered(house)
    suspend(house, "social.worker")
    bring_in(house, cases("0101,,,,,"), as_at=date(2026, 9, 1))
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    assert workers(house, run) == []
    assert run.counts["preview"]["changed"] == 0
    run = bring_in(house, cases("0101,,,,Quill,S2"), as_at=LATER)
    assert workers(house, run) == [("", "Iro Of Bexley")]
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 11, 10))
    assert workers(house, run) == [("Iro Of Bexley", "")]
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 11, 12))
    assert workers(house, run) == []


def test_the_preview_says_of_who_is_suspended_that_they_keep_what_a_file_gave(
    house: House,
) -> None:
    numbered(house)
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    suspend(house, "social.worker")
    run = bring_in(house, cases("0101,,,,Perrin,S1"), as_at=LATER)
    assert workers(house, run) == []
    run = bring_in(house, cases("0101,,,,Quill,S2"), as_at=date(2026, 11, 10))
    kept = "Social Worker Of Bexley (suspended)"
    assert workers(house, run) == [(kept, "Iro Of Bexley")]


def test_an_allocation_that_a_person_ended_does_not_come_back_with_the_same_file(
    house: House,
) -> None:
    numbered(house)
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    with writing():
        db.session.execute(sa.update(Allocation).values(until=date(2026, 10, 10)))
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=date(2026, 9, 30))
    assert sorted((row[1:] for row in held(house)), key=lambda row: row[0]) == [
        (date(2026, 9, 30), date(2026, 10, 10))
    ]
    bring_in(house, cases("0101,,,,Perrin,S1"), as_at=LATER)
    assert sorted((row[1:] for row in held(house)), key=lambda row: row[0]) == [
        (date(2026, 9, 30), date(2026, 10, 10)), (LATER, None),
    ]  # fmt: skip


def test_a_name_that_was_matched_once_is_known_and_two_people_in_one_row_are_nobody(
    house: House,
) -> None:
    numbered(house)
    with writing():
        db.session.execute(
            sa.insert(KnownAs).values(
                authority_id=house.authority_id,
                said="P. Oakshade",
                email="",
                staff_number="",
                account_id=house.accounts["social.worker"],
                matched_at=NOW,
            )  # fmt: skip
        )
    lines = ("0101,,,,p. oakshade,", "0102,,,,Another,")
    bring_in(house, cases(*lines), as_at=LATER)
    assert [row[0] for row in held(house)] == [house.accounts["social.worker"]]
    with writing():
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["team.manager"])
            .values(staff_number="S9")
        )
    heads = "Local ID,Worker name,Worker e-mail,Worker staff number"
    both = text(heads, "0103,Two,social.worker@bexley.example,S9")
    bring_in(house, {"cases.csv": both}, as_at=LATER)
    assert rows(house, StatedWorker.said, StatedWorker.account_id)[-1] == ("0103", "Two", None)


def test_a_team_that_a_person_gave_stays_and_one_that_a_file_gave_follows(house: House) -> None:
    bring_in(house, cases("0101,,,Moss team,,"), as_at=date(2026, 9, 30))
    bring_in(house, cases("0101,,,Fern team,,"), as_at=LATER)
    team = sa.select(Team.name).where(Team.id == Child.team_id).scalar_subquery()
    assert child(house, team) == ("Fern team",)
    with writing():
        by_hand = db.session.execute(
            sa.select(Team.id).where(
                Team.authority_id == house.authority_id, Team.name == "Quill team"
            )
        ).scalar_one()
        db.session.execute(sa.update(Child).values(team_id=by_hand))
    run = bring_in(house, cases("0101,,,Moss team,,"), as_at=date(2026, 11, 20))
    assert child(house, team) == ("Quill team",)
    assert said_otherwise(house, run) == [("team-otherwise", "team", "Quill team", "Moss team")]


def test_each_team_that_a_file_makes_moves_or_opens_again_is_in_the_audit(house: House) -> None:
    heads = "Local ID,Team,Service"

    def files(*lines: str) -> dict[str, bytes]:
        return {"cases.csv": text(heads, *lines)}

    def told(run: Run) -> list[tuple[Any, ...]]:
        found = db.session.execute(
            sa.select(AuditRow.did, AuditRow.before, AuditRow.after)
            .where(AuditRow.subject.in_(("team", "service")))
            .where(AuditRow.why == f"import {run.public_id}")
            .order_by(AuditRow.id)
        ).all()
        db.session.rollback()
        return [tuple(row) for row in found]

    unplaced, moss = "Teams named by files", "Moss service"
    first = bring_in(house, files("0101,Moss team,"), as_at=date(2026, 9, 1))
    assert told(first) == [
        ("add service", None, {"name": unplaced}),
        ("add team", None, {"name": "Moss team", "service": unplaced}),
    ]
    moved = bring_in(house, files(f"0101,Moss team,{moss}"), as_at=date(2026, 9, 2))
    assert told(moved) == [
        ("add service", None, {"name": moss}),
        (
            "change team",
            {"name": "Moss team", "service": unplaced},
            {"name": "Moss team", "service": moss},
        ),
    ]
    again = bring_in(house, files(f"0101,Moss team,{moss}"), as_at=date(2026, 9, 3))
    assert told(again) == []
    with writing():
        for table in (Team, Service):
            ended = sa.update(table).where(table.name.like("Moss%"))
            db.session.execute(ended.values(until=date(2026, 9, 4)))
    opened = bring_in(house, files("0102,Moss team,"), as_at=date(2026, 9, 5))
    assert told(opened) == [
        ("add service", None, {"name": moss}),
        ("add team", None, {"name": "Moss team", "service": moss}),
    ]
    capitals = bring_in(house, files("0103,Fern team,MOSS SERVICE"), as_at=date(2026, 9, 6))
    assert told(capitals) == [("add team", None, {"name": "Fern team", "service": moss})]


def test_a_list_that_says_another_start_than_the_return_is_previewed_as_otherwise(
    house: House,
) -> None:
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
    bring_in(house, {"e.csv": text(episodes, "0101,01/05/2025,S,C2,N1,U6,PR1,,")})
    said = list_8({"child": "0101", "started_on": "01/06/2025", "legal_status": "C2"})
    run = bring_in(house, {"list.xlsx": said}, as_at=LATER)
    assert said_otherwise(house, run) == [
        ("stated-care-otherwise", "started_on", "2025-05-01", "2025-06-01")
    ]


def test_a_return_speaks_of_no_day_to_come(house: House) -> None:
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
    bring_in(house, {"h.csv": text(header, "0101,1,01/02/2015,WBRI,UN1,,")}, year=2027)
    days = rows(house, IdentityFact.as_at)
    assert days and all(row[1] < date(2027, 3, 31) for row in days)


def test_a_name_and_a_number_of_different_people_are_a_warning(house: House) -> None:
    numbered(house)
    names = dict(db.session.execute(sa.select(Account.id, Account.name)).all())
    db.session.rollback()
    other = names[house.accounts["team.manager"]]
    run = bring_in(house, cases(f"0101,,,,{other},S1"), as_at=LATER)
    assert run.counts["warnings"] == 1


def test_what_is_said_of_a_merged_record_goes_to_the_one_that_is_kept(house: House) -> None:
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
    both = {
        "e.csv": text(
            episodes,
            "0101,01/05/2024,S,C1,N1,U6,PR1,,",
            "0102,01/04/2023,S,V2,N1,U6,PR1,01/05/2023,E8",
        )
    }
    bring_in(house, both)
    with writing():
        ids = dict(db.session.execute(sa.select(Child.local_id, Child.id)).all())
        db.session.execute(
            sa.update(Child).where(Child.local_id == "0102").values(merged_into_id=ids["0101"])
        )
        db.session.execute(
            sa.update(Episode)
            .where(Episode.child_id == ids["0102"])
            .values(child_id=ids["0101"], said_of="0102")
        )
    bring_in(house, both)
    bring_in(house, {"l.xlsx": list_8({"child": "0102", "started_on": date(2023, 4, 1)})})
    assert rows(house, Episode.decom, Episode.said_of) == [
        ("0101", date(2023, 4, 1), "0102"), ("0101", date(2024, 5, 1), ""),
    ]  # fmt: skip
    found = {one["child"]: one for one in facts(house.whole, house.today)}
    db.session.rollback()
    assert "0102" not in found and found["0101"]["became_looked_after"] == "2024-05-01"


def test_no_tracker_pushes_out_a_typed_plan(house: House) -> None:
    bring_in(house, {"cases.csv": text("Local ID,Given name", "0101,Orlin")}, as_at=LATER)
    (public_id,) = child(house, Child.public_id)
    typed = {
        "primary": "return-home", "identified_on": "2026-09-17", "state": "agreed",
        "agreed_on": "2026-09-20", "agreed_by": "Panel",
    }  # fmt: skip
    add(replace(house.whole, on=date(2026, 10, 1)), public_id, "plan", typed, NOW)
    heads = "Local ID,Plan,Plan date,Plan state,Contingency"
    lines = "0101,Return home,01/11/2026,Agreed,Adoption", "0101,gobbledegook,02/11/2026,Agreed,"
    in_november = date(2026, 11, 20)
    run = bring_in(house, {"tracker.csv": text(heads, *lines)}, as_at=in_november)
    stays = {(field, before) for _, field, before, _ in said_otherwise(house, run)}
    assert ("contingencies", "") in stays and ("identified_on", "2026-09-17") in stays
    assert run.counts["preview"]["changed"] == 0
    kept = RecordSummary.plan, RecordSummary.contingencies, RecordSummary.disagreements
    assert rows(house, *kept) == [("0101", "return-home", "", 1)]


def test_a_problem_of_a_column_that_a_sheet_lacks_names_it_by_its_heading(house: House) -> None:
    tracker = text("Local ID,Action,Action due", "0101,Write to the court,01/12/2026")
    run = bring_in(house, {"t.csv": tracker}, as_at=LATER)
    assert columns(house, run) == ["Action owner"]

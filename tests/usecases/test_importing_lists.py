"""Lists, case lists and trackers brought into the record: in any order, twice, beside returns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import NOW, Files, bring_in, list_8, numbered, rows, text

from core.store import import_changes, imports
from core.store.database import db
from core.store.tables import (
    Account,
    Action,
    Allocation,
    AuditRow,
    CareSummary,
    Child,
    Entry,
    EntryStatement,
    IdentityFact,
    PeriodOfCare,
    RecordSummary,
    Service,
    StatedWorker,
    Team,
)
from core.usecases.facts import facts

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN"


RETURN_2025: Files = {
    "h.csv": text(HEADER, "0101,2,04/05/2012,WBRI,UN1", "0102,1,05/05/2013,WBRI,UN1"),
    "e.csv": text(
        EPISODES,
        "0101,01/05/2024,L,C1,N1,U6,PR1,,",
        "0102,01/06/2024,S,V2,N1,U6,PR1,,",
    ),
}
RETURN_2026: Files = {
    "h.csv": text(HEADER, "0101,F,04/05/2012,WIRI,UN1", "0102,M,05/05/2013,WBRI,UN1"),
    "e.csv": text(
        EPISODES,
        "0101,01/05/2024,L,C1,N1,U6,PR1,01/07/2025,X1",
        "0101,01/07/2025,L,C2,N1,U6,PR1,,",
        "0102,01/06/2024,S,V2,N1,U6,PR1,,",
    ),
}
FIRST: Files = {
    "a.xlsx": list_8(
        {"child": "0101", "started_on": date(2023, 9, 1), "worker": "P. Oakshade",
         "team": "Quill team", "plan": "a) Return to family", "legal_status": "C1: ICO"},
        {"child": "0103", "started_on": date(2025, 2, 3), "legal_status": "V2: Single period",
         "legal_status_since": date(2025, 2, 3), "placement": "U6: Foster placement - not FFA",
         "placement_since": date(2025, 2, 3), "latest_review_on": date(2025, 5, 1)},
        {"child": "0104", "started_on": date(2025, 3, 3), "legal_status": "V2"},
    )
}  # fmt: skip
SECOND: Files = {
    "a.xlsx": list_8(
        {"child": "0101", "started_on": date(2023, 9, 1), "worker": "Perrin Oakshade",
         "team": "Fern team", "plan": "f) Long-term fostering", "legal_status": "C2: FCO"},
        {"child": "0102", "started_on": date(2024, 5, 20), "legal_status": "V2"},
        {"child": "0103", "started_on": date(2025, 2, 3), "legal_status": "C1: ICO",
         "legal_status_since": date(2025, 9, 1), "placement": "K2",
         "placement_since": date(2025, 8, 8), "ethnicity": "BCRB", "sex": "Male"},
    )
}  # fmt: skip
CASES: Files = {
    "c.csv": text(
        "Local ID,Given name,Family name,Date of birth,Team,Service,Worker name,"
        "Worker staff number,IRO name,IRO staff number,Sibling group",
        "0101,Orlin,Thistlewick,04/05/2012,Moss team,North service,Perrin,S1,Idris,S2,T1",
        "0103,Wren,Thistlewick,06/06/2014,Fern team,North service,Somebody,,Idris,S2,T1",
    )
}
TRACKER: Files = {
    "t.csv": text(
        "Local ID,Plan,Plan date,Last PPM,Proceedings issued,Match date,Action,"
        "Action owner staff number,Action owner,Action due",
        "0101,Adoption,01/02/2026,02/02/2026,03/03/2025,,Write to the court,S1,,01/12/2026",
        "0101,,,,,,Ring the carers,,Hester,05/12/2026",
        "0103,SGO,,,,,Write to the court,,Hester,",
    )
}
LATER_TRACKER: Files = {
    "t2.csv": text(
        "Local ID,Action,Action owner,Action due", "0101,write to the  court,,15/12/2026"
    )
}
ALL: list[tuple[Files, dict[str, Any]]] = [
    (RETURN_2025, {}),
    (FIRST, {"as_at": date(2025, 9, 30)}),
    (RETURN_2026, {}),
    (SECOND, {"as_at": date(2026, 9, 30)}),
    (CASES, {"as_at": date(2026, 10, 31)}),
    (TRACKER, {"as_at": date(2026, 10, 31)}),
    (LATER_TRACKER, {"as_at": date(2026, 11, 20)}),
]


def record(house: House) -> dict[str, Any]:
    """Everything that imports give, without keys and the moments of writing."""
    names = {row.id: row.name.partition(" Of ")[0] for row in db.session.execute(
        sa.select(Account.id, Account.name)
    )}  # fmt: skip

    def named(found: list[tuple[Any, ...]], place: int) -> list[tuple[Any, ...]]:
        return [(*row[:place], names.get(row[place]), *row[place + 1 :]) for row in found]

    children = db.session.execute(
        sa.select(Child.local_id, Child.given_name, Child.born, Child.sex, Child.ethnicity,
                  Child.sibling_group, Team.name, Service.name)
        .outerjoin(Team, Team.id == Child.team_id)
        .outerjoin(Service, Service.id == Team.service_id)
        .where(Child.authority_id == house.authority_id)
    ).all()  # fmt: skip
    return {
        "facts": list(facts(house.whole, house.today)),
        "children": sorted(map(tuple, children)),
        "identity": rows(house, IdentityFact.field, IdentityFact.value, IdentityFact.format,
                         IdentityFact.as_at),
        "entries": rows(house, Entry.kind, Entry.match_key),
        "statements": rows(house, EntryStatement.field, EntryStatement.value,
                           EntryStatement.format, EntryStatement.as_at),
        "summaries": rows(house, RecordSummary.plan, RecordSummary.proceedings_issued_on),
        "care": rows(house, CareSummary.status, CareSummary.became_looked_after,
                     CareSummary.became_looked_after_known, CareSummary.legal_status,
                     CareSummary.placement, CareSummary.latest_review, CareSummary.flags),
        "periods": rows(house, PeriodOfCare.start, PeriodOfCare.start_known, PeriodOfCare.end),
        "people": named(rows(house, StatedWorker.relation, StatedWorker.said, StatedWorker.as_at,
                             StatedWorker.account_id, StatedWorker.ended_at.is_(None)), 4),
        "held": named(rows(house, Allocation.relation, Allocation.account_id, Allocation.since,
                           Allocation.until), 2),
        "actions": named(rows(house, Action.what, Action.owner_id, Action.due, Action.first_due,
                              Action.as_at), 2),
    }  # fmt: skip


ORDERS = [[6, 5, 4, 3, 2, 1, 0], [3, 4, 0, 6, 2, 5, 1, 3, 0, 6], [1, 1, 2, 0, 5, 6, 5, 3, 4, 1]]


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_and_twice_give_the_same_record(house: House, order: list[int]) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    numbered(house)
    numbered(other)
    for files, more in ALL:
        bring_in(house, files, **more)
    for number in order:
        files, more = ALL[number]
        bring_in(other, files, **more)
    forward, backward = record(house), record(other)
    for part in forward:
        assert backward[part] == forward[part], part


def test_what_the_files_gave_is_there(house: House) -> None:
    numbered(house)
    for files, more in ALL:
        bring_in(house, files, **more)
    whole = record(house)
    said = {one["child"]: one for one in whole["facts"]}
    first = said["0101"]
    assert first["became_looked_after"] == "2023-09-01" and first["became_looked_after_known"]
    assert first["legal_status"] == "C2" and first["legal_status_since"] == "2025-07-01"
    assert said["0102"]["became_looked_after"] == "2024-06-01"
    assert said["0102"]["flags"] == ["903 and list 8 say different starts"]
    third = said["0103"]
    assert (third["status"], third["legal_status"], third["placement"]) == (
        "looked after", "C1", "K2",
    )  # fmt: skip
    assert third["legal_status_since"] == "2025-09-01" and third["reviews"] == []
    assert said["0104"]["status"] == "open but missing from latest file"
    children = {row[0]: row[1:] for row in whole["children"]}
    assert children["0101"][0] == "Orlin" and children["0101"][-2:] == (
        "Moss team",
        "North service",
    )
    assert children["0101"][4] == children["0103"][4] == "imported: t1"
    assert children["0103"][-2:] == ("Fern team", "North service")
    assert whole["held"] == [
        ("0101", "iro", "Iro", date(2026, 10, 31), None),
        ("0101", "worker", "Social Worker", date(2026, 10, 31), None),
        ("0103", "iro", "Iro", date(2026, 10, 31), None),
    ]
    assert ("0103", "worker", "Somebody", date(2026, 10, 31), None, True) in whole["people"]
    assert ("0101", "worker", "P. Oakshade", date(2025, 9, 30), None, False) in whole["people"]
    assert whole["actions"] == [
        ("0101", "Ring the carers", None, date(2026, 12, 5), date(2026, 12, 5), date(2026, 10, 31)),
        ("0101", "write to the court", "Social Worker", date(2026, 12, 15), date(2026, 12, 1),
         date(2026, 11, 20)),
    ]  # fmt: skip
    summaries = {row[0]: row[1:] for row in whole["summaries"]}
    assert summaries["0101"] == ("adoption", date(2025, 3, 3))


def test_a_preview_shows_each_change_with_its_line_and_the_audit_keeps_it(house: House) -> None:
    numbered(house)
    bring_in(house, RETURN_2025)
    run = bring_in(house, CASES | FIRST, as_at=date(2026, 10, 31))
    assert run.counts["preview"] == {"new": 2, "changed": 1, "unchanged": 0}
    shown = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    told = {(c.child, c.subject, c.field): (c.before, c.after, c.file, c.line) for c in shown}
    assert told["0101", "identity", "given_name"] == ("", "Orlin", "c.csv", 2)
    assert told["0101", "care", "became_looked_after"] == (
        "1 May 2024", "1 September 2023", "a.xlsx", 2,
    )  # fmt: skip
    assert told["0101", "plan", "primary"] == ("", "return-home", "a.xlsx", 2)
    assert told["0101", "team", "team"][0] == "" and told["0101", "team", "team"][2]
    assert told["0101", "people", "iro"] == ("", "Iro Of Bexley", "c.csv", 2)
    assert told["0103", "identity", "given_name"] == ("", "Wren", "c.csv", 3)
    assert told["0104", "stated-care", "legal_status"] == ("", "V2", "a.xlsx", 4)
    kept = db.session.execute(
        sa.select(AuditRow.after)
        .join(Child, Child.public_id == AuditRow.subject_id)
        .where(AuditRow.did == "change", Child.local_id == "0101")
        .order_by(AuditRow.id.desc())
    ).scalar()
    assert kept is not None and kept["given_name"] == "Orlin" and kept["iro"] == "Iro Of Bexley"
    db.session.rollback()


def test_lists_alone_need_no_collection_year_and_speak_of_the_day_they_came(house: House) -> None:
    run = bring_in(house, CASES)
    assert run.year is None and run.as_at == NOW.date()
    assert {row[3] for row in rows(house, StatedWorker.relation, StatedWorker.said,
                                   StatedWorker.as_at)} == {NOW.date()}  # fmt: skip


def test_a_workbook_full_of_problems_is_said_by_sheet_and_good_rows_load(house: House) -> None:
    content = list_8(
        {"child": "0101", "started_on": "yesterday"},
        {"child": "", "started_on": date(2025, 1, 1)},
        {"child": "0102", "started_on": date(2025, 1, 1)},
    )
    run = bring_in(house, {"x" * 170 + ".xlsx": content})
    found, total = imports.problems(house.whole, run.id)
    db.session.rollback()
    assert total == 2 and [(p.line, p.column) for p in found] == [
        (2, "Date Started to be Looked After"), (3, "Child Unique ID"),
    ]  # fmt: skip
    assert found[0].file.endswith(", List 8")
    assert [one["child"] for one in facts(house.whole, house.today)] == ["0101", "0102"]
    db.session.rollback()

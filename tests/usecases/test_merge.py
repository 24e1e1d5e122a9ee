"""Two records of one child: merged with nothing lost, and taken apart as they were."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.house import House

from core.domain.finding import Refused
from core.domain.identity import UNSOURCED
from core.store import children, merges, merging, record_stated
from core.store.database import Base, db, writing
from core.store.record_stated import StatedRow
from core.store.sight import held
from core.store.tables import (
    Account,
    Action,
    AdoptionDecision,
    Allocation,
    AsylumStatus,
    AuditRow,
    Child,
    Closing,
    Dispute,
    Entry,
    EntryStatement,
    Episode,
    IdentityFact,
    NamedAccess,
    OnwardReferral,
    Paper,
    Person,
    PersonOfChild,
    RecordSummary,
    Review,
    StagedDocument,
    StatedWorker,
    Team,
)
from core.usecases import closings as closing
from core.usecases import facts
from core.usecases.identity import say
from core.usecases.merge import merge_children, unmerge_children

AT = datetime(2026, 11, 23, 10, 0)
WHY = "The midwife's letter names both ids"


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    """A record with an episode, and another of the same child with a later one and a case."""
    kept_id, kept = house.child("0101", "Ottoline", "Brackenfold", born=date(2019, 5, 4))
    other_id, other = house.child("0990", "Otty", "Brackenfold", born=date(2019, 5, 14))
    with writing():
        for child_id, decom, dec, rec in (
            (kept_id, date(2025, 2, 3), date(2025, 9, 1), "E4A"),
            (other_id, date(2026, 3, 23), None, ""),
        ):
            db.session.execute(
                sa.insert(Episode).values(
                    authority_id=house.authority_id,
                    child_id=child_id,
                    typed_by=house.accounts["social.worker"],
                    decom=decom,
                    rne="S",
                    ls="V2",
                    cin="N1",
                    place="U6",
                    place_provider="PR1",
                    dec=dec,
                    rec=rec,
                    reason_place_change="",
                )
            )
    with writing():
        record_stated.put(
            house.whole,
            [
                StatedRow(child, "adoption", "", field, value, "annex-a-10", date(2026, 3, 31))
                for child, field, value in (
                    (kept_id, "decided_on", "2026-01-05"),
                    (other_id, "decided_on", "2026-01-12"),
                    (other_id, "matched_on", "2026-02-02"),
                )
            ],
            AT,
        )
    case(house, other_id, None, state="submitted")
    return kept, other


def sides(house: House, two: tuple[str, str]) -> tuple[merges.Side, merges.Side]:
    scope = house.scope("panel.administrator")
    kept, other = (merges.side(scope, public_id=one) for one in two)
    assert kept is not None and other is not None
    return kept, other


def merge(house: House, two: tuple[str, str], why: str = WHY) -> None:
    kept, other = sides(house, two)
    seen = (kept.version, other.version)
    merge_children(house.scope("panel.administrator"), kept, other, seen, why, AT)


def stated(house: House) -> dict[str, dict[str, object]]:
    found = list(facts.facts(house.whole, house.today))
    db.session.rollback()
    return {str(one["child"]): one for one in found}


def fill(house: House, child_id: int, name: str, on: date) -> None:
    """Something in every table that a merge moves, beside what the fixture made."""
    own = {"authority_id": house.authority_id, "child_id": child_id}
    account = house.accounts["social.worker"]
    case(house, child_id, None, state="submitted")
    with writing():
        person_id = db.session.execute(
            sa.insert(Person)
            .values(authority_id=house.authority_id, name=name)
            .returning(Person.id)
        ).scalar_one()
        for table, values in (
            (IdentityFact, {"field": "languages", "value": name, "format": "case-list",
                            "as_at": on}),
            (Review, {"held_on": on, "code": "PN1", "typed_by": account}),
            (AsylumStatus, {"ceases": on, "typed_by": account}),
            (AdoptionDecision, {"decided_on": on, "ceased_reason": "", "typed_by": account}),
            (StatedWorker, {"relation": "worker", "said": name, "format": "case-list",
                            "as_at": on}),
            (PersonOfChild, {"person_id": person_id, "relation": "parent"}),
            (Paper, {"title": name}),
            (Action, {"kind": "tracked", "what": name, "owner_name": name, "due": on,
                      "first_due": on}),
            (Allocation, {"account_id": account, "relation": "worker", "since": on,
                          "until": on}),
            (Dispute, {"about": "drift", "words": name, "opened_on": on, "opened_at": AT,
                       "whole_by": on}),
            (StagedDocument, {"kind": "toy-letter", "procedure_code": "TOY", "number": 1,
                              "state": "being written", "since": AT, "started_at": AT}),
            (OnwardReferral, {"forum": "resource-panel", "forum_words": name, "made_on": on,
                              "made_by": account}),
        ):  # fmt: skip
            db.session.execute(sa.insert(table).values(**own, **values))


def rows(house: House) -> list[tuple[object, ...]]:
    """Everything that a merge moves, by the child's local id, with all that stands in it."""
    moved = [*merging.SAID, *(table for table, _ in merging.ATTACHED.values())]
    found: list[tuple[object, ...]] = []
    for table in (*moved, Entry, EntryStatement):
        left = {"id", "child_id", "said_of", "entry_id", "public_id"}
        columns = [c for c in table.__table__.columns if c.name not in left]
        given = table.format != UNSOURCED if hasattr(table, "format") else sa.true()
        found += [
            (table.__name__, *row)
            for row in db.session.execute(
                sa.select(Child.local_id, *columns)
                .join(Child, Child.id == table.child_id)
                .where(given)
            )
        ]
    db.session.rollback()
    return sorted(found, key=str)


def test_every_table_of_a_child_is_moved_or_stays_for_a_reason() -> None:
    """What is derived is worked out again; the rest is of one record, whatever becomes of it."""
    stays = {
        "PeriodOfCare", "LegalStatus", "Placement", "CareSummary", "RecordSummary",
        "DeadlineRow", "DeadlineEarlier", "DeadlineMark", "DeadlinePeriod", "ChildMerge",
        "Closing", "LiftedFinding", "NamedAccess", "StatedAccess", "BoardRow", "BoardSpan",
        "PlanTrack", "PlanSuggestion",
    }  # fmt: skip
    moved = {*merging.SAID, *(t for t, _ in merging.ATTACHED.values()), Entry, EntryStatement}
    of_child = {
        mapper.class_
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if any(key.column.table.name == "child" for key in column.foreign_keys)
        and column.name != "authority_id"
    } - {Child}
    assert {table.__name__ for table in of_child - moved} == stays


def test_the_kept_record_holds_what_both_held_and_the_other_is_in_no_list(
    house: House, two: tuple[str, str]
) -> None:
    merge(house, two)
    scope = house.scope("panel.administrator")
    assert children.child(scope, two[1]) is None
    assert merges.kept_public_id(scope, two[1]) == two[0]
    left = {row[:2] for row in rows(house) if row[1] != "0101"}
    assert left == {("Allocation", "0990"), ("Entry", "0990")}, "what both have, emptied"
    disagreements = db.session.scalars(sa.select(RecordSummary.disagreements)).all()
    db.session.rollback()
    assert sorted(disagreements) == [0, 1], "two days are stated for one adoption decision"
    found = stated(house)
    assert set(found) == {"0101"}
    assert found["0101"]["status"] == "looked after"
    assert found["0101"]["became_looked_after"] == "2026-03-23"


def test_what_the_kept_record_says_of_itself_stays_in_use(
    house: House, two: tuple[str, str]
) -> None:
    """Also where the other record's name was typed later, or a later file gave it."""
    say(house.scope("social.worker"), two[1], "given_name", "Otto", "At school", "Otty", AT)
    merge(house, two)
    found = children.child(house.scope("panel.administrator"), two[0])
    assert found is not None
    assert (found.given_name, found.born) == ("Ottoline", date(2019, 5, 4))


def test_taken_apart_each_has_again_what_it_had(house: House, two: tuple[str, str]) -> None:
    sides_of = sides(house, two)
    for one, name, on in zip(
        sides_of, ("Welsh", "Polish"), (date(2026, 8, 31), date(2026, 9, 30)), strict=True
    ):
        fill(house, one.id, name, on)
    before, said = rows(house), stated(house)
    assert {row[0] for row in before} == {
        "Entry", "EntryStatement", *(table.__name__ for table in merging.SAID),
        *(table.__name__ for table, _ in merging.ATTACHED.values()),
    }  # fmt: skip
    merge(house, two)
    left = {row[:2] for row in rows(house) if row[1] != "0101"}
    assert left == {("Allocation", "0990"), ("Entry", "0990")}, "what both have, emptied"
    scope = house.scope("panel.administrator")
    kept = merges.side(scope, public_id=two[0])
    assert kept is not None
    (made,) = merges.of_child(scope, kept.id)
    assert (made.merged_local_id, made.why, made.undone_at) == ("0990", WHY, None)
    unmerge_children(scope, kept, made.public_id, "Two children of one name", AT)
    assert rows(house) == before
    assert stated(house) == said
    names = db.session.execute(
        sa.select(Child.local_id, Child.given_name, Child.born).order_by(Child.local_id)
    ).all()
    db.session.rollback()
    assert [tuple(row) for row in names] == [
        ("0101", "Ottoline", date(2019, 5, 4)),
        ("0990", "Otty", date(2019, 5, 14)),
    ]
    with pytest.raises(Refused, match="stand apart already"):
        unmerge_children(scope, kept, made.public_id, "Once more", AT)


def of_adoption(house: House) -> list[tuple[object, ...]]:
    """Each adoption entry: whose, whether it was taken out and why, and what is said in it."""
    found = db.session.execute(
        sa.select(
            Child.local_id, Entry.taken_out_at, Entry.taken_out_why, EntryStatement.field,
            EntryStatement.value,
        )
        .join(Child, Child.id == Entry.child_id)
        .join(EntryStatement, EntryStatement.entry_id == Entry.id)
        .where(Entry.kind == "adoption")
    )  # fmt: skip
    read = sorted((tuple(row) for row in found), key=str)
    db.session.rollback()
    return read


def take_out(house: House, public_id: str, why: str) -> None:
    """Mark the adoption entry of a child as taken out."""
    child_id = sa.select(Child.id).where(Child.public_id == public_id).scalar_subquery()
    with writing():
        db.session.execute(
            sa.update(Entry)
            .where(Entry.child_id == child_id, Entry.kind == "adoption")
            .values(taken_out_at=AT, taken_out_by=house.accounts["iro"], taken_out_why=why)
        )


def apart(house: House, two: tuple[str, str]) -> None:
    scope = house.scope("panel.administrator")
    kept = merges.side(scope, public_id=two[0])
    assert kept is not None
    (made,) = merges.of_child(scope, kept.id)
    unmerge_children(scope, kept, made.public_id, "Two children", AT)


@pytest.mark.parametrize("out", [0, 1])
def test_what_a_person_took_out_of_either_record_stays_out(
    house: House, two: tuple[str, str], out: int
) -> None:
    take_out(house, two[out], "Another child's letter")
    before = of_adoption(house)
    merge(house, two)
    stands = [row[4] for row in of_adoption(house) if row[1] is None]
    assert stands == (["2026-01-12", "2026-02-02"], ["2026-01-05"])[out]
    assert set(db.session.scalars(sa.select(RecordSummary.disagreements))) == {0}
    db.session.rollback()
    apart(house, two)
    assert of_adoption(house) == before


def test_what_was_taken_out_while_they_were_one_stays_out_on_either(
    house: House, two: tuple[str, str]
) -> None:
    merge(house, two)
    take_out(house, two[0], "No plan for adoption was ever made")
    apart(house, two)
    said = of_adoption(house)
    assert {row[0] for row in said} == {"0101", "0990"}
    assert {row[1:3] for row in said} == {(AT, "No plan for adoption was ever made")}
    entries = db.session.scalars(sa.select(Entry.taken_out_at).where(Entry.kind == "adoption"))
    assert list(entries) == [AT, AT], "no empty one is left standing"
    db.session.rollback()


@pytest.mark.parametrize("why", ["", "   "])
def test_a_reason_is_asked_for(house: House, two: tuple[str, str], why: str) -> None:
    with pytest.raises(Refused, match="Say how you know"):
        merge(house, two, why)


def test_a_record_that_changed_since_it_was_shown_is_not_merged(
    house: House, two: tuple[str, str]
) -> None:
    kept, other = sides(house, two)
    scope = house.scope("panel.administrator")
    with pytest.raises(Refused, match="has changed since"):
        merge_children(scope, kept, other, (kept.version, other.version - 1), WHY, AT)


def team(house: House, public_id: str) -> int | None:
    found = db.session.scalar(sa.select(Child.team_id).where(Child.public_id == public_id))
    db.session.rollback()
    return found


def told(house: House, did: str) -> list[tuple[object, ...]]:
    """What the audit says was done so: of whom, from what to what, and why."""
    found = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.before, AuditRow.after, AuditRow.why)
        .where(AuditRow.did == did)
        .order_by(AuditRow.id)
    )
    read = [tuple(row) for row in found]
    db.session.rollback()
    return read


def test_a_record_without_a_team_comes_into_the_others_and_leaves_it_again(
    house: House, two: tuple[str, str]
) -> None:
    """So the manager of that team goes on seeing the child."""
    with writing():
        db.session.execute(sa.update(Child).where(Child.public_id == two[0]).values(team_id=None))
    own = team(house, two[1])
    assert own is not None
    merge(house, two)
    assert team(house, two[0]) == own
    name = db.session.scalar(sa.select(Team.name).where(Team.id == own))
    assert told(house, "set team") == [(two[0], {"team": ""}, {"team": name}, WHY)]
    apart(house, two)
    assert (team(house, two[0]), team(house, two[1])) == (None, own)
    left = (two[0], {"team": name}, {"team": ""}, "Two children")
    assert told(house, "set team")[1:] == [left]


def test_a_team_of_its_own_stays(house: House, two: tuple[str, str]) -> None:
    with writing():
        db.session.execute(sa.update(Child).where(Child.public_id == two[1]).values(team_id=None))
    own = team(house, two[0])
    merge(house, two)
    assert team(house, two[0]) == own
    apart(house, two)
    assert (team(house, two[0]), team(house, two[1])) == (own, None)
    assert told(house, "set team") == []


def test_a_closed_record_does_not_become_open_by_merging(
    house: House, two: tuple[str, str]
) -> None:
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.public_id == two[1]).values(closed_to="restricted")
        )
        db.session.execute(
            sa.insert(NamedAccess).values(
                authority_id=house.authority_id,
                child_id=sa.select(Child.id).where(Child.public_id == two[1]).scalar_subquery(),
                account_id=house.accounts["panel.administrator"],
                since=date(2026, 1, 1),
            )
        )
    with pytest.raises(Refused, match="restricted or sealed"):
        merge(house, two)


def test_closed_records_are_merged_where_the_same_people_are_named(
    house: House, two: tuple[str, str]
) -> None:
    """Nobody sees by merging what was closed to them, and nobody loses what they were named for."""
    closes = house.scope("authority.administrator")
    administrator, legal = (f"{role}@bexley.example" for role in ("panel.administrator", "legal"))
    closing.close(closes, closing.Wanted("0101", "sealed", "Adopted", administrator), AT)
    both = closing.Wanted("0990", "sealed", "Adopted", f"{administrator}\n{legal}")
    public_id = closing.close(closes, both, AT)
    with pytest.raises(Refused, match="Name the same people for both first"):
        merge(house, two)
    named = db.session.scalars(
        sa.select(Account.public_id).where(Account.id == house.accounts["legal"])
    ).one()
    db.session.rollback()
    closing.unname(closes, public_id, named, AT)
    merge(house, two)


def closed(house: House, public_id: str) -> tuple[str, list[str], list[int]]:
    """How a record is closed: its kind, why each closing stands, and who is named today."""
    child_id = sa.select(Child.id).where(Child.public_id == public_id).scalar_subquery()
    kind = db.session.scalar(sa.select(Child.closed_to).where(Child.public_id == public_id))
    stand = sa.select(Closing.why).where(Closing.child_id == child_id, Closing.ended_at.is_(None))
    named = sa.select(NamedAccess.account_id).where(
        NamedAccess.child_id == child_id, held(NamedAccess, house.today)
    )
    found = (
        str(kind),
        list(db.session.scalars(stand)),
        sorted(db.session.scalars(named)),
    )
    db.session.rollback()
    return found


def test_what_was_closed_while_they_were_one_stays_closed_when_taken_apart(
    house: House, two: tuple[str, str]
) -> None:
    merge(house, two)
    names = "panel.administrator@bexley.example\nlegal@bexley.example"
    wanted = closing.Wanted("0990", "sealed", "Adopted", names)
    closes = house.scope("authority.administrator")
    public_id = closing.close(closes, wanted, AT)
    legal = sa.select(Account.public_id).where(Account.id == house.accounts["legal"])
    named = db.session.scalars(legal).one()
    db.session.rollback()
    closing.unname(closes, public_id, named, AT)
    scope = house.scope("panel.administrator")
    kept = merges.side(scope, public_id=two[0])
    assert kept is not None
    (made,) = merges.of_child(scope, kept.id)
    assert unmerge_children(scope, kept, made.public_id, "Two children", AT) == "sealed"
    only = [house.accounts["panel.administrator"]]
    assert closed(house, two[0]) == closed(house, two[1]) == ("sealed", ["Adopted"], only)
    for role, sees in (("panel.administrator", True), ("social.worker", False)):
        there = children.child(house.scope(role), two[1])
        db.session.rollback()
        assert (there is not None) is sees, role
    told = db.session.scalars(sa.select(AuditRow.after).where(AuditRow.did == "unmerge")).all()
    db.session.rollback()
    assert told == [{"closed": "sealed"}] * 2


def test_a_record_closed_by_itself_does_not_become_open_by_taking_apart(
    house: House, two: tuple[str, str]
) -> None:
    merge(house, two)
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.public_id == two[1]).values(closed_to="restricted")
        )
    scope = house.scope("panel.administrator")
    kept = merges.side(scope, public_id=two[0])
    assert kept is not None
    (made,) = merges.of_child(scope, kept.id)
    assert unmerge_children(scope, kept, made.public_id, "Two children", AT) == "restricted"
    assert [closed(house, one)[0] for one in two] == ["", "restricted"]


def test_a_record_into_which_another_was_merged_is_not_merged_itself(
    house: House, two: tuple[str, str]
) -> None:
    _, third = house.child("0777", "Ottoline", "Brackenfold")
    merge(house, two)
    with pytest.raises(Refused, match="take those two apart first"):
        merge(house, (third, two[0]))


def test_both_records_tell_the_auditor(house: House, two: tuple[str, str]) -> None:
    merge(house, two)
    told = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.why).where(AuditRow.did == "merge")
    ).all()
    db.session.rollback()
    assert {tuple(row) for row in told} == {(two[0], WHY), (two[1], WHY)}


def test_children_of_one_name_and_birth_are_listed_as_likely(house: House) -> None:
    for local_id, family in (("1", "Quillon"), ("2", "QUILLON"), ("3", "Quillon-Vane")):
        house.child(local_id, "Perrin", family, born=date(2020, 2, 2))
    ((reason, group),) = merges.likely(house.scope("panel.administrator"))
    assert (reason, [one.local_id for one in group]) == (
        "The same name and date of birth",
        ["1", "2"],
    )

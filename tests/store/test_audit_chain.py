"""The audit's chain: what was changed, removed or put in since it was written is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.store import audit, audit_chain
from core.store.database import db, writing
from core.store.tables import AuditHead, AuditRow

Tamper = Callable[..., None]
OWN = AuditRow.__table__


@pytest.fixture
def tamper(house: House) -> Tamper:
    """Do to the audit what only somebody can who has the database itself, its triggers away."""

    def done(*statements: sa.Executable) -> None:
        db.session.rollback()
        with db.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                for verb in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_no_{verb}")
            for statement in statements:
                connection.execute(statement)

    with writing():
        for number in range(8):
            audit.changed(house.whole, AT, "test", "child", f"c{number}", after={"n": number})
    return done


def faults() -> list[tuple[int, str]]:
    found = [(fault.position, fault.what) for fault in audit_chain.verify()]
    db.session.rollback()
    return found


def end(house: House) -> audit_chain.End:
    found = next(one for one in audit_chain.ends() if one.chain == house.authority_id)
    db.session.rollback()
    return found


def at(house: House, position: int) -> sa.ColumnElement[bool]:
    return sa.and_(OWN.c.chain == house.authority_id, OWN.c.position == position)


def test_what_was_written_is_whole_and_the_end_can_be_noted_down(
    house: House, tamper: Tamper
) -> None:
    assert faults() == []
    noted = end(house)
    with writing():
        audit.changed(house.whole, AT, "test", "child", "later")
    assert faults() == []
    assert audit_chain.hash_at(noted.chain, noted.position) == noted.hash
    assert end(house).position == noted.position + 1


def test_the_database_itself_refuses_a_change(house: House, tamper: Tamper) -> None:
    for statement in (sa.update(OWN).values(why="another"), sa.delete(OWN)):
        with pytest.raises(sa.exc.DBAPIError, match="only added to"), db.engine.begin() as c:
            c.execute(statement)


@pytest.mark.parametrize("taken", ["id", "chain and position"])
def test_the_database_itself_refuses_to_replace_a_row(
    house: House, tamper: Tamper, taken: str
) -> None:
    named = [column.name for column in OWN.columns]
    said = [
        "'another'"
        if name == "why"
        else "(SELECT max(id) + 1 FROM audit)"
        if name == taken
        else name
        for name in named
    ]
    into = f"INTO audit ({', '.join(named)}) SELECT {', '.join(said)} FROM audit WHERE position = 2"
    asked = [f"INSERT {into}"]
    if db.engine.dialect.name == "sqlite":
        asked += [f"REPLACE {into}", f"INSERT OR REPLACE {into}"]
    else:
        asked += [f"INSERT {into} ON CONFLICT (id) DO UPDATE SET why = 'another'"]
        asked += ["TRUNCATE audit", "TRUNCATE audit CASCADE"]
    db.session.rollback()
    for statement in asked:
        with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert faults() == []


UNREADABLE = ["at = 'rubbish'", "at = 5", "\"before\" = '{bad'", "\"after\" = x'ff'",
              "why = CAST(x'ff41' AS TEXT)", "did = x'ff'", "hash = x'ff'", "account_id = 'me'",
              "subject = x'ff'", "\"after\" = '" + "[" * 100_000 + "'"]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("said", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_row_changed_into_what_no_row_can_be_is_named_and_the_rest_is_read(
    house: House, tamper: Tamper, said: str
) -> None:
    place, last = end(house).position - 4, end(house).position
    tamper(
        sa.text(f"UPDATE audit SET {said.replace(':', chr(92) + ':')} WHERE position = {place}"),
        sa.update(OWN).where(at(house, last)).values(why="another"),
    )
    found = faults()
    assert found[0] == (place, "was changed")
    assert found[-1][0] == last and found[-1][1].startswith("was changed")
    if "hash" not in said:
        assert len(found) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_moment_without_an_end_is_a_changed_row(house: House, tamper: Tamper) -> None:
    place = end(house).position - 4
    tamper(sa.text(f"UPDATE audit SET at = 'infinity' WHERE position = {place}"))
    assert faults() == [(place, "was changed")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", ["'abc'", "3.5", "x'ff'"])
def test_a_row_whose_number_is_none_is_said_to_be_out_of_order(
    house: House, tamper: Tamper, number: str
) -> None:
    place = end(house).position - 2
    tamper(sa.text(f"UPDATE audit SET position = {number} WHERE position = {place}"))
    found = faults()
    assert any(str(place) in what or at == place for at, what in found) and len(found) == 2
    assert any("out of order" in what for _, what in found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_of_a_chain_that_is_none_is_named(house: House, tamper: Tamper) -> None:
    place = end(house).position - 2
    tamper(sa.text(f"UPDATE audit SET chain = 'x' WHERE position = {place}"))
    assert faults() == [(place, "was removed"), (place, "was put in after the end of the chain")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("said", ["position = 'abc'", "hash = x'ff'"])
def test_an_end_that_cannot_be_read_is_one_fault(house: House, tamper: Tamper, said: str) -> None:
    last = end(house)
    tamper(sa.text(f"UPDATE audit_head SET {said} WHERE chain = {last.chain}"))
    assert faults() == [(last.position, "is the last: where the chain ended was changed")]


def test_an_emptied_audit_is_a_fault_of_each_authority(house: House, tamper: Tamper) -> None:
    tamper(sa.delete(OWN), sa.delete(AuditHead))
    found = [(one.chain, one.position, one.what) for one in audit_chain.verify()]
    assert found == [(house.authority_id, 1, "was removed, with the whole chain")]


def test_each_changed_row_is_named(house: House, tamper: Tamper) -> None:
    last = end(house).position
    changes: list[dict[str, object]] = [
        {"why": "another"},
        {"account_id": 1},
        {"after": {"n": 99}},
        {"at": AT + timedelta(seconds=1)},
        {"authority_id": None},
    ]
    places = [last - 1 - n for n in range(len(changes))]
    tamper(
        *(
            sa.update(OWN).where(at(house, p)).values(**v)
            for p, v in zip(places, changes, strict=True)
        )
    )
    first, *others = reversed(places)
    either = "was changed, or the row before it was"
    assert faults() == [(first, "was changed"), *((place, either) for place in others)]
    tamper(sa.update(OWN).where(at(house, 2)).values(hash="0" * 64))
    assert [place for place, _ in faults()][:2] == [2, 3]


def test_a_row_removed_from_the_middle_is_named(house: House, tamper: Tamper) -> None:
    place = end(house).position - 3
    tamper(sa.delete(OWN).where(at(house, place)))
    assert faults() == [(place, "was removed")]


def test_rows_removed_from_the_end_are_named(house: House, tamper: Tamper) -> None:
    last = end(house).position
    tamper(sa.delete(OWN).where(OWN.c.position > last - 2, OWN.c.chain == house.authority_id))
    found = list(audit_chain.verify())
    assert [(one.position, one.last, one.what) for one in found] == [
        (last - 1, last, "were removed")
    ]


def test_an_end_that_was_cut_with_its_head_is_missed_by_who_noted_it_down(
    house: House, tamper: Tamper
) -> None:
    noted = end(house)
    before = audit_chain.hash_at(noted.chain, noted.position - 1)
    tamper(
        sa.delete(OWN).where(at(house, noted.position)),
        sa.update(AuditHead)
        .where(AuditHead.chain == noted.chain)
        .values(position=noted.position - 1, hash=before),
    )
    assert faults() == []
    assert audit_chain.hash_at(noted.chain, noted.position) != noted.hash


def test_all_rows_removed_are_named(house: House, tamper: Tamper) -> None:
    last = end(house).position
    tamper(sa.delete(OWN))
    found = [one for one in audit_chain.verify() if one.chain == house.authority_id]
    assert [(one.position, one.last, one.what) for one in found] == [(1, last, "were removed")]


def test_a_row_changed_after_one_that_is_sound_is_the_one_that_was_changed(
    house: House, tamper: Tamper
) -> None:
    last = end(house).position
    tamper(*(sa.update(OWN).where(at(house, p)).values(why="x") for p in (last - 3, last - 1)))
    assert faults() == [(last - 3, "was changed"), (last - 1, "was changed")]


def test_a_row_whose_number_was_changed_is_said_to_be_out_of_order(
    house: House, tamper: Tamper
) -> None:
    place = end(house).position - 3
    tamper(sa.update(OWN).where(at(house, place)).values(position=9_000_000))
    assert faults() == [
        (place, "was removed"),
        (9_000_000, f"is out of order: it was written as row {place}"),
    ]
    tamper(sa.update(OWN).where(at(house, 9_000_000)).values(position=-4))
    assert faults() == [
        (-4, "was put in beside the chain"),
        (place, "is out of order: it has the number -4"),
    ]


@pytest.mark.parametrize("given", [-3, 9_000_000])
def test_a_row_whose_id_was_changed_is_named_and_no_other(
    house: House, tamper: Tamper, given: int
) -> None:
    place = end(house).position - 3
    tamper(sa.update(OWN).where(at(house, place)).values(id=given))
    found = [(one.position, one.row, one.what) for one in audit_chain.verify()]
    assert found == [(place, given, "was given another id")]


def test_two_rows_that_changed_ids_are_both_named(house: House, tamper: Tamper) -> None:
    last = end(house).position
    one, other = (
        db.session.scalars(sa.select(OWN.c.id).where(at(house, place))).one()
        for place in (last - 5, last - 2)
    )
    tamper(
        sa.update(OWN).where(at(house, last - 5)).values(id=0),
        sa.update(OWN).where(at(house, last - 2)).values(id=one),
        sa.update(OWN).where(at(house, last - 5)).values(id=other),
    )
    given = "was given another id"
    assert faults() == [(last - 5, given), (last - 2, given)]


@pytest.mark.parametrize("place", [1, 2])
def test_the_first_rows_have_ids_in_turn_too(house: House, tamper: Tamper, place: int) -> None:
    tamper(sa.update(OWN).where(at(house, place)).values(id=-3))
    assert faults() == [(place, "was given another id")]


def test_the_last_row_has_an_id_in_turn_too(house: House, tamper: Tamper) -> None:
    last = end(house).position
    tamper(sa.update(OWN).where(at(house, last)).values(id=-3))
    assert faults() == [(last, "was given another id")]


def test_rows_put_in_are_named(house: House, tamper: Tamper) -> None:
    last = end(house)
    row = {
        "authority_id": house.authority_id,
        "at": AT,
        "did": "test",
        "subject": "child",
        "subject_id": "",
        "why": "",
        "chain": last.chain,
    }
    values = {**row, "account_id": None, "before": None, "after": None}
    forged = audit_chain.link(last.hash, last.chain, last.position + 1, values)
    tamper(
        sa.insert(OWN).values(**row, position=last.position + 1, hash=forged),
        sa.insert(OWN).values(**row, position=0, hash=""),
    )
    assert faults() == [
        (0, "was put in beside the chain"),
        (last.position + 1, "was put in after the end of the chain"),
    ]


def test_a_chain_whose_head_is_gone_is_one_fault(house: House, tamper: Tamper) -> None:
    last = end(house)
    tamper(sa.delete(AuditHead).where(AuditHead.chain == last.chain))
    found = list(audit_chain.verify())
    assert [(one.position, one.last, one.what) for one in found] == [
        (1, last.position, "were put in after the end of the chain")
    ]


def test_a_row_of_a_transaction_that_failed_leaves_no_gap(house: House, tamper: Tamper) -> None:
    with pytest.raises(RuntimeError), writing():
        audit.changed(house.whole, AT, "test", "child", "never")
        raise RuntimeError
    with writing():
        audit.changed(house.whole, AT, "test", "child", "then")
    assert faults() == []
    assert not db.session.scalar(sa.select(sa.exists().where(AuditRow.subject_id == "never")))


def test_many_who_write_at_once_make_one_whole_chain(house: House, tamper: Tamper) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    before = {one.chain: one.position for one in audit_chain.ends()}
    db.session.rollback()
    wrong: list[BaseException] = []

    def write(name: str) -> None:
        try:
            with house.app.app_context():
                for number in range(12):
                    moment = datetime(2026, 11, 23, 10, 0, number)
                    whose = (house.whole, other.whole) if number % 2 else (other.whole, house.whole)
                    with writing():
                        for scope in whose:
                            audit.changed(scope, moment, "test", "child", f"{name}-{number}")
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == [] and not any(thread.is_alive() for thread in threads)
    assert faults() == []
    grown = {one.chain: one.position - before[one.chain] for one in audit_chain.ends()}
    assert grown[house.authority_id] == grown[other.authority_id] == 48

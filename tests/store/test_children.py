"""The register and a child's record as they are read from the store."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House

from core.store import care_shown, children, register
from core.store.database import db, writing
from core.store.register import Sort, Wanted
from core.store.sources import SourceRow
from core.store.tables import CareSummary, Child, ImportFile, ImportRun, PeriodOfCare

FAMILIES = ("Mossgrove", "Ottershaw", "Bramblewood")


@pytest.fixture
def three(house: House) -> House:
    for number, (family, born) in enumerate(
        zip(FAMILIES, (date(2012, 1, 1), date(2026, 8, 1), date(2019, 1, 1)), strict=True)
    ):
        house.child(
            f"00{number}",
            "Wilf",
            family,
            born,
            became_looked_after=date(2026, 1, 1 + number) if number else None,
        )
    return house


def _names(house: House, wanted: Wanted, role: str = "panel.administrator") -> list[str]:
    found = register.register(house.scope(role), wanted)
    return [row.family_name for row in found.rows]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NAME, ["Bramblewood", "Mossgrove", "Ottershaw"]),
        (Sort.LOCAL_ID, ["Mossgrove", "Ottershaw", "Bramblewood"]),
        (Sort.AGE, ["Ottershaw", "Bramblewood", "Mossgrove"]),
    ],
)
def test_the_register_is_in_the_order_asked_for_and_back(
    three: House, sort: Sort, order: list[str]
) -> None:
    assert _names(three, Wanted(sort=sort)) == order
    assert _names(three, Wanted(sort=sort, descending=True)) == order[::-1]


def test_a_child_of_whom_a_start_is_not_known_comes_last_either_way(three: House) -> None:
    assert _names(three, Wanted(sort=Sort.SINCE)) == ["Ottershaw", "Bramblewood", "Mossgrove"]
    assert _names(three, Wanted(sort=Sort.SINCE, descending=True))[-1] == "Mossgrove"


@pytest.mark.parametrize("word", ["OTTER", "otter", "ttersh", "001"])
def test_a_search_finds_part_of_a_name_or_an_id_in_capitals_or_not(three: House, word: str) -> None:
    assert _names(three, Wanted(words=(word,))) == ["Ottershaw"]


@pytest.mark.parametrize("word", ["%", "_", "Otter%", "O_tershaw", "\\"])
def test_a_search_takes_signs_as_they_are_typed(three: House, word: str) -> None:
    assert _names(three, Wanted(words=(word,))) == []


def test_a_search_finds_letters_beyond_english_in_capitals_or_not(house: House) -> None:
    house.child("001", "Zoë", "Émberfold")
    assert _names(house, Wanted(words=("émber", "ZOË"))) == ["Émberfold"]


def test_every_word_of_a_search_must_be_found(three: House) -> None:
    assert _names(three, Wanted(words=("wilf", "moss"))) == ["Mossgrove"]
    assert _names(three, Wanted(words=("wilf", "nobody"))) == []


def test_a_child_without_a_summary_of_care_is_still_on_the_register(three: House) -> None:
    with writing():
        db.session.execute(sa.delete(CareSummary))
    assert len(_names(three, Wanted())) == 3
    assert len(_names(three, Wanted(sort=Sort.SINCE))) == 3


def test_the_register_has_only_the_children_whom_the_asker_sees(three: House) -> None:
    three.child("009", "Juno", "Tansley", worker=None, iro=None, team="")
    assert "Tansley" not in _names(three, Wanted(), "social.worker")
    assert len(_names(three, Wanted(), "social.worker")) == 3
    assert _names(three, Wanted(), "panel.member") == []


def test_a_page_beyond_the_last_is_the_last(three: House) -> None:
    found = register.register(three.scope("panel.administrator"), Wanted(page=9))
    assert (found.page, found.pages, found.total) == (1, 1, 3)


def test_a_sibling_who_is_not_seen_is_counted_and_not_named(house: House) -> None:
    _, public_id = house.child("001", "Wilf", "Mossgrove", sibling_group="g")
    house.child("002", "Juno", "Mossgrove", sibling_group="g")
    house.child("003", "Ivo", "Mossgrove", sibling_group="g", worker=None)
    scope = house.scope("social.worker")
    child = children.child(scope, public_id)
    assert child is not None
    found = children.siblings(scope, child)
    assert [one.given_name for one in found.seen] == ["Juno"]
    assert found.unseen == 1


def test_a_child_of_another_authority_is_not_there(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    _, public_id = other.child("001", "Wilf", "Mossgrove")
    assert children.child(house.scope("panel.administrator"), public_id) is None
    assert _names(house, Wanted()) == []


def test_a_fact_has_the_file_the_line_and_the_day_it_stands_for(house: House) -> None:
    child_id, _ = house.child()
    with writing():
        run = db.session.execute(
            sa.insert(ImportRun)
            .values(
                authority_id=house.authority_id,
                state="applied",
                asked_at=date(2026, 1, 1),
                changed_at=date(2026, 1, 1),
                as_at=date(2018, 3, 31),
            )
            .returning(ImportRun.id)
        ).scalar_one()
        file = db.session.execute(
            sa.insert(ImportFile)
            .values(authority_id=house.authority_id, run_id=run, name="episodes.csv", size=1)
            .returning(ImportFile.id)
        ).scalar_one()
        db.session.execute(
            sa.insert(PeriodOfCare).values(
                authority_id=house.authority_id,
                child_id=child_id,
                start=date(2026, 3, 4),
                start_known=False,
                end_reason="",
                import_file_id=file,
                import_line=12,
            )
        )
    (period,) = care_shown.care(house.scope("iro"), child_id).periods
    assert period.source == SourceRow("episodes.csv", 12, date(2018, 3, 31))


def test_a_child_who_is_gone_from_the_table_is_none(house: House) -> None:
    assert children.child(house.scope("panel.administrator"), "nobody") is None
    assert db.session.execute(sa.select(sa.func.count()).select_from(Child)).scalar_one() == 0

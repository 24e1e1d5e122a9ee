"""What is stored of care: read back as it was stated, and replaced whole for the children named."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from builders.house import House

from core.domain.child import ChildFacts
from core.domain.episode import Episode as EpisodeFact
from core.store import care
from core.store.database import db, writing
from core.store.tables import CareSummary, Episode, PeriodOfCare

SINCE = date(2025, 5, 1)


def facts(child: str, *episodes: EpisodeFact) -> ChildFacts:
    return ChildFacts(child, episodes=episodes)


def test_derived_rows_replace_those_of_the_children_named_and_of_no_others(house: House) -> None:
    ids = {local: house.child(local)[0] for local in ("0101", "0102")}
    rows = [facts(local, EpisodeFact(SINCE, "S", "C2", year=2026)) for local in ids]
    with writing():
        care.put_derived(house.whole, care.derive(rows, house.today, {2026}), ids, ids.values())
    ended = facts("0101", EpisodeFact(SINCE, "S", "C2", dec=date(2025, 9, 1), rec="E4", year=2026))
    with writing():
        care.put_derived(house.whole, care.derive([ended], house.today, {2026}), ids, ids.values())
    shown = dict(db.session.execute(sa.select(CareSummary.child_id, CareSummary.status)).all())
    assert shown == {ids["0101"]: "ceased", ids["0102"]: "looked after"}
    ends = dict(db.session.execute(sa.select(PeriodOfCare.child_id, PeriodOfCare.end)).all())
    assert ends == {ids["0101"]: date(2025, 9, 1), ids["0102"]: None}


def test_facts_are_read_back_for_more_children_than_one_statement_takes(house: House) -> None:
    child_id, _ = house.child("0101")
    many = {child_id} | set(range(1_000_000, 1_000_000 + 70_000))
    assert [one.child for one in care.facts_of(house.whole, many)] == ["0101"]


def test_another_authoritys_children_are_never_read(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    child_id, _ = other.child("0900")
    assert list(care.facts_of(house.whole, [child_id])) == []
    assert [one.child for one in care.facts_of(other.whole)] == ["0900"]


def test_a_row_is_read_back_as_it_was_stated(house: House) -> None:
    child_id, _ = house.child("0101")
    stated = {
        "decom": SINCE, "rne": "S", "ls": "C2", "cin": "N1", "place": "U6",
        "place_provider": "PR1", "dec": None, "rec": "", "reason_place_change": "",
        "home_post": "AB1 2CD", "pl_post": "", "urn": "SC000001", "year": 2026,
    }  # fmt: skip
    with writing():
        care.insert(house.whole, Episode, {"0101": child_id}, [("0101", stated)])
    (one,) = care.facts_of(house.whole)
    (episode,) = one.episodes
    assert {name: getattr(episode, name) for name in stated} == stated
    assert episode.source is None

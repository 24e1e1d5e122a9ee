"""An authority sets a figure that a procedure leaves to it, from a day on, and takes one back."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.standards import BODY, with_standards

from core.domain.dates import Period, Unit
from core.domain.finding import Refused
from core.registry import Registry
from core.store import enabled, local_settings
from core.store.database import db, writing
from core.store.tables import AuditRow, DeadlineMark
from core.usecases import editions, local_figures
from core.usecases.local_figures import NoSuchFigure, Standing

ROLE = "authority.administrator"
KEY, MOST = "STD//made-up-ppm/period", f"STD/{BODY}/most-cases/most"
FIRST = date(2026, 9, 1)
WHY = "Agreed by the leadership team"


@pytest.fixture
def registry(house: House) -> Registry:
    with writing():
        enabled.add(house.whole, "STD", 2, date(2026, 1, 1), "", AT)
    return with_standards(house)


def standing(house: House, registry: Registry, key: str = KEY) -> Standing:
    return local_figures.standing(house.scope(ROLE), registry, key)


def put(
    house: House,
    registry: Registry,
    typed: str,
    key: str = KEY,
    since: date | None = FIRST,
    why: str = WHY,
) -> None:
    seen = standing(house, registry, key).seen
    scope = house.scope(ROLE)
    local_figures.set_figure(scope, registry, key, typed, since, why, seen, AT)


def back(house: House, registry: Registry, public_id: str, why: str = "A slip") -> None:
    local_figures.take_back(house.scope(ROLE), registry, public_id, why, AT)


def period(house: House, registry: Registry, on: date) -> Period | None:
    procedure = editions.in_force(house.whole, registry, "STD", on)
    rule = procedure.deadline("made-up-ppm") if procedure else None
    return rule.period if rule else None


def test_a_figure_set_holds_from_its_day_with_who_and_why(house: House, registry: Registry) -> None:
    put(house, registry, "4 weeks")
    now = standing(house, registry).now
    assert now is not None
    assert (now.value, now.since, now.why, now.at) == ("4 weeks", FIRST, WHY, AT)
    assert now.by == "Authority Administrator Of Bexley"
    assert period(house, registry, FIRST) == Period(4, Unit.WEEKS)
    assert period(house, registry, date(2026, 8, 31)) == Period(10, Unit.WEEKS)


def test_it_is_audited_in_words_and_every_child_is_marked(house: House, registry: Registry) -> None:
    child_id, _ = house.child()
    put(house, registry, "4 weeks")
    row = db.session.scalars(sa.select(AuditRow).where(AuditRow.did == "set figure")).one()
    assert (row.subject, row.subject_id, row.why) == ("procedure", "STD", WHY)
    assert row.before is not None and row.after is not None
    assert row.before["is"] == "10 weeks, the procedure’s own"
    assert (row.after["is"], row.after["from"]) == ("4 weeks", "2026-09-01")
    assert list(db.session.scalars(sa.select(DeadlineMark.child_id))) == [child_id]


def test_the_procedures_own_can_hold_again_from_a_day(house: House, registry: Registry) -> None:
    put(house, registry, "4 weeks")
    put(house, registry, "", since=date(2026, 11, 1))
    assert period(house, registry, date(2026, 10, 31)) == Period(4, Unit.WEEKS)
    assert period(house, registry, date(2026, 11, 1)) == Period(10, Unit.WEEKS)


def test_one_taken_back_no_longer_holds_and_stays_on_record(
    house: House, registry: Registry
) -> None:
    put(house, registry, "6 weeks", since=date(2026, 8, 1))
    put(house, registry, "4 weeks")
    newest = standing(house, registry).settings[-1]
    back(house, registry, newest.public_id)
    assert period(house, registry, FIRST) == Period(6, Unit.WEEKS)
    kept = standing(house, registry).settings[-1]
    assert (kept.value, kept.taken_back_at) == ("4 weeks", AT)
    assert kept.taken_back_by == "Authority Administrator Of Bexley"
    row = db.session.scalars(sa.select(AuditRow).where(AuditRow.did == "take figure back")).one()
    assert row.why == "A slip"
    with pytest.raises(NoSuchFigure):
        back(house, registry, newest.public_id)


def test_taking_back_asks_why(house: House, registry: Registry) -> None:
    put(house, registry, "4 weeks")
    with pytest.raises(Refused) as refused:
        back(house, registry, standing(house, registry).settings[0].public_id, " ")
    assert [finding.field for finding in refused.value.findings] == ["back-why"]


@pytest.mark.parametrize(
    ("typed", "since", "why", "fields"),
    [
        ("four weeks", FIRST, WHY, {"value"}),
        ("0 weeks", FIRST, WHY, {"value"}),
        ("48 hours", FIRST, WHY, {"value"}),
        ("4 weeks", None, WHY, {"since"}),
        ("4 weeks", date(1950, 1, 1), WHY, {"since"}),
        ("4 weeks", FIRST, "", {"why"}),
        ("4 weeks", FIRST, "w" * 2001, {"why"}),
        ("10 weeks", FIRST, WHY, {"value"}),
        ("", FIRST, WHY, {"value"}),
        ("?", None, "", {"value", "since", "why"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    house: House, registry: Registry, typed: str, since: date | None, why: str, fields: set[str]
) -> None:
    with pytest.raises(Refused) as refused:
        put(house, registry, typed, since=since, why=why)
    assert {finding.field for finding in refused.value.findings} == fields
    assert standing(house, registry).settings == ()


def test_two_settings_do_not_begin_on_one_day(house: House, registry: Registry) -> None:
    put(house, registry, "4 weeks")
    with pytest.raises(Refused, match="Something is set from 1 September 2026 already"):
        put(house, registry, "5 weeks")
    back(house, registry, standing(house, registry).settings[0].public_id)
    put(house, registry, "5 weeks")
    assert period(house, registry, FIRST) == Period(5, Unit.WEEKS)


def test_who_looks_at_what_somebody_else_has_set_is_told(house: House, registry: Registry) -> None:
    seen = standing(house, registry).seen
    put(house, registry, "4 weeks")
    with pytest.raises(Refused, match="Somebody else changed this figure"):
        local_figures.set_figure(
            house.scope(ROLE), registry, KEY, "5 weeks", date(2027, 1, 1), WHY, seen, AT
        )


def test_what_the_procedure_does_not_lay_down_is_added(house: House, registry: Registry) -> None:
    put(house, registry, "6", MOST)
    procedure = editions.in_force(house.whole, registry, "STD", FIRST)
    body = procedure.body(BODY) if procedure else None
    assert body is not None and body.most_cases is not None
    assert (body.most_cases.most, body.most_cases.clauses) == (6, ())


@pytest.mark.parametrize(
    "key",
    [
        "BEX//referral-received/period",
        "LAW//made-up-ppm/period",
        "OTH//made-up-ppm/period",
        "STD//made-up-ppm/none",
        "NONE",
        "",
        "///",
    ],
)
def test_what_is_not_to_be_set_is_not_there(house: House, registry: Registry, key: str) -> None:
    with pytest.raises(NoSuchFigure):
        standing(house, registry, key)


def test_another_authority_neither_sees_nor_takes_back(house: House, registry: Registry) -> None:
    put(house, registry, "4 weeks")
    public_id = standing(house, registry).settings[0].public_id
    other = House(house.app, house.today, "TOY", "toyshire")
    assert local_settings.every(other.whole) == []
    with pytest.raises(NoSuchFigure):
        local_figures.take_back(other.scope(ROLE), registry, public_id, "Not theirs", AT)

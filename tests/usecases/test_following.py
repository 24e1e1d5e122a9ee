"""An authority takes up a procedure, ends it, replaces it and changes the order, and says why."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.reckoned import kept, up_to_date, with_the_law
from builders.standards import LAW, STANDARD, with_standards
from builders.with_law import returned

from core.domain.finding import Refused
from core.domain.following import seen_of
from core.registry import Registry
from core.store import enabled
from core.store.database import db, writing
from core.store.tables import AuditRow, DeadlineMark
from core.usecases import editions, following
from core.usecases.following import NoSuchProcedure

ROLE = "authority.administrator"
FIRST = date(2027, 1, 1)
WHY = "Agreed by the leadership team"


@pytest.fixture
def registry(house: House) -> Registry:
    """Bexley follows its own procedure and the made-up standard."""
    with writing():
        enabled.add(house.whole, "STD", 2, SINCE, "", AT)
    return with_standards(house)


def seen(house: House) -> str:
    return seen_of(enabled.every(house.whole))


def row_of(house: House, code: str) -> int:
    return next(row.id for row in enabled.every(house.whole) if row.code == code)


def rows_of(house: House, code: str) -> list[int]:
    """The rows of a procedure, by the first day."""
    rows = [row for row in enabled.every(house.whole) if row.code == code]
    return [row.id for row in sorted(rows, key=lambda row: row.since)]


def enable(house: House, registry: Registry, code: str, since: date | None = FIRST) -> None:
    following.enable(house.scope(ROLE), registry, code, since, WHY, seen(house), AT)


def replace(house: House, registry: Registry, code: str, other: str, since: date) -> None:
    scope, row = house.scope(ROLE), row_of(house, code)
    following.replace(scope, registry, code, row, other, since, WHY, seen(house), AT)


def end(house: House, code: str, last: date | None) -> None:
    scope, row = house.scope(ROLE), row_of(house, code)
    following.end(scope, code, row, last, WHY, seen(house), AT)


def followed(house: House, registry: Registry, on: date) -> list[str]:
    return [one.code for one in editions.followed(house.whole, registry, on)]


def fields(act: pytest.ExceptionInfo[Refused]) -> dict[str | None, str]:
    return {finding.field: finding.message for finding in act.value.findings}


def test_one_is_followed_from_its_first_day_last_in_the_order(
    house: House, registry: Registry
) -> None:
    enable(house, registry, "THR")
    assert followed(house, registry, date(2026, 12, 31)) == ["BEX", "STD", "LAW"]
    assert followed(house, registry, FIRST) == ["BEX", "STD", "THR", "LAW"]


def test_the_first_day_may_lie_in_the_past(house: House, registry: Registry) -> None:
    enable(house, registry, "THR", date(2021, 5, 1))
    assert followed(house, registry, date(2021, 4, 30)) == ["BEX", "STD", "LAW"]
    assert followed(house, registry, date(2021, 5, 1)) == ["BEX", "STD", "THR", "LAW"]


def test_who_why_and_when_are_kept_and_audited_and_every_child_is_marked(
    house: House, registry: Registry
) -> None:
    child_id, _ = house.child()
    enable(house, registry, "THR")
    (row,) = [row for row in enabled.every(house.whole) if row.code == "THR"]
    assert (row.by, row.at, row.why) == ("Authority Administrator Of Bexley", AT, WHY)
    audited = db.session.scalars(sa.select(AuditRow).where(AuditRow.did == "enable")).one()
    assert (audited.subject, audited.subject_id, audited.why) == ("procedure", "THR", WHY)
    assert audited.after == {"procedure": "THR", "first day": "2027-01-01"}
    assert list(db.session.scalars(sa.select(DeadlineMark.child_id))) == [child_id]


def test_one_that_is_followed_is_not_followed_twice(house: House, registry: Registry) -> None:
    with pytest.raises(Refused) as refused:
        enable(house, registry, "STD")
    assert fields(refused) == {"since": "STD is followed already, from 1 January 2020"}


def test_one_may_begin_again_once_it_has_ended(house: House, registry: Registry) -> None:
    end(house, "STD", date(2026, 12, 31))
    enable(house, registry, "STD", date(2027, 4, 1))
    assert "STD" in followed(house, registry, date(2026, 12, 31))
    assert "STD" not in followed(house, registry, date(2027, 3, 31))
    assert "STD" in followed(house, registry, date(2027, 4, 1))


@pytest.mark.parametrize("code", ["LAW", "TOY", "SOM", "NONE", ""])
def test_the_law_another_authoritys_and_what_is_not_there_cannot_be_chosen(
    house: House, registry: Registry, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        enable(house, registry, code)
    assert fields(refused) == {"code": "Choose a procedure from the list"}


def test_every_fault_is_said_at_once(house: House, registry: Registry) -> None:
    scope = house.scope(ROLE)
    with pytest.raises(Refused) as refused:
        following.enable(scope, registry, "", None, "  ", seen(house), AT)
    assert set(fields(refused)) == {"code", "since", "why"}


@pytest.mark.parametrize("since", [date(1950, 1, 1), date(2030, 1, 1)])
def test_a_day_out_of_reason_is_refused(house: House, registry: Registry, since: date) -> None:
    with pytest.raises(Refused) as refused:
        enable(house, registry, "THR", since)
    assert set(fields(refused)) == {"since"}


def test_one_that_ends_is_followed_to_the_end_of_its_last_day(
    house: House, registry: Registry
) -> None:
    end(house, "STD", date(2026, 12, 31))
    assert "STD" in followed(house, registry, date(2026, 12, 31))
    assert "STD" not in followed(house, registry, FIRST)


def test_one_cannot_end_before_it_began(house: House, registry: Registry) -> None:
    with pytest.raises(Refused) as refused:
        end(house, "STD", date(2019, 12, 31))
    assert fields(refused) == {
        "last": "STD begins on 1 January 2020: enter that day or a later one"
    }
    end(house, "STD", SINCE)
    assert "STD" in followed(house, registry, SINCE)
    assert "STD" not in followed(house, registry, date(2020, 1, 2))


def test_one_to_come_never_begins_and_may_be_taken_up_again(
    house: House, registry: Registry
) -> None:
    enable(house, registry, "THR")
    end(house, "THR", date(2026, 12, 31))
    assert "THR" not in followed(house, registry, FIRST)
    enable(house, registry, "THR")
    assert "THR" in followed(house, registry, FIRST)
    assert len([row for row in enabled.every(house.whole) if row.code == "THR"]) == 1


def test_what_is_always_on_cannot_be_ended(house: House, registry: Registry) -> None:
    with pytest.raises(NoSuchProcedure):
        following.end(house.scope(ROLE), LAW.code, 1, FIRST, WHY, seen(house), AT)
    assert followed(house, registry, FIRST)[-1] == "LAW"


def test_another_takes_the_place_of_one_from_a_day(house: House, registry: Registry) -> None:
    enable(house, registry, "THR", date(2026, 1, 1))
    replace(house, registry, "STD", "OTH", FIRST)
    assert followed(house, registry, date(2026, 12, 31)) == ["BEX", "STD", "THR", "LAW"]
    assert followed(house, registry, FIRST) == ["BEX", "OTH", "THR", "LAW"]


def test_replacing_is_one_step_audited_on_both_sides(house: House, registry: Registry) -> None:
    replace(house, registry, "STD", "OTH", FIRST)
    rows = db.session.scalars(
        sa.select(AuditRow).where(AuditRow.subject == "procedure").order_by(AuditRow.id)
    ).all()
    assert [(row.did, row.subject_id) for row in rows] == [("end", "STD"), ("enable", "OTH")]
    assert rows[0].after is not None and rows[0].after["replaced by"] == "OTH"
    assert rows[0].after["last day"] == "2026-12-31"
    assert rows[1].after is not None and rows[1].after["in place of"] == "STD"


@pytest.mark.parametrize(
    ("other", "since", "field"),
    [
        ("BEX", FIRST, "other-since"),
        ("NONE", FIRST, "other"),
        ("LAW", FIRST, "other"),
        ("THR", SINCE, "other-since"),
    ],
)
def test_what_cannot_replace_says_why_and_changes_nothing(
    house: House, registry: Registry, other: str, since: date, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        replace(house, registry, "STD", other, since)
    assert set(fields(refused)) == {field}
    assert followed(house, registry, date(2027, 6, 1)) == ["BEX", "STD", "LAW"]


def first_day(house: House, registry: Registry, code: str, since: date | None) -> None:
    scope, row = house.scope(ROLE), row_of(house, code)
    following.change_first_day(scope, registry, code, row, since, WHY, seen(house), AT)


def back(house: House, code: str) -> None:
    scope, row = house.scope(ROLE), row_of(house, code)
    following.take_last_day_back(scope, code, row, WHY, seen(house), AT)


def in_place_of(house: House) -> str:
    """The clauses in whose place the first meeting of the child is due, as that is kept."""
    (first,) = [row for row in kept(house) if row["code"] == "first-ppm"]
    return str(first["instead_of"])


def audited(did: str) -> AuditRow:
    return db.session.scalars(sa.select(AuditRow).where(AuditRow.did == did)).one()


@pytest.mark.parametrize("since", [date(2019, 9, 1), date(2024, 2, 29), date(2027, 3, 1)])
def test_the_first_day_is_put_earlier_or_later(
    house: House, registry: Registry, since: date
) -> None:
    first_day(house, registry, "STD", since)
    assert "STD" not in followed(house, registry, since - timedelta(days=1))
    assert "STD" in followed(house, registry, since)
    assert [row.code for row in enabled.every(house.whole)] == ["BEX", "STD"]


def test_another_first_day_is_audited_and_marks_every_child(
    house: House, registry: Registry
) -> None:
    child_id, _ = house.child()
    first_day(house, registry, "STD", date(2019, 9, 1))
    row = audited("change first day")
    assert (row.subject, row.subject_id, row.why) == ("procedure", "STD", WHY)
    assert row.before == {"first day": "2020-01-01"}
    assert row.after == {"procedure": "STD", "first day": "2019-09-01"}
    assert list(db.session.scalars(sa.select(DeadlineMark.child_id))) == [child_id]


def test_one_that_has_ended_can_have_begun_earlier(house: House, registry: Registry) -> None:
    end(house, "STD", date(2026, 1, 31))
    first_day(house, registry, "STD", date(2019, 9, 1))
    assert "STD" in followed(house, registry, date(2019, 9, 1))
    assert "STD" not in followed(house, registry, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (SINCE, "STD is followed from 1 January 2020 already"),
        (date(2027, 1, 1), "STD ends on 31 December 2026: enter that day or an earlier one"),
        (date(1950, 1, 1), "Check the year: 1950 is too long ago"),
        (None, "Enter the first day"),
    ],
)
def test_a_first_day_that_cannot_be_says_why(
    house: House, registry: Registry, since: date | None, said: str
) -> None:
    end(house, "STD", date(2026, 12, 31))
    with pytest.raises(Refused) as refused:
        first_day(house, registry, "STD", since)
    assert fields(refused) == {"first": said}
    first_day(house, registry, "STD", date(2026, 12, 31))
    assert "STD" in followed(house, registry, date(2026, 12, 31))


def test_the_dates_of_children_follow_the_first_and_the_last_day(house: House) -> None:
    """A child who came into care before the standard was said to be followed."""
    registry = with_the_law(house)
    enable(house, registry, "PPM2", date(2026, 11, 22))
    returned(house, "01/09/2026")
    up_to_date(house)
    assert in_place_of(house) == ""
    first_day(house, registry, "PPM2", date(2019, 9, 1))
    up_to_date(house)
    assert in_place_of(house) == "PPM2-2.1"
    end(house, "PPM2", date(2026, 8, 31))
    up_to_date(house)
    assert in_place_of(house) == ""
    back(house, "PPM2")
    up_to_date(house)
    assert in_place_of(house) == "PPM2-2.1"


def test_a_first_day_lies_over_no_other_time_of_the_same(house: House, registry: Registry) -> None:
    end(house, "STD", date(2026, 11, 30))
    enable(house, registry, "STD", date(2027, 4, 1))
    scope, (_, again) = house.scope(ROLE), rows_of(house, "STD")
    for since in (date(2026, 11, 30), date(2020, 1, 1), date(2019, 1, 1)):
        with pytest.raises(Refused) as refused:
            following.change_first_day(scope, registry, "STD", again, since, WHY, seen(house), AT)
        assert fields(refused) == {
            "first": "STD is followed from 1 January 2020 until 30 November 2026 already: "
            "enter a later day"
        }
    following.change_first_day(
        scope, registry, "STD", again, date(2026, 12, 1), WHY, seen(house), AT
    )
    assert "STD" in followed(house, registry, date(2026, 12, 1))


def test_the_first_day_may_be_that_of_one_that_never_began(
    house: House, registry: Registry
) -> None:
    enable(house, registry, "THR")
    end(house, "THR", date(2026, 12, 31))
    enable(house, registry, "THR", date(2027, 2, 1))
    scope, row = house.scope(ROLE), rows_of(house, "THR")[-1]
    following.change_first_day(scope, registry, "THR", row, FIRST, WHY, seen(house), AT)
    assert "THR" in followed(house, registry, FIRST)
    assert len(rows_of(house, "THR")) == 1


def test_no_first_day_before_the_edition_was_in_force(house: House) -> None:
    dated = dataclasses.replace(STANDARD, code="DTD", in_force_from=date(2021, 1, 1))
    registry = with_standards(house, dated)
    enable(house, registry, "DTD", date(2022, 1, 1))
    with pytest.raises(Refused) as refused:
        first_day(house, registry, "DTD", date(2020, 12, 31))
    assert "was not in force yet on 31 December 2020" in fields(refused)["first"]
    first_day(house, registry, "DTD", date(2021, 1, 1))


def test_a_last_day_is_taken_back(house: House, registry: Registry) -> None:
    child_id, _ = house.child()
    end(house, "STD", date(2026, 11, 21))
    assert "STD" not in followed(house, registry, FIRST)
    back(house, "STD")
    assert followed(house, registry, FIRST) == ["BEX", "STD", "LAW"]
    row = audited("take last day back")
    assert row.before == {"first day": "2020-01-01", "last day": "2026-11-21"}
    assert (row.after, row.why) == ({"procedure": "STD", "first day": "2020-01-01"}, WHY)
    assert list(db.session.scalars(sa.select(DeadlineMark.child_id))) == [child_id]


def test_what_took_its_place_stays_followed_when_the_last_day_is_taken_back(
    house: House, registry: Registry
) -> None:
    replace(house, registry, "STD", "OTH", FIRST)
    back(house, "STD")
    assert followed(house, registry, FIRST) == ["BEX", "STD", "OTH", "LAW"]


def test_a_last_day_stays_where_the_same_begins_again_later(
    house: House, registry: Registry
) -> None:
    end(house, "STD", date(2026, 11, 30))
    enable(house, registry, "STD", date(2027, 4, 1))
    with pytest.raises(Refused) as refused:
        back(house, "STD")
    assert fields(refused) == {
        "back": "STD is followed again from 1 April 2027: change that first day instead"
    }


def test_there_is_a_last_day_to_take_back_only_where_one_was_said(
    house: House, registry: Registry
) -> None:
    with pytest.raises(NoSuchProcedure):
        back(house, "STD")
    end(house, "STD", date(2026, 12, 31))
    with pytest.raises(Refused) as refused:
        following.take_last_day_back(
            house.scope(ROLE), "STD", row_of(house, "STD"), " ", seen(house), AT
        )
    assert fields(refused) == {"back-why": "Enter why"}


def test_one_that_ends_cannot_end_later_unless_its_last_day_is_taken_back(
    house: House, registry: Registry
) -> None:
    end(house, "STD", date(2026, 11, 30))
    with pytest.raises(Refused) as refused:
        end(house, "STD", date(2026, 12, 31))
    assert fields(refused) == {
        "last": "STD ends already, on 30 November 2026: take that last day back first"
    }


def test_who_follows_it_already_is_led_to_its_first_day(house: House, registry: Registry) -> None:
    with pytest.raises(Refused) as refused:
        enable(house, registry, "STD", date(2019, 9, 1))
    assert fields(refused) == {
        "since": "STD is followed already, from 1 January 2020: change that first day instead"
    }


def test_nothing_of_another_authority_is_corrected(house: House, registry: Registry) -> None:
    end(house, "STD", date(2026, 12, 31))
    other, theirs = House(house.app, house.today, "TOY", "toyshire"), row_of(house, "STD")
    scope = other.scope(ROLE)
    with pytest.raises(NoSuchProcedure):
        following.take_last_day_back(scope, "STD", theirs, WHY, seen(other), AT)
    with pytest.raises(NoSuchProcedure):
        following.change_first_day(scope, registry, "STD", theirs, FIRST, WHY, seen(other), AT)
    assert enabled.changes(scope, ("STD",)) == []


def test_a_replacement_begins_after_the_day_on_which_the_other_began(
    house: House, registry: Registry
) -> None:
    with pytest.raises(Refused) as refused:
        replace(house, registry, "STD", "OTH", SINCE)
    assert fields(refused)["other-since"] == "STD begins on 1 January 2020: enter a later day"


def test_one_moves_up_and_down_the_order(house: House, registry: Registry) -> None:
    enable(house, registry, "THR", date(2026, 1, 1))
    scope = house.scope(ROLE)
    following.move(scope, "THR", row_of(house, "THR"), -1, WHY, seen(house), AT)
    assert followed(house, registry, house.today) == ["BEX", "THR", "STD", "LAW"]
    following.move(scope, "BEX", row_of(house, "BEX"), 1, WHY, seen(house), AT)
    assert followed(house, registry, house.today) == ["THR", "BEX", "STD", "LAW"]
    audited = db.session.scalars(
        sa.select(AuditRow).where(AuditRow.did == "move").order_by(AuditRow.id.desc())
    ).first()
    assert audited is not None and audited.after is not None and audited.before is not None
    assert audited.before["order"] == ["BEX", "THR", "STD"]
    assert audited.after["order"] == ["THR", "BEX", "STD"]


@pytest.mark.parametrize(("code", "step"), [("BEX", -1), ("STD", 1)])
def test_the_first_does_not_move_up_nor_the_last_down(
    house: House, registry: Registry, code: str, step: int
) -> None:
    with pytest.raises(Refused) as refused:
        following.move(house.scope(ROLE), code, row_of(house, code), step, WHY, seen(house), AT)
    assert set(fields(refused)) == {"move"}


def test_who_looks_at_what_somebody_else_has_changed_is_told(
    house: House, registry: Registry
) -> None:
    as_seen = seen(house)
    enable(house, registry, "THR")
    with pytest.raises(Refused, match="Somebody else changed the procedures"):
        following.enable(house.scope(ROLE), registry, "OTH", FIRST, WHY, as_seen, AT)


def test_another_authoritys_row_is_not_there(house: House, registry: Registry) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    theirs = row_of(house, "STD")
    with pytest.raises(NoSuchProcedure):
        following.end(other.scope(ROLE), "STD", theirs, FIRST, WHY, seen(other), AT)
    assert "STD" in followed(house, registry, date(2027, 6, 1))

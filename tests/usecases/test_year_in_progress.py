"""A return of a year that is not over speaks of the day on which it came, not of its last day."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import Files, bring_in, rows, text

from core.domain.identity import BY_CODE, part_of, values_in_use
from core.store import identity, import_changes
from core.store.database import db
from core.store.imports import Run
from core.store.tables import Child, IdentityFact

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN"
UASC = "CHILD,SEX,DOB,DUC"
OPEN = text(EPISODES, "0101,01/09/2026,S,C1,N1,U6,PR1,,")
#: The year to March 2027, brought in on two days of it, and what two case lists say between.
FIRST: Files = {"h.csv": text(HEADER, "0101,2,04/05/2012,WBRI,UN1"), "e.csv": OPEN}
AGAIN: Files = {"h.csv": text(HEADER, "0101,F,04/05/2012,WIRI,UN1"), "e.csv": OPEN}
CASES: Files = {"c.csv": text("Local ID,Date of birth,Sex,Team,Service", "0101,06/06/2013,Male,,")}
BEFORE, BETWEEN, AFTER = date(2026, 9, 30), date(2026, 10, 15), date(2026, 11, 20)


def on(house: House, day: date, files: Files, **more: Any) -> Run:
    house.turn_to(day)
    return bring_in(house, files, **more)


def used(house: House) -> tuple[Any, ...]:
    found = db.session.execute(
        sa.select(Child.born, Child.sex, Child.ethnicity).where(
            Child.authority_id == house.authority_id
        )
    ).one()
    db.session.rollback()
    return tuple(found)


def test_a_later_case_list_stands_before_the_return_of_a_year_in_progress(house: House) -> None:
    on(house, date(2026, 10, 1), FIRST)
    on(house, date(2026, 10, 16), CASES, as_at=BETWEEN)
    assert used(house) == (date(2013, 6, 6), "M", "WBRI")
    child_id = db.session.execute(sa.select(Child.id)).scalar_one()
    born = part_of(BY_CODE["born"], identity.said_with_columns(house.whole, child_id))
    db.session.rollback()
    assert [(s.value, s.as_at) for s in born.disagree] == [("2012-05-04", date(2026, 10, 1))]
    # What the return says again on a later day stands before the list.
    on(house, date(2026, 11, 1), AGAIN)
    assert used(house) == (date(2012, 5, 4), "F", "WIRI")
    on(house, date(2026, 11, 21), CASES, as_at=AFTER)
    assert used(house) == (date(2013, 6, 6), "M", "WIRI")
    # Once the year is over, it speaks of its last day, and what it said before is history.
    on(house, date(2027, 5, 1), AGAIN)
    assert used(house) == (date(2012, 5, 4), "F", "WIRI")
    stand = rows(house, IdentityFact.value, IdentityFact.as_at,
                 where=sa.and_(IdentityFact.field == "ethnicity", IdentityFact.replaced_at.is_(None)))  # noqa: E501 # fmt: skip
    assert stand == [("0101", "WIRI", date(2027, 3, 31))]


STEPS: tuple[tuple[date, Files, dict[str, Any]], ...] = (
    (date(2026, 10, 1), FIRST, {}),
    (date(2026, 10, 16), CASES, {"as_at": BETWEEN}),
    (date(2026, 10, 17), {"h.csv": text(HEADER, "0101,U,05/05/2012,BCRB,UN1"),
                          "e.csv": text(EPISODES, "0101,01/04/2025,S,C1,N1,U6,PR1,,")}, {}),
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_years_in_any_order_and_twice_give_the_same_identity(
    house: House, order: tuple[int, ...]
) -> None:
    for number in (*order, *order):
        day, files, more = STEPS[number]
        on(house, day, files, **more)
    assert used(house) == (date(2013, 6, 6), "M", "WBRI")
    # What the lists and the overview show is what the page of the identity works out.
    child_id = db.session.execute(sa.select(Child.id)).scalar_one()
    said = identity.said_of(house.whole, [child_id])[child_id]
    db.session.rollback()
    kept = [values_in_use(said)[name] for name in ("born", "sex", "ethnicity")]
    assert tuple(kept) == used(house)


@pytest.mark.parametrize("last", [False, True])
def test_parts_of_one_return_on_two_days_speak_of_one_day(house: House, last: bool) -> None:
    uasc: Files = {"u.csv": text(UASC, "0101,F,05/05/2012,"), "e.csv": OPEN}
    parts = (FIRST, uasc) if last else (uasc, FIRST)
    for day, files in zip((date(2026, 10, 1), date(2026, 10, 2)), parts, strict=True):
        on(house, day, files)
    child_id = db.session.execute(sa.select(Child.id)).scalar_one()
    said = identity.said_of(house.whole, [child_id])[child_id]
    db.session.rollback()
    stand = {(s.value, s.as_at) for s in said if s.field == "born" and not s.replaced_at}
    whole = {("2012-05-04", date(2026, 10, 2))}
    assert stand == (whole | {("2012-05-05", date(2026, 10, 2))} if last else whole)


def otherwise(house: House, run: Run) -> list[tuple[Any, ...]]:
    shown = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    return sorted((c.subject, c.field, c.before, c.after, c.file, c.line) for c in shown)


def test_the_preview_says_where_a_list_says_otherwise_than_the_return(house: House) -> None:
    on(house, date(2026, 11, 1), FIRST)
    run = on(house, date(2026, 11, 2), CASES, as_at=BETWEEN)
    assert run.counts["preview"] == {"new": 0, "changed": 0, "unchanged": 1, "otherwise": 2}
    assert otherwise(house, run) == [
        ("identity-otherwise", "born", "4 May 2012", "6 June 2013", "c.csv", 2),
        ("identity-otherwise", "sex", "2", "M", "c.csv", 2),
    ]
    assert used(house) == (date(2012, 5, 4), "2", "WBRI")


def test_the_same_sex_by_another_code_is_no_change(house: House) -> None:
    on(house, date(2026, 10, 1), FIRST)
    run = on(house, date(2026, 11, 1), {**AGAIN, "h.csv": FIRST["h.csv"].replace(b",2,", b",F,")})
    assert run.counts["preview"] == {"new": 0, "changed": 0, "unchanged": 1}
    assert otherwise(house, run) == [] and used(house)[1] == "F"

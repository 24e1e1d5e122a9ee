"""The preview of a return says what it adds beside the care that is told of the child now."""

from __future__ import annotations

from datetime import date
from typing import Any

from builders.house import House
from builders.imports import Files, bring_in, text

from core.store import import_changes
from core.store.database import db
from core.store.imports import Run

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
CHILD = text(HEADER, "0101,F,04/05/2012,WBRI,UN1")
NOW = text(EPISODES, "0101,11/07/2026,S,C1,N1,U6,PR1,,")
BEFORE = "0101,11/07/2025,S,V2,N1,U4,PR1,11/03/2026,E4A"


def given(house: House, files: Files, year: int, **more: Any) -> Run:
    return bring_in(house, {"h.csv": CHILD, **files}, year=year, **more)


def told(house: House, run: Run) -> list[tuple[Any, ...]]:
    shown = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    return [(c.subject, c.field, c.before, c.after, c.file, c.line) for c in shown]


def test_an_older_return_that_adds_a_period_changes_the_child(house: House) -> None:
    house.turn_to(date(2027, 4, 20))
    given(house, {"e.csv": NOW}, 2027)
    older = {"e6.csv": text(EPISODES, BEFORE), "r6.csv": text(REVIEWS, "0101,,01/08/2025,PN1")}
    run = given(house, older, 2026)
    assert run.counts["preview"] == {"new": 0, "changed": 1, "unchanged": 0}
    assert told(house, run) == [
        ("care", "periods", "1", "2", "e6.csv", 2),
        ("care", "episodes", "1", "2", "e6.csv", 2),
        ("care", "reviews", "0", "1", "r6.csv", 2),
    ]
    # The same again changes nothing.
    assert told(house, run := given(house, older, 2026)) == []
    assert run.counts["preview"] == {"new": 0, "changed": 0, "unchanged": 1}
    # An episode of the older year that is corrected is said, and no number changes with it.
    corrected = {"e6.csv": text(EPISODES, BEFORE.replace("U4", "U6"))}
    assert told(house, given(house, corrected, 2026)) == [
        ("care", "episodes", "2", "2, 1 of them new or changed", "e6.csv", 2)
    ]


def test_what_is_told_of_the_care_now_is_not_said_twice(house: House) -> None:
    house.turn_to(date(2027, 4, 20))
    given(house, {"e.csv": NOW}, 2027)
    run = given(house, {"e.csv": NOW.replace(b"C1", b"C2")}, 2027)
    assert [row[1] for row in told(house, run)] == ["legal_status"]

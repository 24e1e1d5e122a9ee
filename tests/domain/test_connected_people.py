"""Connected person care may be an option until everybody identified is ruled out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from builders.dated import typed

from core.domain.connected_people import connected_on
from core.domain.record import KINDS
from core.domain.record.recorded import Recorded
from core.domain.record.wrong import entry_faults

ON = date(2026, 11, 23)
GRAN = {"name": "Ode Fennimore", "relation": "Grandmother", "identified_on": "2026-09-10"}
OUT = {"ruled_out_on": "2026-11-23", "ruled_out_why": "She withdrew"}


def person(**more: str) -> Recorded:
    return typed("connected-person", **{**GRAN, **more})


def test_while_nobody_is_identified_it_may_be() -> None:
    found = connected_on([], ON)
    assert found.may_be and found.people == ()


@pytest.mark.parametrize(
    ("more", "may_be"),
    [
        ({}, True),
        (OUT, False),
        ({**OUT, "ruled_out_on": "2026-11-24"}, True),
        ({"ruled_out_on": "2026-11-01"}, True),
        ({"ruled_out_on": "2026-11-01", "ruled_out_why": " "}, True),
        ({"ruled_out_why": "She withdrew"}, True),
    ],
)
def test_one_is_ruled_out_by_the_day_and_the_reason(more: dict[str, str], may_be: bool) -> None:
    found = connected_on([person(**more)], ON)
    assert found.may_be is may_be
    assert len(found.left) == (1 if may_be else 0)


def test_one_who_is_left_keeps_it_open_and_one_identified_later_does_not_count() -> None:
    uncle = typed("connected-person", name="Wim", relation="Uncle", identified_on="2026-11-24")
    assert not connected_on([person(**OUT), uncle], ON).may_be
    later = connected_on([uncle, person(**OUT)], date(2026, 11, 24))
    assert later.may_be
    assert [one.value("name") for one in later.people] == ["Ode Fennimore", "Wim"]
    assert [one.value("name") for one in later.left] == ["Wim"]


LOOKED = {"looked_on": "2026-11-20", "how": "A genogram, and a family network meeting"}


@pytest.mark.parametrize(
    ("looked_on", "people", "may_be"),
    [
        ("2026-11-20", [], False),
        ("2026-11-23", [], False),
        ("2026-11-24", [], True),
        ("2026-11-20", [{}], True),
        ("2026-11-20", [OUT], False),
        ("2026-11-20", [{"identified_on": "2026-11-20"}], True),
        ("2026-11-20", [{"identified_on": "2026-11-22"}], True),
        ("2026-11-20", [{**OUT, "identified_on": "2026-11-22"}], False),
        ("2026-11-20", [{"identified_on": "2026-11-24"}], False),
    ],
)
def test_where_nobody_could_be_identified_it_is_none_until_somebody_is(
    looked_on: str, people: list[dict[str, str]], may_be: bool
) -> None:
    search = typed("nobody-identified", **{**LOOKED, "looked_on": looked_on})
    found = connected_on([search, *(person(**more) for more in people)], ON)
    assert found.may_be is may_be
    assert (found.nobody is None) is (looked_on == "2026-11-24")


def test_of_searches_the_last_that_stands_is_said() -> None:
    first, last = (
        typed("nobody-identified", **{**LOOKED, "looked_on": on})
        for on in ("2026-10-01", "2026-11-20")
    )
    assert connected_on([last, first], ON).nobody == last
    gone = replace(last, taken_out_at=datetime(2026, 11, 21, 9))
    assert connected_on([gone, first], ON).nobody == first
    assert connected_on([gone], ON).may_be


def test_who_was_taken_out_of_the_record_was_never_identified() -> None:
    gone = replace(person(), taken_out_at=datetime(2026, 11, 20, 9))
    assert connected_on([gone, typed("view", whose="child", said_on="2026-11-01")], ON).people == ()


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, []),
        (OUT, []),
        ({"ruled_out_on": "2026-11-23"}, ["ruled_out_why"]),
        ({"ruled_out_why": "She withdrew"}, ["ruled_out_on"]),
        ({**OUT, "ruled_out_on": "2026-09-09"}, ["ruled_out_on"]),
        ({"name": ""}, ["name"]),
    ],
)
def test_ruling_out_needs_both_and_comes_after_the_identification(
    more: dict[str, str], fields: list[str]
) -> None:
    kind = KINDS["connected-person"]
    changed = frozenset(field.code for field in kind.fields)
    found = list(entry_faults(kind, {**GRAN, **more}, changed))
    assert [one.field for one in found] == fields
    if fields == ["ruled_out_why"]:
        assert found[0].message == "Why they are ruled out: enter it, as “Ruled out on” is there"

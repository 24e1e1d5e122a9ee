"""What the statute and a local procedure say of one thing stands together, the stricter first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders.house import House
from builders.reading import get, part
from builders.with_law import returned, with_law
from conftest import TODAY
from flask import Flask

import plugins.bcp

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOCAL = "by 1 February 2027: 4 months from becoming looked after on 1 October 2026 (BCP-1.1)"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url, bcp=plugins.bcp)


@pytest.fixture
def bcp(app: Flask) -> House:
    return House(app, TODAY, "BCP", "bcp")


def second_review(bcp: House, first: str, on: str, title: str) -> str:
    """What the page of dates says of the second review on a day, under its one heading."""
    _, child = bcp.child(became_looked_after=None)
    returned(bcp, "01/10/2026", reviews=(first,))
    said = part(get(bcp, f"/children/{child}/dates?on={on}"), title)
    (found,) = re.findall(r"Second review (?:Late|Soon|Running) .*?The words of the clause", said)
    return str(found)


@pytest.mark.clause("CPPCR-33-1")
def test_the_statute_is_first_where_it_is_the_stricter(bcp: House) -> None:
    said = second_review(bcp, "26/10/2026", "2026-11-23", "Due")
    statute = "by 26 January 2027: 3 months from the first review on 26 October 2026 (CPPCR-33-1)"
    assert said.index(statute) < said.index(LOCAL)
    assert "seen in the legislation" in said


def test_the_local_rule_is_first_where_it_is_the_stricter(bcp: House) -> None:
    said = second_review(bcp, "05/11/2026", "2026-11-23", "Due")
    statute = "by 5 February 2027: 3 months from the first review on 5 November 2026 (CPPCR-33-1)"
    assert said.index(LOCAL) < said.index(statute)


def test_both_stand_with_the_more_pressing_each_with_its_own_state(bcp: House) -> None:
    said = second_review(bcp, "26/10/2026", "2027-01-28", "Late")
    assert "Late by 26 January 2027" in said and f"Soon {LOCAL}" in said

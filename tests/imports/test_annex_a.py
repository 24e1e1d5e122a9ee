"""Annex A lists 8 and 10: what they state, drifting headings, local words and impossible days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders.workbooks import workbook

from core.domain.record import KINDS
from core.imports.annex_a import values
from core.imports.annex_a.lists import LIST_8
from core.imports.reader import Found, read_files
from core.imports.ssda903 import SourceFile

SHARED = (
    Path(__file__).parents[2].parent / "shared" / "data" / "annex-a" / "Annex_A_liia-tools.xlsx"
)
AS_AT = date(2026, 3, 31)
HEADINGS = [column.heading for column in LIST_8.columns]


def row(**given: Any) -> list[Any]:
    return [given.get(column.code, "") for column in LIST_8.columns]


def read(content: bytes, name: str = "annex-a.xlsx") -> Found:
    return read_files([SourceFile(name, content)], AS_AT)


def list_8(*rows: list[Any], headings: list[str] = HEADINGS) -> Found:
    return read(workbook({"List 8": [headings, *rows]}))


def said(found: Found, child: str = "0101") -> dict[tuple[str, str], str]:
    return {
        (fact.kind, fact.field): fact.value
        for stated in found.stated
        for fact in stated.facts
        if fact.child == child
    }


def rules(found: Found) -> list[tuple[str, int | None, str | None]]:
    return [(p.rule, p.line, p.column) for p in found.problems]


GOOD = row(
    child="0101", sex="b) Female", ethnicity="a) WBRI", born=date(2014, 5, 4), asylum="b) No",
    disability="a) Yes", started_on=date(2024, 9, 1), need="N1 - Abuse or Neglect",
    legal_status_since=date(2025, 1, 7), legal_status="C2: FCO",
    latest_review_on=date(2026, 2, 2), plan="f) Long-term fostering",
    placement_since=date(2024, 9, 3), placement="d) U4: Foster placement - long term",
    provider="b) PR1 - Own provision", health=date(2026, 1, 20),
    team="Quill team", worker="Perrin\u00a0Oakshade",
)  # fmt: skip


def test_a_child_of_list_8_is_stated_whole() -> None:
    found = list_8(GOOD)
    assert found.problems == ()
    assert said(found) == {
        ("identity", "sex"): "F",
        ("identity", "ethnicity"): "WBRI",
        ("identity", "disability"): "Yes",
        ("identity", "born"): "2014-05-04",
        ("stated-care", "started_on"): "2024-09-01",
        ("stated-care", "legal_status_since"): "2025-01-07",
        ("stated-care", "latest_review_on"): "2026-02-02",
        ("stated-care", "placement_since"): "2024-09-03",
        ("stated-care", "legal_status"): "C2",
        ("stated-care", "placement"): "U4",
        ("stated-care", "provider"): "PR1",
        ("stated-care", "need"): "N1",
        ("stated-care", "asylum"): "no",
        ("plan", "primary"): "long-term-fostering",
        ("assessment", "what"): "health",
        ("assessment", "done_on"): "2026-01-20",
    }
    (stated,) = found.stated
    assert [(p.relation, p.name) for p in stated.people] == [("worker", "Perrin Oakshade")]
    assert [team.team for team in stated.teams] == ["Quill team"]
    assert found.files == {"annex-a.xlsx": ("Annex A list 8", 1)}


def test_the_last_health_assessment_is_an_entry_of_its_day_and_is_not_called_the_first() -> None:
    found = list_8(GOOD, row(child="0102", started_on=date(2026, 1, 1), health=date(2026, 4, 1)))
    keys = {f.child: f.key for s in found.stated for f in s.facts if f.kind == "assessment"}
    assert keys == {"0101": "health 2026-01-20", "0102": "health 2026-04-01"}
    assert KINDS["assessment"].key_of({"what": "health", "done_on": "2026-01-20"}) == keys["0101"]
    assert rules(found) == [("impossible date", 3, "Date of Last Health Assessment")]


def test_headings_that_drift_are_found_below_title_rows_and_strange_ones_are_said() -> None:
    headings = list(HEADINGS)
    headings[3] = "date of  BIRTH "
    headings[5] = "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))"
    headings[7] = "Date the child started to be looked after"
    headings[14] = "Permanency plan"
    headings.append("Favourite colour")
    found = read(
        workbook(
            {"Cover": [["Annex A"]], "LAC": [["Children looked after"], [], headings, [*GOOD, "x"]]}
        )
    )
    assert said(found)["stated-care", "started_on"] == "2024-09-01"
    assert said(found)["plan", "primary"] == "long-term-fostering"
    assert rules(found) == [("extra column", 3, "Favourite colour")]


def test_a_missing_needed_column_is_one_error_and_a_missing_other_one_a_warning() -> None:
    place = HEADINGS.index("Date Started to be Looked After")
    found = list_8(
        GOOD[:place] + GOOD[place + 1 :], headings=HEADINGS[:place] + HEADINGS[place + 1 :]
    )
    (error,) = found.problems
    assert error.severity == "error" and "Date Started to be Looked After" in error.message
    assert not found.stated
    found = list_8(GOOD[:-1], headings=HEADINGS[:-1])
    assert rules(found) == [("missing column", 1, "Allocated Worker")]
    assert found.errors == 0 and len(found.children) == 1


def test_impossible_days_are_warned_of_by_line_and_column_and_good_rows_load() -> None:
    found = list_8(
        row(child="1", born=date(2018, 1, 1), started_on=date(2010, 1, 1)),
        row(child="2", started_on=date(2020, 1, 1), ceased_on=date(2019, 1, 1)),
        row(child="3", started_on=date(2027, 1, 1)),
        row(child="4", started_on="soon"),
        row(child="", started_on=date(2020, 1, 1)),
        GOOD,
    )
    assert rules(found) == [
        ("impossible date", 2, "Date Started to be Looked After"),
        ("impossible date", 3, "Date Ceased to be Looked After"),
        ("impossible date", 4, "Date Started to be Looked After"),
        ("date", 5, "Date Started to be Looked After"),
        ("child", 6, "Child Unique ID"),
    ]
    assert found.errors == 2 and list(found.children) == ["1", "2", "3", "4", "0101"]
    assert not any("soon" in problem.message for problem in found.problems)


def test_words_that_are_not_known_are_kept_and_never_become_a_code() -> None:
    found = list_8(row(child="0101", started_on=date(2020, 1, 1), legal_status="Supervision Order",
                       placement="In a tent", plan="Ask the family", sex="d) Neither"))  # fmt: skip
    assert said(found)["stated-care", "legal_status"] == "Supervision Order"
    assert said(found)["stated-care", "placement"] == "In a tent"
    assert said(found)["plan", "primary"] == "unspecified"
    assert said(found)["plan", "primary_words"] == "Ask the family"
    assert ("identity", "sex") not in said(found)
    assert [p.rule for p in found.problems] == ["unrecognised"] * 4


@pytest.mark.parametrize(
    ("reader", "text", "code"),
    [
        (values.legal_status, "C1 - Interim Care Order S38 CA 1989", "C1"),
        (values.legal_status, "L30 Interim Care Order S38 CA 89", "C1"),
        (values.legal_status, "Code 'C1' is not mapped", "C1"),
        (values.legal_status, "CARE ORDER S31.1(A)", "C2"),
        (values.legal_status, "Ward of Court", "C2"),
        (values.legal_status, "PO", "E1"),
        (values.legal_status, "Placement Order and Care Order Concurrent", "E1"),
        (values.legal_status, "Single placement acc. by LA S20(1) CA under 16", "V2"),
        (values.legal_status, "s20 homeless", "V2"),
        (values.legal_status, "Special Guardianship Order", None),
        (values.legal_status, "Childrens Act Section 17", None),
        (values.legal_status, "C1 or C2", None),
        (values.placement, "zz) T4: Temporary", "T4"),
        (values.placement, "Foster placement - relatives - long term", "U1"),
        (values.placement, "Foster placement with a friend", None),
        (values.why_ceased, "i) E45: Special Guardianship Orders - former carer", "E45"),
        (values.why_ceased, "Special Guardianship Order", None),
        (values.why_reversed, "RD2", "RD2"),
        (values.ethnicity, "s) NOBT", "NOBT"),
        (values.ethnicity, "White British", "WBRI"),
        (values.sex, "Female", "F"),
        (values.sex, "c) Not stated/recorded", ""),
    ],
)
def test_local_words_become_the_code_that_they_mean_or_none(
    reader: Any, text: str, code: str | None
) -> None:
    assert reader(text) == code


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("a) Return to family", "return-home"),
        ("Eventual return to birth family (record number of months below)", "return-home"),
        ("Fostering for Adoption", "adoption"),
        ("c) SGO/CAO", "sgo-or-cao"),
        ("SGO", "sgo"),
        ("Long term fostering/SGO", "unspecified"),
        ("d", "semi-independence"),
        ("e) Long-term residential placement", "residential"),
        ("Long term placement with relatives/friends", "long-term-fostering"),
        ("g) Other", "unspecified"),
        ("Parallel Plan", "unspecified"),
    ],
)
def test_a_plan_is_an_option_only_where_it_is_one(text: str, plan: str) -> None:
    assert values.plan(text) == (plan, True)


def test_the_shared_workbook_reads_with_what_it_holds() -> None:
    if not SHARED.exists():
        pytest.skip(f"the shared workbook is not there: {SHARED}")
    found = read_files([SourceFile(SHARED.name, SHARED)], date(2021, 3, 31))
    assert found.errors == 0
    assert [len(stated.children) for stated in found.stated] == [5, 5]
    assert len(found.left) == 9
    care = said(found, "3623204")
    assert care["stated-care", "legal_status"] == "C1" and care["stated-care", "placement"] == "H5"
    assert care["stated-care", "ceased_on"] == "2020-09-22"
    assert care["stated-care", "ceased_why"] == "E47"
    adoption = said(found, "13782635")
    assert adoption["adoption", "decided_on"] == "2014-09-17"
    assert adoption["adoption", "order_on"] == "2014-10-07"
    assert adoption["adoption", "reversed_why"] == "RD2"
    assert ("plan", "primary") not in care
    assert {(p.rule, p.line) for p in found.problems} == {
        ("id is a number", 2),
        ("impossible date", 5),
    }

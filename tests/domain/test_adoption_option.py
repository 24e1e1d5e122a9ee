"""Since when adoption is an option, and whether a planning meeting was held since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.dated import typed

from core.domain.adoption_option import AdoptionFacts, option_since
from core.domain.procedure.checks import Step
from core.domain.record.recorded import Recorded
from plugins.ppm_guidance import PROCEDURES

ON = date(2026, 11, 23)
PPM2 = PROCEDURES[0]


def plan(primary: str, on: str, spare: str = "", ended_on: str = "") -> Recorded:
    values = {
        "primary": primary, "contingencies": spare, "identified_on": on, "ended_on": ended_on,
    }  # fmt: skip
    return typed("plan", **{code: said for code, said in values.items() if said})


def option(of: Recorded, conclusion: str, on: str) -> Recorded:
    made = typed("plan-option", option="adoption", conclusion=conclusion, considered_on=on)
    return replace(made, parent_id=of.id)


def since(*entries: Recorded, on: date = ON) -> str:
    found = option_since(entries, on)
    return found.isoformat() if found else ""


def test_it_is_an_option_as_the_primary_plan_and_as_a_contingency() -> None:
    assert since(plan("adoption", "2026-03-02")) == "2026-03-02"
    assert since(plan("return-home", "2026-03-02", "adoption,sgo")) == "2026-03-02"
    assert since(plan("return-home", "2026-03-02", "sgo")) == ""
    assert since(plan("adoption", "2026-11-24")) == "" and since() == ""


def test_it_is_an_option_where_it_was_considered_before_there_was_a_plan() -> None:
    considered = typed(
        "plan-option", option="adoption", conclusion="considered", considered_on="2026-03-02"
    )
    ruled_out = typed(
        "plan-option", option="adoption", conclusion="ruled-out", considered_on="2026-05-02"
    )
    assert since(considered) == "2026-03-02"
    assert since(considered, plan("adoption", "2026-06-01")) == "2026-03-02"
    assert since(considered, plan("sgo", "2026-06-01")) == ""
    assert since(considered, ruled_out) == "" == since(ruled_out)


def test_a_plan_after_another_goes_on_where_there_is_no_break() -> None:
    first = plan("return-home", "2026-03-02", "adoption", "2026-06-01")
    assert since(first, plan("adoption", "2026-06-01")) == "2026-03-02"
    assert since(first, plan("adoption", "2026-06-02")) == "2026-06-02"
    assert since(first, plan("sgo", "2026-06-01")) == ""
    assert since(first, on=date(2026, 5, 31)) == "2026-03-02"


def test_an_option_considered_counts_until_it_is_ruled_out() -> None:
    home = plan("return-home", "2026-03-02", "sgo")
    weighed = option(home, "considered", "2026-04-01")
    assert since(home, weighed) == "2026-04-01"
    assert since(home, weighed, option(home, "ruled-out", "2026-05-01")) == ""
    again = option(home, "supported", "2026-07-01")
    out = option(home, "ruled-out", "2026-05-01")
    assert since(home, weighed, out, again) == "2026-07-01"


def test_a_contingency_that_was_ruled_out_is_none() -> None:
    home = plan("return-home", "2026-03-02", "adoption")
    assert since(home, option(home, "ruled-out", "2026-05-01")) == ""


def test_a_plan_that_was_taken_out_is_none() -> None:
    gone = plan("adoption", "2026-03-02")
    assert since(replace(gone, taken_out_at=gone.made_at)) == ""


@pytest.mark.clause("PPM2-2.7")
@pytest.mark.parametrize(
    ("known", "meetings", "refused"),
    [
        ("2026-03-02", [], True),
        ("2026-03-02", ["2026-03-01"], True),
        ("2026-03-02", ["2026-03-02"], False),
        ("2026-03-02", ["2026-11-23"], False),
        ("2026-03-02", ["2026-11-24"], True),
        ("", ["2026-11-01"], True),
        ("", [], True),
    ],
)
def test_a_planning_meeting_since_then_comes_before_the_decision_maker(
    known: str, meetings: list[str], refused: bool
) -> None:
    held = tuple(date.fromisoformat(on) for on in meetings)
    facts = AdoptionFacts(ON, date.fromisoformat(known) if known else None, held)
    found = PPM2.checked(Step.BOOK_ADM, facts)
    assert bool(found) is refused
    assert all(one.clauses == ("PPM2-2.7",) and one.field == "forum" for one in found)

"""What has to be so before a plan is agreed: return home, fostering under 7, contingency."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.dated import day, typed

from core.domain.finding import Finding
from core.domain.plan_facts import PlanFacts
from core.domain.procedure.checks import Step
from core.domain.record.going_home import PARTS
from core.domain.record.recorded import Recorded
from plugins.ppm_guidance import PROCEDURES, checks
from plugins.ppm_guidance.options import MATRIX

PPM2, PPM10 = PROCEDURES
ON = date(2026, 11, 23)
HOME = {
    "considered_on": "2026-09-01",
    "assessment": "detailed",
    "assessed_on": "2026-10-20",
    "wishes_on": "2026-10-21",
    **{code: f"What is known of it: {code}" for code in PARTS},
}
YOUNG = {
    "dbs_on": "",
    "result": "",
    "unchecked": "too-young",
    "unchecked_why": "Four, as the aunt says",
}
AUNT = {"name": "Odd Nettlefold", "relation": "Aunt", "dbs_on": "2026-10-01", "result": "Nothing"}


def plan(*entries: Recorded, **more: object) -> PlanFacts:
    facts = PlanFacts(
        ON,
        {"primary": "return-home", "contingencies": "long-term-fostering"},
        born=date(2018, 5, 4),
        statuses=frozenset({"C2"}),
        entries=entries,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def against(facts: PlanFacts, procedure: object = PPM2) -> dict[str, Finding]:
    found = PPM2.checked(Step.AGREE_PLAN, facts) if procedure is PPM2 else ()
    found = found or (PPM10.checked(Step.AGREE_PLAN, facts) if procedure is PPM10 else ())
    given = PPM2.approvals if procedure is PPM2 else PPM10.approvals
    every = (*found, *(one for approval in given for one in approval.findings(facts)))
    return {one.code: one for one in every}


def whole(**changed: str) -> Recorded:
    return typed("return-home", **{k: v for k, v in {**HOME, **changed}.items() if v})


@pytest.mark.clause("PPM2-3.2")
def test_a_return_home_is_agreed_with_its_assessment_and_every_member_checked() -> None:
    assert against(plan(whole(), typed("household-check", **AUNT))) == {}
    bare = against(plan())
    assert {"assessed-for-home", "household-checked", "home-considered"} == set(bare)
    assert bare["assessed-for-home"].clauses == ("PPM2-3.2",)
    assert bare["assessed-for-home"].field == "primary" and bare["assessed-for-home"].blocks


@pytest.mark.clause("PPM2-3.2")
@pytest.mark.parametrize(
    ("assessed_on", "refused"),
    [("", True), ("2026-11-23", False), ("2026-11-24", True), ("2026-10-20", False)],
)
def test_the_assessment_was_done_by_the_day(assessed_on: str, refused: bool) -> None:
    found = against(plan(whole(assessed_on=assessed_on), typed("household-check", **AUNT)))
    assert ("assessed-for-home" in found) is refused


@pytest.mark.clause("PPM2-3.2")
@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, False),
        ({"dbs_on": ""}, True),
        ({"result": ""}, True),
        ({"dbs_on": "2026-11-24"}, True),
        ({"dbs_on": "2026-11-23"}, False),
        ({"dbs_on": "", "result": "", "left_on": "2026-11-23"}, False),
        ({"dbs_on": "", "result": "", "left_on": "2026-11-24"}, True),
        ({**YOUNG}, False),
        ({**YOUNG, "born_on": "2008-11-24"}, False),  # 18 tomorrow
        ({**YOUNG, "born_on": "2008-11-23"}, True),  # 18 today
        ({"dbs_on": "", "result": "", "born_on": "2020-03-02"}, True),  # nobody has said so
    ],
)
def test_each_member_of_the_household_has_a_check_that_says_something(
    changed: dict[str, str], refused: bool
) -> None:
    other = {**AUNT, "name": "Wen Nettlefold", **changed}
    member = typed("household-check", **{k: v for k, v in other.items() if v})
    found = against(plan(whole(), typed("household-check", **AUNT), member))
    assert ("household-checked" in found) is refused
    if refused:
        assert "Wen Nettlefold" in found["household-checked"].message
        assert "Odd Nettlefold" not in found["household-checked"].message


@pytest.mark.clause("PPM2-3.4")
@pytest.mark.parametrize("part", PARTS)
def test_none_of_the_four_parts_is_empty(part: str) -> None:
    found = against(plan(whole(**{part: ""}), typed("household-check", **AUNT)))
    assert set(found) == {"home-considered"}
    said = found["home-considered"]
    assert said.clauses == ("PPM2-3.4",)
    empty = [words for words in PARTS.values() if words[1:] in said.message]
    assert empty == [PARTS[part]]


@pytest.mark.clause("PPM2-3.4")
def test_what_was_written_for_an_earlier_return_home_counts_for_no_later_one() -> None:
    before = typed("plan", primary="return-home", achieved_on="2026-09-15", ended_on="2026-10-01")
    checked = typed("household-check", **AUNT)
    assert "home-considered" in against(plan(whole(), checked, before))
    later = whole(considered_on="2026-09-16")
    assert against(plan(later, checked, before)) == {}
    assert "home-considered" in against(plan(whole(ended_on="2026-11-23"), checked))
    assert against(plan(whole(ended_on="2026-11-24"), checked)) == {}


@pytest.mark.clause("PPM2-3.2", "PPM2-3.4")
def test_another_plan_needs_nothing_of_a_return_home() -> None:
    other = {"primary": "adoption", "contingencies": "sgo"}
    assert against(plan(values=other, born=day("2010-01-01"), statuses=frozenset({"V2"}))) == {}
    supervised = {"primary": "return-home-supervision-order", "contingencies": "sgo"}
    assert "assessed-for-home" in against(plan(values=supervised))


READY = (whole(), typed("household-check", **AUNT))


@pytest.mark.clause("PPM2-3.3")
@pytest.mark.parametrize(
    ("born", "statuses", "refused"),
    [
        ("2010-11-24", {"V2"}, ""),  # 15: 16 tomorrow
        ("2010-11-23", {"V2"}, "home-accommodated"),  # 16 today
        ("2010-11-22", {"V2"}, "home-accommodated"),
        ("2008-11-24", {"V2"}, "home-accommodated"),  # 17 still
        ("2008-11-23", {"V2"}, ""),  # 18 today
        ("2010-11-23", {"C2"}, ""),
        ("2010-11-23", set(), ""),  # not looked after on that day
        ("2010-11-23", None, "status-known"),
        ("2010-11-24", None, ""),
        ("", {"V2"}, "status-known"),
    ],
)
def test_at_16_and_17_under_section_20_the_assistant_director_approves(
    born: str, statuses: set[str] | None, refused: str
) -> None:
    facts = plan(
        *READY,
        born=day(born) if born else None,
        statuses=None if statuses is None else frozenset(statuses),
    )
    found = against(facts)
    assert set(found) == ({refused} if refused else set())
    if refused:
        assert found[refused].clauses == ("PPM2-3.3",)
    if refused == "home-accommodated":
        approved = replace(facts, approved=frozenset({"home-accommodated"}))
        assert against(approved) == {}
        assert "the Assistant Director has to approve it" in found[refused].message


FOSTERED = {"primary": "long-term-fostering", "contingencies": "sgo", "primary_words": "Settled"}


@pytest.mark.clause("PPM10-A.under7.no")
@pytest.mark.parametrize(
    ("born", "needed"),
    [
        ("2019-11-24", True),  # 6: 7 tomorrow
        ("2019-11-23", False),  # 7 today
        ("2019-11-22", False),
        ("2026-12-01", True),  # not born yet
        ("", True),  # not known: it may be
    ],
)
def test_long_term_fostering_under_7_needs_the_head_of_service(born: str, needed: bool) -> None:
    facts = plan(values=FOSTERED, born=day(born) if born else None)
    found = against(facts, PPM10)
    assert set(found) == ({"fostering-young"} if needed else set())
    if needed:
        assert found["fostering-young"].clauses == ("PPM10-A.under7.no",)
        assert against(replace(facts, approved=frozenset({"fostering-young"})), PPM10) == {}


@pytest.mark.clause("PPM10-A.under7.no")
def test_long_term_fostering_under_7_needs_a_rationale() -> None:
    young = {"born": date(2021, 5, 4), "approved": frozenset({"fostering-young"})}
    bare = {code: said for code, said in FOSTERED.items() if code != "primary_words"}
    found = against(plan(values=bare, **young), PPM10)  # type: ignore[arg-type]
    assert set(found) == {"fostering-rationale"}
    assert found["fostering-rationale"].field == "primary_words"
    option = replace(
        typed("plan-option", option="long-term-fostering", conclusion="supported", why="Settled"),
        parent_id=7,
    )
    weighed = {**young, "weighed_in": 7}
    assert against(plan(option, values=bare, **weighed), PPM10) == {}  # type: ignore[arg-type]
    out = replace(
        typed("plan-option", option="long-term-fostering", conclusion="ruled-out", why="Too young"),
        parent_id=7,
    )
    assert against(plan(out, values=bare, **weighed), PPM10)  # type: ignore[arg-type]
    said = {"long-term-fostering": "What the meeting says"}
    assert against(plan(values=bare, whys=said, **young), PPM10) == {}  # type: ignore[arg-type]


@pytest.mark.clause("PPM10-A.under7.no")
def test_the_age_up_to_which_it_needs_them_is_that_of_the_matrix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    young, older, *rest = MATRIX.rows
    rows = (replace(young, title="Under 9", under_age=9), replace(older, from_age=9), *rest)
    eight = plan(values={**FOSTERED, "primary_words": ""}, born=date(2018, 5, 4))
    assert against(eight, PPM10) == {}
    monkeypatch.setattr(checks, "MATRIX", replace(MATRIX, rows=rows))
    found = against(eight, PPM10)
    assert set(found) == {"fostering-young", "fostering-rationale"}
    assert "long-term fostering under 9 needs a clear rationale" in (
        found["fostering-rationale"].message
    )


@pytest.mark.clause("PPM10-A.under7.no")
def test_as_a_contingency_long_term_fostering_needs_no_approval() -> None:
    values = {"primary": "adoption", "contingencies": "long-term-fostering"}
    assert against(plan(values=values, born=date(2021, 5, 4)), PPM10) == {}


@pytest.mark.clause("PPM10-A.2")
def test_a_plan_without_a_contingency_is_not_agreed() -> None:
    found = against(plan(values={"primary": "sgo"}), PPM10)
    assert set(found) == {"contingency-named"}
    assert found["contingency-named"].field == "contingencies"
    assert against(plan(values={"primary": "sgo", "contingencies": "cao"}), PPM10) == {}

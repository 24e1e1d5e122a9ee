"""Who comes to a planning meeting under each standard: by age, plan and proceedings on its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.domain.planning_people import Guest, Line, after, before, chairs_of, lines
from core.domain.procedure.figure import Kind
from core.domain.procedure.local import Setting, applied, figures
from core.domain.procedure.on_day import ChildOnDay
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
ON = date(2026, 12, 3)
CHILD = ChildOnDay(ON, date(2019, 5, 4))
ADOPTED = replace(CHILD, options=frozenset({"adoption"}), primary="adoption")


def line(child: ChildOnDay, code: str, number: int = 0) -> Line:
    body = PROCEDURES[number].bodies[0]
    return next(one for one in lines(body, child) if one.code == code)


def guest(code: str, came: str = "present", **more: object) -> Guest:
    at = datetime(2026, 11, 23, 9)
    made = Guest(1, code, 1, code, None, "", code, "", at, "", "", came, "", None, None)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.clause("PPM2-5.2", "PPM2-4.1", "PPM2-5.1")
@pytest.mark.parametrize(
    ("born", "clauses"),
    [
        (date(2017, 12, 4), ("PPM2-5.2", "PPM2-4.1")),
        (date(2017, 12, 3), ("PPM2-4.1", "PPM2-5.1")),
        (None, ("PPM2-4.1", "PPM2-5.1")),
    ],
)
def test_adoption_is_invited_where_it_is_likely_and_under_nine_by_its_own_clause(
    born: date | None, clauses: tuple[str, ...]
) -> None:
    found = line(replace(ADOPTED, born=born), "adoption-invited")
    assert found.applies is True and found.clauses == clauses
    spare = replace(CHILD, contingencies=frozenset({"adoption"}), born=born)
    assert line(spare, "adoption-invited").applies is True
    out = replace(ADOPTED, born=born, ruled_out=frozenset({"adoption"}))
    assert line(out, "adoption-invited").applies is False
    assert line(out, "adoption-invited").why.startswith("adoption is ruled out;")
    unborn = replace(ADOPTED, unborn=True)
    assert line(unborn, "adoption-invited").clauses == ("PPM2-5.2", "PPM2-4.1")


@pytest.mark.clause("PPM2-5.3", "PPM2-5.5")
def test_the_reviewing_officer_always_the_solicitor_in_proceedings() -> None:
    assert line(CHILD, "reviewing-officer").applies is True
    assert line(CHILD, "family-finding").applies is False
    assert line(ADOPTED, "family-finding").applies is True
    assert line(CHILD, "solicitor").applies is None
    assert "not recorded" in line(CHILD, "solicitor").why
    assert line(replace(CHILD, in_proceedings=True), "solicitor").applies is True
    assert line(replace(CHILD, in_proceedings=False), "solicitor").applies is False


@pytest.mark.clause("PPM2-5.1")
def test_the_absence_of_fostering_is_flagged_and_one_manager_is_enough() -> None:
    body = PPM2.bodies[0]
    every = lines(body, CHILD)
    came = [guest(code) for code in ("team-manager", "case-supervisor", "social-worker")]
    found = {finding.code: finding for finding in after(every, came)}
    assert "fostering" in found and found["fostering"].clauses == ("PPM2-5.1",)
    assert not found["fostering"].blocks
    assert "service-manager" not in found and "team-manager" not in found
    none = {finding.code for finding in after(every, came[1:])}
    assert {"service-manager", "team-manager"} <= none
    (chair,) = chairs_of(every, came)
    assert chair.code == "team-manager"
    both = [guest("service-manager"), *came]
    (first,) = chairs_of(every, both)
    assert first.code == "service-manager"
    two = [replace(guest("service-manager"), id=90 + n, account_id=n) for n in (1, 2)]
    assert chairs_of(every, [*two, *came]) == tuple(two)


@pytest.mark.clause("PPM2-5.1")
def test_one_manager_is_enough_in_the_preparation_too() -> None:
    every = lines(PPM2.bodies[0], CHILD)
    managers = {"service-manager", "team-manager"}
    assert managers <= {finding.code for finding in before(every, ())}
    for code in managers:
        assert not managers & {finding.code for finding in before(every, [guest(code, "")])}
    away = guest("team-manager", "", invited_at=None, why_not="On leave")
    assert "service-manager" in {finding.code for finding in before(every, [away])}


@pytest.mark.clause("PPM2-5.1")
def test_somebody_whom_no_rule_brings_takes_nobody_s_place() -> None:
    every = lines(PPM2.bodies[0], CHILD)
    beside = guest("", name="Ode Fennimore")
    for open_points in (before(every, [beside]), after(every, [beside])):
        codes = {finding.code for finding in open_points}
        assert {"social-worker", "case-supervisor", "fostering"} <= codes


@pytest.mark.clause("PPM10-10")
def test_nobody_misses_a_post_that_may_stay_empty() -> None:
    body = next(one for one in PPM10.bodies if one.code == "final-care-planning-meeting")
    every = lines(body, CHILD)
    found = next(one for one in every if one.code == "team-manager")
    assert found.optional and not found.must and found.why.startswith("may attend")
    for open_points in (before(every, ()), after(every, ())):
        codes = {finding.code for finding in open_points}
        assert "head-of-service" in codes and "team-manager" not in codes


@pytest.mark.clause("PPM10-4")
@pytest.mark.parametrize(
    ("option", "services"),
    [
        ("adoption", {"adoption"}),
        ("connected-fostering", {"kinship", "fostering", "family-connections"}),
        ("long-term-fostering", {"fostering", "child-in-care"}),
        ("return-home", {"family-connections"}),
        ("sgo-existing-carer", {"fostering"}),
        ("residential", {"child-in-care"}),
    ],
)
def test_services_are_invited_in_line_with_the_options(option: str, services: set[str]) -> None:
    child = replace(CHILD, options=frozenset({option}))
    found = {one.code: one for one in lines(PPM10.bodies[0], child)}
    names = ("kinship", "fostering", "child-in-care", "family-connections", "adoption")
    assert {code for code in names if found[code].applies} == services
    assert all("set here" in found[code].why for code in names)
    unknown = {one.code: one.applies for one in lines(PPM10.bodies[0], CHILD)}
    assert {unknown[code] for code in names} == {None}


@pytest.mark.clause("PPM10-4")
def test_the_names_of_the_services_are_the_authority_s_to_change() -> None:
    names = {f.rule: f for f in figures(PPM10) if f.kind is Kind.NAME}
    assert set(names) == {"kinship", "fostering", "child-in-care", "family-connections", "adoption"}
    key = names["adoption"].key
    setting = Setting(
        "PPM10", PPM10.bodies[0].code, "adoption", "name", "Adoption South East", ON, "", "",
        datetime(2026, 11, 23), "x",
    )  # fmt: skip
    here = applied(PPM10, {key: setting})
    titles = {rule.code: rule.title for rule in here.bodies[0].invited}
    assert titles["adoption"] == "Adoption South East" and titles["kinship"] == "Kinship"
    assert names["adoption"].read("  ") is None and names["adoption"].read("x" * 81) is None


@pytest.mark.clause("PPM10-5", "PPM10-6")
def test_parents_come_or_were_heard_and_carers_are_invited_or_it_is_said_why_not() -> None:
    fostered = replace(CHILD, fostered=True)
    every = lines(PPM10.bodies[0], fostered)
    open_points = {finding.code for finding in before(every, ())}
    assert {"parents", "foster-carers", "team-manager"} <= open_points
    found = {finding.code: finding for finding in after(every, ())}
    assert found["foster-carers"].blocks and found["foster-carers"].clauses == ("PPM10-6",)
    assert not found["parents"].blocks
    why = guest("foster-carers", "", invited_at=None, why_not="They move that day")
    heard = guest("parents", "apologies", views_on=date(2026, 12, 1))
    mended = {finding.code for finding in after(every, (why, heard))}
    assert not mended & {"foster-carers", "parents"}
    home = replace(CHILD, fostered=False)
    alone = {finding.code for finding in after(lines(PPM10.bodies[0], home), ())}
    assert "foster-carers" not in alone


@pytest.mark.clause("PPM10-6")
def test_where_the_child_lives_may_not_be_known() -> None:
    found = line(CHILD, "foster-carers", 1)
    assert found.applies is None and "where the child lives is not recorded" in found.why


@pytest.mark.clause("PPM10-4")
def test_an_option_that_was_ruled_out_is_not_said_never_to_have_been_there() -> None:
    out = replace(CHILD, ruled_out=frozenset({"adoption"}))
    found = line(out, "adoption", 1)
    assert found.applies is False and found.why.startswith("adoption is ruled out")
    other = replace(out, options=frozenset({"sgo"}))
    assert "adoption is ruled out" in line(other, "adoption", 1).why
    never = line(replace(other, ruled_out=frozenset()), "adoption", 1)
    assert "adoption is not among the options" in never.why
    assert line(out, "kinship", 1).applies is None

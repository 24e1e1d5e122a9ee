"""What a planning meeting offers, what it wrote of it, and what that lacks or cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
import toyshire
from builders.dated import typed

from core.domain.finding import Finding, Strength
from core.domain.offer import Among, Asked, Offer, offer_of
from core.domain.planned import PlanDraft, approvals_lacking, draft_of, impossible, lacking
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Place
from core.domain.record.plan import OPTIONS
from core.domain.record.recorded import Recorded
from plugins.bexley import PROCEDURE as BEX
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
TOY = toyshire.PROCEDURE
ON = date(2026, 11, 23)
FOUR = Asked(date(2022, 5, 4), unborn=False, on=ON, until=date(2027, 2, 1))
RULED_OUT = typed(
    "connected-person", name="Ode", relation="Grandmother", identified_on="2026-09-10",
    ruled_out_on="2026-11-01", ruled_out_why="She withdrew",
)  # fmt: skip
CONSIDERED = {"reunification": "yes", "reunification-why": "Not safe within the time"}
WHOLE = {
    **CONSIDERED,
    "family-meeting-why-not": "The family asked for none",
    "plan-primary": "adoption",
    "plan-contingencies": "long-term-fostering",
    "plan-step-0001-abcd.plan": "primary",
    "plan-step-0001-abcd.what": "Begin family finding",
    "plan-step-0001-abcd.due_on": "2026-12-20",
    "plan-step-0002-abcd.plan": "contingency",
    "plan-step-0002-abcd.what": "Ask fostering",
    "plan-step-0002-abcd.due_on": "2026-12-21",
    "option-long-term-fostering-rationale": "He has settled with these carers",
    **{
        f"option-{code}-{what}": said
        for code in ("return-home", "return-home-supervision-order", "connected-fostering-to-sgo")
        for what, said in (("conclusion", "ruled-out"), ("why", "Nobody is left"))
    },
    **{
        f"option-{code}-{what}": said
        for code in ("adoption", "long-term-fostering")
        for what, said in (("conclusion", "supported"), ("why", "He needs a family"))
    },
}


def offer(
    *procedures: Procedure,
    entries: Iterable[Recorded] = (RULED_OUT,),
    asked: Asked = FOUR,
    column: str = "",
) -> Offer:
    return offer_of(procedures or (BEX, PPM10), entries, asked, column)


def draft(answers: dict[str, str], of: Offer | None = None) -> PlanDraft:
    return draft_of(of or offer(), {Place.named(name): said for name, said in answers.items()})


def codes(found: Offer) -> dict[str, list[str]]:
    return {group.among: [option.code for option in group.options] for group in found.groups}


def lacks(answers: dict[str, str], of: Offer | None = None, **more: bool) -> list[Finding]:
    held = of or offer()
    return list(lacking(draft(answers, held), held, **more))


def at(found: Iterable[Finding], strength: Strength | None = Strength.BLOCKS) -> list[str | None]:
    return [one.field for one in found if strength is None or one.strength is strength]


@pytest.mark.clause("PPM10-A.1", "PPM10-A.0")
def test_return_to_parents_comes_first_and_nothing_outside_stands_in_the_cell() -> None:
    found = offer()
    assert codes(found) == {
        "always": ["return-home", "return-home-supervision-order"],
        "cell": ["adoption", "long-term-fostering", "connected-fostering-to-sgo"],
    }
    listed = {code for listed in codes(found).values() for code in listed}
    assert set(found.outside) == set(OPTIONS) - listed
    assert found.groups[1].clauses == ("PPM10-A.under7.no",)
    assert found.column is not None and found.column.code == "no"


def test_with_somebody_left_or_nobody_identified_the_other_column_holds() -> None:
    may_be = ["connected-fostering", "sgo", "cao", "care-order-to-sgo-cao"]
    left = typed("connected-person", name="Wim", relation="Uncle", identified_on="2026-11-01")
    assert codes(offer(entries=()))["cell"] == may_be
    assert codes(offer(entries=(RULED_OUT, left)))["cell"] == may_be


def test_a_birthday_before_the_next_meeting_is_told_of_and_none_after_it() -> None:
    six = replace(FOUR, born=date(2020, 2, 1))
    turning = offer(asked=six).turning
    assert turning is not None and turning.on == date(2027, 2, 1)
    assert offer(asked=replace(six, until=date(2027, 1, 31))).turning is None
    assert offer(asked=replace(six, until=None)).turning is None


def test_an_age_that_cannot_be_leaves_what_is_open_at_any_age() -> None:
    for born in (None, date(2026, 11, 24), date(2000, 1, 1)):
        found = offer(asked=replace(FOUR, born=born))
        assert list(codes(found)) == ["always"]
        assert [one.field for one in found.faults] == ["born"]
        assert found.outside == {} and found.placed is None
    assert codes(offer(asked=replace(FOUR, born=None, unborn=True)))["cell"]


def test_another_authority_asks_for_its_column_and_adds_its_own_options() -> None:
    asked = offer(TOY, entries=())
    assert [column.code for column in asked.columns] == ["somebody", "already"]
    assert codes(asked) == {"added": ["staying-put"]}
    assert at(lacks({}, asked)) == ["options-column"]
    said = offer(TOY, entries=(), column="already")
    assert codes(said) == {"cell": ["sgo"], "added": ["staying-put"]}
    assert said.columns == asked.columns
    assert said.beyond is None and said.outside == {}
    alone = offer(TOY)
    assert (codes(alone)["cell"], alone.columns) == (["adoption"], ())


def test_without_a_matrix_the_core_s_list_stands_and_cites_nothing() -> None:
    found = offer(PPM2)
    assert codes(found) == {"any": [code for code in OPTIONS if code != "other"]}
    assert found.groups[0].clauses == ()
    assert found.outside == {"other": "Another option"}
    with_own = offer(PPM2, replace(TOY, options=None))
    assert codes(with_own)["added"] == ["staying-put"]
    assert "staying-put" not in codes(with_own)["any"]


def test_a_whole_plan_lacks_nothing_but_the_approval() -> None:
    turned = {
        **WHOLE,
        "plan-primary": "long-term-fostering",
        "plan-contingencies": "adoption",
    }
    found = lacks(turned)
    assert at(found, None) == ["plan-primary"]
    assert found[0].strength is Strength.IN_PRINCIPLE
    assert found[0].clauses == ("PPM10-A.under7.no",)
    assert "cannot be agreed without the head of service’s approval" in found[0].message
    assert list(approvals_lacking(draft(turned), {"long-term-fostering"})) == []
    assert list(approvals_lacking(draft(turned), {"adoption"})) == found


def test_a_contingency_is_approved_when_it_becomes_the_primary_plan() -> None:
    (found,) = lacks(WHOLE)
    assert (found.field, found.strength) == ("plan-contingencies", Strength.WARNS)
    assert "cannot become the primary plan without the head of service’s" in found.message


@pytest.mark.parametrize(
    ("without", "fields", "clauses"),
    [
        ("plan-contingencies", ["plan-contingencies"], ("PPM10-A.2",)),
        ("family-meeting-why-not", ["family-meeting-why-not"], ("PPM10-A.3",)),
        ("option-adoption-why", ["option-adoption-why"], ("PPM10-A.under7.no",)),
        (
            "option-adoption-conclusion",
            ["option-adoption-conclusion"],
            ("PPM10-A.under7.no",),
        ),
        (
            "option-long-term-fostering-rationale",
            ["option-long-term-fostering-rationale"],
            ("PPM10-A.under7.no",),
        ),
        ("option-return-home-why", ["option-return-home-why"], ("PPM10-A.1",)),
        ("plan-step-0001-abcd.what", ["plan-step-0001-abcd.what"], ()),
        ("plan-step-0001-abcd.plan", ["plan-step-0001-abcd.plan"], ()),
    ],
)
@pytest.mark.clause("PPM10-A.2", "PPM10-A.3", "PPM10-A.under7.no")
def test_what_is_left_out_is_found_at_its_field_with_its_clause(
    without: str, fields: list[str], clauses: tuple[str, ...]
) -> None:
    found = lacks({name: said for name, said in WHOLE.items() if name != without})
    blocking = [one for one in found if one.blocks]
    assert at(blocking) == fields
    assert blocking[0].clauses == clauses


def test_a_family_network_meeting_that_was_held_needs_no_reason() -> None:
    without = {name: said for name, said in WHOLE.items() if name != "family-meeting-why-not"}
    assert at(lacks(without, family_meeting=True)) == []


def test_an_option_of_which_nothing_is_said_and_a_plan_without_a_day_are_warned_of() -> None:
    assert at(lacks({**CONSIDERED, "family-meeting-why-not": "None"})) == []
    warned = at(lacks(CONSIDERED), Strength.WARNS)
    assert warned == [
        *(f"option-{code}-conclusion" for listed in codes(offer()).values() for code in listed),
        "plan-primary",
    ]
    no_day = {k: v for k, v in WHOLE.items() if k != "plan-step-0002-abcd.due_on"}
    approval, warning = [one for one in lacks(no_day) if one.strength is Strength.WARNS]
    assert approval.field == "plan-contingencies"
    assert (warning.field, warning.message) == (
        "plan-step",
        "The contingency plan has no step with a day",
    )


@pytest.mark.clause("PPM10-A.1")
@pytest.mark.parametrize("considered", [{}, {"reunification": "no"}, {"reunification": "yes"}])
def test_nothing_of_the_cell_is_supported_or_chosen_before_reunification_was_considered(
    considered: dict[str, str],
) -> None:
    answers = {k: v for k, v in WHOLE.items() if not k.startswith("reunification")} | considered
    found = list(impossible(draft(answers), offer()))
    assert at(found) == [
        "option-adoption-conclusion",
        "option-long-term-fostering-conclusion",
        "plan-primary",
        "plan-contingencies",
    ]
    assert {one.clauses for one in found} == {("PPM10-A.1",)}
    home = {
        "plan-primary": "return-home",
        "option-return-home-conclusion": "supported",
        "option-adoption-conclusion": "considered",
    }
    assert list(impossible(draft(home), offer())) == []


def test_what_is_ruled_out_or_not_listed_cannot_be_the_plan_nor_its_own_contingency() -> None:
    out = {**WHOLE, "option-adoption-conclusion": "ruled-out"}
    assert at(impossible(draft(out), offer())) == ["plan-primary"]
    unlisted = {**WHOLE, "plan-contingencies": "long-term-fostering,cao"}
    (found,) = impossible(draft(unlisted), offer())
    assert found.field == "plan-contingencies"
    assert "name it under “Another option” first" in found.message
    assert found.clauses == ("PPM10-A.under7.no",)
    own = {**WHOLE, "plan-contingencies": "long-term-fostering,adoption"}
    assert at(impossible(draft(own), offer())) == ["plan-contingencies"]


@pytest.mark.clause("PPM10-A.0")
def test_another_option_needs_its_rationale_and_is_none_of_those_listed() -> None:
    row = "outside-0001-abcd"
    other = {**WHOLE, "plan-contingencies": "cao", f"{row}.option": "cao"}
    found = [one for one in lacks(other) if one.blocks]
    assert at(found) == [f"{row}.conclusion", f"{row}.rationale"]
    assert {one.clauses for one in found} == {("PPM10-A.0",)}
    whole = {
        **other,
        f"{row}.conclusion": "supported",
        f"{row}.why": "The aunt has an order already",
        f"{row}.rationale": "She was assessed before",
    }
    assert at(lacks(whole)) == []
    listed = {**whole, f"{row}.option": "adoption", "plan-contingencies": "long-term-fostering"}
    assert at(lacks(listed)) == [f"{row}.option"]
    twice = {**whole, **{k.replace("0001", "0002"): v for k, v in whole.items() if row in k}}
    assert at(lacks(twice)) == ["outside-0002-abcd.option"]
    unnamed = {**whole, f"{row}.option": "other", "plan-contingencies": "other"}
    assert at(lacks(unnamed)) == [f"{row}.words"]
    assert at(lacks({**unnamed, f"{row}.words": "A boarding school"})) == []
    assert at(lacks({**WHOLE, f"{row}.rationale": "Something"})) == [f"{row}.option"]


@pytest.mark.clause("PPM2-2.6")
def test_the_two_week_standard_warns_of_a_plan_without_contingency_or_steps() -> None:
    alone = offer(PPM2)
    answers = {
        "plan-primary": "adoption",
        "option-adoption-conclusion": "supported",
        "option-adoption-why": "He needs a family",
    }
    found = lacks(answers, alone)
    assert at(found) == []
    assert at(found, Strength.WARNS) == ["plan-contingencies", "plan-step"]
    assert {one.clauses for one in found} == {("PPM2-2.6",)}


def test_needs_are_those_of_this_child_on_this_day() -> None:
    assert offer().needs("long-term-fostering") == ("rationale", "head-of-service")
    eight = replace(FOUR, born=date(2018, 5, 4))
    assert offer(asked=eight).needs("long-term-fostering") == ()
    assert offer().needs("cao") == ("rationale",)


def test_the_groups_say_where_an_option_was_found() -> None:
    found = draft(WHOLE)
    assert {one.code: one.among for one in found.weighed}["return-home"] is Among.ALWAYS
    adoption = found.option("adoption")
    assert adoption is not None and adoption.open and adoption.among is Among.CELL
    home = found.option("return-home")
    assert home is not None and not home.open
    assert found.option("cao") is None
    assert [(s.plan, s.what, s.due_on) for s in found.steps] == [
        ("primary", "Begin family finding", date(2026, 12, 20)),
        ("contingency", "Ask fostering", date(2026, 12, 21)),
    ]

"""Of rules of one code that of the first procedure holds; what is always on stands beside."""

from __future__ import annotations

from dataclasses import replace

from builders.standards import CIRCLE, FULL, LAW, OTHER, STANDARD, deadline

from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body, MostCases
from core.domain.procedure.timetable import Deadline
from core.domain.procedure.winning import winning


def test_the_first_holds_and_names_the_clause_it_replaced() -> None:
    (won,) = winning((OTHER, STANDARD), Deadline)
    assert (won.procedure.code, won.rule.clauses) == ("OTH", ("OTH-1",))
    assert won.replaced == ("STD-1",)
    (turned,) = winning((STANDARD, OTHER), Deadline)
    assert (turned.procedure.code, turned.replaced) == ("STD", ("OTH-1",))


def test_a_third_is_replaced_too() -> None:
    third = replace(OTHER, code="THR", deadlines=(deadline("made-up-ppm", "THR-1", 3),))
    (won,) = winning((OTHER, STANDARD, third), Deadline)
    assert won.replaced == ("STD-1", "THR-1")


def test_the_law_stands_beside_and_is_replaced_by_nothing() -> None:
    for order in ((OTHER, STANDARD, LAW), (LAW, OTHER, STANDARD)):
        won = winning(order, Deadline)
        assert {one.procedure.code for one in won} == {"OTH", "LAW"}
        assert all("LAW-1" not in one.replaced for one in won)
        (law,) = [one for one in won if one.procedure is LAW]
        assert law.replaced == ()


def test_rules_of_different_codes_all_hold() -> None:
    more = replace(STANDARD, deadlines=(deadline("second-ppm", "STD-1", 20),))
    assert len(winning((OTHER, more), Deadline)) == 2


def test_what_belongs_to_a_body_is_looked_at_within_it() -> None:
    one = replace(STANDARD, bodies=(FULL,))
    other: Procedure = replace(OTHER, bodies=(replace(FULL, code="other-circle"),))
    assert len(winning((one, other), MostCases)) == 2
    assert len(winning((one, replace(OTHER, bodies=(FULL,))), MostCases)) == 1


def test_a_body_holds_whole() -> None:
    (won,) = winning((STANDARD, replace(OTHER, bodies=(FULL,))), Body)
    assert won.rule is CIRCLE
    assert [procedure.code for procedure, _ in won.instead_of] == ["OTH"]


def test_two_rules_of_one_code_in_one_procedure_replace_nothing() -> None:
    first = deadline("made-up-ppm", "STD-1", 10)
    twice = replace(STANDARD, deadlines=(first, replace(first, clauses=("STD-2",))))
    assert winning((twice,), Deadline)[0].replaced == ()

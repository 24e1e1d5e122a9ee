"""Who of a planning meeting’s guests is a parent, and why nobody of a line was there."""

from __future__ import annotations

import pytest

from core.domain.planning_people import Guest, Line, after, is_parent
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Invited

BODY = Body(
    code="planning",
    clauses=("TOY-1",),
    title="Planning meeting",
    invited=(Invited(code="family", clauses=("TOY-2",), title="The parents", views=True),),
)


def guest(relation: str, code: str = "", account_id: int | None = None) -> Guest:
    return Guest(1, "g", 1, code, account_id, "", "Ada", relation, None, "", "", "", "", None, None)


@pytest.mark.parametrize(
    "relation",
    ["mother", "Father", "birth mother", "the child’s father", "Parent", "mum", "his dad",
     "mother and father", "father (in prison)",
     "father of the child", "uncle, has parental responsibility"],
)  # fmt: skip
def test_a_parent_is_known_by_what_they_are_to_the_child(relation: str) -> None:
    assert is_parent(BODY, guest(relation))
    assert not is_parent(BODY, guest(relation, account_id=7))


@pytest.mark.parametrize(
    "relation",
    ["grandmother", "foster mother", "mother’s partner", "mother of his aunt", "mother-in-law",
     "stepfather", "", "health visitor", "parenting worker", "Parent and child foster carer",
     "parent support worker", "Mother and baby unit manager", "birth parents’ solicitor",
     "no parental responsibility"],
)  # fmt: skip
def test_whoever_else_comes_is_none(relation: str) -> None:
    assert not is_parent(BODY, guest(relation))
    assert is_parent(BODY, guest(relation, "family"))


def test_who_was_not_asked_did_not_come_for_the_reason_on_file() -> None:
    line = Line("team-manager", "Team manager", ("TOY-1",), True, True, "attends")
    why = Guest(1, "g", 1, line.code, None, "", "", "", None, "", "On leave.", "", "", None, None)
    assert [one.message for one in after([line], [why])] == [
        "Team manager: nobody was asked: On leave"
    ]
    (open_point,) = after([line], [])
    assert open_point.message == "Team manager: did not come, or it is not said"

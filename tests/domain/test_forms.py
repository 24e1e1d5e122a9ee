"""Forms as a procedure lays them down: places, rows that repeat, and what is not answered yet."""

from __future__ import annotations

import pytest
import toyshire
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer_words import in_words
from core.domain.finding import Strength
from core.domain.procedure.forms import Field, FieldType, Form, Place, Section

FORM = Form(
    code="referral",
    clauses=("TOY-3",),
    sections=(
        Section(
            code="sought",
            clauses=("TOY-3",),
            title="What is asked",
            fields=(
                Field(code="sought", label="What is asked?", required=True),
                Field(code="told", label="Has the child been told?", type=FieldType.YES_NO),
                Field(code="why-not", label="Why not?", required_when_no=("told",)),
            ),
        ),
        Section(
            code="family",
            clauses=(),
            title="Family members",
            repeats=True,
            at_least=1,
            fields=(
                Field(code="name", label="Name", required=True),
                Field(code="sought", label="What does this person ask?"),
            ),
        ),
    ),
)
FAMILY = FORM.sections[1]
CODES = st.from_regex(r"[a-z][a-z-]{0,12}", fullmatch=True)
ROWS = st.one_of(st.just(""), st.from_regex(r"[a-z]{1,8}-[0-9a-f]{1,8}", fullmatch=True))


def lacking(answers: dict[str, str]) -> list[str | None]:
    found = FORM.incomplete({Place.named(name): value for name, value in answers.items()})
    return [finding.field for finding in found]


@given(CODES, ROWS)
def test_a_place_is_read_back_from_the_name_of_its_input(field: str, row: str) -> None:
    place = Place(field, row)
    assert Place.named(str(place)) == place


def test_a_place_in_no_row_is_the_field_alone() -> None:
    assert str(Place("sought")) == "sought"
    assert str(Place("name", "family-3f9a")) == "family-3f9a.name"


def test_an_empty_form_lacks_what_is_required_and_a_first_row() -> None:
    assert lacking({}) == ["sought", "family"]


def test_a_complete_form_lacks_nothing() -> None:
    assert lacking({"sought": "A match", "family-1.name": "Marl Quillfeather"}) == []


def test_spaces_are_no_answer() -> None:
    assert lacking({"sought": "  \n", "family-1.name": "\t"}) == ["sought", "family-1.name"]


@pytest.mark.parametrize(("told", "asked"), [("", False), ("yes", False), ("no", True)])
def test_a_no_asks_for_its_reason(told: str, asked: bool) -> None:
    answers = {"sought": "A match", "family-1.name": "Marl Quillfeather", "told": told}
    assert lacking(answers) == (["why-not"] if asked else [])
    assert lacking({**answers, "why-not": "Too young"}) == []


def test_each_row_begun_lacks_its_own_fields() -> None:
    answers = {"sought": "A match", "family-1.sought": "To visit", "family-2.name": "Ode Fennimore"}
    assert lacking(answers) == ["family-1.name"]


def test_what_a_row_lacks_says_which_row_it_is() -> None:
    answers = {"family-1.name": "Ode Fennimore", "family-2.sought": "To visit"}
    found = FORM.incomplete({Place.named(name): value for name, value in answers.items()})
    (row,) = [finding for finding in found if finding.field == "family-2.name"]
    assert row.message == "Row 2: Name is not answered"


def test_what_is_lacking_warns_and_cites_the_section_or_else_the_form() -> None:
    found = FORM.incomplete({})
    assert {finding.strength for finding in found} == {Strength.WARNS}
    assert [finding.clauses for finding in found] == [("TOY-3",), ("TOY-3",)]
    assert [finding.message for finding in found] == [
        "Not answered: What is asked?",
        "Not answered: Family members",
    ]


def test_rows_are_those_with_an_answer_of_their_section_once_each() -> None:
    answers = {
        Place("name", "family-b"): "Ode Fennimore",
        Place("sought", "family-b"): "To visit",
        Place("name", "family-a"): "Marl Quillfeather",
        Place("name", "family-c"): "",
        Place("name", "network-a"): "not of this section",
        Place("other", "family-d"): "not a field of it",
        Place("sought"): "not in a row",
    }
    assert FORM.rows(FAMILY, answers) == ("family-a", "family-b")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("sought", "What is asked?"),
        ("family-1.sought", "What does this person ask?"),
        ("family-1.name", "Name"),
        ("name", None),
        ("network-1.name", None),
        ("family-1.told", None),
        ("sought-1.sought", None),
        ("nothing", None),
    ],
)
def test_a_field_is_found_by_its_place_and_only_there(name: str, label: str | None) -> None:
    field = FORM.field(Place.named(name))
    assert (field.label if field else None) == label


def test_a_section_is_found_by_its_code() -> None:
    assert FORM.section("family") is FAMILY
    assert FORM.section("fam") is None


def test_choices_are_kept_in_their_order_and_read_in_words() -> None:
    chosen = Field(
        code="who", label="Who?", type=FieldType.CHOICES, choices={"b": "Bess", "a": "Alder"}
    )
    assert chosen.chosen(["a", "z", "b"]) == "b,a"
    assert chosen.chosen([]) == ""
    assert in_words(toyshire.PROCEDURE, chosen, "b,a") == "Bess\nAlder"
    one = Field(code="who", label="Who?", type=FieldType.CHOICE, choices={"b": "Bess"})
    assert in_words(toyshire.PROCEDURE, one, "b") == "Bess"
    assert in_words(toyshire.PROCEDURE, one, "") == ""

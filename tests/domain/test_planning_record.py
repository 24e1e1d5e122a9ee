"""What the record of a planning meeting lacks before it is closed: what its form asks for."""

from __future__ import annotations

from core.domain.finding import Strength
from core.domain.planning_record import PAPERS, lacking
from core.domain.procedure.forms import Field, FieldType, Form, Place, Section

FORM = Form(
    code="planning-record",
    clauses=("TOY-1",),
    sections=(
        Section(
            code=PAPERS,
            clauses=("TOY-2",),
            title="Papers",
            fields=(Field(code="which", label="Which papers were read", required=True),),
        ),
        Section(
            code="said",
            clauses=("TOY-3",),
            title="What was said",
            fields=(
                Field(code="told", label="Was the child told?", type=FieldType.YES_NO),
                Field(code="why-not", label="Why not", required_when_no=("told",)),
            ),
        ),
        Section(
            code="family",
            clauses=(),
            title="Family members",
            repeats=True,
            at_least=1,
            row_words="family member",
            fields=(
                Field(code="name", label="Name", required=True),
                Field(code="ask", label="Ask"),
            ),
        ),
    ),
)


def found(**answers: str) -> list[tuple[str | None, bool, tuple[str, ...]]]:
    given = {Place.named(name.replace("_", "-")): value for name, value in answers.items()}
    return [(one.field, one.blocks, one.clauses) for one in lacking(FORM, given)]


def test_a_record_lacks_what_its_form_asks_for_also_in_rows_and_where_a_no_needs_a_reason() -> None:
    assert found(told="no") == [
        ("which", False, ("TOY-2",)),
        ("why-not", True, ("TOY-3",)),
        ("family", True, ("TOY-1",)),
    ]
    assert found(told="yes", which="All", **{"family-1a.name": "Ada Reed"}) == []
    given = {Place("which"): "All", Place("name", "family-1a"): " "}
    (row,) = lacking(FORM, given)
    assert row.field == "family-1a.name" and row.strength is Strength.BLOCKS

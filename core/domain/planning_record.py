"""The form of a planning meeting’s record: the procedure’s own, then actions and the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from core.domain.finding import Finding, Strength
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import Field, FieldType, Form, Place, Section

PAPERS = "papers"
ACTIONS, NEXT = "action", "next"
NEXT_ON = "next-on"
RATIONALE, DISCUSSION, AGREED = "rationale", "discussion", "agreed"
NONE = "-none"
THERE_IS_NONE, NOT_YET = "yes", "not-yet"


def declared(procedure: Procedure, body: Body) -> Form:
    """The form that the procedure declares for the body's record; an empty one without."""
    form = procedure.form(body.record) if body.record else None
    return form or Form(code="planning-record", clauses=(), title="Record", sections=())


def record_form(procedure: Procedure, body: Body, owners: Mapping[str, str] | None = None) -> Form:
    """The whole form of a meeting's record; ``owners`` are those to whom an action can be given."""
    form = declared(procedure, body)
    return replace(form, sections=(*form.sections, _actions(owners or {}), _next()))


def _actions(owners: Mapping[str, str]) -> Section:
    """Named as the further actions of a decision are: the same reading makes them actions."""
    return Section(
        code=ACTIONS,
        clauses=(),
        title="Actions",
        repeats=True,
        row_words="action",
        fields=(
            Field(code="what", label="What is to be done", type=FieldType.LONG_TEXT, rows=3),
            Field(
                code="owner",
                label="Who does it",
                type=FieldType.CHOICE,
                choices=owners,
                as_list=True,
            ),
            Field(code="due", label="By when", type=FieldType.DATE),
            Field(code="done-means", label="What done looks like"),
        ),
    )


def _next() -> Section:
    return Section(
        code=NEXT,
        clauses=(),
        title="The next meeting",
        fields=(Field(code=NEXT_ON, label="The next meeting is on", type=FieldType.DATE),),
    )


def papers_open(form: Form, answers: Mapping[Place, str]) -> Iterator[Finding]:
    """The papers of which not one thing is said, a day or that there is none, each at its field."""
    section = form.section(PAPERS)
    if section is None:
        return
    for field in section.fields:
        if field.type is not FieldType.DATE:
            continue
        said = answers.get(Place(f"{field.code.removesuffix('-on')}{NONE}"), "")
        if lacks := _of_paper(bool(answers.get(Place(field.code))), said):
            message = f"{field.label.partition(':')[0]}: {lacks}"
            yield Finding(message, section.code, section.clauses, field=field.code)


def papers_twice(form: Form, answers: Mapping[Place, str]) -> Iterator[Finding]:
    """The papers of which two things are said: a day, and that it is not there."""
    for dated, said in _papers(form):
        if answers.get(dated) and answers.get(said, "") in (THERE_IS_NONE, NOT_YET):
            declared = form.field(said)
            title = declared.label if declared is not None else ""
            message = f"{title}: its day is entered, and also that it is not there: say one of them"
            yield Finding(message, field=str(said))


def papers_ahead(
    form: Form, answers: Mapping[Place, str], held_on: date, today: date
) -> Iterator[Finding]:
    """The days of papers that the meeting cannot have had: not come yet, or after it."""
    for dated, _ in _papers(form):
        on = answers.get(dated, "")
        if on > today.isoformat():
            yield Finding("This day has not come yet", field=str(dated))
        elif on > held_on.isoformat():
            yield Finding("A paper before the meeting is of its day or earlier", field=str(dated))


def both_of_paper(form: Form, field: str) -> frozenset[Place]:
    """The two fields of the paper of which one is named."""
    return next((frozenset(two) for two in _papers(form) if Place(field) in two), frozenset())


def _papers(form: Form) -> Iterator[tuple[Place, Place]]:
    """Of each paper the field of its day, and the one that says that it is not there."""
    section = form.section(PAPERS)
    for field in section.fields if section is not None else ():
        if field.type is FieldType.DATE:
            yield Place(field.code), Place(f"{field.code.removesuffix('-on')}{NONE}")


def _of_paper(dated: bool, said: str) -> str:
    """What is wrong with what is said of a paper, "" where it is one thing."""
    if dated and said in (THERE_IS_NONE, NOT_YET):
        return "its day is entered, and also that it is not there"
    if dated or said == THERE_IS_NONE:
        return ""
    if said == NOT_YET:
        return "it is not there yet"
    return "neither its day nor that there is none is said"


def lacking(form: Form, answers: Mapping[Place, str]) -> Iterator[Finding]:
    """What the record lacks before the meeting is closed: what a complete form asks for.

    What its papers lack does not stand against it.
    """
    papers = form.section(PAPERS)
    of_papers = {field.code for field in papers.fields} if papers is not None else set()
    for finding in form.incomplete(answers):
        stands = finding.field not in of_papers
        yield replace(finding, strength=Strength.BLOCKS) if stands else finding


def next_on(answers: Mapping[Place, str]) -> date | None:
    """The day of the next meeting as it was written."""
    try:
        return date.fromisoformat(answers.get(Place(NEXT_ON), ""))
    except ValueError:
        return None

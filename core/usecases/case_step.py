"""One step of a case: held for the transaction, with its procedure, and moved to a state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.domain.case import CaseFacts, CaseState
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import FieldType, Form, Place
from core.registry import Registry
from core.store import answers, cases
from core.store.cases import CaseRow
from core.store.scope import Scope
from core.usecases import editions, reckoning

NOT_YOURS = Finding("This case is no longer here, or is not yours to change")


def held_case(scope: Scope, public_id: str) -> CaseRow:
    """The case, locked until the transaction ends; refused where the asker does not see it."""
    case = cases.case_by_public_id(scope, public_id, lock=True)
    if case is None:
        raise Refused(NOT_YOURS)
    return case


def rules_of(scope: Scope, registry: Registry, case: CaseRow) -> tuple[Procedure, Body, Form]:
    """The edition under which a case was opened, with its body and its form: one query.

    The authority's figures in it are those of the day of the meeting that it asks for.
    """
    on = case.meeting_on or scope.on
    kept = (case.procedure_code, case.procedure_edition)
    procedure = editions.kept(scope, registry, *kept, on)
    body = procedure.body(case.body_code) if procedure else None
    form = procedure.form(case.form_code) if procedure else None
    if procedure is None or body is None or form is None:
        raise Refused(
            Finding(f"The procedure {case.procedure_code} of this case is not installed any more")
        )
    return procedure, body, form


def facts_of(scope: Scope, form: Form, case: CaseRow) -> CaseFacts:
    """The case as the checks see it."""
    given = {place: stored.value for place, stored in answers.load(scope, case.id).items()}
    return facts_from(form, given, case.state, case.meeting_on, case.submitted_at)


def facts_from(
    form: Form,
    given: Mapping[Place, str],
    state: CaseState,
    meeting_on: date | None,
    submitted_at: datetime | None,
) -> CaseFacts:
    """A case as the checks see it, from the answers on its form."""
    criteria = [
        code
        for _, field in form.fields()
        if field.type is FieldType.CRITERIA
        for place, value in given.items()
        if place.field == field.code
        for code in value.split(",")
        if code
    ]
    return CaseFacts(
        state=state,
        criteria=tuple(criteria),
        meeting_on=meeting_on,
        submitted_at=submitted_at,
        answers={str(place): value for place, value in given.items()},
    )


def move(scope: Scope, case: CaseRow, **values: Any) -> None:
    """Change the row of a case as it was read; refused where somebody else was first."""
    if not cases.move(scope, case.id, case.version, **values):
        raise Refused(Finding("Somebody else changed this case first: load the page again"))


def in_state(case: CaseRow, *states: CaseState) -> None:
    """Refuse a step that the state of a case does not allow, saying what state it is in."""
    if case.state not in states:
        raise Refused(Finding(f"This cannot be done: the referral is {STATE_WORDS[case.state]}"))


STATE_WORDS = {
    CaseState.DRAFT: "a draft that has not been submitted",
    CaseState.SUBMITTED: "submitted, and waits for the chair",
    CaseState.RETURNED: "back with its referrer",
    CaseState.QUEUED: "accepted, and waits for a place on the agenda",
    CaseState.BOOKED: "accepted, and on the agenda",
    CaseState.HEARD: "heard already",
    CaseState.WITHDRAWN: "withdrawn",
}


def set_deadlines(scope: Scope, registry: Registry, case: CaseRow) -> None:
    """Work out again what runs to or from the day of the meeting that a case asks for, now.

    It is done at the end of every change anyway; this is for who asks within it.
    """
    reckoning.again(scope, registry, cases.child_ids(scope, case.id))

"""A withdrawn referral made again: a new draft for its children, filled in with its answers."""

from __future__ import annotations

from datetime import datetime

from core.domain.case import CaseState
from core.domain.finding import Finding, Refused
from core.domain.prefill import prefilled
from core.registry import Registry
from core.store import answers, audit, authorities, cases, enabled
from core.store.cases import OpenCase
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.case_step import held_case, in_state
from core.usecases.opening import UnderWay


def start_again(
    scope: Scope, registry: Registry, public_id: str, at: datetime, *, all_the_same: bool = False
) -> str:
    """Open a draft like a referral that is withdrawn, for those of its children whom one refers.

    Gives its public id. The withdrawn one stays as it is, with its papers. Every answer comes
    along that the form in force still asks for, but the day. Raises ``UnderWay`` where one of the
    children has another case at the same body, unless it is to be opened ``all_the_same``.
    """
    with writing():
        authorities.lock(scope)
        old = held_case(scope, public_id)
        in_state(old, CaseState.WITHDRAWN)
        followed = set(enabled.codes(scope))
        procedure = registry.edition(old.procedure_code, scope.on)
        body = procedure.body(old.body_code) if procedure else None
        form = procedure.form(old.form_code) if procedure else None
        if procedure is None or body is None or form is None or procedure.code not in followed:
            raise Refused(Finding("No referral of this kind can be made any more"))
        children = [
            child
            for one in cases.children_of(scope, old.id)
            if one.withdrawn_at is None
            and (child := cases.child_to_refer(scope, one.public_id, lock=True)) is not None
        ]
        if not children:
            raise Refused(Finding("No child of this referral is yours to refer"))
        others = _under_way(scope, [child.id for child in children], procedure.code, body.code)
        if others and not all_the_same:
            raise UnderWay(body, others)
        case_id, new_id = cases.open(
            scope, procedure.code, procedure.edition, body.code, form.code, at
        )
        for child in children:
            cases.add_child(scope, case_id, child.id)
        given = {
            place: stored.value
            for place, stored in answers.load(scope, old.id).items()
            if stored.value and form.field(place) is not None
        }
        given |= prefilled(form, {"today": scope.on.isoformat()}, (), "")
        answers.save(scope, case_id, answers.NO_BOOKING, given, at)
        audit.changed(
            scope,
            at,
            "open",
            "case",
            new_id,
            after={
                "children": [child.public_id for child in children],
                "beside": [other.public_id for other in others],
                "again": public_id,
            },
        )
    return new_id


def _under_way(
    scope: Scope, child_ids: list[int], procedure_code: str, body_code: str
) -> list[OpenCase]:
    """The cases of these children that are under way at a body, each once."""
    found: dict[str, OpenCase] = {}
    for child_id in child_ids:
        for case in cases.under_way(scope, child_id, procedure_code, body_code):
            found.setdefault(case.public_id, case)
    return list(found.values())

"""A referral opened for a child, filled in with what the record knows."""

from __future__ import annotations

import secrets
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.prefill import KnownPerson, prefilled
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.ssda903_codes import meaning
from core.registry import Registry
from core.store import accounts, answers, audit, authorities, cases, enabled
from core.store.cases import CaseChildRow, OpenCase
from core.store.database import writing
from core.store.scope import Scope

REFERRAL = "referral"


def procedure_for_referrals(scope: Scope, registry: Registry) -> Procedure | None:
    """The first procedure that the authority has enabled with a body and a referral to it."""
    for code in enabled.codes(scope):
        edition = registry.edition(code, scope.on)
        if edition is not None and edition.bodies and edition.form(REFERRAL) is not None:
            return edition
    return None


class UnderWay(Refused):
    """The child has a case under way at the same body: a second is opened only if it is meant."""

    def __init__(self, body: Body, there: list[OpenCase]) -> None:
        super().__init__(Finding(f"There is a case of this child at the {body.title} already"))
        self.there = there


def open_referral(
    scope: Scope,
    registry: Registry,
    child_public_id: str,
    at: datetime,
    *,
    all_the_same: bool = False,
) -> str:
    """Open a draft for a child, filled in from the record; the asker's open one where there is.

    Gives the case's public id. Raises ``UnderWay`` where the child has a case at the same body
    that is not heard yet, unless it is to be opened ``all_the_same``.
    """
    with writing():
        authorities.lock(scope)
        child = cases.child_to_refer(scope, child_public_id, lock=True)
        procedure = procedure_for_referrals(scope, registry)
        if child is None:
            raise Refused(Finding("This child is not yours to refer"))
        if procedure is None or (form := procedure.form(REFERRAL)) is None:
            raise Refused(Finding("No procedure that this authority has enabled takes referrals"))
        body = procedure.bodies[0]
        there = cases.open_draft(scope, child.id, procedure.code, body.code, form.code)
        if there is not None:
            return there
        others = cases.under_way(scope, child.id, procedure.code, body.code)
        if others and not all_the_same:
            raise UnderWay(body, others)
        case_id, public_id = cases.open(
            scope, procedure.code, procedure.edition, body.code, form.code, at
        )
        cases.add_child(scope, case_id, child.id)
        first = prefilled(
            form,
            {
                "worker": scope.name,
                "team": accounts.team_of(scope, scope.account_id),
                "today": scope.on.isoformat(),
            },
            _family(child, cases.siblings_to_refer(scope, [child])),
            secrets.token_hex(2),
        )
        answers.save(scope, case_id, answers.NO_BOOKING, first, at)
        opened = {"children": [child.public_id], "beside": [other.public_id for other in others]}
        audit.changed(scope, at, "open", "case", public_id, after=opened)
    return public_id


def _family(child: CaseChildRow, siblings: list[CaseChildRow]) -> list[KnownPerson]:
    others = [sibling for sibling in siblings if sibling.id != child.id]
    return [
        KnownPerson(person.name, person.born, meaning("ETHNIC", person.ethnicity), relation)
        for person, relation in [(child, "child"), *((other, "sibling") for other in others)]
    ]

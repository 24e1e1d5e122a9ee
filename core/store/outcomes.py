"""Outcomes of decisions as a child's record shows them, in one order wherever they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import DecisionOutcome, OnwardReferral

REFERRAL_MADE = "A referral was made"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome with its words and clauses as they were shown when it was recorded.

    Of one that refers a person around the child the words say only that a referral was made, and
    no clause is cited: whose it is and to what stands on that person's own record.
    """

    code: str
    words: str
    clauses: tuple[str, ...]
    force: str
    ground_words: str
    box: str


def of_decisions(scope: Scope, decision_ids: Iterable[int]) -> dict[int, list[OutcomeRow]]:
    """The outcomes of decisions by the decision's id, in the procedure's order: one query."""
    of_person = sa.exists().where(
        OnwardReferral.authority_id == scope.authority_id,
        OnwardReferral.decision_id == DecisionOutcome.decision_id,
        OnwardReferral.outcome_code == DecisionOutcome.code,
        OnwardReferral.person_id.is_not(None),
    )
    rows = db.session.execute(
        sa.select(
            DecisionOutcome.decision_id,
            DecisionOutcome.code,
            DecisionOutcome.words,
            DecisionOutcome.clauses,
            DecisionOutcome.force,
            DecisionOutcome.ground_words,
            DecisionOutcome.box,
            of_person.label("of_person"),
        )
        .where(
            DecisionOutcome.authority_id == scope.authority_id,
            DecisionOutcome.decision_id.in_(list(decision_ids)),
        )
        .order_by(DecisionOutcome.decision_id, DecisionOutcome.position, DecisionOutcome.id)
    )
    found: dict[int, list[OutcomeRow]] = defaultdict(list)
    for decision_id, code, words, clauses, force, ground, box, of_somebody in rows:
        said = REFERRAL_MADE if of_somebody else words
        cited = () if of_somebody else tuple(clauses.replace(",", " ").split())
        found[decision_id].append(OutcomeRow(code, said, cited, force, ground, box))
    return found

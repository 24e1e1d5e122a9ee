"""Pages of procedures: their clauses, what carries each, and the words that users are shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort

from core.domain.clauses import Clause
from core.domain.procedure import Procedure
from core.store import authorities
from core.web import asker, clock, pages

blueprint = Blueprint("procedures", __name__)

KINDS = {
    "Post": "post",
    "Office": "office",
    "Body": "body",
    "Form": "form",
    "Section": "section of a form",
    "Statement": "statement",
    "AgendaItem": "agenda item",
    "Criterion": "reason to refer",
    "Outcome": "outcome",
    "Box": "box on the decision",
    "Ground": "ground for a decision",
    "DecisionRule": "rule on decisions",
    "ReturnRule": "rule on returns",
    "Deadline": "deadline",
    "Schedule": "schedule",
    "Check": "check",
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """A rule that carries a clause: its title and what kind of thing it is."""

    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause with what carries it, or where else it is kept, or what is still to be built."""

    clause: Clause
    carriers: tuple[Carrier, ...]
    elsewhere: str
    pending: str


@blueprint.get("/procedures/<code>")
def page(code: str) -> Response:
    procedure = asker.registry().edition(code, clock.today())
    if procedure is None:
        abort(404)
    since = dict(authorities.enabled(asker.scope(), clock.today())).get(code)
    return pages.page(
        "procedures/page.html",
        procedure=procedure,
        since=since,
        clauses=[_shown(procedure, clause) for clause in procedure.clauses.values()],
    )


@blueprint.get("/clauses/<clause_id>")
def clause(clause_id: str) -> Response:
    found = asker.registry().clause(clause_id)
    if found is None:
        abort(404)
    procedure, words = found
    statements = [s for s in procedure.statements if clause_id in s.clauses]
    return pages.page(
        "procedures/clause.html",
        procedure=procedure,
        shown=_shown(procedure, words),
        statements=statements,
    )


@blueprint.get("/procedures/<code>/statements/<statement_code>")
def statement(code: str, statement_code: str) -> Response:
    procedure = asker.registry().edition(code, clock.today())
    words = procedure.statement(statement_code) if procedure is not None else None
    if words is None:
        abort(404)
    return pages.page("procedures/statement.html", procedure=procedure, statement=words)


def _shown(procedure: Procedure, clause: Clause) -> ClauseShown:
    carriers = dict.fromkeys(
        Carrier(rule.title or rule.code.replace("-", " ").capitalize(), _kind(rule))
        for rule in procedure.rules()
        if clause.id in rule.clauses
    )
    return ClauseShown(
        clause,
        tuple(carriers),
        procedure.elsewhere.get(clause.id, ""),
        procedure.pending.get(clause.id, ""),
    )


def _kind(rule: object) -> str:
    """What a rule is called; a plugin's own kind goes by that of the core which it extends."""
    kinds = (kind.__name__ for kind in type(rule).__mro__)
    return next((KINDS[kind] for kind in kinds if kind in KINDS), "rule")

"""Pages of procedures: which are followed, and of each every clause with what came of it."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from core.domain.following import lasting, never
from core.domain.staff import last_day
from core.usecases import editions
from core.usecases.local_figures import standings_of
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.procedure_pages import procedure_pages
from core.web.procedure_shown import Shown

blueprint = Blueprint("procedures", __name__)


@blueprint.get("/procedures")
def listed() -> Response:
    scope, registry = asker.scope(), asker.registry()
    here = editions.of(scope, registry)
    held = {row.code: (row.since, last_day(row.until)) for row in here.enabled if row.on(scope.on)}
    return pages.page(
        "procedures/list.html",
        procedure_pages=procedure_pages(),
        followed=[Shown(one, ()).counted() for one in here.followed(scope.on)],
        held=held,
        missing=[code for code in held if registry.edition(code, scope.on) is None],
    )


@blueprint.get("/procedures/<code>")
def page(code: str) -> Response:
    scope, registry = asker.scope(), asker.registry()
    here = editions.of(scope, registry)
    laid_down, procedure = registry.edition(code, scope.on), here.in_force(code, scope.on)
    if laid_down is None or procedure is None:
        abort(404)
    rows = [row for row in here.enabled if row.code == code and not never(row)]
    lasts = bool(lasting(rows, scope.on))
    shown = Shown(procedure, here.followed(scope.on))
    figures = standings_of(laid_down, here.settings, scope.on) if lasts else ()
    return pages.page(
        "procedures/page.html",
        procedure=procedure,
        stretches=[(row.since, last_day(row.until)) for row in rows],
        today=scope.on,
        clauses=shown.clauses(),
        notices=shown.notices(),
        readings=shown.readings(of_figures=not lasts),
        figures=[one for one in figures if one.value and (one.now or not one.figure.laid_down)],
        in_place=shown.in_place_of,
        unset=[one.figure for one in figures if not one.value],
        bodies={body.code: body.title for body in procedure.bodies},
        sees_figures=bool(figures) and ACCESS["figures.page"].allows(scope.roles),
    )


@blueprint.get("/clauses/<clause_id>")
def clause(clause_id: str) -> Response:
    scope, registry = asker.scope(), asker.registry()
    found = registry.clause(clause_id)
    if found is None:
        abort(404)
    here = editions.of(scope, registry)
    laid_down, words = found
    procedure = here.with_figures(laid_down, scope.on)
    statements = [s for s in procedure.statements if clause_id in s.clauses]
    return pages.page(
        "procedures/clause.html",
        procedure=procedure,
        shown=Shown(procedure, here.followed(scope.on)).clause(words),
        statements=statements,
    )


@blueprint.get("/procedures/<code>/statements/<statement_code>")
def statement(code: str, statement_code: str) -> Response:
    procedure = asker.registry().edition(code, asker.scope().on)
    words = procedure.statement(statement_code) if procedure is not None else None
    if words is None:
        abort(404)
    return pages.page("procedures/statement.html", procedure=procedure, statement=words)

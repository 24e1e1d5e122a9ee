"""Reports of a team to the tracking panel: chosen, looked at, and made as document and sheet."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for

from core.documents import panel_report
from core.domain.finding import Finding
from core.domain.procedure import Procedure
from core.store import accounts
from core.store import register as lists
from core.usecases.panel_report import Made, report_of
from core.web import asker, clock, day_asked, pages, sheet_files
from core.web.day_asked import Asked
from core.web.register import items
from core.web.rules_here import rules_here
from core.web.typed import PARTS, row_id, words

blueprint = Blueprint("panel_reports", __name__)
PAGE = "panel_reports/page.html"
IN_ADDRESS = frozenset({"team", "on", *(f"on-{part}" for part in PARTS)})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/panel-reports")
def page() -> Response:
    asked = day_asked.asked()
    teams = lists.teams(asker.scope())
    typed = words(request.args.get("team", _own_team(teams)))
    faults = _faults(asked)
    if any(name.startswith("on-") for name in request.args) and not faults:
        kept = {"team": typed} if typed else {}
        return redirect(url_for("panel_reports.page", **kept, **asked.kept))  # type: ignore[return-value, arg-type]
    context: dict[str, Any] = {
        "asked": asked,
        "today": asker.scope().on,
        "teams": items(teams),
        "typed": typed,
        "made": None,
        "files": {},
    }
    findings = list(faults)
    team = _team(teams, typed)
    if typed and team is None:
        findings.append(Finding("Choose a team of the list", field="team"))
    if findings:
        return pages.refused(PAGE, findings, **context)
    if team is not None:
        made = _made(team, "page")
        context["made"], context["report"] = made, made.report
        where = {"team": typed, **asked.kept}
        context["files"] = {
            "document": url_for("panel_reports.document", **where),  # type: ignore[arg-type]
            "sheet": url_for("panel_reports.sheet", **where),  # type: ignore[arg-type]
        }
    return pages.page(PAGE, **context)


@blueprint.get("/panel-reports/report.docx")
def document() -> Response:
    """The report as one Word document."""
    team = _asked_for()
    if team is None:
        return _to_page()
    made = _made(team, "document")
    response = make_response(panel_report.as_document(made.report, clock.now()))
    response.headers["Content-Type"] = WORD
    name = f"panel-report-{made.report.on.isoformat()}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/panel-reports/report.xlsx")
def sheet() -> Response:
    """The report as one spreadsheet: a sheet of the children, one of their actions."""
    team = _asked_for()
    if team is None:
        return _to_page()
    made = _made(team, "spreadsheet")
    children, actions = panel_report.as_sheets(made.report)
    name = f"panel-report-{made.report.on.isoformat()}"
    return sheet_files.download(children, name, "xlsx", (actions,))


def _asked_for() -> tuple[int, str] | None:
    """The team that a file's address names; None where it names none, or no day that can be."""
    team = _team(lists.teams(asker.scope()), words(request.args.get("team", "")))
    return team if not _faults(day_asked.asked()) else None


def _faults(asked: Asked) -> list[Finding]:
    """What is wrong with the day: of a day to come nothing is recorded that a report could say."""
    if asked.fault or asked.on <= asker.scope().on:
        return asked.findings
    return [Finding("This day has not come yet: choose today, or a day before", field="on")]


def _to_page() -> Response:
    """To the page, which says what is wrong with what was asked for."""
    asked = {name: text for name, text in request.args.items() if name in IN_ADDRESS}
    return redirect(url_for("panel_reports.page", **asked))  # type: ignore[return-value, arg-type]


def _made(team: tuple[int, str], what: str) -> Made:
    """The report as at the day asked for; that it names these children is written to the audit."""
    on = day_asked.asked().on
    made = report_of(asker.scope(), asker.registry(), team, on, _procedure)
    which = f"report to panel as {what}"
    pages.listed(which, made.children, as_at=on.isoformat(), team=team[1])
    return made


def _procedure(code: str, edition: str) -> Procedure | None:
    return rules_here().kept(code, edition, asker.scope().on)


def _team(teams: list[lists.Choice], typed: str) -> tuple[int, str] | None:
    wanted = row_id(typed)
    found = next((team for team in teams if team.id == wanted), None)
    return (found.id, found.name) if found is not None else None


def _own_team(teams: list[lists.Choice]) -> str:
    """The asker's own team, chosen first."""
    scope = asker.scope()
    name = accounts.team_of(scope, scope.account_id)
    return next((str(team.id) for team in teams if team.name == name), "") if name else ""

"""Pages of imports: the list, the upload, one import with its preview, and its problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)

from core.domain.finding import Finding, Refused
from core.domain.ssda903_rules import rule_words
from core.imports import templates
from core.store import import_changes, imports
from core.store.imports import WORKING, Run, RunProblem, RunState
from core.store.paging import pages_of
from core.usecases import importing, staging
from core.web import asker, clock, csv_lines, pages, typed
from core.web.access import ACCESS
from core.web.import_words import STATES, day_words, said, subject_words, year_words

blueprint = Blueprint("imports", __name__)

A_PAGE = 100
SHOWN_PROBLEMS = 20
SEVERITIES = {"error": "Errors", "warning": "Warnings"}
EARLIEST, LATEST = 1990, 2100
SLOW = timedelta(seconds=30)
SHOWN_CHANGES = 20
MADE_AGAIN = "The preview was made again while this was written: take the file again"
#: The project's own lists, of which an empty example can be downloaded.
TEMPLATES = {"case-list": "Case list", "tracker": "Tracker"}
FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/imports")
def runs() -> Response:
    """The authority's imports, latest first."""
    return pages.page(
        "imports/list.html",
        runs=imports.latest(asker.scope()),
        states=STATES,
        may_import=_may_import(),
    )


@blueprint.get("/imports/new")
def new() -> Response:
    return pages.page("imports/new.html", block="upload", **_form({}))


@blueprint.post("/imports/new")
def upload() -> Response:
    """Keep the files; they are read by the worker, and the next page says how far it is."""
    form = {name: typed.words(value).strip() for name, value in request.form.items()}
    findings: list[Finding] = []
    year = _year(form.get("year", ""), findings)
    as_at = _day(form, findings)
    files = [file for file in request.files.getlist("files") if file.filename]
    try:
        if findings:
            if files:
                findings.append(Finding("Choose the files again", field="files"))
            raise Refused(*findings)
        settings = asker.parts().settings
        public_id = staging.stage(
            asker.scope(),
            ((file.filename or "", file.stream) for file in files),  # type: ignore[misc]
            settings.upload_folder,
            clock.now(),
            limit_bytes=settings.import_most_bytes,
            year=year,
            as_at=as_at,
        )
    except Refused as refusal:
        return pages.refused("imports/new.html", refusal.findings, block="upload", **_form(form))
    address = url_for("imports.page", public_id=public_id)
    if pages.wants_block():
        return make_response("", 200, {"HX-Redirect": address})
    return _to(address)


@blueprint.get("/imports/templates/<name>.<kind>")
def template(name: str, kind: str) -> Response:
    """An example of one of the project's own lists, to be filled in."""
    if name not in TEMPLATES or kind not in FORMATS:
        abort(404)
    answer = Response(templates.example(name, kind), mimetype=FORMATS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@blueprint.get("/imports/<public_id>")
def page(public_id: str) -> Response:
    return _page(_run(public_id))


@blueprint.get("/imports/<public_id>/problems")
def problems(public_id: str) -> Response:
    """Every problem of an import, a hundred a page, or all of them as CSV."""
    run = _run(public_id)
    severity = request.args.get("severity", "")
    if severity not in SEVERITIES:
        severity = ""
    if request.args.get("format") == "csv":
        pages.looked_at("import", run.public_id, problems="csv", of=severity)
        return _problems_csv(run, severity)
    pages.looked_at("import", run.public_id, problems=True)
    at = typed.page_number(request.args.get("page", ""))
    found, total = imports.problems(
        asker.scope(), run.id, severity=severity, most=A_PAGE, skip=(at - 1) * A_PAGE
    )
    last = pages_of(total, A_PAGE)
    if at > last:
        abort(404)

    def address(shown: int) -> str:
        return url_for(
            "imports.problems", public_id=run.public_id, severity=severity or None, page=shown
        )

    return pages.page(
        "imports/problems.html",
        run=run,
        problems=found,
        total=total,
        severity=severity,
        severities=SEVERITIES,
        at=at,
        last=last,
        address=address,
        rule_words=rule_words,
    )


@blueprint.get("/imports/<public_id>/changes")
def changes(public_id: str) -> Response:
    """What an import changes of each child, a hundred a page, or all of it as CSV."""
    run, scope = _run(public_id), asker.scope()
    counted = import_changes.how_many(scope, run.id)
    subject = request.args.get("subject", "")
    if subject not in counted.by_subject:
        subject = ""
    if request.args.get("format") == "csv":
        pages.looked_at("import", run.public_id, changes="csv", of=subject)
        return _changes_csv(run, subject)
    total = counted.by_subject[subject] if subject else sum(counted.by_subject.values())
    at, last = typed.page_number(request.args.get("page", "")), pages_of(total, A_PAGE)
    if at > last:
        abort(404)
    found = import_changes.changes(
        scope, run.id, subject=subject, most=A_PAGE, skip=(at - 1) * A_PAGE
    )
    pages.looked_at(
        "import",
        run.public_id,
        changes=at,
        of=subject,
        children=list(dict.fromkeys(row.public_id for row in found if row.public_id)),
    )

    def address(shown: int) -> str:
        return url_for(
            "imports.changes", public_id=run.public_id, subject=subject or None, page=shown
        )

    return pages.page(
        "imports/changes.html",
        run=run,
        changes=[said(row) for row in found],
        counted=counted,
        total=total,
        subject=subject,
        subject_words=subject_words,
        at=at,
        last=last,
        address=address,
    )


@blueprint.post("/imports/<public_id>/year")
def confirm_year(public_id: str) -> Response:
    """The collection year is right, or is another, for which the files are read again."""
    run = _run(public_id)
    findings: list[Finding] = []
    text = request.form.get("year", "").strip()
    year = _year(text, findings)
    if year is None and not findings:
        findings.append(Finding("Enter the collection year, such as 2026", field="year"))
    try:
        if findings or year is None:
            raise Refused(*findings)
        importing.confirm_year(asker.scope(), run, clock.now(), year=year)
    except Refused as refusal:
        return _page(_run(public_id), refusal.findings, text)
    return _to(url_for("imports.page", public_id=public_id))


@blueprint.post("/imports/<public_id>/apply")
def apply(public_id: str) -> Response:
    """Ask for the preview that was shown to be applied, and no other."""
    run = _run(public_id)
    try:
        if run.year_inferred:
            raise Refused(Finding("Say first whether the collection year is right", field="year"))
        importing.ask_to_apply(asker.scope(), run, request.form.get("staged_hash", ""), clock.now())
    except Refused as refusal:
        return _page(_run(public_id), refusal.findings)
    return _to(url_for("imports.page", public_id=public_id))


@blueprint.post("/imports/<public_id>/discard")
def discard(public_id: str) -> Response:
    run = _run(public_id)
    try:
        importing.discard(asker.scope(), run, asker.parts().settings.upload_folder, clock.now())
    except Refused as refusal:
        return _page(_run(public_id), refusal.findings)
    flash("The import was discarded and its files removed. The record is as it was.", "success")
    return _to(url_for("imports.runs"))


def _run(public_id: str) -> Run:
    run = imports.run(asker.scope(), public_id)
    if run is None:
        abort(404)
    return run


def _may_import() -> bool:
    person = asker.person()
    return person is not None and ACCESS["imports.apply"].allows(person.roles)


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]


def _page(run: Run, findings: tuple[Finding, ...] = (), typed_year: str = "") -> Response:
    scope = asker.scope()
    found: list[RunProblem] = []
    if run.state not in WORKING:
        found, _ = imports.problems(scope, run.id, most=SHOWN_PROBLEMS)
    preview = run.counts.get("preview")
    shown: list[import_changes.RunChange] = []
    counted = None
    if preview and run.state is RunState.READY:
        shown = import_changes.changes(scope, run.id, most=SHOWN_CHANGES)
        counted = import_changes.how_many(scope, run.id)
    if preview:
        seen = dict.fromkeys(row.public_id for row in shown if row.public_id)
        pages.looked_at("import", run.public_id, children=list(seen))
    waits = run.state in (RunState.RECEIVED, RunState.ASKED)
    context: dict[str, Any] = {
        "run": run,
        "state": STATES[run.state],
        "working": run.state in WORKING,
        "unattended": waits and clock.now() - run.changed_at > SLOW,
        "files": imports.files(scope, run.id),
        "counts": run.counts,
        "preview": preview,
        "changes": [said(row) for row in shown],
        "counted": counted,
        "subject_words": subject_words,
        "problems": found,
        "rule_words": rule_words,
        "lists_as_at": day_words(run.counts.get("lists_as_at", "")),
        "year_words": year_words(run.year) if run.year else "",
        "typed_year": typed_year or (run.year or ""),
        "may_import": _may_import(),
        "on_day": clock.today(),
    }
    if findings:
        return pages.refused("imports/page.html", findings, **context)
    answer = pages.page("imports/page.html", block="run", **context)
    if pages.wants_block() and run.state not in WORKING:
        answer.headers["HX-Trigger"] = f'{{"announce": {{"message": "{STATES[run.state][0]}"}}}}'
    return answer


def _form(form: Mapping[str, str]) -> dict[str, Any]:
    settings = asker.parts().settings
    return {
        "typed": form,
        "as_at": {part: form.get(f"as-at-{part}", "") for part in typed.PARTS},
        "most": settings.import_most_mebibytes,
        "templates": TEMPLATES,
    }


def _year(text: str, findings: list[Finding]) -> int | None:
    """The collection year, None where none is given."""
    year = typed.whole(text, EARLIEST, LATEST)
    if text and year is None:
        message = "Collection year must be the year it ends in, such as 2026"
        findings.append(Finding(message, field="year"))
    return year


def _day(form: Mapping[str, str], findings: list[Finding]) -> date | None:
    """The as-at day from its three boxes, None where they are empty."""
    _, day, fault = typed.date_boxes(form, "as-at")
    if day is not None and day.year < EARLIEST:
        fault = f"This date must be in the years {EARLIEST} to {LATEST}"
    if fault:
        findings.append(Finding(fault.replace("This date", "As-at date", 1), field="as-at"))
        return None
    return day


def _problems_csv(run: Run, severity: str) -> Response:
    scope = asker.scope()

    def rows() -> Iterator[tuple[str, ...]]:
        for p in imports.every_problem(scope, run.id, run.staged_hash, severity=severity):
            yield p.severity, p.file, str(p.line or ""), p.column, p.rule, p.message
        yield from _if_made_again(run)

    headings = ("Severity", "File", "Line", "Column", "Rule", "What is wrong")
    return csv_lines.download(f"problems-{run.public_id}.csv", headings, rows())


def _changes_csv(run: Run, subject: str) -> Response:
    scope = asker.scope()

    def rows() -> Iterator[tuple[str, ...]]:
        for row in import_changes.every(scope, run.id, run.staged_hash, subject=subject):
            one = said(row)
            line = str(row.line or "")
            yield one.child, one.subject, one.field, one.before, one.after, row.file, line
        yield from _if_made_again(run)

    headings = ("Child", "Of", "What", "Now", "Would be", "File", "Line")
    return csv_lines.download(f"changes-{run.public_id}.csv", headings, rows())


def _if_made_again(run: Run) -> Iterator[tuple[str, ...]]:
    """A last line, where the preview was made again while the lines before it were written."""
    now = imports.run(asker.scope(), run.public_id)
    if now is None or now.staged_hash != run.staged_hash:
        yield (MADE_AGAIN,)

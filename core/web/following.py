"""Pages of the procedures that an authority follows: begun, ended, replaced, ordered, corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain import following as rules
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure, local
from core.domain.staff import last_day
from core.store import enabled, under_procedure
from core.store.enabled import Change, Enabled
from core.usecases import following
from core.usecases.following import NoSuchProcedure
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.procedure_changes import Said, replaced_by, said, said_of
from core.web.procedure_pages import procedure_pages
from core.web.typed import boxes, date_boxes, row_id, words

blueprint = Blueprint("following", __name__)
LIST, ONE = "procedures/followed.html", "procedures/following.html"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure followed from a first to a last day; ``title`` is "" of one not installed.

    ``figures`` says whether it leaves any to the authority; ``changes`` are those made since.
    """

    row: Enabled
    title: str
    last: date | None
    state: str
    figures: bool
    changes: tuple[Said, ...]


def _line(row: Enabled, today: date, changes: Iterable[Change]) -> Line:
    edition = asker.registry().edition(row.code, max(row.since, today))
    state = "to come" if row.since > today else "now" if row.on(today) else "ended"
    title, figures = (edition.title, bool(local.figures(edition))) if edition else ("", False)
    lately = said_of(row, changes, moves=state != "ended")
    return Line(row, title, last_day(row.until), state, figures, lately)


def _choices(
    procedures: Iterable[Procedure], lasting: Iterable[rules.Followed]
) -> list[dict[str, str]]:
    """The procedures to choose from: not those that are followed without an end."""
    there = {row.code for row in lasting if row.until is None}
    return [
        {"value": one.code, "text": f"{one.code}: {one.title}"}
        for one in procedures
        if one.code not in there
    ]


def _changes() -> bool:
    """Whether the asker changes what is followed, and does not only read it."""
    return ACCESS["following.enable"].allows(asker.scope().roles)


@blueprint.get("/admin/procedures")
def page() -> Response:
    return pages.page(LIST, **_list())


def _list(typed: Mapping[str, Any] | None = None, opened: str = "") -> dict[str, Any]:
    scope, registry = asker.scope(), asker.registry()
    rows = enabled.every(scope)
    there = rules.lasting(rows, scope.on)
    codes = {row.code for row in there}
    installed = following.may_follow(scope, registry, date.max)
    made = enabled.changes(scope, {row.code for row in rows})
    return {
        "procedure_pages": procedure_pages(),
        "changes": _changes(),
        "lines": [_line(row, scope.on, made) for row in rows if row in there],
        "ended": [
            _line(row, scope.on, made) for row in rows if row not in there and not rules.never(row)
        ],
        "always": [entry.procedure for entry in registry if entry.procedure.always],
        "others": [procedure for procedure in installed if procedure.code not in codes],
        "choices": _choices(installed, there),
        "seen": rules.seen_of(rows),
        "typed": typed or {"since": boxes(scope.on.isoformat())},
        "opened": opened,
    }


@blueprint.post("/admin/procedures")
def enable() -> Response:
    since_boxes, since, fault = date_boxes(request.form, "since")
    typed = _words("code", "why") | {"since": since_boxes}
    try:
        _refuse(fault, "since")
        following.enable(
            asker.scope(), asker.registry(), typed["code"], since, typed["why"], _seen(), now()
        )
    except Refused as refusal:
        return pages.refused(LIST, refusal.findings, **_list(typed, "enable"))
    flash(f"{typed['code']} is followed. What is due is being worked out again.", "success")
    return redirect(url_for("following.page"), 303)  # type: ignore[return-value]


@blueprint.get("/admin/procedures/<code>")
def one(code: str) -> Response:
    return pages.page(ONE, **_one(code))


def _one(code: str, typed: Mapping[str, Any] | None = None, opened: str = "") -> dict[str, Any]:
    scope, registry = asker.scope(), asker.registry()
    rows = enabled.every(scope)
    own = [row for row in rows if row.code == code and not rules.never(row)]
    edition = registry.edition(code, scope.on) or registry.edition(code, date.max)
    if not own:
        abort(404)
    there = rules.lasting(rows, scope.on)
    others = following.may_follow(scope, registry, date.max)
    made = enabled.changes(scope, (code,))
    lines = [_line(row, scope.on, made) for row in own]
    return {
        "procedure_pages": procedure_pages(),
        "changes": _changes(),
        "code": code,
        "title": edition.title if edition else code,
        "installed": edition is not None,
        "figures": edition is not None and bool(local.figures(edition)),
        "lines": lines,
        "lasting": [line for line in lines if line.row in there],
        "ending": [line for line in lines if line.last],
        "history": [said(change) for change in made],
        "order": [row.code for row in there],
        "under_way": [
            (body.title if edition and (body := edition.body(row.body_code)) else "A body", row)
            for row in under_procedure.under_way(scope, code, scope.on)
        ],
        "choices": _choices(others, there),
        "seen": rules.seen_of(rows),
        "typed": typed or {"other-since": boxes(scope.on.isoformat())},
        "opened": opened,
    }


@blueprint.post("/admin/procedures/<code>/end")
def end(code: str) -> Response:
    last_boxes, last, fault = date_boxes(request.form, "last")
    typed = _words("end-why") | {"last": last_boxes}

    def act() -> None:
        _refuse(fault, "last")
        following.end(asker.scope(), code, _row(), last, typed["end-why"], _seen(), now())

    return _done(code, act, typed, "end", f"{code} has a last day")


@blueprint.post("/admin/procedures/<code>/replace")
def replace(code: str) -> Response:
    since_boxes, since, fault = date_boxes(request.form, "other-since")
    typed = _words("other", "other-why") | {"other-since": since_boxes}

    def act() -> None:
        _refuse(fault, "other-since")
        scope, registry, why = asker.scope(), asker.registry(), typed["other-why"]
        following.replace(scope, registry, code, _row(), typed["other"], since, why, _seen(), now())

    return _done(code, act, typed, "replace", f"{typed['other']} is followed in its place")


@blueprint.post("/admin/procedures/<code>/move")
def move(code: str) -> Response:
    typed = _words("move", "move-why")

    def act() -> None:
        step = {"up": -1, "down": 1}.get(typed["move"])
        if step is None:
            raise Refused(Finding("Choose whether it moves up or down", field="move"))
        following.move(asker.scope(), code, _row(), step, typed["move-why"], _seen(), now())

    return _done(code, act, typed, "move", f"{code} has moved {typed['move']}")


@blueprint.post("/admin/procedures/<code>/first-day")
def change_first_day(code: str) -> Response:
    first_boxes, first, fault = date_boxes(request.form, "first")
    typed = _words("first-why") | {"first": first_boxes}

    def act() -> str:
        _refuse(fault, "first")
        scope, registry, why = asker.scope(), asker.registry(), typed["first-why"]
        was = following.change_first_day(
            scope, registry, code, _row(), first, why, _seen(), now()
        ).since
        return _counts(code, was, first or was)

    return _done(code, act, typed, "first", "")


@blueprint.post("/admin/procedures/<code>/take-back")
def take_last_day_back(code: str) -> Response:
    typed = _words("back-why")

    def act() -> str:
        why, scope = typed["back-why"], asker.scope()
        was = following.take_last_day_back(scope, code, _row(), why, _seen(), now())
        last = last_day(was.until) or was.since
        again = f"{code} has no last day any more: what runs from after {day(last)} counts under it"
        other = replaced_by(was, enabled.changes(scope, (code,)))
        stays = f". {other}, which took its place, stays as it is, in its own right"
        return f"{again} again{stays if other else ''}"

    return _done(code, act, typed, "back", "")


def _counts(code: str, was: date, first: date) -> str:
    """What another first day changes, in words."""
    begins = f"{code} is followed from {day(first)}"
    if first < was:
        return f"{begins}: what runs from that day on, to {day(was - DAY)}, counts under it now"
    return f"{begins}: what runs from {day(was)} to {day(first - DAY)} counts under it no longer"


def _done(
    code: str, act: Callable[[], str | None], typed: Mapping[str, Any], opened: str, words: str
) -> Response:
    """Make a change, which may say itself what came of it; back to its page, or to the list."""
    try:
        said_so = act() or words
    except NoSuchProcedure:
        abort(404)
    except Refused as refusal:
        return pages.refused(ONE, refusal.findings, **_one(code, typed, opened))
    flash(f"{said_so}. What is due is being worked out again.", "success")
    if all(row.never for row in enabled.every(asker.scope()) if row.code == code):
        return redirect(url_for("following.page"), 303)  # type: ignore[return-value]
    return redirect(url_for("following.one", code=code), 303)  # type: ignore[return-value]


def _words(*names: str) -> dict[str, Any]:
    return {name: words(request.form.get(name, "")) for name in (*names, "row")}


def _seen() -> str:
    return request.form.get("seen", "")


def _row() -> int | None:
    return row_id(request.form.get("row", ""))


def _refuse(fault: str, field: str) -> None:
    if fault:
        raise Refused(Finding(fault, field=field))

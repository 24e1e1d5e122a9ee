"""Pages of the figures that a procedure leaves to the authority: set from a day on, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.procedure.figure import Kind
from core.usecases import local_figures
from core.usecases.local_figures import NoSuchFigure, Standing
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.procedure_pages import procedure_pages
from core.web.procedure_shown import Shown
from core.web.rules_here import rules_here
from core.web.typed import boxes, date_boxes, words

blueprint = Blueprint("figures", __name__)
LIST, ONE = "procedures/figures.html", "procedures/figure.html"
NO_BODY = "-"
MINUTES = ("present", "discuss", "sum-up")


def address(standing: Standing) -> str:
    """Where a figure is set."""
    figure = standing.figure
    return url_for(
        "figures.one",
        code=figure.procedure,
        body=figure.body or NO_BODY,
        rule=figure.rule,
        what=figure.what,
    )


@blueprint.get("/admin/procedures/<code>/figures")
def page(code: str) -> Response:
    try:
        procedure = local_figures.procedure_of(asker.scope(), asker.registry(), code)
    except NoSuchFigure:
        abort(404)
    standings = local_figures.standings(asker.scope(), procedure)
    return pages.page(
        LIST,
        procedure_pages=procedure_pages(),
        changes=_changes(),
        procedure=procedure,
        bodies={body.code: body.title for body in procedure.bodies},
        standings=standings,
        address=address,
        in_place=_shown(code).in_place_of,
    )


@blueprint.get("/admin/procedures/<code>/figures/<body>/<rule>/<what>")
def one(code: str, body: str, rule: str, what: str) -> Response:
    return pages.page(ONE, **_one(_there(_key(code, body, rule, what))))


@blueprint.post("/admin/procedures/<code>/figures/<body>/<rule>/<what>")
def set_figure(code: str, body: str, rule: str, what: str) -> Response:
    standing = _there(_key(code, body, rule, what))
    since_boxes, since, fault = date_boxes(request.form, "since")
    typed: dict[str, Any] = {
        name: words(request.form.get(name, ""))
        for name in ("value", "unit", "own", "why", *MINUTES)
    }
    typed |= {f"post-{n}": words(request.form.get(f"post-{n}", "")) for n in _places(standing)}
    typed["since"] = since_boxes
    value = "" if typed["own"] == "yes" else _value(standing, typed)
    try:
        if fault:
            raise Refused(Finding(fault, field="since"))
        local_figures.set_figure(
            asker.scope(),
            asker.registry(),
            standing.figure.key,
            value,
            since,
            typed["why"],
            request.form.get("seen", ""),
            now(),
        )
    except Refused as refusal:
        return pages.refused(ONE, refusal.findings, **_one(standing, typed, "set"))
    held = _shown(code).in_place_of(standing.figure)
    counts = f", and does not count here while {held.holds}" if held else ""
    flash(f"The figure is set{counts}. What is due is being worked out again.", "success")
    return redirect(address(standing), 303)  # type: ignore[return-value]


@blueprint.post("/figures/<public_id>/take-back")
def take_back(public_id: str) -> Response:
    scope, registry = asker.scope(), asker.registry()
    field = f"back-{public_id}"
    why = words(request.form.get(field, ""))
    try:
        standing = local_figures.of_setting(scope, registry, public_id)
        try:
            local_figures.take_back(scope, registry, public_id, why, now())
        except Refused as refusal:
            beside = [replace(finding, field=field) for finding in refusal.findings]
            return pages.refused(ONE, beside, **_one(standing, {field: why}, public_id))
    except NoSuchFigure:
        abort(404)
    flash("It is taken back. What is due is being worked out again.", "success")
    return redirect(address(standing), 303)  # type: ignore[return-value]


def _shown(code: str) -> Shown:
    """The procedure among those that are followed today: what of it holds here."""
    here, on = rules_here(), asker.scope().on
    procedure = here.in_force(code, on)
    if procedure is None:
        abort(404)
    return Shown(procedure, here.followed(on))


def _key(code: str, body: str, rule: str, what: str) -> str:
    return "/".join((code, "" if body == NO_BODY else body, rule, what))


def _there(key: str) -> Standing:
    try:
        return local_figures.standing(asker.scope(), asker.registry(), key)
    except NoSuchFigure:
        abort(404)


def _changes() -> bool:
    return ACCESS["figures.set_figure"].allows(asker.scope().roles)


def _places(standing: Standing) -> range:
    return range(1, len(standing.figure.posts) + 1)


def _value(standing: Standing, typed: Mapping[str, str]) -> str:
    """What was typed into the boxes of a figure, as one text; never "", which is "the own"."""
    kind = standing.figure.kind
    if kind is Kind.PERIOD:
        return f"{typed['value']} {typed['unit']}"
    if kind is Kind.MINUTES:
        return ",".join(typed[name] for name in MINUTES)
    if kind is Kind.POSTS:
        return ",".join(typed[f"post-{n}"] for n in _places(standing) if typed[f"post-{n}"]) or ","
    return typed["value"] or "?"


def _boxes(standing: Standing) -> dict[str, Any]:
    """The boxes of a figure as they stand before anything is typed: what holds today."""
    kind, value = standing.figure.kind, standing.value or ""
    shown: dict[str, Any] = {"since": boxes(asker.scope().on.isoformat()), "value": value}
    if kind is Kind.PERIOD and value:
        number, _, unit = value.partition(" ")
        return shown | {"value": number, "unit": unit if unit.endswith("s") else f"{unit}s"}
    if kind is Kind.MINUTES and value:
        return shown | dict(zip(MINUTES, value.split(","), strict=True))
    if kind is Kind.POSTS and value:
        return shown | {f"post-{n}": code for n, code in enumerate(value.split(","), 1)}
    return shown


def _one(
    standing: Standing, typed: Mapping[str, Any] | None = None, opened: str = ""
) -> dict[str, Any]:
    procedure = asker.registry().edition(standing.figure.procedure, asker.scope().on)
    body = procedure.body(standing.figure.body) if procedure else None
    return {
        "procedure": procedure,
        "body": body,
        "changes": _changes(),
        "standing": standing,
        "held": _shown(standing.figure.procedure).in_place_of(standing.figure),
        "figure": standing.figure,
        "kinds": Kind,
        "units": [{"value": str(unit), "text": str(unit)} for unit in standing.figure.units],
        "minutes": MINUTES,
        "places": _places(standing),
        "posts": [{"value": code, "text": title} for code, title in standing.figure.posts],
        "address": address(standing),
        "typed": _boxes(standing) | dict(typed or {}),
        "opened": opened,
        "today": asker.scope().on,
    }

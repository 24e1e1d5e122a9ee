"""The page of who comes to a planning meeting: whom the rules bring, who is asked, and who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.planning_people import (
    CAME,
    MODES,
    Guest,
    Line,
    after,
    before,
    each_once,
    of_line,
    parents_of,
    rows_of,
)
from core.domain.sight import MAY_STATE_A_REASON
from core.store import accounts, planning_guests
from core.usecases import planning_family as family
from core.usecases import planning_people as change
from core.usecases.planning_family import Relative
from core.usecases.planning_people import Came, Known
from core.web import asker, clock, notices_shown, pages, planning_context
from core.web.choosing import by_name
from core.web.planning_context import Open
from core.web.typed import PARTS, boxes, date_boxes, version, words

blueprint = Blueprint("planning_people", __name__)
PAGE = "planning/people.html"
COLLEAGUES = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the page: the rule, who is recorded under it, and among whom to choose."""

    line: Line
    guests: tuple[Guest, ...]
    suggested: str
    choices: list[dict[str, str]]


@blueprint.get("/planning-meetings/<public_id>/people")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(planning_context.seen(public_id)))


@blueprint.post("/planning-meetings/<public_id>/people/ask")
def ask(public_id: str) -> Response:
    """Ask one person under a line of the rules (or beside them) to come."""
    opened = planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    key = code or "other"
    asked = ("who", "known", "name", "relation")
    typed = {name: words(request.form.get(f"{name}-{key}", "")) for name in asked}
    scope, row = asker.scope(), opened.row
    relative = Relative(typed["known"], typed["name"], typed["relation"])
    name, relation = family.named(family.known(scope, row), relative)
    try:
        change.ask(
            scope, asker.registry(), public_id, code, typed["who"], name, relation, clock.now()
        )
    except Refused as refusal:
        return _refused(public_id, refusal, {f"{n}-{key}": v for n, v in typed.items()})
    flash("They are asked to come", "success")
    return _back(public_id, key)


@blueprint.post("/planning-meetings/<public_id>/people/ask-everybody")
def ask_everybody(public_id: str) -> Response:
    planning_context.to_change(public_id)
    try:
        asked = change.ask_everybody(asker.scope(), asker.registry(), public_id, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {})
    people = "person is" if asked == 1 else "people are"
    flash(f"{asked} {people} asked to come" if asked else "Nobody else is known to ask", "success")
    return _back(public_id)


@blueprint.post("/planning-meetings/<public_id>/people/leave-out")
def leave_out(public_id: str) -> Response:
    """Say why those of a line are not invited."""
    planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    why = words(request.form.get(f"why-{code}", ""))
    try:
        change.leave_out(asker.scope(), asker.registry(), public_id, code, why, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {f"why-{code}": why})
    flash("The reason is on the child’s file", "success")
    return _back(public_id, code)


@blueprint.post("/planning-meetings/<public_id>/people/not-attending")
def not_attending(public_id: str) -> Response:
    """Say who of the parents is not invited: their views before, and why."""
    planning_context.to_change(public_id)
    code = words(request.form.get("line", ""))
    key = code or family.OTHER
    stem = f"apart-{key}"
    asked = {
        part: words(request.form.get(f"apart-{part}-{key}", ""))
        for part in ("known", "name", "relation", "why")
    }
    parts, on, fault = date_boxes(request.form, f"apart-views-{key}", "The day of their views")
    typed = {f"apart-{part}-{key}": value for part, value in asked.items()}
    relative = Relative(asked["known"], asked["name"], asked["relation"])
    try:
        if fault:
            raise Refused(Finding(fault, field=f"apart-views-{key}"))
        family.not_attending(
            asker.scope(),
            asker.registry(),
            public_id,
            code,
            relative,
            asked["why"],
            on,
            clock.now(),
        )
    except Refused as refusal:
        return _refused(public_id, refusal, {**typed, f"apart-views-{key}": parts, stem: "open"})
    flash("It is written down that they do not attend", "success")
    return _back(public_id, code)


@blueprint.post("/planning-meetings/<public_id>/people/ask-after-all")
def ask_after_all(public_id: str) -> Response:
    """Ask somebody to come who was not to be invited."""
    planning_context.to_change(public_id)
    guest = words(request.form.get("guest", ""))
    seen = version(request.form.get("seen", ""))
    try:
        change.ask_after_all(asker.scope(), asker.registry(), public_id, guest, seen, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {})
    flash("They are asked to come after all", "success")
    return _back(public_id)


@blueprint.post("/planning-meetings/<public_id>/people/take-back")
def take_back(public_id: str) -> Response:
    """No longer ask somebody, with the reason."""
    planning_context.to_change(public_id)
    guest = words(request.form.get("guest", ""))
    why = words(request.form.get(f"back-{guest}", ""))
    seen = version(request.form.get("seen", ""))
    try:
        change.take_back(asker.scope(), public_id, guest, seen, why, clock.now())
    except Refused as refusal:
        return _refused(public_id, refusal, {f"back-{guest}": why})
    flash("They are no longer asked to come", "success")
    return _back(public_id)


@blueprint.post("/planning-meetings/<public_id>/people/came")
def came(public_id: str) -> Response:
    """Record who came, how, and whose views were gained before."""
    opened = planning_context.to_change(public_id)
    marks: list[Came] = []
    findings: list[Finding] = []
    for guest in planning_guests.of_meeting(asker.scope(), opened.row.id):
        key = guest.public_id
        if f"seen-{key}" not in request.form:
            continue
        _parts, on, fault = date_boxes(request.form, f"views-{key}", "The day of their views")
        if fault:
            findings.append(Finding(f"{guest.said}: {fault}", field=f"views-{key}"))
            continue
        seen = version(request.form[f"seen-{key}"])
        said = words(request.form.get(f"came-{key}", ""))
        mode = words(request.form.get(f"mode-{key}", ""))
        marks.append(Came(key, seen, said, mode, on))
    try:
        change.mark_came(asker.scope(), public_id, marks, clock.now())
    except Refused as refusal:
        findings += refusal.findings
    if findings:
        typed = {name: words(value) for name, value in request.form.items()}
        return _refused(public_id, Refused(*findings), typed)
    flash("Who came is recorded", "success")
    return _back(public_id, "came")


def _back(public_id: str, anchor: str = "") -> Response:
    address = url_for("planning_people.page", public_id=public_id, _anchor=anchor or None)
    return redirect(address, 303)  # type: ignore[return-value]


def _refused(public_id: str, refusal: Refused, typed: Mapping[str, Any]) -> Response:
    context = _context(planning_context.seen(public_id), typed)
    return pages.refused(PAGE, refusal.findings, **context)


def _context(opened: Open, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    scope, row = asker.scope(), opened.row
    known = change.known(scope, asker.registry(), row, opened.meets)
    guests = planning_guests.of_meeting(scope, row.id)
    every = [one.line for one in known]
    heard = {guest.public_id for guest in parents_of(opened.body, guests)}
    open_points = (
        after(every, guests) if row.held or row.held_on < scope.on else before(every, guests)
    )
    return planning_context.context(
        opened,
        heading="People",
        shown=[_shown(one, guests, opened) for one in known],
        others=tuple(guest for guest in guests if not guest.code),
        colleagues=_colleagues(opened, ()),
        guests=[
            guest
            for guest in each_once(guests)
            if guest.invited or guest.came or (guest.name and guest.public_id in heard)
        ],
        stands={guest.public_id: _stands(guest, guests, every) for guest in guests},
        heard=heard,
        apart=not any(line.views for line in every),
        relatives=relatives(opened) if opened.writes else [],
        open_points=list(open_points),
        came=[{"value": code, "text": text} for code, text in CAME.items()],
        modes=[{"value": code, "text": text} for code, text in MODES.items()],
        boxes=lambda on: boxes(on.isoformat() if on else ""),
        typed=typed or {},
        typed_day=lambda name: _typed_day(typed or {}, name),
        notices=notices_shown.of_case(scope, opened.procedure, opened.body, row.case_id),
        nobody_asked=not any(guest.invited for guest in guests),
    )


def _typed_day(typed: Mapping[str, Any], name: str) -> dict[str, str] | None:
    """The boxes of a day as they were posted; None where they were not."""
    if f"{name}-{PARTS[0]}" not in typed:
        return None
    return {part: typed.get(f"{name}-{part}", "") for part in PARTS}


def relatives(opened: Open) -> list[dict[str, str]]:
    """The people to reach of the child's record, to choose from."""
    return [
        {"value": one.public_id, "text": f"{one.value('name')} ({one.value('relation')})"}
        for one in family.known(asker.scope(), opened.row)
    ]


def _stands(guest: Guest, guests: Iterable[Guest], every: Iterable[Line]) -> str:
    """For which lines somebody stands, in words; "" beside the rules."""
    titles = {line.code: line.title for line in every}
    named = (titles.get(one.code, "") for one in rows_of(guest, guests))
    return " and ".join(filter(None, named))


def _shown(one: Known, guests: tuple[Guest, ...], opened: Open) -> Shown:
    """A line with its people; whom the record gives for it is suggested first."""
    line = one.line
    choices = _colleagues(opened, line.roles, only=tuple(one.people))
    by_account = {item["account"]: item["value"] for item in choices if "account" in item}
    suggested = next((by_account[str(i)] for i in one.people if str(i) in by_account), "")
    return Shown(line, of_line(guests, line), suggested, choices)


def _colleagues(
    opened: Open, roles: tuple[str, ...], only: tuple[int, ...] = ()
) -> list[dict[str, str]]:
    """Colleagues to choose from: of these roles, or those named; none where the page only shows."""
    if not opened.writes:
        return []
    scope = asker.scope()
    found: list[accounts.Colleague] = []
    if only:
        found += accounts.colleagues(scope, only)
    if roles or not only:
        wanted = roles or tuple(MAY_STATE_A_REASON)
        there = {one.id for one in found}
        every = accounts.colleagues(scope, roles=wanted)
        found += [one for one in every if one.id not in there]
    listed = {one.public_id: one.id for one in found}
    return [{**item, "account": str(listed[item["value"]])} for item in by_name(found)]

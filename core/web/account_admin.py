"""What an administrator does to an account: details, what is held, suspension, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.staff import GRADES, Details
from core.store import directory
from core.usecases import people, roles
from core.usecases.leaving import some
from core.usecases.people import NobodyThere, PersonMoved
from core.web import admin_pages, asker, pages
from core.web.admin_pages import choices
from core.web.clock import now
from core.web.directory import person_context
from core.web.typed import date_boxes, row_id, version, words

blueprint = Blueprint("account_admin", __name__)
BOTH_SHOWN = Finding(
    "Somebody else changed these details while you were typing. Both are shown: save yours over "
    "theirs, or leave the page as theirs stands",
    field="theirs",
)
DETAILS = ("name", "email", "staff_number", "job", "grade")


def typed_details() -> dict[str, str]:
    return {name: words(request.form.get(name, "")) for name in DETAILS}


def grades(own: str = "") -> list[dict[str, str]]:
    """The grades to choose from, with the one that somebody has also where it is another."""
    known = dict(GRADES)
    if own and own not in known:
        known[own] = own
    return choices(known.items())


def _there(public_id: str) -> directory.PersonOfStaff:
    person = directory.person(asker.scope(), public_id)
    if person is None:
        abort(404)
    return person


@blueprint.get("/staff/<public_id>/details")
def details(public_id: str) -> Response:
    person = _there(public_id)
    pages.looked_at("account", public_id)
    return pages.page("admin/details.html", **_details(person, None))


def _details(
    person: directory.PersonOfStaff,
    typed: Mapping[str, str] | None,
    *,
    seen: int = 0,
    conflict: bool = False,
) -> dict[str, Any]:
    return {
        "admin_pages": admin_pages.admin_pages(),
        "somebody": person,
        "typed": typed or {name: getattr(person, name) for name in DETAILS},
        "grades": grades(person.grade),
        "conflict": conflict,
        "grade_words": GRADES,
        "seen": seen or person.version,
    }


@blueprint.post("/staff/<public_id>/details")
def save_details(public_id: str) -> Response:
    _there(public_id)
    typed = typed_details()
    seen = version(request.form.get("version", ""))
    try:
        people.edit_details(asker.scope(), public_id, Details(**typed), seen, now())
    except NobodyThere:
        abort(404)
    except Refused as refusal:
        moved = isinstance(refusal, PersonMoved)
        context = _details(_there(public_id), typed, seen=seen, conflict=moved)
        findings = [BOTH_SHOWN] if moved else refusal.findings
        return pages.refused("admin/details.html", findings, **context)
    flash("The details are saved", "success")
    return _back(public_id)


def _back(public_id: str) -> Response:
    return redirect(url_for("directory.page", public_id=public_id), 303)  # type: ignore[return-value]


def _change(
    public_id: str, act: Callable[[int], object], done: str, opened: str, typed: Mapping[str, Any]
) -> Response:
    """Do it to the person as they were seen; refused, the person's page says why."""
    _there(public_id)
    try:
        act(version(request.form.get("version", "")))
    except NobodyThere:
        abort(404)
    except Refused as refusal:
        context = person_context(public_id, typed, opened)
        return pages.refused("admin/person.html", _beside(refusal, opened), **context)
    flash(done, "success")
    return _back(public_id)


def _beside(refusal: Refused, opened: str) -> list[Finding]:
    """The findings, each beside a field of the form that was sent."""
    field = "why" if opened == "suspend" else opened.removeprefix("give-")
    return [replace(one, field=one.field or field or None) for one in refusal.findings]


def _give(public_id: str, kind: str) -> Response:
    since_boxes, since, since_fault = date_boxes(request.form, f"{kind}-since", "The first day")
    last_boxes, last, last_fault = date_boxes(request.form, f"{kind}-last", "The last day")
    what = words(request.form.get(kind, ""))
    typed: dict[str, Any] = {
        kind: what,
        f"{kind}-since": since_boxes,
        f"{kind}-last": last_boxes,
    }

    def act(seen: int) -> None:
        faults = _faults((since_fault, f"{kind}-since"), (last_fault, f"{kind}-last"))
        if faults:
            raise Refused(*faults)
        roles.give(asker.scope(), public_id, kind, what, since, last, seen, now())

    return _change(public_id, act, f"The {roles.KINDS[kind]} is given", f"give-{kind}", typed)


def _end(public_id: str, kind: str) -> Response:
    boxes, last, fault = date_boxes(request.form, f"end-{kind}-last")
    which = words(request.form.get(f"end-{kind}", ""))
    typed = {f"end-{kind}": which, f"end-{kind}-last": boxes}

    def act(seen: int) -> None:
        if faults := _faults((fault, f"end-{kind}-last")):
            raise Refused(*faults)
        row = row_id(which)
        roles.end(asker.scope(), public_id, kind, row, last, seen, now())

    done = f"The {roles.KINDS[kind]} has a last day"
    return _change(public_id, act, done, f"end-{kind}", typed)


def _faults(*found: tuple[str, str]) -> list[Finding]:
    return [Finding(fault, field=field) for fault, field in found if fault]


@blueprint.post("/staff/<public_id>/roles")
def give_role(public_id: str) -> Response:
    return _give(public_id, "role")


@blueprint.post("/staff/<public_id>/roles/end")
def end_role(public_id: str) -> Response:
    return _end(public_id, "role")


@blueprint.post("/staff/<public_id>/places")
def give_place(public_id: str) -> Response:
    return _give(public_id, "place")


@blueprint.post("/staff/<public_id>/places/end")
def end_place(public_id: str) -> Response:
    return _end(public_id, "place")


@blueprint.post("/staff/<public_id>/suspend")
def suspend(public_id: str) -> Response:
    why = words(request.form.get("why", ""))
    alone: list[str] = []

    def suspended(seen: int) -> None:
        alone.extend(people.suspend(asker.scope(), public_id, why, seen, now()))

    answer = _change(
        public_id,
        suspended,
        "The account is suspended, and signed out everywhere",
        "suspend",
        {"why": why},
    )
    if alone:
        flash(
            "Nobody who can sign in is named any more for what is closed under the local id "
            f"{some(alone)}: name somebody at Closed records",
            "important",
        )
    return answer


@blueprint.post("/staff/<public_id>/unsuspend")
def unsuspend(public_id: str) -> Response:
    return _change(
        public_id,
        lambda seen: people.let_in_again(asker.scope(), public_id, seen, now()),
        "The suspension is ended",
        "",
        {},
    )


@blueprint.post("/staff/<public_id>/invite")
def invite(public_id: str) -> Response:
    return _link(
        public_id, "invitation", lambda _: people.invite_again(asker.scope(), public_id, now())
    )


@blueprint.post("/staff/<public_id>/reset")
def reset(public_id: str) -> Response:
    return _link(
        public_id, "reset", lambda seen: people.reset(asker.scope(), public_id, seen, now())
    )


def _link(public_id: str, kind: str, make: Callable[[int], str]) -> Response:
    """Make a link and show it in this answer alone: it is kept nowhere."""
    _there(public_id)
    try:
        token = make(version(request.form.get("version", "")))
    except NobodyThere:
        abort(404)
    except Refused as refusal:
        return pages.refused("admin/person.html", refusal.findings, **person_context(public_id))
    return show_link(public_id, kind, token)


def show_link(public_id: str, kind: str, token: str, stated: str = "") -> Response:
    """The page with a link that is shown once; ``stated`` is a row of a file to be matched next."""
    return pages.page(
        "admin/link.html",
        admin_pages=admin_pages.admin_pages(),
        somebody=_there(public_id),
        kind=kind,
        stated=stated,
        link=url_for("welcome.page", token=token, _external=True),
    )

"""Pages on which people are added: one, or several from a table; their invitations shown once."""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.sight import ROLES
from core.domain.staff import Details
from core.store import account_links, teams, unmatched
from core.store.unmatched import Unmatched
from core.usecases import joining
from core.usecases.joining import COLUMNS, EXAMPLE, MOST, NEEDED, Joined, join
from core.usecases.people import NewPerson, add_person
from core.web import admin_pages, asker, csv_lines, pages
from core.web.account_admin import grades, show_link, typed_details
from core.web.admin_pages import choices
from core.web.clock import now
from core.web.directory import places
from core.web.typed import words

blueprint = Blueprint("joining", __name__)
MOST_BYTES = 1024 * 1024


def _new(typed: dict[str, Any], stated: str) -> dict[str, Any]:
    return {
        "stated": stated,
        "admin_pages": admin_pages.admin_pages(),
        "typed": typed,
        "grades": grades(),
        "roles": choices((role, admin_pages.title(role)) for role in ROLES),
        "places": places(teams.tree(asker.scope())),
    }


@blueprint.get("/staff/new")
def new() -> Response:
    """The form for one person; ``stated`` is a row of a file that names them."""
    typed: dict[str, Any] = dict.fromkeys(("name", "email", "staff_number", "job"), "")
    typed |= {"grade": "", "roles": [], "place": ""}
    row = _stated(request.args.get("stated", ""))
    if row is not None:
        typed |= {"name": row.said, "email": row.email, "staff_number": row.staff_number}
    return pages.page("admin/new.html", **_new(typed, row.address if row else ""))


def _stated(text: str) -> Unmatched | None:
    """Somebody whom files name, by the number in an address or a form."""
    return unmatched.one(asker.scope(), text)


@blueprint.post("/staff/new")
def add() -> Response:
    texts = typed_details()
    roles = [words(role) for role in request.form.getlist("roles")]
    place = words(request.form.get("place", ""))
    typed: dict[str, Any] = {**texts, "roles": roles, "place": place}
    row = _stated(request.form.get("stated", ""))
    stated = row.address if row else ""
    try:
        known = {item["value"] for item in places(teams.tree(asker.scope()))}
        if place and place not in known:
            raise Refused(Finding("Choose where they work from the list", field="place"))
        of, _, number = place.partition(" ")
        added = add_person(
            asker.scope(),
            NewPerson(
                Details(**texts),
                tuple(roles),
                int(number) if of == "team" else None,
                int(number) if of == "service" else None,
            ),
            now(),
        )
    except Refused as refusal:
        return pages.refused("admin/new.html", refusal.findings, **_new(typed, stated))
    return show_link(added.public_id, "invitation", added.token, stated)


def _several(typed: str) -> dict[str, Any]:
    return {
        "admin_pages": admin_pages.admin_pages(),
        "typed": typed,
        "columns": COLUMNS,
        "needed": NEEDED,
        "example": EXAMPLE,
        "waiting": account_links.how_many_never_opened(asker.scope()),
        "most": MOST,
    }


@blueprint.get("/staff/several")
def several() -> Response:
    return pages.page("admin/several.html", **_several(""))


@blueprint.post("/staff/several")
def add_several() -> Response:
    text = words(request.form.get("people", ""))
    try:
        file = request.files.get("file")
        if file is not None and file.filename:
            text = _read(file.stream.read(MOST_BYTES + 1))
        joined = join(asker.scope(), text, now())
    except Refused as refusal:
        return pages.refused("admin/several.html", refusal.findings, **_several(text))
    number = len(joined.invited)
    return _joined(joined, text, f"{number} {'person' if number == 1 else 'people'} added")


@blueprint.post("/staff/several/again")
def invite_everybody() -> Response:
    """Invitations made again for everybody who has never chosen a password, shown once."""
    try:
        invited = joining.invite_everybody(asker.scope(), now())
    except Refused as refusal:
        return pages.refused("admin/several.html", refusal.findings, **_several(""))
    number = len(invited)
    heading = f"{number} invitation{'' if number == 1 else 's'} made again"
    return _joined(Joined(tuple(invited), ()), "", heading)


def _read(data: bytes) -> str:
    """The text of a file: UTF-8, or as older spreadsheets save it."""
    if len(data) > MOST_BYTES:
        raise Refused(Finding("The file must be smaller than 1 MB", field="file"))
    if b"\x00" in data:
        message = "This file is not a table of text: save it as CSV and choose it again"
        raise Refused(Finding(message, field="file"))
    try:
        return words(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return words(data.decode("cp1252", "replace"))


def _joined(joined: Joined, text: str, heading: str) -> Response:
    links = [
        [one.name, one.email, url_for("welcome.page", token=one.token, _external=True)]
        for one in joined.invited
    ]
    lines = {problem.line for problem in joined.problems}
    rows = text.lstrip("\ufeff").split("\n")
    first = next((row for row in rows if row.strip()), "")
    again = [first, *(rows[line - 1] for line in sorted(lines) if line <= len(rows))]
    context: dict[str, Any] = {
        "admin_pages": admin_pages.admin_pages(),
        "joined": joined,
        "heading": heading,
        "kept": json.dumps(links) if links else "",
        "mark": _mark(json.dumps(links)),
        "again": "\n".join(again) if lines else "",
    }
    findings = [
        Finding(f"Line {problem.line}: {problem.message}", field="people")
        for problem in joined.problems
    ]
    if findings:
        return pages.refused("admin/joined.html", findings, **context)
    return pages.page("admin/joined.html", **context)


def _mark(text: str) -> str:
    """Tells invitations that this service wrote from any other text."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"invitations {text}".encode("utf-8", "replace"), "sha256").hexdigest()


@blueprint.post("/staff/several/links")
def links() -> Response:
    """The invitations as CSV: they come back from the page that showed them, kept nowhere."""
    text = request.form.get("links", "")
    if not hmac.compare_digest(_mark(text).encode(), request.form.get("mark", "").encode()):
        abort(404)
    headings = ("name", "e-mail", "invitation")
    return csv_lines.download("invitations.csv", headings, json.loads(text))

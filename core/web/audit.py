"""Pages of the audit: searched, read in words and exported; and who looked at a child."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    request,
    url_for,
)

from core.domain.finding import Finding
from core.store import audit_trail, looks
from core.store.audit_trail import Sought
from core.store.paging import pages_of
from core.store.scope import Scope
from core.usecases import auditing
from core.web import asker, audit_words, csv_lines, pages, typed
from core.web.child_pages import child_pages
from core.web.clock import LONDON, in_london, now

blueprint = Blueprint("audit", __name__)
SIZE = 50
KINDS = {
    "looked": "Looked at something",
    "changed": "Changed something",
    "signed": "Signed in or out",
    "refused": "Was refused",
}
NOT_OPEN = "No child with this local id is open to you: it is not there, or its record is closed"
HEADS = (
    "When (UTC)", "Row", "Who", "E-mail", "Did", "To what", "Id", "Before", "After", "Why",
)  # fmt: skip


@blueprint.get("/audit")
def page() -> Response:
    scope = asker.scope()
    sought, context = _asked(scope)
    after = typed.whole(request.args.get("after", ""), 1, 2**62)
    found = audit_trail.search(scope, sought, after, SIZE)
    named = sorted({row.subject_id for row in found.rows if row.about})
    pages.looked_at("audit", "", filters=context["address"], children=named)
    return pages.page(
        "audit/page.html", found=found, words=audit_words, roles=scope.roles, **context
    )


@blueprint.post("/audit")
def search() -> Response:
    """What is typed is looked up, so that no local id and no e-mail stands in an address."""
    scope, form = asker.scope(), request.form
    said = {name: typed.words(form.get(name, "")).strip() for name in ("local-id", "email")}
    kind = form.get("kind", "") if form.get("kind", "") in KINDS else ""
    faults: list[Finding] = []
    days: dict[str, date | None] = {}
    boxes = {}
    for name in ("first", "last"):
        boxes[name], days[name], fault = typed.date_boxes(form, name)
        if fault:
            faults.append(Finding(fault, field=name))
    first, last = days["first"], days["last"]
    if first and last and first > last:
        faults.append(Finding("The last day must not be before the first", field="last"))
    person = audit_trail.person_of(scope, said["email"][:254]) if said["email"] else ""
    if person is None:
        faults.append(Finding("Nobody has this e-mail address", field="email"))
    child = audit_trail.child(scope, local_id=said["local-id"]) if said["local-id"] else None
    if said["local-id"] and child is None:
        faults.append(Finding(NOT_OPEN, field="local-id"))
    if faults:
        _, context = _asked(scope)
        context |= {"typed": said | {"kind": kind}, "boxes": boxes}
        empty = audit_trail.Found((), None)
        return pages.refused(
            "audit/page.html", faults, found=empty, words=audit_words, roles=scope.roles, **context
        )
    chosen = {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
        "person": person,
        "child": child[0] if child else "",
        "kind": kind,
    }
    to = url_for("audit.page", **{name: value for name, value in chosen.items() if value})  # type: ignore[arg-type]
    return redirect(to, 303)  # type: ignore[return-value]


@blueprint.get("/audit/export.csv")
def export() -> Response:
    """Everything sought as CSV, written as it is read; that it was taken is recorded first."""
    scope = asker.scope()
    sought, context = _asked(scope)
    auditing.exported(scope, context["address"], now())
    return csv_lines.download("audit.csv", HEADS, _rows(scope, sought))


def _rows(scope: Scope, sought: Sought) -> Iterator[tuple[str, ...]]:
    for row in audit_trail.every(scope, sought):
        said = audit_words.changes(row)
        yield (
            row.at.isoformat(sep=" ", timespec="seconds"),
            str(row.position),
            row.who,
            row.email,
            row.did,
            row.about or audit_words.what(row),
            row.subject_id,
            "\n".join(f"{c.name}: {c.before}" for c in said if c.before is not None),
            "\n".join(f"{c.name}: {c.after}" for c in said if c.after is not None),
            row.why,
        )


@blueprint.get("/children/<public_id>/looked")
def who_looked(public_id: str) -> Response:
    scope = asker.scope()
    child = audit_trail.child(scope, public_id=public_id)
    if child is None:
        abort(404)
    pages.looked_at("child", public_id, page="who looked")
    number = typed.page_number(request.args.get("page", ""))
    rows, total = looks.who_looked(scope, public_id, number, SIZE)
    return pages.page(
        "audit/who_looked.html",
        name=child[1],
        child_pages=child_pages(public_id),
        rows=rows,
        lists=looks.lists_with(scope, public_id, now(), SIZE) if number == 1 else [],
        total=total,
        number=number,
        last=pages_of(total, SIZE),
        address=lambda n: url_for("audit.who_looked", public_id=public_id, page=n),
        words=audit_words,
        clock=lambda moment: in_london(moment).strftime("%H:%M"),
    )


def _asked(scope: Scope) -> tuple[Sought, dict[str, Any]]:
    """What the address asks for, and the page's words for it; what is no answer is left out."""
    given = request.args
    first, last = _day(given.get("first", "")), _day(given.get("last", ""))
    person = audit_trail.person(scope, given.get("person", "")[:16])
    child = audit_trail.child(scope, public_id=given.get("child", "")[:16])
    kind = given.get("kind", "") if given.get("kind", "") in KINDS else ""
    sought = Sought(
        since=_begins(first) if first else None,
        until=_begins(last + timedelta(days=1)) if last else None,
        account=given["person"][:16] if person else "",
        child=child[0] if child else "",
        kind=kind,
    )
    address = {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
        "person": sought.account,
        "child": sought.child,
        "kind": kind,
    }
    return sought, {
        "address": {name: value for name, value in address.items() if value},
        "kinds": [{"value": code, "text": words} for code, words in KINDS.items()],
        "person_sought": person,
        "child_sought": child,
        "in_lists": sought.in_lists,
        "typed": {"kind": kind, "email": person[1] if person else "", "local-id": ""},
        "boxes": {
            name: typed.boxes(on.isoformat() if on else "")
            for name, on in (("first", first), ("last", last))
        },
    }


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if typed.FIRST_YEAR <= found.year <= typed.LAST_YEAR else None


def _begins(on: date) -> datetime:
    """The moment at which a day begins in London, in UTC without a zone."""
    return datetime.combine(on, time(), LONDON).astimezone(UTC).replace(tzinfo=None)

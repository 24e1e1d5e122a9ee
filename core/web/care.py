"""Pages of a child's identity and care: what is in use, who says so, and rows of care typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.allocation import RELATIONS
from core.domain.care import MISSING
from core.domain.care_typing import CARE_KINDS, CareKind
from core.domain.finding import Finding, Refused
from core.domain.identity import BORN, EXPECTED, Part, parts
from core.domain.record.kind import FactField, FactType
from core.store import allocations, care_rows, identity
from core.store import children as record
from core.store.care_rows import IN_USE, NEVER, CareRow
from core.store.children import ChildRow
from core.usecases import care as change
from core.usecases.care import CareMoved
from core.usecases.child_changed import NoChild
from core.web import adoption_shown, asker, care_words, child_words, dates_moved, pages
from core.web.access import ACCESS
from core.web.child_pages import brothers_and_sisters, child_or_404, child_pages
from core.web.clock import now
from core.web.register import Item
from core.web.typed import boxes, date_boxes, row_id, words

blueprint = Blueprint("care", __name__)
NOTHING = {"why": "", "why_void": "", "why_back": ""}


def _kind(code: str) -> CareKind:
    return CARE_KINDS.get(code) or abort(404)


def _shared(child: ChildRow) -> dict[str, Any]:
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "said": care_words,
    }


@blueprint.get("/children/<public_id>/care")
def page(public_id: str) -> Response:
    scope = asker.scope()
    child = child_or_404(public_id)
    changes = record.may_change(scope, public_id)
    pages.looked_at("child", child.public_id, page="identity and care")
    working = allocations.rows(scope, child.id)
    rows = care_rows.every_kind(scope, child.id)
    told = any(row.state == IN_USE for row in rows["episode"])
    return pages.page(
        "care/page.html",
        **_shared(child),
        on=scope.on,
        parts=_shown_parts(child, identity.said_with_columns(scope, child.id)),
        siblings=brothers_and_sisters(child),
        children_said=child_words,
        relations=RELATIONS.values(),
        working=[row for row in working if row.since <= scope.on and row.open_after(scope.on)],
        stated=allocations.stated(scope, child.id),
        kinds=CARE_KINDS.values(),
        rows=rows,
        record_says=adoption_shown.of_record(public_id, rows["adoption-decision"]),
        writes=changes and ACCESS["care.save"].allows(scope.roles),
        merges=ACCESS["merges.new"].allows(scope.roles),
        allocates=changes and ACCESS["allocations.allocate"].allows(scope.roles),
        stale=child_words.missing(told) if child.status == MISSING else "",
        has_episodes=told,
    )


def _shown_parts(child: ChildRow, said: Any) -> list[Part]:
    """The parts to show: a date expected only where one was ever given."""
    found = parts(said)
    expected = found[EXPECTED]
    if not (child.birth_expected or expected.used or expected.earlier):
        del found[EXPECTED]
    if child.birth_expected and not found[BORN].earlier and found[BORN].used is None:
        found[EXPECTED], found[BORN] = found.pop(EXPECTED), found.pop(BORN)
    order = [part for part in found.values() if part.field.code not in (BORN, EXPECTED)]
    births = [found[code] for code in (BORN, EXPECTED) if code in found]
    return [*order[:2], *births, *order[2:]]


def _context(child: ChildRow, kind: CareKind, row: CareRow | None, **more: Any) -> dict[str, Any]:
    pages.looked_at("child", child.public_id, page=f"care: {kind.code}")
    before = row.values if row else {}
    return {
        **_shared(child),
        "kind": kind,
        "row": row,
        "choices": {
            field.code: _choices(field, before.get(field.code, ""))
            for field in kind.fields
            if field.type is FactType.CHOICE
        },
        "typed": {field.code: _box(field, before.get(field.code, "")) for field in kind.fields}
        | NOTHING,
        "seen_day": row.day.isoformat() if row and row.day else "",
        "offer_keep": False,
        "kept": "",
        "now_there": (),
    } | more


def _choices(field: FactField, before: str) -> list[Item]:
    found = [Item(code, text) for code, text in field.choices.items()]
    if before and before not in field.choices:
        found.append(Item(before, care_words.care(field.code, before)))
    return found


def _box(field: FactField, value: str) -> Any:
    return boxes(value) if field.type is FactType.DAY else value


def _row(child: ChildRow, kind: CareKind, text: str) -> CareRow | None:
    """The row named in the address or the form, where it stands; None where none is named."""
    if not text:
        return None
    wanted = row_id(text)
    for row in care_rows.rows(asker.scope(), child.id, kind):
        if row.id == wanted and row.state in (IN_USE, NEVER):
            return row
    return None


@blueprint.get("/children/<public_id>/care/<care_kind>")
def form(public_id: str, care_kind: str) -> Response:
    child, kind = child_or_404(public_id, changes=True), _kind(care_kind)
    named = request.args.get("row", "")
    row = _row(child, kind, named)
    if named and row is None:
        abort(404)
    return pages.page("care/form.html", **_context(child, kind, row))


@blueprint.post("/children/<public_id>/care/<care_kind>")
def save(public_id: str, care_kind: str) -> Response:
    child, kind = child_or_404(public_id, changes=True), _kind(care_kind)
    typed, values, found = _typed(kind)
    keep = request.form.get("keep") == "yes"
    try:
        if found:
            raise Refused(*found)
        change.save_row(
            asker.scope(), public_id, kind, _row_id(), values, typed["why"], keep, now(), _day()
        )
    except NoChild:
        abort(404)
    except Refused as refusal:
        offer = keep or not any(finding.blocks for finding in refusal.findings)
        return _refused(child, kind, refusal, typed, offer_keep=offer, kept="yes" if keep else "")
    flash(f"{kind.one.capitalize()} is saved", "success")
    dates_moved.say(child.id)
    return _back(public_id, kind)


@blueprint.post("/children/<public_id>/care/<care_kind>/never")
def void(public_id: str, care_kind: str) -> Response:
    """Say that what a row states never happened."""
    return _undo(public_id, care_kind, change.void_row, "why_void", "It is said never to have been")


@blueprint.post("/children/<public_id>/care/<care_kind>/file")
def take_back(public_id: str, care_kind: str) -> Response:
    """Use what the file says again."""
    return _undo(public_id, care_kind, change.take_back, "why_back", "What was typed is taken back")


def _undo(public_id: str, care_kind: str, do: Any, name: str, done: str) -> Response:
    child, kind = child_or_404(public_id, changes=True), _kind(care_kind)
    why, row_id = words(request.form.get(name, "")), _row_id()
    row = _row(child, kind, str(row_id or ""))
    before = row.values if row else {}
    typed = {field.code: _box(field, before.get(field.code, "")) for field in kind.fields}
    typed |= NOTHING | {name: why}
    try:
        do(asker.scope(), public_id, kind, row_id or 0, why, now(), _day())
    except NoChild:
        abort(404)
    except Refused as refusal:
        return _refused(child, kind, refusal, typed, field=name)
    flash(done, "success")
    dates_moved.say(child.id)
    return _back(public_id, kind)


def _typed(kind: CareKind) -> tuple[dict[str, Any], dict[str, str], list[Finding]]:
    """What was typed as it is shown again, as it is kept, and the dates that are none."""
    typed: dict[str, Any] = {**NOTHING, "why": words(request.form.get("why", ""))}
    values: dict[str, str] = {}
    found: list[Finding] = []
    for field in kind.fields:
        if field.type is FactType.DAY:
            typed[field.code], on, wrong = date_boxes(request.form, field.code)
            values[field.code] = on.isoformat() if on else ""
            if wrong:
                found.append(Finding(f"{field.label}: t{wrong[1:]}", field=field.code))
        else:
            typed[field.code] = values[field.code] = words(request.form.get(field.code, ""))
    return typed, values, found


def _row_id() -> int | None:
    """The row that the form corrects; one that there cannot be, for what is no number."""
    text = request.form.get("row", "")
    return (row_id(text) or 0) if text else None


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("seen_day", ""))
    except ValueError:
        return None


def _refused(
    child: ChildRow,
    kind: CareKind,
    refusal: Refused,
    typed: dict[str, Any],
    *,
    field: str = "why",
    **more: Any,
) -> Response:
    """The same page with what was typed; where somebody was first, beside what stands now."""
    now_there = refusal.now if isinstance(refusal, CareMoved) else ()
    row = now_there[0] if now_there else _row(child, kind, request.form.get("row", ""))
    found = [
        Finding(f.message, f.code, f.clauses, f.strength, field if f.field == "why" else f.field)
        for f in refusal.findings
    ]
    context = _context(child, kind, row, typed=typed, now_there=now_there, **more)
    return pages.refused("care/form.html", found, **context)


def _back(public_id: str, kind: CareKind) -> Response:
    return redirect(url_for("care.page", public_id=public_id, _anchor=kind.code), 303)  # type: ignore[return-value]

"""Pages on which a part of a child's identity is typed, corrected, or taken back to the file's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.identity import BY_CODE, EVERY, EXPECTED, Part, part_of
from core.domain.record.kind import FactField, FactType
from core.store import identity
from core.store.children import ChildRow
from core.usecases import identity as change
from core.usecases.child_changed import NoChild
from core.usecases.identity import IdentityMoved
from core.web import asker, care_words, child_words, dates_moved, pages
from core.web.child_pages import child_or_404, child_pages
from core.web.clock import now
from core.web.register import Item
from core.web.typed import boxes, date_boxes, words

blueprint = Blueprint("identity", __name__)


def _context(child: ChildRow, field: FactField, **more: Any) -> dict[str, Any]:
    pages.looked_at("child", child.public_id, page=f"identity: {field.code}")
    part = part_of(field, identity.said_with_columns(asker.scope(), child.id))
    choices = [Item(code, text) for code, text in field.choices.items()]
    if field.type is FactType.CHOICE and part.value and part.value not in field.choices:
        choices.append(Item(part.value, care_words.identity(field.code, part.value)))
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "field": field,
        "part": part,
        "choices": [Item("", "Not recorded"), *choices],
        "said": care_words,
        "typed": {"value": _shown(field, part.value), "why": "", "why_back": ""},
        "seen": part.value,
        "moved": None,
        "mine": "",
        "birth": field.code == "born" and child.birth_expected,
    } | more


def _shown(field: FactField, value: str) -> Any:
    return boxes(value) if field.type is FactType.DAY else value


@blueprint.get("/children/<public_id>/identity/<identity_field>")
def form(public_id: str, identity_field: str) -> Response:
    child = child_or_404(public_id, changes=True)
    field = BY_CODE.get(identity_field) or abort(404)
    return pages.page("care/identity.html", **_context(child, field))


@blueprint.post("/children/<public_id>/identity/<identity_field>")
def save(public_id: str, identity_field: str) -> Response:
    child = child_or_404(public_id, changes=True)
    field = BY_CODE.get(identity_field) or abort(404)
    shown, value, wrong = _typed(field)
    typed = {"value": shown, "why": words(request.form.get("why", "")), "why_back": ""}
    seen = words(request.form.get("seen", ""))
    if wrong:
        finding = Finding(wrong.replace("This date", field.label, 1), field=field.code)
        return _refused(child, field, [finding], typed=typed, seen=seen)
    try:
        change.say(asker.scope(), public_id, field.code, value, typed["why"], seen, now())
    except NoChild:
        abort(404)
    except IdentityMoved as refusal:
        return _moved(child, field, refusal, typed, value)
    except Refused as refusal:
        return _refused(child, field, refusal.findings, typed=typed, seen=seen)
    flash(f"{field.label} is saved", "success")
    dates_moved.say(child.id)
    return _back(public_id, field)


@blueprint.post("/children/<public_id>/identity/<identity_field>/file")
def take_back(public_id: str, identity_field: str) -> Response:
    """Use what the file says again."""
    child = child_or_404(public_id, changes=True)
    field = EVERY.get(identity_field) or abort(404)
    why, seen = (words(request.form.get(name, "")) for name in ("why_back", "seen"))
    try:
        change.take_back(asker.scope(), public_id, field.code, why, seen, now())
    except NoChild:
        abort(404)
    except Refused as refusal:
        if field.code not in BY_CODE:
            flash(refusal.findings[0].message)
            return redirect(url_for("siblings.page", public_id=public_id), 303)  # type: ignore[return-value]
        typed = {"value": _shown(field, seen), "why": "", "why_back": why}
        if isinstance(refusal, IdentityMoved):
            return _moved(child, field, refusal, typed, seen)
        found = [
            Finding(f.message, field="why_back" if f.field == "why" else f.field)
            for f in refusal.findings
        ]
        return _refused(child, field, found, typed=typed, seen=seen)
    flash(f"{field.label}: what the file says is in use again", "success")
    dates_moved.say(child.id)
    if field.code not in BY_CODE:
        return redirect(url_for("siblings.page", public_id=public_id), 303)  # type: ignore[return-value]
    return _back(public_id, field)


def _typed(field: FactField) -> tuple[Any, str, str]:
    """What was typed as it is shown again, as it is kept, and what is wrong with it."""
    if field.type is FactType.DAY:
        parts, on, wrong = date_boxes(request.form, field.code)
        return parts, on.isoformat() if on else "", wrong
    text = words(request.form.get(field.code, ""))
    return text, text, ""


def _refused(child: ChildRow, field: FactField, findings: Any, **more: Any) -> Response:
    return pages.refused("care/identity.html", findings, **_context(child, field, **more))


def _moved(
    child: ChildRow, field: FactField, refusal: IdentityMoved, typed: dict[str, Any], mine: str
) -> Response:
    """Both values, and what was typed kept: saved again it takes the place of theirs."""
    part: Part = refusal.now
    return _refused(
        child, field, refusal.findings, typed=typed, seen=part.value, moved=part, mine=mine
    )


def _back(public_id: str, field: FactField) -> Response:
    anchor = "identity-born" if field.code == EXPECTED else f"identity-{field.code}"
    return redirect(url_for("care.page", public_id=public_id, _anchor=anchor), 303)  # type: ignore[return-value]

"""A child's brothers and sisters: the group, links made and undone by hand, and their history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.identity import SIBLING_GROUP, part_of
from core.store import children as record
from core.store import identity, register, siblings
from core.store.children import ChildRow
from core.store.register import Wanted
from core.usecases import siblings as change
from core.usecases.child_changed import NoChild
from core.web import asker, care_words, child_words, pages
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages
from core.web.clock import now
from core.web.typed import words

blueprint = Blueprint("siblings", __name__)
NOTHING: Mapping[str, str] = MappingProxyType({})
SEARCH_MOST = 100


def _context(child: ChildRow, **more: Any) -> dict[str, Any]:
    scope = asker.scope()
    pages.looked_at("child", child.public_id, page="brothers and sisters")
    members = [m for m in siblings.members(scope, child.sibling_group) if m.id != child.id]
    if shown := [member.public_id for member in members if member.seen]:
        pages.listed("brothers and sisters", shown, of=child.public_id)
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "on": scope.on,
        "said": child_words,
        "care_said": care_words,
        "members": [m for m in members if m.seen],
        "unseen": sum(not m.seen for m in members),
        "history": siblings.history(scope, child.id),
        "part": part_of(SIBLING_GROUP, identity.said_with_columns(scope, child.id)),
        "writes": ACCESS["siblings.link"].allows(scope.roles)
        and record.may_change(scope, child.public_id),
        "typed": {"words": "", "why": "", "other": ""},
        "found": None,
        "unlinking": "",
    } | more


@blueprint.get("/children/<public_id>/siblings")
def page(public_id: str) -> Response:
    return pages.page("care/siblings.html", **_context(child_or_404(public_id)))


@blueprint.post("/children/<public_id>/siblings/search")
def search(public_id: str) -> Response:
    """Look among the children whom the asker sees; the words stay out of the address."""
    child = child_or_404(public_id, changes=True)
    typed = " ".join(words(request.form.get("words", "")).split())
    if not typed or len(typed) > SEARCH_MOST:
        message = (
            f"Search words must be {SEARCH_MOST} characters or fewer"
            if typed
            else "Enter part of a name, or a local id"
        )
        return _refused(child, [Finding(message, field="words")], typed={"words": typed})
    return pages.page("care/siblings.html", **_searched(child, typed))


def _searched(
    child: ChildRow, asked: str, typed: Mapping[str, str] = NOTHING, **more: Any
) -> dict[str, Any]:
    found = register.register(asker.scope(), Wanted(words=tuple(asked.split())))
    rows = [row for row in found.rows if row.public_id != child.public_id]
    pages.listed("children found to be linked", (row.public_id for row in rows))
    context = _context(child, found=rows, more_found=found.pages > 1)
    context["typed"] = {**context["typed"], **typed, "words": asked}
    return context | more


@blueprint.post("/children/<public_id>/siblings")
def link(public_id: str) -> Response:
    child = child_or_404(public_id, changes=True)
    typed = {name: words(request.form.get(name, "")) for name in ("words", "why", "other")}
    try:
        if not typed["other"]:
            raise Refused(Finding("Choose a child from those found", field="other"))
        number = change.link(asker.scope(), public_id, typed["other"], typed["why"], now())
    except NoChild:
        found = [Finding("Choose a child from those found", field="other")]
        return _refused(child, found, typed=typed)
    except Refused as refusal:
        return _refused(child, refusal.findings, typed=typed)
    flash(f"They are linked: {number} children are in this group", "success")
    return _back(public_id)


@blueprint.post("/children/<public_id>/siblings/unlink")
def unlink(public_id: str) -> Response:
    child = child_or_404(public_id, changes=True)
    other = words(request.form.get("other", ""))
    why = words(request.form.get("why_not", ""))
    try:
        change.unlink(asker.scope(), public_id, other, why, now())
    except NoChild:
        return _refused(child, [Finding("Choose whom to take out", field="other_out")])
    except Refused as refusal:
        found = [
            Finding(f.message, field="why_not" if f.field == "why" else f.field)
            for f in refusal.findings
        ]
        return _refused(child, found, typed={"why_not": why}, unlinking=other)
    flash("The link is undone", "success")
    return _back(public_id)


def _refused(
    child: ChildRow, findings: Any, *, typed: Mapping[str, str] = NOTHING, **more: Any
) -> Response:
    asked = " ".join(typed.get("words", "").split())
    if asked and len(asked) <= SEARCH_MOST:
        context = _searched(child, asked, typed=typed, **more)
    else:
        context = _context(child, **more)
        context["typed"] = {**context["typed"], **typed}
    return pages.refused("care/siblings.html", findings, **context)


def _back(public_id: str) -> Response:
    return redirect(url_for("siblings.page", public_id=public_id), 303)  # type: ignore[return-value]

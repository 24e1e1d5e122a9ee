"""Pages on which two records of one child are compared, merged, and taken apart again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.store import merges
from core.store.merges import Side
from core.usecases.merge import merge_children, unmerge_children
from core.web import asker, child_words, dates_moved, pages
from core.web.clock import now
from core.web.typed import version, words

blueprint = Blueprint("merges", __name__)

LOCAL_ID_MOST = 64
UNKNOWN = "not recorded"


@blueprint.get("/merges")
def likely() -> Response:
    """Records that may be of one child, to be compared."""
    groups = merges.likely(asker.scope())
    shown = (one.public_id for _, group in groups for one in group)
    pages.listed("records that may be of one child", shown)
    return pages.page("merges/likely.html", groups=groups, most=merges.LIKELY_MOST)


@blueprint.get("/children/<public_id>/merge")
def new(public_id: str) -> Response:
    kept = _seen(public_id)
    return pages.page("merges/new.html", kept=kept, typed="")


@blueprint.post("/children/<public_id>/merge")
def find(public_id: str) -> Response:
    """Find the other record by its local id, which stays out of the address."""
    kept = _seen(public_id)
    typed = words(request.form.get("local_id", "")).strip()[:LOCAL_ID_MOST]
    other = merges.side(asker.scope(), local_id=typed) if typed else None
    if other is None or other.id == kept.id:
        message = "Enter the local id of the other record"
        if other is not None:
            message = "That is this record: enter the local id of the other"
        elif typed:
            message = "No record with this local id is open to you: look again at the id"
        return pages.refused(
            "merges/new.html", [Finding(message, field="local_id")], kept=kept, typed=typed
        )
    return _to(url_for("merges.compare", public_id=kept.public_id, other_public_id=other.public_id))


@blueprint.get("/children/<public_id>/merge/<other_public_id>")
def compare(public_id: str, other_public_id: str) -> Response:
    return pages.page("merges/compare.html", **_context(_seen(public_id), _seen(other_public_id)))


@blueprint.post("/children/<public_id>/merge/<other_public_id>")
def merge(public_id: str, other_public_id: str) -> Response:
    kept, other = _seen(public_id), _seen(other_public_id)
    why = words(request.form.get("why", "")).strip()
    seen = (
        version(request.form.get("version", "")),
        version(request.form.get("other_version", "")),
    )
    try:
        merge_children(asker.scope(), kept, other, seen, why, now())
    except Refused as refusal:
        context = _context(_seen(public_id), _seen(other_public_id), why)
        return pages.refused("merges/compare.html", refusal.findings, **context)
    flash(f"The record {other.local_id} is now part of this one. It can be undone here.", "success")
    dates_moved.say(kept.id)
    return _to(url_for("merges.made", public_id=public_id))


@blueprint.get("/children/<public_id>/merges")
def made(public_id: str) -> Response:
    """The merges of a record, each with who, when and why, and the way back."""
    kept = _seen(public_id)
    rows = merges.of_child(asker.scope(), kept.id)
    return pages.page("merges/made.html", kept=kept, rows=rows, typed={})


@blueprint.post("/children/<public_id>/merges")
def undo(public_id: str) -> Response:
    kept = _seen(public_id)
    which = request.form.get("merge", "")
    why = words(request.form.get("why", "")).strip()
    rows = merges.of_child(asker.scope(), kept.id)
    if which not in {row.public_id for row in rows}:
        abort(404)
    try:
        closed = unmerge_children(asker.scope(), kept, which, why, now())
    except Refused as refusal:
        return pages.refused(
            "merges/made.html", refusal.findings, kept=kept, rows=rows, typed={which: why}
        )
    said = "The two records stand apart again, each with what was said of it."
    if closed:
        said += f" Both are {closed}: those named for the one are named for the other."
    flash(said, "success")
    dates_moved.say(kept.id)
    return _to(url_for("merges.made", public_id=public_id))


def _seen(public_id: str) -> Side:
    found = merges.side(asker.scope(), public_id=public_id)
    if found is None:
        abort(404)
    pages.looked_at("child", found.public_id, page="merge")
    return found


def _context(kept: Side, other: Side, why: str = "") -> dict[str, Any]:
    if kept.id == other.id:
        abort(404)
    identity = [
        ("Name", kept.name, other.name),
        ("Date of birth", _born(kept), _born(other)),
        ("Sex", *(child_words.stated("SEX", one.sex) for one in (kept, other))),
        ("Unique pupil number", kept.upn or UNKNOWN, other.upn or UNKNOWN),
    ]
    held = [
        (name.capitalize(), str(number), str(other.counts[name]))
        for name, number in kept.counts.items()
    ]
    return {
        "kept": kept,
        "other": other,
        "lines": [("Local id", kept.local_id, other.local_id), *identity, *held],
        "differ": [
            name
            for name, one, two in identity
            if one != two and UNKNOWN not in (one.lower(), two.lower())
        ],
        "why": why,
    }


def _born(one: Side) -> str:
    if one.born is None:
        return UNKNOWN
    return f"expected {day(one.born)}" if one.birth_expected else day(one.born)


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]

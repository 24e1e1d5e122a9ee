"""Pages of a child's record: all of it, one entry with its history, and forms that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.domain.record import KINDS, FactType, Kind
from core.domain.record.adoption_decision import differing
from core.domain.record.recorded import Recorded, plan_in_use, proceedings_alike
from core.domain.record.summary import disagreements
from core.store import onward, record
from core.store.onward import AnswerIn
from core.store.paging import pages_of
from core.store.record import ChildOf
from core.usecases import plan_standing, record_held, record_new
from core.usecases import record as change
from core.web import (
    adoption_shown,
    asker,
    child_words,
    dates_moved,
    pages,
    plan_watch,
    record_form,
    record_shown,
)
from core.web.access import ACCESS
from core.web.child_pages import child_pages
from core.web.clock import now
from core.web.record_words import overview
from core.web.rules_here import rules_here
from core.web.typed import page_number, version, words

__all__ = ["blueprint", "overview"]

blueprint = Blueprint("record", __name__)


def _child(public_id: str, *, changes: bool = False) -> ChildOf:
    child = record.child(asker.scope(), public_id, changes=changes)
    if child is None:
        abort(404)
    return child


def _entry(public_id: str, *, changes: bool = False) -> tuple[ChildOf, Recorded, list[Recorded]]:
    """An entry of a child whom the asker sees, or works with, and all entries of that child."""
    scope = asker.scope()
    child = record.child_of_entry(scope, public_id, changes=changes)
    if child is None:
        abort(404)
    there = record.entries(scope, child.id)
    entry = next((one for one in there if one.public_id == public_id), None)
    return (child, entry, there) if entry is not None else abort(404)


def _kind(code: str) -> Kind:
    kind = KINDS.get(code)
    if kind is None:
        abort(404)
    return kind


def _typed(code: str) -> Kind:
    """A kind of entry that people type; others come from files alone."""
    kind = _kind(code)
    if not kind.typed or not record_held.types(kind, asker.scope()):
        abort(404)
    return kind


def _writes(child: ChildOf) -> bool:
    scope = asker.scope()
    may = ACCESS["record.add"].allows(scope.roles)
    return may and record.child(scope, child.public_id, changes=True) is not None


def _answers(child: ChildOf) -> dict[str, AnswerIn]:
    """By an entry the answer of another body that it says, for who sees referrals: one query."""
    scope = asker.scope()
    return onward.answers_in(scope, child.id) if ACCESS["onward.page"].allows(scope.roles) else {}


def _context(child: ChildOf, **more: Any) -> dict[str, Any]:
    pages.looked_at("child", child.public_id, page="record")
    return {
        "child": child,
        "name": child_words.full_name(child),
        "writes": _writes(child),
        "answers": _answers(child),
        **more,
    }


def _to_page(child: ChildOf, kind: str) -> Response:
    section = "plan" if kind == "plan" or KINDS[kind].part_of else kind
    address = url_for("record.page", public_id=child.public_id, _anchor=section)
    return redirect(address, 303)  # type: ignore[return-value]


def _to_entry(public_id: str) -> Response:
    return redirect(url_for("record.entry", public_id=public_id), 303)  # type: ignore[return-value]


def _agreed_by() -> tuple[str, ...]:
    """The clauses by which a plan is formally agreed at a review, where any is followed."""
    followed = rules_here().followed(asker.scope().on)
    rules = (rule for one in followed if (rule := one.deadline("plan-agreed")) is not None)
    return next((rule.clauses for rule in rules), ())


def _how_far(child: ChildOf, there: Iterable[Recorded]) -> plan_standing.HowFar | None:
    if plan_in_use(there) is None:
        return None
    return plan_standing.of_plan(asker.scope(), asker.registry(), child.id)


@blueprint.get("/children/<public_id>/record")
def page(public_id: str) -> Response:
    """The whole record; with ``kind`` in the address, every entry of that kind, page by page."""
    child = _child(public_id)
    there = record.entries(asker.scope(), child.id)
    only, number = request.args.get("kind", ""), page_number(request.args.get("page", ""))
    if only and _kind(only).part_of:
        abort(404)
    decided = adoption_shown.in_care(child.id)
    kinds = record_shown.kinds(there, only, number)
    shown = adoption_shown.beside_all(kinds, there, decided, public_id)
    out = [one for one in there if not one.stands]
    return pages.page(
        "record/page.html",
        **_context(
            child,
            child_pages=child_pages(public_id),
            plan=record_shown.plan(there, asker.scope().on, _how_far(child, there)),
            twin_tracks=plan_watch.clauses("twin-tracks"),
            plan_agreed=_agreed_by(),
            only=shown[0] if only else None,
            recorded=[kind for kind in shown if kind.total],
            nothing=[kind for kind in shown if not kind.total and KINDS[kind.code].typed],
            not_theirs=[
                kind.code
                for kind in KINDS.values()
                if not kind.typed or not record_held.types(kind, asker.scope())
            ],
            number=number,
            pages_of=pages_of(shown[0].total, record_shown.A_PAGE) if only else 1,
            page_address=lambda at: url_for("record.page", public_id=public_id, kind=only, page=at),
            differ=disagreements(there) + len(differing(there, decided)),
            alike=[
                tuple(record_shown.entry(one) for one in pair) for pair in proceedings_alike(there)
            ],
            out=[record_shown.entry(one) for one in reversed(out)][: record_shown.A_PAGE],
            more_out=max(0, len(out) - record_shown.A_PAGE),
            titles={kind.code: kind.title for kind in KINDS.values()},
        ),
    )


@blueprint.get("/children/<public_id>/record/add/<kind>")
def new(public_id: str, kind: str) -> Response:
    child, what = _child(public_id, changes=True), _typed(kind)
    whole = _whole(child, what, request.args.get("of", ""))
    # A link says what is to be entered: a choice that the form offers is made already.
    kept = {
        fact.code: request.args[fact.code]
        for fact in what.typed_here
        if fact.type is FactType.CHOICE and request.args.get(fact.code) in fact.choices
    }
    return pages.page("record/form.html", **_form(child, what, whole=whole, kept=kept))


@blueprint.post("/children/<public_id>/record/add/<kind>")
def add(public_id: str, kind: str) -> Response:
    child, what = _child(public_id, changes=True), _typed(kind)
    part_of = request.form.get("of", "")
    whole = _whole(child, what, part_of)
    read = record_form.read(what, request.form)
    try:
        if read.findings:
            raise Refused(*read.findings)
        made = record_new.add(
            asker.scope(), public_id, kind, read.values, now(),
            part_of=part_of, registry=asker.registry(),
        )  # fmt: skip
    except Refused as refusal:
        context = _form(child, what, whole=whole, kept=read.kept, seen=read.seen)
        found = record_form.at_fields(what, refusal.findings)
        return pages.refused("record/form.html", found, **context)
    said = f"{what.one.removeprefix('a ').removeprefix('an ').capitalize()} recorded"
    if made.closed:
        said += ". The plan before it is kept, with the day on which this one took its place"
    flash(said, "success")
    dates_moved.say(child.id)
    return _to_page(child, kind)


def _whole(child: ChildOf, kind: Kind, public_id: str) -> Recorded | None:
    """The entry of which a new one is to be a part."""
    if not kind.part_of:
        return None
    there = record.entries(asker.scope(), child.id)
    of_kind = [one for one in there if one.kind == kind.part_of and one.stands]
    whole = next((one for one in of_kind if one.public_id == public_id), None)
    if whole is None:
        abort(404)
    return whole


def _form(
    child: ChildOf,
    kind: Kind,
    *,
    entry: Recorded | None = None,
    whole: Recorded | None = None,
    kept: Mapping[str, str] | None = None,
    seen: Mapping[str, int] | None = None,
    reason: str = "",
    clashes: Any = (),
) -> dict[str, Any]:
    """What the form of an entry shows: to add one, or to correct ``entry``."""
    if entry is not None:
        address = url_for("record.correct", public_id=entry.public_id)
        back = url_for("record.entry", public_id=entry.public_id)
    else:
        address = url_for("record.add", public_id=child.public_id, kind=kind.code)
        back = url_for("record.page", public_id=child.public_id)
    return _context(
        child,
        kind=kind,
        correcting=entry is not None,
        whole=record_shown.entry(whole) if whole is not None else None,
        questions=record_form.questions(kind, entry, kept, seen, clashes),
        elsewhere=adoption_shown.elsewhere(entry, adoption_shown.in_care(child.id), child.public_id)
        if kind.typed_elsewhere
        else (),
        needed=[field.label for field in kind.fields if field.required],
        reason=reason,
        address=address,
        back=back,
    )


@blueprint.get("/record/<public_id>")
def entry(public_id: str) -> Response:
    child, one, there = _entry(public_id)
    kind = KINDS[one.kind]
    whole = next((other for other in there if other.id == one.parent_id), None)
    shown = record_shown.entry(one)
    if plan_in_use(there) is one:
        shown = record_shown.as_it_counts(shown, _how_far(child, there))
    decided = adoption_shown.in_care(child.id) if kind.typed_elsewhere else {}
    return pages.page(
        "record/entry.html",
        **_context(
            child,
            kind=kind,
            entry=adoption_shown.beside(shown, one, decided, child.public_id),
            version=one.version,
            whole=record_shown.entry(whole) if whole else None,
            parts=[
                (part, record_shown.parts(there, one, part.code))
                for part in KINDS.values()
                if part.part_of == one.kind
            ],
            history=record_shown.history(one),
        ),
    )


@blueprint.get("/record/<public_id>/correct")
def edit(public_id: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    kind = _typed(one.kind)
    if not one.stands:
        return _to_entry(public_id)
    return pages.page("record/form.html", **_form(child, kind, entry=one))


@blueprint.post("/record/<public_id>/correct")
def correct(public_id: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    kind = _typed(one.kind)
    read = record_form.read(kind, request.form)
    reason = words(request.form.get("reason", ""))
    try:
        if read.findings:
            raise Refused(*read.findings)
        done = change.correct(
            asker.scope(), public_id, read.values, read.seen, reason, now(),
            registry=asker.registry(),
        )  # fmt: skip
    except Refused as refusal:
        child, one, _ = _entry(public_id, changes=True)
        clashes = refusal.clashes if isinstance(refusal, change.Clashed) else ()
        context = _form(
            child,
            kind,
            entry=one,
            kept=read.kept,
            seen=read.seen,
            reason=reason,
            clashes=clashes,
        )
        found = record_form.at_fields(kind, refusal.findings)
        return pages.refused("record/form.html", found, **context)
    flash("Saved" if done else "Nothing was changed", "success" if done else "message")
    dates_moved.say(child.id)
    return _to_entry(public_id)


@blueprint.get("/record/<public_id>/take-out")
def taking_out(public_id: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    if KINDS[one.kind].by_steps:
        abort(404)  # what somebody approved or let go ahead stays in the record
    return pages.page("record/take_out.html", **_reasoned(child, one, one.version))


@blueprint.post("/record/<public_id>/take-out")
def take_out(public_id: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    seen = version(request.form.get("version", ""))
    reason = words(request.form.get("reason", ""))
    try:
        change.take_out(asker.scope(), public_id, seen, reason, now())
    except Refused as refusal:
        child, one, _ = _entry(public_id, changes=True)
        context = _reasoned(child, one, one.version, reason)
        return pages.refused("record/take_out.html", refusal.findings, **context)
    flash("Taken out of the record. It is kept as history and can be put back", "success")
    dates_moved.say(child.id)
    return _to_entry(public_id)


@blueprint.post("/record/<public_id>/put-back")
def put_back(public_id: str) -> Response:
    child, _, _ = _entry(public_id, changes=True)
    try:
        seen = version(request.form.get("version", ""))
        change.put_back(asker.scope(), public_id, seen, now(), registry=asker.registry())
    except Refused as refusal:
        child, one, _ = _entry(public_id, changes=True)
        context = _reasoned(child, one, one.version)
        return pages.refused("record/take_out.html", refusal.findings, **context)
    flash("Put back into the record", "success")
    dates_moved.say(child.id)
    return _to_entry(public_id)


def _reasoned(child: ChildOf, one: Recorded, seen: int, reason: str = "") -> dict[str, Any]:
    kind = KINDS[one.kind]
    shown = record_shown.entry(one)
    return _context(child, kind=kind, entry=shown, version=seen, reason=reason)


@blueprint.get("/record/<public_id>/file-says/<field>")
def file_says(public_id: str, field: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    return pages.page("record/file_says.html", **_two_sayings(child, one, field))


@blueprint.post("/record/<public_id>/file-says/<field>")
def use_file(public_id: str, field: str) -> Response:
    child, one, _ = _entry(public_id, changes=True)
    context = _two_sayings(child, one, field)
    reason = words(request.form.get("reason", ""))
    try:
        seen = version(request.form.get("seen", ""))
        change.use_file(
            asker.scope(), public_id, field, seen, reason, now(), registry=asker.registry()
        )
    except Refused as refusal:
        return pages.refused(
            "record/file_says.html", refusal.findings, **{**context, "reason": reason}
        )
    flash("What the file says is used now; what was typed stays in the history", "success")
    dates_moved.say(child.id)
    return _to_entry(public_id)


def _two_sayings(child: ChildOf, one: Recorded, code: str) -> dict[str, Any]:
    """What was typed of a field and what is said otherwise, first by the file that would be used.

    404 where no file says what would be used in the place of what was typed.
    """
    used = one.values.get(code)
    shown = record_shown.entry(one).of(code)
    if used is None or shown is None or used.file_says is None:
        abort(404)
    return {
        **_reasoned(child, one, one.version),
        "field": shown,
        "seen": used.statement.id,
        "says": [record_shown.otherwise(one, said) for said in used.others],
    }

"""What has to be so before a child's plan is agreed: its approvals, return home, decision maker."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.record import KINDS
from core.domain.record.plan import ANSWERS, OPTIONS
from core.store import children, record
from core.store.record import ChildOf
from core.usecases import adoption_booking, agreeing, plan_approving, plan_standing
from core.usecases.record import EntryMoved
from core.web import (
    approvals_shown,
    asker,
    assessments_shown,
    child_words,
    dates_moved,
    pages,
    return_home_shown,
)
from core.web.access import ACCESS
from core.web.child_pages import child_pages
from core.web.clock import now
from core.web.typed import FIRST_YEAR, version, words

blueprint = Blueprint("approvals", __name__)
ANSWERED = "Somebody else answered this just now: their answer is below"
CHANGED = "This page was out of date, and nothing was saved: look at what stands below, then answer"


def _child(public_id: str, *, changes: bool = False) -> ChildOf:
    child = record.child(asker.scope(), public_id, changes=changes)
    if child is None:
        abort(404)
    return child


def _on(text: str) -> date | None:
    """The day of a referral that a page names, today where it names none; None: it cannot be."""
    today = asker.scope().on
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        return None
    return on if on.year >= FIRST_YEAR and on <= today else None


def _context(child: ChildOf, **more: Any) -> dict[str, Any]:
    scope, registry = asker.scope(), asker.registry()
    pages.looked_at("child", child.public_id, page="approvals")
    plan, facts, steps = plan_approving.of_child(scope, registry, child)
    entries = record.entries(scope, child.id)
    works = record.child(scope, child.public_id, changes=True) is not None
    said = facts is not None and agreeing.agreed_on(facts.values, scope.on) is not None
    how = plan_standing.of_plan(scope, registry, child.id)
    agreed = said and not (how is not None and how.words)
    against: tuple[Finding, ...] = ()
    if facts is not None and plan is not None and not agreed:
        against = agreeing.findings(scope, registry, child, facts.values, facts.on, plan)
    on = _on(request.values.get("on", "")) or scope.on
    maker = adoption_booking.standing(scope, registry, [child.id], on).get(child.id)
    lifts = maker is not None and bool(maker.against) and adoption_booking.may_lift(scope)
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "plan": plan,
        "primary": OPTIONS.get(facts.primary, facts.primary) if facts is not None else "",
        "agreed": agreed,
        "said_agreed": said,
        "how": how,
        "on_day": scope.on,
        "against": against,
        "steps": approvals_shown.steps(steps, plan_approving.roles(scope), facts, scope.on),
        "can_ask": works and ACCESS["approvals.ask"].allows(scope.roles),
        "writes": works and ACCESS["record.add"].allows(scope.roles),
        "answers": [{"value": code, "text": said} for code, said in ANSWERS.items()],
        "home": return_home_shown.home(entries, facts),
        "experts": assessments_shown.experts(entries),
        "delays": return_home_shown.delays(entries, child.id),
        "home_kinds": [
            KINDS[code]
            for code in ("return-home", "household-check", "expert-assessment", "return-home-delay")
        ],
        "maker": maker,
        "maker_on": on,
        "lifts": lifts and children.may_change(scope, child.public_id),
        "typed": {},
    } | more


def _to_page(public_id: str, on: str | None = None) -> Response:
    return redirect(url_for("approvals.page", public_id=public_id, on=on), 303)  # type: ignore[return-value]


@blueprint.get("/children/<public_id>/approvals")
def page(public_id: str) -> Response:
    return pages.page("approvals/page.html", **_context(_child(public_id)))


@blueprint.post("/children/<public_id>/approvals")
def ask(public_id: str) -> Response:
    child = _child(public_id, changes=True)
    rule = words(request.form.get("rule", ""))[:64]
    said = words(request.form.get(f"words-{rule}", ""))
    try:
        plan_approving.ask(asker.scope(), asker.registry(), public_id, rule, said, now())
    except Refused as refusal:
        context = _context(child, typed={f"words-{rule}": said})
        return pages.refused("approvals/page.html", refusal.findings, **context)
    flash("It is asked for: it waits on the first page of whoever approves it", "success")
    return _to_page(public_id)


@blueprint.post("/record/<public_id>/approval")
def answer(public_id: str) -> Response:
    """The answer of whoever holds the role, or stands in for them; nobody else has this page."""
    scope = asker.scope()
    child = record.child_of_entry(scope, public_id, changes=True)
    if child is None or not approvals_shown.is_theirs(scope, child.id, public_id):
        abort(404)
    given = words(request.form.get(f"answer-{public_id}", ""))
    why = words(request.form.get(f"why-{public_id}", ""))
    seen = version(request.form.get("version", ""))
    try:
        plan_approving.answer(scope, asker.registry(), public_id, seen, given, why, now())
    except Refused as refusal:
        found, lost = refusal.findings, len(refusal.findings) == 1
        if isinstance(refusal, EntryMoved):
            lost = bool(refusal.now.value("answer"))
            found = (Finding(ANSWERED if lost else CHANGED),)
        typed = {f"answer-{public_id}": given, f"why-{public_id}": why}
        context = _context(child, typed=typed, unsaved=why if lost else "")
        return pages.refused("approvals/page.html", found, **context)
    flash("Approved" if given == "given" else "Not approved: your words are kept", "success")
    dates_moved.say(child.id)
    return _to_page(child.public_id)


@blueprint.post("/children/<public_id>/approvals/decision-maker")
def lift(public_id: str) -> Response:
    child = _child(public_id, changes=True)
    if not adoption_booking.may_lift(asker.scope()):
        abort(404)
    why, on = words(request.form.get("lift-why", "")), _on(request.form.get("on", ""))
    try:
        if on is None:
            raise Refused(Finding("The day of the referral must be today or in the past"))
        adoption_booking.lift(asker.scope(), asker.registry(), public_id, on, why, now())
    except Refused as refusal:
        context = _context(child, typed={"lift-why": why})
        return pages.refused("approvals/page.html", refusal.findings, **context)
    flash("A referral to the agency decision maker can go ahead, with your reason", "success")
    return _to_page(public_id, on.isoformat() if on != asker.scope().on else None)

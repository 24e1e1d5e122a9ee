"""Pages of onward referrals: what was referred where, and the answer that came."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.domain.forums import Answer, Records, answer_words, answers_of
from core.domain.time_left import working_days_between
from core.store import onward, record
from core.store.onward import ChildOf, OnwardRow
from core.usecases import adoption_booking
from core.usecases.onward import AnswerMoved, Typed, may_answer, record_answer
from core.usecases.onward_facts import is_said_there
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.rules_here import calendar_here
from core.web.typed import boxes, date_boxes, version, words

blueprint = Blueprint("onward", __name__)


def _seen(public_id: str) -> OnwardRow:
    """The referral; one about a person only for those who may open that person's record."""
    scope = asker.scope()
    row = onward.find(scope, public_id)
    if row is None:
        abort(404)
    if row.person_public_id and not ACCESS["people.page"].allows(scope.roles):
        abort(404)
    return row


def _writes(row: OnwardRow) -> bool:
    """Whether the asker records answers, and works with a child of it."""
    scope = asker.scope()
    return ACCESS["onward.answer"].allows(scope.roles) and may_answer(scope, row)


def _context(row: OnwardRow, **more: Any) -> dict[str, Any]:
    """What the page shows; where it is about a person, no child is named."""
    scope = asker.scope()
    of_person = row.person_public_id is not None
    children: list[ChildOf] = [] if of_person else onward.children(scope, [row.id]).get(row.id, [])
    for child in children:
        pages.looked_at("child", child.public_id, page="onward referral")
    if row.person_public_id:
        pages.looked_at("person", row.person_public_id, page="onward referral")
    answers = answers_of(row.forum, of_person=of_person)
    given = answers.answer(row.answer_code)
    until = row.answered_on or scope.on
    calendar = calendar_here((row.made_on, until))
    return {
        "referral": row,
        "children": children,
        "answers": [
            {"value": one.code, "text": one.title, "hint": _hint(one, row)}
            for one in answers.answers
        ],
        "asks_carers": answers.carers,
        "given": given.title if given else "",
        "recorded": row.recorded_at is not None,
        "recorded_as": str(given.records) if given and not row.corrected else "",
        "before": answer_words(row.forum, row.recorded_code, row.recorded_answer),
        "settled": is_said_there(scope, row, children),
        "facts": _facts(row, children),
        "decided": onward.decided(scope, row) if not of_person else None,
        "from_whom": _from_whom(row),
        "lifted": _lifted(row, children),
        "days": (until - row.made_on).days,
        "working_days": working_days_between(row.made_on, until, calendar),
        "writes": _writes(row),
        "typed": {
            "answer_code": row.answer_code,
            "answer": row.answer,
            "carers": "",
            "children": [child.public_id for child in children],
            "answered_on": boxes(row.answered_on.isoformat() if row.answered_on else ""),
        },
        "seen": row.version,
        "conflict": None,
    } | more


def _facts(row: OnwardRow, children: list[ChildOf]) -> list[dict[str, str]]:
    """Where the record of each child says it: the entry, or else the whole plan and record."""
    named = {child.id: child for child in children}
    found = [
        (named[fact.child_id], url_for("record.entry", public_id=fact.public_id))
        for fact in onward.facts_of(asker.scope(), row)
        if fact.child_id in named
    ]
    found = found or [(c, url_for("record.page", public_id=c.public_id)) for c in children]
    return [{"name": child.name, "address": address} for child, address in found]


def _lifted(row: OnwardRow, children: list[ChildOf]) -> list[dict[str, Any]]:
    """What the chair let go ahead of a referral to the decision maker, of the children seen."""
    if row.forum != adoption_booking.FORUM:
        return []
    scope = asker.scope()
    ids = [child.id for child in children if record.child(scope, child.public_id) is not None]
    found = adoption_booking.standing(scope, asker.registry(), ids, row.made_on)
    return [
        {
            "said": one.lifted.value("said"),
            "by": one.lifted.value("lifted_by"),
            "on": one.lifted.day("lifted_on"),
            "why": one.lifted.value("why"),
        }
        for one in found.values()
        if one.lifted is not None
    ]


def _from_whom(row: OnwardRow) -> str:
    """By whose decision a referral was made: the body's own name."""
    code, edition = row.procedure_code, row.procedure_edition
    return asker.registry().body_title(code, edition, row.body_code) if row.body_code else ""


def _hint(answer: Answer, row: OnwardRow) -> str:
    """Whether an answer needs words, and what it puts into the record, until that was done."""
    said = ["Say why below"] if answer.needs_words else []
    if answer.records is not Records.NOTHING and row.recorded_at is None:
        said.append(f"Puts {answer.records} into the record, with this day")
    return ". ".join(said)


@blueprint.get("/onward/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("onward/page.html", **_context(_seen(public_id)))


@blueprint.post("/onward/<public_id>")
def answer(public_id: str) -> Response:
    if not _writes(_seen(public_id)):
        abort(404)
    parts, on, fault = date_boxes(request.form, "answered_on")
    said = {name: words(request.form.get(name, "")) for name in ("answer", "answer_code", "carers")}
    children = request.form.getlist("children")
    asked = Typed(on, said["answer_code"], said["answer"], said["carers"], children, fault)
    seen = version(request.form.get("version", ""))
    typed: dict[str, Any] = {**said, "children": children, "answered_on": parts}
    before = _seen(public_id).recorded_at
    try:
        made = record_answer(asker.scope(), public_id, asked, seen, now())
    except AnswerMoved as refusal:
        moved = _seen(public_id)
        context = _context(moved, typed=typed, seen=moved.version, conflict=moved)
        return pages.refused("onward/page.html", refusal.findings, **context)
    except Refused as refusal:
        context = _context(_seen(public_id), typed=typed, seen=seen)
        return pages.refused("onward/page.html", refusal.findings, **context)
    also = "" if made is Records.NOTHING else f", and the record has {made}"
    done = f"The answer is recorded{also}"
    if before is not None:
        done = "The answer is corrected here"
        if _seen(public_id).corrected:
            done += ". The record still has the earlier one: see below"
    flash(done, "success")
    return redirect(url_for("onward.page", public_id=public_id), 303)  # type: ignore[return-value]

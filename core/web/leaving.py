"""The page on which somebody leaves: what they have in hand, who takes it, what was moved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from core.domain.finding import Finding, Refused
from core.store import directory, leaving
from core.store.directory import Colleague, PersonOfStaff
from core.store.leaving import InHand
from core.usecases.leaving import EVERYTHING, KINDS, Plan, leave, suits
from core.usecases.people import NobodyThere
from core.web import admin_pages, asker, pages
from core.web.choosing import by_team
from core.web.clock import now
from core.web.typed import boxes, date_boxes, version, words

blueprint = Blueprint("leaving", __name__)


def _there(public_id: str) -> PersonOfStaff:
    person = directory.person(asker.scope(), public_id)
    if person is None:
        abort(404)
    return person


def _look(hand: InHand) -> None:
    shown = [
        one.public_id
        for kind, passed in hand.kinds.items()
        if kind not in ("actions", "referrals", "papers")
        for one in passed
        if one.name
    ]
    if shown:
        pages.listed("what somebody has in hand who leaves", shown)


def _context(person: PersonOfStaff, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    scope = asker.scope()
    hand = leaving.in_hand(scope, person.id, scope.on + timedelta(days=1))
    _look(hand)
    everybody = [one for one in directory.everybody(scope) if one.active and one.id != person.id]
    kinds = [kind for kind, passed in hand.kinds.items() if passed]
    return {
        "admin_pages": admin_pages.admin_pages(),
        "somebody": person,
        "own": person.id == scope.account_id,
        "hand": hand,
        "kinds": kinds,
        "kind_words": KINDS,
        "everybody": by_team(scope, _able(everybody, kinds), [person.id]),
        "takers": {
            kind: by_team(scope, (p for p in everybody if p.roles & suits(kind)), [person.id])
            for kind in kinds
        },
        "holds": _holds(person, scope.on),
        "typed": typed or {"last": boxes(scope.on.isoformat())},
        "shown": leaving.SHOWN,
    }


def _able(everybody: list[Colleague], kinds: list[str]) -> list[Colleague]:
    """Who can take every kind of what is in hand; where nobody can, who can take some of it."""
    for which in (all, any):
        if able := [p for p in everybody if which(p.roles & suits(kind) for kind in kinds)]:
            return able
    return []


def _holds(person: PersonOfStaff, on: date) -> dict[str, int]:
    scope = asker.scope()
    lists = {
        "role": directory.roles(scope, person.id),
        "place of work": directory.placings(scope, person.id),
        "post": directory.posts(scope, person.id),
    }
    return {
        kind: sum(held.now(on) or held.to_come(on) for held in rows) for kind, rows in lists.items()
    }


@blueprint.get("/staff/<public_id>/leaving")
def page(public_id: str) -> Response:
    person = _there(public_id)
    pages.looked_at("account", public_id)
    return pages.page("admin/leaving.html", **_context(person))


@blueprint.post("/staff/<public_id>/leaving")
def leave_now(public_id: str) -> Response:
    person = _there(public_id)
    last_boxes, last, fault = date_boxes(request.form, "last")
    to = {
        name.removeprefix("to-"): words(request.form.get(name, ""))
        for name in (f"to-{EVERYTHING}", *(f"to-{kind}" for kind in KINDS))
    }
    typed = {f"to-{kind}": chosen for kind, chosen in to.items()} | {"last": last_boxes}
    try:
        if fault:
            raise Refused(Finding(fault, field="last"))
        seen = version(request.form.get("version", ""))
        left = leave(asker.scope(), public_id, Plan(last, to), seen, now())
    except NobodyThere:
        abort(404)
    except Refused as refusal:
        context = _context(_there(public_id), typed)
        return pages.refused("admin/leaving.html", refusal.findings, **context)
    _look(left.in_hand)
    return pages.page(
        "admin/left.html",
        admin_pages=admin_pages.admin_pages(),
        left=left,
        somebody=person,
        kind_words=KINDS,
        shown=leaving.SHOWN,
    )

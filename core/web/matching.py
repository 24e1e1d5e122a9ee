"""Pages of the people whom files name: those to be matched to an account, and the matches made."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.staff import SUITS
from core.store import directory, unmatched
from core.store.paging import pages_of
from core.store.unmatched import PAGE, Unmatched
from core.usecases import matching
from core.usecases.matching import Candidate, NobodyThere, NotToMatch
from core.web import admin_pages, asker, child_words, pages
from core.web.choosing import by_team
from core.web.clock import now
from core.web.typed import page_number, row_id, words

blueprint = Blueprint("matching", __name__)
OTHER = "other"


@blueprint.get("/matching")
def people() -> Response:
    return pages.page("admin/matching.html", **_list())


def _list() -> dict[str, Any]:
    scope = asker.scope()
    number = page_number(request.args.get("page", "1"))
    done_number = page_number(request.args.get("matched", "1"))
    rows, count = unmatched.unmatched(scope, number)
    done, done_count = unmatched.matches(scope, done_number)
    everybody = directory.everybody(scope) if rows else []
    return {
        "said": admin_pages,
        "admin_pages": admin_pages.admin_pages(),
        "rows": [(row, matching.candidates(row, everybody)) for row in rows],
        "count": count,
        "page_number": min(number, pages_of(count, PAGE)),
        "last": pages_of(count, PAGE),
        "page_address": lambda n: url_for("matching.people", page=n),
        "done": done,
        "done_count": done_count,
        "done_number": min(done_number, pages_of(done_count, PAGE)),
        "done_last": pages_of(done_count, PAGE),
        "done_address": lambda n: url_for("matching.people", matched=n),
    }


def _there(public_id: str) -> Unmatched:
    row = unmatched.one(asker.scope(), public_id)
    if row is None:
        abort(404)
    return row


def _one(row: Unmatched, typed: dict[str, str] | None = None) -> dict[str, Any]:
    scope = asker.scope()
    everybody = directory.everybody(scope)
    suggested = matching.candidates(row, everybody)
    named_for = unmatched.named_for(scope, (row.said, row.email, row.staff_number))
    for child in named_for:
        pages.looked_at("child", child.public_id, on="people to match")
    shown = [(one.public_id, one) for one in suggested]
    able = [one for one in everybody if all(one.roles & SUITS[kind] for kind in row.children)]
    others = [one for one in able if one.public_id not in dict(shown)]
    return {
        "said": admin_pages,
        "child_said": child_words,
        "admin_pages": admin_pages.admin_pages(),
        "row": row,
        "named_for": named_for,
        "suggested": [_item(one) for one in suggested],
        "others": by_team(scope, others),
        "typed": typed or {"account": "", "other": ""},
    }


def _item(one: Candidate) -> dict[str, str]:
    facts = [one.why, one.job, one.email, "suspended" if not one.active else ""]
    return {
        "value": one.public_id,
        "text": one.name,
        "hint": ", ".join(fact for fact in facts if fact),
    }


@blueprint.get("/matching/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("admin/match.html", **_one(_there(public_id)))


@blueprint.post("/matching/<public_id>")
def match(public_id: str) -> Response:
    row = _there(public_id)
    typed = {name: words(request.form.get(name, "")) for name in ("account", "other")}
    try:
        chosen = _chosen(typed)
        number = matching.match(asker.scope(), row.address, chosen, now())
    except NotToMatch:
        abort(404)
    except NobodyThere:
        finding = Finding("Choose who is meant from the list", field="account")
        return pages.refused("admin/match.html", [finding], **_one(row, typed))
    except Refused as refusal:
        return pages.refused("admin/match.html", refusal.findings, **_one(row, typed))
    children = "1 child is" if number == 1 else f"{number} children are"
    said = row.said or row.email or row.staff_number
    flash(f"“{said}” is matched to {_name(chosen)}: {children} newly allocated", "success")
    return redirect(url_for("matching.people"), 303)  # type: ignore[return-value]


def _chosen(typed: dict[str, str]) -> str:
    """The one account that was chosen; what was chosen twice, and differently, is typed no more."""
    account, other = typed["account"], typed["other"]
    if account == OTHER:
        if not other:
            raise Refused(Finding("Choose who else it is", field="other"))
        return other
    if account and other and account != other:
        typed.update(account="", other="")
        twice = f"You chose both {_name(account)} and, as somebody else, {_name(other)}"
        raise Refused(Finding(f"{twice}: choose one of them", field="account"))
    if not account and not other:
        raise Refused(Finding("Choose who is meant, or add the person first", field="account"))
    return account or other


def _name(public_id: str) -> str:
    found = directory.person(asker.scope(), public_id)
    return found.name if found is not None else "nobody who is there"


@blueprint.post("/matching/back")
def take_back() -> Response:
    number = row_id(request.form.get("match", ""))
    try:
        if number is None:
            raise NotToMatch
        ended = matching.take_back(asker.scope(), number, now())
    except NotToMatch:
        message = "That match is not there any more: somebody may have taken it back already"
        return pages.refused("admin/matching.html", [Finding(message)], **_list())
    allocations = "1 allocation has" if ended == 1 else f"{ended} allocations have"
    flash(f"The match is taken back: {allocations} ended", "success")
    return redirect(url_for("matching.people"), 303)  # type: ignore[return-value]

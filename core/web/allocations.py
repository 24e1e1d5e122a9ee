"""Who works with a child: allocated, ended, the team set; with what files say, and the history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.allocation import RELATIONS
from core.domain.finding import Finding, Refused
from core.domain.identity import team_part
from core.domain.phrases import inside
from core.store import allocations, identity
from core.store import children as record
from core.store.children import ChildRow
from core.usecases import allocation as change
from core.usecases.allocation import AllocationMoved, ChildTeamMoved, open_now
from core.usecases.child_changed import NoChild
from core.web import asker, care_words, child_words, pages
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages
from core.web.clock import now
from core.web.register import Item
from core.web.typed import boxes, date_boxes, row_id, words

blueprint = Blueprint("allocations", __name__)
BLANK: dict[str, Any] = {
    "account": "",
    "since": None,
    "until": None,
    "others": "",
    "why": "",
    "team": "",
    "why_team": "",
}


def _context(child: ChildRow, relation: str = "", **more: Any) -> dict[str, Any]:
    scope = asker.scope()
    pages.looked_at("child", child.public_id, page="who works with them")
    rows = allocations.rows(scope, child.id)
    may = ACCESS["allocations.allocate"].allows(scope.roles)
    may = may and record.may_change(scope, child.public_id)
    everybody: frozenset[str] = frozenset().union(*(r.roles for r in RELATIONS.values()))
    staff = allocations.staff(scope, everybody) if may else []
    teams = allocations.teams(scope) if may else []
    team_id = allocations.team_of(scope, child.id)
    typed = more.pop("typed", {})
    return {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(child.public_id),
        "relations": RELATIONS.values(),
        "relation": relation,
        "rows": rows,
        "open": {code: open_now(scope, rows, code) for code in RELATIONS},
        "past": [row for row in rows if not row.open_after(scope.on)],
        "seen": {
            code: ",".join(str(row.id) for row in open_now(scope, rows, code)) for code in RELATIONS
        },
        "staff": {
            code: [
                Item(one.public_id, f"{one.name}, {one.job}" if one.job else one.name)
                for one in staff
                if one.roles & RELATIONS[code].roles
            ]
            for code in RELATIONS
        },
        "stated": allocations.stated(scope, child.id),
        "teams": [Item(str(team.id), f"{team.name}, {team.service}") for team in teams],
        "team_seen": str(team_id or ""),
        "allocates": may,
        "changes": allocations.changes(scope, child.public_id, tuple(RELATIONS)),
        "team": team_part(identity.said_of(scope, [child.id]).get(child.id, []), child.team),
        "words": {one.code: one.words for one in RELATIONS.values()},
        "said": care_words,
        "on": scope.on,
        "typed": {
            **BLANK,
            "since": boxes(scope.on.isoformat()),
            "team": str(team_id or ""),
            **typed,
        },
        "ending": 0,
    } | more


@blueprint.get("/children/<public_id>/workers")
def page(public_id: str) -> Response:
    return pages.page("care/workers.html", **_context(child_or_404(public_id)))


@blueprint.post("/children/<public_id>/workers")
def allocate(public_id: str) -> Response:
    child = child_or_404(public_id, changes=True)
    relation = request.form.get("relation", "")
    if relation not in RELATIONS:
        abort(404)
    since_parts, since, since_wrong = date_boxes(request.form, f"since-{relation}")
    until_parts, until, until_wrong = date_boxes(request.form, f"until-{relation}")
    said = {
        name: words(request.form.get(f"{name}-{relation}", ""))
        for name in ("account", "others", "why")
    }
    typed = {**said, "since": since_parts, "until": until_parts}
    found = []
    if since is None:
        found.append(Finding(since_wrong or "Enter the day from which", field="since"))
    if until_wrong:
        found.append(Finding(until_wrong, field="until"))
    try:
        if found or since is None:
            raise Refused(*found)
        change.allocate(
            asker.scope(),
            public_id,
            relation,
            said["account"],
            since,
            until,
            said["others"] == "keep",
            _ids(request.form.get("seen", "")),
            said["why"],
            now(),
        )
    except NoChild:
        abort(404)
    except Refused as refusal:
        named = [Finding(f.message, field=_at(relation, f.field)) for f in refusal.findings]
        return _refused(child, named, relation=relation, typed=typed)
    flash(f"{RELATIONS[relation].words} is allocated", "success")
    return _back(public_id)


@blueprint.post("/children/<public_id>/workers/end")
def end(public_id: str) -> Response:
    child = child_or_404(public_id, changes=True)
    row = row_id(request.form.get("allocation", "")) or 0
    parts, until, wrong = date_boxes(request.form, "until")
    why = words(request.form.get("why", ""))
    try:
        if until is None:
            raise Refused(Finding(_end_wanted(child, row, wrong), field="until"))
        change.end_allocation(asker.scope(), public_id, row, until, why, now())
    except NoChild:
        abort(404)
    except Refused as refusal:
        moved = isinstance(refusal, AllocationMoved)
        found = [
            Finding(f.message, field=f"until-{row}" if f.field and not moved else None)
            for f in refusal.findings
        ]
        return _refused(child, found, ending=row, typed={"ended": parts, "why_ended": why})
    flash("The allocation ends on that day", "success")
    return _back(public_id)


@blueprint.post("/children/<public_id>/team")
def set_team(public_id: str) -> Response:
    child = child_or_404(public_id, changes=True)
    text = request.form.get("team", "")
    team_id = row_id(text) if text else None
    why = words(request.form.get("why_team", ""))
    seen = row_id(request.form.get("team_seen", ""))
    try:
        if text and team_id is None:
            raise Refused(Finding("Choose a team from the list", field="team"))
        change.set_team(asker.scope(), public_id, team_id, seen, why, now())
    except NoChild:
        abort(404)
    except Refused as refusal:
        typed = {"team": text, "why_team": why}
        more = {"team_seen": str(refusal.now or "")} if isinstance(refusal, ChildTeamMoved) else {}
        return _refused(child, refusal.findings, typed=typed, **more)
    flash("The team is set", "success")
    return _back(public_id)


def _end_wanted(child: ChildRow, row: int, wrong: str) -> str:
    """That a day is needed, and whose: several ends can be asked for on the page."""
    listed = allocations.rows(asker.scope(), child.id)
    whose = next((one.name for one in listed if one.id == row), "them")
    if wrong:
        return f"First day without {whose}: {inside(wrong)}"
    return f"Enter the first day without {whose}"


def _ids(text: str) -> frozenset[int]:
    """The allocations that the form showed."""
    return frozenset(row_id(part) or 0 for part in text.split(",") if part)


def _at(relation: str, field: str | None) -> str | None:
    return f"{field}-{relation}" if field else None


def _refused(child: ChildRow, findings: Any, **more: Any) -> Response:
    return pages.refused("care/workers.html", findings, **_context(child, **more))


def _back(public_id: str) -> Response:
    """To the page, or to the list where the child has gone out of the asker's sight."""
    if record.child(asker.scope(), public_id) is None:
        flash("The child is with others now, and no longer among those whom you see")
        return redirect(url_for("children.register"), 303)  # type: ignore[return-value]
    return redirect(url_for("allocations.page", public_id=public_id), 303)  # type: ignore[return-value]

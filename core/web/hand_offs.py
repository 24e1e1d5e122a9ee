"""Referring a child or a case to another body, and the ledger of what is with whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.documents.spreadsheet import MEDIA, Column, Sheet, Value
from core.domain.dates import day
from core.domain.finding import Refused
from core.domain.forums import LONG_OPEN, answer_words, answers_of
from core.domain.procedure.forums import Forum
from core.domain.sight import What
from core.domain.time_left import working_days_between
from core.store import cases, children, onward, onward_ledger
from core.store.cases import CaseRow
from core.store.children import ChildRow
from core.store.onward_ledger import PAGE, SHOW, SORTS, LedgerRow, Wanted
from core.store.paging import pages_of
from core.usecases.handing_on import (
    Asked,
    ReferredAlready,
    forums_of,
    hand_on_case,
    hand_on_child,
)
from core.web import asker, child_words, pages, sheet_files
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages
from core.web.clock import now
from core.web.rules_here import calendar_here, rules_here
from core.web.typed import boxes, date_boxes, page_number, words

blueprint = Blueprint("hand_offs", __name__)

COLUMNS = (
    Column("To whom", 30),
    Column("Children", 30),
    Column("From", 26),
    Column("Since"),
    Column("Days", 8),
    Column("Working days", 14),
    Column("Answered on"),
    Column("Answer", 40),
    Column("Asked", 50),
    Column("Clauses"),
)


def forums_here() -> list[Forum]:
    """The forums to which the authority refers on the day, by the procedures that it follows."""
    return forums_of(rules_here().followed(asker.scope().on))


def may_hand_on(child: ChildRow) -> bool:
    """Whether the asker may refer this child to another body, and there is one."""
    scope = asker.scope()
    return (
        ACCESS["hand_offs.make_of_child"].allows(scope.roles)
        and children.may_change(scope, child.public_id, What.CASES)
        and bool(forums_here())
    )


def may_hand_on_case(case_id: int) -> bool:
    """Whether the asker may refer this case to another body, and there is one."""
    scope = asker.scope()
    return (
        ACCESS["hand_offs.make_of_case"].allows(scope.roles)
        and cases.may_change(scope, case_id)
        and bool(forums_here())
    )


@blueprint.get("/onward")
def ledger() -> Response:
    """What is with whom: ``show`` (open, answered, all), ``forum``, ``sort``, ``page``."""
    scope, wanted = asker.scope(), _wanted()
    rows, total = onward_ledger.listed(scope, wanted)
    named = onward.children(scope, [row.id for row in rows])
    _noted(named, wanted)
    address = _address(wanted)
    response = pages.page(
        "onward/ledger.html",
        block="ledger",
        rows=rows,
        total=total,
        children=named,
        wanted=wanted,
        counts=list(onward_ledger.counts(scope, wanted)),
        waits=_waits(rows),
        from_whom={row.id: from_words(row) for row in rows},
        given={row.id: given(row) for row in rows},
        pages=pages_of(total, PAGE),
        address=address,
        page_address=lambda number: address(page=number),
        long_open=LONG_OPEN,
        exports=ACCESS["hand_offs.export"].allows(scope.roles),
    )
    if pages.wants_block():
        message = f"{total:,} {'referral' if total == 1 else 'referrals'} in the list"
        response.headers["HX-Trigger"] = json.dumps({"announce": {"message": message}})
    return response


@blueprint.get("/onward/list.<kind>")
def export(kind: str) -> Response:
    """The ledger as it is filtered, as Excel or CSV, with the day as at which it is."""
    if kind not in MEDIA:
        abort(404)
    scope, wanted = asker.scope(), _wanted()
    ids, notes = sheet_files.within(onward_ledger.ids(scope, wanted, sheet_files.MOST + 1))
    first = onward_ledger.of_ids(scope, wanted, ids[:1])
    sheet = Sheet(
        "What is with whom",
        f"What is with whom, as at {day(scope.on)}: {_asked_for(wanted, first)}",
        COLUMNS,
        _cells(wanted, ids),
        notes,
    )
    return sheet_files.download(sheet, f"with-whom-{scope.on.isoformat()}", kind)


def _cells(wanted: Wanted, ids: list[int]) -> Iterator[tuple[Value, ...]]:
    """The rows of a file, read some at a time."""
    for some in sheet_files.batches(ids):
        rows = onward_ledger.of_ids(asker.scope(), wanted, some)
        named = onward.children(asker.scope(), [row.id for row in rows])
        _noted(named, wanted)
        waits = _waits(rows)
        for row in rows:
            yield (
                row.forum_words,
                ", ".join(child.name for child in named.get(row.id, [])),
                from_words(row),
                row.made_on,
                *waits[row.id],
                row.answered_on,
                answer_words(row.forum, row.answer_code, row.answer, of_person=row.about_person),
                row.asked,
                ", ".join(row.cited),
            )


def _asked_for(wanted: Wanted, rows: list[LedgerRow]) -> str:
    """Which referrals a list holds: open, answered or all, and of which body where of one alone."""
    if not wanted.forum:
        return wanted.show
    return f"{wanted.show}, {rows[0].forum_words if rows else wanted.forum}"


def _wanted() -> Wanted:
    scope = asker.scope()
    show, sort = request.args.get("show", "open"), request.args.get("sort", "oldest")
    return Wanted(
        show=show if show in SHOW else "open",
        forum=words(request.args.get("forum", ""))[:64],
        sort=sort if sort in SORTS else "oldest",
        page=page_number(request.args.get("page", "1")),
        persons=ACCESS["people.page"].allows(scope.roles),
    )


def _address(wanted: Wanted) -> Callable[..., str]:
    here = {"show": wanted.show, "forum": wanted.forum, "sort": wanted.sort}

    def address(endpoint: str = "hand_offs.ledger", **changed: Any) -> str:
        asked = {name: value for name, value in {**here, **changed}.items() if value}
        return url_for(endpoint, **asked)

    return address


def _noted(named: dict[int, list[onward.ChildOf]], wanted: Wanted) -> None:
    shown = (child.public_id for found in named.values() for child in found)
    pages.listed("with whom", shown, show=wanted.show, forum=wanted.forum, page=wanted.page)


def _waits(rows: list[LedgerRow]) -> dict[int, tuple[int, int]]:
    """By referral how long it was or has been open: days, and working days."""
    on = asker.scope().on
    calendar = calendar_here(date for row in rows for date in (row.made_on, row.answered_on, on))
    return {
        row.id: (
            ((row.answered_on or on) - row.made_on).days,
            working_days_between(row.made_on, max(row.answered_on or on, row.made_on), calendar),
        )
        for row in rows
    }


def from_words(row: LedgerRow) -> str:
    """From which body or person a referral comes."""
    if row.made_by:
        return row.made_by
    if not row.body_code:
        return "A meeting"
    return asker.registry().body_title(row.procedure_code, row.procedure_edition, row.body_code)


def given(row: LedgerRow) -> str:
    """Which of its answers the forum gave; "" for none, or one in words alone."""
    found = answers_of(row.forum, of_person=row.about_person).answer(row.answer_code)
    return found.title if found else ""


@blueprint.get("/children/<public_id>/refer-on")
def new_of_child(public_id: str) -> Response:
    return pages.page("onward/new.html", **_of_child(public_id))


@blueprint.post("/children/<public_id>/refer-on")
def make_of_child(public_id: str) -> Response:
    context = _of_child(public_id)
    asked, typed = _typed()
    try:
        made = hand_on_child(
            asker.scope(), forums_here(), public_id, asked, now(), registry=asker.registry()
        )
    except Refused as refusal:
        return _refused(context, typed, asked, refusal)
    return _done(made)


@blueprint.get("/cases/<public_id>/refer-on")
def new_of_case(public_id: str) -> Response:
    return pages.page("onward/new.html", **_of_case(public_id))


@blueprint.post("/cases/<public_id>/refer-on")
def make_of_case(public_id: str) -> Response:
    context = _of_case(public_id)
    asked, typed = _typed()
    try:
        made = hand_on_case(
            asker.scope(), forums_here(), public_id, asked, now(), registry=asker.registry()
        )
    except Refused as refusal:
        return _refused(context, typed, asked, refusal)
    return _done(made)


def _of_child(public_id: str) -> dict[str, Any]:
    child = child_or_404(public_id)
    if not may_hand_on(child):
        abort(404)
    pages.looked_at("child", public_id, page="refer to another body")
    return _form(
        child=child,
        concerned=[child],
        case=None,
        whom=child_words.full_name(child),
        child_pages=child_pages(public_id),
        action=url_for("hand_offs.make_of_child", public_id=public_id),
        back=url_for("children.page", public_id=public_id),
    )


def _of_case(public_id: str) -> dict[str, Any]:
    scope = asker.scope()
    case: CaseRow | None = cases.case_by_public_id(scope, public_id)
    if case is None or not may_hand_on_case(case.id):
        abort(404)
    named = cases.children_of(scope, case.id)
    for one in named:
        pages.looked_at("child", one.public_id, page="refer to another body")
    return _form(
        child=None,
        concerned=named,
        case=case,
        whom=", ".join(one.name for one in named) or "this case",
        child_pages=[],
        action=url_for("hand_offs.make_of_case", public_id=public_id),
        back=url_for("cases.page", public_id=public_id),
    )


def _form(**more: Any) -> dict[str, Any]:
    forums = forums_here()
    return {
        "forums": [
            {
                "value": one.code,
                "text": one.title[:1].upper() + one.title[1:],
                "hint": f"It needs {one.needs} ({', '.join(one.needs_clauses)})"
                if one.needs
                else "",
            }
            for one in forums
        ],
        "cited": {one.code: one.clauses for one in forums},
        "typed": {
            "forum": forums[0].code if len(forums) == 1 else "",
            "asked": "",
            "made_on": boxes(asker.scope().on.isoformat()),
            "another": False,
        },
        "referred_on": None,
        "there": "",
        "may_ask": False,
    } | more


def _typed() -> tuple[Asked, dict[str, Any]]:
    parts, on, fault = date_boxes(request.form, "made_on")
    forum, asked = words(request.form.get("forum", "")), words(request.form.get("asked", ""))
    another = request.form.get("another") == "yes"
    typed = {"forum": forum, "asked": asked, "made_on": parts, "another": another}
    return Asked(forum, on, asked, fault, another), typed


def _refused(
    context: dict[str, Any], typed: dict[str, Any], asked: Asked, refusal: Refused
) -> Response:
    """The form again with what was typed; with the way to the referral that is open already."""
    another_day = asked.on is not None and asked.on != asker.scope().on
    referred_on = asked.on.isoformat() if asked.on is not None and another_day else None
    again = {**context, "typed": typed, "referred_on": referred_on}
    if isinstance(refusal, ReferredAlready):
        again |= {"there": refusal.public_id, "may_ask": refusal.may_ask}
    elif typed["another"]:
        again |= {"may_ask": True}
    return pages.refused("onward/new.html", refusal.findings, **again)


def _done(made: str) -> Response:
    flash("It is referred: open until its answer is recorded here", "success")
    return redirect(url_for("onward.page", public_id=made), 303)  # type: ignore[return-value]

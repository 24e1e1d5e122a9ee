"""The board: its page as at a day, and the same rows as a spreadsheet or as CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from core.documents.spreadsheet import MEDIA, Column, Sheet
from core.domain.board_views import BY_CODE, VIEWS
from core.domain.dates import day
from core.store import board, deadline_marks
from core.store import register as lists
from core.store.board import Sort
from core.store.board_rows import Row
from core.web import asker, board_words, day_asked, pages, sheet_files
from core.web.board_asked import FIELDS, LATE, PLAN_STATES, Asked, read
from core.web.board_said import Said
from core.web.board_words import HEADINGS, Line
from core.web.register import MINE, Item, items, legal_statuses
from core.web.rules_here import rules_here
from core.web.typed import PARTS

blueprint = Blueprint("board", __name__)

COLUMNS = (
    (Sort.NAME, "Child"), (Sort.AGE, "Age"), (Sort.SINCE, "Looked after"),
    (None, "Legal status and placement"), (Sort.PLAN, "Plan"), (Sort.NEXT, "Next date"),
    (Sort.LATE, "Late longest"), (Sort.MATCH, "Match"), (Sort.PLANNING, "Last PPM"),
    (Sort.PANEL, "Last panel"), (Sort.OVERDUE, "Actions overdue"), (Sort.ROLLED, "Most rolled"),
    (None, "Who acts next"),
)  # fmt: skip
IN_ADDRESS = frozenset({*FIELDS, "sort", "order", "on", *(f"on-{part}" for part in PARTS)})
"""What a file's address is asked with; other names in it are nobody's."""
WORST_FIRST = frozenset({Sort.SINCE, Sort.OVERDUE, Sort.ROLLED})
"""A first press on these headings puts the most first."""


@blueprint.get("/board")
def page() -> Response:
    scope = asker.scope()
    asked_day = day_asked.asked()
    teams, workers = lists.teams(scope), lists.workers(scope)
    asked = read(request.args, asked_day.on, scope.account_id, teams, workers)
    address = _addresses(asked, asked_day.kept)
    if any(name.startswith("on-") for name in request.args) and not asked_day.fault:
        return redirect(address())  # type: ignore[return-value]
    clauses = board_words.cited(rules_here().followed(asked_day.on))
    context: dict[str, Any] = {
        "on": asked_day.on,
        "today": scope.on,
        "asked": asked,
        "day": asked_day,
        "typed": asked.typed,
        "address": address,
        "page_address": lambda number: address(page=number),
        "columns": COLUMNS,
        "worst_first": WORST_FIRST,
        "views": VIEWS,
        "view": BY_CODE.get(asked.wanted.view),
        "clauses": clauses,
        "said": Said(),
        "legal_statuses": legal_statuses(),
        "plan_states": PLAN_STATES,
        "late": LATE,
        "teams": items(teams),
        "workers": [Item(MINE, "Allocated to me"), *items(workers)],
        "files": {kind: _file(asked, asked_day.kept, kind) for kind in MEDIA},
    }
    if findings := [*asked_day.findings, *asked.findings]:
        return pages.refused("board/page.html", findings, block="board", found=None, **context)
    found = board.page(scope, asker.registry(), asked.wanted, asked_day.on)
    _listed("board", asked, asked_day.on, [row.public_id for row in found.rows])
    response = pages.page(
        "board/page.html",
        block="board",
        found=found,
        lines=[_line(row, asked, asked_day.on, clauses) for row in found.rows],
        being_worked_out=deadline_marks.waiting(scope),
        **context,
    )
    if pages.wants_block():
        message = f"{found.total:,} {'child' if found.total == 1 else 'children'} on the board"
        response.headers["HX-Trigger"] = json.dumps({"announce": {"message": message}})
    return response


@blueprint.get("/board/file.<file_kind>")
def export(file_kind: str) -> Response:
    """Every row that the page's address asks for, as one file, with the day and the filter in it.

    That it was taken is written to the audit, with each child whom it names.
    """
    if file_kind not in MEDIA:
        abort(404)
    scope, asked_day = asker.scope(), day_asked.asked()
    on = asked_day.on
    asked = read(request.args, on, scope.account_id, lists.teams(scope), lists.workers(scope))
    if asked_day.findings or asked.findings:
        typed = {name: text for name, text in request.args.items() if name in IN_ADDRESS}
        return redirect(_addresses(asked, asked_day.kept)(**typed))  # type: ignore[return-value]
    clauses = board_words.cited(rules_here().followed(on))
    most = sheet_files.MOST
    children, rows, more = board.every(scope, asker.registry(), asked.wanted, on, most)
    _listed(f"board, taken out as {file_kind}", asked, on, children)
    lines = (_line(row, asked, on, clauses) for row in rows)
    about, *notes = _notes(asked, on, len(children), more=more)
    columns = [Column(heading) for heading in HEADINGS]
    cells = (board_words.cells(one, on) for one in lines)
    sheet = Sheet("Board", about, columns, cells, notes)
    return sheet_files.download(sheet, f"board-{on.isoformat()}", file_kind)


def _notes(asked: Asked, on: date, count: int, *, more: bool) -> list[str]:
    """What stands at the top of a file: the day, what was asked for, and how many rows it is."""
    view = BY_CODE.get(asked.wanted.view)
    chosen = [f"Saved view: {view.title}"] if view else []
    chosen += [one.text for one in asked.chosen]
    return [
        f"The board as at {day(on)}",
        f"Filtered by: {'; '.join(chosen)}" if chosen else "Not filtered",
        sheet_files.cut_note() if more else f"{count:,} {'child' if count == 1 else 'children'}",
    ]


def _line(row: Row, asked: Asked, on: date, clauses: dict[str, tuple[str, ...]]) -> Line:
    return board_words.line(row, on, clauses, asked.wanted.view)


def _listed(which: str, asked: Asked, on: date, children: list[str]) -> None:
    filters = {name: value for name, value in asked.typed.items() if value}
    pages.listed(which, children, as_at=on.isoformat(), filters=filters)


def _addresses(asked: Asked, kept: dict[str, str]) -> Callable[..., str]:
    """A function that gives the address of this board with some of what was asked changed."""
    here = {name: value for name, value in asked.typed.items() if value} | kept

    def address(**changed: object) -> str:
        new = here | {name.replace("_", "-"): value for name, value in changed.items()}
        return url_for("board.page", **{k: v for k, v in new.items() if v})  # type: ignore[arg-type]

    return address


def _file(asked: Asked, kept: dict[str, str], kind: str) -> str:
    here = {name: value for name, value in asked.typed.items() if value} | kept
    return url_for("board.export", file_kind=kind, **here)  # type: ignore[arg-type]

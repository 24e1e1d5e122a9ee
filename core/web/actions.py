"""Pages of actions: the tracker and its export, and one action from its first note to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.action import Progress
from core.domain.dates import day
from core.domain.finding import Refused
from core.domain.sight import MAY_OWN
from core.store import accounts, action_notes, actions
from core.store.actions import ActionRow
from core.usecases import action as doing
from core.usecases.action_moved import ActionMoved
from core.usecases.action_rights import Rights, rights
from core.web import action_words, asker, dispute_shown, escalation_shown, pages, tracker
from core.web.access import ACCESS
from core.web.choosing import by_name
from core.web.clock import now
from core.web.typed import boxes, date_boxes, version, words

blueprint = Blueprint("actions", __name__)
PAGE = "actions/page.html"
WORDS = (
    "progress",
    "done",
    "done_words",
    "accept_words",
    "back_words",
    "move_why",
    "owner",
    "hand_why",
    "end_why",
    "done_means",
)


@blueprint.get("/actions")
def open() -> Response:
    return tracker.page()


@blueprint.get("/actions/export.<kind>")
def export(kind: str) -> Response:
    """The whole of the list that the address asks for, as "xlsx" or "csv"."""
    made = tracker.exported(kind)
    if made is None:
        abort(404)
    return made


def _seen(public_id: str) -> ActionRow:
    row = actions.find(asker.scope(), public_id)
    if row is None:
        abort(404)
    return row


def _rights(row: ActionRow) -> Rights | None:
    """What the asker may do with it; None where nothing, whatever its state."""
    scope = asker.scope()
    may = rights(scope, asker.registry(), row)
    return may if ACCESS["actions.save"].allows(scope.roles) and may.stands else None


def _context(row: ActionRow, **more: Any) -> dict[str, Any]:
    scope = asker.scope()
    children = actions.children_of(scope, [row]).get(row.id, [])
    for child in children:
        pages.looked_at("child", child.public_id, page="action")
    may = _rights(row)
    owners: list[dict[str, str]] = []
    if may is not None and may.hands_on:
        colleagues = accounts.colleagues(scope, roles=MAY_OWN)
        owners = by_name(c for c in colleagues if c.id != row.owner_id)
    return {
        "action": row,
        "children": children,
        "state": action_words.state(row, scope.on),
        "body": action_words.body(row),
        "may": may,
        "owners": owners,
        "notes": [action_words.note(one) for one in action_notes.of_action(scope, row.id)],
        "rolls": [action_words.roll(one) for one in action_notes.rolls(scope, row.id)],
        "escalation": escalation_shown.of_action(row.id, row.due, is_open=row.is_open),
        "disputes": dispute_shown.of_action(row.id),
        "sees_case": row.case_seen and ACCESS["items.page"].allows(scope.roles),
        "typed": dict.fromkeys(WORDS, "") | {"done_means": row.done_means},
        "typed_due": boxes(""),
        "seen": row.version,
        "conflict": None,
        "yours": "",
        "over": "",
    } | more


@blueprint.get("/actions/<public_id>")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(_seen(public_id)))


def _yours(refusal: ActionMoved) -> str:
    """What was asked for, in words: what is done, with the day or the person chosen; and why."""
    asked = refusal.act.words
    parts, to, _ = date_boxes(request.form, "due")
    if any(parts.values()):
        asked += f" to {day(to) if to else ' '.join(parts.values())}"
    if chosen := words(request.form.get("owner", "")):
        colleagues = accounts.colleagues(asker.scope(), roles=MAY_OWN)
        name = next((one.name for one in colleagues if one.public_id == chosen), "")
        asked += f" to {name}" if name else ""
    texts = (words(request.form.get(name, "")) for name in WORDS if name not in ("done", "owner"))
    return "\n\n".join(each for each in (asked, *texts) if each.strip())


def _done(public_id: str, change: Callable[[dict[str, str], int], str]) -> Response:
    """Make a change with what was typed; the page again where it is refused."""
    row = _seen(public_id)
    seen = version(request.form.get("version", ""))
    # Who had it when the page was shown may have typed while it was handed on: that is kept.
    had_it = ACCESS["actions.save"].allows(asker.scope().roles) and 0 < seen < row.version
    if _rights(row) is None and not (row.seen and had_it):
        abort(404)
    typed = {name: words(request.form.get(name, "")) for name in WORDS}
    if "done_means" not in request.form:
        typed["done_means"] = row.done_means
    parts, _, _ = date_boxes(request.form, "due")
    kept: dict[str, Any] = {"typed": typed, "typed_due": parts}
    try:
        said = change(typed, seen)
    except ActionMoved as refusal:
        moved = _seen(public_id)
        over = refusal.act.gone if refusal.over else ""
        kept |= {"seen": moved.version, "conflict": moved, "yours": _yours(refusal), "over": over}
        return pages.refused(PAGE, refusal.findings, **_context(moved, **kept))
    except Refused as refusal:
        context = _context(_seen(public_id), **kept, seen=seen)
        return pages.refused(PAGE, refusal.findings, **context)
    flash(said, "success")
    return redirect(url_for("actions.page", public_id=public_id), 303)  # type: ignore[return-value]


@blueprint.post("/actions/<public_id>")
def save(public_id: str) -> Response:
    """Add a note of progress, or say that it is done."""

    def change(typed: dict[str, str], seen: int) -> str:
        progress = Progress(typed["progress"], typed["done"] == "yes", typed["done_words"])
        scope, registry = asker.scope(), asker.registry()
        kept = doing.save_action(scope, registry, public_id, progress, seen, now())
        if not kept:
            return "This is noted already: it is not kept twice"
        if progress.done:
            return "It is said to be done: somebody else accepts that, or sends it back"
        return "The progress is noted"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/acceptance")
def accept(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        said = typed["accept_words"]
        doing.accept(asker.scope(), asker.registry(), public_id, said, seen, now())
        return "The action is done"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/sent-back")
def send_back(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        said = typed["back_words"]
        doing.send_back(asker.scope(), asker.registry(), public_id, said, seen, now())
        return "The action is open again"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/day")
def move(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        _, to, fault = date_boxes(request.form, "due", "The new day")
        scope, why = asker.scope(), typed["move_why"]
        doing.move(scope, asker.registry(), public_id, to, why, seen, now(), fault)
        return "The day is moved"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/owner")
def hand_on(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        scope, to, why = asker.scope(), typed["owner"], typed["hand_why"]
        name = doing.hand_on(scope, asker.registry(), public_id, to, why, seen, now())
        return f"{name} has it from now on"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/end")
def end(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        doing.end(asker.scope(), asker.registry(), public_id, typed["end_why"], seen, now())
        return "The action is ended"

    return _done(public_id, change)


@blueprint.post("/actions/<public_id>/done-means")
def complete(public_id: str) -> Response:
    def change(typed: dict[str, str], seen: int) -> str:
        scope, said = asker.scope(), typed["done_means"]
        doing.say_done_means(scope, asker.registry(), public_id, said, seen, now())
        return "What done looks like is saved"

    return _done(public_id, change)

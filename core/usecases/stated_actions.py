"""Open actions of an authority's own tracker: found again by what they say, added or moved on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.dates import day
from core.domain.naming import folded
from core.imports.reader import Found
from core.imports.stated import StatedAction
from core.store import matching, stated_people
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.store.stated_people import ActionRow
from core.usecases.care_changes import Change
from core.usecases.stated_identity import home

KIND = "tracker"
OWNER = ("owner_id", "owner_name", "given_owner_id", "given_owner")


@dataclass(slots=True)
class Actions:
    """What is to be written: actions to add, by the local id, and what changes of others."""

    new: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def work_out(
    scope: Scope,
    found: Found,
    known: Mapping[str, KnownChild],
    as_at: date,
    file_ids: Mapping[str, int],
) -> Actions:
    """Work out which actions are new, and which a later tracker moves on; writes nothing.

    An action that is done stays done. Of two trackers the later one's day and owner stand; what a
    person has changed here since stands against both. Nobody who is suspended gets an action.
    """
    out = Actions()
    stated = [action for one in found.stated for action in one.actions]
    if not stated:
        return out
    matcher, names = matching.known(scope), stated_people.account_names(scope)
    shut_out = stated_people.suspended(scope)
    ids = {
        known[local].id: local
        for local in {home(known, action.child) for action in stated}
        if local in known
    }
    there: dict[tuple[str, str], ActionRow] = {}
    for row in stated_people.tracked(scope, ids):
        there.setdefault((ids[row.child_id], folded(row.what)), row)
    seen: set[tuple[str, str]] = set()
    for action in stated:
        if action.due is None:
            continue
        local = home(known, action.child)
        key = (local, folded(action.what))
        if key in seen:
            continue
        seen.add(key)
        owner = matcher.account_for(action.owner, action.owner_email, action.owner_staff_number)
        said = action.owner or action.owner_email or action.owner_staff_number
        old = there.get(key)
        shut = owner in shut_out and (old is None or not old.handed_on)
        notes = []
        if shut and (old is None or old.owner_id != owner):
            said, owner = action.owner or names.get(owner or 0, said), None
            notes = [f"{said} is suspended: nobody has it yet"]
        name = (names.get(owner, said) if owner else said)[:200]
        values = {
            "what": action.what,
            "due": action.due,
            "first_due": action.due,
            "owner_id": owner,
            "owner_name": name,
            "given_due": action.due,
            "given_owner_id": owner,
            "given_owner": name,
            "import_file_id": file_ids[action.source.file],
            "import_line": action.source.line,
            "as_at": as_at,
        }
        if old is None:
            out.new.append((local, values))
            _change(out, local, action, "", values, notes)
        elif not old.done:
            _again(out, local, action, old, values, notes)
    return out


def _again(
    out: Actions,
    local: str,
    action: StatedAction,
    old: ActionRow,
    values: dict[str, Any],
    notes: list[str],
) -> None:
    """An action that is there already: the later file's day and owner, the earliest day first.

    A day or an owner that a person has changed here since files gave it stays.
    """
    values["first_due"] = min(old.first_due, values["due"])
    earlier = old.as_at is not None and values["as_at"] < old.as_at
    if earlier:
        values |= {name: getattr(old, name) for name in ("what", "due", "given_due", "as_at")}
        del values["import_file_id"], values["import_line"]
    if not values["owner_name"] or (earlier and old.owner_name):
        values |= {name: getattr(old, name) for name in OWNER}
    if old.moved:
        values["due"] = old.due
        if values["given_due"] != old.given_due:
            notes.append(
                f"The day was moved here and stays: the file says {day(values['given_due'])}"
            )
    if old.handed_on:
        values |= {"owner_id": old.owner_id, "owner_name": old.owner_name}
        if values["given_owner"] != old.given_owner:
            notes.append(
                f"It was handed on here and stays so: the file says {values['given_owner']}"
            )
    names = ("what", "due", "first_due", "as_at", "given_due", *OWNER)
    if all(getattr(old, name) == values[name] for name in names):
        return
    before = _words(old.what, old.due, old.owner_name)
    if not earlier:
        _change(out, local, action, before, values, notes)
    out.changed[old.id] = values


def _change(
    out: Actions,
    local: str,
    action: StatedAction,
    before: str,
    values: Mapping[str, Any],
    notes: Iterable[str],
) -> None:
    after = _words(action.what, values["due"], values["owner_name"])
    after = ". ".join((after, *notes))
    if before != after:
        out.changes.append(
            Change(
                local,
                "action",
                before,
                after,
                action.source.file,
                action.source.line,
                "action",
                action.what[:60],
            )  # fmt: skip
        )


def _words(what: str, due: date, owner: str) -> str:
    return f"{what} (due {day(due)}{f', {owner}' if owner else ''})"


def write(scope: Scope, actions: Actions, ids: Mapping[str, int]) -> None:
    """Write what was worked out, in the transaction under way; ``ids`` are by local id."""
    later = {k: v for k, v in actions.changed.items() if "import_file_id" in v}
    earlier = {k: v for k, v in actions.changed.items() if "import_file_id" not in v}
    stated_people.put_actions(scope, (), earlier)
    stated_people.put_actions(
        scope,
        (
            {
                "child_id": ids[local],
                "version": 1,
                "kind": KIND,
                "outcome_code": "",
                "due_why": "",
                "progress": "",
                "done_words": "",
                **row,
            }
            for local, row in actions.new
        ),
        later,
    )

"""What people do with an action until it is done: note, do, accept, move, hand on, end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.domain.action import Did, Progress, move_findings, words_findings
from core.domain.dates import Period, day
from core.domain.decision import not_named
from core.domain.finding import Finding, Refused
from core.domain.sight import MAY_OWN
from core.registry import Registry
from core.store import (
    accounts,
    action_closed,
    action_notes,
    actions,
    audit,
    calendars,
    escalations,
    late_actions,
    outbox,
)
from core.store.actions import ActionRow
from core.store.database import writing
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases import action_moved as moved
from core.usecases.action_moved import Act, ActionMoved
from core.usecases.action_rights import rights

NOT_YOURS = Finding("This action is not yours to change")


def save_action(
    scope: Scope,
    registry: Registry,
    public_id: str,
    progress: Progress,
    seen: int,
    at: datetime,
) -> bool:
    """Add a note of progress, or say that the action is done today and how.

    A note that says what the same person's latest one says is not kept again: false where nothing
    else was to be kept. Raises ``Refused`` with what is wrong, ``ActionMoved`` where ``seen`` is
    not its version.
    """
    with writing():
        action = _found(scope, registry, public_id, moved.NOTE, seen)
        may = rights(scope, registry, action)
        act = moved.SAY_DONE if progress.done else moved.NOTE
        if not act.allowed(may):
            if action.version != seen:
                raise ActionMoved(action, act, may)
            raise Refused(Finding("Its owner says that it is done", field="done"))
        if faults := progress.findings():
            raise Refused(*faults)
        note, done_words = progress.note.strip(), progress.done_words.strip()
        if note and action_notes.says_already(scope, action.id, note):
            if not progress.done:
                return False
            note = ""
        values: dict[str, Any] = {"progress": note} if note else {}
        if progress.done:
            said = {"done_on": scope.on, "done_words": done_words, "said_by": scope.account_id}
            values |= said
        _save(scope, registry, act, action, seen, values)
        if note:
            action_notes.add(scope, action.id, Did.PROGRESS, note, at)
        if progress.done:
            action_notes.add(scope, action.id, Did.SAID_DONE, done_words, at)
        before = {"progress": action.progress}
        did = "say done" if progress.done else "note progress"
        _audit(scope, at, did, action, before, {k: v for k, v in values.items() if k != "said_by"})
        return True


def accept(
    scope: Scope, registry: Registry, public_id: str, words: str, seen: int, at: datetime
) -> None:
    """Accept that an action is done: somebody else than who said so. ``words`` may be empty."""
    with writing():
        action = _found(scope, registry, public_id, moved.ACCEPT, seen)
        if words.strip() and (faults := words_findings(words, "", "accept_words")):
            raise Refused(*faults)
        _save(
            scope,
            registry,
            moved.ACCEPT,
            action,
            seen,
            {"accepted_on": scope.on, "accepted_by": scope.account_id},
        )
        action_notes.add(scope, action.id, Did.ACCEPTED, words.strip(), at)
        _audit(scope, at, "accept", action, {}, {"accepted_on": scope.on}, why=words.strip())


def send_back(
    scope: Scope, registry: Registry, public_id: str, words: str, seen: int, at: datetime
) -> None:
    """Say why an action that is said to be done is not: it is open again, its day unchanged."""
    with writing():
        action = _found(scope, registry, public_id, moved.SEND_BACK, seen)
        if faults := words_findings(words, "Say what is still to be done", "back_words"):
            raise Refused(*faults)
        _save(
            scope,
            registry,
            moved.SEND_BACK,
            action,
            seen,
            {"done_on": None, "done_words": "", "said_by": None},
        )
        action_notes.add(scope, action.id, Did.SENT_BACK, words.strip(), at)
        before = {"done_on": action.done_on, "done_words": action.done_words}
        _audit(scope, at, "send back", action, before, {"done_on": None}, why=words.strip())
        _tell(scope, action, action.owner_id, seen, at, "sent back", "It is not done yet.")


def move(
    scope: Scope,
    registry: Registry,
    public_id: str,
    to: date | None,
    why: str,
    seen: int,
    at: datetime,
    fault: str = "",
) -> None:
    """Move the day by which an action is due, with the reason; it is counted.

    Its escalation begins anew from there: those to whom it came and who have not answered are told.
    ``fault`` says what is wrong with the day as it was typed.
    """
    with writing():
        action = _found(scope, registry, public_id, moved.MOVE, seen)
        calendar, within = calendars.calendar_of(scope, [scope.on]), _given(registry, action)
        faults = move_findings(to, fault, action.due, scope.on, calendar, within)
        faults += words_findings(why, "Enter why the day is moved", "move_why")
        if faults or to is None:
            raise Refused(*faults)
        from_day = f"moved from {day(action.due)} on {day(scope.on)}"
        _save(
            scope,
            registry,
            moved.MOVE,
            action,
            seen,
            {"due": to, "due_why": f"by {day(to)}: {from_day}"},
        )
        days = {"before": action.due.isoformat(), "after": to.isoformat()}
        action_notes.add(scope, action.id, Did.MOVED, why.strip(), at, **days)
        _audit(scope, at, "move", action, {"due": action.due}, {"due": to}, why=why.strip())
        words = f"It is due on {day(to)} now; it was due on {day(action.due)}."
        _tell(scope, action, action.owner_id, seen, at, "moved", words)
        _tell_who_waits(scope, action, seen, at, words)


def _given(registry: Registry, action: ActionRow) -> Period | None:
    """How long the procedure gives for an action; None where it does not say, or none made it."""
    if action.procedure_code is None:
        return None
    procedure = registry.named(action.procedure_code, action.procedure_edition or "")
    outcome = procedure.outcome(action.outcome_code) if procedure else None
    return outcome.makes_action.within if outcome and outcome.makes_action else None


def _tell_who_waits(scope: Scope, action: ActionRow, seen: int, at: datetime, words: str) -> None:
    """Tell who was told that it is late and has not answered that its day was moved, and by whom.

    The reason may name the child: the message says where it stands.
    """
    since = late_actions.answers_since(scope)
    waiting = escalations.unanswered(scope, action.id, action.due, since)
    for account_id in sorted(waiting - {action.owner_id}):
        moved_by = f"It had come to you as late. {scope.name} moved the day; why is on its page."
        _tell(scope, action, account_id, seen, at, "moved", f"{words}\n\n{moved_by}")


def hand_on(
    scope: Scope,
    registry: Registry,
    public_id: str,
    to: str,
    why: str,
    seen: int,
    at: datetime,
) -> str:
    """Give an action another owner, by public id, with the reason; gives the new owner's name."""
    with writing():
        action = _found(scope, registry, public_id, moved.HAND_ON, seen)
        faults = [*words_findings(why, "Enter why it is handed on", "hand_why")]
        owner = {c.public_id: c for c in accounts.colleagues(scope, roles=MAY_OWN)}.get(to)
        if owner is None:
            faults.insert(0, Finding("Choose who has it from now on", field="owner"))
        elif owner.id == action.owner_id:
            faults.insert(0, Finding(f"{owner.name} has it already", field="owner"))
        elif action_closed.kept_from_account(scope, action.id, owner.id):
            faults.insert(0, Finding(not_named(owner.name), field="owner"))
        if faults or owner is None:
            raise Refused(*faults)
        _save(
            scope,
            registry,
            moved.HAND_ON,
            action,
            seen,
            {"owner_id": owner.id, "owner_name": owner.name},
        )
        names = {"before": action.owner, "after": owner.name}
        action_notes.add(scope, action.id, Did.HANDED_ON, why.strip(), at, **names)
        before, after = {"owner": action.owner}, {"owner": owner.name}
        _audit(scope, at, "hand on", action, before, after, why=why.strip())
        words = f"It is yours from now on, due on {day(action.due)}."
        _tell(scope, action, owner.id, seen, at, "handed on", words)
        return owner.name


def end(
    scope: Scope, registry: Registry, public_id: str, why: str, seen: int, at: datetime
) -> None:
    """End an action that is not done, with the reason: it is carried no further."""
    with writing():
        action = _found(scope, registry, public_id, moved.END, seen)
        if faults := words_findings(why, "Enter why it is ended without being done", "end_why"):
            raise Refused(*faults)
        ended = {"ended_on": scope.on, "ended_by": scope.account_id, "ended_why": why.strip()}
        _save(scope, registry, moved.END, action, seen, ended)
        action_notes.add(scope, action.id, Did.ENDED, why.strip(), at)
        _audit(scope, at, "end", action, {}, {"ended_on": scope.on}, why=why.strip())
        words = "It was ended without being done."
        _tell(scope, action, action.owner_id, seen, at, "ended", words)


def say_done_means(
    scope: Scope, registry: Registry, public_id: str, words: str, seen: int, at: datetime
) -> None:
    """Say what done looks like; once the minutes are ratified it stays."""
    with writing():
        action = _found(scope, registry, public_id, moved.COMPLETE, seen)
        if faults := words_findings(words, "Say what done looks like", "done_means"):
            raise Refused(*faults)
        if words.strip() == action.done_means.strip():
            raise Refused(Finding("This is what it says already", field="done_means"))
        values = {"done_means": words.strip()}
        _save(scope, registry, moved.COMPLETE, action, seen, values, settled=True)
        action_notes.add(scope, action.id, Did.DONE_MEANS, words.strip(), at)
        before = {"done_means": action.done_means}
        _audit(scope, at, "say what done looks like", action, before, values)


def _found(
    scope: Scope,
    registry: Registry,
    public_id: str,
    act: Act,
    seen: int,
) -> ActionRow:
    """The action, for who may do this with it; ``ActionMoved`` where it no longer stands so."""
    action = actions.find(scope, public_id)
    if action is None:
        raise Refused(NOT_YOURS)
    may = rights(scope, registry, action)
    if not act.allowed(may):
        if action.version != seen and (may.owns or may.directs or action.seen):
            raise ActionMoved(action, act, may)
        raise Refused(NOT_YOURS)
    return action


def _save(
    scope: Scope,
    registry: Registry,
    act: Act,
    action: ActionRow,
    seen: int,
    values: Mapping[str, Any],
    *,
    settled: bool = False,
) -> None:
    if not actions.save(scope, action.id, seen, values, settled=settled):
        now = actions.find(scope, action.public_id) or action
        raise ActionMoved(now, act, rights(scope, registry, now))


def _audit(
    scope: Scope,
    at: datetime,
    did: str,
    action: ActionRow,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    why: str = "",
) -> None:
    audit.changed(
        scope,
        at,
        did,
        "action",
        action.public_id,
        before=_plain(before),
        after=_plain(after),
        why=why,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def _tell(
    scope: Scope,
    action: ActionRow,
    account_id: int | None,
    seen: int,
    at: datetime,
    did: str,
    words: str,
) -> None:
    """Tell somebody what became of an action, unless they did it themself."""
    if account_id is None or account_id == scope.account_id:
        return
    letter = Letter(
        key=f"action {did} {action.public_id} {seen}"
        + ("" if account_id == action.owner_id else f" {account_id}"),
        kind="action",
        account_id=account_id,
        subject=f"An action was {did}",
        body=f"{words}\n\n/actions/{action.public_id}\n",
        case_id=action.case_id,
    )
    outbox.put(scope, [letter], at)

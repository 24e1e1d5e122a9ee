"""A document goes through its stages: written, approved and reviewed, sent back, and filed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

from core.domain import staged as domain
from core.domain.dates import london_day
from core.domain.finding import Finding, Refused
from core.domain.merge import merge
from core.domain.procedure.stages import ASKED_WORDS, Asked, StageStep
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.sight import What
from core.domain.staged import AUTHOR, DONE, OVER, Said, Saying, Standing, State
from core.registry import Registry
from core.store import accounts, audit, children, record_summary, staged, staged_kept
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.staged import (
    DocumentMoved,
    Held,
    TextMoved,
    kinds,
    loaded,
    may_write,
    people,
    proceedings_of,
)

MOVED = "Somebody else changed this document while you were looking at it: look at it again"


def start(
    scope: Scope,
    registry: Registry,
    child_public_id: str,
    kind: str,
    text: str,
    of: str,
    at: datetime,
) -> str:
    """Begin a document about a child with its first text; its public id.

    ``of`` is the public id of the proceedings of which it is, "" for none.
    """
    with writing():
        child = children.child(scope, child_public_id)
        found = next((both for both in kinds(scope, registry) if both[1].code == kind), None)
        if child is None or not children.may_change(scope, child_public_id, What.PLAN):
            raise Refused(Finding("Who works with the child writes it"))
        if found is None:
            raise Refused(Finding("No procedure that is followed has stages for this"))
        procedure, stages = found
        record_summary.lock(scope, [child.id])
        if fault := domain.text_fault(text):
            raise Refused(fault)
        entry = proceedings_of(scope, child.id, of)
        if of and entry is None:
            message = "These proceedings are not recorded any more: begin from the court page"
            raise Refused(Finding(message, field="text"))
        entry_id = entry.id if entry is not None else None
        issued_on = entry.day("issued_on") if entry is not None else None
        if staged.under_way(scope, child.id, kind, entry_id, issued_on):
            message = f"A {stages.title.lower()} of these proceedings is under way: go on with it"
            raise Refused(Finding(message, field="text"))
        _, public_id = staged_kept.add(
            scope,
            text,
            hashed(text),
            at,
            child_id=child.id,
            kind=kind,
            procedure_code=procedure.code,
            procedure_edition=procedure.edition,
            entry_id=entry_id,
            issued_on=issued_on,
        )
        after = {"child": child.public_id, "what": stages.title, "text": 1}
        audit.changed(scope, at, "start document", "staged document", public_id, after=after)
    return public_id


def write(
    scope: Scope, registry: Registry, public_id: str, text: str, seen: int, at: datetime
) -> bool:
    """Keep a text as the next version, from the version seen; false where nothing was changed.

    It goes back to its author, and whatever was said of the text before counts no more. Raises
    ``TextMoved`` where somebody else changed it since, with both texts still there.
    """
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        if fault := domain.text_fault(text):
            raise Refused(fault)
        now = staged.text(scope, one.row.id, one.row.number)
        before = staged.text(scope, one.row.id, seen)
        merged = merge({"text": before}, {"text": text}, {"text": now})
        if merged.clashes:
            raise TextMoved(now, one.row.number)
        if not merged.changes:
            return False
        number = one.row.number + 1
        staged_kept.add_text(scope, one.row.id, number, text, hashed(text), at)
        _save(scope, one, number=number, state=State.WRITTEN, since=at)
        after = {"text": number, "hash": hashed(text)[:12]}
        void = [saying.step for saying in one.now.done.values()]
        if void:
            after["voids"] = ", ".join(void)
        audit.changed(
            scope,
            at,
            "change text",
            "staged document",
            public_id,
            before={"text": number - 1},
            after=after,
        )
    return True


def ask(
    scope: Scope, registry: Registry, public_id: str, seen: int, words: str, at: datetime
) -> None:
    """Ask those of the first stage to approve the text that was seen."""
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        _as_seen(one, seen)
        if one.now.state is not State.WRITTEN:
            raise DocumentMoved(one.row, "It has been asked for already")
        if fault := reason_fault(words, field="words", most=domain.WORDS_MOST):
            raise Refused(fault)
        said = reason_as_kept(words)
        saying = Saying(one.row.number, Said.ASKED, words=said)
        staged_kept.add_saying(scope, one.row.id, one.row.number, Said.ASKED, at, words=said)
        now = _go_on(scope, one, saying, at)
        audit.changed(
            scope,
            at,
            "ask for approval",
            "staged document",
            public_id,
            after={"text": one.row.number, "words": said, "open": _titles(now.open)},
        )


def answer(
    scope: Scope,
    registry: Registry,
    public_id: str,
    step_code: str,
    seen: int,
    words: str,
    at: datetime,
) -> None:
    """Approve or review, at an open step, the text that was seen."""
    with writing():
        one, step, instead = _asked(scope, registry, public_id, step_code, seen)
        if fault := reason_fault(words, field="words", most=domain.WORDS_MOST):
            raise Refused(fault)
        said, kept = DONE[step.does], reason_as_kept(words)
        saying = Saying(one.row.number, said, step.code, words=kept)
        staged_kept.add_saying(
            scope,
            one.row.id,
            one.row.number,
            said,
            at,
            step=step.code,
            words=kept,
            stands_for=instead,
        )
        now = _go_on(scope, one, saying, at)
        did = "approve document" if said is Said.APPROVED else "review document"
        after = {"text": one.row.number, "step": step.title, "words": kept}
        after |= {"in place of": instead} if instead else {}
        after |= {"open": _titles(now.open)} if now.open else {}
        audit.changed(scope, at, did, "staged document", public_id, after=after)


def send_back(
    scope: Scope,
    registry: Registry,
    public_id: str,
    step_code: str,
    to: str,
    words: str,
    seen: int,
    at: datetime,
) -> None:
    """Send the text that was seen back to its author or to an earlier step, in words."""
    with writing():
        one, step, instead = _asked(scope, registry, public_id, step_code, seen)
        if faults := domain.back_fault(one.stages, step, to, words):
            raise Refused(*faults)
        kept = reason_as_kept(words)
        saying = Saying(one.row.number, Said.SENT_BACK, step.code, to, kept)
        staged_kept.add_saying(
            scope,
            one.row.id,
            one.row.number,
            Said.SENT_BACK,
            at,
            step=step.code,
            sent_to=to,
            words=kept,
            stands_for=instead,
        )
        _go_on(scope, one, saying, at)
        target = one.stages.step(to)
        after = {
            "text": one.row.number,
            "step": step.title,
            "to": "the author" if to == AUTHOR or target is None else target.title,
            "words": kept,
        }
        audit.changed(scope, at, "send document back", "staged document", public_id, after=after)


def invite(scope: Scope, registry: Registry, public_id: str, who: str, at: datetime) -> str:
    """Invite a legal colleague, by their public id, to a document; gives their name."""
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        able = accounts.colleagues(scope, roles={staged.INVITED_ROLE})
        person = next((other for other in able if other.public_id == who), None)
        if person is None:
            raise Refused(Finding("Choose whom to invite", field="invitee"))
        there = staged.invitees(scope, one.row.id)
        if any(other.account_id == person.id for other in there):
            raise Refused(Finding(f"{person.name} is invited already", field="invitee"))
        staged_kept.invite(scope, one.row.id, person.id)
        after = {"invited": person.name, "account": person.public_id}
        audit.changed(scope, at, "invite to document", "staged document", public_id, after=after)
        return person.name


def end_invitation(scope: Scope, registry: Registry, public_id: str, who: str, at: datetime) -> str:
    """End somebody's invitation to a document; gives their name."""
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        there = staged.invitees(scope, one.row.id)
        person = next((other for other in there if other.public_id == who), None)
        if person is None:
            raise Refused(Finding("They are not invited any more", field="invitee"))
        staged_kept.end_invitations(scope, one.row.id, person.account_id)
        before = {"invited": person.name, "account": person.public_id}
        audit.changed(
            scope, at, "end invitation to document", "staged document", public_id, before=before
        )
        return person.name


def file(
    scope: Scope,
    registry: Registry,
    public_id: str,
    on: date | None,
    fault: str,
    seen: int,
    at: datetime,
) -> None:
    """Record on which day the text that was seen was filed, once every stage is done."""
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        _as_seen(one, seen)
        last = max((said.at for said in one.now.done.values() if said.at), default=at)
        found = domain.filing(one.stages, one.now, on, fault, london_day(last), scope.on)
        if found:
            raise Refused(*found)
        _save(
            scope,
            one,
            state=State.FILED,
            since=at,
            filed_on=on,
            filed_at=at,
            filed_by=scope.account_id,
        )
        staged_kept.end_invitations(scope, one.row.id)
        after = {"filed": on.isoformat() if on else "", "text": one.row.number}
        audit.changed(scope, at, "file document", "staged document", public_id, after=after)


def give_up(
    scope: Scope, registry: Registry, public_id: str, why: str, seen: int, at: datetime
) -> None:
    """Give a document up that should not have been begun or is not wanted any more, with a reason.

    It stays with all that was written and said.
    """
    with writing():
        one = _held(scope, registry, public_id)
        _writes(scope, one)
        _as_seen(one, seen)
        asked = "Say why it is given up"
        if fault := reason_fault(why, field="up", asked=asked, most=domain.WORDS_MOST):
            raise Refused(fault)
        kept = reason_as_kept(why)
        number = one.row.number
        staged_kept.add_saying(scope, one.row.id, number, Said.GIVEN_UP, at, words=kept)
        _save(scope, one, state=State.GIVEN_UP, since=at)
        staged_kept.end_invitations(scope, one.row.id)
        after = {"text": number}
        did = "give document up"
        audit.changed(scope, at, did, "staged document", public_id, after=after, why=kept)


def hashed(text: str) -> str:
    """What tells one text from another."""
    return sha256(text.encode()).hexdigest()


def _held(scope: Scope, registry: Registry, public_id: str) -> Held:
    """The document, held until the transaction ends; refused where it is gone or filed."""
    row = staged.find(scope, public_id, hold=True)
    one = loaded(scope, registry, row) if row is not None else None
    if one is None:
        raise Refused(Finding("This document is not there any more"))
    if one.now.state in OVER:
        over = "given up" if one.now.state is State.GIVEN_UP else one.stages.ends
        raise DocumentMoved(one.row, f"It is {over} already, and stays as it was")
    return one


def _writes(scope: Scope, one: Held) -> None:
    if not may_write(scope, one.row):
        raise Refused(Finding("Who works with the child does this"))


def _as_seen(one: Held, seen: int) -> None:
    if one.row.number != seen:
        raise DocumentMoved(one.row, "The text has been changed since you read it: read it again")


def _asked(
    scope: Scope, registry: Registry, public_id: str, step_code: str, seen: int
) -> tuple[Held, StageStep, str]:
    """A document at an open step that asks the asker; and in whose place they answer."""
    one = _held(scope, registry, public_id)
    step = one.stages.step(step_code)
    if step is None:
        raise Refused(Finding("There is no such step"))
    there = people(scope, one.row, one.stages)
    if not there.may(scope, step):
        raise Refused(Finding(f"Only {ASKED_WORDS[step.who]} is asked here"))
    _as_seen(one, seen)
    if step not in one.now.open:
        raise DocumentMoved(one.row, f"{step.title} is not asked for now: look at it again")
    return one, step, there.in_place_of(scope, step)


def _go_on(scope: Scope, one: Held, saying: Saying, at: datetime) -> Standing:
    """Keep where the document stands after one more saying."""
    now = domain.standing(one.stages, one.row.number, (*one.sayings, saying))
    moved = {"state": now.state}
    since = {} if now.stage == one.now.stage and now.state is one.now.state else {"since": at}
    _save(scope, one, (step.who for step in now.open), **moved, **since)
    return now


def _save(scope: Scope, one: Held, asks: Iterable[Asked] = (), **values: object) -> None:
    if not staged_kept.save(scope, one.row, asks, **values):
        raise DocumentMoved(one.row, MOVED)


def _titles(steps: Iterable[StageStep]) -> list[str]:
    return [step.title for step in steps]

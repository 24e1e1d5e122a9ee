"""What a reader does with a pack: marks what they have read, notes questions, deletes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain.finding import Finding, Moved, Refused
from core.domain.pack import Read, question_findings
from core.registry import Registry
from core.store import audit, packs, questions, readings
from core.store.database import writing
from core.store.questions import QuestionRow
from core.store.scope import Scope
from core.usecases.pack import Pack, PackItem, pack_of

NOT_THERE = Finding("This is not in the pack any more", field="read")
BEGUN = Finding(
    "The meeting has begun: questions stay as they are. Ask it in the meeting", field="text"
)


class QuestionMoved(Moved[QuestionRow]):
    """The question was changed elsewhere, in another window, since the page showed it."""

    def __init__(self, now: QuestionRow) -> None:
        message = "This question was changed in another window: what was saved there is below"
        super().__init__(now, message, field="text")


def mark(
    scope: Scope,
    registry: Registry,
    public_id: str,
    at: datetime,
    *,
    paper: str = "",
    item: str = "",
    minutes: bool = False,
    every: bool = False,
    read: bool = True,
) -> None:
    """Mark a paper, the form of an item, the minutes of the meeting before, or everything in the
    pack as read or as not read."""
    with writing():
        pack = pack_of(scope, registry, public_id)
        chosen = [p for p in pack.all_papers if every or p.paper.public_id == paper]
        forms = [i for i in pack.items if i.has_form and (every or i.item.public_id == item)]
        before = pack.before if (every or minutes) and pack.minutes is not None else None
        if not chosen and not forms and before is None:
            raise Refused(NOT_THERE)
        when = at if read else None
        versions = {(one.paper.id, one.paper.latest.number) for one in chosen}
        readings.mark(scope, sorted(versions), when)
        if not read:
            _none_read(scope, pack, {one.paper.id for one in chosen})
        readings.mark_forms(scope, sorted({one.item.case_id for one in forms}), when)
        said = {
            "papers": sorted({one.paper.public_id for one in chosen}),
            "cases": sorted({one.item.case_public_id for one in forms}),
        }
        if before is not None:
            readings.mark_minutes(scope, before.id, when)
            said["minutes"] = [before.public_id]
        did = "mark as read" if read else "mark as not read"
        audit.changed(scope, at, did, "meeting", public_id, after=said)


def _none_read(scope: Scope, pack: Pack, paper_ids: set[int]) -> None:
    """Take the mark off earlier versions too: what is not read is not read in any."""
    read: Mapping[int, frozenset[int]] = readings.papers_read(scope, paper_ids)
    readings.mark(scope, sorted((p, n) for p, numbers in read.items() for n in numbers), None)


def note_question(
    scope: Scope,
    registry: Registry,
    public_id: str,
    item: str,
    text: str,
    at: datetime,
    *,
    shared: bool,
    question: str = "",
    seen: int = 0,
) -> None:
    """Keep a question on an item as it was typed, a new one or one changed, until it opens.

    The audit says that one was noted and not what: nobody else reads it. QuestionMoved where it
    was changed elsewhere since ``seen``.
    """
    with writing():
        there = _item(scope, registry, public_id, item)
        if wrong := question_findings(text):
            raise Refused(*wrong)
        if not question:
            if questions.noted_already(scope, there.item.id, text, shared):
                return
            made = questions.add(scope, there.item.id, text, shared, at)
            audit.changed(scope, at, "note question", "item", item, after={"question": made})
            return
        old = questions.mine(scope, question)
        if old is None or old.booking_id != there.item.id:
            raise Refused(Finding("This question is not there any more", field="text"))
        if (old.text, old.shared) == (text, shared):
            return
        if not questions.change(scope, old.id, seen, text, shared, at):
            raise QuestionMoved(old)
        audit.changed(scope, at, "change question", "item", item, after={"question": question})


def delete_question(
    scope: Scope,
    registry: Registry,
    public_id: str,
    item: str,
    question: str,
    seen: int,
    at: datetime,
) -> None:
    """Delete a question of one's own, until the meeting opens; QuestionMoved as in changing it."""
    with writing():
        there = _item(scope, registry, public_id, item)
        old = questions.mine(scope, question)
        if old is None or old.booking_id != there.item.id:
            raise Refused(Finding("This question is not there any more", field="text"))
        if not questions.remove(scope, old.id, seen):
            raise QuestionMoved(old)
        audit.changed(scope, at, "delete question", "item", item, after={"question": question})


def _item(scope: Scope, registry: Registry, public_id: str, item: str) -> PackItem:
    pack = pack_of(scope, registry, public_id)
    if pack.begun:
        raise Refused(BEGUN)
    found = next((one for one in pack.items if one.item.public_id == item), None)
    if found is None:
        raise Refused(Finding("This item is not in the pack any more", field="text"))
    return found


def unread_words(pack: Pack) -> str:
    """ "5 papers unread", with those that are new versions; "" where all is read."""
    if not pack.unread:
        return ""
    new = sum(state is Read.NEW_VERSION for state in pack.states)
    words = f"{pack.unread} {'paper' if pack.unread == 1 else 'papers'} unread"
    return (
        f"{words}, {new} of them changed since you read {'it' if new == 1 else 'them'}"
        if new
        else words
    )


def took_minutes(scope: Scope, meeting_id: int, at: datetime) -> None:
    """Note that the asker took the minutes of a meeting: they are read then."""
    with writing():
        readings.mark_minutes(scope, meeting_id, at)


def opened_form(scope: Scope, case_id: int, at: datetime) -> None:
    """Note that the asker opened a case's form, where they read it in a pack: it is read then."""
    if not packs.reads_case(scope, case_id):
        return
    with writing():
        readings.mark_forms(scope, [case_id], at)

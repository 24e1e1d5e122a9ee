"""What pages show beside an agenda: what speaks against hearing a child, and who waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.domain.case import CaseState
from core.domain.meeting import OVER
from core.domain.procedure.bodies import MostCases
from core.domain.queue import ORDER, place_words
from core.store import items, queues
from core.store.cases import CaseRow
from core.store.scope import Scope
from core.usecases import booked_children
from core.usecases.booked_children import Found, Place
from core.usecases.queueing import Queue, Waits, queues_of
from core.usecases.returning import body_words
from core.usecases.standing import Standing, chairs_body
from core.web import asker, pages
from core.web.access import ACCESS


@dataclass(frozen=True, slots=True)
class InQueue:
    """A case that waits, with its place in words ("second") and the queue in which it is."""

    queue: Queue
    waits: Waits

    @property
    def place(self) -> str:
        return place_words(self.waits.case.place)


def of_meeting(scope: Scope, now: Standing) -> dict[str, Any]:
    """The findings about the children of a meeting's cases, by case, and the queue behind it."""
    meeting = now.meeting
    over = meeting.state in OVER
    found = {} if over else booked_children.on_agenda(scope, asker.registry(), meeting.id)
    queue = queues_of(scope, asker.registry(), [meeting.id]).get(meeting.id)
    note_queue([queue] if queue else [])
    chairs = chairs_body(scope, meeting.procedure_code, now.body)
    return {
        "hearing": found,
        "undecided": [one for of_case in found.values() for one in of_case if not one.lifted],
        "queue": queue,
        "queue_order": ORDER,
        "giving": chairs and not over and ACCESS["queues.give_place"].allows(scope.roles),
    }


def of_item(scope: Scope, opened_item: items.ItemRow) -> dict[str, Any]:
    """The findings about the children of one item, by the child's public id."""
    found: dict[str, list[Found]] = {}
    for one in booked_children.of_item(scope, asker.registry(), opened_item):
        found.setdefault(one.against.child.public_id, []).append(one)
    return {"hearing": found}


def of_case(scope: Scope, opened: Any) -> dict[str, Any]:
    """For a case with the chair or on an agenda: what is found of its children, and its queue.

    ``full`` says where a referral would wait if the chair accepted it now.
    """
    case: CaseRow = opened.case
    shown: dict[str, Any] = {"hearing": (), "waits": None, "full": None}
    if case.meeting_id is None or case.meeting_on is None or case.meeting_state in OVER:
        return shown
    words = body_words(opened.procedure, case.body_code)
    if case.state in (CaseState.SUBMITTED, CaseState.QUEUED, CaseState.BOOKED):
        place = Place(case.id, case.meeting_id, case.meeting_on, words, case.submitted_at)
        also = () if case.state is CaseState.BOOKED else (place,)
        found = booked_children.on_agenda(scope, asker.registry(), case.meeting_id, *also)
        shown["hearing"] = found.get(case.id, ())
    if case.state is CaseState.QUEUED:
        shown["waits"] = in_queue(scope, case)
    elif case.state is CaseState.SUBMITTED:
        shown["full"] = _full(scope, case.meeting_id, opened.body.most_cases)
    return shown


def _full(scope: Scope, meeting_id: int, most: MostCases | None) -> dict[str, Any] | None:
    """Where a referral would wait; None where there is a place for it."""
    if most is None:
        return None
    ahead, booked = queues.ahead(scope, meeting_id), items.booked_cases(scope, meeting_id)
    if not ahead and booked < most.most:
        return None
    return {"booked": booked, "most": most, "place": place_words(ahead + 1)}


def in_queue(scope: Scope, case: CaseRow) -> InQueue | None:
    """Where a case waits."""
    if case.meeting_id is None:
        return None
    queue = queues_of(scope, asker.registry(), [case.meeting_id]).get(case.meeting_id)
    if queue is None:
        return None
    waits = next((one for one in queue.waits if one.case.case_id == case.id), None)
    return InQueue(queue, waits) if waits is not None else None


def note_queue(shown: Iterable[Queue]) -> None:
    """Note for the audit whom a queue names."""
    children = {
        child.public_id for queue in shown for waits in queue.shown for child in waits.case.children
    }
    if children:
        pages.listed("the queue behind an agenda", sorted(children))

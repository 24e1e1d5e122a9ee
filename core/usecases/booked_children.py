"""Children of booked cases who have left care, come of age or died since: found, and decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain import booked_child as rules
from core.domain.booked_child import Against, BookedChild, Heard
from core.domain.finding import Finding, Refused
from core.domain.meeting import BookingState, MeetingState
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import applied, audit, booked_children, items
from core.store.booked_children import Lifted
from core.store.database import writing
from core.store.items import ItemRow
from core.store.scope import Scope
from core.usecases.case_step import held_case, rules_of
from core.usecases.returning import body_words, procedure_of
from core.usecases.standing import chair_only

REASON_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A case with the meeting at which it is to be heard; ``words`` say its body in a sentence."""

    case_id: int
    meeting_id: int | None
    on: date
    words: str
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about a child of a case; ``lifted`` where the chair hears the case all the same."""

    against: Against
    finding: Finding
    lifted: Lifted | None = None

    @property
    def named(self) -> str:
        """What is found, with the child's name."""
        return self.against.finding(named=True).message


@dataclass(frozen=True, slots=True)
class Records:
    """What the records of the children of these cases say, read once for any day."""

    children: Mapping[int, tuple[BookedChild, ...]]
    lifted: Mapping[int, tuple[Lifted, ...]]
    words: Mapping[rules.Said, str]
    years: frozenset[int]


def read(scope: Scope, case_ids: Iterable[int]) -> Records:
    """The records of the children of cases; the queries do not grow with the cases."""
    wanted = sorted(set(case_ids))
    children = booked_children.of_cases(scope, wanted)
    if not children:
        return Records({}, {}, {}, frozenset())
    everybody = [child for of_case in children.values() for child in of_case]
    return Records(
        children,
        booked_children.lifted(scope, wanted),
        booked_children.said_words(scope, everybody),
        applied.years_applied(scope),
    )


def found_in(records: Records, places: Iterable[Place]) -> dict[int, tuple[Found, ...]]:
    """What the records say against hearing the children of these cases, by case: no query."""
    found: dict[int, list[Against]] = {}
    agendas: dict[int, list[tuple[int, BookedChild]]] = {}
    for place in places:
        heard = Heard(place.on, place.words, place.submitted_at, records.years)
        for child in records.children.get(place.case_id, ()):
            so_far = found.setdefault(place.case_id, [])
            so_far += [one for one in rules.against(child, heard) if one not in so_far]
            if place.meeting_id is not None:
                agendas.setdefault(place.meeting_id, []).append((place.case_id, child))
    for agenda in agendas.values():
        for case_id, one in rules.twice(agenda):
            found.setdefault(case_id, []).append(one)
    return {
        case_id: tuple(_found(records, case_id, one) for one in _said(records, against))
        for case_id, against in found.items()
        if against
    }


def _said(records: Records, found: Iterable[Against]) -> tuple[Against, ...]:
    return rules.with_sources(found, lambda said: records.words.get(said, ""))


def _found(records: Records, case_id: int, one: Against) -> Found:
    several = len(records.children.get(case_id, ())) > 1
    lifted = next(
        (
            was
            for was in records.lifted.get(case_id, ())
            if (was.child_id, was.code, was.fact_on) == (one.child.id, one.code, one.fact_on)
        ),
        None,
    )
    return Found(one, one.finding(named=several), lifted)


def hear_all_the_same(
    scope: Scope,
    registry: Registry,
    public_id: str,
    child_public_id: str,
    reason: str,
    at: datetime,
) -> None:
    """Decide, as the chair, that a child is heard although the record says what it says.

    Kept with the reason for everything that is found of the child now: where the record says
    something else one day, that is found anew.
    """
    with writing():
        item = items.find(scope, public_id)
        if item is None:
            raise Refused(Finding("This item is not there any more"))
        case = held_case(scope, item.case_public_id)
        chair_only(scope, case, rules_of(scope, registry, case)[1])
        if item.state != BookingState.BOOKED or item.meeting_state == MeetingState.CLOSED:
            raise Refused(Finding("This case is not to be heard at this meeting any more"))
        standing = [
            one.against
            for one in of_item(scope, registry, item)
            if one.lifted is None and one.against.child.public_id == child_public_id
        ]
        if not standing:
            raise Refused(Finding("There is nothing to decide about this child", field="child"))
        asked = "Say why the child is heard all the same"
        why = reason_given(reason, field="reason", asked=asked, most=REASON_MOST)
        keep_lifted(scope, item.case_id, item.case_public_id, standing, why, at)


def keep_lifted(
    scope: Scope,
    case_id: int,
    case_public_id: str,
    found: list[Against],
    why: str,
    at: datetime,
) -> None:
    """Keep what the chair lifted, and audit it, in the transaction under way."""
    booked_children.lift(scope, case_id, found, why, at)
    audit.changed(
        scope,
        at,
        "hear all the same",
        "case",
        case_public_id,
        after={
            "children": sorted({one.child.public_id for one in found}),
            "found": [one.message for one in found],
        },
        why=why,
    )


def of_item(scope: Scope, registry: Registry, item: ItemRow) -> tuple[Found, ...]:
    """What is found of the children of one item that is still to be heard."""
    if item.state != BookingState.BOOKED:
        return ()
    return on_agenda(scope, registry, item.meeting_id).get(item.case_id, ())


def on_agenda(
    scope: Scope, registry: Registry, meeting_id: int, *also: Place
) -> dict[int, tuple[Found, ...]]:
    """What is found of the children of every case still to be heard at a meeting, by case.

    ``also`` are cases that would come onto it.
    """
    return of_items(scope, registry, items.of_meeting(scope, meeting_id), *also)


def of_items(
    scope: Scope, registry: Registry, rows: Iterable[ItemRow], *also: Place
) -> dict[int, tuple[Found, ...]]:
    """What is found of the children of those of these items that are still to be heard."""
    places = [
        Place(
            item.case_id,
            item.meeting_id,
            item.held_on,
            body_words(procedure_of(registry, item), item.body_code),
            item.submitted_at,
        )
        for item in rows
        if item.state == BookingState.BOOKED
    ]
    places += also
    return found_in(read(scope, [place.case_id for place in places]), places)

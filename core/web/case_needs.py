"""What of cases on their way to a panel needs somebody: who waits in a queue, and who comes off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from core.domain.dates import day, london_day
from core.domain.queue import Breaks, Waiting, place_words
from core.store import items, taken_back
from core.store.scope import Scope
from core.usecases import booked_children
from core.usecases.queueing import Queue, Waits, queues_of
from core.usecases.standing import chairs_body
from core.web import asker, hearing_shown, pages
from core.web.access import ADMINISTERS_PANEL, CHAIRS, REFERS
from core.web.chaired import chaired
from core.web.needs import More, Need, more
from core.web.rules_here import rules_here

NAMED = 3


def needs(scope: Scope) -> Iterator[Need | More]:
    """For chair, administrator and referrer; the queries do not grow with the cases."""
    administers = scope.has(*ADMINISTERS_PANEL)
    if administers or scope.has(*CHAIRS, *REFERS):
        yield from _queues(scope, administers)
    if administers or scope.has(*CHAIRS):
        yield from _asked_back(scope, administers)
        yield from _undecided(scope, administers)
    if scope.has(*REFERS):
        yield from _withdrawn(scope)


def _chairs(scope: Scope, procedure_code: str, body_code: str) -> bool:
    edition = rules_here().in_force(procedure_code, scope.on)
    body = edition.body(body_code) if edition else None
    return scope.has(*CHAIRS) and body is not None and chairs_body(scope, procedure_code, body)


def _queues(scope: Scope, administers: bool) -> Iterator[Need]:
    """A queue for who runs its meeting; one's own case in it for who referred it."""
    found = list(queues_of(scope, asker.registry()).values())
    shown = []
    for queue in found:
        at = queue.meeting
        if administers or _chairs(scope, at.procedure_code, at.body_code):
            shown.append(queue)
            yield _queue(queue)
            continue
        mine = [one for one in queue.waits if one.case.referrer_id in scope.stands_for]
        if mine:
            shown.append(queue)
        for one in mine:
            yield _own(queue, one)
    hearing_shown.note_queue(shown)


def _queue(queue: Queue) -> Need:
    many = len(queue.waits)
    on = day(queue.meeting.held_on)
    who = f"{many} {'case waits' if many == 1 else 'cases wait'} for a place"
    if queue.meeting.over:
        first = "That meeting is over and no later one is made: make the dates"
    elif queue.free:
        first = f"{'A place is' if queue.free == 1 else f'{queue.free} places are'} free"
    else:
        first = "The agenda is full"
    next_on = f"if they wait for {day(queue.next_on)}" if queue.next_on else "unless one is made"
    words = _few(one for waits in queue.waits for one in waits.breaks)
    breaks = f". What breaks only {next_on}: {words}" if words else ""
    words = _few(one for waits in queue.waits for one in waits.anyway)
    breaks += f". Not kept anyway: {words}" if words else ""
    return Need(
        queue.meeting.held_on,
        f"{who} at the {queue.body.title} of {on}",
        f"{first}{breaks}",
        queue.most.clauses if queue.most else (),
        url_for("meetings.page", public_id=queue.meeting.public_id, _anchor="queue"),
        "Give it a place" if queue.free else "Look at the queue",
        due=bool(queue.free),
    )


def _few(broken: Iterable[Breaks]) -> str:
    """The first of what is not kept, in words; "" where everything is."""
    found = [_broken(one) for one in broken]
    more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
    return "; ".join((*found[:NAMED], *more))


def _broken(one: Breaks) -> str:
    of_it = "" if one.kind is Waiting.WAITS else f" ({one.kind})"
    return f"{one.who}: {one.title}, {one.why}{of_it}"


def _own(queue: Queue, waits: Waits) -> Need:
    most = queue.most.most if queue.most else 0
    breaks, anyway = ("; ".join(map(_broken, some)) for some in (waits.breaks, waits.anyway))
    return Need(
        queue.meeting.held_on,
        f"{waits.case.names or 'A case'} waits for a place at the {queue.body.title} of "
        f"{day(queue.meeting.held_on)}",
        f"The chair accepted it; {most} cases at most are presented, and it is "
        f"{place_words(waits.case.place)} in the queue"
        + (f". What breaks only if it waits longer: {breaks}" if breaks else "")
        + (f". Not kept anyway: {anyway}" if anyway else ""),
        queue.most.clauses if queue.most else (),
        url_for("cases.page", public_id=waits.case.public_id),
        "Look at it",
        due=False,
    )


def _asked_back(scope: Scope, administers: bool) -> Iterator[Need | More]:
    """For who chairs or administers: the referrer asks for a booked case to be withdrawn."""
    chairing = chaired(scope)
    found = taken_back.asked(scope, None if administers else chairing)
    for case in found:
        chairs = (case.procedure_code, case.body_code) in chairing
        _looked(case)
        yield Need(
            case.meeting_on,
            f"Withdraw {case.names or 'a case'} from the agenda, or keep it"
            if chairs
            else f"Withdraw {case.names or 'a case'} from the agenda, or ask the chair",
            f"{case.referrer or 'The referrer'} asks for it: {case.why}",
            (),
            url_for("cases.page", public_id=case.public_id),
            "Decide on it" if chairs else "Look at it",
        )
    words = ("case is asked to be withdrawn", "cases are asked to be withdrawn")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")


def _withdrawn(scope: Scope) -> Iterator[Need | More]:
    """For the referrer: a case that was taken off an agenda, and why."""
    found = taken_back.mine_lately(scope)
    for case in found:
        _looked(case)
        on = f" of {day(case.meeting_on)}" if case.meeting_on else ""
        yield Need(
            london_day(case.at),
            f"The referral of {case.names or 'a child'} was withdrawn from the agenda{on}",
            case.why,
            (),
            url_for("cases.page", public_id=case.public_id),
            "Read it, or start again",
            due=False,
        )
    words = ("referral was withdrawn", "referrals were withdrawn")
    yield from more(found, *words, url_for("children.register"), "Open the children")


def _undecided(scope: Scope, administers: bool) -> Iterator[Need]:
    """For chair and administrator: a booked child who left care, came of age or died since."""
    coming = [
        item
        for item in items.to_be_heard(scope)
        if administers or _chairs(scope, item.case_procedure_code, item.body_code)
    ]
    found = booked_children.of_items(scope, asker.registry(), coming)
    for item in coming:
        for one in found.get(item.case_id, ()):
            if one.lifted is not None:
                continue
            child = one.against.child
            pages.listed("what needs me", [child.public_id])
            yield Need(
                item.held_on,
                f"Is {child.name} still heard on {day(item.held_on)}?",
                one.against.message,
                (),
                url_for("items.page", public_id=item.public_id),
                "Decide on it",
            )


def _looked(case: taken_back.TakenBack) -> None:
    pages.listed("what needs me", [child.public_id for child in case.children])

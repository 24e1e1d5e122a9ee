"""What the record of a planning meeting tells of people, views and actions, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from core.documents.planning_record import ActionFact, CarriedFact
from core.domain import decision as deciding
from core.domain.dates import day
from core.domain.phrases import inside
from core.domain.planning_people import (
    CAME,
    MODES,
    Guest,
    code_of,
    each_once,
    parents_of,
    rows_of,
)
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import Place
from core.domain.record.recorded import Recorded
from core.domain.record.voices import VIEW
from core.domain.views_heard import heard
from core.store.actions import ActionRow
from core.store.decisions import DecisionRow
from core.store.planning import PlanningRow
from core.usecases.planning_booking import PlanningBody


def titles(body: Body) -> dict[str, str]:
    """By the code of a line of who comes, what it is called."""
    posts = {post.code: post.title for post in body.posts}
    return {**posts, **{code_of(body, rule): rule.title for rule in body.invited}}


def _named(titles: Mapping[str, str], guest: Guest, every: Iterable[Guest] = ()) -> str:
    codes = (titles.get(one.code, "") for one in rows_of(guest, every))
    title = " and ".join(filter(None, codes))
    return f"{guest.said}, {title}" if guest.said and title else guest.said or title or "Somebody"


def those(meets: PlanningBody, guests: Iterable[Guest], came: str) -> tuple[str, ...]:
    by_code, every = titles(meets.body), tuple(guests)
    return tuple(
        f"{_named(by_code, guest, every)}{_mode(guest)}"
        for guest in each_once(every)
        if guest.came == came and (came or guest.invited)
    )


def _mode(guest: Guest) -> str:
    return f" ({MODES[guest.mode].lower()})" if guest.mode in MODES else ""


def not_invited(meets: PlanningBody, guests: Iterable[Guest]) -> Iterator[str]:
    by_code = titles(meets.body)
    for guest in guests:
        if not guest.invited and guest.why_not:
            yield f"{_named(by_code, guest)}: {guest.why_not}"


def advice(meets: PlanningBody, guests: Iterable[Guest]) -> Iterator[str]:
    """Who took part otherwise than by sitting there, and by which mode."""
    by_code = titles(meets.body)
    for guest in each_once(guests):
        if guest.mode in MODES and guest.mode != "in-person":
            came = CAME.get(guest.came, "")
            yield f"{_named(by_code, guest)}: {MODES[guest.mode].lower()}" + (
                f"; {inside(came)}" if came and guest.came != "present" else ""
            )


def parents(body: Body, guests: Iterable[Guest]) -> Iterator[str]:
    """Of each of the child's parents whether they came, and the days on which they were heard."""
    for guest in parents_of(body, guests):
        if guest.invited:
            said = [
                CAME[guest.came].lower() if guest.came in CAME else "not said whether they came"
            ]
        else:
            said = [f"not invited: {guest.why_not or 'no reason recorded'}"]
        if guest.views_on is not None:
            said.append(f"views gained before, on {day(guest.views_on)}")
        if guest.told_on is not None:
            said.append(f"told after, on {day(guest.told_on)}")
        yield f"{guest.said or 'Parents'}: {'; '.join(said)}"


def views(voices: Iterable[Recorded], row: PlanningRow, before: date | None) -> Iterator[str]:
    """The views before the chair, said since the meeting of ``before``: whose, how, and when."""
    for one in heard(voices, row.held_on, before):
        on = one.day("said_on")
        words = ", ".join(
            filter(
                None,
                (
                    chosen(one, "whose"),
                    one.value("name"),
                    chosen(one, "how").lower(),
                    day(on) if on is not None else "",
                ),
            )
        )
        said = f": {one.value('words')}" if one.value("words") else ""
        file = " (with a file)" if one.value("paper") else ""
        yield f"{words}{file}{said}"


def chosen(one: Recorded, field: str) -> str:
    """The words of a choice of a view."""
    code = one.value(field)
    return VIEW.by_code[field].choices.get(code, code) if field in VIEW.by_code else code


def carried(every: Iterable[ActionRow], row: PlanningRow, on: date) -> Iterator[CarriedFact]:
    """The actions of earlier meetings, or of a tracker, that were open at this one."""
    for one in every:
        made = one.decided_on or one.as_at
        over = one.accepted_on or one.ended_on
        if made is None or made >= row.held_on or (over is not None and over < row.held_on):
            continue
        state = str(one.state(on))
        if one.ended_on is not None and one.ended_why:
            state = f"{state}: {one.ended_why}"
        words = one.done_words if one.done_on is not None and one.done_words else one.progress
        yield CarriedFact(one.what, one.owner, one.first_due, one.due, one.rolled, state, words)


def made(every: Iterable[ActionRow], decided: DecisionRow, on: date) -> Iterator[ActionFact]:
    there = {one.public_id: one for one in every}
    for made in decided.actions:
        now = there.get(made.public_id)
        state = str(now.state(on)) if now is not None else "open"
        yield ActionFact(made.what, made.owner, made.due, state)


def written(
    procedure: Procedure, said: Mapping[Place, str], owners: Mapping[str, str]
) -> Iterator[ActionFact]:
    """The actions as they are written, while the meeting is not closed."""
    for one in deciding.read(procedure, said).further:
        who = owners.get(one.owner, "Nobody yet")
        yield ActionFact(one.what or "Not said yet", who, one.due.on, "not closed yet")

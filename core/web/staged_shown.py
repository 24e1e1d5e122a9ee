"""A document in stages as its page shows it: steps, what was said of each text, who acts now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from core.domain.procedure.stages import ASKED_WORDS, Does, StageStep
from core.domain.staged import AUTHOR, OVER, SAID_WORDS, Said, Saying, State, back_to, voided
from core.store import accounts, children, staged
from core.store.staged import DocumentRow, TextRow
from core.usecases import staged as held
from core.usecases.staged import Held, People
from core.web import asker
from core.web.access import ACCESS

COLOURS = {
    State.WRITTEN: "grey",
    State.UNDER_WAY: "blue",
    State.COMPLETE: "green",
    State.FILED: "purple",
    State.GIVEN_UP: "grey",
}
VERSIONS = 30
"""So many versions of a text stand on the page, the latest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A document in short, as lists name it."""

    row: DocumentRow
    title: str
    state: str
    colour: str
    waits: str
    address: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of a stage: what was said of the text as it is, or whom it waits for."""

    step: StageStep
    state: str
    colour: str
    done: Saying | None
    author_too: bool
    whom: str
    names: tuple[str, ...]
    nobody: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: a text, or something said of one."""

    at: datetime
    what: str
    by: str
    words: str
    void: str = ""


def line(one: Held) -> Line:
    """A document with its state, and for whom it waits in words."""
    waits = " and ".join(ASKED_WORDS[step.who] for step in one.now.open)
    waits = f"Waits for {waits}" if waits else ""
    if one.now.state is State.COMPLETE:
        waits = f"It can be {one.stages.ends}"
    address = url_for("staged.page", public_id=one.row.public_id)
    state = one.now.state
    return Line(one.row, one.stages.title, state.capitalize(), COLOURS[state], waits, address)


def of_child(child_id: int) -> list[Line]:
    """The documents about a child: one query, and one for each."""
    scope, registry = asker.scope(), asker.registry()
    if not ACCESS["staged.page"].allows(scope.roles):
        return []
    rows = staged.of_child(scope, child_id)
    found = (held.loaded(scope, registry, row) for row in rows)
    return [line(one) for one in found if one is not None]


def steps(one: Held, there: People, text: TextRow | None) -> list[list[StepShown]]:
    """The stages in their order, each with its steps."""
    return [[_step(one, there, text, step) for step in stage] for stage in one.stages.stages]


def _step(one: Held, there: People, text: TextRow | None, step: StageStep) -> StepShown:
    done = one.now.done.get(step.code)
    state, colour = "Not yet", "grey"
    if done is not None:
        state, colour = SAID_WORDS[done.said], "green"
    elif step in one.now.open:
        state, colour = "Now", "blue"
    wrote = done is not None and text is not None and done.by_id == text.by_id
    names = tuple(there.of.get(step.who, {}).values())
    nobody = there.nobody.get(step.who, "") if done is None else ""
    return StepShown(step, state, colour, done, wrote, ASKED_WORDS[step.who], names, nobody)


def history(one: Held, texts: list[TextRow]) -> list[Event]:
    """Everything that happened to a document, the latest first."""
    by_number = {text.number: text for text in texts}
    void = {id(each.saying): by_number.get(each.by) for each in voided(one.row.number, one.sayings)}
    # Of one moment a text comes before what is said of it.
    found = [
        (
            (text.at, text.number, 0),
            Event(text.at, f"Version {text.number} of the text", text.by, ""),
        )
        for text in texts
    ]
    for place, said in enumerate(one.sayings, 1):
        change = void.get(id(said))
        gone = ""
        if change is not None:
            gone = f"voided by version {change.number} of the text"
        if said.at is not None:
            by = f"{said.by}, for {said.stands_for}" if said.stands_for else said.by
            event = Event(said.at, _said(one, said), by, said.words, gone)
            found.append(((said.at, said.number, place), event))
    return [event for _, event in sorted(found, key=lambda each: each[0], reverse=True)]


def _said(one: Held, said: Saying) -> str:
    of = f"version {said.number}"
    if said.said in (Said.ASKED, Said.GIVEN_UP):
        return f"{SAID_WORDS[said.said]}: {of}"
    step = one.stages.step(said.step)
    title = step.title if step is not None else said.step
    if said.said is Said.SENT_BACK:
        to = one.stages.step(said.to)
        target = "the author" if said.to == AUTHOR or to is None else to.title
        return f"Sent back to {target}, from {title}: {of}"
    return f"{title}: {SAID_WORDS[said.said].lower()} {of}"


def may_act(one: Held, there: People) -> StageStep | None:
    """The first open step at which the asker is asked; None where there is none."""
    scope = asker.scope()
    if not ACCESS["staged.answer"].allows(scope.roles):
        return None
    return next((step for step in one.now.open if there.may(scope, step)), None)


def context(one: Held, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page of a document shows."""
    scope, row = asker.scope(), one.row
    texts = staged.texts(scope, row.id)
    text = next((each for each in texts if each.number == row.number), None)
    there = held.people(scope, row, one.stages)
    step = may_act(one, there)
    writes = (
        ACCESS["staged.write"].allows(scope.roles)
        and one.now.state not in OVER
        and held.may_write(scope, row)
    )
    invitees = staged.invitees(scope, row.id)
    child = children.child(scope, row.child_public_id)
    return {
        "document": line(one),
        "row": row,
        "issued_on": held.issued_on(scope, row),
        "stages": one.stages,
        "steps": steps(one, there, text),
        "text": text,
        "earlier": [each for each in reversed(texts) if each.number != row.number][:VERSIONS],
        "history": history(one, texts),
        "step": step,
        "in_place_of": there.in_place_of(scope, step) if step else "",
        "approves": step is not None and step.does is Does.APPROVES,
        "back_to": list(_back(one, step)) if step else [],
        "writes": writes,
        "asks": writes and one.now.state is State.WRITTEN,
        "files": writes and one.now.state is State.COMPLETE,
        "invitees": invitees,
        "invites": [
            {"value": other.public_id, "text": f"{other.name}, {other.job}"}
            for other in accounts.colleagues(scope, roles={staged.INVITED_ROLE})
            if all(other.id != there_too.account_id for there_too in invitees)
        ]
        if writes
        else [],
        "voids": [
            found.title for code in one.now.done if (found := one.stages.step(code)) is not None
        ],
        "sees_child": child is not None,
        "typed": {"words": "", "to": "", "why": "", "invitee": "", "up": "", "filed": None}
        | (typed or {}),
        "moved": False,
    }


def _back(one: Held, step: StageStep) -> Iterator[dict[str, str]]:
    yield {"value": AUTHOR, "text": f"The author, {one.row.started_by or 'who started it'}"}
    for earlier in back_to(one.stages, step):
        yield {"value": earlier.code, "text": earlier.title}

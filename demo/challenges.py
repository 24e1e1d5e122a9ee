"""Made-up drift and who challenges it: late actions of a tracker, their escalation, disputes."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from core.domain.dispute import ACTION, Answer, Opening
from core.registry import Registry
from core.settings import Settings
from core.store import accounts, calendars, disputes, escalated, escalations, late_actions, returns
from core.store import actions as listed
from core.store.actions import Wanted
from core.store.returns import KnownChild
from core.store.scope import Scope
from core.usecases import disputing, escalating, importing
from demo.children import MadeUpChild

#: What is to be done, and how many working days ago it was due.
LATE = (
    ("Ask the grandmother to the family network meeting", 2),
    ("Write the together or apart assessment", 4),
    ("Send the carers' review to the fostering panel", 7),
    ("Agree the contact plan with both parents", 13),
)
PAUSED = "The father's solicitor has asked for ten days; the court knows of it."
ANSWERED = "I have spoken with the worker: it is written by the end of this week."
DISPUTED = (
    (
        "drift",
        "The plan has been the same at two reviews, and no carer is looked for. I ask for a "
        "family finding plan within a month.",
    ),
    ("plan", "The plan of a return home was agreed without the child's views. I do not agree."),
    ("action", "The contact plan was promised in the spring, and both parents still ask for it."),
)


def write(
    settings: Settings,
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    made_up: Sequence[MadeUpChild],
    today: date,
    clock: Callable[[], datetime],
) -> None:
    """Import late actions, escalate them, and have reviewing officers open three disputes."""
    named = [child for child in made_up if not child.unborn][6:13]
    calendar = calendars.calendar_for([today])
    _late(settings, scope, named, lambda days: calendar.working_days(today, -days), today, clock)
    while escalating.escalate(scope, registry, clock()):
        pass
    _answered(scope, registry, people, named, today, clock)
    known = returns.known_children(scope)
    disputed = (*named[len(LATE) :][:2], named[len(LATE) - 1])
    _disputes(scope, registry, people, disputed, known, today, clock)


def _late(
    settings: Settings,
    scope: Scope,
    named: Sequence[MadeUpChild],
    ago: Callable[[int], date],
    today: date,
    clock: Callable[[], datetime],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tracker.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Local ID", "Action", "Action owner e-mail", "Action due"])
            for child, (what, days) in zip(named, LATE, strict=False):
                due = f"{ago(days):%d/%m/%Y}"
                writer.writerow([child.local_id, what, child.social_worker, due])
        importing.import_paths(
            scope,
            [path],
            settings.upload_folder,
            clock,
            limit_bytes=settings.import_most_bytes,
            as_at=today - timedelta(days=21),
        )


def _answered(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    named: Sequence[MadeUpChild],
    today: date,
    clock: Callable[[], datetime],
) -> None:
    """The team manager answers one that came to them, and pauses another."""
    for child, act in zip(named[1:3], (_answer, _pause), strict=True):
        manager = accounts.scope_of(scope, people[child.team_manager], today)
        waits = escalated.to_answer(manager, late_actions.answers_since(manager))
        if waits:
            act(manager, registry, waits[-1].public_id, today, clock())


def _answer(manager: Scope, registry: Registry, action: str, today: date, at: datetime) -> None:
    found = listed.find(manager, action)
    for stage in escalations.of_action(manager, found.id) if found else ():
        if stage.told and escalating.may_answer(manager, stage.told):
            escalating.answer(manager, action, stage.public_id, ANSWERED, at)


def _pause(manager: Scope, registry: Registry, action: str, today: date, at: datetime) -> None:
    escalating.pause(manager, registry, action, today + timedelta(days=7), PAUSED, at)


def _late_action(officer: Scope, child_id: int) -> str:
    """The public id of the action of a child that has been due longest."""
    rows, _ = listed.listed(officer, Wanted(whose="all", child_id=child_id))
    return rows[0].public_id


def _disputes(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    named: Sequence[MadeUpChild],
    known: Mapping[str, KnownChild],
    today: date,
    clock: Callable[[], datetime],
) -> None:
    """One is late for its answer, one is answered, one has just been opened."""
    for child, (about, words), ago in zip(named, DISPUTED, (9, 5, 0), strict=False):
        on = today - timedelta(days=ago)
        at = clock() - timedelta(days=ago)
        officer = accounts.scope_of(scope, people[child.iro], on)
        of = known[child.local_id]
        opening = Opening(about, words, _late_action(officer, of.id) if about == ACTION else "")
        made = disputing.open_dispute(officer, registry, of.public_id, opening, at)
        if ago == 5:
            manager = accounts.scope_of(scope, people[child.team_manager], on)
            found = disputes.find(manager, made)
            if found is not None:
                said = Answer(manager.name, on, "The plan is gone over again with the child.")
                disputing.answer(manager, made, said, found.version, at)

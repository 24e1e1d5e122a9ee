"""Approvals, a return home and its delay as the page shows them: what is there, what is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for

from core.domain.plan_facts import PlanFacts, counted, too_young
from core.domain.record.going_home import PARTS, RETURN_HOME_DELAY
from core.domain.record.plan import OPTIONS, PLAN_APPROVAL
from core.domain.record.recorded import Recorded
from core.store import deadlines, record
from core.store.scope import Scope
from core.usecases import plan_approving
from core.usecases.plan_approving import State, Step
from core.web import asker

COLOURS = {
    State.TO_ASK: "grey",
    State.ASKED: "blue",
    State.GIVEN: "green",
    State.REFUSED: "red",
    State.NOT_NEEDED: "grey",
    State.VOID: "grey",
}
CONTINUES = "return-home-continues"


@dataclass(frozen=True, slots=True)
class StepShown:
    """One approval; ``theirs``: the asker may answer it."""

    step: Step
    colour: str
    theirs: bool
    asked: str = ""
    answered: str = ""
    answered_on: date | None = None
    words: str = ""
    option: str = ""

    @property
    def open(self) -> bool:
        return self.step.state is State.ASKED

    @property
    def to_ask(self) -> bool:
        return self.step.state is State.TO_ASK


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a return home rests on: what is written, "" where nothing is."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay of a return home in its two stages, and from when the second is open to be made."""

    raised_on: date | None
    why: str
    plan: str
    escalated_on: date | None
    viable: str
    review: str
    ended_on: date | None
    address: str
    edit: str
    opens_on: date | None = None
    opens_why: str = ""
    clauses: tuple[str, ...] = ()


def is_theirs(scope: Scope, child_id: int, public_id: str) -> bool:
    """Whether an entry is an approval that waits, or waited, for a role that the asker holds."""
    there = record.entries(scope, child_id, PLAN_APPROVAL.code)
    entry = next((one for one in there if one.public_id == public_id), None)
    return entry is not None and entry.value("role") in plan_approving.roles(scope)


def steps(found: Iterable[Step], roles: frozenset[str]) -> list[StepShown]:
    return [_step(step, roles) for step in found]


def _step(step: Step, roles: frozenset[str]) -> StepShown:
    entry = step.entry
    theirs = step.state is State.ASKED and step.rule.role in roles
    if entry is None:
        return StepShown(step, COLOURS[step.state], theirs)
    return StepShown(
        step,
        COLOURS[step.state],
        theirs,
        plan_approving.asked_words(entry),
        entry.value("answered_by"),
        entry.day("answered_on"),
        entry.value("words"),
        OPTIONS.get(entry.value("option"), entry.value("option")),
    )


def home(entries: Iterable[Recorded], facts: PlanFacts | None) -> dict[str, object] | None:
    """What a return home rests on; None where none is planned nor considered."""
    considered = any(one.kind == "return-home" and one.stands for one in entries)
    if facts is None or not (facts.goes_home or considered):
        return None
    entry = facts.home
    said = [
        Part(title, entry.value(code) if entry is not None else "") for code, title in PARTS.items()
    ]
    members = [
        {
            "name": member.value("name"),
            "relation": member.value("relation"),
            "checked_on": member.day("dbs_on"),
            "result": member.value("result"),
            "too_young": too_young(member, facts.on),
            "why": member.value("unchecked_why"),
            "address": url_for("record.entry", public_id=member.public_id),
        }
        for member in facts.household
    ]
    return {
        "assessed_on": entry.day("assessed_on") if entry is not None else None,
        "which": entry.value("assessment") if entry is not None else "",
        "wishes_on": entry.day("wishes_on") if entry is not None else None,
        "parts": said,
        "members": members,
        "edit": url_for("record.edit", public_id=entry.public_id) if entry is not None else "",
    }


def experts(entries: Iterable[Recorded]) -> list[str]:
    """Parenting and expert assessments, counted by parent, with why each further one was asked."""
    said = []
    for name, many, why in counted(entries):
        words = f"{many} {'assessment' if many == 1 else 'assessments'} of {name}"
        reasons = [f"another because: {one}" if one else "another without a reason" for one in why]
        said.append("; ".join((words, *reasons)))
    return said


def delays(entries: Iterable[Recorded], child_id: int) -> list[Delay]:
    """The delays of a return home, the latest first, with when the second stage is open."""
    found = [one for one in entries if one.kind == RETURN_HOME_DELAY.code and one.stands]
    if not found:
        return []
    opens = {
        fact.what.anchor_date: fact
        for fact in deadlines.of_child(asker.scope(), asker.registry(), child_id)
        if fact.code == CONTINUES
    }
    viable = RETURN_HOME_DELAY.by_code["viable"].choices
    shown = []
    for one in sorted(found, key=lambda e: e.value("raised_on"), reverse=True):
        fact = opens.get(one.day("raised_on"))
        shown.append(
            Delay(
                one.day("raised_on"),
                one.value("why"),
                one.value("plan_words"),
                one.day("escalated_on"),
                viable.get(one.value("viable"), ""),
                one.value("review_words"),
                one.day("ended_on"),
                url_for("record.entry", public_id=one.public_id),
                url_for("record.edit", public_id=one.public_id),
                fact.due if fact is not None else None,
                fact.what.reason if fact is not None else "",
                fact.clauses if fact is not None else (),
            )
        )
    return shown

"""A return home as pages show it: what it rests on, and its delay in two stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for

from core.domain.plan_facts import PlanFacts, too_young
from core.domain.record.going_home import PARTS, RETURN_HOME_DELAY
from core.domain.record.recorded import Recorded
from core.store import deadlines
from core.web import asker

CONTINUES = "return-home-continues"


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

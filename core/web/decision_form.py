"""The draft of a decision on its page: read from what was posted, and made ready to be shown."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.datastructures import MultiDict

from core.domain import decision
from core.domain.dates import day
from core.domain.decision import ACTION, DATES, Draft
from core.domain.finding import Finding
from core.domain.merge import Clash
from core.domain.phrases import inside
from core.domain.procedure import Procedure
from core.domain.procedure.forms import ROWS_MOST, Place
from core.domain.procedure.outcomes import Force
from core.store.answers import NEVER, Stored
from core.store.items import Known
from core.web.typed import boxes, date_boxes, joined, version, words

QUESTIONS: Mapping[str, tuple[str, str, str]] = {
    "discussion": ("long", "Notes of the discussion", ""),
    "agreed": ("long", "Further points agreed", "One point a line; each is numbered."),
    "rationale": ("long", "Rationale", "Why this is recommended or decided."),
    "return-by": ("date", "Date by which the case returns", "For example, 27 3 2027"),
    "chosen": ("box", "", ""),
    "force": ("radios", "Recommendation or decision?", ""),
    "owner": ("select", "Owner", ""),
    "due": ("date", "Due date", "For example, 27 3 2027"),
    "what": ("text", "What is to be done", ""),
    "done-means": (
        "text",
        "What done looks like",
        "How anybody can tell that it is done. It can be left for after the meeting, and the "
        "minutes cannot be ratified without it.",
    ),
    "person": ("select", "", ""),
    "person-name": ("text", "", ""),
}
_ACTION_ROW = re.compile(r"action-\d{4}-[a-z0-9]{4}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was posted: ``theirs`` are the fields for which the other person's text is kept.

    ``unfit`` is what was typed and cannot be saved, ``findings`` why not.
    """

    answers: Mapping[Place, str] = field(default_factory=dict)
    seen: Mapping[Place, int] = field(default_factory=dict)
    theirs: frozenset[Place] = frozenset()
    unfit: Mapping[Place, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    theirs: str
    mine: str
    who: str
    when: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field; ``key`` is its name made fit for the ids of regions around it."""

    name: str
    kind: str
    label: str
    hint: str
    value: str
    version: int
    parts: Mapping[str, str]
    choices: tuple[Mapping[str, str], ...] = ()
    conflict: Conflict | None = None

    @property
    def key(self) -> str:
        return self.name.replace(".", "-")

    @property
    def sent(self) -> str:
        """The names of the inputs that one field's own save sends."""
        own = [f"{self.name}-{part}" for part in self.parts] or [self.name]
        return ",".join([*own, *(f"{self.name}-{kind}" for kind in ("seen", "keep", "clash"))])


def read(
    procedure: Procedure,
    posted: MultiDict[str, str],
    only: str | None = None,
    stored: Mapping[Place, str] | None = None,
) -> Reading:
    """Read every field (or the one named) whose version came with it.

    A box that is not ticked sends nothing but that version. ``stored`` are the answers there are:
    further actions for which there is no room are not saved.
    """
    answers: dict[Place, str] = {}
    unfit: dict[Place, str] = {}
    findings: list[Finding] = []
    seen: dict[Place, int] = {}
    theirs: set[Place] = set()
    for sent in posted:
        name = sent.removesuffix("-seen")
        place = Place.named(name)
        if name == sent or not _ours(procedure, place) or only not in (None, name):
            continue
        keep = posted.get(f"{name}-keep", "")
        if keep == "theirs":
            theirs.add(place)
            continue
        seen[place] = version(posted.get(f"{name}-clash" if keep == "mine" else sent, ""))
        value, problem = _typed(place, name, posted)
        if problem is None:
            answers[place] = value
            continue
        unfit[place] = value
        findings.append(Finding(problem, field=name))
    if beyond := decision.beyond(stored or {}, answers):
        unfit |= {place: value for place, value in answers.items() if place.row in beyond}
        answers = {place: value for place, value in answers.items() if place.row not in beyond}
        most = f"At most {ROWS_MOST} further actions can be kept: the rest are not saved"
        findings.append(Finding(most, field="further"))
    return Reading(answers, seen, frozenset(theirs), unfit, tuple(findings))


def _ours(procedure: Procedure, place: Place) -> bool:
    if place.row.startswith(ACTION) and not _ACTION_ROW.fullmatch(place.row):
        return False
    return decision.known(procedure, place)


def _typed(place: Place, name: str, posted: MultiDict[str, str]) -> tuple[str, str | None]:
    """A value as it is kept, and why it cannot be; a date that is none yet is kept as typed."""
    if place.field not in DATES:
        value = words(posted.get(name, ""))
        return value, decision.unfit(place, value)
    parts, on, fault = date_boxes(posted, name)
    value = on.isoformat() if on is not None else joined(parts)
    return value, fault if decision.unfit(place, value) else None


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A draft on a page: what is stored, and what of a post two people changed.

    ``said`` gives the words for values that are codes or ids; ``owners`` and ``persons`` are whom
    to choose from.
    """

    procedure: Procedure
    stored: Mapping[Place, Stored]
    reading: Reading = field(default_factory=Reading)
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[Mapping[str, str], ...] = ()
    persons: tuple[Known, ...] = ()

    @property
    def draft(self) -> Draft:
        return decision.read(self.procedure, {p: a.value for p, a in self.stored.items()})

    def view(self, name: str) -> FieldView:
        """One field as stored; where two people changed it, as this person typed it."""
        place = Place.named(name)
        stored, clash = self.stored.get(place, NEVER), self.clashes.get(name)
        value, saved = stored.value, stored.version
        if place.field == "force" and not value:
            value = str(Force.RECOMMENDATION)
        if clash is not None:
            value, saved = clash.mine, self.reading.seen.get(place, 0)
        if place in self.reading.unfit:
            value, saved = self.reading.unfit[place], self.reading.seen.get(place, 0)
        kind, label, hint = QUESTIONS[place.field]
        relation = self._relation(place)
        if place.field == "person":
            label = f"The child’s {relation}, where already known"
        elif place.field == "person-name":
            label = f"Name of the child’s {relation}"
        return FieldView(
            name,
            kind,
            label,
            hint,
            value,
            saved,
            boxes(value) if place.field in DATES else {},
            self._choices(place, relation),
            Conflict(
                self._said(place, clash.theirs),
                self._said(place, clash.mine),
                clash.who or "Somebody else",
                clash.when,
                stored.version,
            )
            if clash
            else None,
        )

    def _relation(self, place: Place) -> str:
        outcome = self.procedure.outcome(place.row.removeprefix(decision.OUTCOME))
        person = outcome.refers_person if outcome is not None else None
        return person.relation if person is not None else ""

    def _choices(self, place: Place, relation: str) -> tuple[Mapping[str, str], ...]:
        match place.field:
            case "owner":
                return self.owners
            case "person":
                return tuple(
                    {"value": person.public_id, "text": person.name}
                    for person in self.persons
                    if person.relation == relation
                )
            case "force" if self.procedure.decisions is not None:
                decided = (
                    {
                        "value": f"{Force.DECISION} {ground.code}",
                        "text": f"Decision: {inside(ground.title)}",
                    }
                    for ground in self.procedure.decisions.grounds
                )
                return ({"value": str(Force.RECOMMENDATION), "text": "Recommendation"}, *decided)
            case _:
                return ()

    def _said(self, place: Place, value: str) -> str:
        """An answer as it is read, in a conflict."""
        if place.field in DATES:
            try:
                return day(date.fromisoformat(value))
            except ValueError:
                return value or "(nothing)"
        return self.said.get(value, value) or "(nothing)"

    def rows(self) -> Iterator[str]:
        """The rows of further actions that have something in them, and an empty one."""
        stored = {place: answer.value for place, answer in self.stored.items()}
        there = decision.action_rows({**stored, **self.reading.unfit})
        yield from there
        if len(there) >= ROWS_MOST:
            return
        number = int(there[-1].split("-")[1]) + 1 if there else 1
        letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))
        yield f"{ACTION}{min(number, 9999):04d}-{letters}"

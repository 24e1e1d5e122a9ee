"""The record of a child's planning meetings: one of them, or all in their order as one document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from docx.document import Document

from core.documents import word
from core.domain.dates import day

NOT_SAID = "Not recorded"
ACTIONS = ("Action", "Who", "By when", "State")
CARRIED = ("Action", "Who", "First due", "Due now", "Rolled", "State and progress")
OPTIONS = ("Option", "Listed under", "What came of it", "Why")
JOURNEY = ("Meeting", "Option", "What came of it", "Why")
STEPS = ("Plan", "Step", "Who", "By when")
ALONE = (
    "You were asked to this meeting alone: what other meetings decided, and their actions, are "
    "shown to those who work with the child."
)
CONNECTED = ("Name", "Who they are", "Identified", "Ruled out, and why")


@dataclass(frozen=True, slots=True)
class CarriedFact:
    """An action of an earlier meeting that was open at this one, as it stands now."""

    what: str
    who: str
    first_due: date
    due: date
    rolled: int
    state: str
    progress: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        times = {0: "never", 1: "once"}.get(self.rolled, f"{self.rolled} times")
        said = f"{self.state[:1].upper()}{self.state[1:]}"
        words = f"{said}. {self.progress}" if self.progress else said
        return (self.what, self.who, day(self.first_due), day(self.due), times, words)


@dataclass(frozen=True, slots=True)
class ActionFact:
    what: str
    who: str
    due: date | None
    state: str

    @property
    def row(self) -> tuple[str, ...]:
        by = day(self.due) if self.due is not None else "No day yet"
        return (self.what, self.who, by, f"{self.state[:1].upper()}{self.state[1:]}")


@dataclass(frozen=True, slots=True)
class OptionFact:
    """One option with what came of it; ``listed`` says under which heading and clause it stands."""

    title: str
    listed: str
    conclusion: str
    why: str

    @property
    def row(self) -> tuple[str, ...]:
        return (self.title, self.listed, self.conclusion or NOT_SAID, self.why or NOT_SAID)

    @property
    def came(self) -> tuple[str, ...]:
        return (self.title, self.conclusion or NOT_SAID, self.why or NOT_SAID)


@dataclass(frozen=True, slots=True)
class StepFact:
    plan: str
    what: str
    who: str
    due: date | None

    @property
    def row(self) -> tuple[str, ...]:
        by = day(self.due) if self.due is not None else "No day"
        return (self.plan, self.what, self.who or NOT_SAID, by)


@dataclass(frozen=True, slots=True)
class ConnectedFact:
    name: str
    relation: str
    identified: date | None
    ruled_out: date | None
    why: str

    @property
    def row(self) -> tuple[str, ...]:
        out = f"{day(self.ruled_out)}: {self.why}" if self.ruled_out else "Not ruled out"
        since = day(self.identified) if self.identified else NOT_SAID
        return (self.name, self.relation, since, out)


@dataclass(frozen=True, slots=True)
class PlanningFacts:
    """One planning meeting; the lists are lines in words.

    ``sections`` are those of the record's form, each with its questions and answers; ``words`` are
    the clauses' words under which the options were listed. ``weighs`` is false of a meeting at
    which no option is weighed and no plan is made. ``alone`` is said of a record for somebody who
    was asked to this meeting alone, and does not see what others carry. ``how_far`` says how the
    plan stands as the document is made, where it is the child's plan then.
    """

    title: str
    procedure: str
    held_on: date
    starts_at: time
    place: str
    state: str
    weighs: bool = True
    why: str = ""
    clauses: tuple[str, ...] = ()
    aged: str = ""
    early: str = ""
    chair: str = ""
    came: tuple[str, ...] = ()
    apologies: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    not_invited: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    views: tuple[str, ...] = ()
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    carried: tuple[CarriedFact, ...] = ()
    reunification: str = ""
    options: tuple[OptionFact, ...] = ()
    words: tuple[str, ...] = ()
    connected: tuple[ConnectedFact, ...] = ()
    nobody: str = ""
    alone: bool = False
    primary: str = ""
    contingencies: tuple[str, ...] = ()
    how_far: tuple[str, ...] = ()
    family_meeting: str = ""
    steps: tuple[StepFact, ...] = ()
    decisions: tuple[str, ...] = ()
    discussion: str = ""
    rationale: str = ""
    actions: tuple[ActionFact, ...] = ()
    next_meeting: str = ""
    filed: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose record it is; ``born`` in words."""

    name: str
    local_id: str
    born: str


@dataclass(frozen=True, slots=True)
class OutsideFact:
    """A meeting held outside this system, as the record tells of it."""

    held_on: date
    title: str
    outcome: str
    options: tuple[OptionFact, ...] = ()


def meeting_record(whose: Whose, facts: PlanningFacts, at: datetime) -> bytes:
    """The record of one meeting as .docx; ``at`` is when it is made (UTC)."""
    title = f"{facts.title} of {day(facts.held_on)}"
    document = _begin(title, whose, at)
    _meeting(document, facts, 1)
    return word.done(document)


def running_record(
    whose: Whose,
    meetings: tuple[PlanningFacts | OutsideFact, ...],
    at: datetime,
    *,
    as_at: date,
) -> bytes:
    """Every planning meeting of a child in its order as one .docx, the way of the options first."""
    document = _begin("Running record of planning meetings", whose, at)
    word.say(document, f"As at {day(as_at)}. The first meeting stands first, the last one last.")
    word.heading(document, "The plan and the options, meeting by meeting", 1)
    rows = [
        (day(one.held_on), *option.came)
        for one in meetings
        for option in one.options
        if option.conclusion
    ]
    if rows:
        word.table(document, JOURNEY, rows)
    for one in meetings:
        if isinstance(one, PlanningFacts) and (one.primary or one.contingencies):
            word.say(document, _plan_in_short(one), label=f"{day(one.held_on)}:")
    if not rows:
        word.say(document, "No option is recorded yet.")
    for one in meetings:
        word.heading(document, f"{one.title} of {day(one.held_on)}", 1)
        if isinstance(one, OutsideFact):
            word.say(document, "Held outside this system.")
            if one.options:
                word.table(document, JOURNEY[1:], [option.came for option in one.options])
            if one.outcome or not one.options:
                word.say(document, one.outcome or NOT_SAID, label="What came of it:")
        else:
            _meeting(document, one, 2)
    if not meetings:
        word.say(document, "No planning meeting is recorded yet.")
    return word.done(document)


def _begin(title: str, whose: Whose, at: datetime) -> Document:
    document = word.begin(title, at)
    word.heading(document, title, 0)
    word.facts(
        document,
        (("Child", whose.name), ("Local id", whose.local_id), ("Date of birth", whose.born)),
    )
    word.footer(document, f"Child {whose.local_id}")
    return document


def _plan_in_short(facts: PlanningFacts) -> str:
    spare = f"; contingency: {', '.join(facts.contingencies)}" if facts.contingencies else ""
    how_far = f". {'; '.join(facts.how_far)}" if facts.how_far else ""
    return f"primary plan: {facts.primary or NOT_SAID}{spare}{how_far}"


def _meeting(document: Document, facts: PlanningFacts, level: int) -> None:
    word.facts(document, _about(facts))
    if facts.alone:
        word.say(document, ALONE)
    _people(document, facts, level)
    word.heading(document, "Papers considered", level)
    word.facts(document, facts.papers or (("Papers", NOT_SAID),))
    word.heading(document, "Views", level)
    word.bullets(document, facts.views or (NOT_SAID,))
    word.heading(document, "Actions of earlier meetings", level)
    if facts.carried:
        word.table(document, CARRIED, [one.row for one in facts.carried])
    else:
        word.say(document, "None that you see was open." if facts.alone else "None was open.")
    for title, pairs in facts.sections:
        word.heading(document, title, level)
        word.facts(document, pairs)
    if facts.weighs:
        _options(document, facts, level)
    _decided(document, facts, level)


def _about(facts: PlanningFacts) -> list[tuple[str, str]]:
    cited = f" ({', '.join(facts.clauses)})" if facts.clauses else ""
    pairs = [
        ("Procedure", f"{facts.procedure}{cited}"),
        ("When", f"{day(facts.held_on)} at {facts.starts_at:%H:%M}"),
        ("Where", facts.place or NOT_SAID),
        ("The meeting", facts.state),
        *((("Planning", facts.early),) if facts.early else ()),
        ("Age on the day", facts.aged or NOT_SAID),
        ("Chaired by", facts.chair or NOT_SAID),
    ]
    return [*pairs, ("Booked because", facts.why)] if facts.why else pairs


def _people(document: Document, facts: PlanningFacts, level: int) -> None:
    word.heading(document, "Who came", level)
    word.bullets(document, facts.came or ("Nobody is recorded as having come",))
    for title, lines in (
        ("Sent apologies", facts.apologies),
        ("Did not come", facts.absent),
        ("Invited; not said whether they came", facts.not_said),
        ("Not invited, and why", facts.not_invited),
        ("Advice, and by which mode", facts.advice),
    ):
        if lines:
            word.heading(document, title, level + 1)
            word.bullets(document, lines)
    word.heading(document, "Parents", level + 1)
    word.bullets(document, facts.parents or (NOT_SAID,))


def _options(document: Document, facts: PlanningFacts, level: int) -> None:
    word.heading(document, "Options considered", level)
    word.say(document, facts.reunification or NOT_SAID, label="Return to the parents:")
    word.say(document, facts.family_meeting or NOT_SAID, label="Family network meeting:")
    if facts.words:
        word.bullets(document, facts.words)
    if facts.options:
        word.table(document, OPTIONS, [one.row for one in facts.options])
    else:
        word.say(document, "No option is recorded.")
    word.heading(document, "Connected persons", level + 1)
    if facts.connected:
        word.table(document, CONNECTED, [one.row for one in facts.connected])
    elif not facts.nobody:
        word.say(document, "Nobody is identified.")
    if facts.nobody:
        word.say(document, facts.nobody)
    word.heading(document, "Plan", level)
    word.facts(
        document,
        (
            ("Primary plan", facts.primary or NOT_SAID),
            ("Contingency", ", ".join(facts.contingencies) or NOT_SAID),
            *(("How far it is", said) for said in facts.how_far),
        ),
    )
    if facts.steps:
        word.table(document, STEPS, [one.row for one in facts.steps])
    else:
        word.say(document, "No step is recorded.")


def _decided(document: Document, facts: PlanningFacts, level: int) -> None:
    for title, text in (("Discussion", facts.discussion), ("Analysis", facts.rationale)):
        if text or facts.weighs:
            word.heading(document, title, level)
            word.say(document, text or NOT_SAID)
    word.heading(document, "Decisions", level)
    if facts.decisions:
        word.numbered(document, facts.decisions)
    else:
        word.say(document, NOT_SAID)
    word.heading(document, "Actions", level)
    if facts.actions:
        word.table(document, ACTIONS, [one.row for one in facts.actions])
    else:
        word.say(document, "None was recorded.")
    word.heading(document, "Afterwards", level)
    word.say(document, facts.next_meeting or NOT_SAID, label="Next meeting:")
    word.say(document, facts.filed or "not yet", label="On the child’s file:")
    for line in facts.copies:
        word.say(document, line, label="Copy:")

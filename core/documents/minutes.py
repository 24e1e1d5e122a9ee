"""The minutes of a meeting, in the order of its agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from docx.document import Document

from core.documents import word
from core.documents.decision_record import OutcomeFact
from core.domain.dates import day
from core.domain.procedure.bodies import AgendaItem, AgendaKind

ACTION_HEADINGS = ("Action", "Done means", "Owner", "Due", "Done")


@dataclass(frozen=True, slots=True)
class ActionFact:
    what: str
    owner: str
    due: date
    done: str = ""
    done_means: str = ""

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        return (
            self.what,
            self.done_means or "Not said",
            self.owner,
            day(self.due),
            self.done or "Not yet",
        )


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A decision as recorded; ``referrals`` are lines on referrals to other forums.

    What was amended since in a part of it stands in lines of its own beside that part.
    ``chair`` and ``present`` are who chaired this very item and who took part in it.
    """

    decided_on: date
    outcomes: tuple[OutcomeFact, ...]
    agreed: tuple[str, ...]
    rationale: str
    discussion: str = ""
    actions: tuple[ActionFact, ...] = ()
    referrals: tuple[str, ...] = ()
    return_by: date | None = None
    returns_on: date | None = None
    chair: str = ""
    present: tuple[str, ...] = ()
    discussion_amended: tuple[str, ...] = ()
    agreed_amended: tuple[str, ...] = ()
    rationale_amended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One case on the agenda, with what was decided of it before and at this meeting.

    ``children`` are lines with name and age, ``sought`` pairs of question and answer,
    ``withdrawn`` lines on who withdrew from it, and ``settled`` says in words why there is no
    decision where there is none.
    """

    children: tuple[str, ...]
    why: str = ""
    sought: tuple[tuple[str, str], ...] = ()
    declarations: tuple[str, ...] = ()
    earlier: tuple[DecisionFact, ...] = ()
    decision: DecisionFact | None = None
    settled: str = ""
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedFact:
    """What an earlier meeting decided of a case, gone through again at this one."""

    children: tuple[str, ...]
    decision: DecisionFact


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """What the minutes of a meeting say; the lists of people are lines with name and post."""

    body: str
    held_on: date
    place: str
    agenda: tuple[AgendaItem, ...]
    chair: str
    leave: str
    present: tuple[str, ...]
    apologies: tuple[str, ...]
    statement: tuple[str, ...]
    statement_read: str
    previous: tuple[CaseFact, ...]
    cases: tuple[CaseFact, ...]
    other_business: str
    next_date: str
    not_shown: str = ""
    carried: tuple[CarriedFact, ...] = ()
    draft: bool = False
    issue: str = ""
    business_amended: tuple[str, ...] = ()


def minutes(facts: MinutesFacts, at: datetime) -> bytes:
    """The minutes as .docx: a first part on who was there, then the agenda's items in order."""
    title = f"{facts.body}: minutes of {day(facts.held_on)}"
    document = word.begin(title, at)
    word.heading(document, title, 0)
    if facts.draft:
        word.say(document, "Draft: the meeting is not closed, and what follows may still change.")
    if facts.issue:
        word.say(document, facts.issue)
    word.facts(document, [("Date", day(facts.held_on)), ("Chair", facts.chair or "not recorded")])
    if facts.place:
        word.facts(document, [("Place", facts.place)])
    if facts.leave:
        word.say(document, facts.leave)
    _people(document, facts)
    for number, item in enumerate(facts.agenda, 1):
        word.heading(document, f"{number}. {item.title}", 1)
        if item.text:
            word.say(document, item.text)
        _under(document, item.kind, facts)
    return word.done(document)


def _people(document: Document, facts: MinutesFacts) -> None:
    word.heading(document, "Present", 2)
    word.bullets(document, facts.present or ("Nobody is recorded as present",))
    word.heading(document, "Apologies", 2)
    word.bullets(document, facts.apologies or ("None",))


def _under(document: Document, kind: AgendaKind, facts: MinutesFacts) -> None:
    match kind:
        case AgendaKind.STATEMENT:
            for paragraph in facts.statement:
                word.say(document, paragraph)
            word.say(document, facts.statement_read)
        case AgendaKind.INTRODUCTIONS:
            word.say(document, "Those present introduced themselves." if facts.present else "None.")
        case AgendaKind.PREVIOUS:
            _carried(document, facts)
            _cases(document, facts.previous, "No case returned to this meeting.")
        case AgendaKind.CASES:
            _cases(document, facts.cases, "No case was presented.")
            if facts.not_shown:
                word.say(document, facts.not_shown)
        case AgendaKind.REVIEW:
            _review(document, facts)
        case AgendaKind.OTHER_BUSINESS:
            word.say(document, facts.other_business or "None.")
            _amended(document, facts.business_amended)
        case AgendaKind.NEXT_DATE:
            word.say(document, facts.next_date)
        case _:
            pass


def _carried(document: Document, facts: MinutesFacts) -> None:
    if not facts.carried:
        word.say(document, "There was nothing from earlier meetings to review.")
    for carried in facts.carried:
        decided = day(carried.decision.decided_on)
        word.heading(document, f"{'; '.join(carried.children)}: decided on {decided}", 2)
        _decision(document, carried.decision)


def _cases(document: Document, cases: tuple[CaseFact, ...], none: str) -> None:
    if not cases:
        word.say(document, none)
    for case in cases:
        word.heading(document, "; ".join(case.children), 2)
        if case.why:
            word.say(document, case.why)
        for question, answer in case.sought:
            label = question if question.endswith("?") else f"{question}:"
            word.say(document, answer or "Not answered", label=label)
        word.say(document, "; ".join(case.declarations) or "none", label="Declarations:")
        for line in case.withdrawn:
            word.say(document, line, label="Withdrawn from this item:")
        for earlier in case.earlier:
            word.heading(document, f"Decided on {day(earlier.decided_on)}", 3)
            _decision(document, earlier)
        if case.decision is not None:
            word.say(document, case.decision.chair or "not recorded", label="Chair of this item:")
            took_part = "; ".join(case.decision.present) or "not recorded"
            word.say(document, took_part, label="Present when it was decided:")
            word.heading(document, "Discussion", 3)
            word.say(document, case.decision.discussion or "None recorded.")
            _amended(document, case.decision.discussion_amended)
            word.heading(document, "Recommendations and decisions", 3)
            _decision(document, case.decision)
        elif case.settled:
            word.say(document, case.settled)


def _decision(document: Document, decision: DecisionFact) -> None:
    word.numbered(document, [*(o.said for o in decision.outcomes), *decision.agreed])
    _amended(document, decision.agreed_amended)
    if decision.rationale:
        word.say(document, decision.rationale, label="Rationale:")
    _amended(document, decision.rationale_amended)
    if decision.actions:
        word.table(document, ACTION_HEADINGS, [action.row for action in decision.actions])
    for line in decision.referrals:
        word.say(document, line, label="Onward:")
    if decision.return_by is not None:
        on = f", on the agenda of {day(decision.returns_on)}" if decision.returns_on else ""
        word.say(document, f"by {day(decision.return_by)}{on}", label="Returns:")


def _amended(document: Document, lines: tuple[str, ...]) -> None:
    for line in lines:
        word.say(document, line)


def _review(document: Document, facts: MinutesFacts) -> None:
    decided = [case for case in (*facts.previous, *facts.cases) if case.decision is not None]
    if not decided:
        word.say(document, "Nothing was recommended or decided.")
        return
    word.table(
        document,
        ("Case", "Recommended or decided", "Returns by"),
        [
            (
                "; ".join(case.children),
                "\n".join(outcome.said for outcome in case.decision.outcomes),
                day(case.decision.return_by) if case.decision.return_by else "No date set",
            )
            for case in decided
            if case.decision is not None
        ],
    )

"""The report of a team to the tracking panel: one child after the other, from the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx.document import Document

from core.documents import word
from core.documents.planning_record import CARRIED, CarriedFact
from core.documents.spreadsheet import Column, Sheet, Value
from core.domain.dates import day

NONE = "None"
NOT_RECORDED = "Not recorded"
ABOUT = (
    "Children looked after in this team whom the person who made it may see. Plan, options and "
    "steps are as recorded for the day; team, worker and referrals are those of today."
)


@dataclass(frozen=True, slots=True)
class NextDue:
    """What is due next, by when, and why with its clauses; ``late`` on the day of the report."""

    title: str
    due: date
    why: str
    clauses: tuple[str, ...]
    late: bool = False

    @property
    def said(self) -> str:
        cited = f" ({', '.join(self.clauses)})" if self.clauses else ""
        late = "LATE: " if self.late else ""
        return f"{late}{self.title}, by {day(self.due)}: {self.why}{cited}"


@dataclass(frozen=True, slots=True)
class ChildReport:
    """What the report says of one child; the lists are lines in words."""

    name: str
    local_id: str
    age: str
    worker: str
    plan: str
    contingency: str
    plan_state: str
    options: tuple[str, ...] = ()
    last_on: date | None = None
    last: str = ""
    decided: tuple[str, ...] = ()
    booked_on: date | None = None
    next_meeting: NextDue | None = None
    next_other: NextDue | None = None
    actions: tuple[CarriedFact, ...] = ()
    steps_late: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelReport:
    team: str
    on: date
    made_by: str
    children: tuple[ChildReport, ...]

    @property
    def title(self) -> str:
        return f"Report to the tracking panel: {self.team}"

    @property
    def counts(self) -> tuple[tuple[str, str], ...]:
        late = sum(one.next_meeting is not None and one.next_meeting.late for one in self.children)
        overdue = sum(one.due < self.on for child in self.children for one in child.actions)
        rolled = sum(one.rolled > 0 for child in self.children for one in child.actions)
        steps = sum(len(one.steps_late) for one in self.children)
        return (
            ("Children", str(len(self.children))),
            ("Planning meetings late", str(late)),
            ("Outstanding actions past their day", str(overdue)),
            ("Actions that stood overdue at a meeting", str(rolled)),
            ("Steps of plans late", str(steps)),
        )


def as_document(report: PanelReport, at: datetime) -> bytes:
    """The report as one .docx."""
    document = word.begin(report.title, at)
    word.heading(document, report.title, 0)
    made = (("As at", day(report.on)), ("Made by", report.made_by))
    word.facts(document, (*made, *report.counts))
    word.say(document, ABOUT)
    for child in report.children:
        _child(document, child)
    if not report.children:
        word.say(document, "No child of this team is to be reported.")
    word.footer(document, f"{report.team}, as at {day(report.on)}")
    return word.done(document)


def _child(document: Document, child: ChildReport) -> None:
    word.heading(document, f"{child.name} ({child.local_id})", 1)
    word.facts(
        document,
        (
            ("Age", child.age),
            ("Social worker", child.worker or NOT_RECORDED),
            ("Plan", child.plan or NOT_RECORDED),
            ("Contingency", child.contingency or NOT_RECORDED),
            ("State of the plan", child.plan_state or NOT_RECORDED),
            ("Last planning meeting", child.last or NONE),
            ("Next planning meeting", _next_meeting(child)),
            ("Next other date", child.next_other.said if child.next_other else NONE),
        ),
    )
    for title, lines in (
        ("What the last meeting decided", child.decided),
        ("Options considered", child.options),
        ("Steps late", child.steps_late),
        ("Asked of the panel", child.asked),
    ):
        word.heading(document, title, 2)
        word.bullets(document, lines or (NONE,))
    word.heading(document, "Outstanding actions", 2)
    if child.actions:
        word.table(document, CARRIED, [one.row for one in child.actions])
    else:
        word.say(document, NONE)


def _next_meeting(child: ChildReport) -> str:
    booked = f"booked for {day(child.booked_on)}" if child.booked_on else "not booked"
    return f"{child.next_meeting.said}; {booked}" if child.next_meeting else booked


CHILDREN = tuple(
    Column(heading, width)
    for heading, width in (
        ("Local id", 12), ("Child", 24), ("Age", 8), ("Social worker", 22), ("Plan", 26),
        ("Contingency", 26), ("State of the plan", 16), ("Last planning meeting", 18),
        ("What it decided", 50), ("Next planning meeting due", 18), ("Late", 8), ("Why", 40),
        ("Booked for", 18), ("Next other date", 40), ("Options considered", 50),
        ("Outstanding actions", 12), ("Past their day", 12), ("Most rolled", 12),
        ("Steps late", 40), ("Asked of the panel", 40),
    )
)  # fmt: skip
ACTIONS = tuple(
    Column(heading, width)
    for heading, width in (
        ("Local id", 12), ("Child", 24), ("Action", 50), ("Who", 22), ("First due", 18),
        ("Due now", 18), ("Times rolled", 12), ("State", 16), ("Progress", 50),
    )
)  # fmt: skip


def as_sheets(report: PanelReport) -> tuple[Sheet, Sheet]:
    """The report as the two sheets of one spreadsheet: the children, and their actions."""
    about = f"{report.title}, as at {day(report.on)}"
    return (
        Sheet("Children", about, CHILDREN, list(_children(report)), (ABOUT,)),
        Sheet("Actions", about, ACTIONS, list(_actions(report)), (ABOUT,)),
    )


def _children(report: PanelReport) -> Iterator[Sequence[Value]]:
    for one in report.children:
        due = one.next_meeting
        yield (
            one.local_id,
            one.name,
            one.age,
            one.worker,
            one.plan,
            one.contingency,
            one.plan_state,
            one.last_on,
            "\n".join(one.decided),
            due.due if due else None,
            due.late if due else None,
            f"{due.why} ({', '.join(due.clauses)})" if due else "",
            one.booked_on,
            one.next_other.said if one.next_other else "",
            "\n".join(one.options),
            len(one.actions),
            sum(action.due < report.on for action in one.actions),
            max((action.rolled for action in one.actions), default=0),
            "\n".join(one.steps_late),
            "\n".join(one.asked),
        )


def _actions(report: PanelReport) -> Iterator[Sequence[Value]]:
    for child in report.children:
        for one in child.actions:
            yield (
                child.local_id,
                child.name,
                one.what,
                one.who,
                one.first_due,
                one.due,
                one.rolled,
                one.state,
                one.progress,
            )

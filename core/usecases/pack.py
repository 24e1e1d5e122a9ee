"""A meeting's pack for one reader: the agenda with its papers in order, and what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.answer_words import Answered, read_through
from core.domain.meeting import OFF_AGENDA
from core.domain.pack import Read, in_order, state_of
from core.domain.procedure.bodies import AgendaItem, AgendaKind
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import answers, decisions, items, meetings, packs, papers, questions, readings
from core.store.decisions import DecisionRow
from core.store.items import ItemChild, ItemRow
from core.store.packs import Before, Gone
from core.store.papers import PaperRow
from core.store.questions import QuestionRow
from core.store.scope import Scope
from core.usecases.papers import child_line
from core.usecases.returning import procedure_of
from core.usecases.standing import NoMeeting, Standing, reads_whole, runs, standing_of


@dataclass(frozen=True, slots=True)
class PackPaper:
    """A paper in the pack; ``of_child`` names the child whose own it is, "" for the case's."""

    paper: PaperRow
    state: Read
    of_child: str = ""


@dataclass(frozen=True, slots=True)
class PackItem:
    """A case of the agenda as the reader sees it, with its form, its papers and their questions.

    ``off`` says why it is not heard, "" where it is: then nothing of it is to be read.
    """

    item: ItemRow
    number: int
    names: str
    child_lines: tuple[str, ...]
    children: tuple[str, ...]
    off: str = ""
    form_title: str = ""
    form: tuple[Answered, ...] = ()
    form_state: Read = Read.UNREAD
    papers: tuple[PackPaper, ...] = ()
    decided: tuple[DecisionRow, ...] = ()
    gone: tuple[Gone, ...] = ()
    questions: tuple[QuestionRow, ...] = ()

    @property
    def has_form(self) -> bool:
        return bool(self.form)

    @property
    def states(self) -> list[Read]:
        """How everything that there is to read of it stands."""
        return [self.form_state] * self.has_form + [paper.state for paper in self.papers]


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """One numbered item of the agenda: the words of a statement, or the cases under it."""

    rule: AgendaItem
    statement: tuple[str, ...] = ()
    items: tuple[PackItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole pack; ``before`` is the meeting before, whose minutes it goes through.

    ``minutes`` is how these stand, None where they are not the reader's to read. ``next_on`` is
    the day of the next meeting, where one is set.
    """

    standing: Standing
    agenda: tuple[AgendaPart, ...]
    papers: tuple[PackPaper, ...]
    gone: tuple[Gone, ...]
    before: Before | None
    minutes: Read | None
    begun: bool
    next_on: date | None
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> list[PackItem]:
        return [item for part in self.agenda for item in part.items]

    @property
    def all_papers(self) -> list[PackPaper]:
        return [paper for item in self.items for paper in item.papers] + list(self.papers)

    @property
    def states(self) -> list[Read]:
        own = [paper.state for paper in self.papers]
        own += [self.minutes] if self.minutes is not None else []
        return [state for item in self.items for state in item.states] + own

    @property
    def read(self) -> int:
        return sum(state is Read.READ for state in self.states)

    @property
    def unread(self) -> int:
        return len(self.states) - self.read

    @property
    def children(self) -> list[str]:
        """The public ids of the children whom the pack shows."""
        return sorted({child for item in self.items for child in item.children})


def may_read(scope: Scope, now: Standing) -> bool:
    """Whether the pack is this person's: they run the meeting, or sit in it once it is circulated.

    Who sits reads it until the minutes are ratified.
    """
    if scope.account_id is None:
        return False
    return runs(scope, now) or packs.sits(scope, now.meeting.id)


def pack_of(scope: Scope, registry: Registry, public_id: str) -> Pack:
    """The pack of a meeting; NoMeeting where it is not this person's to read.

    About twenty queries, however many cases and papers there are. An item from which the reader
    withdrew is not in it, nor is a child who is closed to them.
    """
    now = standing_of(scope, registry, public_id)
    if not may_read(scope, now):
        raise NoMeeting
    meeting = now.meeting
    booked = items.of_meeting(scope, meeting.id)
    on = [item for item in booked if item.state not in OFF_AGENDA]
    children = items.children(scope, [item.case_id for item in booked]) if booked else []
    heard = [child for child in children if not child.withdrawn_why]
    cases = [item.case_id for item in on]
    of_heard = {child.id for child in heard if child.case_id in set(cases)}
    found = papers.of_agenda(scope, meeting.id, cases, of_heard)
    read = readings.papers_read(scope, [paper.id for paper in found])
    there = _Found(
        scope,
        registry,
        children,
        [_paper(paper, read, heard) for paper in in_order(found)],
        answers.of_forms(scope, cases) if cases else {},
        readings.forms_read(scope, cases),
        decisions.load(scope, case_ids=cases) if cases else [],
        packs.gone(scope, meeting, cases, of_heard),
        questions.own(scope, [item.id for item in booked]),
    )
    made = {item.id: there.item(item, n) for n, item in _numbered(booked)}
    before = packs.before(scope, meeting)
    following = meetings.next_after(scope, meeting)
    agenda = tuple(_part(now, rule, [made[i.id] for i in booked]) for rule in now.body.agenda)
    return Pack(
        now,
        agenda,
        tuple(one for one in there.papers if one.paper.meeting_id is not None),
        tuple(one for one in there.gone if one.meeting_id is not None),
        before,
        _minutes(scope, registry, now, before),
        meeting.state in questions.BEGUN,
        following.held_on if following else None,
        {paper.code: paper.title for paper in now.procedure.papers},
    )


def _minutes(scope: Scope, registry: Registry, now: Standing, before: Before | None) -> Read | None:
    """How the minutes that the agenda goes through stand for a reader who may read them."""
    goes_through = any(rule.kind is AgendaKind.PREVIOUS for rule in now.body.agenda)
    if before is None or not goes_through:
        return None
    try:
        earlier = standing_of(scope, registry, before.public_id)
    except NoMeeting:
        return None
    if not reads_whole(scope, earlier):
        return None
    return _state_since(before.issued_at, readings.minutes_read(scope, before.id))


def _numbered(booked: Iterable[ItemRow]) -> Iterator[tuple[int, ItemRow]]:
    """Items with their number under their agenda item; those off it have none."""
    count: dict[str, int] = {}
    for item in booked:
        if item.state in OFF_AGENDA:
            yield 0, item
            continue
        count[item.item] = count.get(item.item, 0) + 1
        yield count[item.item], item


def _part(now: Standing, rule: AgendaItem, made: Iterable[PackItem]) -> AgendaPart:
    statement = now.procedure.statement("conduct") if rule.kind is AgendaKind.STATEMENT else None
    shown = tuple(one for one in made if one.item.item == rule.kind.value)
    return AgendaPart(rule, statement.text if statement else (), shown)


def _paper(
    paper: PaperRow, read: Mapping[int, frozenset[int]], children: Iterable[ItemChild]
) -> PackPaper:
    whose = next((c.name for c in children if c.id == paper.child_id), "")
    return PackPaper(paper, state_of(paper.latest.number, read.get(paper.id, ())), whose)


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything of the agenda that was read, to be put to its items."""

    scope: Scope
    registry: Registry
    children: list[ItemChild]
    papers: list[PackPaper]
    given: Mapping[int, Mapping[Place, str]]
    forms: Mapping[int, datetime]
    decided: list[DecisionRow]
    gone: list[Gone]
    questions: list[QuestionRow]

    def item(self, item: ItemRow, number: int) -> PackItem:
        mine = [child for child in self.children if child.case_id == item.case_id]
        names = ", ".join(child.name for child in mine if not child.withdrawn_why) or "A case"
        lines = tuple(child_line(child, item) for child in mine)
        shown = tuple(child.public_id for child in mine)
        if item.state in OFF_AGENDA:
            why = item.why or f"It is {item.state}"
            return PackItem(item, number, names, lines, shown, why)
        procedure = procedure_of(self.registry, item)
        form = procedure.form(item.form_code)
        given = self.given.get(item.case_id, {})
        ids = {child.id for child in mine if not child.withdrawn_why}
        own = [one for one in self.papers if one.paper.case_id == item.case_id]
        own += [one for one in self.papers if one.paper.child_id in ids]
        earlier = [d for d in self.decided if d.case_id == item.case_id]
        return PackItem(
            item,
            number,
            names,
            lines,
            shown,
            "",
            form.title if form else "",
            tuple(read_through(form, procedure, given)) if form else (),
            _state_since(item.submitted_at, self.forms.get(item.case_id)),
            tuple(own),
            tuple(d for d in earlier if d.booking_id != item.id),
            tuple(g for g in self.gone if g.case_id == item.case_id or g.child_id in ids),
            tuple(q for q in self.questions if q.booking_id == item.id),
        )


def _state_since(made_at: datetime | None, read_at: datetime | None) -> Read:
    """How a form or minutes stand: submitted or issued again since, they are a new version."""
    if read_at is None:
        return Read.UNREAD
    late = made_at is not None and made_at > read_at
    return Read.NEW_VERSION if late else Read.READ

"""A procedure: everything that one edition lays down, as a plugin says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from core.domain.clauses import Clause
from core.domain.finding import Finding
from core.domain.procedure.bodies import Body
from core.domain.procedure.checks import Approval, Check, Step
from core.domain.procedure.escalation import DisputeResolution, Ladder
from core.domain.procedure.forms import Form
from core.domain.procedure.forums import Forum
from core.domain.procedure.membership import Office
from core.domain.procedure.notices import Notice
from core.domain.procedure.options import OptionsAdded, OptionsMatrix, PlanRule
from core.domain.procedure.outcomes import Box, DecisionRule, Outcome, ReturnRule
from core.domain.procedure.papers import DecisionPaper
from core.domain.procedure.remits import Criterion
from core.domain.procedure.rule import Rule
from core.domain.procedure.stages import Stages
from core.domain.procedure.timetable import Deadline
from core.domain.procedure.views import BoardView
from core.domain.procedure.watches import Watch
from core.domain.procedure.words import Words


@dataclass(frozen=True, kw_only=True)
class Statement(Rule):
    """Words of the document that its users are shown as they stand, one paragraph a line."""

    text: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """One edition of one procedure.

    ``authority`` is the code of the authority whose own it is, or None for a standard that any
    may enable. ``in_force_from`` is None where the document bears no date: it is then in force
    from the day on which an authority enables it. ``proposes`` are the procedures that a new
    authority of this code is given. ``always`` says that no authority enables it: it is on for
    everybody, and nothing replaces its rules. ``ladder`` and ``disputes`` are None where it says
    nothing of late actions or of disputes: the core's own then hold. Every clause is carried by a
    rule, or named in ``elsewhere`` with where the core does it, or in ``pending`` with what is
    still to be built.
    """

    code: str
    title: str
    clauses: Mapping[str, Clause]
    edition: str = ""
    in_force_from: date | None = None
    authority: str | None = None
    authority_name: str = ""
    slug: str = ""
    proposes: tuple[str, ...] = ()
    always: bool = False
    bodies: tuple[Body, ...] = ()
    offices: tuple[Office, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    boxes: tuple[Box, ...] = ()
    decisions: DecisionRule | None = None
    returns: ReturnRule | None = None
    forums: tuple[Forum, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    notices: tuple[Notice, ...] = ()
    checks: tuple[Check, ...] = ()
    approvals: tuple[Approval, ...] = ()
    forms: tuple[Form, ...] = ()
    statements: tuple[Statement, ...] = ()
    papers: tuple[DecisionPaper, ...] = ()
    ladder: Ladder | None = None
    disputes: DisputeResolution | None = None
    views: tuple[BoardView, ...] = ()
    stages: tuple[Stages, ...] = ()
    options: OptionsMatrix | None = None
    options_added: OptionsAdded | None = None
    plan_rules: tuple[PlanRule, ...] = ()
    watches: tuple[Watch, ...] = ()
    words: Words = field(default_factory=Words)
    elsewhere: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pending: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def rules(self) -> Iterator[Rule]:
        """Every rule that it declares, those within bodies and forms among them."""
        yield from self.bodies
        for body in self.bodies:
            yield from body.posts
            yield from body.membership
            yield from body.invited
            yield from body.copies
            yield from body.agenda
            alone = (body.schedule, body.most_cases, body.timing, body.views)
            yield from (rule for rule in alone if rule is not None)
            yield from body.schedule.themes if body.schedule is not None else ()
        yield from self.offices
        yield from self.criteria
        yield from self.outcomes
        yield from self.boxes
        if self.decisions is not None:
            yield self.decisions
            yield from self.decisions.grounds
        if self.returns is not None:
            yield self.returns
        yield from self.forums
        yield from self.deadlines
        yield from self.notices
        yield from self.checks
        yield from self.approvals
        for form in self.forms:
            yield form
            yield from form.sections
        yield from self.statements
        yield from self.papers
        for gone_through in (self.ladder, self.disputes):
            if gone_through is not None:
                yield gone_through
                yield from gone_through.stages
        yield from self.views
        for staged in self.stages:
            yield staged
            yield from staged.steps()
        if self.options is not None:
            yield self.options
            yield from self.options.parts()
        if self.options_added is not None:
            yield self.options_added
        yield from self.plan_rules
        yield from self.watches

    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """Clause id to the codes of the rules that carry it."""
        carriers: dict[str, list[str]] = {}
        for rule in self.rules():
            for clause in rule.clauses:
                codes = carriers.setdefault(clause, [])
                if rule.code not in codes:
                    codes.append(rule.code)
        return {clause: tuple(codes) for clause, codes in carriers.items()}

    def body(self, code: str) -> Body | None:
        return next((body for body in self.bodies if body.code == code), None)

    def outcome(self, code: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)

    def criterion(self, code: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.code == code), None)

    def form(self, code: str) -> Form | None:
        return next((form for form in self.forms if form.code == code), None)

    def forum(self, code: str) -> Forum | None:
        return next((forum for forum in self.forums if forum.code == code), None)

    def deadline(self, code: str) -> Deadline | None:
        return next((deadline for deadline in self.deadlines if deadline.code == code), None)

    def watch(self, code: str) -> Watch | None:
        return next((watch for watch in self.watches if watch.code == code), None)

    def notice(self, code: str) -> Notice | None:
        return next((notice for notice in self.notices if notice.code == code), None)

    def staged(self, code: str) -> Stages | None:
        return next((one for one in self.stages if one.code == code), None)

    def statement(self, code: str) -> Statement | None:
        return next((statement for statement in self.statements if statement.code == code), None)

    def checked(self, step: Step, facts: object) -> tuple[Finding, ...]:
        """What its checks find at a step, of the facts that the step is asked of."""
        return tuple(
            finding
            for check in self.checks
            if check.step is step
            for finding in check.findings(facts)
        )

"""What the pages of a procedure show: its clauses, what came of each, and what holds here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.domain.clauses import Clause
from core.domain.dated import OF_MEETING
from core.domain.notice_days import run_words
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.figure import Figure
from core.domain.procedure.notices import Each, Notice, to_words
from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Deadline
from core.domain.procedure.winning import Winning, winning
from core.web.where_seen import Where, kind_of, where_seen

#: The rules of which that of the first procedure holds, wherever they are looked up.
ONCE: tuple[type[Rule], ...] = (Deadline, Body)


@dataclass(frozen=True, slots=True)
class Other:
    """A rule of another procedure: its title, that procedure's code, and its clauses."""

    title: str
    procedure: str
    clauses: tuple[str, ...]

    @property
    def holds(self) -> str:
        """That it holds in the place of another, in words."""
        by = f" ({', '.join(self.clauses)})" if self.clauses else ""
        return f"“{self.title}” of {self.procedure}{by} holds in its place"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A rule that carries a clause: its title, its kind, and where to see it.

    ``held_by`` is the rule that holds here in its place, and whose; ``in_place_of`` are those in
    whose place it holds. ``local`` says which figure of it the authority has set, and
    ``set_here`` that its figure is how we read the procedure.
    """

    title: str
    kind: str
    where: Where | None
    local: str = ""
    set_here: str = ""
    held_by: Other | None = None
    in_place_of: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause with what carries it, or where else it is kept, or what is still to be built."""

    clause: Clause
    carriers: tuple[Carrier, ...]
    elsewhere: str
    pending: str

    @property
    def where(self) -> tuple[Where, ...]:
        """Where to see what carries it, each place once."""
        there = (carrier.where for carrier in self.carriers if carrier.held_by is None)
        return tuple(dict.fromkeys(one for one in there if one is not None))


@dataclass(frozen=True, slots=True)
class Counted:
    """A procedure with the number of its clauses, and of those still wholly or partly to build."""

    procedure: Procedure
    clauses: int
    pending: int


EACH_WORDS: Mapping[Each, str] = MappingProxyType(
    {
        Each.CASE: "for each booked case",
        Each.REFERRAL: "for each referral that is begun and not submitted",
        Each.MEETING: "once for each meeting",
    }
)


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A notice in words: what it is, how often, to whom and when it goes, and where it does not."""

    title: str
    each: str
    to: str
    when: str
    not_for: str
    clauses: tuple[str, ...]


class Shown:
    """A procedure as it holds here: among those followed, or by itself where it is not."""

    def __init__(self, procedure: Procedure, followed: Iterable[Procedure]) -> None:
        self.procedure = procedure
        there = tuple(followed)
        self.held: list[Winning[Rule]] = []
        if any(one.code == procedure.code for one in there):
            every = (won for kind in ONCE for won in winning(there, kind))
            self.held = [won for won in every if not _of_one_procedure(won.rule)]

    def counted(self) -> Counted:
        """The procedure, with how many of its clauses are carried and how many are not yet."""
        return Counted(self.procedure, len(self.procedure.clauses), len(self.procedure.pending))

    def clauses(self) -> list[ClauseShown]:
        return [self.clause(clause) for clause in self.procedure.clauses.values()]

    def clause(self, clause: Clause) -> ClauseShown:
        carriers = dict.fromkeys(
            self._carrier(rule) for rule in self.procedure.rules() if clause.id in rule.clauses
        )
        return ClauseShown(
            clause,
            tuple(carriers),
            self.procedure.elsewhere.get(clause.id, ""),
            self.procedure.pending.get(clause.id, ""),
        )

    def readings(self, *, of_figures: bool) -> list[tuple[str, str, tuple[str, ...]]]:
        """What is set here, not by the procedure: the rule's title, what it is, and its clauses.

        Those of which it is a figure that the authority may set only where that is asked for.
        """
        return [
            (title_of(rule), said, rule.clauses)
            for rule in self.procedure.rules()
            if (of_figures or not isinstance(rule, Deadline)) and (said := reading(rule))
        ]

    def notices(self) -> list[NoticeRule]:
        """Its notices: what each is, to whom and when it goes, where not, and its clauses."""
        return [
            NoticeRule(
                rule.title,
                EACH_WORDS[rule.each],
                to_words(rule.to),
                run_words(self.procedure, rule),
                rule.not_for_words,
                rule.clauses,
            )
            for rule in self.procedure.notices
        ]

    def _carrier(self, rule: Rule) -> Carrier:
        in_place_of: tuple[Other, ...] = ()
        for won in self.held:
            if won.rule is rule and won.procedure.code == self.procedure.code:
                in_place_of = tuple(_other(*one) for one in won.instead_of)
        return Carrier(
            title_of(rule),
            kind_of(rule).words,
            where_seen(self.procedure, rule),
            rule.local,
            reading(rule),
            self._held_by(rule),
            in_place_of,
        )

    def in_place_of(self, figure: Figure) -> Other | None:
        """What holds here in the place of the rule of which this is a figure; None where it holds.

        A body holds whole, with all that is set of it.
        """
        place, code = self.procedure.body(figure.body), figure.rule
        rule: Rule | None = place if figure.body else self.procedure.deadline(code)
        return self._held_by(rule) if rule is not None else None

    def _held_by(self, rule: Rule) -> Other | None:
        """What holds in the place of a rule of this procedure; two may share a very rule."""
        own = self.procedure.code
        for won in self.held:
            if any(one is rule and whose.code == own for whose, one in won.instead_of):
                return _other(won.procedure, won.rule)
        return None


def _of_one_procedure(rule: Rule) -> bool:
    """Whether it is asked of a case's or a meeting's own procedure alone, and so never replaced."""
    return isinstance(rule, Deadline) and (rule.of_case or rule.anchor == OF_MEETING)


def _other(procedure: Procedure, rule: Rule) -> Other:
    return Other(title_of(rule), procedure.code, rule.clauses)


def title_of(rule: Rule) -> str:
    return rule.title or rule.code.replace("-", " ").capitalize()


def reading(rule: Rule) -> str:
    """What of a rule is how we read the procedure, in words; "" where nothing is."""
    if isinstance(rule, Notice):
        return (str(rule.period) if rule.period else "the notice") if rule.set_here else ""
    if isinstance(rule, Deadline):
        return str(rule.period) if rule.set_here and rule.period and not rule.local else ""
    return str(getattr(rule, "reading", ""))

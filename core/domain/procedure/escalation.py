"""Stages gone through in order: who hears of a late action, and how a dispute goes further."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from core.domain.clauses import SET_HERE
from core.domain.procedure.rule import Rule

if TYPE_CHECKING:
    from core.domain.procedure import Procedure


class Whom(StrEnum):
    """Whom a stage goes to, by what they are to the action or to the child."""

    OWNER = "owner"
    SOCIAL_WORKER = "social-worker"
    TEAM_MANAGER = "team-manager"
    SERVICE_MANAGER = "service-manager"
    IRO = "iro"
    HEAD_OF_SERVICE = "head-of-service"
    DIRECTOR = "director"
    OUTSIDE = "outside"


WHOM_WORDS = {
    Whom.OWNER: "the owner",
    Whom.SOCIAL_WORKER: "the social worker",
    Whom.TEAM_MANAGER: "the team manager",
    Whom.SERVICE_MANAGER: "the service manager",
    Whom.IRO: "the reviewing officer (IRO)",
    Whom.HEAD_OF_SERVICE: "the head of service",
    Whom.DIRECTOR: "the deputy or assistant director",
    Whom.OUTSIDE: "somebody outside the authority",
}


@dataclass(frozen=True, kw_only=True)
class Stage(Rule):
    """One stage: whom it goes to, and the working days after which it comes or is answered.

    ``set_here`` says that the procedure does not lay the days down: an authority may set others.
    """

    whom: tuple[Whom, ...]
    days: int
    set_here: bool = False

    @property
    def counted(self) -> str:
        """The days in words, with where they come from: "3 working days (set here, …)"."""
        said = f"{self.days} working {'day' if self.days == 1 else 'days'}"
        where = self.local or (SET_HERE if self.set_here else "")
        return f"{said} ({where})" if where else said


@dataclass(frozen=True, kw_only=True)
class Ladder(Rule):
    """Who is told of a late action: each stage so many working days after its due day.

    ``longest_pause`` are the working days for which it is paused at most at a time; ``set_here``
    says that the procedure does not lay them down.
    """

    stages: tuple[Stage, ...]
    longest_pause: int = 20
    set_here: bool = True

    @property
    def pause_counted(self) -> str:
        """The longest pause in words: "20 working days at most (set here, …)"."""
        days = f"{self.longest_pause} working {'day' if self.longest_pause == 1 else 'days'}"
        where = self.local or (SET_HERE if self.set_here else "")
        return f"{days} at most{f' ({where})' if where else ''}"


@dataclass(frozen=True, kw_only=True)
class DisputeResolution(Rule):
    """How a reviewing officer's dispute is taken further: each stage is answered within its days.

    ``whole`` are the working days from the opening to the end of the stages within the authority.
    """

    stages: tuple[Stage, ...]
    whole: int
    set_here: bool = False

    def after(self, gone: Iterable[str]) -> Stage | None:
        """The stage that follows those gone through; None after the last of all.

        A code that is not known here, of a stage that has another since, is passed over: it is
        never taken for the last.
        """
        codes = [stage.code for stage in self.stages]
        place = max((codes.index(code) + 1 for code in gone if code in codes), default=0)
        return self.stages[place] if place < len(codes) else None


R = TypeVar("R", Ladder, DisputeResolution)


def set_here(
    *stages: tuple[str, str, Iterable[Whom], int], clauses: tuple[str, ...] = ()
) -> tuple[Stage, ...]:
    """Stages whose days no procedure lays down: code, title, whom and days of each."""
    return tuple(
        Stage(code=code, clauses=clauses, title=title, whom=tuple(whom), days=days, set_here=True)
        for code, title, whom, days in stages
    )


#: For a procedure that declares none. One working day after is the first on which it is late.
LADDER = Ladder(
    code="late-action",
    clauses=(),
    title="Who is told of a late action",
    stages=set_here(
        ("owner", "Its owner", (Whom.OWNER,), 1),
        ("team-manager", "The team manager of the child", (Whom.TEAM_MANAGER,), 3),
        ("service-manager", "The service manager of the child", (Whom.SERVICE_MANAGER,), 5),
        ("iro", "The child’s reviewing officer (IRO)", (Whom.IRO,), 10),
    ),
)


def dispute_resolution(*clauses: str) -> DisputeResolution:
    """The stages of a dispute in their general shape, for a procedure that names none itself."""
    return DisputeResolution(
        code="dispute-resolution",
        clauses=clauses,
        title="A reviewing officer’s dispute",
        whole=20,
        set_here=True,
        stages=set_here(
            (
                "informal",
                "Informally, with the social worker and the team manager",
                (Whom.SOCIAL_WORKER, Whom.TEAM_MANAGER),
                5,
            ),
            ("service-manager", "The service manager", (Whom.SERVICE_MANAGER,), 5),
            ("head-of-service", "The head of service", (Whom.HEAD_OF_SERVICE,), 5),
            ("director", "The Deputy or Assistant Director", (Whom.DIRECTOR,), 5),
            ("cafcass", "A referral to CAFCASS", (Whom.OUTSIDE,), 5),
            clauses=clauses,
        ),
    )


DISPUTES = dispute_resolution()

WHOLE, PAUSE = "whole", "longest-pause"


def figures_of(rule: Ladder | DisputeResolution) -> Iterator[tuple[str, str, int, bool]]:
    """Every figure of it in working days: which, its title, how many, and whether it is ours."""
    after = "after its due day" if isinstance(rule, Ladder) else "in which it is answered"
    for stage in rule.stages:
        yield stage.code, f"{rule.title}: {stage.title}, {after}", stage.days, stage.set_here
    if isinstance(rule, DisputeResolution):
        title = f"{rule.title}: the stages within the authority together"
        yield WHOLE, title, rule.whole, rule.set_here
    else:
        yield PAUSE, f"{rule.title}: the longest pause", rule.longest_pause, rule.set_here


def with_figures(rule: R, days: Mapping[str, int], said: str) -> R:
    """The rule with the working days that an authority has set, each saying so."""
    stages = tuple(
        replace(stage, days=days[stage.code], local=f"{said}, instead of {stage.days}")
        if stage.code in days
        else stage
        for stage in rule.stages
    )
    own: dict[str, Any] = {}
    if isinstance(rule, DisputeResolution) and WHOLE in days:
        own = {"whole": days[WHOLE], "local": f"{said}, instead of {rule.whole}"}
    if isinstance(rule, Ladder) and PAUSE in days:
        own = {"longest_pause": days[PAUSE], "local": f"{said}, instead of {rule.longest_pause}"}
    return replace(rule, stages=stages, **own)


def ladder_of(procedure: Procedure | None) -> Ladder:
    """The ladder of a procedure; the core's own where it declares none."""
    return (procedure.ladder if procedure else None) or LADDER


def disputes_under(procedure: Procedure | None) -> DisputeResolution:
    """How a dispute goes by a procedure; the core's own where it declares nothing of it."""
    return (procedure.disputes if procedure else None) or DISPUTES


def disputes_of(followed: Iterable[Procedure]) -> tuple[str, DisputeResolution]:
    """How a dispute goes for who follows these procedures, in their order; and which says so.

    The first that declares it, else the core's own with what the authority has set of it.
    """
    own = [one for one in followed if not one.always]
    for procedure in own:
        if procedure.disputes is not None:
            return procedure.code, procedure.disputes
    return (own[0].code if own else "", DISPUTES)

"""The stages that a document goes through before it may leave: sets of steps, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.domain.procedure.rule import Rule


class Asked(StrEnum):
    """Who is asked at a step, by what they are to the child or to the authority."""

    TEAM_MANAGER = "team-manager"
    SERVICE_MANAGER = "service-manager"
    REVIEWING_OFFICER = "iro"
    LEGAL = "legal"
    HEAD_OF_SERVICE = "head-of-service"
    DIRECTOR = "director"


ASKED_WORDS = {
    Asked.TEAM_MANAGER: "the manager of the child’s team",
    Asked.SERVICE_MANAGER: "the manager of the child’s service",
    Asked.REVIEWING_OFFICER: "the child’s reviewing officer (IRO)",
    Asked.LEGAL: "the legal colleague who is invited to it",
    Asked.HEAD_OF_SERVICE: "a head of service",
    Asked.DIRECTOR: "a deputy or assistant director",
}


class Does(StrEnum):
    """What is done at a step; without either the document goes no further."""

    APPROVES = "approves"
    REVIEWS = "reviews"


@dataclass(frozen=True, kw_only=True)
class StageStep(Rule):
    """One step: who is asked, and whether they approve the text or review it."""

    who: Asked
    does: Does = Does.APPROVES


@dataclass(frozen=True, kw_only=True)
class Stages(Rule):
    """A kind of document, by its code, with its stages: the steps of one stand side by side.

    The next stage is open once every step of the one before is done. ``ends`` is what is done with
    the document once all are, in a sentence: "filed with the court"; ``end`` the button for it.
    """

    stages: tuple[tuple[StageStep, ...], ...]
    ends: str = "filed"
    end: str = "File it"

    def steps(self) -> Iterator[StageStep]:
        """Every step, in the order of the stages."""
        for stage in self.stages:
            yield from stage

    def step(self, code: str) -> StageStep | None:
        return next((step for step in self.steps() if step.code == code), None)

    def place(self, code: str) -> int:
        """In which stage a step stands, counted from 1; 0 for the author and what is not known."""
        for number, stage in enumerate(self.stages, 1):
            if any(step.code == code for step in stage):
                return number
        return 0

    def faults(self) -> Iterator[str]:
        """What is wrong with how it is declared: no stage, an empty one, a step named twice."""
        codes = [step.code for step in self.steps()]
        if not all(self.stages) or not codes:
            yield "a stage has no step"
        if len(codes) != len(set(codes)):
            yield "two steps have one code"

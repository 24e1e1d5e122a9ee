"""A document in its stages: where it stands, whom each step asks, and who may write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.domain import staged as domain
from core.domain.finding import Moved
from core.domain.procedure import Procedure
from core.domain.procedure.escalation import Whom
from core.domain.procedure.stages import Asked, Stages, StageStep
from core.domain.record.recorded import Recorded
from core.domain.sight import What
from core.domain.staged import Saying, Standing, State
from core.registry import Registry
from core.store import child_people, children, record, responsible, staged
from core.store.scope import Scope
from core.store.staged import DocumentRow
from core.usecases import editions

WHOM = {
    Asked.TEAM_MANAGER: Whom.TEAM_MANAGER,
    Asked.SERVICE_MANAGER: Whom.SERVICE_MANAGER,
    Asked.REVIEWING_OFFICER: Whom.IRO,
    Asked.HEAD_OF_SERVICE: Whom.HEAD_OF_SERVICE,
    Asked.DIRECTOR: Whom.DIRECTOR,
}


class DocumentMoved(Moved[DocumentRow]):
    """The text is another than the one that was read, or the step is not open any more."""


class TextMoved(Moved[str]):
    """Two people changed the text from the same version: ``now`` is the text that is kept."""

    def __init__(self, now: str, number: int) -> None:
        message = "Somebody else changed the text while you were writing: nothing is lost"
        super().__init__(now, message, field="text")
        self.number = number


@dataclass(frozen=True, slots=True)
class People:
    """Whom each step asks, by account and name; ``nobody`` says what to do where there is none."""

    of: Mapping[Asked, Mapping[int, str]]
    nobody: Mapping[Asked, str]

    def may(self, scope: Scope, step: StageStep) -> bool:
        """Whether the asker, or a colleague for whom they stand in, is asked at a step."""
        return not set(self.of.get(step.who, {})).isdisjoint(scope.stands_for)

    def in_place_of(self, scope: Scope, step: StageStep) -> str:
        """The name of the colleague in whose place the asker answers; "" in their own."""
        asked = self.of.get(step.who, {})
        if scope.account_id in asked:
            return ""
        return next((asked[one] for one in scope.stands_for if one in asked), "")


@dataclass(frozen=True, slots=True)
class Held:
    """A document with its stages, what was said of it, and where it stands."""

    row: DocumentRow
    procedure: Procedure
    stages: Stages
    sayings: tuple[Saying, ...]
    now: Standing


def kinds(scope: Scope, registry: Registry) -> list[tuple[Procedure, Stages]]:
    """The kinds of document that the procedures followed have stages for; the first of a code."""
    found: dict[str, tuple[Procedure, Stages]] = {}
    for procedure in editions.followed(scope, registry, scope.on):
        for one in procedure.stages:
            found.setdefault(one.code, (procedure, one))
    return list(found.values())


def loaded(scope: Scope, registry: Registry, row: DocumentRow) -> Held | None:
    """A document as it stands under the edition that it keeps; None where that is gone."""
    procedure = registry.named(row.procedure_code, row.procedure_edition)
    stages = procedure.staged(row.kind) if procedure is not None else None
    if procedure is None or stages is None:
        return None
    sayings = tuple(staged.sayings(scope, row.id))
    filed = row.state is State.FILED
    now = domain.standing(stages, row.number, sayings, filed=filed)
    return Held(row, procedure, stages, sayings, now)


def people(scope: Scope, row: DocumentRow, stages: Stages) -> People:
    """Whom the steps of a document ask today: of a closed record only who is named for it."""
    answering = responsible.answering(scope, [row.child_id])[row.child_id]
    invited = {one.account_id: one.name for one in staged.invitees(scope, row.id)}
    if answering.closed and invited:
        named = child_people.named_for(scope, [row.child_id])
        invited = {key: name for key, name in invited.items() if (row.child_id, key) in named}
    of: dict[Asked, Mapping[int, str]] = {}
    nobody: dict[Asked, str] = {}
    for who in {step.who for step in stages.steps()}:
        of[who] = invited if who is Asked.LEGAL else answering.of((WHOM[who],))
        if not of[who]:
            nobody[who] = (
                "No legal colleague is invited to it yet: invite one"
                if who is Asked.LEGAL
                else answering.nobody(WHOM[who])
            )
    return People(of, nobody)


def proceedings_of(scope: Scope, child_id: int, public_id: str) -> Recorded | None:
    """The proceedings of a child, by their public id; None where none such stand."""
    found = record.entries(scope, child_id, "proceedings") if public_id else []
    return next((one for one in found if one.public_id == public_id and one.stands), None)


def issued_on(scope: Scope, row: DocumentRow) -> date | None:
    """The day on which the proceedings of a document were issued, as it is recorded now."""
    entries = record.entries(scope, row.child_id, "proceedings") if row.entry_id else []
    entry = next((one for one in entries if one.id == row.entry_id and one.stands), None)
    return entry.day("issued_on") if entry is not None else row.issued_on


def may_write(scope: Scope, row: DocumentRow) -> bool:
    """Whether the asker works with the child, and so writes the text and asks for approval."""
    return children.may_change(scope, row.child_public_id, What.PLAN)

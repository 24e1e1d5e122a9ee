"""How the record of a child is said on pages: values and sources in words, and the overview."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day, london_day
from core.domain.record import KINDS, FactField, FactType
from core.domain.record.adoption import ADOPTION
from core.domain.record.adoption_decision import differing
from core.domain.record.plan import STATES
from core.domain.record.statements import Statement
from core.domain.record.wrong import YES_NO
from core.domain.ssda903_codes import known, words
from core.registry import Registry
from core.store import record
from core.store.scope import Scope
from core.usecases import plan_standing

STATE_COLOURS = {"provisional": "yellow", "agreed": "blue", "achieved": "green", "ended": "grey"}
SURE = frozenset({"agreed", "achieved", "ended"})
PLAN = KINDS["plan"]
STATED_CARE = KINDS["stated-care"]


def value(field: FactField, said: str) -> str:
    """A value in words: a day, a choice, yes or no; as it stands where it is none of ours.

    Words in the place of a national code are said to be unrecognised: nothing rests on them.
    "" stays "": a value that was taken back is no words.
    """
    if not said:
        return ""
    if field.codes:
        return words(field.codes, said) if known(field.codes, said) else f"unrecognised: “{said}”"
    match field.type:
        case FactType.DAY:
            try:
                return day(date.fromisoformat(said))
            except ValueError:
                return said
        case FactType.CHOICE:
            return field.choices.get(said, said)
        case FactType.CHOICES:
            codes = [code for code in said.split(",") if code]
            ordered = [code for code in field.choices if code in codes]
            others = [code for code in codes if code not in field.choices]
            return "; ".join([*(field.choices[code] for code in ordered), *others])
        case FactType.YES_NO:
            return YES_NO.get(said, said)
        case _:
            return said


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, as the ``source`` macro of the pages takes it."""

    file: str = ""
    line: int | None = None
    as_at: date | None = None
    by: str = ""
    on: date | None = None


def source(said: Statement) -> Source:
    if not said.typed:
        return Source(said.file or f"a file ({said.format})", said.line, said.as_at)
    on = london_day(said.stated_at) if said.stated_at is not None else said.as_at
    return Source(by=said.by or "the command line", on=on)


@dataclass(frozen=True, slots=True)
class Overview:
    """The record in one look: words and days, "" and None where nothing is recorded.

    ``words`` say which approvals are missing before the plan is agreed. ``next_hearing`` is a final
    hearing that lies ahead; ``in_proceedings`` is None where no proceedings are recorded.
    """

    plan: str = ""
    state: str = ""
    colour: str = "grey"
    agreed_on: date | None = None
    words: tuple[str, ...] = ()
    contingencies: str = ""
    disagreements: int = 0
    in_proceedings: bool | None = None
    next_hearing: date | None = None


def overview(
    scope: Scope, registry: Registry, child_id: int, decided: Mapping[str, str]
) -> Overview:
    """The record of a child whom the caller has seen, for their first page: one query, or three;
    and what a provisional plan waits for.

    ``decided`` is what care says of a decision for adoption (``adoption_decision.latest``).
    """
    row = record.summary(scope, child_id)
    if row is None:
        return Overview()
    waits = row.plan and row.plan_state not in SURE
    how = plan_standing.of_plan(scope, registry, child_id) if waits else None
    of_adoption = record.entries(scope, child_id, ADOPTION.code) if decided else ()
    issued, ended = row.proceedings_issued_on, row.proceedings_ended_on
    now_in = issued is not None and issued <= scope.on and (ended is None or ended > scope.on)
    hearing = row.final_hearing_on
    return Overview(
        plan=_said("primary", row.plan),
        state=STATES.get(row.plan_state, row.plan_state),
        colour=STATE_COLOURS.get(row.plan_state, "grey"),
        agreed_on=row.plan_agreed_on,
        words=how.words if how is not None else (),
        contingencies=_said("contingencies", row.contingencies),
        disagreements=row.disagreements + len(differing(of_adoption, decided)),
        in_proceedings=None if issued is None else now_in,
        next_hearing=hearing if now_in and hearing and hearing >= scope.on else None,
    )


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Words of a list in the place of a national code, and where they stand."""

    text: str
    source: Source


def unrecognised(scope: Scope, child_id: int, fields: Collection[str]) -> dict[str, Unrecognised]:
    """By field, of these of care as lists state it, words that are no code: two queries at most."""
    found: dict[str, Unrecognised] = {}
    for entry in record.entries(scope, child_id, STATED_CARE.code) if fields else ():
        for code, used in entry.values.items() if entry.stands else ():
            field = STATED_CARE.by_code[code]
            if code in fields and not known(field.codes, used.value):
                said = Unrecognised(value(field, used.value), source(used.statement))
                found.setdefault(code, said)
    return found


def _said(code: str, stored: str) -> str:
    field = PLAN.field(code)
    return value(field, stored) if field is not None and stored else ""

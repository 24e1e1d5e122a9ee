"""Recording the answer of another body to a referral, and with it the fact that it makes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.forums import Records, Said, answers_of
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.sight import What
from core.store import audit, authorities, cases, children, onward
from core.store.database import writing
from core.store.onward import ChildOf, OnwardRow
from core.store.scope import Scope
from core.usecases.onward_facts import put_in_record

CARERS_MOST = 200


class AnswerMoved(Moved[OnwardRow]):
    """Somebody else recorded an answer first."""

    def __init__(self, now: OnwardRow) -> None:
        message = "Somebody else recorded an answer just now: both are below"
        super().__init__(now, message, field="answer")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of an answer. ``children`` are public ids; none named means every one.

    ``day_fault`` says what is wrong with a day that was typed and is none, as of "This date".
    """

    on: date | None
    code: str
    words: str
    carers: str = ""
    children: Collection[str] = ()
    day_fault: str = ""


def may_answer(scope: Scope, row: OnwardRow) -> bool:
    """Whether the asker works with a child of it, or referred the case."""
    if row.case_id is not None:
        return cases.may_change(scope, row.case_id)
    found = onward.children(scope, [row.id]).get(row.id, [])
    return any(children.may_change(scope, one.public_id, What.CASES) for one in found)


def record_answer(scope: Scope, public_id: str, typed: Typed, seen: int, at: datetime) -> Records:
    """Close a referral with the forum's answer; not before it was made, not in the future.

    The fact that the answer makes goes into the record of each child, once: an answer that is
    corrected changes the referral, and what the record says is corrected there. Gives the fact
    that was put there now.
    """
    with writing():
        authorities.lock(scope)
        row = onward.find(scope, public_id)
        if row is None:
            raise Refused(Finding("This referral is not there any more"))
        if not may_answer(scope, row):
            raise Refused(Finding("This referral is not yours to answer"))
        of_person = row.person_public_id is not None
        answer = answers_of(row.forum, of_person=of_person).answer(typed.code)
        theirs = [] if of_person else _theirs(scope, row, typed)
        faults = _day_faults(row, typed, scope.on)
        if answer is None:
            faults.append(Finding("Choose the answer", field="answer_code"))
        if not theirs and not of_person and row.recorded_at is None:
            faults.append(Finding("Choose the children whom it is about", field="children"))
        faults += _text_faults(typed)
        if answer is not None and answer.needs_words and not typed.words.strip():
            faults.append(Finding(f"Say why: “{answer.title}” needs it", field="answer"))
        if faults or typed.on is None or answer is None:
            raise Refused(*faults)
        if row.version != seen:
            raise AnswerMoved(row)
        made = Records.NOTHING
        facts = None
        if row.recorded_at is None:
            said = Said(typed.on, answer, typed.words.strip(), typed.carers.strip())
            facts = put_in_record(scope, row, theirs, said, at)
            made = answer.records if facts is not None else Records.NOTHING
        words = typed.words.strip() or answer.title
        if not onward.answer(scope, row.id, seen, typed.on, answer.code, words, at):
            raise AnswerMoved(row)
        if facts is not None:
            onward.recorded(scope, row.id, facts, at)
        audit.changed(
            scope,
            at,
            "answer",
            "onward referral",
            public_id,
            before={
                "answered_on": row.answered_on and row.answered_on.isoformat(),
                "code": row.answer_code,
                "answer": row.answer,
            },
            after={
                "answered_on": typed.on.isoformat(),
                "code": answer.code,
                "answer": words,
                "recorded": str(made),
            },
        )
    return made


def _theirs(scope: Scope, row: OnwardRow, typed: Typed) -> list[ChildOf]:
    """The children whom the answer is about, of those of the referral."""
    found = onward.children(scope, [row.id]).get(row.id, [])
    if len(found) < 2:
        return found
    return [child for child in found if child.public_id in typed.children]


def _day_faults(row: OnwardRow, typed: Typed, on: date) -> list[Finding]:
    faults = []
    if typed.on is None:
        fault = typed.day_fault.removeprefix("This date") or " is missing: enter it"
        faults.append(Finding(f"The date of the answer{fault}", field="answered_on"))
    elif typed.on > on:
        faults.append(
            Finding("The date of the answer must be today or in the past", field="answered_on")
        )
    elif typed.on < row.made_on:
        faults.append(
            Finding(
                f"The date of the answer must be on or after {day(row.made_on)}, when the "
                "referral was made",
                field="answered_on",
            )
        )
    return faults


def _text_faults(typed: Typed) -> list[Finding]:
    faults = []
    if len(typed.carers) > CARERS_MOST:
        faults.append(
            Finding(f"With whom must be {CARERS_MOST} characters or fewer", field="carers")
        )
    if long := too_long(typed.words, LONG_TEXT_MOST):
        faults.append(Finding(long, field="answer"))
    return faults

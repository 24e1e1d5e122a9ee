"""Recording the answer of another forum to a referral made to it."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.store import audit, cases, onward
from core.store.database import writing
from core.store.onward import OnwardRow
from core.store.scope import Scope


class AnswerMoved(Moved[OnwardRow]):
    """Somebody else recorded an answer first."""

    def __init__(self, now: OnwardRow) -> None:
        message = "Somebody else recorded an answer just now: both are below"
        super().__init__(now, message, field="answer")


def record_answer(
    scope: Scope,
    public_id: str,
    answered_on: date | None,
    words: str,
    seen: int,
    at: datetime,
    *,
    day_fault: str = "",
) -> None:
    """Close a referral with the forum's answer; not before it was made, not in the future.

    ``day_fault`` says what is wrong with a day that was typed and is none, as of "This date".
    """
    with writing():
        row = onward.find(scope, public_id)
        if row is None:
            raise Refused(Finding("This referral is not there any more"))
        if not cases.may_change(scope, row.case_id):
            raise Refused(Finding("This referral is not yours to answer"))
        faults = list(_faults(row, answered_on, words, day_fault, scope.on))
        if faults or answered_on is None:
            raise Refused(*faults)
        if not onward.answer(scope, row.id, seen, answered_on, words.strip(), at):
            raise AnswerMoved(row)
        audit.changed(
            scope,
            at,
            "answer",
            "onward referral",
            public_id,
            before={"answered_on": row.answered_on and row.answered_on.isoformat()},
            after={"answered_on": answered_on.isoformat(), "answer": words.strip()},
        )


def _faults(
    row: OnwardRow, answered_on: date | None, words: str, day_fault: str, on: date
) -> list[Finding]:
    faults = []
    if answered_on is None:
        fault = day_fault.removeprefix("This date") or " is missing: enter it"
        faults.append(Finding(f"The date of the answer{fault}", field="answered_on"))
    elif answered_on > on:
        faults.append(
            Finding("The date of the answer must be today or in the past", field="answered_on")
        )
    elif answered_on < row.made_on:
        faults.append(
            Finding(
                f"The date of the answer must be on or after {day(row.made_on)}, when the "
                "referral was made",
                field="answered_on",
            )
        )
    if not words.strip():
        faults.append(Finding("Enter the answer", field="answer"))
    if long := too_long(words, LONG_TEXT_MOST):
        faults.append(Finding(long, field="answer"))
    return faults

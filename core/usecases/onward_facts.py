"""What another body's answer makes of a child's record, in the transaction of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from core.domain.care_typing import ADOPTION_DECISION
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.forums import Records, Said, answers_of, values_of
from core.domain.record import KINDS
from core.domain.record.twins import twin_fault
from core.store import care_rows, onward, record
from core.store.care_rows import IN_USE
from core.store.onward import ChildOf, OnwardRow
from core.store.scope import Scope
from core.usecases.care import save_row_here
from core.usecases.record import correct_here
from core.usecases.record_new import add_here

NOT_THEIRS = (
    "This answer goes into the record of {}, and you do not work with them: "
    "somebody who does records it"
)


def put_in_record(
    scope: Scope, row: OnwardRow, children: Iterable[ChildOf], said: Said, at: datetime
) -> list[str] | None:
    """State the answer's fact of each child, in the transaction under way; None where it has none.

    What the record says already, typed by a person, is left as it is. Gives the public ids of the
    entries that say it.
    """
    kind, values = values_of(row.forum, row.forum_words, row.asked, said)
    if not kind:
        return None
    found: list[str] = []
    why = f"Answer of {row.forum_words} to the referral of {day(row.made_on)}"
    for child in children:
        if record.child(scope, child.public_id, changes=True) is None:
            raise Refused(Finding(NOT_THEIRS.format(child.name), field="answer_code"))
        if kind == ADOPTION_DECISION.code:
            _adoption_decision(scope, child, values, why, at)
        else:
            found.append(_entry(scope, child, kind, values, why, at))
    return found


def _adoption_decision(
    scope: Scope, child: ChildOf, values: dict[str, str], why: str, at: datetime
) -> None:
    """One decision, kept as a row of care (docs/decisions/0020)."""
    there = care_rows.rows(scope, child.id, ADOPTION_DECISION)
    own = ADOPTION_DECISION.day
    if any(one.state == IN_USE and one.values[own] == values[own] for one in there):
        return
    # The reason is given, so that what the row breaks of a return's rules does not stop an answer.
    save_row_here(scope, child.public_id, ADOPTION_DECISION, None, values, why, keep=True, at=at)


def _entry(
    scope: Scope, child: ChildOf, kind_code: str, values: dict[str, str], why: str, at: datetime
) -> str:
    """State it in an entry; gives the entry's public id, or that of the one that says it."""
    kind = KINDS[kind_code]
    there = [one for one in record.entries(scope, child.id, kind_code) if one.stands]
    if kind.single and there:
        entry = there[0]
        if not any(entry.value(code) for code in values):
            correct_here(scope, entry.public_id, values, dict.fromkeys(values, 0), why, at)
        return entry.public_id
    typed = [one for one in there if any(said.typed for said in one.statements)]
    twin = next((one for one in typed if twin_fault(kind, values, [one], "")), None)
    if twin is not None:
        return twin.public_id
    return add_here(scope, child.public_id, kind_code, values, at, why=why).public_id


def is_said_there(scope: Scope, row: OnwardRow, children: Iterable[ChildOf]) -> bool:
    """Whether the record needs no correcting for the answer of a referral that went into it.

    It is the answer that went there, or every entry that said the earlier one was changed by a
    person, or taken out, since; of a decision for adoption the days of care say it.
    """
    if not row.corrected:
        return True
    before = answers_of(row.forum).answer(row.recorded_code)
    if before is not None and before.records is Records.ADOPTION_DECISION:
        same = row.answer_code == row.recorded_code
        days = {on for child in children for on in _adoption_days(scope, child)}
        return row.recorded_on not in days and (not same or row.answered_on in days)
    since = row.answered_at
    found = onward.facts_of(scope, row)
    return bool(found) and all(
        fact.touched_at is not None and since is not None and fact.touched_at > since
        for fact in found
    )


def _adoption_days(scope: Scope, child: ChildOf) -> list[date]:
    there = care_rows.rows(scope, child.id, ADOPTION_DECISION)
    days = (one.values[ADOPTION_DECISION.day] for one in there if one.state == IN_USE)
    return [date.fromisoformat(one) for one in days if one]

"""What another body's answer makes of a child's record, in the transaction of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.domain.care_typing import ADOPTION_DECISION
from core.domain.finding import Finding, Refused
from core.domain.forums import Said, values_of
from core.domain.record import KINDS
from core.domain.record.twins import twin_fault
from core.store import care_rows, record
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
) -> bool:
    """State the answer's fact of each child, in the transaction under way; False where it has none.

    What the record says already, typed by a person, is left as it is.
    """
    kind, values = values_of(row.forum, row.forum_words, row.asked, said)
    if not kind:
        return False
    why = f"Answer of {row.forum_words}, referred to it on {row.made_on.isoformat()}"
    for child in children:
        if record.child(scope, child.public_id, changes=True) is None:
            raise Refused(Finding(NOT_THEIRS.format(child.name), field="answer_code"))
        if kind == ADOPTION_DECISION.code:
            _adoption_decision(scope, child, values, why, at)
        else:
            _entry(scope, child, kind, values, why, at)
    return True


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
) -> None:
    kind = KINDS[kind_code]
    there = [one for one in record.entries(scope, child.id, kind_code) if one.stands]
    if kind.single and there:
        entry = there[0]
        if not any(entry.value(code) for code in values):
            correct_here(scope, entry.public_id, values, dict.fromkeys(values, 0), why, at)
        return
    typed = [one for one in there if any(said.typed for said in one.statements)]
    if twin_fault(kind, values, typed, "") is None:
        add_here(scope, child.public_id, kind_code, values, at, why=why)

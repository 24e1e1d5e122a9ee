"""Saying who a child is: a value typed or corrected with its reason, or taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.identity import (
    BORN,
    BY_CODE,
    EVERY,
    EXPECTED,
    NAMES,
    UNSOURCED,
    Part,
    fault,
    part_of,
    used_of,
    values_in_use,
)
from core.domain.reason import reason_given
from core.domain.record.statements import Statement
from core.store import audit, care, identity, returns
from core.store.children import ChildRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.child_changed import care_again, held_still

WHY = "Say why it is changed: it stays beside the old value"
WHY_BACK = "Say why what was typed is taken back"
NO_BIRTH = "Enter the date of birth, or the date expected for a child not born yet"


class IdentityMoved(Moved[Part]):
    """Somebody else, or a file, changed this part first."""

    def __init__(self, now: Part) -> None:
        label = now.field.label
        message = f"{label} was changed while you were typing: both are below"
        super().__init__(now, message, field=now.field.code)


def say(
    scope: Scope, public_id: str, field: str, value: str, why: str, seen: str, at: datetime
) -> None:
    """Record a part of a child's identity; ``seen`` is the value that the asker saw in use.

    ``value`` is text, a day as ISO, "" to say that it is not known. A reason is needed where a
    value was there. Raises ``Refused``, ``IdentityMoved``, or ``NoChild``.
    """
    with writing():
        child = held_still(scope, public_id)
        said = identity.said_with_columns(scope, child.id)
        part = part_of(BY_CODE[field], said)
        if part.value != seen:
            raise IdentityMoved(part)
        value = " ".join(value.split())
        value = value.upper() if field == "upn" else value
        why = reason_given(why, asked=WHY if part.value else "")
        if wrong := fault(part.field, value, scope.on):
            raise Refused(Finding(wrong, field=field))
        if value == part.value and (part.typed or not value):
            raise Refused(Finding(f"{part.field.label} is not changed", field=field))
        if field in NAMES and not value and not _other_name(child, field):
            raise Refused(Finding("Give at least one name", field=field))
        if not value and part.value:
            _may_be_emptied(part, said)
        if field == BORN and value:
            _born_before_care(scope, child, date.fromisoformat(value))
        type_in(scope, child.id, field, value, said, why, at)
        if field in (BORN, EXPECTED):
            care_again(scope, child)
        audit.changed(
            scope, at, "change identity", "child", public_id,
            before={field: part.value}, after={field: value}, why=why,
        )  # fmt: skip
        returns.move_record(scope)


def take_back(scope: Scope, public_id: str, field: str, why: str, seen: str, at: datetime) -> None:
    """Take back what was typed of a part, so that what the latest file says is in use again.

    The history keeps who took it back and why, as a saying that never stood.
    """
    with writing():
        child = held_still(scope, public_id)
        said = identity.said_with_columns(scope, child.id)
        part = part_of(EVERY[field], said)
        if part.value != seen or part.used is None or not part.typed:
            raise IdentityMoved(part)
        why = reason_given(why, asked=WHY_BACK)
        if part.file_says is None:
            raise Refused(Finding("No file says anything of this: type what is right instead"))
        of = part.used.said_of
        _no_longer(scope, field, said, of, at)
        identity.add(scope, child.id, field, "", at, why=why, replaced=True, said_of=of)
        after = _put_in_use(scope, child.id, field)
        if field in (BORN, EXPECTED):
            care_again(scope, child)
        audit.changed(
            scope, at, "use what the file says", "child", public_id,
            before={field: part.value}, after={field: after}, why=why,
        )  # fmt: skip
        returns.move_record(scope)


def type_in(
    scope: Scope,
    child_id: int,
    field: str,
    value: str,
    said: Iterable[Statement],
    why: str,
    at: datetime,
) -> None:
    """Add what is typed, in the transaction under way; ``said`` is all that is said by now.

    A value that stood without a source is kept as a statement, so that the history has it. What was
    typed of a record that was merged into this one stays beside it.
    """
    kept = list(said)
    births = (BORN, EXPECTED)
    for one in kept:
        if one.format == UNSOURCED and one.id == 0:
            if one.field == field:
                identity.add(scope, child_id, field, one.value, at, format=UNSOURCED, replaced=True)
            elif field in births and one.field in births:
                identity.add(scope, child_id, one.field, one.value, at, format=UNSOURCED)
    _no_longer(scope, field, kept, "", at)
    identity.add(scope, child_id, field, value, at, why=why)
    _put_in_use(scope, child_id, field)


def _no_longer(
    scope: Scope, field: str, said: Iterable[Statement], said_of: str, at: datetime
) -> None:
    """Have what was typed of a part stand no longer, as far as it was said of that local id."""
    typed = [s.id for s in said if (s.field, s.said_of) == (field, said_of) and s.typed]
    identity.replace(scope, typed, at)


def _put_in_use(scope: Scope, child_id: int, field: str) -> str:
    """Write the child's columns of a field from what is said now; gives the value in use."""
    said = identity.said_of(scope, [child_id]).get(child_id, [])
    wanted = {BORN, "birth_expected"} if field in (BORN, EXPECTED) else {field}
    values = {k: v for k, v in values_in_use(said).items() if k in wanted}
    identity.put_in_use(scope, child_id, values)
    used = used_of(said).get(field)
    return used.value if used else ""


def _may_be_emptied(part: Part, said: Iterable[Statement]) -> None:
    """Refuse to empty what a file says, and the only date of a child's birth."""
    field, label = part.field.code, part.field.label
    others = (*part.disagree, *part.agree) if part.typed else (part.used,)
    files = [said for said in others if said and said.format not in ("", UNSOURCED)]
    if files and files[0].value:
        says = "one" if part.typed else "this"
        back = ", or use what the file says" if part.file_says else ""
        message = f"{label}: a file says {says}, so it cannot be emptied. Enter what is right"
        raise Refused(Finding(f"{message} instead{back}", field=field))
    births = {BORN: EXPECTED, EXPECTED: BORN}
    if field in births:
        other = used_of(said).get(births[field])
        if other is None or not other.value:
            raise Refused(Finding(NO_BIRTH, field=field))


def _born_before_care(scope: Scope, child: ChildRow, born: date) -> None:
    """Refuse a birth after care began: one of the two dates cannot be."""
    facts = next(iter(care.facts_of(scope, [child.id])), None)
    first = min((row.decom for row in facts.episodes), default=None) if facts else None
    if first is not None and born > first:
        message = f"An episode of care started on {day(first)}, before this date. Check both dates"
        raise Refused(Finding(message, field=BORN))


def _other_name(child: ChildRow, field: str) -> str:
    return child.given_name if field == "family_name" else child.family_name

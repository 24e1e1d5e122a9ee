"""Typing a child's care: a row added, corrected, said never to have happened, or taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from core.domain.care_typing import (
    ASYLUM,
    EPISODE,
    LIST_OF,
    CareKind,
    faults,
    rule_in_words,
)
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused, Strength
from core.domain.phrases import inside
from core.domain.reason import reason_fault, reason_given
from core.domain.ssda903_rules import broken_rules
from core.store import audit, care, care_rows, returns
from core.store.care_rows import IN_USE, NEVER, OVERRULED, CareRow
from core.store.children import ChildRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.child_changed import care_again, held_still

WHY = "Say why it is changed: it stays beside what was there"
WHY_KEPT = "Say why it is right although it breaks these rules"
UNTYPED = frozenset({"birth dates differ", "no header row"})
"""Rules that are about identity: no row of care mends or breaks them."""
OF_A_RUN = frozenset({"361", "362", "363", "364", "388"})
"""Rules that are dated by an end, and so by the start of no episode."""
UNENDED = "142"
Breach = tuple[str, str, date | None]


class CareMoved(Moved[tuple[CareRow, ...]]):
    """Somebody else, or an import, changed the row first: ``now`` are those that stand there."""

    def __init__(self, now: tuple[CareRow, ...]) -> None:
        message = (
            "This was changed while you were typing: what stands now is below"
            if now
            else "What you were correcting is not there any more. Save to add yours, or cancel"
        )
        super().__init__(now, message)


def save_row(
    scope: Scope,
    public_id: str,
    kind: CareKind,
    row_id: int | None,
    values: Mapping[str, str],
    why: str,
    keep: bool,
    at: datetime,
    seen_day: date | None = None,
) -> None:
    """Add a row, or put one in the place of the row named: a file's row stays, overruled.

    ``values`` are ISO days, codes and text. What is impossible is refused. A rule that the row
    newly breaks warns: it is refused too, with findings that do not block, until ``keep`` is given
    with a reason. Raises ``CareMoved`` where the row named no longer stands (``seen_day`` is the
    day under which it stood), ``NoChild``.
    """
    with writing():
        save_row_here(scope, public_id, kind, row_id, values, why, keep, at, seen_day)


def save_row_here(
    scope: Scope,
    public_id: str,
    kind: CareKind,
    row_id: int | None,
    values: Mapping[str, str],
    why: str,
    keep: bool,
    at: datetime,
    seen_day: date | None = None,
) -> None:
    """The same in the transaction under way."""
    child = held_still(scope, public_id)
    rows = care_rows.rows(scope, child.id, kind)
    row = _row(rows, row_id, seen_day) if row_id is not None else None
    values = {field.code: " ".join(values.get(field.code, "").split()) for field in kind.fields}
    before = row.values if row else {}
    found = [*faults(kind, values, before, _birth(child), scope.on)]
    if not found:
        found += _doubled(kind, rows, row, values) + _unborn(child)
    if row is not None and not row.void and values == before:
        found.append(Finding("Nothing was changed", field=kind.fields[0].code))
    if wrong := reason_fault(why, asked=WHY if row is not None else ""):
        found.append(wrong)
    if found:
        raise Refused(*found)
    was = _broken(scope, child)
    corrects = _correct(scope, kind, row, at)
    said = reason_given(why)
    care_rows.add(scope, child.id, kind, values, at, corrects=corrects, why=said)
    warnings = _warnings(kind, values, was, _broken(scope, child))
    if warnings and not keep:
        raise Refused(*warnings)
    if warnings:
        reason_given(why, asked=WHY_KEPT)
    did = f"correct {kind.one}" if row else f"add {kind.one}"
    _recorded(scope, child, did, before, values, said, at)


def void_row(
    scope: Scope,
    public_id: str,
    kind: CareKind,
    row_id: int,
    why: str,
    at: datetime,
    seen_day: date | None = None,
) -> None:
    """Say that what a row states never happened; the row stays to be seen, with the reason."""
    with writing():
        child = held_still(scope, public_id)
        row = _row(care_rows.rows(scope, child.id, kind), row_id, seen_day)
        if row.void:
            raise CareMoved((row,))
        why = reason_given(why, asked="Say why this never happened")
        _correct(scope, kind, row, at)
        days = {row.day} if row.from_file else {r.day for r in row.overrules}
        for day in days:
            own = {kind.day: day.isoformat()} if day else {}
            care_rows.add(scope, child.id, kind, own, at, corrects=day, void=True, why=why)
        if not days:
            _note_taken_back(scope, child, kind, row, why, at)
        _recorded(scope, child, f"say that {kind.one} never happened", row.values, {}, why, at)


def take_back(
    scope: Scope,
    public_id: str,
    kind: CareKind,
    row_id: int,
    why: str,
    at: datetime,
    seen_day: date | None = None,
) -> None:
    """Take back what was typed in the place of a file's row, which then stands again."""
    with writing():
        child = held_still(scope, public_id)
        row = _row(care_rows.rows(scope, child.id, kind), row_id, seen_day)
        if row.from_file:
            raise Refused(Finding("Only what was typed can be taken back"))
        why = reason_given(why, asked="Say why what was typed is taken back")
        _correct(scope, kind, row, at)
        _note_taken_back(scope, child, kind, row, why, at)
        file = row.overrules[0].values if row.overrules else {}
        _recorded(scope, child, f"take back {kind.one}", row.values, file, why, at)


def _row(rows: tuple[CareRow, ...], row_id: int, seen_day: date | None) -> CareRow:
    """The row named, where it stands still."""
    for row in rows:
        if row.id == row_id and row.state in (IN_USE, NEVER):
            return row
    there = next((row.day for row in rows if row.id == row_id), seen_day)
    raise CareMoved(
        tuple(
            row
            for row in rows
            if row.state in (IN_USE, NEVER)
            and (there in row.days if not row.from_file else row.day == there)
        )
    )


def _correct(scope: Scope, kind: CareKind, row: CareRow | None, at: datetime) -> date | None:
    """Have a row stand no longer, and give the day of the file's row that was in its place."""
    if row is None:
        return None
    if row.from_file:
        return row.day
    if not care_rows.replace_typed(scope, kind, row.id, at):
        raise CareMoved((row,))
    return row.corrects or (row.day if row.overrules else None)


def _note_taken_back(
    scope: Scope, child: ChildRow, kind: CareKind, row: CareRow, why: str, at: datetime
) -> None:
    care_rows.add(
        scope, child.id, kind, row.values, at,
        corrects=row.corrects, void=True, replaced=True, why=why,
    )  # fmt: skip


def _doubled(
    kind: CareKind, rows: tuple[CareRow, ...], row: CareRow | None, values: Mapping[str, str]
) -> list[Finding]:
    """Two rows of one day cannot both be right; there is one asylum status."""
    others = [r for r in rows if r.state in (IN_USE, NEVER) and (row is None or r.id != row.id)]
    if kind is ASYLUM:
        return [Finding("It is recorded already: correct that row", field="ceases")] * any(others)
    for other in others:
        same_day = other.values[kind.day] == values[kind.day]
        if same_day and not (row is not None and other.day == row.day):
            message = f"There is already {kind.one} of this day: correct that one instead"
            return [Finding(message, field=kind.day)]
    return []


def _unborn(child: ChildRow) -> list[Finding]:
    if child.birth_expected:
        return [Finding("This child is not born yet. Record the date of birth first")]
    return []


def _birth(child: ChildRow) -> date | None:
    return None if child.birth_expected else child.born


def _broken(scope: Scope, child: ChildRow) -> Counter[Breach]:
    """How many rows break each rule now, by the rule, the column and the start of the episode."""
    facts = next(iter(care.facts_of(scope, [child.id])))
    starts = {row.decom for row in facts.episodes}
    return Counter(
        (b.rule, b.column, b.since if b.since in starts and b.rule not in OF_A_RUN else None)
        for b in broken_rules(facts)
        if b.rule not in UNTYPED
    )


def _warnings(
    kind: CareKind, values: Mapping[str, str], before: Counter[Breach], after: Counter[Breach]
) -> list[Finding]:
    """The rules that more rows break than before, in plain words, beside where they are mended.

    One that another episode breaks now names that episode, and stands beside no field of this one.
    """
    fields = {LIST_OF.get(field.code, field.code.upper()): field.code for field in kind.fields}
    more = Counter((rule, column) for rule, column, _ in after.elements())
    more -= Counter((rule, column) for rule, column, _ in before.elements())
    found: list[Finding] = []
    for rule, column, start in sorted(after - before, key=str):
        if (rule, column) not in more:
            continue
        field, message = fields.get(column), rule_in_words(rule)
        if kind is EPISODE and start and start.isoformat() != values.get(kind.day):
            field, message = None, _of_another(start, rule, message)
        finding = Finding(message, code=rule, strength=Strength.WARNS, field=field)
        if finding not in found:
            found.append(finding)
    return found


def _of_another(start: date, rule: str, message: str) -> str:
    said = f"The episode that started on {day(start)}"
    if rule == UNENDED:
        return f"{said} has no end date or no reason it ended. Correct that one first: give both"
    return f"{said}: {inside(message)}"


def _recorded(
    scope: Scope,
    child: ChildRow,
    did: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    why: str,
    at: datetime,
) -> None:
    care_again(scope, child)
    audit.changed(
        scope, at, did, "child", child.public_id,
        before={k: v for k, v in before.items() if v} or None,
        after={k: v for k, v in after.items() if v} or None,
        why=why,
    )  # fmt: skip
    returns.move_record(scope)


__all__ = ["OVERRULED", "CareMoved", "save_row", "take_back", "void_row"]

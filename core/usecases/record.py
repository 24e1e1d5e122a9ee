"""The record of a child as people correct it: entries corrected, taken out and put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused, blocking
from core.domain.merge import Clash, merge
from core.domain.reason import reason_fault, reason_given
from core.domain.record import KINDS, Kind
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.record.twins import twin_fault
from core.registry import Registry
from core.store import record
from core.store.database import writing
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases import agreeing
from core.usecases.plans_reopened import closed_at, reopen
from core.usecases.record_held import (
    alike,
    as_kept,
    audited,
    entry_of,
    faults_of,
    label,
    said_of,
    saved,
    typed_kind,
)

REASON = "Say why: the old value stays in the history with your reason"
OUT = "Say why this is taken out of the record"
AFTER_OUT = "The plan that took its place was taken out of the record"


class Clashed(Refused):
    """Somebody else changed the same fields meanwhile: nothing of this save is kept yet."""

    def __init__(self, kind: Kind, clashes: Iterable[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(
            *(
                Finding(
                    f"{label(kind, clash.field)}: {clash.who or 'a file'} changed this while you "
                    "were writing. Both are below; save again to keep yours",
                    field=clash.field,
                )
                for clash in self.clashes
            )
        )


class EntryMoved(Moved[Recorded]):
    """The entry has changed since the page was shown."""

    def __init__(self, now: Recorded) -> None:
        message = "Somebody changed this entry since you opened the page: look at it again first"
        super().__init__(now, message)


RETURNS = "It is put back as it was"


def correct(
    scope: Scope,
    public_id: str,
    typed: Mapping[str, str],
    seen: Mapping[str, int],
    why: str,
    at: datetime,
    *,
    registry: Registry | None = None,
) -> int:
    """Save what was typed of an entry's fields; gives how many changed.

    ``seen`` is by field the id of the statement that the page showed (0 for none). Fields that
    only one person changed are merged; where two changed the same, ``Clashed`` says so. A value
    that was there needs a reason to be changed, and stays in the history. With the ``registry``,
    the authority's procedures are asked whether it may be so.
    """
    with writing():
        return correct_here(scope, public_id, typed, seen, why, at, registry=registry)


def correct_here(
    scope: Scope,
    public_id: str,
    typed: Mapping[str, str],
    seen: Mapping[str, int],
    why: str,
    at: datetime,
    *,
    registry: Registry | None = None,
) -> int:
    """The same in the transaction under way."""
    child, entry, there = entry_of(scope, public_id)
    if not entry.stands:
        raise Refused(Finding("This was taken out of the record: put it back to correct it"))
    kind = typed_kind(entry.kind, scope)
    typed = as_kept(kind, typed)
    said = {statement.id: statement.value for statement in entry.statements}
    now = {code: entry.value(code) for code in typed}
    before = {code: said.get(seen.get(code, 0), "") for code in typed}
    merged = merge(before, typed, now)
    if merged.clashes:
        raise Clashed(kind, [_by_whom(entry, clash) for clash in merged.clashes])
    changes = dict(merged.changes)
    if not changes:
        return 0
    _check_emptied(kind, entry, changes)
    stands = {code: used.value for code, used in entry.values.items()} | changes
    given = {code: value for code, value in changes.items() if value}
    faults = faults_of(kind, given, stands, frozenset(changes), child, scope)
    if not changes.keys().isdisjoint((*kind.key, *kind.apart)):
        twin = twin_fault(kind, stands, alike(entry, there), "correct that one")
        faults += [twin] if twin else []
    asked = REASON if any(now[code] for code in changes) else ""
    if wrong := reason_fault(why, field="reason", asked=asked):
        faults.append(wrong)
    if not faults and registry is not None:
        faults += _against(scope, registry, child, entry, stands, there, why=why)
    if faults:
        raise Refused(*faults)
    why = reason_given(why, field="reason")
    record.state(scope, child.id, entry.id, changes, at, why, said_of(entry))
    columns: dict[str, object] = {}
    if not entry.stated_by_file:
        columns["match_key"] = kind.key_of(stands)
    record.change(scope, entry.id, entry.version, **columns)
    saved(scope, child, entry.kind)
    audited(scope, at, "correct record", child, entry, now, changes, why)
    return len(changes)


def _against(
    scope: Scope,
    registry: Registry,
    child: ChildOf,
    entry: Recorded,
    stands: Mapping[str, str],
    there: Iterable[Recorded],
    *,
    returns: bool = False,
    why: str = "",
) -> tuple[Finding, ...]:
    """What the authority's procedures have against an entry as it would stand.

    ``returns`` is said of one that was out of the record: a plan is agreed again with it.
    """
    before = {} if returns else {code: used.value for code, used in entry.values.items()}
    found = agreeing.entry_findings(scope, registry, entry.kind, stands, alike(entry, there))
    if entry.kind == "plan" and agreeing.is_agreed_now(before, stands):
        on = agreeing.agreed_on(stands, scope.on)
        found += agreeing.findings(scope, registry, child, stands, on or scope.on, entry)
    if entry.kind == "plan":
        found += agreeing.approved_findings(
            scope, registry, child, before, stands, entry, why or (RETURNS if returns else "")
        )
    return blocking(tuple(dict.fromkeys(found)))


def use_file(
    scope: Scope,
    public_id: str,
    field: str,
    seen: int,
    why: str,
    at: datetime,
    *,
    registry: Registry | None = None,
) -> None:
    """Take back what was typed of a field, so that what the file says is used.

    With the ``registry`` the authority's procedures are asked, as where it is corrected.
    """
    with writing():
        child, entry, there = entry_of(scope, public_id)
        used = entry.values.get(field)
        if used is None or used.file_says is None or not entry.stands:
            raise Refused(
                Finding("There is nothing typed here that a file says otherwise any more")
            )
        if used.statement.id != seen:
            raise EntryMoved(entry)
        why = reason_given(why, field="reason", asked=REASON)
        stands = {code: one.value for code, one in entry.values.items()}
        stands[field] = used.file_says.value
        if registry is not None and (
            against := _against(scope, registry, child, entry, stands, there)
        ):
            raise Refused(*against)
        record.state(scope, child.id, entry.id, {field: ""}, at, why, used.statement.said_of)
        record.change(scope, entry.id, entry.version)
        saved(scope, child, entry.kind)
        said = {field: used.file_says.value}
        audited(scope, at, "use what the file says", child, entry, {field: used.value}, said, why)


def take_out(scope: Scope, public_id: str, seen: int, why: str, at: datetime) -> None:
    """Take an entry out of the record: it stays as history, with who, when and why."""
    with writing():
        child, entry, there = entry_of(scope, public_id)
        if not entry.stands:
            raise Refused(Finding("This was taken out of the record already"))
        if KINDS[entry.kind].by_steps:
            raise Refused(Finding("What somebody approved or let go ahead stays in the record"))
        why = reason_given(why, field="reason", asked=OUT)
        done = record.change(
            scope,
            entry.id,
            seen,
            taken_out_at=at,
            taken_out_by=scope.account_id,
            taken_out_why=why,
        )
        if not done:
            raise EntryMoved(entry)
        if entry.kind == "plan":
            _open_plan_before(scope, child, entry, there, at)
        saved(scope, child, entry.kind)
        was = {code: used.value for code, used in entry.values.items()}
        audited(scope, at, "take out of record", child, entry, was, {}, why)


def _open_plan_before(
    scope: Scope, child: ChildOf, gone: Recorded, there: Iterable[Recorded], at: datetime
) -> None:
    """Plans that ended only because the one taken out took their place have not ended."""
    for plan in there:
        if plan.kind != "plan" or not plan.stands or plan is gone:
            continue
        if closed_at(plan) == gone.made_at:
            reopen(scope, child.id, child.public_id, plan, AFTER_OUT, at)


def put_back(
    scope: Scope, public_id: str, seen: int, at: datetime, *, registry: Registry | None = None
) -> None:
    """Put an entry back that was taken out.

    With the ``registry`` the authority's procedures are asked, as where it is added; what files
    alone have said is taken as it was, as it is of a file.
    """
    with writing():
        child, entry, there = entry_of(scope, public_id)
        kind = KINDS[entry.kind]
        if entry.stands:
            raise Refused(Finding("This is in the record already"))
        if kind.single and any(e.kind == entry.kind and e.stands for e in there):
            raise Refused(
                Finding(
                    f"{kind.title} is recorded anew since: take that out before putting this back"
                )
            )
        stood = {code: used.value for code, used in entry.values.items()}
        if not entry.ended and (
            twin := twin_fault(
                kind, stood, alike(entry, there), "take that out before putting this back"
            )
        ):
            raise Refused(Finding(twin.message))
        typed = any(said.typed for said in entry.statements)
        if registry is not None and typed:
            against = _against(scope, registry, child, entry, stood, there, returns=True)
            if against:
                raise Refused(*against)
        nobody = {"taken_out_at": None, "taken_out_by": None, "taken_out_why": ""}
        if not record.change(scope, entry.id, seen, **nobody):
            raise EntryMoved(entry)
        saved(scope, child, entry.kind)
        was = f"It was taken out because: {entry.taken_out_why}"
        audited(scope, at, "put back into record", child, entry, {}, stood, was)


def _check_emptied(kind: Kind, entry: Recorded, changes: Mapping[str, str]) -> None:
    """What a file says, or was typed of another record, cannot be emptied.

    Another value is typed beside it, or the entry is taken out.
    """
    emptied = {code: entry.values[code].statement for code, value in changes.items() if not value}
    by_whom = {
        code: "a file says this"
        if not said.typed
        else "this was typed of a record that was merged into this one"
        for code, said in emptied.items()
        if not said.typed or said.said_of != said_of(entry)
    }
    faults = [
        Finding(
            f"{label(kind, code)}: {whence}, so it cannot be emptied. Enter what is right "
            "instead, or take the entry out of the record",
            field=code,
        )
        for code, whence in by_whom.items()
    ]
    if faults:
        raise Refused(*faults)


def _by_whom(entry: Recorded, clash: Clash) -> Clash:
    """A clash with who said the other value and when."""
    used = entry.values.get(clash.field)
    if used is None:
        gone: list[Statement] = [s for s in entry.statements if s.field == clash.field]
        last = gone[-1] if gone else None
        return Clash(
            clash.field,
            clash.mine,
            "",
            last.by if last else "",
            last.stated_at if last else None,
        )
    statement = used.statement
    who = statement.by or f"{statement.file or 'a file'}"
    if statement.as_at and not statement.typed:
        who = f"{who}, as at {day(statement.as_at)},"
    return Clash(clash.field, clash.mine, clash.theirs, who, statement.stated_at)

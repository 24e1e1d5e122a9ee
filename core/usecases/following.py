"""An authority takes up a procedure, ends it, puts another in its place, and puts that right."""

from __future__ import annotations

from datetime import date, datetime

from core.domain import following as rules
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.staff import day_after, last_day
from core.registry import Registry
from core.store import audit, authorities, deadline_marks, enabled
from core.store.database import writing
from core.store.enabled import Enabled
from core.store.scope import Scope

ASKED = "Enter why"
MOVED = Finding(
    "Somebody else changed the procedures while this page was open: look at what stands now, and "
    "send it again if it is still meant"
)


class NoSuchProcedure(LookupError):
    """The authority does not follow such a procedure, or not as is asked."""


def may_follow(scope: Scope, registry: Registry, on: date) -> tuple[Procedure, ...]:
    """The editions in force on a day that this authority may enable: its own, and standards."""
    own = authorities.code_of(scope)
    codes = dict.fromkeys(
        entry.procedure.code
        for entry in registry
        if not entry.procedure.always and entry.procedure.authority in (None, own)
    )
    editions = (registry.edition(code, on) for code in codes)
    return tuple(edition for edition in editions if edition is not None)


def enable(
    scope: Scope,
    registry: Registry,
    code: str,
    since: date | None,
    why: str,
    seen: str,
    at: datetime,
) -> None:
    """Follow a procedure from a day on, last in the order; the day may lie in the past.

    Findings are beside ``code``, ``since`` and ``why``.
    """
    why, faults = _reason(why)
    faults = rules.day_findings(since, scope.on, "since", "Enter the first day") + faults
    with writing():
        rows = _rows(scope, seen)
        if since is None or faults:
            raise Refused(*_choice(scope, registry, code, since), *faults)
        _begin(scope, registry, rows, code, since, "since")
        position = max((row.position for row in rows), default=0) + 1
        enabled.add(scope, code, position, since, why, at)
        _changed(scope, at, "enable", code, None, {"first day": since.isoformat()}, why)


def end(
    scope: Scope,
    code: str,
    row_id: int | None,
    last: date | None,
    why: str,
    seen: str,
    at: datetime,
) -> None:
    """Follow a procedure no longer after a last day; one to come never begins.

    What is planned or under way under it stays so. Findings are beside ``last`` and ``end-why``.
    """
    why, faults = _reason(why, "end-why")
    faults = rules.day_findings(last, scope.on, "last", "Enter the last day") + faults
    until = day_after(last)
    with writing():
        row = _lasting(scope, _rows(scope, seen), code, row_id)
        if until is not None:
            after = "that day or a later one"
            faults += rules.ending(row, until, scope.on, "last", after=after)
        if faults or until is None:
            raise Refused(*faults)
        enabled.end(scope, row.id, max(until, row.since))
        _changed(scope, at, "end", code, _span(row), _span(row) | {"last day": str(last)}, why)


def replace(
    scope: Scope,
    registry: Registry,
    code: str,
    row_id: int | None,
    other: str,
    since: date | None,
    why: str,
    seen: str,
    at: datetime,
) -> None:
    """Put another procedure in the place of one from a day on: the one ends, the other begins.

    Findings are beside ``other``, ``other-since`` and ``other-why``.
    """
    why, faults = _reason(why, "other-why")
    faults = rules.day_findings(since, scope.on, "other-since", "Enter the first day") + faults
    with writing():
        rows = _rows(scope, seen)
        row = _lasting(scope, rows, code, row_id)
        if since is not None:
            faults += rules.ending(row, since, scope.on, "other-since")
        if faults or since is None:
            raise Refused(*_choice(scope, registry, other, since, "other"), *faults)
        others = [one for one in rows if one.id != row.id]
        _begin(scope, registry, others, other, since, "other-since", "other")
        enabled.end(scope, row.id, max(since, row.since))
        enabled.add(scope, other, row.position, since, why, at)
        ended = _span(row) | {"last day": str(last_day(since)), "replaced by": other}
        _changed(scope, at, "end", code, _span(row), ended, why)
        begun = {"first day": since.isoformat(), "in place of": code}
        _changed(scope, at, "enable", other, None, begun, why)


def change_first_day(
    scope: Scope,
    registry: Registry,
    code: str,
    row_id: int | None,
    since: date | None,
    why: str,
    seen: str,
    at: datetime,
) -> Enabled:
    """Follow a procedure from an earlier or a later day on than was said; gives what it was.

    Findings are beside ``first`` and ``first-why``.
    """
    why, faults = _reason(why, "first-why")
    faults = rules.day_findings(since, scope.on, "first", "Enter the first day") + faults
    with writing():
        rows = _rows(scope, seen)
        row = _one(rows, code, row_id)
        if since is not None:
            faults += _not_yet(registry, code, since, "first")
            faults += rules.beginning_on(rows, row, since, "first")
        if faults or since is None:
            raise Refused(*faults)
        enabled.begin_on(scope, row, since)
        after = _span(row) | {"first day": since.isoformat()}
        _changed(scope, at, "change first day", code, _span(row), after, why)
    return row


def take_last_day_back(
    scope: Scope, code: str, row_id: int | None, why: str, seen: str, at: datetime
) -> Enabled:
    """Follow a procedure on that had a last day, as one said in error; gives what it was.

    What was put in its place stays followed, in its own right. Findings are beside ``back`` and
    ``back-why``.
    """
    why, faults = _reason(why, "back-why")
    with writing():
        rows = _rows(scope, seen)
        row = _one(rows, code, row_id)
        if row.until is None:
            raise NoSuchProcedure
        faults = rules.reopening(rows, row, "back") + faults
        if faults:
            raise Refused(*faults)
        enabled.end(scope, row.id, None)
        after = {"first day": str(row.since)}
        _changed(scope, at, "take last day back", code, _span(row), after, why)
    return row


def move(
    scope: Scope, code: str, row_id: int | None, step: int, why: str, seen: str, at: datetime
) -> None:
    """Move a procedure up (-1) or down (1) in the order; findings beside ``move`` and ``move-why``.

    Of rules of one code that of the first procedure holds; what was decided stays as it was.
    """
    why, faults = _reason(why, "move-why")
    with writing():
        rows = _rows(scope, seen)
        row = _lasting(scope, rows, code, row_id)
        lasting = rules.lasting(rows, scope.on)
        places = rules.moved(lasting, row.id, step)
        if not places:
            way = "first" if step < 0 else "last"
            faults.insert(0, Finding(f"{code} is {way} already", field="move"))
        if faults:
            raise Refused(*faults)
        for one, position in places:
            enabled.place(scope, one, position)
        codes = {one.id: one.code for one in lasting}
        before = {"order": [one.code for one in lasting]}
        _changed(scope, at, "move", code, before, {"order": [codes[i] for i, _ in places]}, why)


def _rows(scope: Scope, seen: str) -> list[Enabled]:
    """What is followed, once nobody else can change it; refused where it is not what was seen."""
    authorities.lock(scope)
    rows = enabled.every(scope)
    if rules.seen_of(rows) != seen:
        raise Refused(MOVED)
    return rows


def _lasting(scope: Scope, rows: list[Enabled], code: str, row_id: int | None) -> Enabled:
    lasting = {row.id for row in rules.lasting(rows, scope.on)}
    for row in rows:
        if row.id == row_id and row.id in lasting and row.code == code:
            return row
    raise NoSuchProcedure


def _one(rows: list[Enabled], code: str, row_id: int | None) -> Enabled:
    """What is, was or will be followed, by its id."""
    for row in rows:
        if row.id == row_id and row.code == code and not row.never:
            return row
    raise NoSuchProcedure


def _not_yet(registry: Registry, code: str, since: date, field: str) -> list[Finding]:
    """Whether an installed procedure has no edition yet on its first day."""
    if registry.edition(code, since) is not None or registry.edition(code, date.max) is None:
        return []
    message = f"{code} was not in force yet on {day(since)}: enter a later first day"
    return [Finding(message, field=field)]


def _choice(
    scope: Scope, registry: Registry, code: str, since: date | None, field: str = "code"
) -> list[Finding]:
    """What is wrong with the procedure chosen, on its first day where that is known."""
    there = {procedure.code for procedure in may_follow(scope, registry, since or scope.on)}
    if code in there:
        return []
    if since is not None and code in {p.code for p in may_follow(scope, registry, date.max)}:
        return _not_yet(registry, code, since, field)
    return [Finding("Choose a procedure from the list", field=field)]


def _begin(
    scope: Scope,
    registry: Registry,
    rows: list[Enabled],
    code: str,
    since: date,
    since_field: str,
    field: str = "code",
) -> None:
    faults = _choice(scope, registry, code, since, field)
    if faults := faults or rules.beginning(rows, code, since, since_field):
        raise Refused(*faults)


def _reason(why: str, field: str = "why") -> tuple[str, list[Finding]]:
    fault = reason_fault(why, field=field, asked=ASKED)
    return reason_as_kept(why), [fault] if fault else []


def _span(row: Enabled) -> dict[str, str]:
    last = last_day(row.until)
    return {"first day": str(row.since)} | ({"last day": str(last)} if last else {})


def _changed(
    scope: Scope,
    at: datetime,
    did: str,
    code: str,
    before: dict[str, str] | dict[str, list[str]] | None,
    after: dict[str, str] | dict[str, list[str]],
    why: str,
) -> None:
    """Write the change into the audit, and have every child's deadlines worked out again."""
    deadline_marks.mark_all(scope, at)
    named = {"procedure": code, **after}
    audit.changed(scope, at, did, "procedure", code[:40], before=before, after=named, why=why)

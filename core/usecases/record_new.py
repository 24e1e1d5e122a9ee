"""An entry added to a child's record: beside what a file said of it, in place of older plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.finding import Finding, Refused, blocking
from core.domain.record import Kind
from core.domain.record.recorded import Recorded, agree
from core.domain.record.twins import twin_fault
from core.domain.record.wrong import IN_ORDER
from core.registry import Registry
from core.store import audit, record
from core.store.database import writing
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases import agreeing
from core.usecases.plans_reopened import CLOSED_BY
from core.usecases.record_held import as_kept, child_of, faults_of, said_of, saved, typed_kind

ORDER = IN_ORDER["plan"]
THAT_ONE = "correct that one"


@dataclass(frozen=True, slots=True)
class Added:
    """The public id of the entry; ``closed`` are the plans whose place it took."""

    public_id: str
    closed: int = 0


def add(
    scope: Scope,
    child_public_id: str,
    kind_code: str,
    typed: Mapping[str, str],
    at: datetime,
    *,
    part_of: str = "",
    registry: Registry | None = None,
) -> Added:
    """Add an entry to a child's record, in a transaction of its own, as ``add_here`` does."""
    with writing():
        return add_here(
            scope, child_public_id, kind_code, typed, at, part_of=part_of, registry=registry
        )


def add_here(
    scope: Scope,
    child_public_id: str,
    kind_code: str,
    typed: Mapping[str, str],
    at: datetime,
    *,
    part_of: str = "",
    why: str = "",
    registry: Registry | None = None,
    before_a_plan: bool = False,
) -> Added:
    """Add an entry in the transaction under way; ``part_of`` is the public id of its plan.

    ``before_a_plan`` is said of an option that was weighed while there was no plan: part of none.

    Where a file has stated the same thing (its key), what is typed goes to that entry: both stand
    side by side. A plan takes the place of those before it. The same form sent twice adds once.
    ``why`` is kept with what is said: of what it is the answer. With the ``registry``, the
    authority's procedures are asked whether it may be so.
    """
    kind = typed_kind(kind_code, scope)
    values = as_kept(kind, {field: value for field, value in typed.items() if value})
    child = child_of(scope, lambda: record.child(scope, child_public_id, changes=True))
    there = record.entries(scope, child.id)
    whole = _whole(there, kind, part_of) if kind.part_of and not before_a_plan else None
    same = [
        entry
        for entry in there
        if entry.kind == kind_code
        and entry.stands
        and entry.parent_id == (whole.id if whole else None)
    ]
    if kind.single and any(any(s.typed for s in entry.statements) for entry in same):
        raise Refused(Finding(f"{kind.title} is recorded already: correct what is there"))
    _check(kind, values, values, frozenset(f.code for f in kind.fields), child, scope)
    if not values:
        raise Refused(Finding(f"Enter something of {kind.one}", field=kind.typed_here[0].code))
    key = kind.key_of(values)
    met = _met(same, kind, key, values.get("primary", ""))
    if twice := _twice(same, values, scope):
        return Added(twice.public_id)
    if kind_code != "plan" and (
        twin := twin_fault(kind, values, [entry for entry in same if entry is not met], THAT_ONE)
    ):
        raise Refused(twin)
    if registry is not None:
        _asked(scope, registry, child, kind, values, [entry for entry in same if entry is not met])
    if met is not None:
        entry_id, public_id = met.id, met.public_id
        record.change(scope, met.id, met.version)
    else:
        entry_id, public_id = record.add(
            scope, child.id, kind_code, key, whole.id if whole else None, at
        )
    of = said_of(whole) if whole else ""
    record.state(scope, child.id, entry_id, values, at, why, of)
    closed = _close_plans(scope, child, same, values, public_id, at) if kind_code == "plan" else 0
    saved(scope, child, kind_code)
    after = {"kind": kind_code, "entry": public_id, **values}
    audit.changed(scope, at, "add to record", "child", child.public_id, after=after, why=why)
    return Added(public_id, closed)


def _asked(
    scope: Scope,
    registry: Registry,
    child: ChildOf,
    kind: Kind,
    values: Mapping[str, str],
    others: list[Recorded],
) -> None:
    """Refuse what the authority's procedures do not allow."""
    found = list(agreeing.entry_findings(scope, registry, kind.code, values, others))
    on = agreeing.agreed_on(values, scope.on) if kind.code == "plan" else None
    if on is not None:
        found += agreeing.findings(scope, registry, child, values, on)
    if kind.code == "plan":
        found += agreeing.approved_findings(scope, registry, child, {}, values)
    if against := blocking(tuple(dict.fromkeys(found))):
        raise Refused(*against)


def _met(same: Iterable[Recorded], kind: Kind, key: str, primary: str = "") -> Recorded | None:
    """The entry that files alone have stated and that is of the same thing as what is typed.

    A plan of the same day is the same where its option may be the one typed, ``primary``.
    """
    # A list says a plan without a day: so does one that is typed without a day.
    if not key and not kind.single and kind.code != "plan":
        return None
    return next(
        (
            entry
            for entry in same
            if entry.key == key
            and not any(said.typed for said in entry.statements)
            and (
                kind.code != "plan"
                or entry.value("primary") == ""
                or agree("plan", "primary", entry.value("primary"), primary)
            )
        ),
        None,
    )


def _twice(same: Iterable[Recorded], values: Mapping[str, str], scope: Scope) -> Recorded | None:
    """The entry that the same person has just typed with these very values."""
    for entry in same:
        now = {name: used for name, used in entry.values.items() if used.statement.typed}
        if {name: used.value for name, used in now.items()} == dict(values) and all(
            used.statement.by == scope.name for used in now.values()
        ):
            return entry
    return None


def _close_plans(
    scope: Scope,
    child: ChildOf,
    plans: Iterable[Recorded],
    values: Mapping[str, str],
    public_id: str,
    at: datetime,
) -> int:
    """Say of the plans before a new one that they are over; gives how many.

    Each ends on the new one's day, or on the last of its own days where that came later.
    """
    if values.get("ended_on") or values.get("state") == "ended":
        return 0
    since = values.get("identified_on") or values.get("agreed_on") or scope.on.isoformat()
    closed = 0
    for plan in plans:
        own = plan.value("identified_on") or plan.value("agreed_on")
        if plan.public_id == public_id or plan.ended or own > since:
            continue
        end = max(since, *(plan.value(first) for first, then in ORDER if then == "ended_on"))
        record.state(scope, child.id, plan.id, {"ended_on": end}, at, CLOSED_BY, said_of(plan))
        record.change(scope, plan.id, plan.version)
        audit.changed(
            scope,
            at,
            "correct record",
            "child",
            child.public_id,
            before={"kind": "plan", "entry": plan.public_id, "ended_on": ""},
            after={"kind": "plan", "entry": plan.public_id, "ended_on": end},
            why=CLOSED_BY,
        )
        closed += 1
    return closed


def _whole(there: Iterable[Recorded], kind: Kind, public_id: str) -> Recorded:
    for entry in there:
        if entry.public_id == public_id and entry.kind == kind.part_of and entry.stands:
            return entry
    raise Refused(Finding("The plan of which this is a part is not in the record any more"))


def _check(
    kind: Kind,
    given: Mapping[str, str],
    stands: Mapping[str, str],
    changed: frozenset[str],
    child: ChildOf,
    scope: Scope,
) -> None:
    if faults := faults_of(kind, given, stands, changed, child, scope):
        raise Refused(*faults)

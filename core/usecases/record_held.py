"""What every change of the record begins and ends with: the child held, faults, the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.record import KINDS, Kind
from core.domain.record.recorded import Recorded
from core.domain.record.wrong import entry_faults, value_fault
from core.store import audit, authorities, record, record_summary, returns, stated_care
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases.child_changed import care_again

GONE = "This is not in the record any more"
_at_the_end: ContextVar[set[int] | None] = ContextVar("saved_at_the_end", default=None)


def child_of(scope: Scope, find: Callable[[], ChildOf | None]) -> ChildOf:
    """The child, whose record nobody else, nor an import, changes until this transaction ends."""
    # The authority's record first, as an import does, which rests on its version; and the child
    # only then: who waited here may have waited for a merge.
    authorities.lock(scope)
    child = find()
    if child is None:
        raise Refused(Finding(GONE))
    record_summary.lock(scope, [child.id])
    return child


def typed_kind(code: str, scope: Scope) -> Kind:
    """A kind of entry that the asker types; Refused for one that holds what files say."""
    kind = KINDS[code]
    if not types(kind, scope):
        raise Refused(Finding(f"{kind.title}: only the chair or a manager enters this"))
    if kind.from_files:
        raise Refused(Finding(f"{kind.title}: nobody types this, it comes from files"))
    if kind.by_steps:
        raise Refused(Finding(f"{kind.title}: nobody types this, it has a page of its own"))
    return kind


def types(kind: Kind, scope: Scope) -> bool:
    """Whether the asker, or a colleague whom they cover, has a role that types entries of a kind.

    Who acts for the whole authority does.
    """
    roles = scope.roles.union(*(roles for _, roles in scope.covers))
    return not kind.typed_by or scope.account_id is None or not kind.typed_by.isdisjoint(roles)


def alike(entry: Recorded, there: Iterable[Recorded]) -> list[Recorded]:
    """The other entries of its kind, and of the same plan, that stand."""
    return [
        other
        for other in there
        if other.kind == entry.kind
        and other.stands
        and other.id != entry.id
        and other.parent_id == entry.parent_id
    ]


def saved(scope: Scope, child: ChildOf, kind: str) -> None:
    """Have lists show what stands of the record now, and imports notice that it has moved.

    What lists state of a child's care has the care worked out again.
    """
    if kind == stated_care.KIND:
        care_again(scope, child)
    waiting = _at_the_end.get()
    if waiting is not None:
        waiting.add(child.id)
        return
    record_summary.put(scope, [child.id])
    returns.move_record(scope)


@contextmanager
def saved_once(scope: Scope) -> Iterator[None]:
    """Save many changes of the same few children once, within the transaction under way."""
    waiting: set[int] = set()
    token = _at_the_end.set(waiting)
    try:
        yield
    finally:
        _at_the_end.reset(token)
    if waiting:
        record_summary.put(scope, sorted(waiting))
        returns.move_record(scope)


def entry_of(scope: Scope, public_id: str) -> tuple[ChildOf, Recorded, list[Recorded]]:
    """The child, the entry and all entries of that child, read once nobody else changes them."""
    child = child_of(scope, lambda: record.child_of_entry(scope, public_id, changes=True))
    there = record.entries(scope, child.id)
    entry = next((entry for entry in there if entry.public_id == public_id), None)
    if entry is None:
        raise Refused(Finding(GONE))
    return child, entry, there


def faults_of(
    kind: Kind,
    given: Mapping[str, str],
    stands: Mapping[str, str],
    changed: frozenset[str],
    child: ChildOf,
    scope: Scope,
) -> list[Finding]:
    faults = []
    for code, value in given.items():
        field = kind.field(code)
        if field is None:
            raise Refused(Finding(GONE))
        if fault := value_fault(field, value, scope.on, child.born, child.birth_expected):
            faults.append(Finding(fault, field=code))
    return faults or list(entry_faults(kind, stands, changed, scope.on))


def as_kept(kind: Kind, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as it is kept; Refused for a field that there is not."""
    kept = {}
    for code, value in typed.items():
        field = kind.field(code)
        if field is None:
            raise Refused(Finding(GONE))
        if field.in_care:
            raise Refused(Finding(f"“{field.label}” is typed under Identity and care", field=code))
        kept[code] = field.as_kept(value)
    return kept


def said_of(entry: Recorded) -> str:
    """The local id of which is said what is typed of an entry: "" for the child's own.

    An entry that came whole with a record merged into this one stays of that record, also as it is
    corrected; what there is once for a child is the child's own.
    """
    ids = {said.said_of for said in entry.statements}
    return ids.pop() if len(ids) == 1 and not KINDS[entry.kind].single else ""


def label(kind: Kind, code: str) -> str:
    field = kind.field(code)
    return f"“{field.label}”" if field is not None else code


def audited(
    scope: Scope,
    at: datetime,
    did: str,
    child: ChildOf,
    entry: Recorded,
    before: Mapping[str, str],
    after: Mapping[str, str],
    why: str,
) -> None:
    which = {"kind": entry.kind, "entry": entry.public_id}
    kept = {code: value for code, value in before.items() if not after or code in after}
    audit.changed(
        scope,
        at,
        did,
        "child",
        child.public_id,
        before={**which, **kept},
        after={**which, **after},
        why=why.strip(),
    )

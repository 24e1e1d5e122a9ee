"""What a return changes of children's time in care, each change with the row that it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.domain.dates import day
from core.domain.episode import RowSource
from core.imports.ssda903 import Return903
from core.store.care import LEGAL, PERIOD, PLACEMENT, Derived
from core.store.returns import KnownChild
from core.store.stated_care import KIND

SHOWN = (
    "status",
    "became_looked_after",
    "ceased",
    "legal_status",
    "placement",
    "base_placement",
    "latest_review",
)
OTHERWISE = "-otherwise"
"""What follows the subject of a kept change where a file says otherwise than a person typed."""
BESIDE = "-beside"
"""What follows it where a plan is kept beside the plan in use, and nothing in use changes."""
#: The derived rows from which a field is told; the others are told by the last episode.
_TOLD_BY: Mapping[str, str] = {
    "became_looked_after": PERIOD,
    "legal_status": LEGAL,
    "placement": PLACEMENT,
    "base_placement": PLACEMENT,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an import changes of one child, with where the new value stands.

    ``subject`` is "identity", "care", "people", "team", "action", or a kind of entry
    (core.domain.record), of which ``key`` tells apart several of one child. ``otherwise`` is what
    a file says in ``after`` and does not come into use: what a person typed, ``before``, stays.
    ``beside`` is of a plan that is kept beside the plan in use.
    """

    child: str
    field: str
    before: str
    after: str
    file: str = ""
    line: int | None = None
    subject: str = "identity"
    key: str = ""
    otherwise: bool = False
    beside: bool = False

    @property
    def name(self) -> str:
        """How the audit names what changed."""
        if self.subject in ("identity", "care", "people", "team"):
            return self.field
        return " ".join(part for part in (self.subject, self.key, self.field) if part)


def shown(value: object) -> str:
    """A value as a change has it: a day in words, a code as it is, "" for none."""
    if value is None:
        return ""
    return day(value) if isinstance(value, date) else str(value)


def care_changes(
    derived: Derived,
    before: Mapping[int, Mapping[str, Any]],
    known: Mapping[str, KnownChild],
    found: Return903,
    file_ids: Mapping[str, int],
) -> list[Change]:
    """What differs between what was derived of each child and what will be.

    A change has the file and line of the row that tells it, where that row is in this return.
    """
    names = {number: name for name, number in file_ids.items()}
    places = _Places(derived, found, names, known)
    changes: list[Change] = []
    for local, after in derived.summaries():
        child = known.get(local)
        old = before.get(child.id, {}) if child else {}
        for field in SHOWN:
            was, will_be = shown(old.get(field)), shown(after[field])
            if was != will_be:
                source = places.of(local, field, after[field]) if child else None
                changes.append(
                    Change(
                        local,
                        field,
                        was,
                        will_be,
                        source.file if source else "",
                        source.line if source else None,
                        "care",
                    )
                )
    return changes


#: What a list states of care, and what is derived of it.
_STATED: Mapping[str, str] = {
    "started_on": "became_looked_after",
    "legal_status": "legal_status",
    "placement": "placement",
}


def of_lists(
    changes: Iterable[Change],
    before: Mapping[int, Mapping[str, Any]],
    derived: Derived,
    known: Mapping[str, KnownChild],
) -> Iterator[Change]:
    """The changes of the record, care as lists state it set against what is known of the child.

    What is known already is left out; where what is known stays, the list says otherwise.
    """
    after: dict[str, Mapping[str, Any]] = {}
    for change in changes:
        name = _STATED.get(change.field) if change.subject == KIND else None
        child = known.get(change.child)
        if name is None or child is None or change.otherwise:
            yield change
            continue
        after = after or dict(derived.summaries())
        old = before.get(child.id, {}).get(name)
        stays = shown(after.get(change.child, {}).get(name)) == shown(old)
        said = str(old.isoformat()) if isinstance(old, date) else shown(old)
        if not said:
            yield change
        elif said != change.after:
            yield replace(change, before=said, otherwise=stays)


class _Places:
    """Where the rows stand that tell of each child's care; gathered when first asked for."""

    def __init__(
        self,
        derived: Derived,
        found: Return903,
        names: Mapping[int, str],
        known: Mapping[str, KnownChild],
    ) -> None:
        self._derived, self._found, self._names, self._known = derived, found, names, known
        self._last: dict[str, dict[str, RowSource | None]] = {}
        self._reviews: dict[tuple[str, date], RowSource | None] = {}

    def of(self, child: str, field: str, value: object) -> RowSource | None:
        if not self._last:
            self._gather()
        if field == "latest_review":
            return self._reviews.get((child, value)) if isinstance(value, date) else None
        return self._last[field if field in _TOLD_BY else "status"].get(child)

    def _gather(self) -> None:
        for field, name in _TOLD_BY.items():
            rows: Iterable[tuple[str, dict[str, Any]]] = self._derived.rows[name]
            if field == "base_placement":
                rows = [row for row in rows if not row[1]["temporary"]]
            self._last[field] = dict(self._origins(rows))
        episodes = sorted(
            self._found.episodes, key=lambda row: (row.fact.decom, row.fact.dec or date.max)
        )
        self._last["status"] = {self._home(row.child): row.fact.source for row in episodes}
        self._reviews = {
            (self._home(row.child), row.fact.on): row.fact.source for row in self._found.reviews
        }

    def _home(self, local: str) -> str:
        """The local id of the record in which a child of the return is kept."""
        child = self._known.get(local)
        return child.local_id if child is not None else local

    def _origins(
        self, rows: Iterable[tuple[str, dict[str, Any]]]
    ) -> Iterator[tuple[str, RowSource | None]]:
        for child, row in rows:
            name = self._names.get(row["import_file_id"])
            yield child, RowSource(name, row["import_line"]) if name else None


def rows_of(
    changes: Iterable[Change], known: Mapping[str, KnownChild], lists: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """The changes as the preview keeps them: of children in the record.

    Of children who are new, those that stand in ``lists``, the files beside a return: a return's
    whole content would be shown otherwise.
    """
    for change in changes:
        if change.child in known or change.file in lists:
            yield {
                "child": change.child,
                "subject": change.subject + OTHERWISE * change.otherwise + BESIDE * change.beside,
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "file": change.file[:200],
                "line": change.line,
            }

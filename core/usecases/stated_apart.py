"""Whom files name with two children who were one record: each has their own again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.allocating import Named, allocate, by_hand, given_nothing_new
from core.store import audit, stated_people
from core.store.scope import Scope
from core.store.stated_people import HeldRow, NamedRow


@dataclass(frozen=True, slots=True)
class _Given:
    """An allocation as it becomes: from ``since`` until ``until``; ``was`` as it stood before."""

    child_id: int
    relation: str
    account_id: int
    since: date
    until: date | None
    was: HeldRow | None = None

    @property
    def row(self) -> dict[str, object]:
        return {
            "child_id": self.child_id,
            "account_id": self.account_id,
            "relation": self.relation,
            "since": self.since,
            "until": self.until,
        }

    @property
    def longer(self) -> bool:
        """Whether somebody works with the child on days on which they did not before."""
        if self.was is None or self.until is None:
            return True
        return self.was.until is not None and self.until > self.was.until


def made_by_hand(scope: Scope, child_ids: Collection[int]) -> list[int]:
    """The ids of the allocations of these children that no file gave, each by its own files."""
    named = stated_people.named(scope, child_ids)
    found: list[int] = []
    held: dict[tuple[int, str], list[HeldRow]] = {}
    for row in stated_people.held(scope, child_ids):
        held.setdefault((row.child_id, row.relation), []).append(row)
    for of, theirs in held.items():
        own = _named(row for row in named if (row.child_id, row.relation) == of)
        found += [row.id for row in by_hand(theirs, own)]
    return found


def apart(
    scope: Scope, children: Mapping[int, str], made: Collection[int], why: str, at: datetime
) -> None:
    """Work out whom files name with each child now, and the allocations that follow from it.

    In the transaction under way, once what was said of each stands with each. What files gave while
    they were one stays only where a file names somebody with that child; what people did stays,
    that which they ``made`` before too. ``children`` are public ids by id. Each allocation that is
    given, ends otherwise or is gone is written to the audit of its child.
    """
    shut_out = stated_people.suspended(scope)
    named = stated_people.named(scope, children)
    held = stated_people.held(scope, children)
    by_id = {row.id: row for row in held}
    current: list[int] = []
    given: list[_Given] = []
    gone: list[int] = []
    for relation in sorted({row.relation for row in named}):
        of_both = [row for row in named if row.relation == relation]
        for child_id in children:
            own = [row for row in of_both if row.child_id == child_id]
            last = max((row.as_at for row in own), default=None)
            current += [row.id for row in own if row.ended and row.as_at == last]
            theirs = [r for r in held if (r.child_id, r.relation) == (child_id, relation)]
            found = allocate(
                given_nothing_new(_named(of_both), theirs, shut_out),
                given_nothing_new(_named(own), theirs, shut_out),
                theirs,
                made,
            )
            given += [
                _Given(child_id, relation, account, since, end) for account, since, end in found.new
            ]
            given += [_until(by_id[row_id], end) for row_id, end in found.until.items()]
            gone += found.gone
    stated_people.put_named(scope, (), gone=(), ended=(), current=current, matched={}, at=at)
    stated_people.put_held(
        scope,
        [one.row for one in given if one.was is None],
        gone,
        {one.was.id: one.until for one in given if one.was is not None},
    )
    # An allocation that is gone is told as over from its first day.
    given += [_until(by_id[row_id], by_id[row_id].since) for row_id in gone]
    _tell(scope, children, given, why, at)


def _named(rows: Iterable[NamedRow]) -> list[Named]:
    """Who is named from which day."""
    return [(row.as_at, row.account_id) for row in rows]


def _until(row: HeldRow, until: date | None) -> _Given:
    return _Given(row.child_id, row.relation, row.account_id, row.since, until, row)


def _tell(
    scope: Scope, children: Mapping[int, str], given: Collection[_Given], why: str, at: datetime
) -> None:
    """Write to the audit what became of each allocation, in the words of a single step."""
    names = stated_people.account_names(scope) if given else {}
    for one in given:
        name = names[one.account_id]
        days = {"until": one.until.isoformat() if one.until else ""}
        if one.longer:
            days = {"since": one.since.isoformat(), **days}
        before = "" if one.was is None else f"{name} {_days(one.was)}"
        audit.changed(
            scope, at, "allocate" if one.longer else "end allocation", "child",
            children[one.child_id],
            before={one.relation: before}, after={one.relation: name, **days}, why=why,
        )  # fmt: skip


def _days(row: HeldRow) -> str:
    until = f" until {row.until.isoformat()}" if row.until else ""
    return f"since {row.since.isoformat()}{until}"

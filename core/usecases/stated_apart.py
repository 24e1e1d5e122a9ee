"""Whom files name with two children who were one record: each has their own again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from core.domain.allocating import Named, allocate, given_nothing_new
from core.store import stated_people
from core.store.scope import Scope
from core.store.stated_people import NamedRow


def apart(scope: Scope, child_ids: Collection[int], at: datetime) -> None:
    """Work out whom files name with each child now, and the allocations that follow from it.

    In the transaction under way, once what was said of each stands with each. What files gave while
    they were one stays only where a file names somebody with that child; what people did stays.
    """
    shut_out = stated_people.suspended(scope)
    named = stated_people.named(scope, child_ids)
    held = stated_people.held(scope, child_ids)
    current: list[int] = []
    new: list[dict[str, object]] = []
    gone: list[int] = []
    until = {}
    for relation in sorted({row.relation for row in named}):
        of_both = [row for row in named if row.relation == relation]
        for child_id in child_ids:
            own = [row for row in of_both if row.child_id == child_id]
            last = max((row.as_at for row in own), default=None)
            current += [row.id for row in own if row.ended and row.as_at == last]
            theirs = [r for r in held if (r.child_id, r.relation) == (child_id, relation)]
            found = allocate(
                given_nothing_new(_named(of_both), theirs, shut_out),
                given_nothing_new(_named(own), theirs, shut_out),
                theirs,
            )
            new += [
                {
                    "child_id": child_id,
                    "account_id": account,
                    "relation": relation,
                    "since": since,
                    "until": end,
                }
                for account, since, end in found.new
            ]
            gone += found.gone
            until.update(found.until)
    stated_people.put_named(scope, (), gone=(), ended=(), current=current, matched={}, at=at)
    stated_people.put_held(scope, new, gone, until)


def _named(rows: Iterable[NamedRow]) -> list[Named]:
    """Who is named from which day."""
    return [(row.as_at, row.account_id) for row in rows]

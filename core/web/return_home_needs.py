"""A return home that drifts by its steps being moved: for the reviewing officer, who raises it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.domain.suggesting import SLIPPED
from core.store import return_home
from core.store.scope import Scope
from core.usecases import plan_approving
from core.web import asker, pages, plan_watch
from core.web.needs import LIST, More, Need
from core.web.rules_here import rules_here

RULE = "return-home-drift"


def needs(scope: Scope) -> Iterator[Need | More]:
    """What the reviewing officer raises with the social worker and the case supervisor."""
    if "iro" not in plan_approving.roles(scope):
        return
    if not any(entry.procedure.deadline(RULE) for entry in asker.registry()):
        return
    moved = return_home.moved(scope)
    followed = rules_here().followed(scope.on) if moved else ()
    rules = (rule for one in followed if (rule := one.deadline(RULE)) is not None)
    rule, slipped = next(rules, None), plan_watch.watch(SLIPPED) if moved else None
    if rule is None or slipped is None:
        return
    found = [one for one in moved if one.moved >= slipped.moves]
    if found:
        pages.listed(LIST, [one.public_id for one in found])
    for one in found:
        since = f" since a delay was raised on {day(one.since)}" if one.since else ""
        times = "once" if one.moved == 1 else f"{one.moved} times"
        yield Need(
            None,
            f"A return home drifts: {one.name}",
            f"The step “{one.what}” was moved {times}{since} and is not done. Raise it with the "
            "social worker and the case supervisor, with the plan to avoid further drift.",
            rule.clauses,
            url_for("record.new", public_id=one.public_id, kind="return-home-delay"),
            "Raise the delay",
            now=True,
        )

"""A return home that drifts: for the reviewing officer, who raises it and takes it further."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.domain.due import State
from core.domain.suggesting import SLIPPED
from core.store import deadlines_pressing, return_home
from core.store.deadlines_pressing import Wanted
from core.store.scope import Scope
from core.usecases import plan_approving
from core.web import asker, pages, plan_watch
from core.web.needs import LIST, More, Need
from core.web.rules_here import rules_here

RULE, CONTINUES = "return-home-drift", "return-home-continues"
MOST = 20


def needs(scope: Scope) -> Iterator[Need | More]:
    """What the reviewing officer raises, and the raised delays that they take to the manager."""
    if "iro" not in plan_approving.roles(scope):
        return
    if not any(entry.procedure.deadline(RULE) for entry in asker.registry()):
        return
    yield from _continued(scope)
    yield from _moved(scope)


def _continued(scope: Scope) -> Iterator[Need]:
    """The delays that were raised, and go on for longer than laid down: two stages (PPM2-3.5)."""
    rules = [
        (entry.procedure.code, CONTINUES)
        for entry in asker.registry()
        if entry.procedure.deadline(CONTINUES) is not None
    ]
    wanted = Wanted(MOST, states=(State.LATE,))
    (found,) = deadlines_pressing.asking(scope, asker.registry(), rules, wanted)
    if found.rows:
        pages.listed(LIST, [one.child.public_id for one in found.rows])
    for one in found.rows:
        due = f" {day(one.fact.due)}" if one.fact.due is not None else " then"
        yield Need(
            None,
            f"A delay of a return home goes on: {one.child.name}",
            f"It was to be ended or escalated by{due}. Escalate it to the team manager: is the "
            "return home still viable?",
            one.fact.clauses,
            url_for("approvals.page", public_id=one.child.public_id),
            "Open the delay",
            now=True,
        )


def _moved(scope: Scope) -> Iterator[Need]:
    """The steps that were moved as often as the authority counts as drift."""
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

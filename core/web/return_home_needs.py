"""A return home that drifts by its steps being moved: for the reviewing officer, who raises it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.store import return_home
from core.store.scope import Scope
from core.usecases import plan_approving
from core.web import asker, pages
from core.web.needs import LIST, More, Need
from core.web.rules_here import rules_here

RULE = "return-home-drift"


def needs(scope: Scope) -> Iterator[Need | More]:
    """What the reviewing officer raises with the social worker and the case supervisor."""
    if "iro" not in plan_approving.roles(scope):
        return
    if not any(entry.procedure.deadline(RULE) for entry in asker.registry()):
        return
    found = return_home.moved(scope)
    followed = rules_here().followed(scope.on) if found else ()
    rules = (rule for one in followed if (rule := one.deadline(RULE)) is not None)
    rule = next(rules, None)
    if rule is None:
        return
    if found:
        pages.listed(LIST, [one.public_id for one in found])
    for one in found:
        yield Need(
            None,
            f"A return home drifts: {one.name}",
            f"The step “{one.what}” was moved {one.moved} times and is not done. Raise it with the "
            "social worker and the case supervisor, with the plan to avoid further drift.",
            rule.clauses,
            url_for("record.new", public_id=one.public_id, kind="return-home-delay"),
            "Raise the delay",
            now=True,
        )

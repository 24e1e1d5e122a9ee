"""Approvals of plans that wait for somebody, or for the colleague for whom they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.store.scope import Scope
from core.usecases import plan_approving
from core.usecases.plan_approving import Waiting
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.needs import LIST, More, Need, for_whom


def refused(scope: Scope) -> Iterator[Need | More]:
    """For who asked for an approval: that it was refused, and with which words."""
    if not ACCESS["approvals.ask"].allows(scope.roles):
        return
    found = plan_approving.refused_to(scope, asker.registry())
    if found:
        pages.listed(LIST, [one.row.child_public_id for one in found])
    for one in found:
        entry, rule = one.step.entry, one.step.rule
        if entry is None:
            continue
        on = entry.day("answered_on")
        said = f"By {entry.value('answered_by')}" + (f" on {day(on)}" if on is not None else "")
        yield Need(
            None,
            f"Not approved: {rule.title}: {one.row.name}",
            f"{said}: {entry.value('words')} The plan stays provisional: change it, or ask anew.",
            rule.clauses,
            url_for(
                "approvals.page",
                public_id=one.row.child_public_id,
                _anchor=f"approval-{entry.public_id}",
            ),
            "See what was said",
            now=True,
        )


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who approves plans: what is asked, why, and the clause."""
    if not ACCESS["approvals.answer"].allows(scope.roles):
        return
    found = plan_approving.waiting(scope, asker.registry())
    if found:
        pages.listed(LIST, [one.row.child_public_id for one in found])
    yield from (need for one in found if (need := _need(one)) is not None)


def _need(one: Waiting) -> Need | None:
    entry, rule = one.step.entry, one.step.rule
    if entry is None:
        return None
    said = entry.value("asked_words")
    return Need(
        None,
        f"Approve or not: {rule.title}: {one.row.name}",
        f"{for_whom(one.away)}{one.step.why}. {plan_approving.asked_words(entry)}."
        + (f" {said}" if said else ""),
        rule.clauses,
        url_for(
            "approvals.page",
            public_id=one.row.child_public_id,
            _anchor=f"approval-{entry.public_id}",
        ),
        "Approve it or not",
        now=True,
    )

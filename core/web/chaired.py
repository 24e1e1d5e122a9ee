"""The bodies that the asker chairs, and those of meetings and referrals, by their codes."""

from __future__ import annotations

from core.store.referrals_waiting import Referral
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.usecases.standing import chairs_body
from core.web.access import ADMINISTERS_PANEL, CHAIRS
from core.web.rules_here import rules_here


def chaired(scope: Scope) -> frozenset[tuple[str, str]]:
    """The bodies that the asker chairs, each by its procedure's code and its own."""
    if not scope.has(*CHAIRS):
        return frozenset()
    here = rules_here()
    editions = (here.with_figures(entry.procedure, scope.on) for entry in here.registry)
    return frozenset(
        (edition.code, body.code)
        for edition in editions
        for body in edition.bodies
        if chairs_body(scope, edition.code, body)
    )


def chaired_or_all(scope: Scope) -> frozenset[tuple[str, str]] | None:
    """The bodies whose meetings are the asker's to see to: None, every one, for who administers."""
    return None if scope.has(*ADMINISTERS_PANEL) else chaired(scope)


def body_of(thing: Referral | OwnMeeting) -> tuple[str, str]:
    """The body of a referral or of a meeting, as ``chaired`` names it."""
    return thing.procedure_code, thing.body_code

"""What of referrals needs somebody: to finish or mend, to decide on, and left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import g, url_for

from core.domain.booked import papers_rule
from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.meeting import MeetingState
from core.store import case_lists, referrals_waiting, waiting
from core.store.referrals_waiting import Referral, Waiting
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.web.access import ACCESS, ADMINISTERS_PANEL, REFERS
from core.web.chaired import body_of, chaired
from core.web.meeting_titles import body_title
from core.web.needs import More, Need, for_whom, listed, more
from core.web.papers_due import papers_why
from core.web.rules_here import rules_here


def needs(scope: Scope) -> Iterator[Need | More]:
    """For the referrer, the chair and who administers: seven queries at most."""
    if ACCESS["cases.form"].allows(scope.roles) and scope.has(*REFERS):
        yield from _my_referrals(scope)
    chairing = chaired(scope)
    if not chairing and not scope.has(*ADMINISTERS_PANEL):
        return
    found = waits(scope).decide
    yield from _to_accept(r for r in found if body_of(r) in chairing)
    yield from _left_behind(r for r in found if body_of(r) not in chairing)
    words = ("referral waits for a chair", "referrals wait for a chair")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")


def coming(scope: Scope) -> list[OwnMeeting]:
    """The next meetings, for who administers them, read once for each page that asks."""
    if not hasattr(g, "coming"):
        administers = scope.has(*ADMINISTERS_PANEL)
        g.coming = waiting.next_meetings(scope) if administers else []
    return g.coming  # type: ignore[no-any-return]


def waits(scope: Scope) -> Waiting:
    """What waits for the asker as chair, or as who administers, and for the next meetings.

    Read once for each page that asks: three queries.
    """
    if not hasattr(g, "referrals"):
        g.referrals = referrals_waiting.waiting(
            scope,
            chaired(scope),
            {meeting.id for meeting in coming(scope)},
            left_behind=scope.has(*ADMINISTERS_PANEL),
        )
    return g.referrals  # type: ignore[no-any-return]


def _my_referrals(scope: Scope) -> Iterator[Need]:
    held = waiting.held_already(scope)
    for case in case_lists.mine(scope):
        listed(case.children)
        mend = case.state is CaseState.RETURNED
        procedure = rules_here().in_force(case.procedure_code, case.meeting_on or scope.on)
        rule = papers_rule(procedure) if procedure else None
        why = papers_why(rule, case.meeting_on)
        if gone := held.get(case.id):
            became = "is cancelled" if gone.state == MeetingState.CANCELLED else "has been held"
            why = f"The {body_title(gone)} of {day(gone.held_on)} {became}: choose another"
        yield Need(
            case.due,
            f"{'Mend' if mend else 'Finish'} the referral of {case.names or 'a child'}",
            for_whom("" if case.referrer_id == scope.account_id else case.referrer)
            + ("The chair sent it back. " if mend else "")
            + why,
            rule.clauses if rule else (),
            url_for("cases.page" if mend else "cases.form", public_id=case.public_id),
            "Mend it" if mend else "Go on with it",
        )


def _to_accept(referrals: Iterable[Referral]) -> Iterator[Need]:
    for referral in referrals:
        listed(referral.children)
        names = ", ".join(child.name for child in referral.children) or "a child"
        lacks = ["came late"] * referral.late + ["is incomplete"] * bool(referral.unanswered)
        what, why = "Accept, return or defer", f"it {' and '.join(lacks)}" if lacks else ""
        if referral.over:
            over = "cancelled" if referral.cancelled else "over"
            what, why = "Return or defer", f"that meeting is {over}"
        yield Need(
            referral.meeting_on,
            f"{what} the referral of {names}",
            f"{referral.referrer or 'Somebody'} refers to the meeting on "
            f"{day(referral.meeting_on)}{f': {why}' if why else ''}",
            (),
            url_for("cases.page", public_id=referral.public_id),
            "Decide on it",
        )


def _left_behind(referrals: Iterable[Referral]) -> Iterator[Need]:
    """For who administers: what waits for the chair though its meeting is over or cancelled."""
    for referral in referrals:
        listed(referral.children)
        names = ", ".join(child.name for child in referral.children) or "a child"
        yield Need(
            referral.meeting_on,
            f"Ask the chair to return or defer the referral of {names}",
            f"It was submitted for the meeting on {day(referral.meeting_on)}, which is "
            f"{'cancelled' if referral.cancelled else 'over'}, and still waits for the chair",
            (),
            url_for("cases.page", public_id=referral.public_id),
            "Look at it",
        )

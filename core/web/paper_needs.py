"""Papers to sign, and to chase for the next meetings: of whom, and from whom they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from core.domain.booked import papers_due
from core.domain.case import EDITABLE
from core.domain.dates import day
from core.domain.paper import KEEPS_PAPERS
from core.store import papers_unsigned, waiting
from core.store.papers_unsigned import Unsigned
from core.store.scope import Scope
from core.store.waiting import Referral
from core.web.access import ADMINISTERS_PANEL
from core.web.meeting_titles import body_title, procedure_of
from core.web.needs import Need, for_whom, listed
from core.web.papers_due import papers_why
from core.web.referral_needs import submitted
from core.web.rules_here import calendar_here

NAMED = 3
NOT_BOOKED = "Its case is on no agenda to come"


def needs(scope: Scope) -> Iterator[Need]:
    """For who answers for papers, and for who administers the next meetings: seven queries."""
    if KEEPS_PAPERS & scope.roles:
        yield from _to_sign(scope)
    if scope.has(*ADMINISTERS_PANEL):
        yield from _to_chase(scope)


def _to_sign(scope: Scope) -> Iterator[Need]:
    """The papers for which the asker answers, or a colleague whom they cover."""
    for paper in papers_unsigned.answered_for(scope):
        own = paper.answers_id == scope.account_id
        heard = f"Its case is heard on {day(paper.held_on)}" if paper.held_on else NOT_BOOKED
        yield Need(
            paper.held_on,
            f"Sign {paper.title}, or say that it is signed",
            f"{for_whom('' if own else paper.answers)}Nobody has signed it. {heard}",
            (),
            url_for("papers.page", public_id=paper.public_id),
            "Open the paper",
        )


def _to_chase(scope: Scope) -> Iterator[Need]:
    """For each of the next meetings: when its papers are due, and what is not in or not signed."""
    drafts = waiting.referrals(scope, *EDITABLE)
    coming = waiting.next_meetings(scope)
    unsigned = papers_unsigned.of_meetings(scope, {meeting.id for meeting in coming})
    for position, meeting in enumerate(coming):
        missing = [r for r in drafts if r.meeting_public_id == meeting.public_id]
        not_in = len(missing)
        to_sign = [p for p in unsigned if p.held_on == meeting.held_on]
        came = [r for r in submitted(scope) if r.meeting_public_id == meeting.public_id]
        late = sum(r.late for r in came)
        procedure, calendar = procedure_of(meeting), calendar_here((meeting.held_on,))
        papers = papers_due(procedure, meeting.held_on, calendar) if procedure else None
        due = papers.due if papers else None
        waits = bool(missing or came or to_sign)
        if (position or due is None or due < scope.on) and not waits:
            continue
        parts = [f"{len(came)} with the chair", f"{not_in} not in yet"]
        if late:
            parts.append(f"{late} came late")
        why = f"{papers_why(papers.rule, meeting.held_on)}. " if papers else ""
        yield Need(
            due or meeting.held_on,
            f"{'Papers' if papers else 'Referrals'} for the {body_title(meeting)} "
            f"on {day(meeting.held_on)}",
            f"{why}Referrals: {', '.join(parts)}{_chase(missing, to_sign)}",
            papers.rule.clauses if papers else (),
            url_for("meetings.page", public_id=meeting.public_id, _anchor="item-cases"),
            "Open the meeting",
        )


def _chase(missing: list[Referral], to_sign: list[Unsigned]) -> str:
    """Which referrals and signatures to chase, and from whom; "" for none."""
    for referral in missing[:NAMED]:
        listed(referral.children)
    said = _few(
        f"{', '.join(child.name for child in one.children) or 'a child'} from "
        f"{one.referrer or 'nobody named'}"
        for one in missing
    )
    found = f". To chase: {said}" if said else ""
    said = _few(f"{one.title} by {one.answers or 'nobody named'}" for one in to_sign)
    return found + (f". To be signed: {said}" if said else "")


def _few(lines: Iterable[str]) -> str:
    found = list(lines)
    more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
    return "; ".join((*found[:NAMED], *more))

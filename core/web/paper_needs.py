"""Papers to sign, and to chase for the next meetings: of whom, and from whom they come."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.booked import papers_due
from core.domain.dates import day
from core.domain.paper import KEEPS_PAPERS
from core.store import papers_unsigned
from core.store.paging import Some
from core.store.papers_unsigned import ForMeeting as ToSign
from core.store.papers_unsigned import Unsigned
from core.store.referrals_waiting import ForMeeting as Referrals
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.web.meeting_titles import body_title, procedure_of
from core.web.needs import More, Need, for_whom, listed, more
from core.web.papers_due import papers_why
from core.web.referral_needs import coming, waits
from core.web.rules_here import calendar_here

NOT_BOOKED = "Its case is on no agenda to come"


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who answers for papers, and for who administers the next meetings: four queries."""
    meetings = coming(scope)
    if not meetings and not KEEPS_PAPERS & scope.roles:
        return
    unsigned = papers_unsigned.waiting(scope, {meeting.id for meeting in meetings})
    if KEEPS_PAPERS & scope.roles:
        yield from _to_sign(scope, unsigned.own)
    for position, meeting in enumerate(meetings):
        to_sign = unsigned.of_meetings.get(meeting.id, ToSign())
        referrals = waits(scope).of_meetings[meeting.id]
        yield from _to_chase(scope, meeting, referrals, to_sign, first=not position)


def _to_sign(scope: Scope, papers: Some[Unsigned]) -> Iterator[Need | More]:
    """The papers for which the asker answers, or a colleague whom they cover."""
    for paper in papers:
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
    words = ("paper is to be signed", "papers are to be signed")
    yield from more(papers, *words, url_for("children.register"), "Open the children")


def _to_chase(
    scope: Scope, meeting: OwnMeeting, referrals: Referrals, to_sign: ToSign, *, first: bool
) -> Iterator[Need]:
    """When the papers of a meeting are due, and what is not in or not signed.

    Of the first meeting to come also where there is nothing to chase yet.
    """
    procedure, calendar = procedure_of(meeting), calendar_here((meeting.held_on,))
    papers = papers_due(procedure, meeting.held_on, calendar) if procedure else None
    due = papers.due if papers else None
    in_hand = referrals.came or referrals.not_in or to_sign.count
    if (not first or due is None or due < scope.on) and not in_hand:
        return
    parts = [f"{referrals.came} with the chair", f"{referrals.not_in} not in yet"]
    if referrals.late:
        parts.append(f"{referrals.late} came late")
    why = f"{papers_why(papers.rule, meeting.held_on)}. " if papers else ""
    yield Need(
        due or meeting.held_on,
        f"{'Papers' if papers else 'Referrals'} for the {body_title(meeting)} "
        f"on {day(meeting.held_on)}",
        f"{why}Referrals: {', '.join(parts)}{_chase(referrals, to_sign)}",
        papers.rule.clauses if papers else (),
        url_for("meetings.page", public_id=meeting.public_id, _anchor="item-cases"),
        "Open the meeting",
    )


def _chase(referrals: Referrals, to_sign: ToSign) -> str:
    """Which referrals and signatures to chase, and from whom; "" for none."""
    for referral in referrals.missing:
        listed(referral.children)
    lines = [
        f"{', '.join(child.name for child in one.children) or 'a child'} from "
        f"{one.referrer or 'nobody named'}"
        for one in referrals.missing
    ]
    said = _few(lines, referrals.not_in)
    found = f". To chase: {said}" if said else ""
    lines = [f"{one.title} by {one.answers or 'nobody named'}" for one in to_sign.papers]
    said = _few(lines, to_sign.count)
    return found + (f". To be signed: {said}" if said else "")


def _few(first: list[str], count: int) -> str:
    """The first of so many, and how many more there are."""
    more = [f"{count - len(first)} more"] if count > len(first) else []
    return "; ".join((*first, *more))

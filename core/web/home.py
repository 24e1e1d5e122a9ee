"""What needs me: the first page, soonest first, each line with its reason and one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, url_for

from core.domain.booked import papers_due, papers_rule
from core.domain.case import EDITABLE, CaseState
from core.domain.dates import day, london_day
from core.domain.meeting import MeetingState
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.timetable import Deadline
from core.store import case_lists, invitees, reasons, unmatched, waiting
from core.store.scope import Scope
from core.store.waiting import OwnMeeting, Referral
from core.usecases.standing import chairs_body, standing
from core.web import asker, case_needs, pages, post_needs
from core.web.access import ACCESS, ADMINISTERS_PANEL, CHAIRS, REFERS
from core.web.clock import in_london
from core.web.needs import Need
from core.web.rules_here import calendar_here, rules_here

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Sits:
    """A meeting to come in which the person sits, with its body's name."""

    meeting: OwnMeeting
    body: str


@blueprint.get("/")
def page() -> Response:
    scope = asker.scope()
    needs = sorted(_needs(scope), key=lambda need: (need.by or date.max, need.what))
    sits = [Sits(m, _body(m)) for m in waiting.own_meetings(scope)]
    return pages.page("home/page.html", needs=needs, sits=sits, on_day=scope.on)


def _needs(scope: Scope) -> Iterator[Need]:
    if ACCESS["cases.form"].allows(scope.roles) and scope.has(*REFERS):
        yield from _my_referrals(scope)
    chairing = _chaired(scope) if scope.has(*CHAIRS) else frozenset()
    administers = scope.has(*ADMINISTERS_PANEL)
    submitted: list[Referral] = []
    if chairing or administers:
        submitted = waiting.referrals(scope, CaseState.SUBMITTED)
    yield from _to_accept(r for r in submitted if _of(r) in chairing)
    if administers:
        yield from _left_behind(r for r in submitted if _of(r) not in chairing)
        yield from _papers(scope, submitted)
    if ACCESS["imports.apply"].allows(scope.roles):
        yield from _imports(scope)
    if chairing or administers:
        yield from _meetings_to_close(
            m for m in waiting.to_close(scope) if administers or _of(m) in chairing
        )
    if ACCESS["matching.people"].allows(scope.roles):
        yield from _to_match(scope)
    yield from post_needs.needs(scope)
    yield from case_needs.needs(scope)
    yield from _on_hold(scope)
    yield from _opened(scope)
    yield from _invited(scope)
    yield from _my_actions(scope)


def _my_referrals(scope: Scope) -> Iterator[Need]:
    held = waiting.held_already(scope)
    for case in case_lists.mine(scope):
        _looked(child.public_id for child in case.children)
        mend = case.state is CaseState.RETURNED
        procedure = rules_here().in_force(case.procedure_code, case.meeting_on or scope.on)
        rule = papers_rule(procedure) if procedure else None
        why = _papers_why(rule, case.meeting_on)
        if gone := held.get(case.id):
            became = "is cancelled" if gone.state == MeetingState.CANCELLED else "has been held"
            why = f"The {_body(gone)} of {day(gone.held_on)} {became}: choose another"
        yield Need(
            case.due,
            f"{'Mend' if mend else 'Finish'} the referral of {case.names or 'a child'}",
            _for("" if case.referrer_id == scope.account_id else case.referrer)
            + ("The chair sent it back. " if mend else "")
            + why,
            rule.clauses if rule else (),
            url_for("cases.page" if mend else "cases.form", public_id=case.public_id),
            "Mend it" if mend else "Go on with it",
        )


def _for(away: str) -> str:
    """Said first of what waits for a colleague for whom the asker stands in."""
    return f"For {away}, who is away. " if away else ""


def _papers_why(rule: Deadline | None, meeting_on: date | None) -> str:
    if rule is None:
        return ""
    if meeting_on is None:
        return f"{rule.title}: {rule.missing or 'no date is chosen'}"
    return f"{rule.period} {rule.direction} {rule.anchor_words} on {day(meeting_on)}"


def _to_accept(submitted: Iterable[Referral]) -> Iterator[Need]:
    for referral in submitted:
        _looked(child.public_id for child in referral.children)
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


def _left_behind(submitted: Iterable[Referral]) -> Iterator[Need]:
    """For who administers: what waits for the chair though its meeting is over or cancelled."""
    for referral in submitted:
        if not referral.over:
            continue
        _looked(child.public_id for child in referral.children)
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


def _papers(scope: Scope, submitted: list[Referral]) -> Iterator[Need]:
    """For each of the next meetings: when its papers are due, and which referrals are not in."""
    drafts = waiting.referrals(scope, *EDITABLE)
    for position, meeting in enumerate(waiting.next_meetings(scope)):
        not_in = sum(r.meeting_public_id == meeting.public_id for r in drafts)
        came = [r for r in submitted if r.meeting_public_id == meeting.public_id]
        late = sum(r.late for r in came)
        procedure, calendar = _procedure(meeting), calendar_here((meeting.held_on,))
        papers = papers_due(procedure, meeting.held_on, calendar) if procedure else None
        due = papers.due if papers else None
        if (position or due is None) and not not_in and not came:
            continue
        if due is not None and due < scope.on and not not_in and not came:
            continue
        parts = [f"{len(came)} with the chair", f"{not_in} not in yet"]
        if late:
            parts.append(f"{late} came late")
        why = f"{_papers_why(papers.rule, meeting.held_on)}. " if papers else ""
        yield Need(
            due or meeting.held_on,
            f"{'Papers' if papers else 'Referrals'} for the {_body(meeting)} "
            f"on {day(meeting.held_on)}",
            f"{why}Referrals: {', '.join(parts)}",
            papers.rule.clauses if papers else (),
            url_for("meetings.page", public_id=meeting.public_id, _anchor="item-cases"),
            "Open the meeting",
        )


def _imports(scope: Scope) -> Iterator[Need]:
    for run in waiting.ready_imports(scope):
        year = f" for {run.year}" if run.year else ""
        on = london_day(run.asked_at)
        yield Need(
            on,
            f"Apply or discard the import{year}",
            f"It was read on {day(on)} and waits: nothing of it is in the record",
            (),
            url_for("imports.page", public_id=run.public_id),
            "Look at it",
        )


def _to_match(scope: Scope) -> Iterator[Need]:
    """For who administers: people whom imported files name and nobody has matched."""
    if count := unmatched.how_many(scope):
        yield Need(
            None,
            f"Match {count} {'person' if count == 1 else 'people'} whom imported files name",
            "Until then the children for whom they are named are allocated to nobody",
            (),
            url_for("matching.people"),
            "Match",
        )


def _meetings_to_close(unclosed: Iterable[OwnMeeting]) -> Iterator[Need]:
    for meeting in unclosed:
        is_open = meeting.state == "open"
        yield Need(
            meeting.held_on,
            f"Close the {_body(meeting)} of {day(meeting.held_on)}",
            "It is open" if is_open else "Its day has gone by, and nobody was marked present",
            (),
            url_for("meetings.page", public_id=meeting.public_id),
            "Open the meeting",
        )


def _on_hold(scope: Scope) -> Iterator[Need]:
    """Meetings on hold, for who decides whether they go ahead and for who asks for that."""
    bodies = [(e.procedure.code, b) for e in asker.registry() for b in e.procedure.bodies]
    if not any(_gives(scope, *one) or _asks(scope, *one) for one in bodies):
        return
    for meeting in waiting.chair_away(scope):
        now = standing(scope, asker.registry(), meeting.id)
        rule = now.body.chairing
        if rule is None or not now.on_hold:
            continue
        office = next((o.title for o in now.procedure.offices if o.code == rule.leave_from), "")
        to_do = []
        if _gives(scope, meeting.procedure_code, now.body):
            to_do.append("Decide whether it goes ahead, and tell who runs the meeting")
        if _asks(scope, meeting.procedure_code, now.body):
            to_do.append(f"Ask the {office} whether it goes ahead, and tell who runs the meeting")
        if to_do:
            yield Need(
                meeting.held_on,
                f"The {_body(meeting)} of {day(meeting.held_on)} is on hold",
                f"{rule.leave_words}. {'. '.join(to_do)}.",
                rule.clauses,
                url_for("meetings.page", public_id=meeting.public_id, _anchor="leave"),
                "Open the meeting",
            )


def _gives(scope: Scope, procedure: str, body: Body) -> bool:
    """Whether the asker holds the office that decides if a body meets with no usual chair."""
    rule = body.chairing
    return rule is not None and scope.holds(procedure, "", rule.leave_from)


def _asks(scope: Scope, procedure: str, body: Body) -> bool:
    """Whether the asker holds the post (or the office) that asks for that decision."""
    rule = body.chairing
    return rule is not None and (
        scope.holds(procedure, body.code, rule.leave_asked_by)
        or scope.holds(procedure, "", rule.leave_asked_by)
    )


def _opened(scope: Scope) -> Iterator[Need]:
    """For a manager: who opened a child of their team for a stated reason."""
    if not ACCESS["reasons.told"].allows(scope.roles):
        return
    for row in reasons.told(scope):
        _looked(iter([row.child_public_id]))
        yield Need(
            london_day(row.since),
            f"{row.by or 'Somebody'} opened the record of {row.child_name}",
            f"At {in_london(row.since):%H:%M} on {day(london_day(row.since))}, for this "
            f"reason: {row.reason}",
            (),
            url_for("reasons.told", public_id=row.public_id),
            "Read it, and say so",
            due=False,
        )


def _invited(scope: Scope) -> Iterator[Need]:
    """For somebody invited to a case: which, and when it is heard."""
    if not ACCESS["items.page"].allows(scope.roles):
        return
    for one in invitees.own(scope):
        _looked(child.public_id for child in one.children)
        names = ", ".join(child.name for child in one.children) or "a child"
        what = f"You are invited to the case of {names} on {day(one.held_on)}"
        yield Need(
            one.held_on,
            f"{what}: it is withdrawn" if one.withdrawn else f"{what} at {one.starts_at:%H:%M}",
            one.withdrawn
            or f"{f'At {one.place}. ' if one.place else ''}You see the case and its papers until "
            "the minutes are ratified",
            (),
            url_for("items.page", public_id=one.item),
            "Open the case",
            due=one.held_on >= scope.on and not one.withdrawn,
        )


def _my_actions(scope: Scope) -> Iterator[Need]:
    for action in waiting.own_actions(scope):
        _looked(child.public_id for child in action.children)
        names = ", ".join(child.name for child in action.children)
        yield Need(
            action.due,
            f"{action.what}{f': {names}' if names else ''}",
            _for(action.away) + (action.due_why or ("" if action.away else "An action of yours")),
            (),
            url_for("actions.page", public_id=action.public_id),
            "Say how far it is",
        )


def _chaired(scope: Scope) -> frozenset[tuple[str, str]]:
    """The bodies that the asker chairs, each by its procedure's code and its own."""
    here = rules_here()
    editions = (here.with_figures(entry.procedure, scope.on) for entry in here.registry)
    return frozenset(
        (edition.code, body.code)
        for edition in editions
        for body in edition.bodies
        if chairs_body(scope, edition.code, body)
    )


def _of(thing: Referral | OwnMeeting) -> tuple[str, str]:
    """The body of a referral or of a meeting, as ``_chaired`` names it."""
    return thing.procedure_code, thing.body_code


def _procedure(meeting: OwnMeeting) -> Procedure | None:
    kept = (meeting.procedure_code, meeting.procedure_edition)
    return rules_here().kept(*kept, meeting.held_on)


def _body(meeting: OwnMeeting) -> str:
    procedure = _procedure(meeting)
    body = procedure.body(meeting.body_code) if procedure else None
    return body.title if body and body.title else "meeting"


def _looked(child_ids: Iterator[str]) -> None:
    pages.listed("what needs me", child_ids)

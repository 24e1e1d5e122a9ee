"""What the pages of a case show: gathered once, for the whole page and for its answers to htmx."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict

from core.domain.booked import RECEIVED
from core.domain.case import BEFORE_THE_AGENDA, WITH_THE_CHAIR, CaseState
from core.domain.dates import day
from core.domain.due import Due
from core.domain.finding import Finding
from core.domain.meeting import MeetingState
from core.domain.merge import Clash
from core.domain.notice_days import notice_day
from core.domain.paper import Of
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import Form, Place
from core.domain.reckoning import due_from
from core.store import answers, case_history, cases, deadlines, outbox_read, papers
from core.store.cases import CaseChildRow, CaseRow, MeetingChoice
from core.usecases import who_sits
from core.usecases.case_step import STATE_WORDS, rules_of
from core.usecases.referral import CHILDREN, MEETING, Typed
from core.usecases.standing import chairs_body
from core.web import asker, hand_offs, hearing_shown, notices_shown, pages, paper_words
from core.web.access import CHAIRS, REFERS
from core.web.case_words import TAG_COLOURS, chair_did, told
from core.web.form_fields import Reading
from core.web.form_shown import Shown
from core.web.rules_here import calendar_here

PAPERS_SHOWN = 5
BOOKING = "booking-notice"


@dataclass(frozen=True, slots=True)
class Open:
    """A case that the asker sees, with the rules under which it was opened."""

    case: CaseRow
    procedure: Procedure
    body: Body
    form: Form


def seen(public_id: str) -> Open:
    """The case of an address; 404 where the asker does not see it, or it has pages of its own."""
    return opened(case_seen(public_id))


def case_seen(public_id: str) -> CaseRow:
    case = cases.case_by_public_id(asker.scope(), public_id)
    return case if case is not None else abort(404)


def opened(case: CaseRow) -> Open:
    """A case with its rules; that of a planning meeting is not brought to a panel."""
    if case.of_one_child:
        abort(404)
    return Open(case, *rules_of(asker.scope(), asker.registry(), case))


def refers() -> bool:
    return asker.scope().has(*REFERS)


def to_change(public_id: str) -> Open:
    """The case of an address, for whoever works with it; 404 for anybody else who sees it."""
    opened = seen(public_id)
    if not cases.may_change(asker.scope(), opened.case.id):
        abort(404)
    return opened


def kept_out(opened: Open) -> tuple[Finding, ...]:
    """Who may not sit at the meeting that a case asks for, once it is on the agenda there."""
    case = opened.case
    return who_sits.on_booking(asker.scope(), asker.registry(), case.meeting_id, case.id)


def chairs(opened: Open) -> bool:
    """Whether the asker holds a post that chairs this case's body, and may use it on pages."""
    scope = asker.scope()
    return scope.has(*CHAIRS) and chairs_body(scope, opened.case.procedure_code, opened.body)


def _due(opened: Open, on: date | None) -> Due | None:
    """When the papers for a meeting are due, whether or not it is asked for."""
    rule = opened.procedure.deadline(RECEIVED)
    return due_from(rule, on, calendar_here((on,))) if rule else None


def meeting_words(opened: Open, choice: MeetingChoice) -> str:
    """A meeting in a list to choose from, with the day by which referrals to it are due."""
    due = _due(opened, choice.held_on)
    words = f"{day(choice.held_on)} at {choice.starts_at:%H:%M}"
    return f"{words} – referrals due by {day(due.due)}" if due and due.due else words


def meeting_items(opened: Open, *, other: bool = False) -> list[dict[str, str]]:
    """The meetings to choose from; the one asked for stays in the list when it is past.

    With ``other`` the one asked for is left out.
    """
    case = opened.case
    gone = case.meeting_state == MeetingState.CANCELLED
    choices = cases.meetings_to_choose(asker.scope(), case.procedure_code, case.body_code)
    items = [
        {"value": choice.public_id, "text": meeting_words(opened, choice)}
        for choice in choices
        if not other or choice.public_id != case.meeting_public_id
    ]
    known = {item["value"] for item in items}
    if not other and case.meeting_public_id and case.meeting_public_id not in known:
        over = "cancelled" if gone else "over"
        past = f"{day(case.meeting_on)} – {over}" if case.meeting_on else over
        items.insert(0, {"value": case.meeting_public_id, "text": past})
    return items


def booked_dates(opened: Open, on: date) -> str:
    """By when papers are due for a meeting, and the day of the booking notice, in words; or ""."""
    calendar = calendar_here((on,))
    due = _due(opened, on)
    rule = opened.procedure.notice(BOOKING)
    told = notice_day(opened.procedure, rule, on, calendar) if rule else None
    said = [f"papers are due by {day(due.due)}"] if due and due.due else []
    if told is not None:
        late = ", which has gone by: it goes at once" if told.on < asker.scope().on else ""
        said.append(f"the booking notice goes on {day(told.on)}{late}")
    return f": {' and '.join(said)}" if said else ""


def deadlines_shown(opened: Open) -> list[deadlines.Shown]:
    """The deadlines of a case today; before a meeting is chosen, what is missing."""
    scope = asker.scope()
    stored = deadlines.of_case(scope, asker.registry(), opened.case.id)
    if stored:
        return deadlines.on_page(scope, stored)
    unknown = _due(opened, None)
    return [deadlines.shown(unknown, scope.on, calendar_here(()))] if unknown else []


def standing(opened: Open, given: dict[Place, str]) -> list[Finding]:
    """What the chair should know: late, and what is not answered, with the clauses."""
    scope = asker.scope()
    found: list[Finding] = []
    if opened.case.submitted_at is None or opened.case.editable:
        return list(opened.form.incomplete(given))
    waits = opened.case.state is CaseState.SUBMITTED
    for fact in deadlines.of_case(scope, asker.registry(), opened.case.id):
        if fact.due and fact.met_on and fact.met_on > fact.due:
            found.append(
                Finding(
                    f"Late: received on {day(fact.met_on)}, due by {day(fact.due)}"
                    + (". The chair may defer it" if waits else ""),
                    fact.code,
                    fact.clauses,
                )
            )
    lacking = opened.form.incomplete(given)
    if lacking:
        rule = opened.procedure.deadline(RECEIVED)
        found.append(
            Finding(
                "Incomplete: the chair may defer it or send it back"
                if waits
                else "Incomplete: not every question was answered",
                opened.form.code,
                rule.clauses if rule else opened.form.clauses,
            )
        )
    return [*found, *lacking]


def note_looks(children: Iterable[CaseChildRow], case: CaseRow) -> None:
    """Note for the audit that a page shows these children."""
    for child in children:
        pages.looked_at("child", child.public_id, case=case.public_id)


def given(opened: Open) -> dict[Place, str]:
    """The answers of a case's form, as they are stored."""
    stored = answers.load(asker.scope(), opened.case.id)
    return {place: answer.value for place, answer in stored.items()}


def changed_since(opened: Open, row: str, reading: Reading) -> bool:
    """Whether somebody else has changed a row since the page showed it."""
    stored = answers.load(asker.scope(), opened.case.id)
    return any(
        answer.version != reading.seen.get(place, 0)
        for place, answer in stored.items()
        if place.row == row and answer.value
    )


def typed(posted: MultiDict[str, str], reading: Reading) -> Typed:
    """The command that a post of the form makes; the meeting and the children where it asked."""
    return Typed(
        answers=reading.answers,
        seen=reading.seen,
        meeting=_meeting(posted),
        children=(
            frozenset(filter(None, posted[f"{CHILDREN}-seen"].split(","))),
            frozenset(posted.getlist(CHILDREN)),
        )
        if f"{CHILDREN}-seen" in posted
        else None,
    )


def _meeting(posted: MultiDict[str, str]) -> tuple[str, str] | None:
    if f"{MEETING}-seen" not in posted or posted.get(f"{MEETING}-keep") == "theirs":
        return None
    mine = posted.get(f"{MEETING}-keep") == "mine"
    return posted.get(f"{MEETING}-{'clash' if mine else 'seen'}", ""), posted.get(MEETING, "")


def form_context(
    opened: Open,
    *,
    reading: Reading | None = None,
    clashes: Iterable[Clash] = (),
    findings: Iterable[Finding] = (),
    posted: MultiDict[str, str] | None = None,
    unsaved: bool = False,
    new_row: str = "",
) -> dict[str, Any]:
    """Everything that the form's page shows; of a post, what could not be saved as it was typed."""
    scope, case = asker.scope(), opened.case
    clash = {c.field: c for c in clashes}
    shown = Shown(
        opened.form,
        opened.procedure,
        answers.load(scope, case.id),
        reading or Reading(),
        clash,
        unsaved,
    )
    children = cases.children_of(scope, case.id)
    wrong = {finding.field for finding in findings}
    items = meeting_items(opened)
    meeting_typed = posted is not None and (unsaved or MEETING in wrong or MEETING in clash)
    labels = {item["value"]: item["text"] for item in items}
    stored_meeting = case.meeting_public_id or ""
    ticked = [child.public_id for child in children]
    return {
        "opened": opened,
        "case": case,
        "sections": list(shown.sections(new_row, secrets.token_hex(2))),
        "shown": shown,
        "children": children,
        "siblings": cases.siblings_to_refer(scope, children),
        "ticked": posted.getlist(CHILDREN) if posted is not None and CHILDREN in wrong else ticked,
        "children_seen": ",".join(ticked),
        "meetings": items,
        "meeting": posted.get(MEETING, "")
        if posted is not None and meeting_typed
        else stored_meeting,
        "meeting_seen": posted.get(f"{MEETING}-seen", "")
        if posted is not None and meeting_typed
        else stored_meeting,
        "meeting_clash": clash.get(MEETING),
        "meeting_labels": labels,
        "deadlines": deadlines_shown(opened),
        "principles": opened.procedure.statement("principles"),
    }


def page_context(opened: Open) -> dict[str, Any]:
    """Everything that the case's page shows."""
    scope, case = asker.scope(), opened.case
    stored = answers.load(scope, case.id)
    given = {place: answer.value for place, answer in stored.items()}
    children = cases.children_of(scope, case.id)
    note_looks(children, case)
    changes = case_history.changes(scope, case.public_id)
    chair = chairs(opened) and case.state in WITH_THE_CHAIR
    mine = refers() and case.referrer_id == scope.account_id
    return {
        "opened": opened,
        "case": case,
        "children": children,
        "others": len(cases.child_ids(scope, case.id)) - len(children),
        "state_words": STATE_WORDS[case.state],
        "state_colour": TAG_COLOURS[case.state],
        "deadlines": deadlines_shown(opened),
        "standing": standing(opened, given),
        "sections": list(Shown(opened.form, opened.procedure, stored).sections()),
        "history": told(changes, opened.form),
        "chair_did": chair_did(changes),
        "told": outbox_read.told_of_case(scope, case.id),
        "decisions": case_history.decisions(scope, case.id),
        "bookings": case_history.bookings(scope, case.id),
        "notices": notices_shown.of_case(scope, opened.procedure, opened.body, case.id),
        "papers": papers.listed(scope, Of.CASE, case.id, size=PAPERS_SHOWN),
        "said": paper_words,
        "principles": opened.procedure.statement("principles"),
        "may_edit": refers() and case.editable and cases.may_change(scope, case.id),
        "may_withdraw": mine and case.state in BEFORE_THE_AGENDA,
        "may_ask": mine and case.state is CaseState.BOOKED and case.withdrawal_asked_at is None,
        "may_keep": chairs(opened) and case.withdrawal_asked_at is not None,
        "can_hand_on": hand_offs.may_hand_on_case(case.id),
        "may_start_again": refers()
        and case.state is CaseState.WITHDRAWN
        and cases.may_change(scope, case.id),
        **hearing_shown.of_case(scope, opened),
        "may_chair": chair,
        "kept_out": kept_out(opened) if chair else (),
        "other_meetings": meeting_items(opened, other=True) if chair else [],
    }
